import BetterSqlite3 from 'better-sqlite3';
import pg from 'pg';
import { expect, test } from 'vitest';
import { forEachDatabase } from '../support/databases.ts';

interface Key {
  table: string;
  /** `primary`, `unique` or `foreign`. */
  kind: string;
  columns: string[];
  /** For a foreign key: the columns it points to. */
  parentColumns?: string[];
}

forEachDatabase('the tables', (database) => {
  test('every primary, unique and foreign key begins with the merchant: nothing is shared between two', async () => {
    const keys =
      database.db.dialect === 'sqlite' ? readSqliteKeys(database.url) : await readPostgresKeys(database.url);
    const tables = new Set(keys.map(({ table }) => table));
    expect(tables.size).toBeGreaterThanOrEqual(26);
    expect(new Set(keys.map(({ kind }) => kind))).toEqual(new Set(['primary', 'unique', 'foreign']));
    const withoutMerchant = keys.filter(
      ({ columns, parentColumns }) =>
        columns[0] !== 'merchant_id' || (parentColumns && parentColumns[0] !== 'merchant_id'),
    );
    expect(withoutMerchant).toEqual([]);
  });

  test('nothing is deleted because something else is', async () => {
    const cascades =
      database.db.dialect === 'sqlite'
        ? readSqlite(database.url, (client) =>
            tableNames(client).flatMap((table) =>
              foreignKeyRows(client, table).filter(
                (row) => row.on_delete !== 'NO ACTION' || row.on_update !== 'NO ACTION',
              ),
            ),
          )
        : await queryPostgres(
            database.url,
            `SELECT conname FROM pg_constraint WHERE contype = 'f' AND (confdeltype <> 'a' OR confupdtype <> 'a')`,
          );
    expect(cascades).toEqual([]);
  });
});

interface ForeignKeyRow {
  id: number;
  seq: number;
  from: string;
  to: string;
  on_delete: string;
  on_update: string;
}

function readSqlite<T>(path: string, work: (client: BetterSqlite3.Database) => T): T {
  const client = new BetterSqlite3(path, { readonly: true });
  try {
    return work(client);
  } finally {
    client.close();
  }
}

function tableNames(client: BetterSqlite3.Database): string[] {
  return client
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'`)
    .pluck()
    .all() as string[];
}

function foreignKeyRows(client: BetterSqlite3.Database, table: string): ForeignKeyRow[] {
  return client.pragma(`foreign_key_list(${table})`) as ForeignKeyRow[];
}

function readSqliteKeys(path: string): Key[] {
  return readSqlite(path, (client) =>
    tableNames(client).flatMap((table) => [
      ...primaryKeyOf(client, table),
      ...uniqueKeysOf(client, table),
      ...foreignKeysOf(client, table),
    ]),
  );
}

function primaryKeyOf(client: BetterSqlite3.Database, table: string): Key[] {
  const columns = client.pragma(`table_info(${table})`) as { name: string; pk: number }[];
  const inKey = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  return [{ table, kind: 'primary', columns: inKey.map(({ name }) => name) }];
}

function uniqueKeysOf(client: BetterSqlite3.Database, table: string): Key[] {
  const indexes = client.pragma(`index_list(${table})`) as { name: string; unique: number; origin: string }[];
  return indexes
    .filter(({ unique, origin }) => unique === 1 && origin !== 'pk')
    .map(({ name }) => ({
      table,
      kind: 'unique',
      columns: (client.pragma(`index_info(${name})`) as { name: string }[]).map((column) => column.name),
    }));
}

function foreignKeysOf(client: BetterSqlite3.Database, table: string): Key[] {
  const rows = Map.groupBy(foreignKeyRows(client, table), ({ id }) => id);
  return [...rows.values()].map((columns) => {
    columns.sort((a, b) => a.seq - b.seq);
    return {
      table,
      kind: 'foreign',
      columns: columns.map(({ from }) => from),
      parentColumns: columns.map(({ to }) => to),
    };
  });
}

/** Constraints, and unique indexes that are not constraints, with their columns in order. */
const POSTGRES_KEYS = `
  SELECT c.conrelid::regclass::text AS "table",
         CASE c.contype WHEN 'p' THEN 'primary' WHEN 'u' THEN 'unique' ELSE 'foreign' END AS kind,
         (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(attnum, n)
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) AS columns,
         (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k(attnum, n)
            JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum) AS "parentColumns"
    FROM pg_constraint c WHERE c.contype IN ('p', 'u', 'f') AND c.connamespace = 'public'::regnamespace
  UNION ALL
  SELECT i.indrelid::regclass::text, 'unique',
         (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum), NULL
    FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid
   WHERE i.indisunique AND r.relnamespace = 'public'::regnamespace`;

async function readPostgresKeys(url: string): Promise<Key[]> {
  const rows = await queryPostgres<Key & { parentColumns: string[] | null }>(url, POSTGRES_KEYS);
  return rows.map(({ parentColumns, ...key }) => (parentColumns ? { ...key, parentColumns } : key));
}

async function queryPostgres<Row extends pg.QueryResultRow>(url: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
