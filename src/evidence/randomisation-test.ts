import { basisOf, clustersOf, NOTHING_LEFT, subtractChance, sumScores, varianceFactor } from './estimate.ts';
import type { Clusters, EstimateInputs } from './estimate.ts';
import { dot, residualise } from './residualise.ts';
import type { Basis } from './residualise.ts';
import { createSeededRandom } from './seeded-random.ts';

/** Below so many treated draws the verdict also asks the re-randomisation test. */
export const SMALL_SAMPLE_TREATED = 200;
const REDRAWS = 999;

/**
 * Whether offers did anything at all, without leaning on large numbers: Z is drawn anew 999 times from the logged p, and
 * |τ|/SE(τ), clustered as in `estimate`, compared with what it really was. Answers with p = (1 + redraws as large)/
 * (1 + redraws). The same seed answers the same. Null when nothing can be estimated. O(redraws n k) time.
 *
 * Wu and Ding, "Randomization tests for weak null hypotheses", JASA 2021: studentised, it holds for no effect on average.
 */
export function testByRandomisation(
  inputs: Omit<EstimateInputs, 'd'>,
  { seed, redraws = REDRAWS }: { seed: number; redraws?: number },
): number | null {
  const { y, z, p, cluster } = inputs;
  const clusters = clustersOf(cluster);
  const basis = basisOf(inputs.x);
  if (clusters.count < 2 || z.length <= basis.columns.length + 1) return null;
  const left = residualise(y, basis);
  const seen = computeStatistic({ surprise: subtractChance(z, p), left, basis, clusters });
  if (seen === null) return null;
  const next = createSeededRandom(seed);
  const redrawn = new Float64Array(z.length);
  let asLarge = 1;
  for (let redraw = 0; redraw < redraws; redraw++) {
    for (let visit = 0; visit < redrawn.length; visit++) {
      const chance = typeof p === 'number' ? p : p[visit]!;
      redrawn[visit] = (next() < chance ? 1 : 0) - chance;
    }
    const statistic = computeStatistic({ surprise: redrawn, left, basis, clusters });
    // A redraw that draws nobody says nothing; it counts against a finding.
    if (statistic === null || statistic >= seen * (1 - ROUNDING)) asLarge++;
  }
  return asLarge / (redraws + 1);
}

/** Two statistics that differ by rounding alone are the same. */
const ROUNDING = 1e-9;

/** |τ| / SE(τ); null when nothing of the draw is left. */
function computeStatistic({
  surprise,
  left,
  basis,
  clusters,
}: {
  surprise: Float64Array;
  left: Float64Array;
  basis: Basis;
  clusters: Clusters;
}): number | null {
  const e = residualise(surprise, basis);
  const drawVariation = dot(e, e);
  if (!(drawVariation > dot(surprise, surprise) * NOTHING_LEFT)) return null;
  const slope = dot(e, left) / drawVariation;
  const scores = sumScores({ e, left, slope }, clusters);
  const size = { visits: e.length, customers: clusters.count, parameters: basis.columns.length + 1 };
  const variance = varianceFactor({ ...size, drawVariation }) * dot(scores, scores);
  return variance > 0 ? Math.abs(slope) / Math.sqrt(variance) : null;
}
