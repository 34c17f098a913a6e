// The short form of `npm run prove -- evidence`: few shops, wide tolerances, the same seeds every time.
import { expect, test } from 'vitest';
import { coverShops, peekWeekly } from '../support/evidence-trials.ts';
import { aTenthMore, aYearOfLooks, anEvenWorld, findTruth } from '../support/simulated-shop.ts';
import type { World } from '../support/simulated-shop.ts';

const SHOPS = 60;
const TIMEOUT_MS = 180_000; // a few seconds, but for a machine that does much else besides
const small = { customers: 120, seasonDays: 150 };

test.each<[string, World]>([
  ['gestures do nothing', { ...anEvenWorld, ...small }],
  ['gestures bring in a tenth more', { ...aTenthMore, ...small }],
])('where %s, the answers lie around the truth, as near as they say', { timeout: TIMEOUT_MS }, (_, world) => {
  const truth = findTruth(world, { seed: 1_000_000, shops: 20 });
  const found = coverShops(world, truth, { shops: SHOPS, seed: 1 });
  expect(found.covered).toBeGreaterThanOrEqual(51); // 57 expected; fewer than 51 come three times in 1,000
  expect(found.offersCovered).toBeGreaterThanOrEqual(51);
  expect(Math.abs(found.mean - truth.gestureMinor)).toBeLessThan((4 * found.deviation) / Math.sqrt(SHOPS));
  expect(found.meanError / found.deviation).toBeGreaterThan(0.75);
  expect(found.meanError / found.deviation).toBeLessThan(1.35);
});

test(
  'the truth is written into the shop: nothing where nothing works, and a tenth where a tenth does',
  { timeout: TIMEOUT_MS },
  () => {
    const nothing = findTruth({ ...anEvenWorld, ...small }, { seed: 1, shops: 3 });
    expect(nothing).toEqual({ offerMinor: 0, gestureMinor: 0, relative: 0 });
    const tenth = findTruth(aTenthMore, { seed: 1, shops: 10 });
    expect(tenth.relative).toBeGreaterThan(0.07);
    expect(tenth.relative).toBeLessThan(0.13);
  },
);

test(
  'an owner who looks every week is not told of an effect that is not there; with 1.96 some would be',
  { timeout: TIMEOUT_MS },
  () => {
    const years = 36;
    const { claims, careless } = peekWeekly(
      { ...aYearOfLooks, customers: 100 },
      { years, seed: 500, plannedVisits: 1_600 },
    );
    expect(claims).toBeLessThanOrEqual(1); // one year in 20 would be 1.8
    expect(careless).toBeGreaterThanOrEqual(5);
  },
);
