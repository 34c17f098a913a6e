import { buildBasis, dot, residualise } from './residualise.ts';
import type { Basis, Column } from './residualise.ts';

/** The matured draws of a season, one value for each visit, all in one order. */
export interface EstimateInputs {
  /** Outcome: spend in minor units, or a number of sales. */
  y: Column;
  /** 1 when any gesture was recorded on the visit, otherwise 0. */
  d: Column;
  /** 1 when drawn, otherwise 0. */
  z: Column;
  /** The chance of being drawn: 0 to 1, for each visit or for all. */
  p: Column | number;
  /**
   * Columns known before the draw, the constant first (`buildColumns`). They are frozen, so when only outcomes have
   * changed since the last time, their basis (`buildBasis`) saves most of the work.
   */
  x: readonly Column[] | Basis;
  /** Whose visit it was: any names or numbers; `Clusters` saves counting them again. */
  cluster: readonly (string | number)[] | Clusters;
}

export interface EstimateOptions {
  /** m: a number, or a rule that knows how much data there is (`fixedMultiplier`, `sequenceMultiplier`). */
  multiplier: number | ((size: SampleSize) => number);
}

export interface SampleSize {
  /** n, matured draws. */
  visits: number;
  /** C, the customers they are of. */
  customers: number;
}

/** Customers by number: 0 up to, not including, `count`. */
export interface Clusters {
  codes: Int32Array;
  count: number;
}

/** What x leaves of the draw and of the gestures: the same whatever outcome is asked about. */
export interface Residuals {
  /** e = Z − p. */
  surprise: Float64Array;
  /** ẽ and d̃. */
  e: Float64Array;
  dLeft: Float64Array;
}

/** Variances of τ and π and how they go together, clustered by customer. */
export interface Variances {
  vyy: number;
  vyd: number;
  vdd: number;
}

/** The effects not ruled out. Unbounded when offers change too little to tell: then only the effect of an offer is shown. */
export type EffectSet = { isBounded: true; low: number; high: number } | { isBounded: false };

export interface Estimate extends SampleSize {
  /** k: columns of x that were used, and one more. */
  parameters: number;
  /** S, what is left of Z − p when x is taken out, squared and summed. */
  drawVariation: number;
  /** τ in the unit of y, with τ ± m SE(τ): what an offer does, taken or not. */
  offer: { effect: number; standardError: number; low: number; high: number };
  /** π: gestures more per offer. */
  acceptance: { rate: number; standardError: number };
  /** β = τ/π in the unit of y: what a gesture does; null when no offer was taken. */
  gesture: { effect: number; standardError: number } | null;
  variances: Variances;
  /** m, as it was used. */
  multiplier: number;
  /** The Anderson–Rubin set of β at m. */
  set: EffectSet;
  /** max ψ² / Σψ²: how much of the doubt comes from one customer, 0 to 1; null when no offer was taken. */
  dominance: number | null;
  /** Places in x of columns that the others already add up to. */
  droppedColumns: number[];
}

/** A share of Σ(Z − p)² below which x explains the draw to the last digit, and nothing random is left. */
export const NOTHING_LEFT = 1e-12;

/**
 * What a gesture causes, from draws at random. `e = Z − p`; Y, D and e less what x explains are ỹ, d̃ and ẽ; then
 *
 *     S = Σẽ²    τ = Σẽỹ/S    π = Σẽd̃/S    β = τ/π
 *     sY_c = Σ ẽ(ỹ − τẽ)    sD_c = Σ ẽ(d̃ − πẽ)              over the visits of customer c
 *     f = C/(C−1) · (n−1)/(n−k) / S²     k = columns of x + 1
 *     Vyy = f Σ sY_c²    Vyd = f Σ sY_c sD_c    Vdd = f Σ sD_c²
 *     SE(τ) = √Vyy       SE(β) = √(Vyy − 2βVyd + β²Vdd) / |π|
 *
 * This is two-stage least squares of Y on D with Z − p as instrument and x as controls, and CR1 variances, clustered
 * (Cameron and Miller 2015; the same as Stata's `ivregress …, vce(cluster)` with its small-sample factor).
 *
 * `residuals` of the same d, z, p and x save working them out again for another outcome.
 *
 * Null when nothing can be estimated: fewer than two customers, no more visits than columns, or nothing drawn by chance.
 */
