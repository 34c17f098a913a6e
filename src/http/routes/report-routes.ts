import * as z from 'zod';
import type { exportGestureReport } from '../../operations/export-gesture-report.ts';
import type { findDay } from '../../operations/find-day.ts';
import { gestureFileName } from '../../operations/gesture-columns.ts';
import { gestureCsv } from '../../operations/gesture-csv.ts';
import { gestureXlsx } from '../../operations/gesture-xlsx.ts';
import { ATTRIBUTION_MODELS, WINDOW_DAYS } from '../../operations/plan-report.ts';
import type { reportGestures } from '../../operations/report-gestures.ts';
import type { totalGestures } from '../../operations/total-gestures.ts';
import { requireFresh } from '../identify.ts';
import { actorOf, jsonRoute, MANAGERS, OWNERS, rawRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { answerHead, fileTypes, sendFile } from '../send-file.ts';
import {
  amountSchema,
  daySchema,
  flagSchema,
  gestureKindSchema,
  idSchema,
  instantSchema,
  reasonSchema,
} from './till-schemas.ts';

const MAX_PAGE = 500;
const DEFAULT_PAGE = 50;
const MAX_CURSOR_LENGTH = 200;

const reportQuerySchema = z.strictObject({
  from: daySchema.optional().describe('The first business day'),
  to: daySchema.optional().describe('The last business day'),
  windowDays: z
    .enum(WINDOW_DAYS.map(String) as ['7', '30', '60', '90'])
    .default('30')
    .transform((days) => Number(days) as (typeof WINDOW_DAYS)[number])
    .describe('Days of 24 hours in which a later sale counts'),
  model: z
    .enum(ATTRIBUTION_MODELS)
    .default('last')
    .describe('Which gesture a sale counts to that several touched; `linear` shares it'),
  locationId: idSchema.optional(),
  staffId: idSchema.optional(),
  kind: gestureKindSchema.optional(),
  reason: reasonSchema.optional(),
  includeUndone: flagSchema('false').describe(
    'Also show gestures that were taken back; nothing counts to them',
  ),
  asOf: instantSchema
    .transform((text) => new Date(text))
    .optional()
    .describe('Leave out later gestures, sales and refunds; now when not given'),
});

const daysInOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean =>
  from === undefined || to === undefined || from <= to;
const daysReversed = { path: ['to'], error: 'is before `from`' };

/** What a report may be asked for, in an address or on a command line: everything arrives as text. */
export const gestureReportQuerySchema = reportQuerySchema.refine(daysInOrder, daysReversed);

interface Cursor {
  asOf: Date;
  givenAt: Date;
  gestureId: string;
}

const pageQuerySchema = reportQuerySchema
  .extend({
    limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
    cursor: z
      .string()
      .max(MAX_CURSOR_LENGTH)
      .transform((text, context): Cursor => {
        const cursor = readCursor(text);
        if (cursor) return cursor;
        context.addIssue('not a cursor that an earlier page gave');
        return z.NEVER;
      })
      .optional()
      .describe('`nextCursor` of the page before; keep the other parameters as they were'),
  })
  .refine(daysInOrder, daysReversed);

const sumsSchema = z
  .object({
    gestures: z.int(),
    priceMinor: amountSchema,
    costMinor: amountSchema,
    gesturesReturned: z.int().describe('Gestures whose customer has come back within the window'),
    attributedSales: z.int().describe('Different sales'),
    attributedSpendMinor: amountSchema.describe('Net of refunds'),
  })
  .meta({ id: 'GestureSums' });

const split = {
  complete: sumsSchema.describe('Gestures whose window is over'),
  maturing: sumsSchema.describe('Gestures for which more may come; not to be averaged with the others'),
};

const totalsSchema = z
  .object({
    all: sumsSchema.describe('Both together'),
    ...split,
    returnedWithinDays: z
      .array(z.int())
      .describe(
        'Of the finished gestures, how many had seen their customer again within one day, within two, to the window’s end',
      ),
    byKind: z.array(z.object({ kind: gestureKindSchema, ...split })),
    byReason: z.array(z.object({ reason: reasonSchema, ...split })),
    byStaff: z.array(z.object({ staffId: idSchema, staffName: z.string(), ...split })),
    byLocation: z.array(z.object({ locationId: idSchema, locationName: z.string(), ...split })),
    byWeek: z.array(z.object({ weekStart: daySchema, ...split })),
  })
  .meta({ id: 'GestureTotals', description: 'Sums of everything asked for' });

const rowSchema = z
  .object({
    gestureId: idSchema,
    givenAt: instantSchema,
    givenAtLocal: z.string().describe('On the clock of the shop’s wall: `2026-03-02T12:30:00`'),
    timeZone: z.string(),
    businessDay: daySchema,
    weekStart: daySchema.describe('The first business day of its week'),
    locationId: idSchema,
    locationName: z.string(),
    staffId: idSchema,
    staffName: z.string(),
    kind: gestureKindSchema,
    itemId: idSchema.nullable(),
    itemName: z.string().nullable(),
    reason: reasonSchema,
    fundedBy: z.enum(['allowance', 'grant', 'lucky', 'bonus']),
    isPast: z.boolean().describe('Written down afterwards by an owner'),
    isUndone: z.boolean(),
    priceMinor: amountSchema,
    costMinor: amountSchema,
    customer: z.string().describe('A pseudonym, the same in every report'),
    laterVisits: z.int(),
    daysToReturn: z.number().nullable().describe('Days of 24 hours until the first later sale'),
    attributedSales: z.int(),
    attributedSpendMinor: amountSchema.describe('Net of refunds'),
    window: z.enum(['complete', 'open']),
  })
  .meta({ id: 'GestureReportRow', description: 'A gesture and what followed' });

const headFields = {
  from: daySchema.nullable(),
  to: daySchema.nullable(),
  windowDays: z.int(),
  visitMinutes: z.int().describe('Sales this soon after a gesture belong to the same visit'),
  model: z.enum(ATTRIBUTION_MODELS),
  asOf: instantSchema,
  currency: z.string().describe('ISO 4217'),
  isMadeUp: z.boolean().describe('A made-up shop, for trying things out'),
  locationId: idSchema.nullable().describe('Only gestures given here; null for everywhere'),
  locationName: z.string().nullable(),
  staffId: idSchema.nullable().describe('Only gestures this person gave; null for everybody'),
  staffName: z.string().nullable(),
  kind: gestureKindSchema.nullable().describe('Only such gestures; null for any'),
  reason: reasonSchema.nullable().describe('Only gestures given for it; null for any'),
  includeUndone: z.boolean().describe('Whether gestures that were taken back are shown too'),
};

export const reportSchema = z
  .object({
    ...headFields,
    items: z.array(rowSchema).describe('The newest first'),
    nextCursor: z.string().nullable().describe('Null on the last page'),
  })
  .meta({ id: 'GestureReport', description: 'What was given, and what the customers spent afterwards' });

export const reportTotalsSchema = z
  .object({ ...headFields, totals: totalsSchema })
  .meta({ id: 'GestureReportTotals', description: 'What everything asked for adds up to' });

const BOOKKEEPING =
  'Later sales are counted to the gestures they followed, each once. This is bookkeeping: it says what customers ' +
  'spent afterwards, not what a gesture caused.';
const FILE_RULES =
  'Without names of customers. Needs a sign-in of at most five minutes ago, and is written to the audit log. An ' +
  'answer that breaks off is not the whole report.';

interface ReportParts {
  reportGestures: ReturnType<typeof reportGestures>;
  totalGestures: ReturnType<typeof totalGestures>;
  exportGestureReport: ReturnType<typeof exportGestureReport>;
  findDay: ReturnType<typeof findDay>;
  now(): Date;
}

export const reportRoutes = (parts: ReportParts): Route[] => [
  jsonRoute({
    method: 'get',
    path: '/api/v1/reports/gestures',
    summary: 'What was given, and what followed',
    description: BOOKKEEPING,
    tag: 'Reports',
    audience: MANAGERS,
    needsDesk: true,
    query: pageQuerySchema,
    status: 200,
    answer: reportSchema,
    refusals: ['location-unknown', 'staff-unknown', 'report-of-the-future'],
    handle: async ({ principal, query }) => {
      const { limit, cursor, ...asked } = query;
      const request = cursor ? { ...asked, asOf: cursor.asOf } : asked;
      const page = await parts.reportGestures(actorOf(principal), request, {
        after: cursor ?? null,
        limit,
      });
      if ('refused' in page) return page;
      const { head, items, next } = page;
      return { ...head, items, nextCursor: next ? writeCursor({ ...next, asOf: head.asOf }) : null };
    },
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/reports/gestures/totals',
    summary: 'What the gestures add up to',
    description: `${BOOKKEEPING} Totals that took long are kept for a few minutes; \`asOf\` says when they were made.`,
    tag: 'Reports',
    audience: MANAGERS,
    needsDesk: true,
    query: gestureReportQuerySchema,
    status: 200,
    answer: reportTotalsSchema,
    refusals: ['location-unknown', 'staff-unknown', 'report-of-the-future'],
    handle: async ({ principal, query }) => {
      const found = await parts.totalGestures(actorOf(principal), query);
      return 'refused' in found ? found : { ...found.head, totals: found.totals };
    },
  }),
  ...(['csv', 'xlsx'] as const).map((format) =>
    rawRoute({
      method: 'get',
      path: `/api/v1/reports/gestures.${format}`,
      ...descriptions[format],
      tag: 'Reports',
      audience: OWNERS,
      needsDesk: true,
      query: gestureReportQuerySchema,
      produces: fileTypes[format],
      refusals: ['fresh-sign-in-needed', 'location-unknown', 'staff-unknown', 'report-of-the-future'],
      handle: async ({ principal, query, response }) => {
        const refusal = requireFresh(principal, parts.now());
        if (refusal) return refusal;
        if (answerHead(response, format)) return undefined;
        const stream = await parts.exportGestureReport(actorOf(principal), query, format);
        if ('refused' in stream) return stream;
        const pieces = format === 'csv' ? gestureCsv(stream) : gestureXlsx(stream);
        const { locationId, asOf } = stream.head;
        const today = await parts.findDay({ ...actorOf(principal), locationId }, asOf);
        const name = gestureFileName(stream.head, { today, format });
        return sendFile(response, { name, format, parts: pieces });
      },
    }),
  ),
];

const descriptions = {
  csv: { summary: 'The gesture report as a file', description: `CSV after RFC 4180. ${FILE_RULES}` },
  xlsx: {
    summary: 'The gesture report as a workbook',
    description: `The columns of the CSV on one sheet, the totals on a second. ${FILE_RULES}`,
  },
};

/** Opaque to callers. It carries `asOf`, so that every page reports as of the same moment. */
function writeCursor({ asOf, givenAt, gestureId }: Cursor): string {
  return Buffer.from(`${asOf.getTime()} ${givenAt.getTime()} ${gestureId}`).toString('base64url');
}

function readCursor(text: string): Cursor | undefined {
  const match = /^(\d{1,15}) (-?\d{1,15}) (\S+)$/.exec(Buffer.from(text, 'base64url').toString());
  if (!match) return undefined;
  return { asOf: new Date(Number(match[1])), givenAt: new Date(Number(match[2])), gestureId: match[3]! };
}
