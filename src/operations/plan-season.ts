import type { Database } from '../../db/database.ts';
import { sumGestureCosts } from '../../db/queries/history-queries.ts';
import { listMenuItems } from '../../db/queries/item-queries.ts';
import { findOpenLocation, listOpenLocations } from '../../db/queries/location-queries.ts';
import { findMerchant } from '../../db/queries/merchant-queries.ts';
import { listOpenSeasons } from '../../db/queries/season-queries.ts';
import type { DrawKind } from '../../db/schema.ts';
import type { Clock } from '../clock.ts';
import { forecastPace, forecastSeason } from '../evidence/forecast.ts';
import { computeBreakEven } from '../evidence/verdict.ts';
import type { GestureKind } from '../loyalty/gesture.ts';
import type { Actor } from './actor.ts';
import { listGestureCosts } from './gesture-costs.ts';
import { readShopHistory } from './read-history.ts';

const MILLION = 1_000_000;
const DAY_MS = 86_400_000;
const COSTS_DAYS = 180;
const MOST_ITEMS = 500;
const MOST_LOCATIONS = 500;
/** The chance of each kind: a lucky moment is twice as likely in a small shop, which would wait too long otherwise. */
const CHANCES: Record<DrawKind, number> = { lucky: 50_000, bonus: 500_000, suggestion: 100_000 };
const SMALL_SHOP_CHANCE = 100_000;
const SMALL_SHOP_CUSTOMERS = 300;
/** Gestures more per offer, before anything is known: a treat that is free to give is seldom let pass. */
const ACCEPTANCES: Record<DrawKind, number> = { lucky: 0.8, bonus: 0.9, suggestion: 0.3 };
/** The spread of 30-day spend of coffee cards, and a margin, when the shop's own are not known yet. */
const USUAL_VARIATION = 1;
const USUAL_MARGIN_MILLIONTHS = 700_000;
const SMALLEST_EFFECT = 0.1;
const LEAST_DAILY_CAP = 5;
/** Three times what is expected of a day: there so that a fault is not dear, not to be reached. */
const CAP_TIMES = 3;
/**
 * A draw knows no sale: what is rung up so soon after the scan is the visit's own, even in a shop that counts a gesture's
 * later sales from the first minute. Otherwise the coffee that a treat took the place of would count as one it lost.
 */
const OWN_SALE_MINUTES = 10;
/** What a column holds; a sale this large is not cut. */
const MOST = 2_000_000_000;

export interface SeasonRequest {
  kind: DrawKind;
  /** The only location that draws; all when not given. */
  locationId?: string | undefined;
  /** Chosen for the shop when not given; so are the other three. */
  chanceMillionths?: number | undefined;
  dailyCap?: number | undefined;
  marginMillionths?: number | undefined;
  gestureKind?: GestureKind | undefined;
  smallestEffectMinor?: number | undefined;
}

export interface SeasonPreview {
  kind: DrawKind;
  locationId: string | null;
  gestureKind: GestureKind | null;
  chanceMillionths: number;
  dailyCap: number;
  marginMillionths: number;
  smallestEffectMinor: number | null;
  /** What one gesture is expected to cost, and the later spend that pays for it. */
  gestureCostMinor: number;
  breakEvenMinor: number;
  /** From the shop's own history; false when it is too short, and the usual figures of coffee cards stand in. */
  isFromHistory: boolean;
  activeCustomers: number;
  /** Other kinds that are on there: the days are dealt out among them, so that each draws less often. */
  sharedWith: DrawKind[];
  /** Draws, the treats offered by them and what those cost, in a week; null when it can't be foretold. */
  drawsPerWeek: number | null;
  treatsPerWeek: number | null;
  costPerWeekMinor: number | null;
  /** The most that a location can give away on a day. */
  mostCostPerDayMinor: number;
  /** Draws, treats and cost until an answer, and in how many weeks it may be there. */
  plannedDraws: number;
  plannedTreats: number;
  plannedCostMinor: number;
  weeks: number | null;
  /** Where a sale is cut for the estimate. */
  saleCapMinor: number;
  visitMinutes: number;
}

