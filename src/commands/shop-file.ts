import { existsSync } from 'node:fs';
import { isPostgresUrl } from '../../db/database-url.ts';
import { CommandFailed } from './command.ts';

/**
 * The path of the SQLite file that holds the shop.
 *
 * @throws CommandFailed when the database is PostgreSQL, with `instead` to say what to do there, or is not there
 */
export function requireShopFile(databaseUrl: string, instead: string): string {
  if (isPostgresUrl(databaseUrl)) throw new CommandFailed(instead.trim());
  requireDatabase(databaseUrl);
  return databaseUrl;
}

/** @throws CommandFailed when the file is not there; otherwise opening it would make an empty one */
export function requireDatabase(databaseUrl: string): void {
  if (!isPostgresUrl(databaseUrl) && !existsSync(databaseUrl))
    throw new CommandFailed(
      `There is no database at ${databaseUrl}\n` +
        'Give the command the settings the server has: DATA_FOLDER or DATABASE_URL.',
    );
}
