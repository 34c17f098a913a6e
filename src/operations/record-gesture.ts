import { v7 as uuid } from 'uuid';
import type { Queries } from '../../db/database.ts';
import { findMerchantRules } from '../../db/queries/allowance-queries.ts';
import type { CardRow } from '../../db/queries/card-queries.ts';
import { findLastGesture, insertGesture } from '../../db/queries/gesture-queries.ts';
import type { GestureRow } from '../../db/queries/gesture-queries.ts';
import { findMenuItem } from '../../db/queries/item-queries.ts';
import { insertReward } from '../../db/queries/reward-queries.ts';
import type { GestureDecision, GestureKind, GestureReason, GestureRequest } from '../loyalty/gesture.ts';
import { computeStampCost } from '../loyalty/program.ts';
import { UNDO_MS } from '../loyalty/undo.ts';
import type { CardView } from './card-view.ts';
import { newVoucher } from './new-rows.ts';
import { postToCard } from './post-to-card.ts';

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
    card: { isBlocked: card.blockedAt !== null },
    customer: { staffId: card.customerStaffId },
    itemId: itemId ?? null,
    item: item ?? null,
    stampCostMinor: computeStampCost(card),
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
  | 'drawId'
  | 'grantedBy'
  | 'recordedAt'
>;

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
    request: { kind: GestureKind; reason: GestureReason; note?: string | undefined };
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
    fundedBy: decision.fundedBy,
    isPast: decision.isPast,
    undoneAt: null,
    undoneBy: null,
  };
  await insertGesture(tx, gesture);
  if (decision.opensVoucher)
    await insertReward(tx, newVoucher(gesture, { rewardId: uuid(), earnedAt: posted.at }));
  const { merchantId, locationId, deviceId, staffId, gestureId, saleId, recordedAt } = gesture;
  const view = await postToCard(tx, {
    card,
    entries: [decision.entry ?? { kind: 'gesture', stamps: 0 }],
    context: { merchantId, locationId, deviceId, staffId, gestureId, saleId, ...posted },
    recordedAt,
    hasTouchedRewards: decision.opensVoucher,
  });
  return { gesture: presentGesture(gesture), card: view };
}

function presentGesture(gesture: GestureRow): GestureView {
  const { gestureId, kind, itemName, reason, note, givenAt, businessDay, fundedBy } = gesture;
  const { priceMinor, costMinor, isPast, recordedAt } = gesture;
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
    undoableUntil: new Date((isPast ? recordedAt : givenAt).getTime() + UNDO_MS),
  };
}
