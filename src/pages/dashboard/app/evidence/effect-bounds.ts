/** The best estimate of an effect, and between what the truth plausibly is. */
export interface Bounds {
  effect: number;
  low: number;
  high: number;
}

/** Null while there is no estimate, or nothing bounds it. */
export function boundsOf(
  estimate: { effect: number | null; low: number | null; high: number | null } | null,
): Bounds | null {
  if (estimate === null) return null;
  const { effect, low, high } = estimate;
  return effect === null || low === null || high === null ? null : { effect, low, high };
}
