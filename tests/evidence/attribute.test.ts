import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countTouchedSales, sweepTouches } from '../../src/evidence/touch-sweep.ts';
import type { AttributionModel } from '../../src/evidence/touch-sweep.ts';
import { attribute } from '../support/attribute.ts';
import type { GivenGesture, MadeRefund, MadeSale } from '../support/attribute.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const NOON = Date.parse('2026-03-02T12:00:00Z');
const MODELS: AttributionModel[] = ['first', 'last', 'linear'];

interface Case {
  gestures: GivenGesture[];
  sales: MadeSale[];
  refunds: MadeRefund[];
  windowDays: number;
  visitMinutes: number;
  asOf: Date;
}

const aGesture = (given: Partial<GivenGesture> = {}): GivenGesture => ({
  gestureId: 'g1',
  customerId: 'ida',
  givenAt: new Date(NOON),
  saleId: null,
  undoneAt: null,
  ...given,
});

const aSale = (saleId: string, afterMs: number, made: Partial<MadeSale> = {}): MadeSale => ({
  saleId,
  customerId: 'ida',
  occurredAt: new Date(NOON + afterMs),
  totalMinor: 350,
  ...made,
});

const aCase = (changes: Partial<Case>): Case => ({
  gestures: [aGesture()],
  sales: [],
  refunds: [],
  windowDays: 30,
  visitMinutes: 30,
  asOf: new Date(NOON + 365 * DAY_MS),
  ...changes,
});

function follow(changes: Partial<Case>, model: AttributionModel = 'last') {
  const outcomes = attribute({ ...aCase(changes), model });
  return Object.fromEntries([...outcomes].map(([id, { touches: _, ...outcome }]) => [id, outcome]));
}

describe('which sales count', () => {
  test.each([
    ['a sale exactly 30 minutes after is still the same visit', 30 * MINUTE_MS, 0],
    ['a sale one millisecond later is a later visit', 30 * MINUTE_MS + 1, 1],
    ['a sale exactly 30 days after still counts', 30 * DAY_MS, 1],
    ['a sale one millisecond later no longer does', 30 * DAY_MS + 1, 0],
    ['a sale before the gesture does not count', -1, 0],
    ['a sale at the same instant does not count', 0, 0],
  ])('%s', (_name, afterMs, expected) => {
    expect(follow({ sales: [aSale('s1', afterMs)] })['g1']?.attributedSales).toBe(expected);
  });

  test('with no visit minutes only the sale it was given with is left out', () => {
    const sales = [aSale('own', 20_000), aSale('next', 20_001), aSale('same', 0)];
    const outcome = follow({ gestures: [aGesture({ saleId: 'own' })], sales, visitMinutes: 0 })['g1'];
    expect(outcome).toMatchObject({ attributedSales: 1, attributedMinor: 350, laterVisits: 1 });
    expect(outcome?.returnedAt).toEqual(new Date(NOON + 20_001));
  });

  test('somebody else’s sale, and a sale without a card, count to nobody', () => {
    const sales = [aSale('s1', DAY_MS, { customerId: 'joe' }), aSale('s2', DAY_MS, { customerId: null })];
    expect(follow({ sales })['g1']).toMatchObject({
      attributedSales: 0,
      attributedMinor: 0,
      returnedAt: null,
    });
  });

  test('an undone gesture takes nothing away from the one that stood', () => {
    const gestures = [
      aGesture(),
      aGesture({ gestureId: 'g2', givenAt: new Date(NOON + DAY_MS), undoneAt: new Date(NOON + DAY_MS + 9) }),
    ];
    const outcomes = follow({ gestures, sales: [aSale('s1', 2 * DAY_MS)] });
    expect(outcomes['g2']).toBeUndefined();
    expect(outcomes['g1']?.attributedMinor).toBe(350);
  });

  test('a refund counts from the day it is dated, and a sale from the moment it is made', () => {
    const parts = {
      sales: [aSale('s1', DAY_MS), aSale('s2', 3 * DAY_MS)],
      refunds: [
        { saleId: 's1', refundedAt: new Date(NOON + 2 * DAY_MS), amountMinor: 100 },
        { saleId: 's1', refundedAt: new Date(NOON + 4 * DAY_MS), amountMinor: 50 },
      ],
    };
    const spendAsOf = (afterMs: number) =>
      follow({ ...parts, asOf: new Date(NOON + afterMs) })['g1']?.attributedMinor;
    expect(spendAsOf(DAY_MS - 1)).toBe(0);
    expect(spendAsOf(DAY_MS)).toBe(350);
    expect(spendAsOf(2 * DAY_MS)).toBe(250);
    expect(spendAsOf(3 * DAY_MS)).toBe(600);
    expect(spendAsOf(4 * DAY_MS)).toBe(550);
  });

  test('a window is complete at its last millisecond and open the one before', () => {
    const isComplete = (asOfMs: number) => follow({ asOf: new Date(NOON + asOfMs) })['g1']?.isComplete;
    expect(isComplete(30 * DAY_MS - 1)).toBe(false);
    expect(isComplete(30 * DAY_MS)).toBe(true);
  });

  test('two coffees in one sitting are one later visit, and the pause is measured from sale to sale', () => {
    const sales = [0, 30, 60, 91].map((minutes, index) => aSale(`s${index}`, DAY_MS + minutes * MINUTE_MS));
    expect(follow({ sales })['g1']).toMatchObject({ attributedSales: 4, laterVisits: 2 });
  });
});

