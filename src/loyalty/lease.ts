import type { Allowance, CounterChange } from './allowance.ts';
import type { Accepted } from './decision.ts';

/** Gestures of one member of staff that a till holds, to give even when it is offline. */
export interface Lease {
  staffId: string;
  locationId: string;
  /** The only business day on which its gestures may be given. */
  businessDay: string;
  count: number;
  usedCount: number;
  /** The most that one of its gestures could cost when the lease was handed out, and set aside then. */
  costEachMinor: number;
  returnedAt: Date | null;
}

export interface LeaseNotGood {
  refused: 'lease-not-good';
  because: 'not-yours' | 'returned' | 'day-over' | 'used-up' | 'too-dear';
}

/**
 * Gives one gesture from a lease. The counters were charged when the lease was handed out, so they are adjusted
 * without being asked: the answer can't depend on what happened meanwhile. Only what it costs more than was set aside,
 * by an edit since or on a card of an older version, must be left in the budget, where there is one.
 * `businessDay` is the day on which the gesture was given, which may be before the day it is recorded.
 */
export function decideLeaseSpend(gesture: {
  lease: Lease;
  /** Of the giver on that day. */
  allowance: Pick<Allowance, 'remainingCostMinor'>;
  staffId: string;
  locationId: string;
  businessDay: string;
  costMinor: number;
}): (Accepted & { change: CounterChange }) | LeaseNotGood {
  const { lease, allowance, costMinor } = gesture;
  const isTheirs = lease.staffId === gesture.staffId && lease.locationId === gesture.locationId;
  if (!isTheirs) return { refused: 'lease-not-good', because: 'not-yours' };
  if (lease.returnedAt) return { refused: 'lease-not-good', because: 'returned' };
  if (lease.businessDay !== gesture.businessDay) return { refused: 'lease-not-good', because: 'day-over' };
  if (lease.usedCount >= lease.count) return { refused: 'lease-not-good', because: 'used-up' };
  const usedCostMinor = costMinor - lease.costEachMinor;
  const isTooDear = usedCostMinor > 0 && usedCostMinor > (allowance.remainingCostMinor ?? Infinity);
  if (isTooDear) return { refused: 'lease-not-good', because: 'too-dear' };
  return { change: { usedCount: 1, leasedCount: -1, usedCostMinor } };
}

/**
 * Takes a lease back from its till, which must not spend it any more. What wasn't used is free again in the day and
 * week the lease was charged to.
 */
export function decideLeaseReturn(
  lease: Lease,
): (Accepted & { unusedCount: number; change: CounterChange }) | { refused: 'lease-already-returned' } {
  if (lease.returnedAt) return { refused: 'lease-already-returned' };
  const unusedCount = lease.count - lease.usedCount;
  const change = {
    usedCount: 0,
    leasedCount: 0 - unusedCount,
    usedCostMinor: 0 - unusedCount * lease.costEachMinor,
  };
  return { unusedCount, change };
}
