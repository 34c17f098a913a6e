// Many shops whose truth is known, to count how often the evidence is right about them. Used by the tests with few shops,
// and by `npm run prove -- evidence` with many.
import { estimate, numberClusters } from '../../src/evidence/estimate.ts';
import type { EstimateInputs } from '../../src/evidence/estimate.ts';
import { fixedMultiplier, sequenceMultiplier } from '../../src/evidence/multiplier.ts';
import { buildBasis } from '../../src/evidence/residualise.ts';
import { createSeededRandom } from '../../src/evidence/seeded-random.ts';
import { columnsOf, simulateShop } from './simulated-shop.ts';
import type { SimulatedDraw, World } from './simulated-shop.ts';

export interface Coverage {
  shops: number;
  /** Of the 95 % sets: how many held the truth. */
  covered: number;
  offersCovered: number;
  /** Sets that lay beyond 0. */
  claims: number;
  unbounded: number;
  mean: number;
  /** How far the estimates lay apart, and what their standard errors said. */
  deviation: number;
  meanError: number;
  meanTreated: number;
}

/** Estimates shop after shop on one fixed date, and counts whose set holds the truth. */
export function coverShops(
  world: World,
  truth: { offerMinor: number; gestureMinor: number },
  { shops, seed }: { shops: number; seed: number },
): Coverage {
  let [covered, offersCovered, claims, unbounded, treated, errors] = [0, 0, 0, 0, 0, 0];
  const effects: number[] = [];
  for (let shop = 0; shop < shops; shop++) {
    const { draws } = simulateShop(world, seed + shop);
    const { offer, gesture, set } = estimate(columnsOf(draws, world), { multiplier: fixedMultiplier })!;
    effects.push(gesture!.effect);
    errors += gesture!.standardError;
    treated += draws.filter(({ z }) => z === 1).length;
    if (offer.low <= truth.offerMinor && truth.offerMinor <= offer.high) offersCovered++;
    if (!set.isBounded) unbounded++;
    else if (set.low > 0 || set.high < 0) claims++;
    if (!set.isBounded || (set.low <= truth.gestureMinor && truth.gestureMinor <= set.high)) covered++;
  }
  const { mean, deviation } = describe(effects);
  return {
    shops,
    covered,
    offersCovered,
    claims,
    unbounded,
    mean,
    deviation,
    meanError: errors / shops,
    meanTreated: treated / shops,
  };
}

export interface Peeking {
  years: number;
  /** Years in which a look found an effect that is not there, with m(n) and with 1.96. */
  claims: number;
  careless: number;
}

const DAYS_OF_OUTCOME = 30;
const FIRST_LOOK_DAYS = 63;
const LEAST_TREATED = 100;
const LEAST_CUSTOMERS = 50;

/** Looks at a report every week for a year, as an owner would, in a world where gestures do nothing. */
export function peekWeekly(
  world: World,
  { years, seed, plannedVisits }: { years: number; seed: number; plannedVisits: number },
): Peeking {
  let [claims, careless] = [0, 0];
  for (let year = 0; year < years; year++) {
    const draws = simulateShop(world, seed + year).draws.toSorted((a, b) => a.day - b.day);
    const all = columnsOf(draws, world);
    let [hasClaimed, hasClaimedCarelessly] = [false, false];
    for (let look = FIRST_LOOK_DAYS; look <= world.seasonDays; look += 7) {
      const matured = draws.findIndex(({ day }) => day > world.daysBefore + look - DAYS_OF_OUTCOME);
      const count = matured < 0 ? draws.length : matured;
      if (!isLargeEnough(draws.slice(0, count))) continue;
      const sofar = firstOf(all, count);
      const multiplier = sequenceMultiplier({ visits: count, plannedVisits });
      const isBeyond = (m: number) => {
        const { set } = estimate(sofar, { multiplier: m })!;
        return set.isBounded && (set.low > 0 || set.high < 0);
      };
      // The wider set holds the narrower one.
      if (!hasClaimedCarelessly && isBeyond(1.96)) hasClaimedCarelessly = true;
      if (!hasClaimed && isBeyond(multiplier)) hasClaimed = true;
    }
    if (hasClaimed) claims++;
    if (hasClaimedCarelessly) careless++;
  }
  return { years, claims, careless };
}

function isLargeEnough(draws: readonly SimulatedDraw[]): boolean {
  const treated = draws.filter(({ z }) => z === 1);
  return (
    treated.length >= LEAST_TREATED &&
    new Set(treated.map(({ customerId }) => customerId)).size >= LEAST_CUSTOMERS
  );
}

const firstOf = (
  { y, d, z, p, x, cluster }: EstimateInputs & { x: Float64Array[] },
  count: number,
): EstimateInputs => {
  const cut = (column: ArrayLike<number>) => Float64Array.from(column).subarray(0, count);
  return {
    y: cut(y),
    d: cut(d),
    z: cut(z),
    p,
    x: x.map(cut),
    cluster: (cluster as readonly number[]).slice(0, count),
  };
};

export interface Redraws {
  redraws: number;
  /** Redraws whose set lay beyond 0, nothing having been done. */
  found: number;
  /** Redraws whose set held the truth, after the treated visits' later spend had been raised. */
  covered: number;
  visits: number;
}

/**
 * Draws the visits of a real shop anew, again and again: once leaving their spend alone, once raising the later spend of
 * those given to by a share of it. What is true of all the visits together is then known: nothing, and that share of
 * their mean.
 */
export function redrawVisits(
  { y, x, cluster }: { y: Float64Array; x: Float64Array[]; cluster: readonly (string | number)[] },
  {
    redraws,
    seed,
    chance,
    acceptance,
    raise,
  }: {
    redraws: number;
    seed: number;
    chance: number;
    acceptance: number;
    raise: number;
  },
): Redraws {
  const next = createSeededRandom(seed);
  const clusters = numberClusters(cluster);
  const shared = { p: chance, x: buildBasis(x), cluster: clusters };
  const multiplier = fixedMultiplier({ customers: clusters.count });
  const truth = raise * describe([...y]).mean;
  const [z, d] = [new Float64Array(y.length), new Float64Array(y.length)];
  const raised = new Float64Array(y.length);
  let [found, covered] = [0, 0];
  for (let redraw = 0; redraw < redraws; redraw++) {
    for (let visit = 0; visit < y.length; visit++) {
      z[visit] = next() < chance ? 1 : 0;
      d[visit] = next() < acceptance ? z[visit]! : 0;
      raised[visit] = y[visit]! * (1 + raise * d[visit]!);
    }
    const { set } = estimate({ ...shared, y, d, z }, { multiplier })!;
    if (set.isBounded && (set.low > 0 || set.high < 0)) found++;
    const { set: after } = estimate({ ...shared, y: raised, d, z }, { multiplier })!;
    if (!after.isBounded || (after.low <= truth && truth <= after.high)) covered++;
  }
  return { redraws, found, covered, visits: y.length };
}

/** Mean and standard deviation. */
export function describe(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}
