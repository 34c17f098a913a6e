import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { insertEnrolment } from '../../db/queries/device-queries.ts';
import { listOpenLocations } from '../../db/queries/location-queries.ts';
import type { LocationRow } from '../../db/queries/location-queries.ts';
import { listMerchants } from '../../db/queries/merchant-queries.ts';
import type { MerchantRow } from '../../db/queries/merchant-queries.ts';
import { listOwners, listStaff } from '../../db/queries/staff-queries.ts';
import { isSqliteInUse } from '../../db/sqlite-file.ts';
import type { Books } from '../demo/books.ts';
import { findShowcase } from '../demo/find-showcase.ts';
import type { Showcase } from '../demo/find-showcase.ts';
import { foundShop } from '../demo/found-shop.ts';
import { DEFAULT_SALES, liveAYear } from '../demo/live-a-year.ts';
import { LuckySeason } from '../demo/lucky-season.ts';
import { CURRENCY, PASSWORD, STAFF } from '../demo/shop-plan.ts';
import { writeShop } from '../demo/write-shop.ts';
import { explainListenFailure } from '../explain-listen-failure.ts';
import { createLog } from '../log.ts';
import { businessDayOf } from '../operations/business-day-of.ts';
import { deriveCardSecret, formatShortCode, hashOf, makeShortCode } from '../operations/card-codes.ts';
import { loadAllowance } from '../operations/load-allowance.ts';
import { formatMajorUnits } from '../operations/major-units.ts';
import { createPasswords } from '../operations/passwords.ts';
import { createSealer } from '../operations/seal.ts';
import type { Sealer } from '../operations/seal.ts';
import { storeReport } from '../operations/store-evidence.ts';
import { loadSecrets } from '../secrets.ts';
import type { Secrets } from '../secrets.ts';
import { CommandFailed, UsageError } from './command.ts';
import type { Command, CommandContext } from './command.ts';

const FILE_NAME = 'demo.db';
const MAX_SEED = 2 ** 31 - 1;
const MIN_SALES = 500;
const MAX_SALES = 400_000;
/** Long enough to have a look round; a till of a real shop has 15 minutes. */
const ENROLMENT_VALID_MS = 12 * 3_600_000;

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
    if (!keep || !hasDemo) await makeDemo(path, context, { seed, sales, secrets });
    else say('Going on with the demo there is.');

    const db = await context.openDatabase(path);
    try {
      const log = createLog(config.logLevel);
      const server = await startServer({ ...config, db, secrets, log, clock: context.clock }).catch(
        failToListen,
      );
      try {
        context.out.write(await describeDemo(db, context, { secrets, publicUrl: server.publicUrl }));
        await signalled();
      } finally {
        await server.close();
      }
    } finally {
      await db.close();
    }
    return 0;
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
    const db = await context.openDatabase(path);
    try {
      return await db.read((queries) => listMerchants(queries, { limit: 2 }));
    } finally {
      await db.close();
    }
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_NOTADB') return [{ isMadeUp: false }];
    throw error;
  }
}

const DAY_MS = 86_400_000;
/** By then the first draws have matured, and some more. */
const FIRST_TOLD_MS = 50 * DAY_MS;
const TOLD_EVERY_MS = 12 * DAY_MS;

async function makeDemo(
  path: string,
  { openDatabase, clock, say }: CommandContext,
  { seed, sales, secrets }: { seed: number; sales: number; secrets: Secrets },
): Promise<void> {
  say('Making up a year …');
  const startedAt = performance.now();
  const passwords = createPasswords(secrets.pepper);
  const now = clock.now();
  const hashes = {
    password: await passwords.hash(PASSWORD),
    pins: await Promise.all(STAFF.map(({ pin }) => passwords.hash(pin))),
  };
  const shop = foundShop({ seed, now, hashes, secretOf: (card) => secretOf(secrets, card) });
  const sealer = createSealer(secrets.sealKey);
  const season = new LuckySeason(shop, { seed, now, sealer });
  const books = liveAYear(shop, { seed, sales, now, season });
  for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
  const db = await openDatabase(path);
  try {
    await writeShop(db)(shop, books, season);
    await tellSeason(db, clock, { season, sealer });
  } finally {
    await db.close();
  }
  const tookSeconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  say(`${describeBooks(books)}\nMade up in ${tookSeconds} s.`);
}

/** What the evidence said on some days of the season, as a server that was there would have stored it. */
async function tellSeason(
  db: Database,
  clock: CommandContext['clock'],
  { season: { row }, sealer }: { season: LuckySeason; sealer: Sealer },
): Promise<void> {
  const now = clock.now().getTime();
  const store = storeReport(db, clock, sealer);
  for (let ms = row.startedAt.getTime() + FIRST_TOLD_MS; ms < now; ms += TOLD_EVERY_MS) {
    const asOf = new Date(ms);
    await store(row, { day: asOf.toISOString().slice(0, 10), asOf });
  }
}

