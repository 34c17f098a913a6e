import BetterSqlite3 from 'better-sqlite3';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { bringPostgresUpToDate, bringSqliteUpToDate, openDatabase } from '../../db/open.ts';
import { explainFailure } from '../../src/explain-failure.ts';
import { createSqliteFile } from '../support/databases.ts';
import { createPostgresDatabase } from '../support/postgres.ts';
import { fillEveryTable } from './fill.ts';
import {
  onPostgres,
  onSqlite,
  readPostgres,
  readSqlite,
  rebuildOfCustomers,
  writeMigrations,
} from './next-migration.ts';
import type { Contents, Dialect } from './next-migration.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

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

test('a server makes no copy while another one migrates: it would be of what that one has made', async () => {
  const { url } = await aFilledDatabase('sqlite');
  const folder = migrationsWith('sqlite', ['CREATE TABLE tomorrow (id text)']);
  const another = new BetterSqlite3(url);
  another.exec('BEGIN IMMEDIATE');
  await expect(bringSqliteUpToDate(url, folder, 0)).rejects.toThrow('locked');
  expect(existsSync(`${url}.before-migration`)).toBe(false);
  another.close();
  await bringSqliteUpToDate(url, folder, 0);
  expect(existsSync(`${url}.before-migration`)).toBe(true);
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

for (const dialect of ['sqlite', 'postgres'] as const)
  test(`a database of a newer version is not touched, on ${dialect}`, async () => {
    const database = await aFilledDatabase(dialect);
    await database.migrate(migrationsWith(dialect, ['CREATE TABLE tomorrow (id text)']));
    const after = await database.read();
    await expect(openDatabase(database.url)).rejects.toThrow('newer version');
    expect(await database.read()).toEqual(after);
  });

test('a file of another program is refused, and not touched', async () => {
  const { url, drop } = await createSqliteFile();
  endings.push(drop);
  const other = new BetterSqlite3(url);
  other.exec('CREATE TABLE recipes (name text)');
  other.close();
  const before = readFileSync(url);
  await expect(openDatabase(url)).rejects.toThrow('it holds a table “recipes”');
  expect(readFileSync(url).equals(before)).toBe(true);
  expect(existsSync(`${url}.before-migration`)).toBe(false);
});

test('a PostgreSQL database in which another program has a table of one of our names says so', async () => {
  const { url, drop } = await createPostgresDatabase();
  endings.push(drop);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE TABLE cards (name text)');
  await client.end();
  const failure: unknown = await openDatabase(url).catch((error: unknown) => error);
  expect(explainFailure(failure, 'npm start')).toContain('Make one for Doublestamp alone with createdb');
});

test('an older version that is tried after an upgrade leaves the copy from before the upgrade', async () => {
  const database = await aFilledDatabase('sqlite');
  const before = await database.read();
  await database.migrate(migrationsWith('sqlite', ['CREATE TABLE tomorrow (id text)']));
  await expect(openDatabase(database.url)).rejects.toThrow('newer version');
  expect(readSqlite(`${database.url}.before-migration`)).toEqual(before);
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

function migrationsWith(dialect: Dialect, statements: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'doublestamp-migrations-'));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  return writeMigrations(folder, { dialect, statements });
}
