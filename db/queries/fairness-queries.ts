import { and, count, desc, eq, gte, inArray, isNotNull, isNull, lt, lte, or } from 'drizzle-orm';
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

/** A page of what was given since an instant, and stands, the newest first, from before the one at `before`. */
export const listGiven = (
  queries: Queries,
  {
    merchantId,
    since,
    before,
    limit,
  }: { merchantId: string; since: Date; before: { at: Date; id: string } | null; limit: number },
) =>
  queries.query((db, { gestures }) =>
    db
      .select({
        gestureId: gestures.gestureId,
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
          before ? lte(gestures.givenAt, before.at) : undefined,
          before ? or(lt(gestures.givenAt, before.at), lt(gestures.gestureId, before.id)) : undefined,
          isNull(gestures.undoneAt),
          eq(gestures.isPast, false),
        ),
      )
      .orderBy(desc(gestures.givenAt), desc(gestures.gestureId))
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