describe('a sale that several gestures touched', () => {
  const gestures = ['g1', 'g2', 'g3'].map((gestureId, index) =>
    aGesture({ gestureId, givenAt: new Date(NOON + index * DAY_MS) }),
  );
  const sales = [aSale('s1', 5 * DAY_MS, { totalMinor: 500 })];

  test.each([
    ['first', [500, 0, 0]],
    ['last', [0, 0, 500]],
    ['linear', [167, 167, 166]],
  ] as const)('%s counts it once', (model, expected) => {
    const outcomes = follow({ gestures, sales }, model);
    expect(['g1', 'g2', 'g3'].map((id) => outcomes[id]?.attributedMinor)).toEqual(expected);
  });

  test('of two gestures at one instant, the smaller id takes it', () => {
    const together = ['b', 'a'].map((gestureId) => aGesture({ gestureId }));
    for (const model of ['first', 'last'] as const)
      expect(follow({ gestures: together, sales }, model)['a']?.attributedMinor).toBe(500);
    const shared = follow({ gestures: together, sales: [aSale('s1', DAY_MS, { totalMinor: 5 })] }, 'linear');
    expect([shared['a']?.attributedMinor, shared['b']?.attributedMinor]).toEqual([3, 2]);
  });
});

/** Every pair looked at, exactly as the rule is written. */
function attributeNaively({
  gestures,
  sales,
  refunds,
  windowDays,
  visitMinutes,
  asOf,
  model,
}: Case & { model: AttributionModel }) {
  const outcomes = new Map<string, { sales: number; minor: number; touched: MadeSale[] }>();
  for (const { gestureId, undoneAt } of gestures)
    if (!undoneAt) outcomes.set(gestureId, { sales: 0, minor: 0, touched: [] });
  let touchedSales = 0;
  let touchedMinor = 0;
  for (const sale of sales) {
    if (sale.occurredAt > asOf) continue;
    let net = sale.totalMinor;
    for (const refund of refunds)
      if (refund.saleId === sale.saleId && refund.refundedAt <= asOf) net -= refund.amountMinor;
    const touches = gestures
      .filter((gesture) => {
        const afterMs = sale.occurredAt.getTime() - gesture.givenAt.getTime();
        return (
          gesture.undoneAt === null &&
          gesture.customerId === sale.customerId &&
          gesture.saleId !== sale.saleId &&
          afterMs > 0 &&
          afterMs > visitMinutes * MINUTE_MS &&
          afterMs <= windowDays * DAY_MS
        );
      })
      .sort((a, b) => a.givenAt.getTime() - b.givenAt.getTime() || (a.gestureId < b.gestureId ? -1 : 1));
    if (touches.length === 0) continue;
    touchedSales++;
    touchedMinor += net;
    for (const touch of touches) outcomes.get(touch.gestureId)!.touched.push(sale);
    const latest = touches.find((one) => one.givenAt.getTime() === touches.at(-1)!.givenAt.getTime())!;
    const chosen = model === 'linear' ? touches : [model === 'first' ? touches[0]! : latest];
    chosen.forEach((touch, place) => {
      const equal = Math.floor(net / chosen.length);
      const outcome = outcomes.get(touch.gestureId)!;
      outcome.sales++;
      outcome.minor += equal + (place < net - equal * chosen.length ? 1 : 0);
    });
  }
  const visits = (touched: MadeSale[]): number => {
    const times = touched.map(({ occurredAt }) => occurredAt.getTime()).sort((a, b) => a - b);
    return times.filter((time, place) => place === 0 || time - times[place - 1]! > visitMinutes * MINUTE_MS)
      .length;
  };
  const rows = new Map(
    [...outcomes].map(([id, { sales: attributedSales, minor, touched }]) => {
      const times = touched.map(({ occurredAt }) => occurredAt.getTime());
      const returnedAt = times.length > 0 ? new Date(Math.min(...times)) : null;
      return [id, { attributedSales, attributedMinor: minor, laterVisits: visits(touched), returnedAt }];
    }),
  );
  return { rows, touchedSales, touchedMinor };
}

