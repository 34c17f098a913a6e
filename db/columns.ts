import { is, sql } from 'drizzle-orm';
import type { Column, Placeholder, SQL } from 'drizzle-orm';
import * as postgres from 'drizzle-orm/pg-core';
import * as sqlite from 'drizzle-orm/sqlite-core';

/*
 * Drizzle's own timestamps fail on a placeholder filled with null (it asks the encoder, which calls null.getTime()),
 * so instants are spelt here.
 */
const postgresInstant = postgres.customType<{ data: Date; driverData: string | null }>({
  dataType: () => 'timestamp (3) with time zone',
  toDriver: (instant: Date | null) => instant && writePostgresInstant(instant),
  fromDriver: (text) => new Date(text!),
});

/** PostgreSQL's first year: 4713 before Christ. */
const FIRST_YEAR = -4_712;

/** Years that have not four figures PostgreSQL writes in its own way. Nothing is kept from then, but it may be asked for. */
function writePostgresInstant(instant: Date): string {
  const text = instant.toISOString();
  const year = instant.getUTCFullYear();
  if (year >= 1 && year <= 9_999) return text;
  if (year <= FIRST_YEAR) return '-infinity';
  const rest = text.slice(text.indexOf('-', 1));
  return year > 0 ? `${year}${rest}` : `${String(1 - year).padStart(4, '0')}${rest} BC`;
}

const sqliteInstant = sqlite.customType<{ data: Date; driverData: number | null }>({
  dataType: () => 'integer',
  toDriver: (instant: Date | null) => instant && instant.getTime(),
  fromDriver: (milliseconds) => new Date(milliseconds!),
});

/**
 * The only file that knows how each database spells a type. Instants are `Date` (to the millisecond) and
 * JSON is parsed, on both.
 */
export const postgresColumns = {
  table: postgres.pgTable,
  text: <T extends string = string>() => postgres.text().$type<T>(),
  /** 32 bits. */
  integer: () => postgres.integer(),
  /** A whole number up to 2^53. */
  bigInteger: () => postgres.bigint({ mode: 'number' }),
  boolean: () => postgres.boolean(),
  instant: () => postgresInstant(),
  json: <T>() => postgres.jsonb().$type<T>(),
  primaryKey: postgres.primaryKey,
  foreignKey: postgres.foreignKey,
  index: postgres.index,
  uniqueIndex: postgres.uniqueIndex,
};

export type Columns = typeof postgresColumns;

/** SQLite's spelling, typed as PostgreSQL's so that one schema and one set of queries serve both. */
export const sqliteColumns = {
  table: sqlite.sqliteTable,
  text: () => sqlite.text(),
  integer: () => sqlite.integer(),
  bigInteger: () => sqlite.integer(),
  boolean: () => sqlite.integer({ mode: 'boolean' }),
  instant: () => sqliteInstant(),
  json: () => sqlite.text({ mode: 'json' }),
  primaryKey: sqlite.primaryKey,
  foreignKey: sqlite.foreignKey,
  index: sqlite.index,
  uniqueIndex: sqlite.uniqueIndex,
} as unknown as Columns;

/** An instant some milliseconds later, or earlier when negative, as an expression. */
export function instantPlus(instant: Column, milliseconds: number | Placeholder): SQL {
  return is(instant, sqlite.SQLiteColumn)
    ? sql`(${instant} + ${milliseconds})`
    : sql`(${instant} + ${milliseconds} * interval '1 millisecond')`;
}
