import BetterSqlite3 from 'better-sqlite3';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { platform } from 'node:os';
import { dirname } from 'node:path';
import { nameFile, requireReadable } from './sqlite-access.ts';

/** More pages than any file has, so that the copy is made in one go: whoever calls has nothing else to do. */
const EVERY_PAGE = 0x7fffffff;

/**
 * Copies a SQLite database to `to` while others write to it: one moment of it, whole or not at all, readable by its
 * owner alone, and on the disk when this returns. (A copy made with `cp` lacks what is still in the write-ahead log.)
 * What is at `to` is replaced.
 */
export async function copySqlite({ from, to }: { from: string; to: string }): Promise<void> {
  requireReadable(from);
  accessSync(dirname(to), constants.W_OK | constants.X_OK);
  const draft = `${to}.${process.pid}.part`;
  try {
    closeSync(openSync(draft, 'wx', 0o600));
    await copyOneMoment(from, draft).catch((error: unknown) => {
      // What is read may be damaged; what is written may find no room.
      const isFull = (error as { code?: string }).code === 'SQLITE_FULL';
      throw nameFile(error, isFull ? to : from);
    });
    makeSingleFile(draft);
    chmodSync(draft, 0o600);
    syncToDisk(draft, 'r+'); // Windows flushes only what may be written
    renameSync(draft, to);
    if (platform() !== 'win32') syncToDisk(dirname(to), 'r'); // it flushes no folder
  } finally {
    for (const left of [draft, `${draft}-wal`, `${draft}-shm`, `${draft}-journal`])
      rmSync(left, { force: true });
  }
}

/** A transaction that reads holds the moment still; without it the copy would begin anew at every stamp. */
async function copyOneMoment(from: string, to: string): Promise<void> {
  const client = new BetterSqlite3(from, { readonly: true, fileMustExist: true });
  try {
    client.exec('BEGIN');
    client.prepare('SELECT count(*) FROM sqlite_schema').get();
    await client.backup(to, { progress: () => EVERY_PAGE });
    client.exec('COMMIT');
  } finally {
    client.close();
  }
}

/** Without a write-ahead log beside it, so that the file alone is the whole backup. */
function makeSingleFile(path: string): void {
  const client = new BetterSqlite3(path);
  try {
    client.pragma('journal_mode = DELETE');
  } finally {
    client.close();
  }
}

/**
 * Writes a file that nobody has open anew, without what was deleted and still stands in its unused corners.
 *
 * @returns false when the disk has no room for a second one: then it is as it was
 */
export function rewriteSqlite(path: string): boolean {
  const client = new BetterSqlite3(path, { fileMustExist: true });
  try {
    client.exec('VACUUM');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_FULL') return false;
    throw error;
  } finally {
    client.close();
  }
}

function syncToDisk(path: string, flags: 'r' | 'r+'): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * What is wrong with a SQLite file as a file: pages that do not fit together, or rows without their parent. Null when
 * nothing is. Says nothing about whether a row still holds what was written; the chains do.
 *
 * @throws when this account may not read it: that is no fault of the file
 */
export function findSqliteFault(path: string): string | null {
  requireReadable(path);
  let client: BetterSqlite3.Database | undefined;
  try {
    client = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
    const found = client.pragma('integrity_check(1)', { simple: true }) as string;
    if (found !== 'ok') return found;
    const [orphan] = client.pragma('foreign_key_check') as { table: string; parent: string }[];
    return orphan ? `a row of ${orphan.table} names a row of ${orphan.parent} that is not there` : null;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code?.startsWith('SQLITE_')) return message;
    throw error;
  } finally {
    client?.close();
  }
}

/** Whether another process has the database open: only the last one may end its write-ahead log. */
export function isSqliteInUse(path: string): boolean {
  const client = new BetterSqlite3(path, { timeout: 0, fileMustExist: true });
  try {
    client.pragma('journal_mode = DELETE');
    client.pragma('journal_mode = WAL');
    return false;
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return true;
    throw error;
  } finally {
    client.close();
  }
}
