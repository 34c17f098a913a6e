import BetterSqlite3 from 'better-sqlite3';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { MigrationMeta } from 'drizzle-orm/migrator';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { Database } from './database.ts';
import { isPostgresUrl } from './database-url.ts';
import { openPostgres } from './postgres.ts';
import { nameFile, requireWritable } from './sqlite-access.ts';
import { copySqlite } from './sqlite-file.ts';
import { openSqlite } from './sqlite.ts';

/** How long a migration waits for another process to finish writing. */
const BUSY_TIMEOUT_MS = 10_000;
/** Readable and writable by the account the server runs under, and nobody else. */
const OWNER_ALONE = 0o600;
const MIGRATIONS = join(import.meta.dirname, 'migrations');

/**
 * Opens the database that `url` names, brought up to date: `postgres://…`, or the path of a SQLite file, which is
 * made when it is not there.
 */
export async function openDatabase(url: string): Promise<Database> {
  if (isPostgresUrl(url)) {
    await bringPostgresUpToDate(url);
    return openPostgres(url);
  }
  mkdirSync(dirname(url), { recursive: true });
  requireWritable(url);
  try {
    await bringSqliteUpToDate(url);
    return openSqlite(url);
  } catch (error) {
    throw nameFile(error, url);
  }
}

/** Opens a database as `openDatabase` does, works on it, and closes it whatever comes of that. */
export async function withDatabase<Result>(
  url: string,
  work: (db: Database) => Promise<Result>,
): Promise<Result> {
  const db = await openDatabase(url);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/**
 * Brings a SQLite file up to date in one transaction, after a backup beside the file when there is anything to lose.
 * Foreign keys are off *before* the transaction begins (inside one SQLite ignores the switch, and a rebuilt table
 * would take its children with it) and are checked before it commits: all of it or none. Drizzle's own migrator, whose
 * bookkeeping this keeps, can do neither.
 *
 * @throws when a migration fails, or the file was written by a newer version of the program, or by another program;
 *   the file is as it was
 */
export async function bringSqliteUpToDate(
  path: string,
  migrationsFolder = join(MIGRATIONS, 'sqlite'),
  busyTimeoutMs = BUSY_TIMEOUT_MS,
): Promise<void> {
  const isNew = !existsSync(path);
  const migrations = readMigrationFiles({ migrationsFolder });
  // It holds customers' names. What SQLite puts beside it gets the same mode.
  if (isNew) closeSync(openSync(path, 'a', OWNER_ALONE));
  const client = new BetterSqlite3(path, { timeout: busyTimeoutMs });
  try {
    refuseForeign(client, path); // before the first write to it
    client.pragma('journal_mode = WAL');
    client.pragma('synchronous = FULL');
    client.pragma('foreign_keys = OFF');
    if (countMigrations(client) === migrations.length) return;
    client.exec('BEGIN IMMEDIATE');
    const done = countMigrations(client); // again: another process may have been first, and its copy is the way back
    refuseNewer(done, migrations);
    if (done === migrations.length) return;
    if (!isNew) await copySqlite({ from: path, to: `${path}.before-migration` });
    migrateSqlite(client, migrations.slice(done));
    client.exec('COMMIT');
  } finally {
    client.close(); // what was not committed is undone
  }
}

function migrateSqlite(client: BetterSqlite3.Database, migrations: readonly MigrationMeta[]): void {
  client.exec(
    'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)',
  );
  for (const { sql, hash, folderMillis } of migrations) {
    for (const statement of sql) client.exec(statement);
    client
      .prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)')
      .run(hash, folderMillis);
  }
  const orphans = client.pragma('foreign_key_check') as unknown[];
  if (orphans.length > 0)
    throw new Error(`The migration would leave ${orphans.length} rows without their parent`);
}

/** Nobody wants our tables among another program's, and a copy of its file beside it. */
function refuseForeign(client: BetterSqlite3.Database, path: string): void {
  if (countMigrations(client) > 0) return;
  const table = client
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> '__drizzle_migrations'",
    )
    .pluck()
    .get() as string | undefined;
  if (table !== undefined)
    throw new Error(
      `${path} is the database of another program: it holds a table “${table}”, and no shop of Doublestamp.\n` +
        'Name another file in DATABASE_URL; the shop’s own is in DATA_FOLDER.',
    );
}

function refuseNewer(done: number, migrations: readonly MigrationMeta[]): void {
  if (done > migrations.length)
    throw new Error(
      'This database was written by a newer version of Doublestamp. Start that one; to go back to this version, ' +
        'restore the backup from before the upgrade.',
    );
}

function countMigrations(client: BetterSqlite3.Database): number {
  const table = client.prepare("SELECT 1 FROM sqlite_schema WHERE name = '__drizzle_migrations'").get();
  if (!table) return 0;
  return client.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get() as number;
}

/** Any number fixed for ever: two servers starting at once take turns. */
const MIGRATION_LOCK = 4_702_911;
/** Where Drizzle's migrator keeps its books. */
const POSTGRES_MIGRATIONS = 'drizzle.__drizzle_migrations';

/**
 * Brings a PostgreSQL database up to date.
 *
 * @throws when a migration fails, or the database was written by a newer version of the program
 */
export async function bringPostgresUpToDate(
  url: string,
  migrationsFolder = join(MIGRATIONS, 'postgres'),
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const migrations = readMigrationFiles({ migrationsFolder });
    refuseNewer(await countPostgresMigrations(client), migrations);
    await migratePostgres(drizzlePostgres(client), { migrationsFolder });
  } finally {
    await client.end();
  }
}

async function countPostgresMigrations(client: pg.Client): Promise<number> {
  const books = await client.query('SELECT to_regclass($1) AS name', [POSTGRES_MIGRATIONS]);
  if (!(books.rows as { name: string | null }[])[0]?.name) return 0;
  const counted = await client.query(`SELECT count(*)::int AS count FROM ${POSTGRES_MIGRATIONS}`);
  return (counted.rows as { count: number }[])[0]!.count;
}
