import type { Database } from '../../db/database.ts';
import { listLocations as listLocationRows } from '../../db/queries/location-queries.ts';
import type { LocationRow } from '../../db/queries/location-queries.ts';
import type { Actor } from './actor.ts';
import { pageOf } from './page-of.ts';
import type { Page } from './page-of.ts';

/** `endedAt` is when it was closed; null while it is open. */
export type LocationView = Omit<LocationRow, 'merchantId' | 'dayFloor' | 'dayFloorAt' | 'createdAt'>;

/** The locations that are open; `withEnded` also those that were closed, where sales and gestures were made. */
export const listLocations =
  (db: Database) =>
  (
    { merchantId }: Actor,
    { cursor, withEnded = false }: { cursor?: string | undefined; withEnded?: boolean },
  ): Promise<Page<LocationView>> =>
    db.read((queries) =>
      pageOf({ merchantId, cursor }, (asked) => listLocationRows(queries, { ...asked, withEnded }), {
        idOf: ({ locationId }) => locationId,
        present: presentLocation,
      }),
    );

export function presentLocation(row: LocationRow): LocationView {
  const { locationId, name, timeZone, cutOffMinutes, joinCode, endedAt } = row;
  return { locationId, name, timeZone, cutOffMinutes, joinCode, endedAt };
}
