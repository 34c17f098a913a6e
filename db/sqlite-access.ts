import BetterSqlite3 from 'better-sqlite3';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * SQLite calls a file that belongs to somebody else "unable to open", as it does a damaged one. Asked beforehand, the
 * file system says what it is, and where.
 *
 * @throws when this account may not read the file, or it is none
 */
export function requireReadable(path: string): void {
  accessSync(path, constants.R_OK);
  requireFile(path);
}

/**
 * @throws when this account may not write the file (if it is there), or not the folder, where SQLite puts two more
 */
export function requireWritable(path: string): void {
  if (existsSync(path)) {
    accessSync(path, constants.R_OK | constants.W_OK);
    requireFile(path);
  }
  accessSync(dirname(path), constants.W_OK | constants.X_OK);
}

function requireFile(path: string): void {
  if (!statSync(path).isFile()) throw new Error(`${path} is not a file, and the database is one.`);
}

/** SQLite does not say in which file something went wrong. Here its error gets a `path`, as the file system's have. */
export function nameFile(error: unknown, path: string): unknown {
  return error instanceof BetterSqlite3.SqliteError ? Object.assign(error, { path }) : error;
}
