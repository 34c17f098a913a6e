import { getTableColumns, sql } from 'drizzle-orm';
import type { Column, DriverValueEncoder, SQL, Table } from 'drizzle-orm';

/** One placeholder per column, named as the column is, for a prepared insert of whole rows. */
export function placeholders<T extends Table>(table: T): T['$inferInsert'] {
  const named: Record<string, SQL> = {};
  for (const [name, column] of Object.entries(getTableColumns(table)))
    named[name] = sql`${sql.param(sql.placeholder(name), nullable(column))}`;
  return named as T['$inferInsert'];
}

/** Drizzle encodes what fills a placeholder even when it is null: an instant throws, JSON becomes the text `null`. */
function nullable(column: Column): DriverValueEncoder<unknown, unknown> {
  return { mapToDriverValue: (value) => (value === null ? null : column.mapToDriverValue(value)) };
}

/** One placeholder where Drizzle's types want a value, as in `.set({ endedAt: given<Date>('endedAt') })`. */
export function given<T>(name: string): T {
  return sql.placeholder(name) as unknown as T;
}
