import { hash } from 'node:crypto';
import type { Queries } from '../../db/database.ts';
import { findMerchantRules } from '../../db/queries/allowance-queries.ts';
import type { CardRow } from '../../db/queries/card-queries.ts';
import { listJoinedCustomers } from '../../db/queries/customer-queries.ts';
import {
  countDrawn,
  findDrawnCount,
  findDrawOfDay,
  findFirstSale,
  listRecentSales,
} from '../../db/queries/draw-queries.ts';
import type { DrawRow } from '../../db/queries/draw-queries.ts';
import { findLastGesture } from '../../db/queries/gesture-queries.ts';
import { listOpenSeasons } from '../../db/queries/season-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import type { DrawKind } from '../../db/schema.ts';
import { decideEligibility, freezeCovariates, LONG_DAYS } from '../evidence/covariates.ts';
import type { Covariates } from '../evidence/covariates.ts';
import { computeDraw } from '../evidence/draw.ts';
import type { TillActor } from './actor.ts';
import { appendDraw } from './append-draw.ts';
import type { Sealer } from './seal.ts';
import { openSeasonKey, seasonHmac } from './season-key.ts';
import { visitMinutesOf } from './visit-minutes-of.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A day more than the longest covariate looks back, so that a visit on its edge is whole. */
const LOOK_BACK_DAYS = LONG_DAYS + 1;

/** Who is drawn for, where and when. */
export interface DrawSituation {
  actor: TillActor;
  card: CardRow;
  now: Date;
  businessDay: string;
}

/** A draw that was made today, or one that is to be made; null when there is none to make. */
export type DrawPlan =
  { made: DrawRow; season: SeasonRow | null } | { season: SeasonRow; covariates: Covariates } | null;

/**
 * Looks whether this scan or tap draws, writing nothing: whether a season of one of `kinds` is on here, whether the
 * customer was drawn today, and whether the visit is eligible by what was known before it.
 */
export async function planDraw(
  queries: Queries,
  { actor, card, now, businessDay }: DrawSituation,
  kinds: readonly DrawKind[],
): Promise<DrawPlan> {
  const { merchantId, place } = actor;
  const { customerId } = card;
  const open = await listOpenSeasons(queries, { merchantId });
  if (open.length === 0) return null;
  const made = await findTodaysDraw(queries, { merchantId, customerId, businessDay });
  if (made) return { made, season: open.find(({ seasonId }) => seasonId === made.seasonId) ?? null };
  const season = chooseSeason(open, { locationId: place.locationId, customerId, businessDay });
  if (!season || !kinds.includes(season.kind) || card.blockedAt) return null;
  const covariates = await findEligible(queries, { actor, card, now, businessDay }, season);
  return covariates && { season, covariates };
}

/** The customer's draw of a day, also one made before two of their cards were joined. */
async function findTodaysDraw(
  queries: Queries,
  { merchantId, customerId, businessDay }: { merchantId: string; customerId: string; businessDay: string },
): Promise<DrawRow | undefined> {
  const [made] = await findDrawOfDay(queries, { merchantId, customerId, businessDay });
  if (made) return made;
  for (const joined of await listJoinedCustomers(queries, { merchantId, customerId })) {
    const [earlier] = await findDrawOfDay(queries, { merchantId, ...joined, businessDay });
    if (earlier) return earlier;
  }
  return undefined;
}

/**
 * Makes the draw that was planned in the same transaction, and writes it down whichever way it falls. null when the
 * secrets that sealed the season's key are lost: nothing can be drawn then, and no till is kept from its work by it.
 */
