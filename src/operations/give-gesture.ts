import { v7 as uuid } from 'uuid';
import type { Database, Queries } from '../../db/database.ts';
import { findLease, findMerchantRules, updateLease } from '../../db/queries/allowance-queries.ts';
import type { LeaseRow } from '../../db/queries/allowance-queries.ts';
import type { CardRow } from '../../db/queries/card-queries.ts';
import { findDraw, listStandingGestures } from '../../db/queries/draw-queries.ts';
import type { DrawRow } from '../../db/queries/draw-queries.ts';
import { findLastGesture, insertGesture } from '../../db/queries/gesture-queries.ts';
import type { GestureRow } from '../../db/queries/gesture-queries.ts';
import { insertReward } from '../../db/queries/reward-queries.ts';
import { findMenuItem, findSale } from '../../db/queries/sale-queries.ts';
import { findSeason } from '../../db/queries/season-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import type { Clock } from '../clock.ts';
import { computeAllowanceAfter } from '../loyalty/allowance.ts';
import { computeBusinessDay } from '../loyalty/business-day.ts';
import { decideGesture } from '../loyalty/gesture.ts';
import type {
  GestureDecision,
  GestureKind,
  GestureReason,
  GestureRefusal,
  GestureRequest,
  Granter,
} from '../loyalty/gesture.ts';
import { UNDO_MS } from '../loyalty/undo.ts';
import type { Place, TillActor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempt } from './answer-once.ts';
import { businessDayOf } from './business-day-of.ts';
import type { CardView } from './card-view.ts';
import { findCard } from './find-card.ts';
import { changeCounters, loadAllowance, presentAllowance } from './load-allowance.ts';
import type { AllowanceView } from './load-allowance.ts';
import { makeDraw, planDraw } from './make-draw.ts';
import type { DrawSituation } from './make-draw.ts';
import { postToCard } from './post-to-card.ts';
import type { EntryContext } from './post-to-card.ts';
import type { Sealer } from './seal.ts';
import { tappedAt } from './tapped-at.ts';

/** A tap a moment before the cut-off, slow to arrive, is still of the day it was made on. */
const SLOW_TAP_MS = 60_000;

export interface GiveRequest {
  attempt: Attempt;
  cardCode: string;
  kind: GestureKind;
  itemId?: string | undefined;
  reason: GestureReason;
  note?: string | undefined;
  /** The sale it is given with. */
  saleId?: string | undefined;
  /** Gestures the till took along for when it is offline. */
  leaseId?: string | undefined;
  /** The lucky moment, granted bonus or suggestion it is given on. */
  drawId?: string | undefined;
}

export interface GestureView {
  gestureId: string;
  kind: GestureKind;
  itemName: string | null;
  reason: GestureReason;
  note: string | null;
  givenAt: Date;
  businessDay: string;
  fundedBy: GestureRow['fundedBy'];
  priceMinor: number;
  costMinor: number;
  isPast: boolean;
  /** Until when whoever gave it can take it back. */
  undoableUntil: Date;
}

export interface GestureGiven {
  gesture: GestureView;
  card: CardView;
  allowance: AllowanceView;
}

/** What the bonus draw said to a tap beyond the spent allowance; for the barista alone. */
export type BonusAnswer = { isGranted: true; drawId: string } | { isGranted: false };

export type DrawRefusal =
  | { refused: 'draw-unknown' }
  /** It was of another day or place, was planned for another kind, or something was given on it already. */
  | { refused: 'draw-not-good'; why: 'over' | 'other-kind' | 'given' };

type AllowanceSpentRefusal = Extract<GestureRefusal, { refused: 'allowance-spent' }>;

export type GiveRefusal =
  | Exclude<GestureRefusal, AllowanceSpentRefusal>
  | (AllowanceSpentRefusal & { bonus?: BonusAnswer })
  | DrawRefusal
  | { refused: 'card-unknown' }
  | { refused: 'sale-unknown' }
  | { refused: 'lease-unknown' }
  | { refused: 'tap-day-over' };

