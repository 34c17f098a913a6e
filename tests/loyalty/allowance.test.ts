import { describe, expect, it } from 'vitest';
import {
  computeAllowance,
  computeAllowanceAfter,
  computeCounterKeys,
  decideLease,
  decideSpend,
  setsLimit,
} from '../../src/loyalty/allowance.ts';
import type { AllowanceCounter, AllowanceRule } from '../../src/loyalty/allowance.ts';
import { ADA_TODAY, anAllowance, aRule } from './builders.ts';

const used = (counter: Partial<AllowanceCounter>): AllowanceCounter => ({
  scope: 'staff',
  subjectId: 'ada',
  period: 'day',
  periodStart: '2026-03-02',
  usedCount: 0,
  leasedCount: 0,
  usedCostMinor: 0,
  ...counter,
});
const allowanceOf = (rules: AllowanceRule[], counters: AllowanceCounter[] = []) =>
  computeAllowance({ ...ADA_TODAY, rules, counters });
const spend = (rules: AllowanceRule[], counters: AllowanceCounter[] = [], costMinor = 10) =>
  decideSpend({ allowance: allowanceOf(rules, counters), costMinor });

describe('the allowance', () => {
  it('of three gestures has room for the third and not for a fourth', () => {
    const left = [0, 1, 2, 3, 4].map((count) => anAllowance({ gesturesLimit: 3 }, count).remaining);
    expect(left).toEqual([3, 2, 1, 0, 0]);
    expect(spend([aRule()], [used({ usedCount: 2 })])).toEqual({
      change: { usedCount: 1, leasedCount: 0, usedCostMinor: 10 },
    });
    expect(spend([aRule()], [used({ usedCount: 3 })])).toEqual({
      refused: 'allowance-spent',
      scope: 'staff',
      period: 'day',
      spent: 'gestures',
      remaining: 0,
    });
  });

  it('has no limit where the owner set none', () => {
    expect(allowanceOf([])).toEqual({ limits: [], remaining: null, remainingCostMinor: null });
    expect(spend([aRule({ gesturesLimit: null })], [used({ usedCount: 999 })]).refused).toBeUndefined();
  });

  it('of one person replaces the one for everybody, also to make it larger or to lift it', () => {
    const everyone = aRule({ gesturesLimit: 3 });
    for (const gesturesLimit of [1, 5, null]) {
      const own = aRule({ subjectId: 'ada', gesturesLimit });
      expect(allowanceOf([everyone, own]).remaining).toBe(gesturesLimit);
      expect(allowanceOf([own, everyone]).remaining).toBe(gesturesLimit);
    }
    expect(allowanceOf([everyone, aRule({ subjectId: 'bo', gesturesLimit: 9 })]).remaining).toBe(3);
    expect(
      allowanceOf([everyone, aRule({ subjectId: 'ada', period: 'week', gesturesLimit: 9 })]).remaining,
    ).toBe(3);
  });

  it('left is the least of what the person and the shop have left', () => {
    const rules = [aRule({ gesturesLimit: 3 }), aRule({ scope: 'location', gesturesLimit: 10 })];
    const shop = { scope: 'location', subjectId: 'soho' } as const;
    expect(allowanceOf(rules, [used({ usedCount: 1 }), used({ ...shop, usedCount: 7 })]).remaining).toBe(2);
    const shopSpent = [used({ usedCount: 1 }), used({ ...shop, usedCount: 10 })];
    expect(allowanceOf(rules, shopSpent).remaining).toBe(0);
    expect(spend(rules, shopSpent)).toMatchObject({ scope: 'location', period: 'day' });
  });

  it('counts what a till holds on lease as used', () => {
    expect(allowanceOf([aRule()], [used({ usedCount: 1, leasedCount: 1 })]).remaining).toBe(1);
    expect(spend([aRule()], [used({ usedCount: 1, leasedCount: 2 })])).toMatchObject({ remaining: 0 });
  });

  it('can be set in money too, to the penny', () => {
    const rules = [aRule({ gesturesLimit: null, costLimitMinor: 500 })];
    const counters = [used({ usedCostMinor: 390 })];
    expect(allowanceOf(rules, counters).remainingCostMinor).toBe(110);
    expect(spend(rules, counters, 110).refused).toBeUndefined();
    expect(spend(rules, counters, 111)).toMatchObject({ refused: 'allowance-spent', spent: 'cost' });
    expect(spend(rules, [used({ usedCostMinor: 600 })], 0).refused).toBeUndefined();
    expect(() => spend(rules, counters, -1)).toThrow(RangeError);
    expect(() => spend(rules, counters, 0.5)).toThrow(RangeError);
  });

  it('spent for the day and for the week is said to be spent for the week', () => {
    const rules = [aRule({ gesturesLimit: 1 }), aRule({ period: 'week', gesturesLimit: 1 })];
    const counters = [used({ usedCount: 1 }), used({ period: 'week', usedCount: 1 })];
    expect(spend(rules, counters)).toMatchObject({ scope: 'staff', period: 'week' });
  });

  it('is new the next day, and nothing of yesterday is left over', () => {
    const yesterday = used({ periodStart: '2026-03-01', usedCount: 3 });
    expect(allowanceOf([aRule()], [yesterday]).remaining).toBe(3);
    expect(allowanceOf([aRule()], [used({ periodStart: '2026-03-01' })]).remaining).toBe(3);
  });

  it('after a gesture, a lease and a gesture given back is what the changed counters say', () => {
    const rules = [
      aRule({ gesturesLimit: 3, costLimitMinor: 100 }),
      aRule({ period: 'week', gesturesLimit: 4 }),
      aRule({ scope: 'location', gesturesLimit: null, costLimitMinor: 60 }),
    ];
    const before = [used({ usedCount: 1, usedCostMinor: 40 }), used({ period: 'week', usedCount: 2 })];
    const changes = [
      { usedCount: 1, leasedCount: 0, usedCostMinor: 25 },
      { usedCount: 0, leasedCount: 2, usedCostMinor: 50 },
      { usedCount: 1, leasedCount: -1, usedCostMinor: -10 },
      { usedCount: -1, leasedCount: 0, usedCostMinor: -30 },
    ];
    const weekStart = ADA_TODAY.weekStart;
    for (const change of changes) {
      const counted = computeCounterKeys({ ...ADA_TODAY, weekStart }).map((key) => {
        const counter = before.find(({ scope, period }) => scope === key.scope && period === key.period);
        const { usedCount = 0, leasedCount = 0, usedCostMinor = 0 } = counter ?? {};
        return {
          ...key,
          usedCount: usedCount + change.usedCount,
          leasedCount: leasedCount + change.leasedCount,
          usedCostMinor: usedCostMinor + change.usedCostMinor,
        };
      });
      const keyed = before.map((counter) => ({
        ...counter,
        periodStart: counter.period === 'week' ? weekStart : counter.periodStart,
      }));
      expect(computeAllowanceAfter(allowanceOf(rules, keyed), change)).toEqual(allowanceOf(rules, counted));
    }
  });

  it('is counted by day and by week for person and shop, whatever the rules say today', () => {
    const keys = computeCounterKeys({ ...ADA_TODAY, weekStart: '2026-02-28' });
    expect(keys.map((key) => Object.values(key).join(' '))).toEqual([
      'staff ada day 2026-03-02',
      'staff ada week 2026-02-28',
      'location soho day 2026-03-02',
      'location soho week 2026-02-28',
    ]);
  });
});

