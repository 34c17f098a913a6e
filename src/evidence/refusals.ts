import type { EffectSet, Clusters, Residuals } from './estimate.ts';
import { dot } from './residualise.ts';
import type { Basis } from './residualise.ts';
import { chiSquareTail, fTail, studentTCdf } from './quantiles.ts';

export type LightColour = 'ok' | 'warn' | 'refuse';

export const CHECKS = [
  'sample-ratio',
  'draw-audit',
  'completeness',
  'balance',
  'size',
  'first-stage',
  'dominance',
  'drift',
] as const;
export type Check = (typeof CHECKS)[number];

/** A check, whether it passed, and the figures it was decided by. */
export interface Light {
  check: Check;
  light: LightColour;
  /** Named figures, as they are; null for one that the data were too few to work out. */
  figures: Record<string, number | null>;
}

const MOST_SAMPLE_Z = 3.29;
const MOST_UNDRAWN_SHARE = 0.02;
const BALANCE_REFUSES_BELOW = 0.001;
const BALANCE_WARNS_BELOW = 0.01;
/** Below it there is no verdict, however clear it looks. */
export const LEAST_TREATED_DRAWS = 100;
const LEAST_TREATED_CUSTOMERS = 50;
const MOST_DOMINANCE = 0.2;
const DRIFT_TIMES = 2;
/** Neighbouring weeks are taken together until they hold so many treated draws. */
const DRIFT_LEAST_DRAWS = 20;
const DRIFT_CHANCE_BELOW = 0.01;

/** Whether as many were drawn as the chance says: z = Σ(Z − p)/√Σp(1 − p); refuses beyond 3.29. */
export function checkSampleRatio(z: ArrayLike<number>, p: ArrayLike<number> | number): Light {
  let [surprise, variance] = [0, 0];
  for (let visit = 0; visit < z.length; visit++) {
    const chance = typeof p === 'number' ? p : p[visit]!;
    surprise += z[visit]! - chance;
    variance += chance * (1 - chance);
  }
  const ratio = variance > 0 ? surprise / Math.sqrt(variance) : 0;
  const light = Math.abs(ratio) > MOST_SAMPLE_Z ? 'refuse' : 'ok';
  return { check: 'sample-ratio', light, figures: { z: ratio } };
}

/** Whether every draw is the one the sealed key yields; refuses at the first that is not. */
export const checkDrawAudit = ({
  checkedCount,
  mismatchedCount,
}: {
  checkedCount: number;
  mismatchedCount: number;
}): Light => ({
  check: 'draw-audit',
  light: mismatchedCount > 0 ? 'refuse' : 'ok',
  figures: { checkedCount, mismatchedCount },
});

/** Whether every eligible scan drew; refuses when more than 2 % did not. */
export function checkCompleteness({
  eligibleScans,
  undrawnScans,
}: {
  eligibleScans: number;
  /** Eligible scans for which no draw was made. */
  undrawnScans: number;
}): Light {
  const share = eligibleScans > 0 ? undrawnScans / eligibleScans : 0;
  const light = share > MOST_UNDRAWN_SHARE ? 'refuse' : 'ok';
  return { check: 'completeness', light, figures: { eligibleScans, undrawnScans, share } };
}

interface BalanceInputs {
  /** Of all matured draws: e = Z − p, and what x leaves of it. */
  residuals: Pick<Residuals, 'surprise' | 'e'>;
  /** Of x; its first column is the constant. */
  basis: Pick<Basis, 'columns'>;
  clusters: Clusters;
}

/**
 * Whether those drawn and those not were alike before the draw. Two questions, and the smaller p decides (refuses below
 * 0.001, warns below 0.01): a Wald test, clustered, of all of x in a regression of e on x; and the effect of an offer on
 * what customers spent 58 to 28 days *before*, which must be none.
 */
export function checkBalance({
  placebo,
  ...draws
}: BalanceInputs & {
  /** τ and SE(τ) of the placebo outcome; null when it could not be estimated. */
  placebo: { effect: number; standardError: number } | null;
}): Light {
  const wald = testBalance(draws);
  const placeboP =
    placebo === null || !(placebo.standardError > 0)
      ? null
      : 2 * studentTCdf(-Math.abs(placebo.effect / placebo.standardError), draws.clusters.count - 1);
  const smallest = Math.min(wald?.pValue ?? 1, placeboP ?? 1);
  const light = smallest < BALANCE_REFUSES_BELOW ? 'refuse' : smallest < BALANCE_WARNS_BELOW ? 'warn' : 'ok';
  return {
    check: 'balance',
    light,
    figures: { f: wald?.f ?? null, waldP: wald?.pValue ?? null, placeboP },
  };
}

/**
 * The Wald F of x in a regression of e on x, clustered by customer: F = γ'V⁻¹γ/q, with q and C − 1 degrees of freedom. It
 * is the same for any columns that reach as far as x, so those of the basis serve, for which V needs no (X'X)⁻¹. Null
 * when there are no more customers than columns.
 */
export function testBalance({
  residuals: { surprise, e },
  basis: { columns },
  clusters,
}: BalanceInputs): { f: number; pValue: number } | null {
  const tested = columns.slice(1);
  const q = tested.length;
  const [n, count] = [surprise.length, clusters.count];
  if (q === 0 || count <= q + 1 || n <= columns.length) return null;
  const gamma = tested.map((column) => dot(column, surprise));
  const scores = tested.map((column) => {
    const sums = new Float64Array(count);
    for (let visit = 0; visit < n; visit++) sums[clusters.codes[visit]!]! += column[visit]! * e[visit]!;
    return sums;
  });
  const factor = ((count / (count - 1)) * (n - 1)) / (n - columns.length);
  const variance = scores.map((one) => scores.map((other) => factor * dot(one, other)));
  const quadratic = invertInto(variance, gamma);
  if (quadratic === null) return null;
  const f = quadratic / q;
  return { f, pValue: fTail(f, q, count - 1) };
}

