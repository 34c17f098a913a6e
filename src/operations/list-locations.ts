import type { Database } from '../../db/database.ts';
import { listOpenLocations } from '../../db/queries/location-queries.ts';
import type { LocationRow } from '../../db/queries/location-queries.ts';
import type { Actor } from './actor.ts';
import { pageOf } from './page-of.ts';
import type { Page } from './page-of.ts';

export type LocationView = Omit<LocationRow, 'merchantId' | 'dayFloor' | 'createdAt' | 'endedAt'>;

/** The locations that are open. */
export const listLocations =
  (db: Database) =>
  ({ merchantId }: Actor, { cursor }: { cursor?: string | undefined }): Promise<Page<LocationView>> =>
    db.read((queries) =>
      pageOf({ merchantId, cursor }, (asked) => listOpenLocations(queries, asked), {
        idOf: ({ locationId }) => locationId,
        present: presentLocation,
      }),
    );

export function presentLocation(row: LocationRow): LocationView {
  const { locationId, name, timeZone, cutOffMinutes, joinCode } = row;
  return { locationId, name, timeZone, cutOffMinutes, joinCode };
}
