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

/** Declares the same tests on a real SQLite file and on a real PostgreSQL, each with a database of its own. */
export function forEachDatabase(name: string, declare: (database: TestDatabase) => void): void {
  for (const dialect of ['sqlite', 'postgres'] as const) {
    describe(`${name} on ${dialect}`, () => {
      let db: Database;
      let url: string;
      let drop: () => Promise<void>;
      beforeAll(async () => {
        ({ url, drop } = await (dialect === 'sqlite' ? createSqliteFile() : createPostgresDatabase()));
        db = await openDatabase(url);
      });
      afterAll(async () => {
        await db?.close();
        await drop?.();
      });
      declare({
        get db() {
          return db;
        },
        get url() {
          return url;
        },
      });
    });
  }
}

/** A path for a SQLite file of its own, and the way to remove it. */
export async function createSqliteFile(): Promise<{ url: string; drop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'doublestamp-'));
  return {
    url: join(folder, 'test.db'),
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
