import { count, eq } from 'drizzle-orm';
import type { Database } from '../../db/database.ts';

type Counted = 'sales' | 'gestures' | 'rewards' | 'answers';

/** How many rows a shop has in a table. */
export async function countRows(db: Database, merchantId: string, name: Counted): Promise<number> {
  const [row] = await db.read((queries) =>
    queries.query((d, tables) => {
      const table = tables[name] as typeof tables.sales;
      return d.select({ count: count() }).from(table).where(eq(table.merchantId, merchantId));
    }),
  );
  return row!.count;
}

/** The ids of all of a shop's sales. */
export async function listSaleIds(db: Database, merchantId: string): Promise<string[]> {
  const rows = await db.read((queries) =>
    queries.query((d, { sales }) =>
      d.select({ saleId: sales.saleId }).from(sales).where(eq(sales.merchantId, merchantId)),
    ),
  );
  return rows.map(({ saleId }) => saleId);
}
