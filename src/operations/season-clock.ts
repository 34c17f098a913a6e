import type { Database } from '../../db/database.ts';
import { listLocations } from '../../db/queries/location-queries.ts';
import type { LocationRow } from '../../db/queries/location-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';

const MOST_LOCATIONS = 1_000;

/**
 * The location whose clock a season's days go by: its own, also once that has closed, or the first that is open;
 * undefined when none is.
 */
export async function findSeasonClock(
  db: Database,
  { merchantId, locationId }: Pick<SeasonRow, 'merchantId' | 'locationId'>,
): Promise<LocationRow | undefined> {
  const locations = await db.read((queries) =>
    listLocations(queries, { merchantId, after: '', limit: MOST_LOCATIONS, withEnded: true }),
  );
  return (
    locations.find((one) => one.locationId === locationId) ??
    locations.find(({ endedAt }) => endedAt === null)
  );
}
