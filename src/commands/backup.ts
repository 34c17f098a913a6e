import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isPostgresUrl } from '../../db/database-url.ts';
import { copySqlite, findSqliteFault } from '../../db/sqlite-file.ts';
import { CommandFailed, UsageError } from './command.ts';
import type { Command } from './command.ts';
import { requireDatabase } from './shop-file.ts';

const INSTEAD = `
PostgreSQL has its own backups. With the address that DATABASE_URL holds:
  pg_dump --format=custom --file=doublestamp.dump "$DATABASE_URL"
and back into an empty database:
  pg_restore --no-owner --exit-on-error --dbname="$DATABASE_URL" doublestamp.dump
`;

export const backupCommand: Command = {
  summary: 'Copy the shop to a file while it is open',
  help: `
Usage: npm run cli -- backup FILE

Writes all of the shop, as it is at this moment, to a file that is not there yet; the tills go on meanwhile.
Never copy the database with cp: the newest stamps are in a second file beside it.

The file holds your customers' names: keep it where only you can read it. The secrets that PINs, passwords
and printed card links need are not in it; they are in secrets.json in the data folder, to be kept apart.
${INSTEAD}`,
  async run(args, { config, out, say }) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
    const [file, ...more] = positionals;
    if (!file || more.length > 0) throw new UsageError('Say one file to write the backup to');
    const from = config.databaseUrl;
    if (isPostgresUrl(from)) throw new CommandFailed(INSTEAD.trim());
    requireDatabase(from);
    const to = resolve(file);
    if (existsSync(to)) throw new CommandFailed(`${file} is there already; a backup never replaces one`);
    if (!existsSync(dirname(to))) throw new CommandFailed(`There is no folder ${dirname(to)}`);
    await copySqlite({ from, to });
    const fault = findSqliteFault(to);
    if (fault) throw new CommandFailed(`${file} is written, but it is not whole: ${fault}`);
    out.write(`The shop is in ${file} (${formatMegabytes(statSync(to).size)}).\n`);
    if (!config.tokenSecret || !config.passwordPepper)
      say(
        `Keep ${join(config.dataFolder, 'secrets.json')} as well, somewhere else: without it no PIN, no password and ` +
          'no till works on the restored shop.',
      );
    else
      say(
        'Keep TOKEN_SECRET and PASSWORD_PEPPER as well: without them nobody can sign in to the restored shop.',
      );
    return 0;
  },
};

function formatMegabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
