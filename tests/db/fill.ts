import { getTableColumns } from 'drizzle-orm';
import type { Table } from 'drizzle-orm';
import type { Database } from '../../db/database.ts';
import { sqliteTables } from '../../db/schema.sqlite.ts';

/** Parents before their children. */
const FIRST = [
  'merchants',
  'locations',
  'staff',
  'devices',
  'sessions',
  'programs',
  'programVersions',
  'items',
  'customers',
  'cards',
  'sales',
  'refunds',
  'gestures',
  'rewards',
  'entries',
  'seasons',
] as const satisfies readonly (keyof typeof sqliteTables)[];

/**
 * One row in every table, every one a child of the others where there is a key: all ids are `x`, and the customer is
 * called Zoë. `values` replace what the row of a table would hold.
 */
export async function fillEveryTable(
  db: Database,
  values: Partial<Record<keyof typeof sqliteTables, Record<string, unknown>>> = {},
): Promise<void> {
  const others = Object.keys(sqliteTables).filter((name) => !(FIRST as readonly string[]).includes(name));
  await db.transact(async (tx) => {
    for (const name of [...FIRST, ...others] as (keyof typeof sqliteTables)[])
      await tx.query((builder, tables) => {
        const table = tables[name] as unknown as Table;
        return builder
          .insert(tables[name] as typeof tables.merchants)
          .values({ ...rowOf(table), ...values[name] } as never);
      });
  });
}

/** Every id is `x`, so every foreign key finds its parent. */
function rowOf(table: Table): Record<string, unknown> {
  const row = Object.entries(getTableColumns(table)).map(([name, column]) => {
    if (name === 'name') return [name, 'Zoë'];
    if (/^(at|asOf)$|(At|Until)$/.test(name)) return [name, new Date('2026-03-02T09:00:00Z')];
    if (column.dataType === 'number') return [name, 1];
    if (column.dataType === 'boolean') return [name, false];
    if (column.dataType === 'json') return [name, {}];
    return [name, 'x'];
  });
  return Object.fromEntries(row) as Record<string, unknown>;
}