/** From the key in the data folder, so that `--keep` prints links that work. */
function secretOf(
  { cardKey }: Secrets,
  { merchantId, cardId }: { merchantId: string; cardId: string },
): string {
  return deriveCardSecret(cardKey, { merchantId, operationId: `demo ${cardId}` });
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

async function describeDemo(
  db: Database,
  context: CommandContext,
  { secrets, publicUrl }: { secrets: Secrets; publicUrl: string },
): Promise<string> {
  const [merchant] = await db.read((queries) => listMerchants(queries, { limit: 1 }));
  const { merchantId, name } = merchant!;
  const tills = await startEnrolments(db, context, merchantId);
  const showcase = await findShowcase(db, context.clock)({ merchantId });
  const linkOf = ({ cardId }: { cardId: string }) =>
    `${publicUrl}/c/${secretOf(secrets, { merchantId, cardId })}`;
  const signIns = STAFF.filter(({ email }) => email).map(
    ({ email, role }) => `${email} (${role}), password ${PASSWORD}`,
  );
  return [
    '',
    `  ${name}: nobody in it exists, and nothing in it happened.`,
    '',
    `  The owner’s desk    ${publicUrl}/desk`,
    ...signIns.map((line) => `                      ${line}`),
    '',
    '  A till              open one of these on a tablet, or in another browser window; each works once',
    ...tills.map(({ name: place, code }) => `  ${place.padEnd(18)}  ${publicUrl}/till/?enrol=${code}`),
    '  PINs                and how many gestures each may still give today',
    ...(await describeStaff(db, context, merchant!)),
    '',
    '  Customers’ cards',
    ...describeShowcase(showcase, linkOf),
    '',
    '  What was given, and what followed',
    `  The report          DATABASE_URL='${join(context.config.dataFolder, FILE_NAME)}' npm run report`,
    `  The evidence        ${publicUrl}/desk/evidence: a season of lucky moments of which the truth is known`,
    `  As a file           ${publicUrl}/api/v1/reports/gestures.csv (signed in at the desk)`,
    `  The API             ${publicUrl}/api`,
    '',
    '  Stop it with Ctrl-C.',
    '',
    '',
  ].join('\n');
}

/** Some have given all of theirs by now: whoever tries the till wants to know before. */
async function describeStaff(
  db: Database,
  { clock }: CommandContext,
  { merchantId, weekStartsOn }: MerchantRow,
): Promise<string[]> {
  return db.read(async (queries) => {
    const [location] = await listOpenLocations(queries, { merchantId, after: '', limit: 1 });
    const { locationId } = location!;
    const businessDay = businessDayOf(location!, clock.now());
    const people = await listStaff(queries, { merchantId, after: '', limit: STAFF.length });
    const lines: string[] = [];
    for (const { name, pin } of STAFF) {
      const person = people.find((one) => one.name === name);
      if (!person) continue;
      const { staffId } = person;
      const giver = { merchantId, staffId, locationId, businessDay, weekStartsOn };
      const { remaining } = await loadAllowance(queries, giver);
      lines.push(`                      ${name.padEnd(7)} ${pin}   ${remaining ?? 'no limit'}`);
    }
    return lines;
  });
}

function describeShowcase(
  { nearlyFull, full, treated }: Showcase,
  linkOf: (card: { cardId: string }) => string,
): string[] {
  return [
    ...(nearlyFull ? [`  One stamp to go     ${linkOf(nearlyFull)}`] : []),
    ...(full ? [`  Full                ${linkOf(full)}`] : []),
    ...(treated ? [`  From ${treated.giverName}`.padEnd(22) + linkOf(treated)] : []),
  ];
}

/** A code for a till at each location, made by the owner. */
async function startEnrolments(
  db: Database,
  { clock }: CommandContext,
  merchantId: string,
): Promise<{ name: string; code: string }[]> {
  const now = clock.now();
  const made = (location: LocationRow) => ({ ...location, enrolmentId: uuid(), code: makeShortCode() });
  const places = await db.read((queries) => listOpenLocations(queries, { merchantId, after: '', limit: 10 }));
  const tills = places.map(made);
  await db.transact(async (tx) => {
    const [owner] = await listOwners(tx, { merchantId });
    for (const { locationId, enrolmentId, name, code } of tills)
      await insertEnrolment(tx, {
        merchantId,
        enrolmentId,
        codeHash: hashOf(code),
        locationId,
        deviceName: `${name}, yours`,
        createdBy: owner!.staffId,
        createdAt: now,
        expiresAt: new Date(now.getTime() + ENROLMENT_VALID_MS),
        usedAt: null,
      });
  });
  return tills.map(({ name, code }) => ({ name, code: formatShortCode(code) }));
}

/** Once somebody presses Ctrl-C, or asks the process to end. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
