import { and, eq, sql, sum } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Tables } from '../database.ts';
import type { SaleLine } from '../../src/loyalty/program.ts';
import { given, placeholders } from './placeholders.ts';

export type SaleRow = Tables['sales']['$inferSelect'];

export const insertSale = prepared<SaleRow>()((db, { sales }) =>
  db.insert(sales).values(placeholders(sales)),
);

export const findSale = prepared<{ merchantId: string; saleId: string }>()((db, { sales }) =>
  db
    .select()
    .from(sales)
    .where(
      and(eq(sales.merchantId, sql.placeholder('merchantId')), eq(sales.saleId, sql.placeholder('saleId'))),
    ),
);

/** A reward paid for part of a sale. */
export const updateSaleLines = prepared<{
  merchantId: string;
  saleId: string;
  lines: SaleLine[];
  totalMinor: number;
  stampsEarned: number;
}>()((db, { sales }) =>
  db
    .update(sales)
    .set({
      lines: given('lines'),
      totalMinor: given('totalMinor'),
      stampsEarned: given('stampsEarned'),
    })
    .where(
      and(eq(sales.merchantId, sql.placeholder('merchantId')), eq(sales.saleId, sql.placeholder('saleId'))),
    ),
);

/** A customer showed a card after the sale was rung up. */
export const putSaleOnCard = prepared<{
  merchantId: string;
  saleId: string;
  cardId: string;
  customerId: string;
  stampsEarned: number;
}>()((db, { sales }) =>
  db
    .update(sales)
    .set({ cardId: given('cardId'), customerId: given('customerId'), stampsEarned: given('stampsEarned') })
    .where(
      and(eq(sales.merchantId, sql.placeholder('merchantId')), eq(sales.saleId, sql.placeholder('saleId'))),
    ),
);

/** What was refunded of a sale so far, in money and stamps. */
export const sumRefunds = prepared<{ merchantId: string; saleId: string }>()((db, { refunds }) =>
  db
    .select({
      refundedMinor: sum(refunds.amountMinor).mapWith(Number),
      reversedStamps: sum(refunds.reversedStamps).mapWith(Number),
    })
    .from(refunds)
    .where(
      and(
        eq(refunds.merchantId, sql.placeholder('merchantId')),
        eq(refunds.saleId, sql.placeholder('saleId')),
      ),
    ),
);

export const insertRefund = prepared<Tables['refunds']['$inferSelect']>()((db, { refunds }) =>
  db.insert(refunds).values(placeholders(refunds)),
);

/** The clock of a location: where its days begin. */
export const findLocationClock = prepared<{ merchantId: string; locationId: string }>()(
  (db, { locations, merchants }) =>
    db
      .select({
        locationId: locations.locationId,
        timeZone: locations.timeZone,
        cutOffMinutes: locations.cutOffMinutes,
        dayFloor: locations.dayFloor,
        dayFloorAt: locations.dayFloorAt,
        weekStartsOn: merchants.weekStartsOn,
      })
      .from(locations)
      .innerJoin(merchants, eq(merchants.merchantId, locations.merchantId))
      .where(
        and(
          eq(locations.merchantId, sql.placeholder('merchantId')),
          eq(locations.locationId, sql.placeholder('locationId')),
        ),
      ),
);
