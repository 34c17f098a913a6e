import type { EffectSet } from './estimate.ts';
import { OUTCOME_DAYS } from './outcome.ts';

/**
 * What the owner is told: gestures bring in more than they cost; they bring people back, whether they cover their cost is
 * still open; they lower paid spend; so far they cost more than they bring back; not enough data yet; or a check failed,
 * and no number may be believed.
 */
export type Verdict =
  | 'more-than-they-cost'
  | 'bring-people-back'
  | 'lower-spend'
  | 'cost-more'
  | 'not-enough-data'
  | 'checks-failed';

export interface VerdictInputs {
  /** The Anderson–Rubin set at m(n), minor units. */
  set: EffectSet;
  /** b*, minor units. */
  breakEvenMinor: number;
  /** Of the re-randomisation test, which is asked below 200 treated draws; null when it was not. */
  pValue: number | null;
  /** Whether a check other than size and first stage refuses. */
  hasFailedCheck: boolean;
  /** Whether there are treated draws and customers enough. */
  isLargeEnough: boolean;
}

/** m(n*), the multiplier at the planned number of draws; see `sequenceMultiplier`. */
export const PLANNED_MULTIPLIER = 3.035;
/** z of 0.80: the chance of an answer, when the effect is as large as the smallest that matters. */
const POWER_QUANTILE = 0.8416;
const SMALLEST_SHARE_OF_SPEND = 0.1;
const ALPHA = 0.05;

/** The verdict, by where the set [L, U] lies to 0 and b*. */
export function decideVerdict({
  set,
  breakEvenMinor,
  pValue,
  hasFailedCheck,
  isLargeEnough,
}: VerdictInputs): Verdict {
  if (hasFailedCheck) return 'checks-failed';
  if (!set.isBounded || !isLargeEnough) return 'not-enough-data';
  // The re-randomisation test asks whether there is any effect, so it guards the answers that say there is one.
  const isEffectReal = pValue === null || pValue <= ALPHA;
  if (isEffectReal && set.low > breakEvenMinor) return 'more-than-they-cost';
  if (isEffectReal && set.low > 0) return 'bring-people-back';
  if (isEffectReal && set.high < 0) return 'lower-spend';
  return set.high < breakEvenMinor ? 'cost-more' : 'not-enough-data';
}

/** b* = cost of a gesture ÷ gross margin: the spend that pays for it, minor units. @throws RangeError without a margin */
export function computeBreakEven({
  costMinor,
  marginMillionths,
}: {
  costMinor: number;
  marginMillionths: number;
}): number {
  if (!(marginMillionths > 0)) throw new RangeError('Break-even needs a gross margin above 0');
  return costMinor / (marginMillionths / 1_000_000);
}

/** δ, when the owner names none: the larger of b* and a tenth of the mean spend after visits that were not drawn. */
export const computeSmallestEffect = ({
  breakEvenMinor,
  meanUndrawnMinor,
}: {
  breakEvenMinor: number;
  meanUndrawnMinor: number;
}): number => Math.max(breakEvenMinor, SMALLEST_SHARE_OF_SPEND * meanUndrawnMinor);

/** nNeeded = ⌈n ((3.035 + 0.8416) SE(β)/δ)²⌉: matured draws, Z = 0 and 1 together, until an effect of δ would show. */
export const computeDrawsNeeded = ({
  visits,
  standardError,
  smallestEffect,
}: {
  visits: number;
  /** SE(β). */
  standardError: number;
  /** δ, in the same unit. */
  smallestEffect: number;
}): number =>
  Math.ceil(visits * (((PLANNED_MULTIPLIER + POWER_QUANTILE) * standardError) / smallestEffect) ** 2);

export interface StillNeeded {
  /** Lucky moments (or bonus draws, or suggestions) that were drawn, still to come. */
  treats: number;
  /**
   * At the present pace, the 30 days included that the last one needed takes to mature; null when nothing is drawn; 0
   * when enough have matured already: then it is not waiting that is missing.
   */
  weeks: number | null;
}

const OUTCOME_WEEKS = OUTCOME_DAYS / 7;

/** How much is missing, as the owner is told it. Nothing, when there are already as many draws as it takes. */
export function computeStillNeeded({
  drawsNeeded,
  drawsMatured,
  drawsMade,
  chance,
  drawsPerWeek,
}: {
  drawsNeeded: number;
  drawsMatured: number;
  /** Draws made, matured or not. */
  drawsMade: number;
  chance: number;
  drawsPerWeek: number;
}): StillNeeded {
  if (drawsNeeded <= drawsMatured) return { treats: 0, weeks: 0 };
  const missing = Math.max(0, drawsNeeded - drawsMade);
  // Of the draws that mature now, the oldest soonest: of few of them that are needed, nobody waits for the last.
  const maturingShare = Math.min(1, (drawsNeeded - drawsMatured) / (drawsMade - drawsMatured));
  const weeks = drawsPerWeek > 0 ? Math.ceil(missing / drawsPerWeek + OUTCOME_WEEKS * maturingShare) : null;
  return { treats: Math.ceil(missing * chance), weeks };
}