/** Few customers and coarse times, so that gestures overlap, tie, and meet the edges of visit and window. */
const anyCase: fc.Arbitrary<Case> = fc
  .record({
    windowDays: fc.constantFrom(1, 2, 7),
    visitMinutes: fc.constantFrom(0, 30, 600, 3_000),
    asOf: fc.integer({ min: 0, max: 30 }).map((halfDays) => new Date(NOON + halfDays * (DAY_MS / 2))),
    given: fc.array(
      fc.record({
        customerId: fc.constantFrom('ida', 'joe'),
        step: fc.integer({ min: 0, max: 48 }),
        jitterMs: fc.constantFrom(0, 0, 1),
        own: fc.option(fc.nat({ max: 14 })),
        isUndone: fc.constantFrom(false, false, false, true),
      }),
      { maxLength: 9 },
    ),
    made: fc.array(
      fc.record({
        customerId: fc.constantFrom('ida', 'ida', 'joe', null),
        step: fc.integer({ min: -4, max: 80 }),
        jitterMs: fc.constantFrom(-1, 0, 0, 1),
        totalMinor: fc.integer({ min: -5, max: 1_000 }),
      }),
      { maxLength: 15 },
    ),
    returned: fc.array(
      fc.record({
        sale: fc.nat({ max: 14 }),
        step: fc.integer({ min: 0, max: 80 }),
        amountMinor: fc.nat({ max: 300 }),
      }),
      { maxLength: 5 },
    ),
  })
  .map(({ windowDays, visitMinutes, asOf, given, made, returned }) => {
    const at = (step: number, jitterMs = 0) => new Date(NOON + step * 300 * MINUTE_MS + jitterMs);
    return {
      windowDays,
      visitMinutes,
      asOf,
      gestures: given.map(({ customerId, step, jitterMs, own, isUndone }, index) => ({
        gestureId: `g${9 - index}`,
        customerId,
        givenAt: at(step, jitterMs),
        saleId: own === null ? null : `s${own}`,
        undoneAt: isUndone ? at(step) : null,
      })),
      sales: made.map(({ customerId, step, jitterMs, totalMinor }, index) => ({
        saleId: `s${index}`,
        customerId,
        occurredAt: at(step, jitterMs),
        totalMinor,
      })),
      refunds: returned.map(({ sale, step, amountMinor }) => ({
        saleId: `s${sale}`,
        refundedAt: at(step),
        amountMinor,
      })),
    };
  });

