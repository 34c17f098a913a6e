import type { SampleSize } from './estimate.ts';
import { studentTQuantile } from './quantiles.ts';

const ALPHA = 0.05;

/** m for one look at a date fixed beforehand: t_{C−1, 1−α/2}. */
export const fixedMultiplier = ({ customers }: Pick<SampleSize, 'customers'>): number =>
  studentTQuantile(1 - ALPHA / 2, customers - 1);

/**
 * m(n) for a report that may be looked at on any day: an asymptotic confidence sequence, tightest at the n* that was
 * planned and frozen when the season began.
 *
 *     M = −2 ln α + ln(1 − 2 ln α)    r = M n/n*    m(n) = √((r+1)/r · ln((r+1)/α²))
 *
 * Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Annals of Statistics 2024; arXiv 2103.06476. m(n*) = 3.035.
 *
 * @throws RangeError when n or n* is not above 0
 */
export function sequenceMultiplier({
  visits,
  plannedVisits,
}: {
  visits: number;
  /** n*: matured draws, Z = 0 and 1 together. */
  plannedVisits: number;
}): number {
  if (!(visits > 0 && plannedVisits > 0))
    throw new RangeError('A confidence sequence needs draws, and a plan');
  const tightness = -2 * Math.log(ALPHA) + Math.log(1 - 2 * Math.log(ALPHA));
  const r = (tightness * visits) / plannedVisits;
  return Math.sqrt(((r + 1) / r) * Math.log((r + 1) / ALPHA ** 2));
}
