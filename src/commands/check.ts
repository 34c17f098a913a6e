import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isPostgresUrl } from '../../db/database-url.ts';
import { copySqlite, findSqliteFault } from '../../db/sqlite-file.ts';
import { checkShop } from '../operations/check-shop.ts';
import { listShops } from '../operations/choose-merchant.ts';
import { describeCheck, describeFault } from './check-text.ts';
import type { Command, CommandContext } from './command.ts';
import { requireDatabase } from './shop-file.ts';

const WHAT_TO_DO =
  'Keep this database as it is and restore the last good backup into a new data folder; see docs/operating.md.';

export const checkCommand: Command = {
  summary: 'Prove that the books are as they were written',
  help: `
Usage: npm run cli -- check [--database PATH]

Reads everything and recomputes it: the chain of the ledger, every card's stamps and rewards, the chain of
the audit log, what the counters of the allowances say, the chain of the draws, and that every row has
its parent. Changes nothing, but for bringing a database of an older version up to date, and the tills go
on meanwhile. Ends with code 1 and the first fault when anything is not as it was written.

  --database PATH   another database than the one DATABASE_URL names or the file in the data folder,
                    such as a backup. What is checked is a copy of the file, brought up to date, in the
                    folder for temporary files (TMPDIR).
`,
  async run(args, context) {
    const { values } = parseArgs({ args: [...args], options: { database: { type: 'string' } } });
    const { database } = values;
    const isRight =
      database === undefined
        ? await checkDatabase(context, context.config.databaseUrl, { mustHoldShop: false })
        : await checkOther(context, database);
    return isRight ? 0 : 1;
  },
};

/** Opening a backup would bring it up to date, and then the version that wrote it could not go back to it. */
async function checkOther(context: CommandContext, database: string): Promise<boolean> {
  const mustHoldShop = true; // a backup without one is none
  if (isPostgresUrl(database)) return checkDatabase(context, database, { mustHoldShop });
  requireDatabase(database);
  const folder = mkdtempSync(join(tmpdir(), 'doublestamp-check-'));
  try {
    const copy = join(folder, 'copy.db');
    await copySqlite({ from: database, to: copy });
    return await checkDatabase(context, copy, { mustHoldShop });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Checks the file and then every shop in it, and says what was found.
 *
 * @throws CommandFailed when there is no database
 */
export async function checkDatabase(
  { withDatabase, out, say }: CommandContext,
  databaseUrl: string,
  { mustHoldShop }: { mustHoldShop: boolean },
): Promise<boolean> {
  requireDatabase(databaseUrl);
  if (!isPostgresUrl(databaseUrl)) {
    const fault = findSqliteFault(databaseUrl);
    if (fault) {
      say(`NOT RIGHT: the file is damaged: ${fault}\n${WHAT_TO_DO}`);
      return false;
    }
  }
  return withDatabase(async (db) => {
    const shops = await listShops(db)();
    if (shops.length === 0 && mustHoldShop) {
      say('NOT RIGHT: it is empty: there is no shop in it.');
      return false;
    }
    if (shops.length === 0) out.write('No shop is set up in this database yet; there is nothing to check.\n');
    for (const shop of shops) {
      const check = await checkShop(db)(shop);
      if (check.fault) {
        say(`NOT RIGHT: ${shop.name}: ${describeFault(check.fault)}\n${WHAT_TO_DO}`);
        return false;
      }
      out.write(describeCheck(shop.name, check));
    }
    return true;
  }, databaseUrl);
}
