import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import * as z from 'zod';
import { DEFAULT_SOURCE } from '../../operations/import-sales.ts';
import type {
  ImportOutcome,
  ImportProgress,
  ImportRefusal,
  importSales,
  ImportRequest,
  readImportMapping,
} from '../../operations/import-sales.ts';
import type { listImports } from '../../operations/list-imports.ts';
import type { Refusal } from '../problem.ts';
import { problemOf } from '../problem.ts';
import { actorOf, jsonRoute, MANAGERS, rawRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { cursorQuerySchema, listOf, timeZoneSchema } from './desk-schemas.ts';
import { amountSchema, flagSchema, idSchema, instantSchema } from './till-schemas.ts';

const BYTES_PER_MEGABYTE = 1024 * 1024;
/** What `MAX_ROWS` rows of a till come to, and as much as half a minute brings over an ordinary line. */
const MAX_FILE_BYTES = 64 * BYTES_PER_MEGABYTE;
/** Files that lie on our disk at once. */
const MAX_UPLOADS = 2;
const MAX_NAME_LENGTH = 200;
const MAX_SOURCE_LENGTH = 40;
const CSV = 'text/csv';
const NDJSON = 'application/x-ndjson';

const delimiterNames = { comma: ',', semicolon: ';', tab: '\t', bar: '|' } as const;

const columnSchema = z.string().trim().min(1).max(MAX_NAME_LENGTH);
/** `item=` says that no column is to be taken. */
const optionalColumnSchema = z
  .string()
  .trim()
  .max(MAX_NAME_LENGTH)
  .transform((name) => (name === '' ? null : name));
const sourceSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'Small letters, figures, dots and hyphens')
  .max(MAX_SOURCE_LENGTH);

/** How to read a file, as an address or a command line says it: everything arrives as text. */
export const importQuerySchema = z
  .strictObject({
    dryRun: flagSchema('true').describe('Only say what would happen; `false` imports'),
    skipFaults: flagSchema('false').describe(
      'Leave out rows that nobody can read, instead of refusing the file',
    ),
    source: sourceSchema
      .default(DEFAULT_SOURCE)
      .describe('Whose sales these are, such as `vending`; how its files are read is kept for the next time'),
    fileName: z.string().max(MAX_NAME_LENGTH).default('sales.csv').describe('For the record only'),
    location: z
      .string()
      .max(MAX_NAME_LENGTH)
      .optional()
      .describe('Id or name; needed when there are several'),
    program: z
      .string()
      .max(MAX_NAME_LENGTH)
      .optional()
      .describe('Id or name of the stamp card for new customers; needed when there are several'),
    timeZone: timeZoneSchema.optional().describe('What the clock of the file shows; needed the first time'),
    currency: z.string().length(3).optional().describe('Refused unless it is the merchant’s'),
    dateOrder: z
      .enum(['mdy', 'dmy', 'ymd', 'auto'])
      .optional()
      .describe(
        'Which number of `3/4/2024` is the month; needed when the file does not show it. `auto`: as the file shows it, ' +
          'whatever it was the last time',
      ),
    decimal: z.enum(['.', ',']).optional(),
    delimiter: z
      .enum(['comma', 'semicolon', 'tab', 'bar'])
      .transform((name) => delimiterNames[name])
      .optional(),
    instant: columnSchema.optional().describe('The column of the date and time'),
    date: columnSchema.optional().describe('With `time`, instead of `instant`'),
    time: columnSchema.optional(),
    amount: columnSchema.optional(),
    customer: optionalColumnSchema.optional().describe('Empty for none; so are the columns below'),
    item: optionalColumnSchema.optional(),
    saleId: optionalColumnSchema.optional().describe('The source’s own number of a sale'),
    refundOf: optionalColumnSchema.optional().describe('On a refund, the number of the sale refunded'),
    status: optionalColumnSchema.optional(),
    everyItemQualifies: z
      .enum(['true', 'false'])
      .transform((word) => word === 'true')
      .optional()
      .describe('Whether an item that is not on the menu earns stamps; yes when not said'),
  })
  .refine(({ date, time }) => (date === undefined) === (time === undefined), {
    path: ['time'],
    error: '`date` and `time` go together',
  })
  .refine(({ instant, date }) => instant === undefined || date === undefined, {
    path: ['instant'],
    error: 'either `instant`, or `date` and `time`',
  });

