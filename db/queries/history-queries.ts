import { and, asc, count, eq, gt, gte, isNotNull, isNull, lte, or, sql, sum } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Queries } from '../database.ts';
import { givenFor } from './placeholders.ts';
import { refundedOfSale } from './refunded-of-sale.ts';

/**
 * What customers bought since an instant, of what was written down after one sale and up to another. Ids begin with the
 * time: with the id of that instant's first moment, what was written before it is never looked at.
 */
export const listSalesWritten = prepared<{
  merchantId: string;
  afterSaleId: string;
  upToSaleId: string;
  since: Date;
}>()((db, { sales, refunds }) =>
  db
    .select({
      saleId: sales.saleId,
      customerId: sales.customerId,
      locationId: sales.locationId,
      occurredAt: sales.occurredAt,
      totalMinor: sales.totalMinor,
      refundedMinor: refundedOfSale(db, { sales, refunds }),
    })
    .from(sales)
    .where(
      and(
        eq(sales.merchantId, sql.placeholder('merchantId')),
        gt(sales.saleId, sql.placeholder('afterSaleId')),
        lte(sales.saleId, sql.placeholder('upToSaleId')),
        gte(sales.occurredAt, givenFor(sales.occurredAt, 'since')),
        isNotNull(sales.customerId),
      ),
    )
    .orderBy(asc(sales.saleId)),
);

/** What gestures cost that were given since an instant and stood at `asOf`, as far as it was known then, by kind. */
export const sumGestureCosts = (
  queries: Queries,
  { merchantId, since, asOf }: { merchantId: string; since: Date; asOf: Date },
) =>
  queries.query((db, { gestures }) =>
    db
      .select({
        kind: gestures.kind,
        gestures: count(),
        costMinor: sum(gestures.costMinor).mapWith(Number),
      })
      .from(gestures)
      .where(
        and(
          eq(gestures.merchantId, merchantId),
          gte(gestures.givenAt, since),
          lte(gestures.recordedAt, asOf),
          or(isNull(gestures.undoneAt), gt(gestures.undoneAt, asOf)),
        ),
      )
      .groupBy(gestures.kind),
  );
