import { describe, expect, test } from 'vitest';
import { describeSpread, findAlarms, ServedCounts } from '../../src/evidence/fairness.ts';
import type { Alarm, ServedVisit, SharedContact } from '../../src/evidence/fairness.ts';
import { createSeededRandom } from '../../src/evidence/seeded-random.ts';

const served = (changes: Partial<ServedVisit> = {}): ServedVisit => ({
  staffId: 'ada',
  customerId: 'ida',
  minuteOfDay: 9 * 60,
  minutesBeforeClosing: 400,
  isNewcomer: false,
  hasGesture: false,
  ...changes,
});
const many = (count: number, changes: (visit: number) => Partial<ServedVisit>): ServedVisit[] =>
  Array.from({ length: count }, (_, visit) => served(changes(visit)));

describe('the mirror', () => {
  test('shows how gestures spread beside how visits do', () => {
    const spread = describeSpread([
      ...many(6, (visit) => ({ customerId: `regular ${visit}`, hasGesture: visit < 3 })),
      ...many(2, (visit) => ({ customerId: `new ${visit}`, isNewcomer: true, minuteOfDay: 18 * 60 })),
      served({ customerId: 'regular 0', hasGesture: true, minuteOfDay: 13 * 60 }),
      served({ customerId: 'regular 5', minuteOfDay: 15 * 60 }),
    ]);
    expect(spread).toMatchObject({ served: 10, gestures: 4, customersServed: 8, customersGivenTo: 3 });
    expect(spread.newcomers).toEqual({ served: 2, gestures: 0, ofServed: 0.2, ofGestures: 0 });
    expect(spread.regulars).toEqual({ served: 8, gestures: 4, ofServed: 0.8, ofGestures: 1 });
    expect(spread.partsOfDay.morning).toMatchObject({ served: 6, gestures: 3 });
    expect(spread.partsOfDay.midday).toMatchObject({ served: 1, gestures: 1, ofGestures: 0.25 });
    expect(spread.partsOfDay.afternoon).toMatchObject({ served: 1, gestures: 0 });
    expect(spread.partsOfDay.evening).toMatchObject({ served: 2, gestures: 0 });
    expect(spread.sameThreeShare).toBe(1);
  });

  test('the three who got most are those, whoever came first', () => {
    const given = Object.entries({ ida: 1, bea: 1, cem: 1, dot: 3, eva: 2 }).flatMap(([customerId, count]) =>
      many(count, () => ({ customerId, hasGesture: true })),
    );
    expect(describeSpread(given).sameThreeShare).toBe(6 / 8);
  });

  test('midday begins at eleven, the afternoon at two and the evening at five', () => {
    const at = [659, 660, 839, 840, 1_019, 1_020];
    const { partsOfDay } = describeSpread(at.map((minuteOfDay) => served({ minuteOfDay })));
    expect(Object.values(partsOfDay).map((part) => part.served)).toEqual([1, 2, 2, 1]);
  });

  test('shares are of something, or not told', () => {
    expect(describeSpread([])).toMatchObject({ served: 0, sameThreeShare: null });
    expect(describeSpread([served()]).regulars).toEqual({
      served: 1,
      gestures: 0,
      ofServed: 1,
      ofGestures: null,
    });
  });
});

/** A shop in which one visit in ten gets a gesture, whoever serves whom. */
const next = createSeededRandom(1);
const fairShop = many(2_000, (visit) => ({
  staffId: `staff ${visit % 4}`,
  customerId: `customer ${visit % 150}`,
  hasGesture: next() < 0.1,
  minutesBeforeClosing: (visit * 13) % 600,
}));

const alarmsOf = (visits: readonly ServedVisit[], shared: SharedContact[] = []): Alarm[] => {
  const counts = new ServedCounts();
  // In two goes, as a chain's are.
  counts.add(visits.slice(0, visits.length / 2));
  counts.add(visits.slice(visits.length / 2));
  return findAlarms(counts, shared);
};
const pairsOf = (visits: readonly ServedVisit[]) =>
  alarmsOf(visits).filter(({ kind }) => kind === 'one-pair');
const beforeClosingOf = (visits: readonly ServedVisit[]) =>
  alarmsOf(visits).filter(({ kind }) => kind === 'before-closing');

