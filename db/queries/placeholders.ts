import { getTableColumns, sql } from 'drizzle-orm';
import type { Column, Param, Placeholder, Table } from 'drizzle-orm';

/** One placeholder per column, named as the column is, for a prepared insert of whole rows. */
export function placeholders<T extends Table>(table: T): T['$inferInsert'] {
  const named: Record<string, Placeholder> = {};
  for (const name of Object.keys(getTableColumns(table))) named[name] = sql.placeholder(name);
  return named as T['$inferInsert'];
}

/** One placeholder where Drizzle's types want a value, as in `.set({ endedAt: given<Date>('endedAt') })`. */
export function given<T>(name: string): T {
  return sql.placeholder(name) as unknown as T;
}

/** One placeholder to compare a column with that is not kept as it is given: an instant. */
export function givenFor(column: Column, name: string): Param {
  return sql.param(sql.placeholder(name), column);
}
