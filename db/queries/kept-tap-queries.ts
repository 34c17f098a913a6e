import { and, asc, eq, gt, inArray, isNull } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';
import type { KeptTapEnd } from '../schema.ts';

export type KeptTapRow = Tables['keptTaps']['$inferSelect'];

export function insertKeptTap(tx: Queries, tap: KeptTapRow) {
  return tx.query((db, { keptTaps }) => db.insert(keptTaps).values(tap));
}

export async function findKeptTap(
  tx: Queries,
  { merchantId, tapId }: { merchantId: string; tapId: string },
): Promise<KeptTapRow | undefined> {
  const rows = await tx.query((db, { keptTaps }) =>
    db
      .select()
      .from(keptTaps)
      .where(and(eq(keptTaps.merchantId, merchantId), eq(keptTaps.tapId, tapId))),
  );
  return rows[0];
}

/** Those nobody has seen to, of all locations or one, with the names of person, till and location. */
export function listOpenKeptTaps(
  tx: Queries,
  asked: { merchantId: string; locationId: string | null; after: string; limit: number },
) {
  const { merchantId, locationId, after, limit } = asked;
  return tx.query((db, { keptTaps, staff, devices, locations }) => {
    const conditions = [
      eq(keptTaps.merchantId, merchantId),
      isNull(keptTaps.endedAt),
      gt(keptTaps.tapId, after),
    ];
    if (locationId !== null) conditions.push(eq(keptTaps.locationId, locationId));
    return db
      .select({
        tap: keptTaps,
        staffName: staff.name,
        deviceName: devices.name,
        locationName: locations.name,
      })
      .from(keptTaps)
      .innerJoin(
        devices,
        and(eq(devices.merchantId, keptTaps.merchantId), eq(devices.deviceId, keptTaps.deviceId)),
      )
      .innerJoin(
        locations,
        and(eq(locations.merchantId, keptTaps.merchantId), eq(locations.locationId, keptTaps.locationId)),
      )
      .leftJoin(staff, and(eq(staff.merchantId, keptTaps.merchantId), eq(staff.staffId, keptTaps.staffId)))
      .where(and(...conditions))
      .orderBy(asc(keptTaps.tapId))
      .limit(limit);
  });
}

export function endKeptTap(
  tx: Queries,
  ended: { merchantId: string; tapId: string; endedAt: Date; endedBy: string; end: KeptTapEnd },
) {
  const { merchantId, tapId, ...change } = ended;
  return tx.query((db, { keptTaps }) =>
    db
      .update(keptTaps)
      .set(change)
      .where(and(eq(keptTaps.merchantId, merchantId), eq(keptTaps.tapId, tapId))),
  );
}

/** Whose cards these are. */
export function listCardOwners(
  tx: Queries,
  { merchantId, cardIds }: { merchantId: string; cardIds: string[] },
) {
  return tx.query((db, { cards, customers }) =>
    db
      .select({
        cardId: cards.cardId,
        shortCode: cards.shortCode,
        customerId: customers.customerId,
        customerName: customers.name,
        blockedAt: cards.blockedAt,
      })
      .from(cards)
      .innerJoin(
        customers,
        and(eq(customers.merchantId, cards.merchantId), eq(customers.customerId, cards.customerId)),
      )
      .where(and(eq(cards.merchantId, merchantId), inArray(cards.cardId, cardIds))),
  );
}

/** What these items are called, on the menu still or not. */
export function listItemNames(
  tx: Queries,
  { merchantId, itemIds }: { merchantId: string; itemIds: string[] },
) {
  return tx.query((db, { items }) =>
    db
      .select({ itemId: items.itemId, name: items.name })
      .from(items)
      .where(and(eq(items.merchantId, merchantId), inArray(items.itemId, itemIds))),
  );
}
