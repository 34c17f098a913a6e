import { v7 as uuid } from 'uuid';
import type { Database, Queries } from '../../db/database.ts';
import { findLease, findMerchantRules, updateLease } from '../../db/queries/allowance-queries.ts';
import type { CardRow } from '../../db/queries/card-queries.ts';
import { findLastGesture, insertGesture } from '../../db/queries/gesture-queries.ts';
import type { GestureRow } from '../../db/queries/gesture-queries.ts';
import { insertReward } from '../../db/queries/reward-queries.ts';
import { findMenuItem, findSale } from '../../db/queries/sale-queries.ts';
import type { GestureKind, GestureReason } from '../../db/schema.ts';
import type { Clock } from '../clock.ts';
import { decideGesture } from '../loyalty/gesture.ts';
import type { GestureDecision, GestureRefusal, GestureRequest, Granter } from '../loyalty/gesture.ts';
import { UNDO_MS } from '../loyalty/undo.ts';
import type { TillActor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempt } from './answer-once.ts';
import { businessDayOf } from './business-day-of.ts';
import type { CardView } from './card-view.ts';
import { findCard } from './find-card.ts';
import { changeCounters, loadAllowance, presentAllowance } from './load-allowance.ts';
import type { AllowanceView } from './load-allowance.ts';
import { postToCard } from './post-to-card.ts';
import type { EntryContext } from './post-to-card.ts';

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

export type GiveRefusal =
  GestureRefusal | { refused: 'card-unknown' } | { refused: 'sale-unknown' } | { refused: 'lease-unknown' };

/**
 * Gives a customer a double stamp, a free item or a voucher, if the rules and the allowance let it. `granter` is a
 * manager who entered a PIN on the same till to allow one more.
 */
export const giveGesture =
  (db: Database, clock: Clock) =>
  (actor: TillActor, request: GiveRequest, granter: Granter | null = null) => {
    const now = clock.now();
    const gestureId = uuid();
    const { merchantId, staffId, place } = actor;
    const { locationId, deviceId } = place;
    const businessDay = businessDayOf(place, now);
    const giver = { merchantId, staffId, locationId, businessDay, weekStartsOn: place.weekStartsOn };
    const { attempt, saleId = null, leaseId = null } = request;
    return db.transact((tx) =>
      answerOnce<GestureGiven | GiveRefusal>(tx, { merchantId, attempt, now }, async () => {
        const card = await findCard(tx, { merchantId, cardCode: request.cardCode });
        if (!card) return { refused: 'card-unknown' };
        const [sale] = saleId ? await findSale(tx, { merchantId, saleId }) : [];
        if (saleId && sale?.cardId !== card.cardId) return { refused: 'sale-unknown' };
        const [lease] = leaseId ? await findLease(tx, { merchantId, leaseId }) : [];
        if (leaseId && lease?.deviceId !== deviceId) return { refused: 'lease-unknown' };
        const allowance = await loadAllowance(tx, giver);
        const facts = await loadGestureFacts(tx, { ...request, merchantId, card });
        const decision = decideGesture({
          ...facts,
          merchantId,
          kind: request.kind,
          givenAt: now,
          isPast: false,
          giver: actor,
          allowance,
          shop: { ...place, businessDay },
          grant: granter,
          drawn: null,
          lease: lease ?? null,
        });
        if (decision.refused) return decision;

        await changeCounters(tx, { giver, change: decision.change, allowance: lease ? null : allowance });
        if (lease && decision.fundedBy === 'allowance')
          await updateLease(tx, { ...lease, usedCount: lease.usedCount + 1 });
        const recorded = await recordGesture(tx, {
          request,
          facts,
          card,
          decision,
          recordedOn: businessDay,
          gesture: {
            merchantId,
            gestureId,
            staffId,
            locationId,
            deviceId,
            givenAt: now,
            businessDay,
            saleId,
            leaseId,
            grantedBy: decision.grantedBy,
            recordedAt: now,
          },
        });
        const after = await loadAllowance(tx, giver);
        return { ...recorded, allowance: presentAllowance(after, place, businessDay) };
      }),
    );
  };

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
>;

/**
 * Writes a gesture that was decided: its row, its entry in the ledger (of no stamps for a gift), its voucher.
 * `recordedOn` is the business day of the entry, which for a gesture of the past is later than the gesture's own.
 */
export async function recordGesture(
  tx: Queries,
  {
    request,
    facts,
    card,
    decision,
    recordedOn,
    gesture: circumstances,
  }: {
    request: Pick<GiveRequest, 'kind' | 'reason' | 'note'>;
    facts: Awaited<ReturnType<typeof loadGestureFacts>>;
    card: CardRow;
    decision: GestureDecision;
    recordedOn: string;
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
    drawId: null,
    fundedBy: decision.fundedBy,
    isPast: decision.isPast,
    undoneAt: null,
    undoneBy: null,
  };
  await insertGesture(tx, gesture);
  if (decision.opensVoucher) await openVoucher(tx, gesture);
  const { merchantId, locationId, deviceId, staffId, gestureId } = gesture;
  const context: EntryContext = {
    merchantId,
    locationId,
    deviceId,
    staffId,
    gestureId,
    at: gesture.recordedAt,
    businessDay: recordedOn,
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

async function openVoucher(tx: Queries, gesture: GestureRow): Promise<void> {
  await insertReward(tx, {
    merchantId: gesture.merchantId,
    rewardId: uuid(),
    cardId: gesture.cardId,
    kind: 'voucher',
    name: gesture.itemName ?? 'Something on the house',
    stamps: 0,
    status: 'open',
    earnedAt: gesture.recordedAt,
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
    undoableUntil: new Date(gesture.recordedAt.getTime() + UNDO_MS),
  };
}
