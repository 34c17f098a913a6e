import { computeBusinessDay } from '../../../../loyalty/business-day.ts';
import type { Location } from '../api-types.ts';
import type { Season } from './evidence-types.ts';

type Place = Pick<Location, 'locationId' | 'timeZone' | 'cutOffMinutes'>;

/** The business days a season began and ended on where it draws, wherever the reader is; `to` null while it is on. */
export function seasonDays(
  { startedAt, endedAt, locationId }: Pick<Season, 'startedAt' | 'endedAt' | 'locationId'>,
  places: readonly Place[],
): { from: string; to: string | null } {
  const place = places.find((one) => one.locationId === locationId) ?? places[0];
  const { timeZone, cutOffMinutes } = place ?? { timeZone: 'UTC', cutOffMinutes: 0 };
  const dayOf = (instant: string): string =>
    computeBusinessDay({ instant: new Date(instant), timeZone, cutOffMinutes });
  return { from: dayOf(startedAt), to: endedAt === null ? null : dayOf(endedAt) };
}
