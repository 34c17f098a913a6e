// Ways of getting it wrong that look like simplifications. Each is made here on purpose, in shops whose truth is known,
// and seen to be wrong where the right way is right.
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { buildColumns } from '../../src/evidence/covariates.ts';
import { estimate, numberClusters } from '../../src/evidence/estimate.ts';
import type { Clusters, Estimate, EstimateInputs } from '../../src/evidence/estimate.ts';
import { fixedMultiplier } from '../../src/evidence/multiplier.ts';
import { createSeededRandom } from '../../src/evidence/seeded-random.ts';
import { describe as describeValues } from '../support/evidence-trials.ts';
import { anEvenWorld, columnsOf, findTruth, simulateShop } from '../support/simulated-shop.ts';
import type { SimulatedDraw, SimulatedShop, World } from '../support/simulated-shop.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 }); // seconds, but for a busy machine

const SHOPS = 12;
const smallWorld: World = { ...anEvenWorld, customers: 150 };
const DAY_MS = 86_400_000;

const live = (changes: Partial<World> = {}): SimulatedShop[] =>
  Array.from({ length: SHOPS }, (_, shop) => simulateShop({ ...smallWorld, ...changes }, 5_000 + shop));
const weigh = (inputs: EstimateInputs): Estimate => estimate(inputs, { multiplier: fixedMultiplier })!;
const weighDraws = (draws: readonly SimulatedDraw[]) => weigh(columnsOf(draws, smallWorld));
const effectOf = ({ gesture }: Estimate): number => gesture!.effect;
const isClaimed = ({ set }: Estimate): boolean => set.isBounded && (set.low > 0 || set.high < 0);

/** The mean over shops, and its standard error. */
function across(values: readonly number[]): { mean: number; error: number } {
  const { mean, deviation } = describeValues(values);
  return { mean, error: deviation / Math.sqrt(values.length) };
}

describe('where gestures do nothing', () => {
  let shops: SimulatedShop[];
  beforeAll(() => {
    shops = live();
  });

  test('the draws find nothing', () => {
    const right = shops.map(({ draws }) => weighDraws(draws));
    const { mean, error } = across(right.map(effectOf));
    expect(Math.abs(mean)).toBeLessThan(3 * error);
    expect(right.filter(isClaimed).length).toBeLessThanOrEqual(3);
  });

  test('adding up what came afterwards finds a fortune', () => {
    const spend = shops.flatMap(({ gestures }) => gestures.map(({ outcome }) => outcome.spendMinor));
    expect(across(spend).mean).toBeGreaterThan(2_000);
  });

  test('comparing those whom baristas chose with the others, alike in all the till can see, finds an effect', () => {
    const chosen = shops.map(({ draws }) => {
      const own = columnsOf(
        draws.filter(({ z }) => z === 0),
        smallWorld,
      );
      return effectOf(weigh({ ...own, z: own.d, p: 0.5 }));
    });
    const { mean, error } = across(chosen);
    expect(mean).toBeGreaterThan(3 * error);
    expect(mean).toBeGreaterThan(150);
  });

  test('dropping controls who were treated later finds an effect', () => {
    const wrong = shops.map(({ draws, gestures }) => {
      const givenAt = Map.groupBy(gestures, ({ customerId }) => customerId);
      const isTreatedLater = ({ customerId, drawnAt }: SimulatedDraw) =>
        (givenAt.get(customerId) ?? []).some((gesture) => {
          const laterMs = gesture.givenAt.getTime() - drawnAt.getTime();
          return laterMs > 0 && laterMs <= 30 * DAY_MS;
        });
      return weighDraws(draws.filter((draw) => draw.z === 1 || !isTreatedLater(draw)));
    });
    const { mean, error } = across(wrong.map(effectOf));
    expect(mean).toBeGreaterThan(5 * error);
    expect(wrong.filter(isClaimed).length).toBeGreaterThan(SHOPS / 2);
  });

  test('comparing customers who were ever drawn with those who never were finds a bigger one', () => {
    const wrong = shops.map(({ draws }) => {
      const ever = new Set(draws.filter(({ z }) => z === 1).map(({ customerId }) => customerId));
      const spendOf = (isEver: boolean) =>
        draws
          .filter(({ customerId }) => ever.has(customerId) === isEver)
          .map(({ outcome }) => outcome.spendMinor);
      return across(spendOf(true)).mean - across(spendOf(false)).mean;
    });
    const { mean, error } = across(wrong);
    expect(mean).toBeGreaterThan(5 * error);
    expect(mean).toBeGreaterThan(800);
  });
});

