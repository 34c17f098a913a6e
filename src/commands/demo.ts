import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { listMerchants } from '../../db/queries/merchant-queries.ts';
import type { MerchantRow } from '../../db/queries/merchant-queries.ts';
import { isSqliteInUse } from '../../db/sqlite-file.ts';
import type { Books } from '../demo/books.ts';
import { describeDemo } from '../demo/describe-demo.ts';
import { DEFAULT_SALES } from '../demo/live-a-year.ts';
import { makeUpYear, writeDemo } from '../demo/make-demo.ts';
import { CURRENCY } from '../demo/shop-plan.ts';
import { explainListenFailure } from '../explain-listen-failure.ts';
import { createLog } from '../log.ts';
import { formatMajorUnits } from '../operations/major-units.ts';
import { loadSecrets } from '../secrets.ts';
import type { Secrets } from '../secrets.ts';
import { CommandFailed, UsageError } from './command.ts';
import type { Command, CommandContext } from './command.ts';

const FILE_NAME = 'demo.db';
const MAX_SEED = 2 ** 31 - 1;
const MIN_SALES = 500;
const MAX_SALES = 400_000;
const OPTIONS = {
  seed: { type: 'string', default: '1' },
  sales: { type: 'string', default: String(DEFAULT_SALES) },
  keep: { type: 'boolean', default: false },
} as const;

export const demoCommand: Command = {
  summary: 'Start a made-up shop with a year behind it, to look around in',
  help: `
Usage: npm run demo -- [options]

Makes up a coffee shop with two locations, six staff, about 1,500 customers and
a year of sales and gestures up to this minute, starts the server on it, and
prints where to look and how to sign in. Stop it with Ctrl-C.

  --seed NUMBER     another made-up year (1 when not given); the same number makes
                    the same year, on the same day
  --sales NUMBER    about how many sales it has (${DEFAULT_SALES} when not given)
  --keep            go on with the demo there is, with what you did in it

The demo lives in a file of its own, ${FILE_NAME} in the data folder, which is made
anew each time. No other database is touched, whatever DATABASE_URL says.
PORT and HOST say where it listens. See docs/demo.md.
`,
  async run(args, context) {
    const { seed, sales, keep } = readOptions(args);
    const { config, say } = context;
    // Only now: every other command would otherwise load the whole server first.
    const { requireFreePort, startServer } = await import('../server.ts');
    await requireFreePort(config).catch(failToListen);
    const path = join(config.dataFolder, FILE_NAME);
    const hasDemo = await requireDemo(path, context);
    if (hasDemo && isSqliteInUse(path))
      throw new CommandFailed(
        `Another demo is running on ${path}. Stop that one, or choose another data folder:\n` +
          '  DATA_FOLDER=/tmp/doublestamp-demo npm run demo',
      );
    // The shop of this data folder, if there is one, shares the secrets.
    const hasShop = existsSync(config.databaseUrl) || (keep && hasDemo);
    const secrets = loadSecrets(config, { hasShop });
    if (!keep || !hasDemo) await makeAnew(path, context, { seed, sales, secrets });
    else say('Going on with the demo there is.');

    return context.withDatabase(async (db) => {
      const log = createLog(config.logLevel);
      const server = await startServer({ ...config, db, secrets, log, clock: context.clock }).catch(
        failToListen,
      );
      try {
        const { publicUrl } = server;
        context.out.write(await describeDemo(db, context.clock, { secrets, publicUrl, path }));
        await signalled();
      } finally {
        await server.close();
      }
      return 0;
    }, path);
  },
};

function readOptions(args: readonly string[]): { seed: number; sales: number; keep: boolean } {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true });
  return {
    seed: readInteger('seed', values.seed, { least: 0, most: MAX_SEED }),
    sales: readInteger('sales', values.sales, { least: MIN_SALES, most: MAX_SALES }),
    keep: values.keep,
  };
}

function readInteger(option: string, text: string, { least, most }: { least: number; most: number }): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new UsageError(`--${option}: ${text} is not a whole number from ${least} to ${most}`);
}

function failToListen(error: unknown): never {
  const why = explainListenFailure(error, 'npm run demo');
  throw why === undefined ? error : new CommandFailed(why);
}

/**
 * Whether the file is there and holds a demo.
 *
 * @throws CommandFailed when it holds anything else
 */
async function requireDemo(path: string, context: CommandContext): Promise<boolean> {
  if (!existsSync(path)) return false;
  const merchants = await listShops(path, context);
  if (merchants.every(({ isMadeUp }) => isMadeUp)) return merchants.length > 0;
  throw new CommandFailed(
    `${path} is not a demo, so it is left as it is. Move it away, or choose another data folder:\n` +
      '  DATA_FOLDER=/tmp/doublestamp-demo npm run demo',
  );
}

async function listShops(path: string, context: CommandContext): Promise<Pick<MerchantRow, 'isMadeUp'>[]> {
  try {
    return await context.withDatabase(
      (db) => db.read((queries) => listMerchants(queries, { limit: 2 })),
      path,
    );
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_NOTADB') return [{ isMadeUp: false }];
    throw error;
  }
}

/** The old demo stays until the new year is made up. */
async function makeAnew(
  path: string,
  { withDatabase, clock, say }: CommandContext,
  wanted: { seed: number; sales: number; secrets: Secrets },
): Promise<void> {
  say('Making up a year …');
  const startedAt = performance.now();
  const demo = await makeUpYear({ ...wanted, now: clock.now() });
  for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
  await withDatabase((db) => writeDemo(db, clock, demo), path);
  const tookSeconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  say(`${describeBooks(demo.books)}\nMade up in ${tookSeconds} s.`);
}

function describeBooks({ cards, sales, gestures }: Books): string {
  const revenueMinor = sales.reduce((total, { totalMinor }) => total + totalMinor, 0);
  const counts = [
    `${sales.length.toLocaleString('en')} sales worth ${formatMajorUnits(revenueMinor, CURRENCY)} ${CURRENCY}`,
    `${cards.length.toLocaleString('en')} cards`,
    `${gestures.length.toLocaleString('en')} gestures`,
  ];
  return `${counts.join(', ')}, all made up.`;
}

/** Once somebody presses Ctrl-C, or asks the process to end. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
