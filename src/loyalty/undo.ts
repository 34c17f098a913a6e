import { NO_CHANGE } from './allowance.ts';
import type { CounterChange } from './allowance.ts';
import type { CardEntry } from './card.ts';
import type { Accepted } from './decision.ts';
import type { Funding, GestureKind } from './gesture.ts';
import type { RewardStatus } from './reward.ts';
import { isInCharge } from './role.ts';
import type { Role } from './role.ts';

/** How long whoever gave a gesture may take it back. */
export const UNDO_MS = 30_000;

export interface UndoableGesture {
  kind: GestureKind;
  staffId: string;
  /** For a gesture written down afterwards: when, and on which business day, it was written down. */
  givenAt: Date;
  businessDay: string;
  fundedBy: Funding;
  costMinor: number;
  undoneAt: Date | null;
  /** The voucher it opened. */
  voucher: { rewardId: string; status: RewardStatus } | null;
}

export interface Undo extends Accepted {
  /** The reversing entry of a double stamp; null for other kinds. */
  entry: CardEntry | null;
  voucherIdToReverse: string | null;
  /** Gives the allowance back, in the counters of the gesture's own business day and week. */
  change: CounterChange;
}

export type UndoRefusal =
  | { refused: 'already-undone' }
  | { refused: 'not-yours' }
  | { refused: 'undo-too-late' }
  | { refused: 'reward-already-redeemed' };

/**
 * Takes back a gesture: for 30 seconds whoever gave it may, and a manager or owner on the same business day.
 * `businessDay` is the location's at `now`. A voucher that was spent can't be taken back.
 */
export function decideUndo(request: {
  gesture: UndoableGesture;
  by: { staffId: string; role: Role };
  now: Date;
  businessDay: string;
}): Undo | UndoRefusal {
  const { gesture, by } = request;
  if (gesture.undoneAt) return { refused: 'already-undone' };
  const isTheirs = by.staffId === gesture.staffId;
  if (!isTheirs && !isInCharge(by.role)) return { refused: 'not-yours' };
  const isQuick = isTheirs && request.now.getTime() - gesture.givenAt.getTime() <= UNDO_MS;
  const isSameDay = isInCharge(by.role) && request.businessDay === gesture.businessDay;
  if (!isQuick && !isSameDay) return { refused: 'undo-too-late' };
  if (gesture.voucher?.status === 'redeemed') return { refused: 'reward-already-redeemed' };
  return {
    entry: gesture.kind === 'double_stamp' ? { kind: 'reversed', stamps: -1 } : null,
    voucherIdToReverse: gesture.voucher?.status === 'open' ? gesture.voucher.rewardId : null,
    change: computeGivenBack(gesture),
  };
}

function computeGivenBack({ fundedBy, costMinor }: UndoableGesture): CounterChange {
  if (fundedBy !== 'allowance') return NO_CHANGE;
  return { usedCount: -1, leasedCount: 0, usedCostMinor: 0 - costMinor };
}