export type ImportQuery = z.infer<typeof importQuerySchema>;

const mappingSchema = z
  .looseObject({
    instant: z.union([z.string(), z.object({ date: z.string(), time: z.string() })]),
    amount: z.string(),
    customer: z.string().nullable(),
    item: z.string().nullable(),
    saleId: z.string().nullable(),
    refundOf: z.string().nullable(),
    status: z.string().nullable(),
    dateOrder: z.enum(['mdy', 'dmy', 'ymd']),
    decimal: z.enum(['.', ',']),
    delimiter: z.string(),
    timeZone: z.string(),
    currency: z.string(),
  })
  .meta({ id: 'SalesMapping', description: 'How a file of sales is read: which column says what' });

export const savedMappingSchema = z
  .object({
    source: z.string(),
    mapping: mappingSchema.extend({
      location: idSchema.optional().describe('Where its sales went'),
      program: idSchema.optional().describe('The stamp card its new customers got'),
      everyItemQualifies: z.boolean().optional(),
      dateOrder: mappingSchema.shape.dateOrder
        .optional()
        .describe('Missing as long as no file of this source needed it'),
    }),
    savedAt: instantSchema,
  })
  .meta({ id: 'SavedSalesMapping', description: 'How files of a source were read the last time' });

export const outcomeSchema = z
  .object({
    dryRun: z.boolean(),
    importId: idSchema.nullable().describe('Null on a dry run, and when there was nothing new'),
    source: z.string(),
    fileName: z.string(),
    mapping: mappingSchema,
    locationId: idSchema,
    programId: idSchema,
    rowCount: z.int(),
    saleCount: z.int(),
    newSaleCount: z.int(),
    knownSaleCount: z.int().describe('Recorded before, and left as they are'),
    totalMinor: amountSchema.describe('Of all sales in the file'),
    newTotalMinor: amountSchema,
    customerCount: z.int(),
    newCardCount: z.int(),
    newStampCount: z.int(),
    newRefundCount: z.int(),
    knownRefundCount: z.int(),
    firstSaleAt: instantSchema.nullable(),
    lastSaleAt: instantSchema.nullable(),
    oddCount: z.int(),
    odd: z
      .array(z.object({ line: z.int(), kind: z.string(), what: z.string(), effect: z.string() }))
      .describe('What is odd about a row, and what happens to it; at most 1,000'),
    faultCount: z.int(),
    faults: z
      .array(z.object({ line: z.int(), fault: z.string() }))
      .describe('Rows that nobody can read; at most 1,000'),
  })
  .meta({ id: 'SalesImport', description: 'What a file of sales holds, and what importing it does or did' });

export const pastImportSchema = z
  .object({
    importId: idSchema,
    source: z.string(),
    fileName: z.string(),
    staffName: z.string().nullable().describe('Null for the command line'),
    importedAt: instantSchema,
    rowCount: z.int(),
    salesAdded: z.int(),
    cardsAdded: z.int(),
    totalMinor: amountSchema,
  })
  .meta({ id: 'PastImport', description: 'A file of sales that was taken in' });

interface ImportOperations {
  listImports: ReturnType<typeof listImports>;
  importSales: ReturnType<typeof importSales>;
  readImportMapping: ReturnType<typeof readImportMapping>;
}