describe('what an owner is told of', () => {
  test('nothing, where gestures go round', () => {
    expect(alarmsOf(fairShop, [{ staffId: 'staff 1', customerId: 'nobody', by: 'card' }])).toEqual([]);
  });

  test('one pair far above the rest, with the numbers', () => {
    const friends = many(10, (visit) => ({ hasGesture: visit < 8 }));
    const alarms = pairsOf([...fairShop, ...friends]);
    expect(alarms).toEqual([
      {
        kind: 'one-pair',
        staffId: 'ada',
        customerId: 'ida',
        gestures: 8,
        served: 10,
        expected: expect.closeTo(1.05, 9),
      },
    ]);
  });

  test('not a customer who is served every day and gets their share', () => {
    const everyDay = many(60, (visit) => ({ hasGesture: visit % 10 === 0 }));
    expect(pairsOf([...fairShop, ...everyDay])).toEqual([]);
  });

  test('not a pair with four gestures, nor a shop with a single pair', () => {
    expect(pairsOf([...fairShop, ...many(4, () => ({ hasGesture: true }))])).toEqual([]);
    expect(pairsOf(many(8, () => ({ hasGesture: true })))).toEqual([]);
  });

  /** A thousand visits to so many customers of Ben's, of which so many in all got a gesture, evenly. */
  const theOthers = (customers: number, gestures: number) =>
    many(1_000, (visit) => ({
      staffId: 'ben',
      customerId: `customer ${Math.floor((visit * customers) / 1_000)}`,
      hasGesture: visit % (1_000 / gestures) === 0,
    }));
  const given = (gestures: number, of: number) => many(of, (visit) => ({ hasGesture: visit < gestures }));

  test('a pair from five gestures on, however unlikely four are', () => {
    expect(pairsOf([...theOthers(1, 1), ...given(4, 4)])).toEqual([]);
    expect(pairsOf([...theOthers(1, 1), ...given(5, 5)])).toMatchObject([{ gestures: 5, served: 5 }]);
  });

  test('a pair from three times the pace of the others on, however many visits make it no chance', () => {
    expect(pairsOf([...theOthers(1, 100), ...given(29, 100)])).toEqual([]);
    expect(pairsOf([...theOthers(1, 100), ...given(30, 100)])).toMatchObject([
      { gestures: 30, expected: 10 },
    ]);
  });

  test('not a pair that chance makes in one shop of a thousand, the more pairs the sooner', () => {
    // Of 15 visits at one in ten: 5 or more have a chance of 0.013, 7 or more of 0.0003.
    expect(pairsOf([...theOthers(1, 100), ...given(5, 15)])).toEqual([]);
    expect(pairsOf([...theOthers(1, 100), ...given(7, 15)])).toMatchObject([{ gestures: 7 }]);
    expect(pairsOf([...theOthers(10, 100), ...given(7, 15)])).toEqual([]);
  });

  test('gestures to somebody with the same phone, even one', () => {
    const shared = [{ staffId: 'ada', customerId: 'ida', by: 'phone' as const }];
    expect(alarmsOf([...fairShop, served({ hasGesture: true })], shared)).toEqual([
      { kind: 'shared-contact', staffId: 'ada', customerId: 'ida', gestures: 1, by: 'phone' },
    ]);
    expect(alarmsOf([...fairShop, served()], shared)).toEqual([]);
  });

  test('gestures that come when the shutters go down', () => {
    const late = many(30, (visit) => ({
      customerId: `late ${visit}`,
      hasGesture: visit < 8,
      minutesBeforeClosing: visit < 8 ? 5 : 300,
    }));
    expect(beforeClosingOf([...fairShop, ...late])).toEqual([
      { kind: 'before-closing', staffId: 'ada', gestures: 8, beforeClosing: 8, expectedShare: 1 / 24 },
    ]);
  });

  const LATE = 14;
  const NOT_LATE = 15;
  /** What Ada gave, and so many other visits she served, of which an eighth were late. */
  const evening = ({ given: all, late, others }: { given: number; late: number; others: number }) => [
    ...many(all, (visit) => ({ hasGesture: true, minutesBeforeClosing: visit < late ? LATE : NOT_LATE })),
    ...many(others - 2, (visit) => ({ minutesBeforeClosing: visit < others / 8 - 1 ? LATE : NOT_LATE })),
  ];
  const colleagues = (count: number) => many(count, (visit) => ({ staffId: `colleague ${visit}` }));

  test('late gestures from five on, however unlikely four are', () => {
    const quiet = many(998, () => ({}));
    expect(beforeClosingOf([...quiet, ...evening({ given: 4, late: 4, others: 8 })])).toEqual([]);
    expect(beforeClosingOf([...quiet, ...evening({ given: 5, late: 5, others: 8 })])).toMatchObject([
      { beforeClosing: 5 },
    ]);
  });

  test('late gestures from three times the share of other late visits on, in the last fifteen minutes', () => {
    expect(beforeClosingOf(evening({ given: 80, late: 29, others: 800 }))).toEqual([]);
    expect(beforeClosingOf(evening({ given: 80, late: 30, others: 800 }))).toMatchObject([
      { gestures: 80, beforeClosing: 30, expectedShare: 1 / 8 },
    ]);
  });

  test('not late gestures that chance makes in one shop of a thousand, the more staff the sooner', () => {
    // Of 13 gestures at one in eight: 5 or more have a chance of 0.015, 7 or more of 0.0004.
    expect(beforeClosingOf(evening({ given: 13, late: 5, others: 800 }))).toEqual([]);
    const unlikely = evening({ given: 13, late: 7, others: 800 });
    expect(beforeClosingOf(unlikely)).toMatchObject([{ beforeClosing: 7 }]);
    expect(beforeClosingOf([...unlikely, ...colleagues(9)])).toEqual([]);
  });

  test('not somebody who always has the last shift', () => {
    const lastShift = many(60, (visit) => ({
      customerId: `late ${visit}`,
      hasGesture: visit % 6 === 0,
      minutesBeforeClosing: 10,
    }));
    expect(beforeClosingOf([...fairShop, ...lastShift])).toEqual([]);
  });
});
