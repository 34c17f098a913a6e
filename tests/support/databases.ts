import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Database } from '../../db/database.ts';
import { openDatabase } from '../../db/open.ts';
import { createPostgresDatabase } from './postgres.ts';

export interface TestDatabase {
  /** The database under test; only inside tests and hooks. */
  readonly db: Database;
  /** What `openDatabase` was given: a path or a `postgres://` address. */
  readonly url: string;
}

/** A database of its own for all tests of a file or a `describe`: on a SQLite file, unless told otherwise. */
export function useDatabase(dialect: 'sqlite' | 'postgres' = 'sqlite'): TestDatabase {
  const database: Partial<{ db: Database; url: string }> = {};
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const empty = await (dialect === 'sqlite' ? createSqliteFile() : createPostgresDatabase());
    drop = empty.drop;
    Object.assign(database, { url: empty.url, db: await openDatabase(empty.url) });
  });
  afterAll(async () => {
    await database.db?.close();
    await drop?.();
  });
  return database as TestDatabase;
}

/** Declares the same tests on a real SQLite file and on a real PostgreSQL, each with a database of its own. */
export function forEachDatabase(name: string, declare: (database: TestDatabase) => void): void {
  for (const dialect of ['sqlite', 'postgres'] as const)
    describe(`${name} on ${dialect}`, () => {
      declare(useDatabase(dialect));
    });
}

/** A path for a SQLite file of its own, and the way to remove it. */
export async function createSqliteFile(): Promise<{ url: string; drop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'doublestamp-'));
  return {
    url: join(folder, 'test.db'),
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
