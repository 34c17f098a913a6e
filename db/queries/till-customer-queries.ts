import { and, desc, eq, gte, inArray, isNotNull, isNull, like, sql } from 'drizzle-orm';
import type { Queries } from '../database.ts';
import { hasNamePart } from './customer-queries.ts';
import { versionOfCard } from './version-of-card.ts';

export type CustomerAtTillRow = Awaited<ReturnType<typeof listCustomersAtTill>>[number];

/** How a customer is looked for: by the start of a word of their name, or by the end of their phone number. */
export type CustomerWish = { nameKey: string } | { phoneEnd: string; digits: string };

/**
 * Cards of customers with that name or number, those who were here last first. Neither `nameKey` nor `digits` holds a
 * wildcard. By name, the index of all the merchant's names is read (10 ms for 100,000): somebody waits for it now and
 * then.
 */
export function listCustomersAtTill(
  tx: Queries,
  { merchantId, wish, limit }: { merchantId: string; wish: CustomerWish; limit: number },
) {
  return tx.query((db, { customers, cards, programVersions }) => {
    // First of all, or SQLite reads every card to look at its customer's name: twelve times as long.
    const found = db
      .select({ customerId: customers.customerId })
      .from(customers)
      .where(
        and(
          eq(customers.merchantId, merchantId),
          'nameKey' in wish
            ? and(isNotNull(customers.nameKey), hasNamePart(customers, wish.nameKey))
            : and(eq(customers.phoneEnd, wish.phoneEnd), like(customers.phone, `%${wish.digits}`)),
          isNull(customers.forgottenAt),
          isNull(customers.joinedIntoId),
        ),
      );
    return (
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
        .innerJoin(programVersions, versionOfCard({ cards, programVersions }))
        .where(
          and(
            eq(customers.merchantId, merchantId),
            inArray(customers.customerId, found),
            isNull(cards.joinedIntoId),
          ),
        )
        // Who never came sorts by when the card was made: the two databases disagree on where null goes.
        .orderBy(desc(sql`coalesce(${cards.lastVisitAt}, ${cards.createdAt})`), desc(cards.cardId))
        .limit(limit)
    );
  });
}

/**
 * The lines of the newest sales at a location, among so many of the merchant's newest: at a quiet place of a chain, or
 * after a file of old sales was brought in, half a million would be looked at otherwise.
 */
export function listNewestSaleLines(
  tx: Queries,
  {
    merchantId,
    locationId,
    since,
    fromSaleId,
    lookedAt,
    limit,
  }: {
    merchantId: string;
    locationId: string;
    since: Date;
    fromSaleId: string;
    lookedAt: number;
    limit: number;
  },
) {
  return tx.query((db, { sales }) => {
    const newest = db
      .select({
        saleId: sales.saleId,
        locationId: sales.locationId,
        occurredAt: sales.occurredAt,
        lines: sales.lines,
      })
      .from(sales)
      .where(and(eq(sales.merchantId, merchantId), gte(sales.saleId, fromSaleId)))
      .orderBy(desc(sales.saleId))
      .limit(lookedAt)
      .as('newest');
    return db
      .select({ lines: newest.lines })
      .from(newest)
      .where(and(eq(newest.locationId, locationId), gte(newest.occurredAt, since)))
      .orderBy(desc(newest.saleId))
      .limit(limit);
  });
}
