import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { ZodError } from 'zod';
import type { Database } from '../../db/database.ts';
import { importQuerySchema, toImportRequest } from '../http/routes/import-routes.ts';
import type { ImportQuery } from '../http/routes/import-routes.ts';
import { setupSchema } from '../http/routes/setup-routes.ts';
import { importSales } from '../operations/import-sales.ts';
import type { ImportOutcome, ImportProgress, ImportRefusal } from '../operations/import-sales.ts';
import { createPasswords } from '../operations/passwords.ts';
import { isSetUp, setUpShop } from '../operations/set-up-shop.ts';
import { loadSecrets } from '../secrets.ts';
import { CommandFailed, UsageError } from './command.ts';
import type { Command, CommandContext } from './command.ts';
import { findMerchant } from './find-merchant.ts';
import { importText } from './import-text.ts';

const OPTIONS = {
  'time-zone': { type: 'string' },
  currency: { type: 'string' },
  source: { type: 'string' },
  location: { type: 'string' },
  program: { type: 'string' },
  map: { type: 'string', multiple: true },
  'date-order': { type: 'string' },
  decimal: { type: 'string' },
  delimiter: { type: 'string' },
  'only-menu-items': { type: 'boolean' },
  'skip-faults': { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
  format: { type: 'string', default: 'text' },
  merchant: { type: 'string' },
  'create-shop': { type: 'string' },
  'owner-email': { type: 'string' },
} as const;

const COLUMNS = ['instant', 'date', 'time', 'amount', 'customer', 'item', 'saleId', 'refundOf', 'status'];
const NO_SHOP =
  'No shop is set up in this database yet. Run npm start and open the set-up link it prints, or make one here:\n' +
  '  npm run import -- FILE --create-shop "Corner Coffee" --owner-email you@example.com --time-zone UTC --currency UAH';
const PROGRESS_PAUSE_MS = 200;
/** The token is of the link to the set-up page. */
const newShopSchema = setupSchema.omit({ token: true });

/** What the option is called whose value was refused. */
const OPTION_OF: Record<string, string> = {
  'merchant.name': 'create-shop',
  'merchant.currency': 'currency',
  'owner.email': 'owner-email',
  'location.name': 'location',
  'location.timeZone': 'time-zone',
  timeZone: 'time-zone',
  dateOrder: 'date-order',
  skipFaults: 'skip-faults',
};

export const importCommand: Command = {
  summary: 'Take in sales from a CSV file; says first what would happen',
  help: `
Usage: npm run import -- FILE [options]

Takes in the sales of a CSV file: all of it or nothing. First it says what would happen, then it asks. Customers
the file names get stamp cards, and their sales fill them. A file imported again adds nothing.

  --time-zone ZONE       what the clock of the file shows, such as Europe/Kyiv or UTC
  --currency CODE        refused unless it is the shop's
  --source NAME          whose sales these are, such as vending; how its files are read is kept
                         for the next time, so the options need not be said again
  --location NAME        where they were made; a name or an id, needed when there are several
  --program NAME         the stamp card for new customers; needed when there are several
  --map PART=COLUMN      which column says what, as often as needed. Parts: instant (or date and time),
                         amount, customer, item, saleId, refundOf, status. PART= for none
  --date-order ORDER     mdy, dmy or ymd: how to read 3/4/2024, when the file does not show it;
                         auto: as the file shows it, whatever it was the last time
  --decimal MARK         . or ,
  --delimiter NAME       comma, semicolon, tab or bar
  --only-menu-items      only items of the menu earn stamps
  --skip-faults          leave out rows that nobody can read, instead of refusing the file
  --dry-run              only say what would happen
  --yes                  do not ask
  --format FORMAT        text (the default) or json, which asks nothing: add --yes or --dry-run
  --merchant NAME        when the database holds several; a name or an id

On a database without a shop:
  --create-shop NAME     make one first, with --owner-email ADDRESS, --time-zone, --currency and, if
                         you like, --location; prints the owner's first password. Made at once, also
                         with --dry-run: leave it out from then on

The database is the one DATABASE_URL names, or the file in the data folder. See docs/importing-sales.md.
`,
  async run(args, context) {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const [path, ...more] = positionals;
    if (path === undefined) throw new UsageError('Which file?');
    if (more.length > 0) throw new UsageError(`One file at a time: ${more.join(', ')}`);
    if (!existsSync(path) || !statSync(path).isFile()) throw new UsageError(`There is no file ${path}`);
    const { format } = values;
    if (format !== 'text' && format !== 'json') throw new UsageError('--format: text or json');
    if (format === 'json' && !values.yes && !values['dry-run'])
      throw new UsageError('--format json needs --yes or --dry-run');
    const query = parseQuery(values, path);
    return context.withDatabase(async (db) => {
      if (values['create-shop'] !== undefined) await createShop(db, context, values);
      const merchant = await findMerchant(db, values.merchant, NO_SHOP);
      const { merchantId } = merchant;
      const run = (dryRun: boolean) => runImport(db, context, { merchantId, path, query, dryRun });
      const write = (outcome: ImportOutcome) =>
        context.out.write(
          format === 'json' ? `${JSON.stringify(outcome)}\n` : importText(outcome, merchant.currency),
        );

      // With --yes and JSON there is nobody to show a dry run to.
      if (format === 'text' || query.dryRun) {
        const foreseen = await run(true);
        write(foreseen);
        if (query.dryRun) return 0;
        if (foreseen.faultCount > 0 && !query.skipFaults)
          throw new CommandFailed(
            'Nothing was imported. Mend the file, or add --skip-faults to leave such rows out.',
          );
        if (foreseen.newSaleCount === 0 && foreseen.newRefundCount === 0) return 0;
        if (!values.yes && !(await isAgreed(context))) {
          context.say('Nothing was imported.');
          return 1;
        }
      }
      write(await run(false));
      return 0;
    });
  },
};

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

function parseQuery(values: Values, path: string): ImportQuery {
  const columns: Record<string, string> = {};
  for (const pair of values.map ?? []) {
    const [part, ...column] = pair.split('=');
    if (!COLUMNS.includes(part!) || column.length === 0)
      throw new UsageError(`--map: ${pair} is not PART=COLUMN; parts are ${COLUMNS.join(', ')}`);
    columns[part!] = column.join('=');
  }
  const parsed = importQuerySchema.safeParse({
    ...columns,
    timeZone: values['time-zone'],
    currency: values.currency,
    source: values.source,
    location: values.location,
    program: values.program,
    dateOrder: values['date-order'],
    decimal: values.decimal,
    delimiter: values.delimiter,
    everyItemQualifies: values['only-menu-items'] && 'false',
    fileName: basename(path),
    skipFaults: String(values['skip-faults'] ?? false),
    dryRun: String(values['dry-run'] ?? false),
  });
  if (parsed.success) return parsed.data;
  throw new UsageError(explainFaults(parsed.error));
}

/** A line for each, by the name of its option. */
function explainFaults({ issues }: ZodError): string {
  const faults = issues.map(({ path, message }) => {
    const word = path.join('.');
    return `--${COLUMNS.includes(word) ? `map ${word}` : (OPTION_OF[word] ?? word)}: ${message}`;
  });
  return faults.join('\n');
}

/** Sets up a shop as the set-up page would, for a first look at one's own sales. */
async function createShop(
  db: Database,
  { config, clock, say }: CommandContext,
  values: Values,
): Promise<void> {
  const name = values['create-shop']!;
  const { currency, 'time-zone': timeZone, 'owner-email': email } = values;
  if (!email || !currency || !timeZone)
    throw new UsageError('--create-shop needs --owner-email, --time-zone and --currency');
  const password = randomBytes(12).toString('base64url');
  const parsed = newShopSchema.safeParse({
    merchant: { name, currency },
    location: { name: values.location ?? name, timeZone },
    owner: { name: 'Owner', email, password },
    program: { name: 'Coffee card' },
  });
  if (!parsed.success) throw new UsageError(explainFaults(parsed.error));
  const passwords = createPasswords(loadSecrets(config, { hasShop: await isSetUp(db)() }).pepper);
  const answer = await setUpShop(db, clock, passwords)(parsed.data);
  if ('refused' in answer)
    throw new CommandFailed('This database has a shop already: leave out --create-shop');
  say(
    `“${parsed.data.merchant.name}” is set up. Sign in as ${parsed.data.owner.email} with the password ${password}`,
  );
}

async function runImport(
  db: Database,
  { clock, say }: CommandContext,
  {
    merchantId,
    path,
    query,
    dryRun,
  }: { merchantId: string; path: string; query: ImportQuery; dryRun: boolean },
): Promise<ImportOutcome> {
  const progress = createProgressLine();
  const outcome = await importSales(db, clock)(
    { merchantId, staffId: null },
    { ...toImportRequest(query), path, dryRun, onProgress: progress.show },
  ).finally(progress.clear);
  if (!('refused' in outcome)) return outcome;
  for (const line of explainRefusal(outcome)) say(line);
  throw new CommandFailed('Nothing was imported.');
}

function explainRefusal(refusal: ImportRefusal): string[] {
  switch (refusal.refused) {
    case 'rows-unreadable':
      return [...refusal.faults.map(({ line, fault }) => `  line ${line}: ${fault}`), `${refusal.detail}.`];
    case 'file-unreadable':
      return [`${refusal.detail}.`];
    case 'mapping-incomplete': {
      const { part, detail, header } = refusal;
      const option = COLUMNS.includes(part) ? `map ${part}=COLUMN` : (OPTION_OF[part] ?? part);
      const columns = Array.isArray(header) ? [`The columns are: ${header.join(', ')}`] : [];
      return [`${detail}: --${option}`, ...columns];
    }
  }
}

/** One line that is written over, on a terminal only. */
function createProgressLine(): { show: (progress: ImportProgress) => void; clear: () => void } {
  const { stderr } = process;
  let shownAt = 0;
  return {
    show({ step, rowsDone, rowCount }) {
      const now = performance.now();
      if (!stderr.isTTY || now - shownAt < PROGRESS_PAUSE_MS) return;
      shownAt = now;
      const percent = Math.floor((100 * rowsDone) / Math.max(rowCount, 1));
      stderr.write(`\r\u001B[K${step === 'checking' ? 'Checking' : 'Importing'} … ${percent} %`);
    },
    clear() {
      if (stderr.isTTY) stderr.write('\r\u001B[K');
    },
  };
}

async function isAgreed({ say }: CommandContext): Promise<boolean> {
  if (!process.stdin.isTTY) {
    say('Add --yes to import without being asked.');
    return false;
  }
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  // By Ctrl-C or Ctrl-D, after which the question has no answer.
  const leaving = new Promise<string>((resolve) => {
    asked.once('close', () => resolve('no'));
  });
  try {
    return /^y(es)?$/i.test((await Promise.race([asked.question('Import this? [y/N] '), leaving])).trim());
  } finally {
    asked.close();
  }
}
