import { computeBusinessDay } from '../loyalty/business-day.ts';

interface PlaceClock {
  timeZone: string;
  cutOffMinutes: number;
  dayFloor: string | null;
  dayFloorAt: Date | null;
}

/** The business day at a place; one that was entered is not left again by an edit of its zone or cut-off. */
export function businessDayOf(place: PlaceClock, instant: Date): string {
  const { timeZone, cutOffMinutes, dayFloor, dayFloorAt } = place;
  const isBeforeEdit = dayFloorAt !== null && instant < dayFloorAt;
  return computeBusinessDay({ instant, timeZone, cutOffMinutes, notBefore: isBeforeEdit ? null : dayFloor });
}

/** Locations in several zones may be on different business days now: the latest; without any, the day in UTC. */
export function latestBusinessDay(locations: readonly PlaceClock[], now: Date): string {
  const days = locations.map((location) => businessDayOf(location, now));
  return days.toSorted().at(-1) ?? now.toISOString().slice(0, 10);
}