/**
 * Gives a customer a double stamp, a free item or a voucher, if the rules and the allowance let it. `granter` is a
 * manager who entered a PIN on the same till to allow one more. On a draw (`drawId`) the house pays. A tap beyond the
 * spent allowance makes the bonus draw of a season that is on; without `sealer`, which opens its key, none is made.
 */
export const giveGesture =
  (db: Database, clock: Clock, sealer: Sealer | null = null) =>
  (actor: TillActor, request: GiveRequest, granter: Granter | null = null) => {
    const now = clock.now();
    const gestureId = uuid();
    const bonusDrawId = uuid();
    const { merchantId, staffId, place } = actor;
    const { locationId, deviceId } = place;
    const { attempt, saleId = null, leaseId = null, drawId = null } = request;
    const givenAt = tappedAt(attempt, now);
    return db.transact((tx) =>
      answerOnce<GestureGiven | GiveRefusal>(tx, { merchantId, attempt, now }, async () => {
        const card = await findCard(tx, { merchantId, cardCode: request.cardCode });
        if (!card) return { refused: 'card-unknown' };
        const [sale] = saleId ? await findSale(tx, { merchantId, saleId }) : [];
        if (saleId && sale?.cardId !== card.cardId) return { refused: 'sale-unknown' };
        const [lease] = leaseId ? await findLease(tx, { merchantId, leaseId }) : [];
        if (leaseId && lease?.deviceId !== deviceId) return { refused: 'lease-unknown' };
        const businessDay = dayOfTap(place, givenAt, lease);
        if (!lease && isOfAnotherDay({ place, businessDay, givenAt, now }))
          return { refused: 'tap-day-over' };
        const drawn = drawId
          ? await findGivableDraw(tx, { ...request, drawId, card, place, businessDay })
          : null;
        if (drawn && 'refused' in drawn) return drawn;
        const giver = { merchantId, staffId, locationId, businessDay, weekStartsOn: place.weekStartsOn };
        const allowance = await loadAllowance(tx, giver);
        const facts = await loadGestureFacts(tx, { ...request, merchantId, card });
        const decision = decideGesture({
          ...facts,
          merchantId,
          kind: request.kind,
          givenAt,
          isPast: false,
          giver: actor,
          allowance,
          shop: { ...place, businessDay },
          grant: granter,
          drawn: drawn?.season.kind === 'suggestion' ? null : (drawn?.season.kind ?? null),
          lease: lease ?? null,
        });
        const isLive = now.getTime() - givenAt.getTime() <= SLOW_TAP_MS;
        if (decision.refused === 'allowance-spent' && sealer && isLive && !drawn && !lease) {
          const situation = { actor, card, now, businessDay };
          const bonus = await askBonus(tx, situation, { kind: request.kind, drawId: bonusDrawId, sealer });
          return bonus ? { ...decision, bonus } : decision;
        }
        if (decision.refused) return decision;

        await changeCounters(tx, { giver, change: decision.change, allowance: lease ? null : allowance });
        if (lease && decision.fundedBy === 'allowance')
          await updateLease(tx, { ...lease, usedCount: lease.usedCount + 1 });
        const recorded = await recordGesture(tx, {
          request,
          facts,
          card,
          decision,
          posted: { at: givenAt, businessDay },
          gesture: {
            merchantId,
            gestureId,
            staffId,
            locationId,
            deviceId,
            givenAt,
            businessDay,
            saleId,
            leaseId,
            drawId,
            grantedBy: decision.grantedBy,
            recordedAt: now,
          },
        });
        const after = computeAllowanceAfter(allowance, decision.change);
        return { ...recorded, allowance: presentAllowance(after, place, businessDay) };
      }),
    );
  };

/**
 * The business day a tap counts in. A lease was counted on its own day when it was handed out: a floor that an edit of
 * zone or cut-off has set meanwhile does not move what was tapped on that day to another.
 */
