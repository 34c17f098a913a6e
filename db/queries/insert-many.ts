import { getTableColumns, sql } from 'drizzle-orm';
import type { Placeholder, Table } from 'drizzle-orm';
import type { Build, Builder, Queries, Tables } from '../database.ts';

/** Rows of one statement, the most first: few statements to prepare, few trips to the database. */
const SIZES = [32, 8, 1] as const;

/**
 * Inserts any number of rows, many at a time, by statements that are prepared once per connection. (Built anew for each
 * batch, as `.values(rows)` does, a row costs more to build than to insert.) `insert` is given rows of placeholders.
 */
export function insertMany<Row extends object>(
  tableOf: (tables: Tables) => Table,
  insert: (db: Builder, tables: Tables, rows: Row[]) => ReturnType<Build<unknown>>,
): (tx: Queries, rows: readonly Row[]) => Promise<void> {
  const statements = SIZES.map((size) => ({
    size,
    build: ((db, tables) => insert(db, tables, makeRows<Row>(tableOf(tables), size))) as Build<unknown>,
  }));
  return async (tx, rows) => {
    let place = 0;
    for (const { size, build } of statements) {
      for (; rows.length - place >= size; place += size)
        await tx.run(build, toValues(rows.slice(place, place + size)));
    }
  };
}

function makeRows<Row>(table: Table, size: number): Row[] {
  const names = Object.keys(getTableColumns(table));
  return Array.from({ length: size }, (_, place) => {
    const row: Record<string, Placeholder> = {};
    for (const name of names) row[name] = sql.placeholder(`${name}${place}`);
    return row as Row;
  });
}

function toValues(rows: readonly object[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [place, row] of rows.entries())
    for (const [name, value] of Object.entries(row)) values[`${name}${place}`] = value;
  return values;
}
