import { getTableColumns, sql } from 'drizzle-orm';
import type { Placeholder, SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Build, Queries, Tables } from '../database.ts';

/** Rows of one statement, the most first: few statements to prepare, few trips to the database. */
const SIZES = [32, 8, 1] as const;

/**
 * Inserts any number of rows, many at a time, by statements that are prepared once per connection. (Built anew for each
 * batch, as `.values(rows)` does, a row costs more to build than to insert.) `ifThere` says what a row changes whose
 * key is taken; without it that fails.
 */
export function insertMany<Name extends keyof Tables>(
  name: Name,
  ifThere?: (table: Tables[Name]) => { target: PgColumn[]; set: Record<string, SQL> },
): (tx: Queries, rows: readonly Tables[Name]['$inferSelect'][]) => Promise<void> {
  const statements = SIZES.map((size) => ({
    size,
    build: ((db, tables) => {
      const insert = db.insert(tables[name] as PgTable).values(makeRows(tables[name], size));
      return ifThere ? insert.onConflictDoUpdate(ifThere(tables[name])) : insert;
    }) as Build<unknown>,
  }));
  return async (tx, rows) => {
    let place = 0;
    for (const { size, build } of statements) {
      for (; rows.length - place >= size; place += size)
        await tx.run(build, toValues(rows.slice(place, place + size)));
    }
  };
}

function makeRows(table: PgTable, size: number): Record<string, Placeholder>[] {
  const names = Object.keys(getTableColumns(table));
  return Array.from({ length: size }, (_, place) => {
    const row: Record<string, Placeholder> = {};
    for (const name of names) row[name] = sql.placeholder(`${name}${place}`);
    return row;
  });
}

function toValues(rows: readonly object[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [place, row] of rows.entries())
    for (const [name, value] of Object.entries(row)) values[`${name}${place}`] = value;
  return values;
}