export const importRoutes = (operations: ImportOperations): Route[] => {
  let uploadCount = 0;
  return [
    rawRoute({
      method: 'post',
      path: '/api/v1/sales/import',
      summary: 'Import sales from a CSV file, or say what would happen',
      description:
        'The body is the file itself. Without `dryRun=false` nothing is written. With `Accept: application/x-ndjson` ' +
        'the answer is a line of JSON now and then, `{"progress": …}`, and at the end one with the `outcome` or the ' +
        '`problem`. The import is all or nothing, and rows that were imported before are left as they are.',
      tag: 'Import',
      audience: MANAGERS,
      needsDesk: true,
      query: importQuerySchema,
      consumes: [CSV],
      produces: 'application/json',
      answer: outcomeSchema,
      refusals: [
        'file-unreadable',
        'rows-unreadable',
        'mapping-incomplete',
        'too-large',
        'wrong-media-type',
        'too-many-requests',
      ],
      handle: async ({ principal, query, request, response }) => {
        if (!request.is(CSV) || request.get('content-encoding'))
          return { refused: 'wrong-media-type', detail: `Send the file as it is, with Content-Type: ${CSV}` };
        if (Number(request.get('content-length') ?? 0) > MAX_FILE_BYTES) return { refused: 'too-large' };
        if (uploadCount >= MAX_UPLOADS) return { refused: 'too-many-requests' };
        uploadCount++;
        let folder: string | undefined;
        try {
          folder = await mkdtemp(join(tmpdir(), 'doublestamp-import-'));
          const path = join(folder, 'sales.csv');
          if (!(await spool(request, path))) return { refused: 'too-large' };
          const { merchantId, staffId } = actorOf(principal);
          const run = (onProgress?: ImportRequest['onProgress']) =>
            operations.importSales({ merchantId, staffId }, { ...toImportRequest(query), path, onProgress });
          if (request.accepts(['application/json', NDJSON]) === NDJSON)
            return await answerLineByLine(response, run);
          const outcome = await run();
          if ('refused' in outcome) return outcome;
          response.status(200).json(outcome);
          return undefined;
        } finally {
          uploadCount--;
          if (folder) await rm(folder, { recursive: true, force: true });
        }
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/v1/imports',
      summary: 'The files of sales that were imported, the newest first',
      tag: 'Import',
      audience: MANAGERS,
      needsDesk: true,
      query: cursorQuerySchema,
      status: 200,
      answer: listOf(pastImportSchema, 'ImportList'),
      handle: async ({ principal, query }) =>
        operations.listImports({ merchantId: actorOf(principal).merchantId, ...query }),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/v1/sales/import/mappings/{source}',
      summary: 'How files of a source were read the last time',
      tag: 'Import',
      audience: MANAGERS,
      needsDesk: true,
      params: z.object({ source: sourceSchema }),
      status: 200,
      answer: savedMappingSchema,
      refusals: ['mapping-unknown'],
      handle: async ({ principal, params }) => {
        const saved = await operations.readImportMapping(actorOf(principal), params.source);
        return 'refused' in saved ? saved : { source: params.source, ...saved };
      },
    }),
  ];
};

/** What the operation wants, of what was asked in an address or on a command line. */
export function toImportRequest(query: ImportQuery): Omit<ImportRequest, 'path'> {
  const { dryRun, skipFaults, source, fileName, location, program, everyItemQualifies, ...rest } = query;
  const { date, time, instant, ...given } = rest;
  return {
    dryRun,
    skipFaults,
    source,
    fileName,
    location,
    program,
    everyItemQualifies,
    given: { ...given, instant: date !== undefined && time !== undefined ? { date, time } : instant },
  };
}

/** Puts the body into a file; false when it is too large. What is sent in pieces need not say its length first. */
async function spool(request: Request, path: string): Promise<boolean> {
  let bytes = 0;
  let isTooLarge = false;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      isTooLarge = bytes > MAX_FILE_BYTES;
      if (isTooLarge) done(new Error('too large'));
      else done(null, chunk);
    },
  });
  try {
    await pipeline(request, limit, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    return true;
  } catch (error) {
    if (isTooLarge) return false;
    throw error;
  }
}

/** Progress as it comes, then the outcome: for pages that show a bar. */
async function answerLineByLine(
  response: Response,
  run: (onProgress: (progress: ImportProgress) => void) => Promise<ImportOutcome | ImportRefusal>,
): Promise<undefined> {
  response.status(200).set({ 'Content-Type': NDJSON, 'X-Accel-Buffering': 'no' });
  const write = (line: object) => void response.write(`${JSON.stringify(line)}\n`);
  const outcome = await run((progress) => write({ progress }));
  write('refused' in outcome ? { problem: problemOf(response, outcome as Refusal) } : { outcome });
  response.end();
}
