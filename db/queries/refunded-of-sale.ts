import { and, eq, sql, sum } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Builder, Tables } from '../database.ts';

/** What was refunded of a sale that is selected, minor units; null when nothing was. `which`: of these refunds alone. */
export function refundedOfSale(
  db: Builder,
  { sales, refunds }: Pick<Tables, 'sales' | 'refunds'>,
  which?: SQL,
): SQL<number | null> {
  const refunded = db
    .select({ amountMinor: sum(refunds.amountMinor) })
    .from(refunds)
    .where(and(eq(refunds.merchantId, sales.merchantId), eq(refunds.saleId, sales.saleId), which));
  return sql<number | null>`(${refunded})`.mapWith(Number);
}
