import { and, desc, eq, gte, isNull, like, or, sql } from 'drizzle-orm';
import type { Queries } from '../database.ts';

export type CustomerAtTillRow = Awaited<ReturnType<typeof listCustomersAtTill>>[number];

/** How a customer is looked for: by the start of a word of their name, or by the end of their phone number. */
export type CustomerWish = { nameKey: string } | { phoneEnd: string; digits: string };

/**
 * Cards of customers with that name or number, those who were here last first. Neither `nameKey` nor `digits` holds a
 * wildcard. By name, all names of the merchant are read (20 ms for 100,000): somebody waits for it now and then.
 */
export function listCustomersAtTill(
  tx: Queries,
  { merchantId, wish, limit }: { merchantId: string; wish: CustomerWish; limit: number },
) {
  return tx.query((db, { customers, cards, programVersions }) =>
    db
      .select({
        name: customers.name,
        phoneEnd: customers.phoneEnd,
        shortCode: cards.shortCode,
        balance: cards.balance,
        heldStamps: cards.heldStamps,
        stampsRequired: programVersions.stampsRequired,
        lastVisitAt: cards.lastVisitAt,
      })
      .from(customers)
      .innerJoin(
        cards,
        and(eq(cards.merchantId, customers.merchantId), eq(cards.customerId, customers.customerId)),
      )
      .innerJoin(
        programVersions,
        and(
          eq(programVersions.merchantId, cards.merchantId),
          eq(programVersions.programId, cards.programId),
          eq(programVersions.version, cards.programVersion),
        ),
      )
      .where(
        and(
          eq(customers.merchantId, merchantId),
          'nameKey' in wish
            ? or(like(customers.nameKey, `${wish.nameKey}%`), like(customers.nameKey, `% ${wish.nameKey}%`))
            : and(eq(customers.phoneEnd, wish.phoneEnd), like(customers.phone, `%${wish.digits}`)),
          isNull(customers.forgottenAt),
          isNull(customers.joinedIntoId),
          isNull(cards.joinedIntoId),
        ),
      )
      // Who never came sorts by when the card was made: the two databases disagree on where null goes.
      .orderBy(desc(sql`coalesce(${cards.lastVisitAt}, ${cards.createdAt})`), desc(cards.cardId))
      .limit(limit),
  );
}

export function savePreferences(
  tx: Queries,
  {
    merchantId,
    customerId,
    preferences,
  }: { merchantId: string; customerId: string; preferences: string | null },
) {
  return tx.query((db, { customers }) =>
    db
      .update(customers)
      .set({ preferences })
      .where(and(eq(customers.merchantId, merchantId), eq(customers.customerId, customerId))),
  );
}

/** The lines of the newest sales at a location. Sale ids are in time order, so only those looked at are read. */
export function listNewestSaleLines(
  tx: Queries,
  {
    merchantId,
    locationId,
    since,
    fromSaleId,
    limit,
  }: { merchantId: string; locationId: string; since: Date; fromSaleId: string; limit: number },
) {
  return tx.query((db, { sales }) =>
    db
      .select({ lines: sales.lines })
      .from(sales)
      .where(
        and(
          eq(sales.merchantId, merchantId),
          gte(sales.saleId, fromSaleId),
          eq(sales.locationId, locationId),
          gte(sales.occurredAt, since),
        ),
      )
      .orderBy(desc(sales.saleId))
      .limit(limit),
  );
}
