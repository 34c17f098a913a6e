import * as z from 'zod';
import type { exportAudit } from '../../operations/export-audit.ts';
import type { findDay } from '../../operations/find-day.ts';
import type { AuditFilter, readAudit } from '../../operations/read-audit.ts';
import { requireFresh } from '../identify.ts';
import { actorOf, jsonRoute, OWNERS, rawRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { answerHead, sendFile } from '../send-file.ts';
import { listOf } from './desk-schemas.ts';
import { idSchema, instantSchema } from './till-schemas.ts';

/** What a column holds. */
const MAX_SEQUENCE = 2_147_483_647;
const MAX_PAGE_SIZE = 500;
const DEFAULT_PAGE_SIZE = 100;
const MAX_ACTION_LENGTH = 80;

export const auditSchema = z
  .object({
    sequence: z.int(),
    at: instantSchema,
    staffId: idSchema.nullable().describe('Null for the program itself'),
    staffName: z.string().nullable(),
    action: z.string(),
    subjectId: idSchema.nullable(),
    subjectName: z.string().nullable().describe('What it is called now; null for what has no name'),
    details: z.record(z.string(), z.unknown()),
    hash: z.string().describe('Seals this row and every one before it'),
  })
  .meta({ id: 'AuditEvent', description: 'Who changed, saw or took out what' });

const filterFields = {
  staffId: idSchema.optional().describe('What this person did'),
  action: z
    .string()
    .max(MAX_ACTION_LENGTH)
    .regex(/^[a-z][a-z-]*(\.[a-z][a-z-]*)?$/, 'Such as `staff.ended`, or `staff` for all about staff')
    .optional(),
  from: instantSchema.optional(),
  to: instantSchema.optional().describe('Not itself'),
};
const querySchema = z.object({
  ...filterFields,
  cursor: z.coerce.number().int().positive().max(MAX_SEQUENCE).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
});
const filterSchema = z.object(filterFields);

interface AuditParts {
  readAudit: ReturnType<typeof readAudit>;
  exportAudit: ReturnType<typeof exportAudit>;
  findDay: ReturnType<typeof findDay>;
  now(): Date;
}

export const auditRoutes = (parts: AuditParts): Route[] => [
  jsonRoute({
    method: 'get',
    path: '/api/v1/audit',
    summary: 'The audit log, newest first',
    tag: 'Audit',
    audience: OWNERS,
    needsDesk: true,
    query: querySchema,
    status: 200,
    answer: listOf(auditSchema, 'AuditList'),
    handle: async ({ principal, query: { cursor, limit, ...filter } }) =>
      parts.readAudit(actorOf(principal), { ...toFilter(filter), before: cursor, limit }),
  }),
  rawRoute({
    method: 'get',
    path: '/api/v1/audit.csv',
    summary: 'The audit log as a table, newest first',
    description: 'Needs a sign-in of the last five minutes. The audit log says who took it.',
    tag: 'Audit',
    audience: OWNERS,
    needsDesk: true,
    query: filterSchema,
    produces: 'text/csv',
    refusals: ['fresh-sign-in-needed'],
    handle: async ({ principal, query, response }) => {
      const now = parts.now();
      const stale = requireFresh(principal, now);
      if (stale) return stale;
      if (answerHead(response, 'csv')) return undefined;
      const pieces = await parts.exportAudit(actorOf(principal), toFilter(query));
      const today = await parts.findDay({ ...actorOf(principal), locationId: null }, now);
      return sendFile(response, { name: `audit-log-${today}.csv`, format: 'csv', parts: pieces });
    },
  }),
];

function toFilter({ from, to, ...filter }: z.infer<typeof filterSchema>): AuditFilter {
  return { ...filter, from: from ? new Date(from) : undefined, to: to ? new Date(to) : undefined };
}