/** What a season would cost and how long its answer would take, from the shop's own history. Changes nothing. */
export const planSeason =
  (db: Database, clock: Clock) =>
  async (
    { merchantId }: Pick<Actor, 'merchantId'>,
    request: SeasonRequest,
  ): Promise<SeasonPreview | { refused: 'location-unknown' }> => {
    const asOf = clock.now();
    const { kind, locationId = null, gestureKind = null, smallestEffectMinor = null } = request;
    const location =
      locationId === null
        ? null
        : await db.read((queries) => findOpenLocation(queries, { merchantId, locationId }));
    if (locationId !== null && !location) return { refused: 'location-unknown' };
    const merchant = await db.read((queries) => findMerchant(queries, { merchantId }));
    const visitMinutes = Math.max(OWN_SALE_MINUTES, merchant.visitMinutes);
    const { figures, activeCustomers } = await readShopHistory(db)({
      merchantId,
      locationId,
      visitMinutes,
      coolDownDays: merchant.coolDownDays,
      asOf,
    });
    const prices = await readPrices(db, { merchantId, gestureKind, asOf });
    const chanceMillionths = request.chanceMillionths ?? usualChance(kind, activeCustomers);
    const chance = chanceMillionths / MILLION;
    const acceptance = ACCEPTANCES[kind];
    const marginMillionths = request.marginMillionths ?? prices.marginMillionths;
    const breakEvenMinor = computeBreakEven({ costMinor: prices.gestureCostMinor, marginMillionths });
    const mean = figures?.meanSpendMinor ?? 0;
    const smallest = smallestEffectMinor ?? Math.max(breakEvenMinor, SMALLEST_EFFECT * mean);
    const { sharedWith, share } = await findOthers(db, { merchantId, kind, locationId });
    // How often an allowance is spent and somebody still asks is written down nowhere.
    const drawsPerWeek =
      kind === 'bonus' || !figures ? 0 : forecastPace(figures, { share, chance, acceptance });
    const forecast = forecastSeason({
      residualVariation: figures?.residualVariation ?? USUAL_VARIATION,
      drawsPerWeek,
      acceptance,
      relativeEffect: mean > 0 ? smallest / mean : SMALLEST_EFFECT,
      chance,
      gestureCostMinor: prices.gestureCostMinor,
    });
    const treatsPerDay = (drawsPerWeek * chance) / 7;
    const dailyCap = request.dailyCap ?? Math.max(LEAST_DAILY_CAP, Math.ceil(CAP_TIMES * treatsPerDay));
    const isForetold = drawsPerWeek > 0;
    return {
      kind,
      locationId,
      gestureKind,
      chanceMillionths,
      dailyCap,
      marginMillionths,
      smallestEffectMinor,
      gestureCostMinor: prices.gestureCostMinor,
      breakEvenMinor: Math.round(breakEvenMinor),
      isFromHistory: figures !== null,
      activeCustomers,
      sharedWith,
      drawsPerWeek: isForetold ? Math.round(drawsPerWeek) : null,
      treatsPerWeek: isForetold ? Math.round(drawsPerWeek * chance) : null,
      costPerWeekMinor: isForetold
        ? Math.round(drawsPerWeek * chance * acceptance * prices.gestureCostMinor)
        : null,
      mostCostPerDayMinor: dailyCap * prices.mostCostMinor,
      plannedDraws: Math.min(MOST, forecast.plannedDraws),
      plannedTreats: forecast.treats,
      plannedCostMinor: forecast.costMinor,
      weeks: forecast.weeks,
      saleCapMinor: Math.min(MOST, figures?.saleCapMinor ?? MOST),
      visitMinutes,
    };
  };

function usualChance(kind: DrawKind, activeCustomers: number): number {
  return kind === 'lucky' && activeCustomers < SMALL_SHOP_CUSTOMERS ? SMALL_SHOP_CHANCE : CHANCES[kind];
}

/** The other kinds that draw where a season is to draw, and the share of the days they leave for it. */
async function findOthers(
  db: Database,
  { merchantId, kind, locationId }: { merchantId: string; kind: DrawKind; locationId: string | null },
): Promise<{ sharedWith: DrawKind[]; share: number }> {
  const seasons = await db.read((queries) => listOpenSeasons(queries, { merchantId }));
  const others = seasons.filter((season) => season.kind !== kind);
  const open = await db.read((queries) =>
    listOpenLocations(queries, { merchantId, after: '', limit: MOST_LOCATIONS }),
  );
  const places = open.filter((place) => locationId === null || place.locationId === locationId);
  const onAt = places.map((place) =>
    others.filter((other) => other.locationId === null || other.locationId === place.locationId),
  );
  const shares = onAt.map((there) => 1 / (1 + there.length));
  return {
    sharedWith: [...new Set(onAt.flat().map((other) => other.kind))],
    share: shares.length > 0 ? shares.reduce((sum, share) => sum + share, 0) / shares.length : 1,
  };
}

/** What a gesture costs here, and what is earned on a sale. */
export async function readPrices(
  db: Database,
  { merchantId, gestureKind, asOf }: { merchantId: string; gestureKind: GestureKind | null; asOf: Date },
): Promise<{ gestureCostMinor: number; mostCostMinor: number; marginMillionths: number }> {
  const since = new Date(asOf.getTime() - COSTS_DAYS * DAY_MS);
  const costs = await db.read((queries) => sumGestureCosts(queries, { merchantId, since, asOf }));
  const items = await db.read((queries) =>
    listMenuItems(queries, { merchantId, after: '', limit: MOST_ITEMS }),
  );
  const wanted = costs.filter(({ kind }) => gestureKind === null || kind === gestureKind);
  const count = wanted.reduce((sum, { gestures }) => sum + gestures, 0);
  const total = wanted.reduce((sum, { costMinor }) => sum + (costMinor ?? 0), 0);
  const possible = (await db.read((queries) => listGestureCosts(queries, merchantId)))
    .filter(({ kind }) => gestureKind === null || kind === gestureKind)
    .map(({ costMinor }) => costMinor);
  const usual = possible.reduce((sum, costMinor) => sum + costMinor, 0) / Math.max(1, possible.length);
  const prices = items.reduce((sum, { priceMinor }) => sum + priceMinor, 0);
  const itemCosts = items.reduce((sum, { costMinor }) => sum + costMinor, 0);
  const margin = prices > 0 ? Math.round((1 - itemCosts / prices) * MILLION) : USUAL_MARGIN_MILLIONTHS;
  const gestureCostMinor = Math.round(count > 0 ? total / count : usual);
  return {
    gestureCostMinor,
    mostCostMinor: Math.max(gestureCostMinor, ...possible),
    marginMillionths: margin > 0 ? margin : USUAL_MARGIN_MILLIONTHS,
  };
}
