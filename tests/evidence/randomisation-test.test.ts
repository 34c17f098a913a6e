import { describe, expect, test } from 'vitest';
import { fixedMultiplier } from '../../src/evidence/multiplier.ts';
import { estimate } from '../../src/evidence/estimate.ts';
import { testByRandomisation } from '../../src/evidence/randomisation-test.ts';
import { createSeededRandom } from '../../src/evidence/seeded-random.ts';

function someVisits({ seed, count = 300, effect }: { seed: number; count?: number; effect: number }) {
  const next = createSeededRandom(seed);
  const column = (value: (visit: number) => number) =>
    Float64Array.from({ length: count }, (_, visit) => value(visit));
  const habit = column(() => 0);
  for (let customer = 0; customer < count; customer += 5) habit.fill(600 * next(), customer, customer + 5);
  const z = column(() => (next() < 0.2 ? 1 : 0));
  return {
    z,
    p: 0.2,
    y: column((visit) => habit[visit]! + 300 * next() + effect * z[visit]!),
    x: [column(() => 1)],
    cluster: Array.from({ length: count }, (_, visit) => Math.floor(visit / 5)),
  };
}

describe('drawing anew at random', () => {
  test('finds an effect that is there', () => {
    expect(testByRandomisation(someVisits({ seed: 1, effect: 300 }), { seed: 1 })).toBe(0.001);
  });

  test('says the same for the same seed, and much the same for another', () => {
    const visits = someVisits({ seed: 2, effect: 60 });
    const [once, again, other] = [1, 1, 2].map((seed) => testByRandomisation(visits, { seed })!);
    expect(again).toBe(once);
    expect(Math.abs(other! - once!)).toBeLessThan(0.06);
  });

  test('agrees with the interval where numbers are large', () => {
    const visits = someVisits({ seed: 3, count: 2_000, effect: 25 });
    const { offer } = estimate({ ...visits, d: visits.z }, { multiplier: fixedMultiplier })!;
    const isClaimed = offer.low > 0 || offer.high < 0;
    expect(testByRandomisation(visits, { seed: 1 })! <= 0.05).toBe(isClaimed);
  });

  test('claims an effect that is not there in about one of twenty shops', () => {
    const shops = 200;
    const claims = Array.from({ length: shops }, (_, shop) =>
      testByRandomisation(someVisits({ seed: 100 + shop, count: 150, effect: 0 }), { seed: 7, redraws: 99 }),
    ).filter((pValue) => pValue! <= 0.05).length;
    expect(claims).toBeGreaterThanOrEqual(2);
    expect(claims).toBeLessThanOrEqual(20); // 10 expected; 20 or more come once in 500 times
  });

  test('says nothing where nothing was drawn by chance', () => {
    const visits = someVisits({ seed: 4, effect: 0 });
    expect(testByRandomisation({ ...visits, z: new Float64Array(300) }, { seed: 1 })).toBeNull();
    expect(testByRandomisation({ ...visits, cluster: new Array(300).fill(1) }, { seed: 1 })).toBeNull();
    expect(testByRandomisation({ ...visits, y: new Float64Array(300) }, { seed: 1 })).toBeNull();
  });
});