test('a level for each customer shrinks an effect that is there', () => {
  const pairs = live({ effect: 0.3 }).map(({ draws }) => {
    const right = columnsOf(draws, smallWorld);
    const clusters = numberClusters(right.cluster as number[]);
    const within = (column: ArrayLike<number>) => subtractMeans(column, clusters);
    const e = Float64Array.from(right.z, (z) => z - smallWorld.chance);
    const wrong = { y: within(right.y), d: within(right.d), z: within(e), p: 0, x: [], cluster: clusters };
    return { right: effectOf(weigh(right)), wrong: effectOf(weigh(wrong)) };
  });
  const { mean, error } = across(pairs.map(({ right, wrong }) => wrong - right));
  expect(mean).toBeLessThan(-2 * error);
  expect(mean / across(pairs.map(({ right }) => right)).mean).toBeLessThan(-0.1);
});

test('covariates read after the sale, from which a given coffee is already missing, add to the effect', () => {
  const world = { ...smallWorld, replacesPaid: true };
  const { gestureMinor } = findTruth(world, { seed: 1_000_000, shops: 6 });
  const pairs = live({ replacesPaid: true }).map(({ draws }) => {
    const right = columnsOf(draws, world);
    const late = buildColumns(draws.map(({ lateCovariates }) => lateCovariates));
    return { right: effectOf(weigh(right)), wrong: effectOf(weigh({ ...right, x: late })) };
  });
  const frozen = across(pairs.map(({ right }) => right));
  expect(Math.abs(frozen.mean - gestureMinor)).toBeLessThan(3 * frozen.error);
  const added = across(pairs.map(({ right, wrong }) => wrong - right));
  expect(added.mean).toBeGreaterThan(5 * added.error);
  expect(added.mean).toBeGreaterThan(30);
});

test('lucky moments paid from the allowance are mostly gestures that would have been given anyway', () => {
  const house = giveForAYear({ isPaidByHouse: true });
  const allowance = giveForAYear({ isPaidByHouse: false });
  expect(house.extraShare).toBeGreaterThan(0.9);
  expect(allowance.extraShare).toBeGreaterThan(0.35);
  expect(allowance.extraShare).toBeLessThan(0.7);
});

test('a warmer word with the offer passes for an effect of the gift; the effect of the offer is still right', () => {
  const world = { ...smallWorld, promptEffect: 0.4 };
  const { offerMinor } = findTruth(world, { seed: 1_000_000, shops: 6 });
  const found = live({ promptEffect: 0.4 }).map(({ draws }) => weighDraws(draws));
  expect(found.filter(isClaimed).length).toBe(SHOPS); // of gifts, which do nothing here
  const { mean, error } = across(found.map(({ offer }) => offer.effect));
  expect(Math.abs(mean - offerMinor)).toBeLessThan(3 * error);
  expect(mean).toBeGreaterThan(5 * error);
});

test('one guest in two hundred changed for life is a story, and in no average', () => {
  const shops = live({ changedForLife: 0.005 });
  const given = shops.reduce((sum, { gestures }) => sum + gestures.length, 0);
  expect(given * 0.005).toBeGreaterThan(5); // it did happen, in about every other shop
  expect(shops.filter(({ draws }) => isClaimed(weighDraws(draws))).length).toBeLessThanOrEqual(2);
});

/** What a column's values are above or below their customer's mean. */
function subtractMeans(column: ArrayLike<number>, { codes, count }: Clusters): Float64Array {
  const [sums, counts] = [new Float64Array(count), new Float64Array(count)];
  for (let visit = 0; visit < column.length; visit++) {
    sums[codes[visit]!]! += column[visit]!;
    counts[codes[visit]!]!++;
  }
  return Float64Array.from(column, (value, visit) => value - sums[codes[visit]!]! / counts[codes[visit]!]!);
}

/**
 * A year at a till with an allowance of four a day, where baristas see about three people a day they would like to treat,
 * and about four are drawn; the same days with and without lucky moments, by the same chance.
 */
function giveForAYear({ isPaidByHouse }: { isPaidByHouse: boolean }): { extraShare: number } {
  const give = (hasLuckyMoments: boolean) => {
    const next = createSeededRandom(3);
    let [gestures, drawn] = [0, 0];
    for (let day = 0; day < 365; day++) {
      let left = 4;
      for (let visit = 0; visit < 80; visit++) {
        const isLucky = next() < 0.05 && hasLuckyMoments;
        const isLiked = next() < 0.04;
        if (isLucky && (isPaidByHouse || left > 0)) {
          gestures++;
          drawn++;
          if (!isPaidByHouse) left--;
          continue;
        }
        if (isLiked && left > 0) {
          gestures++;
          left--;
        }
      }
    }
    return { gestures, drawn };
  };
  const [without, withThem] = [give(false), give(true)];
  return { extraShare: (withThem.gestures - without.gestures) / withThem.drawn };
}
