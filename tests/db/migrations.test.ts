import BetterSqlite3 from 'better-sqlite3';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { bringPostgresUpToDate, bringSqliteUpToDate, openDatabase } from '../../db/open.ts';
import { createSqliteFile } from '../support/databases.ts';
import { createPostgresDatabase } from '../support/postgres.ts';
import { fillEveryTable } from './fill.ts';

type Dialect = 'sqlite' | 'postgres';
const ours = join(import.meta.dirname, '..', '..', 'db', 'migrations');
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** What the database holds: every table's rows and the statements that make the schema. */
interface Contents {
  rows: Record<string, number>;
  schema: unknown[];
}

interface Filled {
  url: string;
  migrate(folder: string): Promise<void>;
  read(): Promise<Contents>;
  names(): Promise<unknown[]>;
}

for (const dialect of ['sqlite', 'postgres'] as const) {
  test(`every table has a row to lose, on ${dialect}`, async () => {
    const { rows } = await (await aFilledDatabase(dialect)).read();
    expect(Object.keys(rows).length).toBeGreaterThanOrEqual(26);
    expect(Object.entries(rows).filter(([, count]) => count === 0)).toEqual([]);
  });

  test(`a table rebuilt on a full database loses neither its rows nor their children, on ${dialect}`, async () => {
    const database = await aFilledDatabase(dialect);
    const before = await database.read();
    await database.migrate(migrationsWith(dialect, rebuildOfCustomers(dialect)));
    const after = await database.read();
    expect(after.rows).toEqual(before.rows);
    expect(after.schema).not.toEqual(before.schema);
    expect(await database.names()).toEqual(['Zoë']);
  });

  test(`a migration that fails half-way changes nothing, on ${dialect}`, async () => {
    const database = await aFilledDatabase(dialect);
    const before = await database.read();
    const failing = [...rebuildOfCustomers(dialect), 'INSERT INTO no_such_table VALUES (1)'];
    await expect(database.migrate(migrationsWith(dialect, failing))).rejects.toThrow(/no_such_table/);
    expect(await database.read()).toEqual(before);
    // And the program still starts on it.
    await (await openDatabase(database.url)).close();
    expect(await database.read()).toEqual(before);
  });

  test(`a migration that would leave a card without its customer changes nothing, on ${dialect}`, async () => {
    const database = await aFilledDatabase(dialect);
    const before = await database.read();
    const orphaning = migrationsWith(dialect, ['DELETE FROM customers']);
    await expect(database.migrate(orphaning)).rejects.toThrow(/without their parent|DELETE FROM customers/);
    await expect(database.migrate(orphaning)).rejects.toThrow(/without their parent|DELETE FROM customers/);
    expect(await database.read()).toEqual(before);
  });
}

test('before a migration the file is copied beside itself; a start without one copies nothing', async () => {
  const database = await aFilledDatabase('sqlite');
  const backup = `${database.url}.before-migration`;
  await bringSqliteUpToDate(database.url);
  expect(existsSync(backup)).toBe(false);
  const before = await database.read();
  await database.migrate(migrationsWith('sqlite', rebuildOfCustomers('sqlite')));
  expect(readSqlite(backup)).toEqual(before);
});

