import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Queries } from '../../db/database.ts';
import type { CustomerPage } from '../../db/queries/report-queries.ts';

/** Rows that are held, and handled before others get a turn: a few milliseconds' worth. */
const PAGE_ROWS = 1_000;

interface CustomerRow {
  customerId: string | null;
  at: Date;
  id: string;
}

/**
 * Calls `visit` with every row of these customers, customer by customer and oldest first, a page at a time: neither
 * many customers nor one with a million sales is ever held in memory, and between pages everybody else gets a turn.
 */
export async function walkByCustomer<Row extends CustomerRow>(
  db: Database,
  { merchantId, customerIds }: { merchantId: string; customerIds: readonly string[] },
  load: (queries: Queries, page: CustomerPage) => Promise<Row[]>,
  visit: (row: Row, customerId: string) => void,
): Promise<void> {
  const waiting = new Set(customerIds);
  let after: CustomerPage['after'] = null;
  let current: string | null = null;
  while (waiting.size > 0) {
    const wanted: string[] = current === null ? [...waiting] : [current];
    const page: CustomerPage = { merchantId, customerIds: wanted, after, limit: PAGE_ROWS };
    await nextTurn();
    const rows: Row[] = await db.read((queries) => load(queries, page));
    for (const row of rows) {
      if (row.customerId === null) continue;
      waiting.delete(row.customerId);
      visit(row, row.customerId);
    }
    const last = rows.at(-1);
    if (last && rows.length === PAGE_ROWS) {
      current = last.customerId;
      after = { at: last.at, id: last.id };
      waiting.add(current!);
    } else if (current === null) return;
    else {
      waiting.delete(current);
      current = null;
      after = null;
    }
  }
}
