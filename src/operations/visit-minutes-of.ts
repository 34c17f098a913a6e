import type { SeasonRow } from '../../db/queries/season-queries.ts';

/** Of the oldest seasons it was not written down; what shops start with stays the same, whatever is set since. */
const BEFORE_IT_WAS_KEPT = 30;

/** For how many minutes after a scan sales belong to the visit itself, for all of a season. */
export const visitMinutesOf = ({ visitMinutes }: Pick<SeasonRow, 'visitMinutes'>): number =>
  visitMinutes ?? BEFORE_IT_WAS_KEPT;
