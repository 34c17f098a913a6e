import { computeBusinessDay } from '../loyalty/business-day.ts';

/** The business day at a place now; one that was entered is not left again by an edit of its zone or cut-off. */
export function businessDayOf(
  place: { timeZone: string; cutOffMinutes: number; dayFloor: string | null },
  now: Date,
): string {
  const { timeZone, cutOffMinutes, dayFloor } = place;
  return computeBusinessDay({ instant: now, timeZone, cutOffMinutes, notBefore: dayFloor });
}