test('two servers that start at once on a new database both come up', async () => {
  const sqlite = await createSqliteFile();
  const postgres = await createPostgresDatabase();
  endings.push(
    () => sqlite.drop(),
    () => postgres.drop(),
  );
  for (const { url } of [sqlite, postgres]) {
    const opened = await Promise.allSettled([openDatabase(url), openDatabase(url)]);
    for (const one of opened) if (one.status === 'fulfilled') await one.value.close();
    expect(opened.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  }
});

test('a database of a newer version is not touched', async () => {
  const database = await aFilledDatabase('sqlite');
  await database.migrate(migrationsWith('sqlite', ['CREATE TABLE tomorrow (id text)']));
  await expect(openDatabase(database.url)).rejects.toThrow('newer version');
});

async function aFilledDatabase(dialect: Dialect): Promise<Filled> {
  const empty = await (dialect === 'sqlite' ? createSqliteFile() : createPostgresDatabase());
  endings.push(() => empty.drop());
  const { url } = empty;
  const db = await openDatabase(url);
  await fillEveryTable(db);
  await db.close();
  if (dialect === 'sqlite')
    return {
      url,
      migrate: (folder) => bringSqliteUpToDate(url, folder),
      read: async () => readSqlite(url),
      names: async () =>
        onSqlite(url, (client) => client.prepare('SELECT name FROM customers').pluck().all()),
    };
  return {
    url,
    migrate: (folder) => bringPostgresUpToDate(url, folder),
    read: () => readPostgres(url),
    names: () =>
      onPostgres(url, async (client) => {
        const { rows } = await client.query<{ name: string }>('SELECT name FROM customers');
        return rows.map(({ name }) => name);
      }),
  };
}

/** Our migrations and one more, as drizzle-kit lays them out. */
function migrationsWith(dialect: Dialect, statements: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'doublestamp-migrations-'));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(ours, dialect), folder, { recursive: true });
  writeFileSync(join(folder, '9999_next.sql'), statements.join('--> statement-breakpoint\n'));
  const journalPath = join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(journalPath, 'utf8')) as {
    entries: { idx: number; when: number; tag: string }[];
  };
  const last = journal.entries.at(-1)!;
  journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag: '9999_next' });
  writeFileSync(journalPath, JSON.stringify(journal));
  return folder;
}

/** A column more on `customers`: on SQLite by the rebuild that drizzle-kit writes, switch of keys included. */
function rebuildOfCustomers(dialect: Dialect): string[] {
  if (dialect === 'postgres') return ['ALTER TABLE customers ADD COLUMN nickname text'];
  const create = /CREATE TABLE `customers` \(([\s\S]*?)\n\);/.exec(allSqliteStatements());
  const columns = [...create![1]!.matchAll(/^\t`(\w+)`/gm)].map(([, name]) => `"${name}"`).join(', ');
  return [
    'PRAGMA foreign_keys=OFF;',
    `CREATE TABLE \`__new_customers\` (\n\t\`nickname\` text,${create![1]!}\n);\n`,
    `INSERT INTO \`__new_customers\`(${columns}) SELECT ${columns} FROM \`customers\`;`,
    'DROP TABLE `customers`;',
    'ALTER TABLE `__new_customers` RENAME TO `customers`;',
    'PRAGMA foreign_keys=ON;',
  ];
}

function allSqliteStatements(): string {
  const journal = JSON.parse(readFileSync(join(ours, 'sqlite', 'meta', '_journal.json'), 'utf8')) as {
    entries: { tag: string }[];
  };
  return journal.entries
    .map(({ tag }) => readFileSync(join(ours, 'sqlite', `${tag}.sql`), 'utf8'))
    .join('\n');
}

function onSqlite<T>(path: string, work: (client: BetterSqlite3.Database) => T): T {
  const client = new BetterSqlite3(path, { readonly: true });
  try {
    return work(client);
  } finally {
    client.close();
  }
}

function readSqlite(path: string): Contents {
  return onSqlite(path, (client) => {
    expect(client.pragma('foreign_key_check')).toEqual([]);
    const schema = client.prepare('SELECT name, type, sql FROM sqlite_schema ORDER BY name').all() as {
      name: string;
      type: string;
    }[];
    const tables = schema.filter(({ name, type }) => type === 'table' && !name.startsWith('__'));
    const count = (table: string) =>
      client.prepare(`SELECT count(*) FROM "${table}"`).pluck().get() as number;
    return { schema, rows: Object.fromEntries(tables.map(({ name }) => [name, count(name)])) };
  });
}

async function onPostgres<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function readPostgres(url: string): Promise<Contents> {
  return onPostgres(url, async (client) => {
    const schema = await client.query<{ table_name: string }>(
      `SELECT table_name, column_name, data_type FROM information_schema.columns
        WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`,
    );
    const rows: Record<string, number> = {};
    for (const table of new Set(schema.rows.map(({ table_name }) => table_name))) {
      const counted = await client.query<{ count: string }>(`SELECT count(*) FROM "${table}"`);
      rows[table] = Number(counted.rows[0]!.count);
    }
    return { schema: schema.rows, rows };
  });
}
