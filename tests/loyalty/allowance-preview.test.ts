import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeAllowance, decideSpend } from '../../src/loyalty/allowance.ts';
import type { AllowanceCounter, AllowanceRule } from '../../src/loyalty/allowance.ts';
import {
  computeAllowancePreview,
  computeMostPerMonth,
  listExceptions,
} from '../../src/loyalty/allowance-preview.ts';
import type { SpentGesture } from '../../src/loyalty/allowance-preview.ts';
import { addDays, computeBusinessWeek } from '../../src/loyalty/business-day.ts';
import { aRule } from './builders.ts';

const MONDAY = '2026-03-02';

/** A coffee by Ada in Soho, so many days after a Monday, unless told otherwise. */
function given(days: number, gesture: Partial<SpentGesture> = {}): SpentGesture {
  const businessDay = addDays(MONDAY, days);
  const weekStart = computeBusinessWeek({ businessDay, weekStartsOn: 1 });
  return { staffId: 'ada', locationId: 'soho', businessDay, weekStart, costMinor: 80, ...gesture };
}

const preview = (rule: Partial<AllowanceRule>, gestures: SpentGesture[], exceptions: string[] = []) =>
  computeAllowancePreview({ rule: aRule(rule), exceptions, gestures });

describe('what a new allowance would have done', () => {
  test('at two a day, the third gesture of a day is refused, and the next day begins afresh', () => {
    const gestures = [given(0), given(0), given(0), given(1), given(1)];
    expect(preview({ gesturesLimit: 2 }, gestures)).toEqual({
      gestures: 5,
      wouldRefuse: 1,
      refusedOn: [{ businessDay: MONDAY, gestures: 1 }],
      refusedOf: [{ staffId: 'ada', gestures: 1 }],
      mostUsed: { subjectId: 'ada', periodStart: MONDAY, gestures: 3, costMinor: 240 },
    });
    expect(preview({ gesturesLimit: 3 }, gestures).wouldRefuse).toBe(0);
  });

  test('a weekly allowance spans the days of its week', () => {
    const gestures = [given(0), given(3), given(6), given(7)];
    expect(preview({ period: 'week', gesturesLimit: 2 }, gestures)).toMatchObject({
      wouldRefuse: 1,
      refusedOn: [{ businessDay: '2026-03-08', gestures: 1 }],
      mostUsed: { periodStart: MONDAY, gestures: 3 },
    });
  });

  test('everybody has their own; a location is shared', () => {
    const gestures = [given(0), given(0, { staffId: 'ben' }), given(0, { staffId: 'ben' })];
    expect(preview({ gesturesLimit: 1 }, gestures).refusedOf).toEqual([{ staffId: 'ben', gestures: 1 }]);
    expect(preview({ scope: 'location', gesturesLimit: 1 }, gestures).refusedOf).toEqual([
      { staffId: 'ben', gestures: 2 },
    ]);
  });

  test('a rule for everybody leaves out who has a rule of their own; theirs is for them alone', () => {
    const gestures = [given(0), given(0), given(0, { staffId: 'ben' }), given(0, { staffId: 'ben' })];
    expect(preview({ gesturesLimit: 1 }, gestures, ['ada'])).toMatchObject({ gestures: 2, wouldRefuse: 1 });
    expect(preview({ gesturesLimit: 1, subjectId: 'ada' }, gestures, ['ada'])).toMatchObject({
      gestures: 2,
      refusedOf: [{ staffId: 'ada', gestures: 1 }],
    });
  });

  test('a budget refuses what is too dear for what is left, and never what costs nothing', () => {
    const gestures = [
      given(0, { costMinor: 150 }),
      given(0, { costMinor: 80 }),
      given(0, { costMinor: 0 }),
      given(0, { costMinor: 50 }),
    ];
    expect(preview({ gesturesLimit: null, costLimitMinor: 200 }, gestures)).toMatchObject({
      gestures: 4,
      wouldRefuse: 1,
      mostUsed: { gestures: 4, costMinor: 280 },
    });
  });

  test('who would have been refused most comes first, and the days in their order', () => {
    const by = (staffId: string, days: number[]) => days.map((day) => given(day, { staffId }));
    const gestures = [
      ...by('ada', [0, 0]),
      ...by('cleo', [0, 0, 0]),
      ...by('ben', [2, 2, 2]),
      ...by('dan', [1, 1]),
    ];
    expect(preview({ gesturesLimit: 1 }, gestures)).toMatchObject({
      refusedOf: [
        { staffId: 'ben', gestures: 2 },
        { staffId: 'cleo', gestures: 2 },
        { staffId: 'ada', gestures: 1 },
        { staffId: 'dan', gestures: 1 },
      ],
      refusedOn: [
        { businessDay: MONDAY, gestures: 3 },
        { businessDay: '2026-03-03', gestures: 1 },
        { businessDay: '2026-03-04', gestures: 2 },
      ],
    });
  });

  test('the most that was used at once is told by what the rule limits, the earlier of two alike', () => {
    const gestures = [
      given(1, { costMinor: 300 }),
      given(2, { costMinor: 50 }),
      given(2, { costMinor: 50 }),
      given(0, { staffId: 'ben', costMinor: 50 }),
      given(0, { staffId: 'ben', costMinor: 50 }),
    ];
    expect(preview({ gesturesLimit: 5 }, gestures).mostUsed).toEqual({
      subjectId: 'ben',
      periodStart: MONDAY,
      gestures: 2,
      costMinor: 100,
    });
    expect(preview({ gesturesLimit: null, costLimitMinor: 500 }, gestures).mostUsed).toEqual({
      subjectId: 'ada',
      periodStart: '2026-03-03',
      gestures: 1,
      costMinor: 300,
    });
  });

  test('nothing given, nothing refused', () => {
    expect(preview({}, [])).toEqual({
      gestures: 0,
      wouldRefuse: 0,
      refusedOn: [],
      refusedOf: [],
      mostUsed: null,
    });
  });

  test('it refuses what the till would have refused, whatever was given', () => {
    const rules = fc.record({
      scope: fc.constantFrom('staff' as const, 'location' as const),
      subjectId: fc.constantFrom(null, null, 'ada', 'soho'),
      period: fc.constantFrom('day' as const, 'week' as const),
      gesturesLimit: fc.option(fc.integer({ min: 0, max: 4 })),
      costLimitMinor: fc.integer({ min: 0, max: 400 }),
    });
    const someGestures = fc.array(
      fc.record({
        days: fc.integer({ min: 0, max: 9 }),
        staffId: fc.constantFrom('ada', 'ben', 'cleo'),
        locationId: fc.constantFrom('soho', 'leeds'),
        costMinor: fc.constantFrom(0, 50, 80, 190),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(rules, someGestures, (rule, drawn) => {
        const gestures = drawn
          .toSorted((a, b) => a.days - b.days)
          .map(({ days, ...gesture }) => given(days, gesture));
        const seen = computeAllowancePreview({ rule, exceptions: [], gestures });
        const expected = giveAtATill(rule, gestures);
        expect(seen.wouldRefuse).toBe(expected.length);
        const sum = (rows: { gestures: number }[]) => rows.reduce((total, row) => total + row.gestures, 0);
        expect([sum(seen.refusedOn), sum(seen.refusedOf)]).toEqual([seen.wouldRefuse, seen.wouldRefuse]);
        for (const { businessDay, gestures: times } of seen.refusedOn)
          expect(expected.filter((one) => one.businessDay === businessDay)).toHaveLength(times);
        for (const { staffId, gestures: times } of seen.refusedOf)
          expect(expected.filter((one) => one.staffId === staffId)).toHaveLength(times);
      }),
      { numRuns: 500 },
    );
  });

  test('a larger number of gestures never refuses more', () => {
    const someDays = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 });
    fc.assert(
      fc.property(someDays, fc.integer({ min: 0, max: 8 }), (days, gesturesLimit) => {
        const gestures = days.toSorted((a, b) => a - b).map((day) => given(day));
        const { wouldRefuse } = preview({ gesturesLimit }, gestures);
        const looser = preview({ gesturesLimit: gesturesLimit + 1 }, gestures);
        expect(looser.wouldRefuse).toBeLessThanOrEqual(wouldRefuse);
      }),
    );
  });
});

