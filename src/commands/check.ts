import { parseArgs } from 'node:util';
import type { DrawFault } from '../operations/verify-draws.ts';
import { isPostgresUrl } from '../../db/database-url.ts';
import { findSqliteFault } from '../../db/sqlite-file.ts';
import { checkShop } from '../operations/check-shop.ts';
import type { ShopCheck, ShopFault } from '../operations/check-shop.ts';
import { listShops } from '../operations/choose-merchant.ts';
import type { Command, CommandContext } from './command.ts';
import { requireDatabase } from './shop-file.ts';

export const checkCommand: Command = {
  summary: 'Prove that the books are as they were written',
  help: `
Usage: npm run cli -- check [--database PATH]

Reads everything and recomputes it: the chain of the ledger, every card's stamps and rewards, the chain of
the audit log, what the counters of the allowances say, the chain of the draws, and that every row has
its parent. Changes nothing, and the tills go on meanwhile. Ends with code 1 and the first fault when
anything is not as it was written.

  --database PATH   another database than the one DATABASE_URL names or the file in the data folder,
                    such as a backup. One of an older version is brought up to date first.
`,
  async run(args, context) {
    const { values } = parseArgs({ args: [...args], options: { database: { type: 'string' } } });
    const isRight = await checkDatabase(context, values.database ?? context.config.databaseUrl);
    return isRight ? 0 : 1;
  },
};

/**
 * Checks the file and then every shop in it, and says what was found.
 *
 * @throws CommandFailed when there is no database
 */
export async function checkDatabase(
  { openDatabase, out, say }: CommandContext,
  databaseUrl: string,
): Promise<boolean> {
  requireDatabase(databaseUrl);
  if (!isPostgresUrl(databaseUrl)) {
    const fault = findSqliteFault(databaseUrl);
    if (fault) {
      say(`NOT RIGHT: the file is damaged: ${fault}\n${WHAT_TO_DO}`);
      return false;
    }
  }
  const db = await openDatabase(databaseUrl);
  try {
    const shops = await listShops(db)();
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
  } finally {
    await db.close();
  }
}

const WHAT_TO_DO =
  'Keep this database as it is and restore the last good backup into a new data folder; see docs/operating.md.';

function describeCheck(name: string, check: ShopCheck): string {
  const count = (number: number, one: string, many: string) =>
    `${new Intl.NumberFormat('en').format(number)} ${number === 1 ? one : many}`;
  return [
    `${name}: everything is as it was written.`,
    `  ${count(check.entryCount, 'entry', 'entries')} of the ledger, each chained to the one before it`,
    `  ${count(check.cardCount, 'card', 'cards')}, each with the stamps and rewards its entries add up to`,
    `  ${count(check.auditCount, 'row', 'rows')} of the audit log, each chained to the one before it`,
    `  ${count(check.counterCount, 'counter', 'counters')} of allowances, each with the gestures it counts`,
    `  ${count(check.drawCount, 'draw', 'draws')}, each chained to the one before it`,
    '',
  ].join('\n');
}

function describeFault(found: ShopFault): string {
  switch (found.fault) {
    case 'entry-changed':
      return `entry ${found.sequence} of the ledger is not as it was written, or the one before it is gone`;
    case 'entries-missing':
      return `the ledger ends at entry ${found.sequence}; those after it are gone`;
    case 'balance-wrong':
      return `card ${found.cardId} says ${found.balance} stamps, and its entries add up to ${found.sumOfEntries}`;
    case 'open-rewards-wrong':
      return `card ${found.cardId} does not have the open rewards its totals say`;
    case 'reward-wrong':
      return `reward ${found.rewardId} of card ${found.cardId} is not in the state the ledger says`;
    case 'audit-changed':
      return `row ${found.sequence} of the audit log is not as it was written, or gone`;
    case 'counter-wrong': {
      const { scope, subjectId, period, periodStart } = found.counter;
      const counter = `the allowance of ${scope} ${subjectId} for the ${period} of ${periodStart}`;
      const say = ({ usedCount, leasedCount, usedCostMinor }: typeof found.given) =>
        `${usedCount} given, ${leasedCount} on lease, cost ${usedCostMinor}`;
      return `${counter} says ${say(found.counted)}; the gestures say ${say(found.given)}`;
    }
    case 'day-wrong':
      return `something was given on ${found.businessDay}, which is no day of the calendar`;
    case 'draw-changed':
    case 'draws-missing':
    case 'draw-wrong':
    case 'key-wrong':
      return describeDrawFault(found);
    case 'unreadable':
      return `a row of the ${found.part} cannot be read: ${found.detail}`;
  }
}

/** What is wrong with a chain of draws, in words. */
export function describeDrawFault(found: DrawFault): string {
  switch (found.fault) {
    case 'draw-changed':
      return `draw ${found.sequence} is not as it was written, or the one before it is gone`;
    case 'draws-missing':
      return `the draws end at ${found.sequence}; those after it are gone`;
    case 'draw-wrong':
      return `draw ${found.drawId} of season ${found.seasonId} is not the one its key says`;
    case 'key-wrong':
      return `the key of season ${found.seasonId} is not the one whose hash was published`;
  }
}
