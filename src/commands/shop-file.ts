import { existsSync } from 'node:fs';
import { CommandFailed } from './command.ts';

export function isPostgres(databaseUrl: string): boolean {
  return /^postgres(ql)?:\/\//.test(databaseUrl);
}

/**
 * The path of the SQLite file that holds the shop.
 *
 * @throws CommandFailed when the database is PostgreSQL, with `instead` to say what to do there, or is not there
 */
export function requireShopFile(databaseUrl: string, instead: string): string {
  if (isPostgres(databaseUrl)) throw new CommandFailed(instead.trim());
  if (!existsSync(databaseUrl)) throw new CommandFailed(`There is no database at ${databaseUrl}`);
  return databaseUrl;
}
