import { basisOf, clustersOf, estimate, residualsOf } from './estimate.ts';
import type { Clusters, Estimate, SampleSize } from './estimate.ts';
import { sequenceMultiplier } from './multiplier.ts';
import { SMALL_SAMPLE_TREATED, testByRandomisation } from './randomisation-test.ts';
import {
  checkBalance,
  checkCompleteness,
  checkDominance,
  checkDrawAudit,
  checkDrift,
  checkFirstStage,
  checkSampleRatio,
  checkSize,
  countTreatsForSize,
  isFault,
} from './refusals.ts';
import type { Light, TreatedCounts } from './refusals.ts';
import type { Basis, Column } from './residualise.ts';
import {
  computeBreakEven,
  computeDrawsNeeded,
  computeSmallestEffect,
  computeStillNeeded,
  decideVerdict,
} from './verdict.ts';
import type { StillNeeded, Verdict } from './verdict.ts';

/** Every matured draw of a season, one value for each, all in one order. None may be left out. */
export interface MaturedDraws {
  z: Column;
  p: Column | number;
  /** 1 when any gesture was recorded on the visit. */
  d: Column;
  /** What `computeOutcome` answered. */
  spendMinor: Column;
  saleCount: Column;
  placeboMinor: Column;
  /** Columns (`buildColumns`), or their basis when it is known. */
  x: readonly Column[] | Basis;
  cluster: readonly (string | number)[] | Clusters;
  /** Weeks since the season began, whole. */
  week: Column;
}

export interface SeasonPlan {
  /** n*, frozen when the season began. */
  plannedDraws: number;
  chance: number;
  /** What a gesture cost on average, minor units. */
  gestureCostMinor: number;
  marginMillionths: number;
  /** δ, when the owner named one. */
  smallestEffectMinor: number | null;
  /** Draws made so far, matured or not, and how many come in a week. */
  drawsMade: number;
  drawsPerWeek: number;
  audit: { checkedCount: number; mismatchedCount: number };
  completeness: { eligibleScans: number; undrawnScans: number };
  /** Of the re-randomisation test: any number, the same for the same season. */
  seed: number;
}

export interface SeasonEvidence {
  verdict: Verdict;
  /** Minor units; null when nothing can be estimated yet. */
  spend: Estimate | null;
  /** The same for the number of later sales: the early, secondary answer. */
  visits: Estimate | null;
  /** p of the re-randomisation test, asked below 200 treated draws; otherwise null. */
  randomisationP: number | null;
  lights: Light[];
  treatedDraws: number;
  treatedCustomers: number;
  /** Mean spend after draws that were not drawn, minor units; null without any. */
  meanUndrawnMinor: number | null;
  /** b*, minor units. */
  breakEvenMinor: number;
  /** δ, minor units; null when there is nothing to take it from. */
  smallestEffectMinor: number | null;
  /** How much is missing for a verdict; null when it can't be told, or one is reached. */
  stillNeeded: StillNeeded | null;
}