function dayOfTap(place: Place, givenAt: Date, lease: LeaseRow | undefined): string {
  const { timeZone, cutOffMinutes } = place;
  const calendarDay = lease && computeBusinessDay({ instant: givenAt, timeZone, cutOffMinutes });
  return lease && calendarDay === lease.businessDay ? calendarDay : businessDayOf(place, givenAt);
}

/**
 * What was not set aside by a lease is spent on the day it arrives: or else a till that says it was away could spend
 * what was left over on days that are gone.
 */
function isOfAnotherDay({
  place,
  businessDay,
  givenAt,
  now,
}: {
  place: Place;
  businessDay: string;
  givenAt: Date;
  now: Date;
}): boolean {
  return businessDay !== businessDayOf(place, now) && now.getTime() - givenAt.getTime() > SLOW_TAP_MS;
}

/** A draw that something may be given on: of this customer, here, today, and not used yet. */
async function findGivableDraw(
  tx: Queries,
  {
    drawId,
    card,
    place,
    businessDay,
    kind,
  }: {
    drawId: string;
    card: CardRow;
    place: TillActor['place'];
    businessDay: string;
    kind: GestureKind;
  },
): Promise<{ draw: DrawRow; season: SeasonRow } | DrawRefusal> {
  const { merchantId, locationId } = place;
  const [draw] = await findDraw(tx, { merchantId, drawId });
  // One that did not say yes was told to nobody, so nobody can name it.
  if (!draw?.isDrawn || draw.cardId !== card.cardId) return { refused: 'draw-unknown' };
  if (draw.businessDay !== businessDay || draw.locationId !== locationId)
    return { refused: 'draw-not-good', why: 'over' };
  const season = await findSeason(tx, { merchantId, seasonId: draw.seasonId });
  if (!season) throw new Error(`Draw ${drawId} is of a season that is not there`);
  if (season.gestureKind && season.gestureKind !== kind)
    return { refused: 'draw-not-good', why: 'other-kind' };
  const { customerId, drawnAt } = draw;
  const given = await listStandingGestures(tx, { merchantId, customerId, since: drawnAt });
  if (given.some((gesture) => gesture.drawId === drawId)) return { refused: 'draw-not-good', why: 'given' };
  return { draw, season };
}

/** The bonus draw of a tap beyond the allowance: made at the first such tap of the day, and the same at the next. */
async function askBonus(
  tx: Queries,
  situation: DrawSituation,
  { kind, drawId, sealer }: { kind: GestureKind; drawId: string; sealer: Sealer },
): Promise<BonusAnswer | null> {
  const plan = await planDraw(tx, situation, ['bonus']);
  if (plan?.season?.kind !== 'bonus') return null;
  if (plan.season.gestureKind && plan.season.gestureKind !== kind) return null;
  if ('made' in plan && plan.made.locationId !== situation.actor.place.locationId) return null;
  const draw = 'made' in plan ? plan.made : await makeDraw(tx, situation, plan, { drawId, sealer });
  return draw.isDrawn ? { isGranted: true, drawId: draw.drawId } : { isGranted: false };
}

/** What the rules need to know about the card, its customer and the item. */
export async function loadGestureFacts(
  tx: Queries,
  {
    merchantId,
    card,
    kind,
    ...request
  }: { merchantId: string; card: CardRow; kind: GestureKind; itemId?: string | undefined },
) {
  const itemId = kind === 'double_stamp' ? undefined : request.itemId;
  const [item] = itemId ? await findMenuItem(tx, { merchantId, itemId }) : [];
  const [last] = await findLastGesture(tx, { merchantId, customerId: card.customerId });
  const [rules] = await findMerchantRules(tx, { merchantId });
  if (!rules) throw new Error(`There is no merchant ${merchantId}`);
  return {
    card: { cardId: card.cardId, isBlocked: card.blockedAt !== null },
    customer: { staffId: card.customerStaffId },
    itemId: itemId ?? null,
    item: item ?? null,
    stampCostMinor: Math.round((card.rewardCostMinor ?? 0) / card.stampsRequired),
    lastGestureAt: last?.givenAt ?? null,
    coolDownDays: rules.coolDownDays,
  } satisfies Partial<GestureRequest>;
}

