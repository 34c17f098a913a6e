import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { isPostgresUrl } from '../../db/database-url.ts';
import { copySqlite, findSqliteFault, rewriteSqlite } from '../../db/sqlite-file.ts';
import type { Config } from '../config.ts';
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

Puts a backup where the database is expected, brings it up to date and checks it. Never over a database that
is there: stop that one, and name a new folder. When the check finds a fault, nothing is left behind.
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
        `There is a database at ${taken}, and a backup never replaces one. Name a new folder:\n` +
          `  DATA_FOLDER=/a/new/folder npm run cli -- restore '${from}'`,
      );
    const fault = findSqliteFault(from);
    if (fault) throw new CommandFailed(`${from} is not a whole backup: ${fault}`);

    mkdirSync(dirname(to), { recursive: true });
    const draft = `${to}.restoring`;
    const removeDraft = () => {
      for (const ending of [...COMPANIONS, '.before-migration']) rmSync(`${draft}${ending}`, { force: true });
    };
    removeDraft(); // of one that was interrupted: SQLite takes in whatever log lies beside a file
    try {
      await copySqlite({ from, to: draft });
      if (!rewriteSqlite(draft))
        say('There is no room to leave out what was deleted: it may still be in the file.');
      if (!(await checkDatabase(context, draft, { mustHoldShop: true })))
        throw new CommandFailed('Nothing was restored.');
      renameSync(draft, to);
    } finally {
      removeDraft();
    }
    out.write(`The shop is restored to ${to}\n`);
    say(askForSecrets(config));
    return 0;
  },
};

/** Others beside the shop go unnoticed until somebody signs in: a first start, or the demo, makes some of its own. */
function askForSecrets({ tokenSecret, passwordPepper, dataFolder }: Config): string {
  const path = join(dataFolder, 'secrets.json');
  if (tokenSecret && passwordPepper)
    return 'Make sure that TOKEN_SECRET and PASSWORD_PEPPER are those of this shop: with others no PIN, password or till works.';
  if (existsSync(path))
    return (
      `Before the first start make sure that ${path} is the one of this shop, and put that in its place if it is ` +
      'not: with another no PIN, password or till works.'
    );
  return (
    `Before the first start put the old secrets.json at ${path}: without it no PIN, password or till of this shop ` +
    'works, and the server does not start.'
  );
}