/** Everything the report says of a season, from its matured draws: estimate, lights, verdict, and how much is missing. */
export function weighSeason(draws: MaturedDraws, plan: SeasonPlan): SeasonEvidence {
  const { z, p, d } = draws;
  const basis = basisOf(draws.x);
  const clusters = clustersOf(draws.cluster);
  const shared = { d, z, p, x: basis, cluster: clusters };
  const multiplier = ({ visits }: SampleSize) =>
    sequenceMultiplier({ visits, plannedVisits: plan.plannedDraws });
  const residuals = residualsOf(shared);
  const spend = estimate({ ...shared, y: draws.spendMinor }, { multiplier }, residuals);
  const visits = estimate({ ...shared, y: draws.saleCount }, { multiplier }, residuals);
  const placebo = estimate({ ...shared, y: draws.placeboMinor }, { multiplier }, residuals);
  const treated = countTreated(z, clusters);
  const size = checkSize(treated);
  const isLargeEnough = size.light === 'ok';
  const isSmall = treated.treatedDraws < SMALL_SAMPLE_TREATED;
  const randomisationP = isSmall
    ? testByRandomisation({ ...shared, y: draws.spendMinor }, { seed: plan.seed })
    : null;
  const failing = [
    checkSampleRatio(z, p),
    checkDrawAudit(plan.audit),
    checkCompleteness(plan.completeness),
    checkBalance({ residuals, basis, clusters, placebo: placebo?.offer ?? null }),
    checkDominance(spend?.dominance ?? null),
  ];
  const set = spend?.set ?? { isBounded: false };
  const firstStage = checkFirstStage({
    set,
    rate: spend?.acceptance.rate ?? null,
    standardError: spend?.acceptance.standardError ?? null,
  });
  const breakEvenMinor = computeBreakEven({
    costMinor: plan.gestureCostMinor,
    marginMillionths: plan.marginMillionths,
  });
  const verdict = decideVerdict({
    set,
    breakEvenMinor,
    pValue: randomisationP,
    hasFailedCheck: failing.some((light) => isFault(light, { isLargeEnough })),
    isLargeEnough,
  });
  const meanUndrawnMinor = meanOfUndrawn(draws.spendMinor, z);
  const smallestEffectMinor =
    plan.smallestEffectMinor ??
    (meanUndrawnMinor === null ? null : computeSmallestEffect({ breakEvenMinor, meanUndrawnMinor }));
  return {
    verdict,
    spend,
    visits,
    randomisationP,
    lights: [...failing, size, firstStage, checkDrift(acceptanceByWeek(draws))],
    ...treated,
    meanUndrawnMinor,
    breakEvenMinor,
    smallestEffectMinor,
    // Where no effect that pays for itself is left, no more draws are missing either.
    stillNeeded:
      verdict === 'not-enough-data' ||
      (verdict === 'bring-people-back' && set.isBounded && set.high >= breakEvenMinor)
        ? tellStillNeeded(spend, smallestEffectMinor, { ...plan, ...treated })
        : null,
  };
}

function countTreated(z: Column, { codes, count }: Clusters) {
  const isTreated = new Uint8Array(count);
  let treatedDraws = 0;
  for (let visit = 0; visit < z.length; visit++)
    if (z[visit] === 1) {
      treatedDraws++;
      isTreated[codes[visit]!] = 1;
    }
  return { treatedDraws, treatedCustomers: isTreated.reduce((sum, one) => sum + one, 0) };
}

function meanOfUndrawn(y: Column, z: Column): number | null {
  let [sum, count] = [0, 0];
  for (let visit = 0; visit < z.length; visit++)
    if (z[visit] === 0) {
      sum += y[visit]!;
      count++;
    }
  return count === 0 ? null : sum / count;
}

/** Drawn visits and accepted offers, week by week. */
function acceptanceByWeek({ z, d, week }: MaturedDraws): { treated: number; accepted: number }[] {
  const weeks = new Map<number, { treated: number; accepted: number }>();
  for (let visit = 0; visit < z.length; visit++) {
    if (z[visit] !== 1) continue;
    const counts = weeks.get(week[visit]!) ?? { treated: 0, accepted: 0 };
    counts.treated++;
    counts.accepted += d[visit]!;
    weeks.set(week[visit]!, counts);
  }
  return [...weeks].sort(([a], [b]) => a - b).map(([, counts]) => counts);
}

/** Null where nothing bounds the effect of a gesture: its standard error then says nothing either. */
function tellStillNeeded(
  spend: Estimate | null,
  smallestEffectMinor: number | null,
  { drawsMade, drawsPerWeek, chance, ...treated }: SeasonPlan & TreatedCounts,
): StillNeeded | null {
  if (!spend?.gesture || !spend.set.isBounded) return null;
  if (smallestEffectMinor === null || !(smallestEffectMinor > 0)) return null;
  const { visits } = spend;
  const drawsNeeded = computeDrawsNeeded({
    visits,
    standardError: spend.gesture.standardError,
    smallestEffect: smallestEffectMinor,
  });
  // However small the doubt seems: below the size that is asked for there is no verdict.
  const drawsForSize = visits + Math.ceil(countTreatsForSize(treated) / chance);
  return computeStillNeeded({
    drawsNeeded: Math.max(drawsNeeded, drawsForSize),
    drawsMatured: visits,
    drawsMade,
    chance,
    drawsPerWeek,
  });
}
