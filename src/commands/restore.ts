import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { isPostgresUrl } from '../../db/database-url.ts';
import { copySqlite, findSqliteFault } from '../../db/sqlite-file.ts';
import { checkDatabase } from './check.ts';
import { CommandFailed, UsageError } from './command.ts';
import type { Command } from './command.ts';

const INSTEAD = `
PostgreSQL has its own backups. Into an empty database, from what pg_dump --format=custom wrote:
  pg_restore --no-owner --exit-on-error --dbname="$DATABASE_URL" doublestamp.dump
then check it:
  npm run cli -- check
`;
/** Beside a database, or left of one: with any of them there, the folder is not empty. */
const COMPANIONS = ['', '-wal', '-shm'];

export const restoreCommand: Command = {
  summary: 'Put a backup into an empty data folder, and check it',
  help: `
Usage: DATA_FOLDER=/a/new/folder npm run cli -- restore FILE

Puts a backup where the database is expected, brings it up to date and checks it. Never over a shop that is
there: stop that one, and name a new folder. When the check finds a fault, nothing is left behind.
Put secrets.json of the old data folder into the new one as well.
${INSTEAD}`,
  async run(args, context) {
    const { config, out, say } = context;
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
    const [from, ...more] = positionals;
    if (!from || more.length > 0) throw new UsageError('Say one backup to restore');
    if (isPostgresUrl(config.databaseUrl)) throw new CommandFailed(INSTEAD.trim());
    if (!existsSync(from)) throw new CommandFailed(`There is no file ${from}`);
    const to = config.databaseUrl;
    const [taken] = COMPANIONS.map((ending) => `${to}${ending}`).filter((path) => existsSync(path));
    if (taken !== undefined)
      throw new CommandFailed(
        `There is a shop at ${taken}, and a backup never replaces one. Name a new folder:\n` +
          `  DATA_FOLDER=/a/new/folder npm run cli -- restore '${from}'`,
      );
    const fault = findSqliteFault(from);
    if (fault) throw new CommandFailed(`${from} is not a whole backup: ${fault}`);

    mkdirSync(dirname(to), { recursive: true });
    const draft = `${to}.restoring`;
    try {
      await copySqlite({ from, to: draft });
      if (!(await checkDatabase(context, draft, { mustHoldShop: true })))
        throw new CommandFailed('Nothing was restored.');
      renameSync(draft, to);
    } finally {
      for (const ending of [...COMPANIONS, '.before-migration']) rmSync(`${draft}${ending}`, { force: true });
    }
    out.write(`The shop is restored to ${to}\n`);
    const secrets = join(config.dataFolder, 'secrets.json');
    const hasSecrets = (config.tokenSecret && config.passwordPepper) || existsSync(secrets);
    if (!hasSecrets)
      say(
        `Before the first start put the old secrets.json at ${secrets}: without it no PIN, password or till of ` +
          'this shop works, and the server does not start.',
      );
    return 0;
  },
};
