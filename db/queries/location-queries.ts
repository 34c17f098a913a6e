import { and, asc, eq, gt, isNull } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';

export type LocationRow = Tables['locations']['$inferSelect'];
export type LocationChange = Partial<
  Pick<LocationRow, 'name' | 'timeZone' | 'cutOffMinutes' | 'dayFloor' | 'dayFloorAt' | 'endedAt'>
>;

export function insertLocation(tx: Queries, location: LocationRow) {
  return tx.query((db, { locations }) => db.insert(locations).values(location));
}

/** A location that is still open. */
export async function findOpenLocation(
  tx: Queries,
  { merchantId, locationId }: { merchantId: string; locationId: string },
): Promise<LocationRow | undefined> {
  const rows = await tx.query((db, { locations }) =>
    db
      .select()
      .from(locations)
      .where(
        and(
          eq(locations.merchantId, merchantId),
          eq(locations.locationId, locationId),
          isNull(locations.endedAt),
        ),
      ),
  );
  return rows[0];
}

export function listOpenLocations(
  tx: Queries,
  asked: { merchantId: string; after: string; limit: number },
): Promise<LocationRow[]> {
  return listLocations(tx, { ...asked, withEnded: false });
}

/** The locations that are open; `withEnded` also those that were closed. */
export function listLocations(
  tx: Queries,
  {
    merchantId,
    after,
    limit,
    withEnded,
  }: { merchantId: string; after: string; limit: number; withEnded: boolean },
): Promise<LocationRow[]> {
  return tx.query((db, { locations }) =>
    db
      .select()
      .from(locations)
      .where(
        and(
          eq(locations.merchantId, merchantId),
          gt(locations.locationId, after),
          withEnded ? undefined : isNull(locations.endedAt),
        ),
      )
      .orderBy(asc(locations.locationId))
      .limit(limit),
  );
}

export function updateLocation(
  tx: Queries,
  { merchantId, locationId, change }: { merchantId: string; locationId: string; change: LocationChange },
) {
  return tx.query((db, { locations }) =>
    db
      .update(locations)
      .set(change)
      .where(and(eq(locations.merchantId, merchantId), eq(locations.locationId, locationId))),
  );
}