/** Matured draws that were drawn, and the customers they are of. */
export interface TreatedCounts {
  treatedDraws: number;
  treatedCustomers: number;
}

/** Whether enough were treated: 100 draws, of 50 customers. */
export const checkSize = ({ treatedDraws, treatedCustomers }: TreatedCounts): Light => ({
  check: 'size',
  light: treatedDraws < LEAST_TREATED_DRAWS || treatedCustomers < LEAST_TREATED_CUSTOMERS ? 'refuse' : 'ok',
  figures: { treatedDraws, treatedCustomers },
});

/**
 * Whether a light says that something is wrong, and not only that there is too little data yet: of a few customers one
 * always decides, and chance makes them unlike.
 */
export function isFault(
  { check, light }: Pick<Light, 'check' | 'light'>,
  { isLargeEnough }: { isLargeEnough: boolean },
): boolean {
  if (light !== 'refuse' || check === 'size' || check === 'first-stage') return false;
  return isLargeEnough || (check !== 'balance' && check !== 'dominance');
}

/** How many treats are missing for that at least: each customer that is missing takes one of their own. */
export const countTreatsForSize = ({ treatedDraws, treatedCustomers }: TreatedCounts): number =>
  Math.max(0, LEAST_TREATED_DRAWS - treatedDraws, LEAST_TREATED_CUSTOMERS - treatedCustomers);

/** Whether offers make enough of a difference to gestures; if not, only the effect of an offer is shown. */
export const checkFirstStage = ({
  set,
  rate,
  standardError,
}: {
  set: EffectSet;
  /** π and SE(π); null of too few draws to estimate anything. */
  rate: number | null;
  standardError: number | null;
}): Light => ({
  check: 'first-stage',
  light: set.isBounded ? 'ok' : 'refuse',
  figures: { acceptance: rate, standardError },
});

/** Whether one customer decides the answer: max ψ²/Σψ² above 0.20. */
export const checkDominance = (dominance: number | null): Light => ({
  check: 'dominance',
  light: dominance !== null && dominance > MOST_DOMINANCE ? 'refuse' : 'ok',
  figures: { share: dominance },
});

/**
 * Whether acceptance stayed what it was. Neighbouring weeks are put together until each stretch has 20 treated draws;
 * warns when the highest acceptance is at least twice the lowest and chance (χ² of homogeneity) gives it less than 1 %.
 */
export function checkDrift(weeks: readonly { treated: number; accepted: number }[]): Light {
  const stretches = joinWeeks(weeks);
  const rates = stretches.map(({ treated, accepted }) => accepted / treated);
  const [lowest, highest] = [Math.min(...rates), Math.max(...rates)];
  const pValue = testHomogeneity(stretches);
  const isDrifting = highest >= DRIFT_TIMES * lowest && pValue < DRIFT_CHANCE_BELOW;
  const known = stretches.length > 0;
  return {
    check: 'drift',
    light: isDrifting ? 'warn' : 'ok',
    figures: { lowest: known ? lowest : null, highest: known ? highest : null, pValue },
  };
}

function joinWeeks(weeks: readonly { treated: number; accepted: number }[]) {
  const stretches: { treated: number; accepted: number }[] = [];
  let open = { treated: 0, accepted: 0 };
  for (const { treated, accepted } of weeks) {
    open = { treated: open.treated + treated, accepted: open.accepted + accepted };
    if (open.treated < DRIFT_LEAST_DRAWS) continue;
    stretches.push(open);
    open = { treated: 0, accepted: 0 };
  }
  return stretches;
}

/** P of the χ² test that all stretches have the same acceptance. */
function testHomogeneity(stretches: readonly { treated: number; accepted: number }[]): number {
  const treated = stretches.reduce((sum, stretch) => sum + stretch.treated, 0);
  const accepted = stretches.reduce((sum, stretch) => sum + stretch.accepted, 0);
  const rate = accepted / treated;
  if (stretches.length < 2 || rate === 0 || rate === 1) return 1;
  const square = stretches.reduce(
    (sum, stretch) =>
      sum + (stretch.accepted - rate * stretch.treated) ** 2 / (stretch.treated * rate * (1 - rate)),
    0,
  );
  return chiSquareTail(square, stretches.length - 1);
}

/** g'V⁻¹g by Cholesky's decomposition; null when V has no inverse. */
function invertInto(variance: readonly (readonly number[])[], g: readonly number[]): number | null {
  const size = g.length;
  const lower = variance.map((row) => row.slice());
  const solved: number[] = [];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let left = variance[row]![column]!;
      for (let before = 0; before < column; before++) left -= lower[row]![before]! * lower[column]![before]!;
      if (column < row) lower[row]![column] = left / lower[column]![column]!;
      else if (left > variance[row]![row]! * 1e-12) lower[row]![row] = Math.sqrt(left);
      else return null;
    }
    let left = g[row]!;
    for (let before = 0; before < row; before++) left -= lower[row]![before]! * solved[before]!;
    solved.push(left / lower[row]![row]!);
  }
  return solved.reduce((sum, value) => sum + value * value, 0);
}
