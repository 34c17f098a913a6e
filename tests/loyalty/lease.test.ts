import { describe, expect, it } from 'vitest';
import { decideLeaseReturn, decideLeaseSpend } from '../../src/loyalty/lease.ts';
import type { Lease } from '../../src/loyalty/lease.ts';
import { ADA_TODAY, NOON } from './builders.ts';

const lease: Lease = {
  staffId: 'ada',
  locationId: 'soho',
  businessDay: '2026-03-02',
  count: 2,
  usedCount: 0,
  costEachMinor: 150,
  returnedAt: null,
};
const NO_BUDGET = { remainingCostMinor: null };
const spend = (changed: Partial<Lease> = {}, gesture: Partial<Parameters<typeof decideLeaseSpend>[0]> = {}) =>
  decideLeaseSpend({
    ...ADA_TODAY,
    costMinor: 110,
    lease: { ...lease, ...changed },
    allowance: NO_BUDGET,
    ...gesture,
  });

describe('a lease', () => {
  it('turns a leased gesture into a used one, and frees what it cost less', () => {
    expect(spend()).toEqual({ change: { usedCount: 1, leasedCount: -1, usedCostMinor: -40 } });
  });

  it('is good for its gestures, not one more', () => {
    expect(spend({ usedCount: 1 }).refused).toBeUndefined();
    expect(spend({ usedCount: 2 })).toEqual({ refused: 'lease-not-good', because: 'used-up' });
  });

  it('is good on its own business day, for its own barista, until it is returned', () => {
    expect(spend({}, { businessDay: '2026-03-03' })).toMatchObject({ because: 'day-over' });
    expect(spend({ staffId: 'bo' })).toMatchObject({ because: 'not-yours' });
    expect(spend({ locationId: 'leeds' })).toMatchObject({ because: 'not-yours' });
    expect(spend({ returnedAt: NOON })).toMatchObject({ because: 'returned' });
  });

  it('pays for something dearer than was set aside while the difference is left in the budget, or there is none', () => {
    const left = (remainingCostMinor: number) => ({ allowance: { remainingCostMinor } });
    expect(spend({}, { costMinor: 150, ...left(0) }).refused).toBeUndefined();
    expect(spend({}, { costMinor: 160, ...left(9) })).toMatchObject({ because: 'too-dear' });
    for (const budget of [left(10), {}])
      expect(spend({}, { costMinor: 160, ...budget })).toEqual({
        change: { usedCount: 1, leasedCount: -1, usedCostMinor: 10 },
      });
  });

  it('gives back what was not used, once', () => {
    expect(decideLeaseReturn({ ...lease, usedCount: 1 })).toEqual({
      unusedCount: 1,
      change: { usedCount: 0, leasedCount: -1, usedCostMinor: -150 },
    });
    expect(decideLeaseReturn({ ...lease, returnedAt: NOON })).toEqual({ refused: 'lease-already-returned' });
  });
});
