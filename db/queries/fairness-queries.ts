import { and, count, desc, eq, gte, inArray, isNotNull, isNull, lt } from 'drizzle-orm';
import type { Queries } from '../database.ts';

/** A page of all sales, the last recorded first, from before `beforeSaleId`. */
export const listSalesRecorded = (
  queries: Queries,
  { merchantId, beforeSaleId, limit }: { merchantId: string; beforeSaleId: string; limit: number },
) =>
  queries.query((db, { sales }) =>
    db
      .select({
        saleId: sales.saleId,
        source: sales.source,
        staffId: sales.staffId,
        customerId: sales.customerId,
        locationId: sales.locationId,
        businessDay: sales.businessDay,
        occurredAt: sales.occurredAt,
        recordedAt: sales.recordedAt,
      })
      .from(sales)
      .where(and(eq(sales.merchantId, merchantId), lt(sales.saleId, beforeSaleId)))
      .orderBy(desc(sales.saleId))
      .limit(limit),
  );

/** What was given since an instant, and stands, the newest first. */
export const listGiven = (
  queries: Queries,
  { merchantId, since, limit }: { merchantId: string; since: Date; limit: number },
) =>
  queries.query((db, { gestures }) =>
    db
      .select({
        staffId: gestures.staffId,
        customerId: gestures.customerId,
        kind: gestures.kind,
        locationId: gestures.locationId,
        businessDay: gestures.businessDay,
        givenAt: gestures.givenAt,
      })
      .from(gestures)
      .where(
        and(
          eq(gestures.merchantId, merchantId),
          gte(gestures.givenAt, since),
          isNull(gestures.undoneAt),
          eq(gestures.isPast, false),
        ),
      )
      .orderBy(desc(gestures.givenAt))
      .limit(limit),
  );

/** How many sales each customer had before an instant. */
export const countSalesBefore = (
  queries: Queries,
  { merchantId, before, customerIds }: { merchantId: string; before: Date; customerIds: readonly string[] },
) =>
  queries.query((db, { sales }) =>
    db
      .select({ customerId: sales.customerId, sales: count() })
      .from(sales)
      .where(
        and(
          eq(sales.merchantId, merchantId),
          inArray(sales.customerId, [...customerIds]),
          lt(sales.occurredAt, before),
        ),
      )
      .groupBy(sales.customerId),
  );

/** Customers who are staff themselves. */
export const listStaffCustomers = (queries: Queries, { merchantId }: { merchantId: string }) =>
  queries.query((db, { customers }) =>
    db
      .select({
        customerId: customers.customerId,
        staffId: customers.staffId,
        phone: customers.phone,
        phoneEnd: customers.phoneEnd,
      })
      .from(customers)
      .where(and(eq(customers.merchantId, merchantId), isNotNull(customers.staffId))),
  );

/** Customers whose phone number ends so. */
export const listCustomersByPhoneEnd = (
  queries: Queries,
  { merchantId, phoneEnd }: { merchantId: string; phoneEnd: string },
) =>
  queries.query((db, { customers }) =>
    db
      .select({ customerId: customers.customerId, phone: customers.phone })
      .from(customers)
      .where(
        and(
          eq(customers.merchantId, merchantId),
          eq(customers.phoneEnd, phoneEnd),
          isNotNull(customers.phoneEnd),
        ),
      ),
  );