/** What the two ways of recording a gesture, at the till and afterwards, do not have in common. */
type GestureCircumstances = Pick<
  GestureRow,
  | 'merchantId'
  | 'gestureId'
  | 'staffId'
  | 'locationId'
  | 'deviceId'
  | 'givenAt'
  | 'businessDay'
  | 'saleId'
  | 'leaseId'
  | 'grantedBy'
  | 'recordedAt'
> &
  Partial<Pick<GestureRow, 'drawId'>>;

/**
 * Writes a gesture that was decided: its row, its entry in the ledger (of no stamps for a gift), its voucher.
 * `posted` is when the entry counts, which for a gesture of the past is later than the gesture itself.
 */
export async function recordGesture(
  tx: Queries,
  {
    request,
    facts,
    card,
    decision,
    posted,
    gesture: circumstances,
  }: {
    request: Pick<GiveRequest, 'kind' | 'reason' | 'note'>;
    facts: Awaited<ReturnType<typeof loadGestureFacts>>;
    card: CardRow;
    decision: GestureDecision;
    posted: { at: Date; businessDay: string };
    gesture: GestureCircumstances;
  },
): Promise<{ gesture: GestureView; card: CardView }> {
  const gesture: GestureRow = {
    ...circumstances,
    kind: request.kind,
    cardId: card.cardId,
    customerId: card.customerId,
    itemId: facts.item?.itemId ?? null,
    itemName: facts.item?.name ?? null,
    priceMinor: decision.priceMinor,
    costMinor: decision.costMinor,
    reason: request.reason,
    note: request.note ?? null,
    drawId: circumstances.drawId ?? null,
    fundedBy: decision.fundedBy,
    isPast: decision.isPast,
    undoneAt: null,
    undoneBy: null,
  };
  await insertGesture(tx, gesture);
  if (decision.opensVoucher) await openVoucher(tx, gesture, posted.at);
  const { merchantId, locationId, deviceId, staffId, gestureId } = gesture;
  const context: EntryContext = {
    merchantId,
    locationId,
    deviceId,
    staffId,
    gestureId,
    ...posted,
  };
  const entry = decision.entry ?? { kind: 'gesture' as const, stamps: 0 };
  const view = await postToCard(tx, {
    card,
    entries: [entry],
    context: gesture.saleId ? { ...context, saleId: gesture.saleId } : context,
    hasTouchedRewards: decision.opensVoucher,
  });
  return { gesture: presentGesture(gesture), card: view };
}

async function openVoucher(tx: Queries, gesture: GestureRow, earnedAt: Date): Promise<void> {
  await insertReward(tx, {
    merchantId: gesture.merchantId,
    rewardId: uuid(),
    cardId: gesture.cardId,
    kind: 'voucher',
    name: gesture.itemName ?? 'Something on the house',
    stamps: 0,
    status: 'open',
    earnedAt,
    expiresAt: null,
    gestureId: gesture.gestureId,
    redeemedAt: null,
    saleId: null,
    coveredMinor: null,
    proof: null,
  });
}

function presentGesture(gesture: GestureRow): GestureView {
  const {
    gestureId,
    kind,
    itemName,
    reason,
    note,
    givenAt,
    businessDay,
    fundedBy,
    priceMinor,
    costMinor,
    isPast,
  } = gesture;
  return {
    gestureId,
    kind,
    itemName,
    reason,
    note,
    givenAt,
    businessDay,
    fundedBy,
    priceMinor,
    costMinor,
    isPast,
    undoableUntil: new Date((isPast ? gesture.recordedAt : givenAt).getTime() + UNDO_MS),
  };
}