it('is a limit when it bounds gestures, or their cost, or both', () => {
  const limits = [
    { gesturesLimit: 3, costLimitMinor: null },
    { gesturesLimit: null, costLimitMinor: 500 },
    { gesturesLimit: 0, costLimitMinor: 0 },
    { gesturesLimit: null, costLimitMinor: null },
  ];
  expect(limits.map(setsLimit)).toEqual([true, true, true, false]);
});

describe('a lease', () => {
  const lease = (request: Partial<Parameters<typeof decideLease>[0]> = {}) =>
    decideLease({ allowance: anAllowance({}, 0), requested: 1, costEachMinor: 0, ...request });

  it('takes along as many gestures as were asked for, and no more than are left', () => {
    expect(lease({ requested: 2 })).toEqual({
      count: 2,
      change: { usedCount: 0, leasedCount: 2, usedCostMinor: 0 },
    });
    expect(lease({ requested: 5 })).toMatchObject({ count: 3 });
    expect(lease({ requested: 5, allowance: allowanceOf([]) })).toMatchObject({ count: 5 });
  });

  it('is refused when nothing is left', () => {
    expect(lease({ allowance: anAllowance({}, 3) })).toMatchObject({ refused: 'allowance-spent' });
  });

  it('sets aside what its gestures may cost', () => {
    const allowance = anAllowance({ gesturesLimit: 9, costLimitMinor: 500 });
    const many = { allowance, requested: 9 };
    expect(lease({ ...many, costEachMinor: 200 })).toEqual({
      count: 2,
      change: { usedCount: 0, leasedCount: 2, usedCostMinor: 400 },
    });
    expect(lease({ ...many, costEachMinor: 501 })).toMatchObject({
      refused: 'allowance-spent',
      spent: 'cost',
    });
  });

  it('of gestures that cost nothing is in no budget’s way, not even of one that is spent', () => {
    const allowance = anAllowance({ gesturesLimit: 9, costLimitMinor: 0 });
    expect(lease({ allowance, requested: 2 })).toMatchObject({ count: 2 });
  });

  it('of no gestures, or of half a one, is a mistake', () => {
    expect(() => lease({ requested: 0 })).toThrow(RangeError);
    expect(() => lease({ requested: 1.5 })).toThrow(RangeError);
    expect(() => lease({ costEachMinor: -1 })).toThrow(RangeError);
  });
});
