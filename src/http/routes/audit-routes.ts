import * as z from 'zod';
import type { readAudit } from '../../operations/read-audit.ts';
import { actorOf, jsonRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { listOf, OWNERS } from './desk-schemas.ts';
import { idSchema, instantSchema } from './till-schemas.ts';

/** What a column holds. */
const MAX_SEQUENCE = 2_147_483_647;
const MAX_PAGE_SIZE = 500;
const DEFAULT_PAGE_SIZE = 100;

const auditSchema = z
  .object({
    sequence: z.int(),
    at: instantSchema,
    staffId: idSchema.nullable().describe('Null for the program itself'),
    action: z.string(),
    subjectId: idSchema.nullable(),
    details: z.record(z.string(), z.unknown()),
    hash: z.string().describe('Seals this row and every one before it'),
  })
  .meta({ id: 'AuditEvent', description: 'Who changed, saw or took out what' });

const querySchema = z.object({
  cursor: z.coerce.number().int().positive().max(MAX_SEQUENCE).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
});

export const auditRoutes = (operations: { readAudit: ReturnType<typeof readAudit> }): Route[] => [
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
    handle: async ({ principal, query }) =>
      operations.readAudit(actorOf(principal), { before: query.cursor, limit: query.limit }),
  }),
];
