import { varianceAt } from './estimate.ts';
import type { EffectSet, SampleSize, Variances } from './estimate.ts';

/** One shop's answer, which is all that shops of separate owners share: no customer, no sale. */
export interface ShopAnswer extends SampleSize {
  /** τ, the effect of an offer. */
  tau: number;
  /** π, the acceptance. */
  pi: number;
  variances: Variances;
}

export interface RandomEffects {
  mean: number;
  standardError: number;
  /** τ² of DerSimonian and Laird: how far the shops truly differ, as a variance. */
  betweenVariance: number;
  /** Cochran's Q: how far they differ at all. */
  heterogeneity: number;
}

export interface PooledAnswer extends SampleSize {
  shops: number;
  offer: RandomEffects;
  /** β for "shops like yours": the b at which the pooled τ − bπ is 0; null when offers change too little to tell. */
  gestureEffect: number | null;
  set: EffectSet;
}

/** Beyond so many times the largest effect of one shop, a set is as good as unbounded. */
const FARTHEST = 1e4;
const HALVINGS = 100;

/**
 * The mean of effects that differ between shops, each with its variance: weights 1/(v + τ²), τ² by the moments of
 * Cochran's Q. DerSimonian and Laird, "Meta-analysis in clinical trials", Controlled Clinical Trials 1986.
 *
 * @throws RangeError when there is none, or a variance is not above 0
 */
export function poolRandomEffects(effects: readonly number[], variances: readonly number[]): RandomEffects {
  if (effects.length === 0 || variances.some((variance) => !(variance > 0)))
    throw new RangeError('Pooling needs effects, each with a variance above 0');
  const fixed = weigh(effects, variances, 0);
  const heterogeneity = effects.reduce(
    (sum, effect, shop) => sum + (effect - fixed.mean) ** 2 / variances[shop]!,
    0,
  );
  const squares = variances.reduce((sum, variance) => sum + 1 / variance ** 2, 0);
  const spread = fixed.weight - squares / fixed.weight;
  const betweenVariance =
    effects.length === 1 ? 0 : Math.max(0, (heterogeneity - (effects.length - 1)) / spread);
  const { mean, weight } = weigh(effects, variances, betweenVariance);
  return { mean, standardError: 1 / Math.sqrt(weight), betweenVariance, heterogeneity };
}

function weigh(effects: readonly number[], variances: readonly number[], between: number) {
  let [weight, sum] = [0, 0];
  for (let shop = 0; shop < effects.length; shop++) {
    weight += 1 / (variances[shop]! + between);
    sum += effects[shop]! / (variances[shop]! + between);
  }
  return { mean: sum / weight, weight };
}

/**
 * "Shops like yours": shops of separate owners, by random effects. Their gestures' effect is found as Anderson and Rubin
 * would: every b at which the pooled τ − bπ is within m of its standard errors of 0, so a shop whose offers nobody takes
 * widens the answer instead of throwing it off.
 */
export function poolShops(
  shops: readonly ShopAnswer[],
  { multiplier }: { multiplier: number },
): PooledAnswer {
  const offer = poolRandomEffects(
    shops.map(({ tau }) => tau),
    shops.map(({ variances }) => variances.vyy),
  );
  const size = {
    shops: shops.length,
    visits: shops.reduce((sum, { visits }) => sum + visits, 0),
    customers: shops.reduce((sum, { customers }) => sum + customers, 0),
  };
  /** How far the pooled τ − bπ is from 0, in its standard errors. */
  const distanceAt = (b: number) => {
    const { mean, standardError } = poolRandomEffects(
      shops.map(({ tau, pi }) => tau - b * pi),
      shops.map(({ variances }) => varianceAt(b, variances)),
    );
    return mean / standardError;
  };
  const scale = Math.max(
    ...shops
      .filter(({ pi }) => pi !== 0)
      .map(({ tau, pi, variances }) => (Math.abs(tau) + Math.sqrt(variances.vyy)) / Math.abs(pi)),
  );
  const limit = scale * FARTHEST;
  // τ − bπ falls as b grows when offers are taken: far below it is positive, far above negative.
  const isBounded =
    Number.isFinite(limit) && distanceAt(-limit) > multiplier && distanceAt(limit) < -multiplier;
  if (!isBounded) return { ...size, offer, gestureEffect: null, set: { isBounded: false } };
  const crossing = (level: number) => findCrossing((b) => distanceAt(b) - level, limit);
  const low = crossing(multiplier);
  const high = crossing(-multiplier);
  return { ...size, offer, gestureEffect: crossing(0), set: { isBounded: true, low, high } };

  function findCrossing(difference: (b: number) => number, farthest: number): number {
    let [from, to] = [-farthest, farthest];
    for (let halving = 0; halving < HALVINGS; halving++) {
      const middle = (from + to) / 2;
      if (difference(middle) > 0) from = middle;
      else to = middle;
    }
    return (from + to) / 2;
  }
}
