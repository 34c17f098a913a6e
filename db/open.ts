import BetterSqlite3 from 'better-sqlite3';
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3';
import { migrate as migrateSqlite } from 'drizzle-orm/better-sqlite3/migrator';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { Database } from './database.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

const MIGRATIONS = join(import.meta.dirname, 'migrations');

/**
 * Opens the database that `url` names, brought up to date: `postgres://…`, or the path of a SQLite file, which is
 * made when it is not there.
 */
export async function openDatabase(url: string): Promise<Database> {
  if (/^postgres(ql)?:\/\//.test(url)) {
    await bringPostgresUpToDate(url);
    return openPostgres(url);
  }
  mkdirSync(dirname(url), { recursive: true });
  await bringSqliteUpToDate(url);
  return openSqlite(url);
}

/**
 * Migrates in one transaction, after a backup beside the file when there is anything to lose. Foreign keys are off
 * *before* the transaction begins (inside one SQLite ignores the switch, and a rebuilt table would take its children
 * with it) and are checked after.
 */
export async function bringSqliteUpToDate(path: string, migrationsFolder = join(MIGRATIONS, 'sqlite')): Promise<void> {
  const isNew = !existsSync(path);
  const client = new BetterSqlite3(path, { timeout: 10_000 });
  try {
    client.pragma('journal_mode = WAL');
    client.pragma('synchronous = FULL');
    client.pragma('foreign_keys = OFF');
    if (countMigrations(client) === readMigrationFiles({ migrationsFolder }).length) return;
    const backup = `${path}.before-migration`;
    if (!isNew) await client.backup(backup);
    migrateSqlite(drizzleSqlite(client), { migrationsFolder });
    const violations = client.pragma('foreign_key_check') as unknown[];
    if (violations.length > 0)
      throw new Error(`The migration left ${violations.length} rows without their parent; ${backup} is as it was`);
  } finally {
    client.close();
  }
}

function countMigrations(client: BetterSqlite3.Database): number {
  const table = client.prepare("SELECT 1 FROM sqlite_schema WHERE name = '__drizzle_migrations'").get();
  if (!table) return 0;
  return client.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get() as number;
}

/** Any number fixed for ever: two servers starting at once take turns. */
const MIGRATION_LOCK = 4_702_911;

export async function bringPostgresUpToDate(url: string, migrationsFolder = join(MIGRATIONS, 'postgres')): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migratePostgres(drizzlePostgres(client), { migrationsFolder });
  } finally {
    await client.end();
  }
}