export function estimate(
  { y, d, z, p, x, cluster }: EstimateInputs,
  { multiplier: rule }: EstimateOptions,
  residuals?: Residuals,
): Estimate | null {
  const basis = basisOf(x);
  const clusters = clustersOf(cluster);
  const size: SampleSize = { visits: z.length, customers: clusters.count };
  const parameters = basis.columns.length + 1;
  if (size.customers < 2 || size.visits <= parameters) return null;
  const { surprise, e, dLeft } = residuals ?? residualsOf({ d, z, p, x: basis });
  const drawVariation = dot(e, e);
  if (!(drawVariation > dot(surprise, surprise) * NOTHING_LEFT)) return null;
  const yLeft = residualise(y, basis);
  const tau = dot(e, yLeft) / drawVariation;
  const pi = dot(e, dLeft) / drawVariation;
  const scoresY = sumScores({ e, left: yLeft, slope: tau }, clusters);
  const scoresD = sumScores({ e, left: dLeft, slope: pi }, clusters);
  const factor = varianceFactor({ ...size, parameters, drawVariation });
  const variances = {
    vyy: factor * dot(scoresY, scoresY),
    vyd: factor * dot(scoresY, scoresD),
    vdd: factor * dot(scoresD, scoresD),
  };
  const multiplier = typeof rule === 'number' ? rule : rule(size);
  const offerError = Math.sqrt(variances.vyy);
  const beta = pi === 0 ? null : tau / pi;
  return {
    ...size,
    parameters,
    drawVariation,
    offer: {
      effect: tau,
      standardError: offerError,
      low: tau - multiplier * offerError,
      high: tau + multiplier * offerError,
    },
    acceptance: { rate: pi, standardError: Math.sqrt(variances.vdd) },
    gesture:
      beta === null
        ? null
        : { effect: beta, standardError: Math.sqrt(varianceAt(beta, variances)) / Math.abs(pi) },
    variances,
    multiplier,
    set: computeEffectSet({ tau, pi, variances, multiplier }),
    dominance: beta === null ? null : computeDominance(scoresY, scoresD, beta),
    droppedColumns: basis.droppedColumns,
  };
}

/** Takes x out of the draw and of the gestures. */
export function residualsOf({ d, z, p, x }: Pick<EstimateInputs, 'd' | 'z' | 'p' | 'x'>): Residuals {
  const basis = basisOf(x);
  const surprise = subtractChance(z, p);
  return { surprise, e: residualise(surprise, basis), dLeft: residualise(d, basis) };
}

/** The basis of x, unless x is one already. */
export const basisOf = (x: readonly Column[] | Basis): Basis => ('droppedColumns' in x ? x : buildBasis(x));

/** The customers by number, unless they are already. */
export const clustersOf = (cluster: readonly (string | number)[] | Clusters): Clusters =>
  'codes' in cluster ? cluster : numberClusters(cluster);

/** e = Z − p. */
export function subtractChance(z: Column, p: Column | number): Float64Array {
  const surprise = new Float64Array(z.length);
  if (typeof p === 'number')
    for (let visit = 0; visit < surprise.length; visit++) surprise[visit] = z[visit]! - p;
  else for (let visit = 0; visit < surprise.length; visit++) surprise[visit] = z[visit]! - p[visit]!;
  return surprise;
}

/** Numbers the customers in the order they first come. */
export function numberClusters(cluster: readonly (string | number)[]): Clusters {
  const numbers = new Map<string | number, number>();
  const codes = new Int32Array(cluster.length);
  for (let visit = 0; visit < cluster.length; visit++) {
    const name = cluster[visit]!;
    let code = numbers.get(name);
    if (code === undefined) numbers.set(name, (code = numbers.size));
    codes[visit] = code;
  }
  return { codes, count: numbers.size };
}

/** s_c = Σ ẽ (left − slope ẽ) over the visits of each customer. */
export function sumScores(
  { e, left, slope }: { e: Float64Array; left: Float64Array; slope: number },
  { codes, count }: Clusters,
): Float64Array {
  const sums = new Float64Array(count);
  for (let visit = 0; visit < e.length; visit++)
    sums[codes[visit]!]! += e[visit]! * (left[visit]! - slope * e[visit]!);
  return sums;
}

/** f = C/(C−1) · (n−1)/(n−k) / S². */
export const varianceFactor = ({
  visits,
  customers,
  parameters,
  drawVariation,
}: SampleSize & { parameters: number; drawVariation: number }): number =>
  ((customers / (customers - 1)) * (visits - 1)) / (visits - parameters) / drawVariation ** 2;

/**
 * Every b with (τ − bπ)² ≤ m²(Vyy − 2bVyd + b²Vdd): the effects that the data do not rule out at m, right however few
 * offers were taken (Anderson and Rubin 1949). Bounded when π is more than m of its standard errors from 0.
 */
export function computeEffectSet({
  tau,
  pi,
  variances: { vyy, vyd, vdd },
  multiplier,
}: {
  tau: number;
  pi: number;
  variances: Variances;
  multiplier: number;
}): EffectSet {
  const square = multiplier ** 2;
  const a = pi ** 2 - square * vdd;
  if (!(a > 0)) return { isBounded: false };
  const b = -2 * (tau * pi - square * vyd);
  const g = tau ** 2 - square * vyy;
  // τ/π always belongs to it, so only rounding can take this below 0.
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * g));
  return { isBounded: true, low: (-b - root) / (2 * a), high: (-b + root) / (2 * a) };
}

/** Vyy − 2bVyd + b²Vdd, the variance of τ − bπ. */
export const varianceAt = (b: number, { vyy, vyd, vdd }: Variances): number =>
  Math.max(0, vyy - 2 * b * vyd + b * b * vdd);

/** max ψ_c² / Σψ_c² with ψ_c = sY_c − β sD_c; the S and π that each is divided by fall out. 0 when there is no doubt. */
function computeDominance(scoresY: Float64Array, scoresD: Float64Array, beta: number): number {
  let [largest, sum] = [0, 0];
  for (let customer = 0; customer < scoresY.length; customer++) {
    const square = (scoresY[customer]! - beta * scoresD[customer]!) ** 2;
    largest = Math.max(largest, square);
    sum += square;
  }
  return sum === 0 ? 0 : largest / sum;
}