describe('against every pair looked at one by one', () => {
  test.each(MODELS)('%s counts exactly what the rule says', (model) => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const swept = attribute({ ...one, model });
        const rows = new Map(
          [...swept].map(([id, { attributedSales, attributedMinor, laterVisits, returnedAt }]) => [
            id,
            { attributedSales, attributedMinor, laterVisits, returnedAt },
          ]),
        );
        const naive = attributeNaively({ ...one, model });
        expect(rows.size).toBe(naive.rows.size);
        for (const [id, row] of naive.rows) expect(rows.get(id)).toEqual(row);
      }),
      { numRuns: 3_000 },
    );
  });

  test('a pause of exactly a visit on either side of the gesture’s own sale counts as the rule says', () => {
    const pauses = [15, 30].flatMap((minutes) => [-1, 0, 1].map((edge) => minutes * MINUTE_MS + edge));
    for (const own of ['s0', 's1', 's2', 's3'])
      for (const before of pauses)
        for (const after of pauses)
          for (const windowDays of [1, 2]) {
            const times = [0, before, before + after, DAY_MS].map((later) => DAY_MS / 2 + later);
            const sales = times.map((afterMs, index) => aSale(`s${index}`, afterMs));
            const one = aCase({ gestures: [aGesture({ saleId: own })], sales, windowDays });
            const naive = attributeNaively({ ...one, model: 'last' });
            expect(follow(one)['g1']).toMatchObject(naive.rows.get('g1')!);
          }
  });

  test('the three totals are equal, and each sale is counted once', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const { touchedMinor, touchedSales } = attributeNaively({ ...one, model: 'first' });
        for (const model of MODELS) {
          const outcomes = [...attribute({ ...one, model }).values()];
          expect(outcomes.reduce((sum, { attributedMinor }) => sum + attributedMinor, 0)).toBe(touchedMinor);
          if (model === 'linear') continue;
          expect(outcomes.reduce((sum, { attributedSales }) => sum + attributedSales, 0)).toBe(touchedSales);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('a group of gestures shares each sale, and counts it once', () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 0, max: 511 }), (one, chosenBits) => {
        const gestures = one.gestures
          .map((gesture) => ({ ...gesture, customerId: 'ida', undoneAt: null }))
          .sort((a, b) => a.givenAt.getTime() - b.givenAt.getTime());
        const sales = one.sales
          .map((sale) => ({ ...sale, customerId: 'ida', netMinor: sale.totalMinor }))
          .sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
        const sweep = sweepTouches(gestures, { ...one, model: 'linear' });
        for (const sale of sales) sweep.add(sale);
        const isChosen = (place: number) => (chosenBits & (1 << place)) !== 0;
        const ranges = sweep
          .finish()
          .map(({ touches }) => touches)
          .filter((_, place) => isChosen(place));
        const touched = new Set(
          gestures
            .filter((_, place) => isChosen(place))
            .flatMap((gesture) =>
              sales.filter((sale) => {
                const afterMs = sale.occurredAt.getTime() - gesture.givenAt.getTime();
                return (
                  sale.saleId !== gesture.saleId &&
                  sale.occurredAt <= one.asOf &&
                  afterMs > one.visitMinutes * MINUTE_MS &&
                  afterMs <= one.windowDays * DAY_MS
                );
              }),
            ),
        );
        expect(countTouchedSales(ranges)).toBe(touched.size);
      }),
      { numRuns: 3_000 },
    );
  });
});

test('sales out of order are refused rather than counted wrongly', () => {
  const sweep = sweepTouches([], { windowDays: 7, visitMinutes: 30, model: 'last', asOf: new Date(NOON) });
  const sale = (occurredAt: Date) => ({ saleId: 's', occurredAt, netMinor: 1 });
  sweep.add(sale(new Date(NOON - 1)));
  expect(() => sweep.add(sale(new Date(NOON - 2)))).toThrow(RangeError);
});

// Walking every pair takes 4,000,000,000 steps and outlasts the time a test has.
test('one guest card with 100,000 sales, each touched by up to 40,000 gestures, is followed', () => {
  const gestures = Array.from({ length: 40_000 }, (_, index) =>
    aGesture({
      gestureId: `g${String(index).padStart(5, '0')}`,
      givenAt: new Date(NOON + index * 2 * MINUTE_MS),
    }),
  );
  const sales = Array.from({ length: 100_000 }, (_, index) => aSale(`s${index}`, index * MINUTE_MS));
  for (const model of MODELS) {
    const outcomes = attribute({ ...aCase({ gestures, sales, windowDays: 90 }), model });
    expect(outcomes.size).toBe(40_000);
  }
});