/** The gestures that decisions at a till, one after another, refuse under this rule alone. */
function giveAtATill(rule: AllowanceRule, gestures: readonly SpentGesture[]): SpentGesture[] {
  const counters: AllowanceCounter[] = [];
  return gestures.filter((gesture) => {
    const allowance = computeAllowance({ rules: [rule], counters, ...gesture });
    const decision = decideSpend({ allowance, costMinor: gesture.costMinor });
    if (decision.refused) return true;
    for (const { scope, subjectId, period, periodStart } of allowance.limits) {
      const key = { scope, subjectId, period, periodStart };
      let counter = counters.find((one) =>
        Object.entries(key).every(([name, value]) => one[name as 'scope'] === value),
      );
      if (!counter) counters.push((counter = { ...key, usedCount: 0, leasedCount: 0, usedCostMinor: 0 }));
      counter.usedCount++;
      counter.usedCostMinor += gesture.costMinor;
    }
    return false;
  });
}

describe('what it may cost in a month', () => {
  test('three coffees a day, for four people, on 30.4 days', () => {
    expect(computeMostPerMonth({ rule: aRule(), subjectCount: 4, dearestMinor: 80 })).toBe(
      Math.ceil(3 * 80 * 4 * (365.2425 / 12)),
    );
  });

  test('a budget holds when it is less than the gestures would cost', () => {
    const rule = aRule({ gesturesLimit: 10, costLimitMinor: 500, period: 'week' });
    expect(computeMostPerMonth({ rule, subjectCount: 1, dearestMinor: 80 })).toBe(
      Math.ceil((500 * 365.2425) / 84),
    );
    expect(computeMostPerMonth({ rule, subjectCount: 1, dearestMinor: 10 })).toBe(
      Math.ceil((100 * 365.2425) / 84),
    );
  });

  test('a rule without a limit is none', () => {
    const rule = aRule({ gesturesLimit: null });
    expect(() => computeMostPerMonth({ rule, subjectCount: 1, dearestMinor: 80 })).toThrow(RangeError);
  });
});

test('who has a rule of their own is found by scope and period', () => {
  const rules = [
    aRule(),
    aRule({ subjectId: 'ada' }),
    aRule({ subjectId: 'ben', period: 'week' }),
    aRule({ subjectId: 'soho', scope: 'location' }),
  ];
  expect(listExceptions(rules, aRule())).toEqual(['ada']);
});
