import { and, desc, eq, gte, inArray, lt, or, sum } from 'drizzle-orm';
import type { Queries } from '../database.ts';

/** A page of a location's sales of a business day, the newest first; after the one at `before`. */
export function listSalesOfDay(
  queries: Queries,
  {
    merchantId,
    locationId,
    businessDay,
    before,
    limit,
  }: {
    merchantId: string;
    locationId: string;
    businessDay: string;
    before: { at: Date; id: string } | null;
    limit: number;
  },
) {
  return queries.query((db, { sales, cards, customers, staff }) =>
    db
      .select({
        saleId: sales.saleId,
        source: sales.source,
        occurredAt: sales.occurredAt,
        totalMinor: sales.totalMinor,
        lines: sales.lines,
        stampsEarned: sales.stampsEarned,
        customerId: sales.customerId,
        customerName: customers.name,
        shortCode: cards.shortCode,
        staffName: staff.name,
      })
      .from(sales)
      .leftJoin(cards, and(eq(cards.merchantId, sales.merchantId), eq(cards.cardId, sales.cardId)))
      .leftJoin(
        customers,
        and(eq(customers.merchantId, sales.merchantId), eq(customers.customerId, sales.customerId)),
      )
      .leftJoin(staff, and(eq(staff.merchantId, sales.merchantId), eq(staff.staffId, sales.staffId)))
      .where(
        and(
          eq(sales.merchantId, merchantId),
          eq(sales.businessDay, businessDay),
          eq(sales.locationId, locationId),
          before
            ? or(
                lt(sales.occurredAt, before.at),
                and(eq(sales.occurredAt, before.at), lt(sales.saleId, before.id)),
              )
            : undefined,
        ),
      )
      .orderBy(desc(sales.occurredAt), desc(sales.saleId))
      .limit(limit),
  );
}

/** The last business day before one, and from another on, of which there are sales; at one location or at any. */
export async function findLastDayWithSales(
  queries: Queries,
  {
    merchantId,
    locationId,
    from,
    before,
  }: { merchantId: string; locationId?: string; from?: string; before: string },
): Promise<string | undefined> {
  const rows = await queries.query((db, { sales }) =>
    db
      .select({ businessDay: sales.businessDay })
      .from(sales)
      .where(
        and(
          eq(sales.merchantId, merchantId),
          lt(sales.businessDay, before),
          from === undefined ? undefined : gte(sales.businessDay, from),
          locationId === undefined ? undefined : eq(sales.locationId, locationId),
        ),
      )
      .orderBy(desc(sales.businessDay))
      .limit(1),
  );
  return rows[0]?.businessDay;
}

/** What was refunded of some sales so far, in money and stamps. */
export function sumRefundsOfSales(
  queries: Queries,
  { merchantId, saleIds }: { merchantId: string; saleIds: string[] },
) {
  return queries.query((db, { refunds }) =>
    db
      .select({
        saleId: refunds.saleId,
        refundedMinor: sum(refunds.amountMinor).mapWith(Number),
        reversedStamps: sum(refunds.reversedStamps).mapWith(Number),
      })
      .from(refunds)
      .where(and(eq(refunds.merchantId, merchantId), inArray(refunds.saleId, saleIds)))
      .groupBy(refunds.saleId),
  );
}

/** The rewards that were spent on some sales and not given back. */
export function listRewardsSpentOnSales(
  queries: Queries,
  { merchantId, saleIds }: { merchantId: string; saleIds: string[] },
) {
  return queries.query((db, { rewards }) =>
    db
      .select({
        rewardId: rewards.rewardId,
        saleId: rewards.saleId,
        kind: rewards.kind,
        name: rewards.name,
        stamps: rewards.stamps,
        earnedAt: rewards.earnedAt,
        expiresAt: rewards.expiresAt,
      })
      .from(rewards)
      .where(
        and(
          eq(rewards.merchantId, merchantId),
          inArray(rewards.saleId, saleIds),
          eq(rewards.status, 'redeemed'),
        ),
      ),
  );
}

/** The refunds of a sale, each with who made it; in no order, or SQLite walks through all of them for it. */
export function listRefundsOfSale(
  queries: Queries,
  { merchantId, saleId }: { merchantId: string; saleId: string },
) {
  return queries.query((db, { refunds, staff }) =>
    db
      .select({
        refundId: refunds.refundId,
        reference: refunds.reference,
        refundedAt: refunds.refundedAt,
        amountMinor: refunds.amountMinor,
        reversedStamps: refunds.reversedStamps,
        staffName: staff.name,
      })
      .from(refunds)
      .leftJoin(staff, and(eq(staff.merchantId, refunds.merchantId), eq(staff.staffId, refunds.staffId)))
      .where(and(eq(refunds.merchantId, merchantId), eq(refunds.saleId, saleId))),
  );
}

/** Where a sale was made, by whom and by which customer, in names. */
export async function findNamesOfSale(
  queries: Queries,
  { merchantId, saleId }: { merchantId: string; saleId: string },
): Promise<
  | {
      locationName: string;
      timeZone: string;
      staffName: string | null;
      customerName: string | null;
      shortCode: string | null;
    }
  | undefined
> {
  const rows = await queries.query((db, { sales, cards, locations, staff, customers }) =>
    db
      .select({
        locationName: locations.name,
        timeZone: locations.timeZone,
        staffName: staff.name,
        customerName: customers.name,
        shortCode: cards.shortCode,
      })
      .from(sales)
      .leftJoin(cards, and(eq(cards.merchantId, sales.merchantId), eq(cards.cardId, sales.cardId)))
      .innerJoin(
        locations,
        and(eq(locations.merchantId, sales.merchantId), eq(locations.locationId, sales.locationId)),
      )
      .leftJoin(staff, and(eq(staff.merchantId, sales.merchantId), eq(staff.staffId, sales.staffId)))
      .leftJoin(
        customers,
        and(eq(customers.merchantId, sales.merchantId), eq(customers.customerId, sales.customerId)),
      )
      .where(and(eq(sales.merchantId, merchantId), eq(sales.saleId, saleId))),
  );
  return rows[0];
}
