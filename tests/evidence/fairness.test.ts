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

  test('not somebody who always has the last shift', () => {
    const lastShift = many(60, (visit) => ({
      customerId: `late ${visit}`,
      hasGesture: visit % 6 === 0,
      minutesBeforeClosing: 10,
    }));
    expect(beforeClosingOf([...fairShop, ...lastShift])).toEqual([]);
  });
});
