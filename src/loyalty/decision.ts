/**
 * What every decider returns when it says yes; a no is `{ refused: 'the-reason', … }`. Having `refused` on both
 * lets the caller write `if (decision.refused) return decision;`.
 */
export interface Accepted {
  refused?: undefined;
}
