import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type { Database } from '../../db/database.ts';
import { gestureReportQuerySchema } from '../http/routes/report-routes.ts';
import { exportGestureReport } from '../operations/export-gesture-report.ts';
import { gestureCsv } from '../operations/gesture-csv.ts';
import { readReportNames } from '../operations/read-report-names.ts';
import { streamGestureReport } from '../operations/stream-gesture-report.ts';
import type { GestureReportRequest } from '../operations/plan-report.ts';
import type { GestureReportStream } from '../operations/stream-gesture-report.ts';
import { UsageError } from './command.ts';
import type { Command, CommandContext } from './command.ts';
import { findMerchant } from './find-merchant.ts';
import { gestureText } from './gesture-text.ts';
import { requireDatabase } from './shop-file.ts';

const NO_SHOP = 'No shop is set up in this database yet: npm start prints the link to do it.';
const FORMATS = ['text', 'csv', 'json'] as const;
type Format = (typeof FORMATS)[number];

const OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  window: { type: 'string' },
  model: { type: 'string' },
  location: { type: 'string' },
  staff: { type: 'string' },
  kind: { type: 'string' },
  reason: { type: 'string' },
  'include-undone': { type: 'boolean' },
  'as-of': { type: 'string' },
  format: { type: 'string', default: 'text' },
  out: { type: 'string' },
  merchant: { type: 'string' },
} as const;

/** What the report calls an option that is called otherwise here. */
const OPTION_OF: Record<string, string> = {
  windowDays: 'window',
  includeUndone: 'include-undone',
  asOf: 'as-of',
};

export const reportCommand: Command = {
  summary: 'What was given, and what the customers spent afterwards',
  help: `
Usage: npm run report -- [options]

What was given, and what the customers spent afterwards.

  --from DAY, --to DAY     business days, YYYY-MM-DD, both included; all when not given
  --window DAYS            7, 30 (the default), 60 or 90 days in which a later sale counts
  --model MODEL            last (the default), first or linear: which gesture a sale counts to
                           that several touched
  --location NAME          only gestures given there; a name or an id
  --staff NAME             only gestures this person gave; a name or an id
  --kind KIND              double_stamp, free_item or voucher
  --reason REASON          long_day, long_wait, our_mistake, regular, newcomer, celebration or other
  --include-undone         also show gestures that were taken back
  --as-of INSTANT          leave out what came later: 2026-03-31T22:00:00Z
  --format FORMAT          text (the default: the totals), csv (a line per gesture) or json (both)
  --out FILE               write there instead of here
  --merchant NAME          when the database holds several; a name or an id

The database is the one DATABASE_URL names, or the file in the data folder.
The columns of the CSV are explained in docs/report-columns.md.
`,
  async run(args, context) {
    const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true });
    const { format, out, merchant, location, staff, ...asked } = values;
    if (!isFormat(format)) throw new UsageError(`--format: ${format} is not one of ${FORMATS.join(', ')}`);
    const request = parseRequest(asked);
    requireDatabase(context.config.databaseUrl);
    return context.withDatabase(async (db) => {
      const { merchantId } = await findMerchant(db, merchant, NO_SHOP);
      const names = await readReportNames(db)({ merchantId });
      const stream = await openReport(
        db,
        context,
        { merchantId, format },
        {
          ...request,
          locationId: findId(
            'location',
            location,
            names.locations.map(({ locationId, name }) => ({ id: locationId, name })),
          ),
          staffId: findId(
            'staff',
            staff,
            names.staff.map(({ staffId, name }) => ({ id: staffId, name })),
          ),
        },
      );
      const target = out === undefined ? context.out : createWriteStream(out);
      await pipeline(Readable.from(writers[format](stream)), target, { end: out !== undefined });
      if (out !== undefined) context.say(`Written to ${out}`);
      return 0;
    });
  },
};

const writers: Record<Format, (stream: GestureReportStream) => AsyncIterable<string>> = {
  csv: gestureCsv,
  json: gestureJson,
  text: gestureText,
};

function isFormat(word: string): word is Format {
  return (FORMATS as readonly string[]).includes(word);
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

function parseRequest({
  window: windowDays,
  'include-undone': includeUndone,
  'as-of': asOf,
  ...rest
}: Omit<Values, 'format' | 'out' | 'merchant' | 'location' | 'staff'>): GestureReportRequest {
  const parsed = gestureReportQuerySchema.safeParse({
    ...rest,
    windowDays,
    asOf,
    includeUndone: includeUndone && 'true',
  });
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `--${OPTION_OF[name] ?? name}: ${message}`;
  });
  throw new UsageError(faults.join('\n'));
}

function findId(
  option: string,
  wanted: string | undefined,
  choices: readonly { id: string; name: string }[],
): string | undefined {
  if (wanted === undefined) return undefined;
  const fitting = choices.filter(
    ({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase(),
  );
  if (fitting.length === 1) return fitting[0]!.id;
  const known = (fitting.length > 1 ? fitting : choices).map(({ id, name }) => `  ${id}  ${name}`).join('\n');
  throw new UsageError(
    `--${option}: ${fitting.length > 1 ? 'several are called' : 'none is called'} “${wanted}”. There is:\n${known}`,
  );
}

async function openReport(
  db: Database,
  { clock }: CommandContext,
  { merchantId, format }: { merchantId: string; format: Format },
  request: GestureReportRequest,
): Promise<GestureReportStream> {
  const stream =
    format === 'text'
      ? await streamGestureReport(db, clock)({ merchantId }, request)
      : await exportGestureReport(db, clock)({ merchantId, staffId: null }, request, format);
  if ('refused' in stream) throw new UsageError('--as-of: that time has not come yet');
  return stream;
}

/** What the API says in pages, with every row in it (the oldest first) and the totals. */
async function* gestureJson({ head, pages, totals }: GestureReportStream): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"items":[`;
  let isFirst = true;
  for await (const rows of pages) {
    if (rows.length === 0) continue;
    yield (isFirst ? '\n' : ',\n') + rows.map((row) => JSON.stringify(row)).join(',\n');
    isFirst = false;
  }
  yield `],"nextCursor":null,"totals":${JSON.stringify(totals())}}\n`;
}
