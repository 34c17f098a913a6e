import { existsSync } from 'node:fs';
import { isPostgresUrl } from '../../db/database-url.ts';
import { CommandFailed } from './command.ts';

/** @throws CommandFailed when the file is not there; otherwise opening it would make an empty one */
export function requireDatabase(databaseUrl: string): void {
  if (!isPostgresUrl(databaseUrl) && !existsSync(databaseUrl))
    throw new CommandFailed(
      `There is no database at ${databaseUrl}\n` +
        'Give the command the settings the server has: DATA_FOLDER or DATABASE_URL.',
    );
}