export async function makeDraw(
  tx: Queries,
  { actor, card, now, businessDay }: DrawSituation,
  { season, covariates }: { season: SeasonRow; covariates: Covariates },
  { drawId, sealer }: { drawId: string; sealer: Sealer },
): Promise<DrawRow | null> {
  const key = openSeasonKey(sealer, season);
  if (key === null) return null;
  const { merchantId, staffId, place } = actor;
  const { locationId, deviceId } = place;
  const { seasonId, chanceMillionths, dailyCap } = season;
  const unit = { locationId, customerId: card.customerId, businessDay };
  const draw = computeDraw({ ...unit, chanceMillionths }, seasonHmac(key));
  if (draw.isDrawn) {
    const counted = await countDrawn(tx, {
      merchantId,
      seasonId,
      locationId,
      businessDay,
      drawnCount: 1,
      dailyCap,
    });
    if (counted.length === 0) throw new Error(`Season ${seasonId} was about to pass its daily cap`);
  }
  return appendDraw(tx, {
    merchantId,
    drawId,
    seasonId,
    ...unit,
    cardId: card.cardId,
    staffId,
    deviceId,
    drawnAt: now,
    chanceMillionths,
    ...draw,
    covariates,
  });
}

/**
 * The season a customer's day belongs to. When several kinds are on, a hash that nobody chooses deals the days out
 * among them, so that each has customers of its own and none only those whom another left.
 */
export function chooseSeason<Season extends Pick<SeasonRow, 'kind' | 'locationId'>>(
  open: readonly Season[],
  { locationId, customerId, businessDay }: { locationId: string; customerId: string; businessDay: string },
): Season | undefined {
  const here = open
    .filter((season) => season.locationId === null || season.locationId === locationId)
    .toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
  if (here.length < 2) return here[0];
  const dealt = Number.parseInt(hash('sha256', `${customerId}|${businessDay}`).slice(0, 8), 16);
  return here[dealt % here.length];
}

/** The covariates of an eligible visit, frozen now; null when it is not eligible. */
async function findEligible(
  queries: Queries,
  { actor: { merchantId, place }, card, now, businessDay }: DrawSituation,
  season: SeasonRow,
): Promise<Covariates | null> {
  const { customerId } = card;
  const since = new Date(now.getTime() - LOOK_BACK_DAYS * DAY_MS);
  const recent = await listRecentSales(queries, { merchantId, customerId, since });
  const [rules] = await findMerchantRules(queries, { merchantId });
  if (!rules) throw new Error(`There is no merchant ${merchantId}`);
  const visitMinutes = visitMinutesOf(season);
  // Who bought something today was here before: this is not the first scan of the day. But what a bonus is tapped for
  // was rung up at the same visit: a double stamp comes after its sale.
  const visitStartMs = now.getTime() - visitMinutes * MINUTE_MS;
  const wasHereToday = recent.some(
    (sale) =>
      sale.businessDay === businessDay &&
      (season.kind !== 'bonus' || sale.occurredAt.getTime() < visitStartMs),
  );
  if (wasHereToday) return null;
  const [first] = await findFirstSale(queries, { merchantId, customerId });
  const [last] = await findLastGesture(queries, { merchantId, customerId });
  const [used] = await findDrawnCount(queries, {
    merchantId,
    seasonId: season.seasonId,
    locationId: place.locationId,
    businessDay,
  });
  const sales = recent.map(({ occurredAt, totalMinor, refundedMinor }) => ({
    occurredAt,
    netMinor: totalMinor - (refundedMinor ?? 0),
  }));
  const isOlder = first && first.occurredAt < (recent[0]?.occurredAt ?? now);
  const covariates = freezeCovariates({
    sales: isOlder ? [{ occurredAt: first.occurredAt, netMinor: 0 }, ...sales] : sales,
    scannedAt: now,
    visitMinutes,
    stamps: card.balance - card.heldStamps,
  });
  const ineligible = decideEligibility({
    covariates,
    hasEarlierVisit: covariates.tenureDays > 0,
    isStaff: card.customerStaffId !== null,
    lastGestureAt: last?.givenAt ?? null,
    coolDownDays: rules.coolDownDays,
    scannedAt: now,
    isSeasonOn: true,
    usedToday: used?.drawnCount ?? 0,
    dailyCap: season.dailyCap,
  });
  return ineligible ? null : covariates;
}
