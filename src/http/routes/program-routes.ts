import * as z from 'zod';
import type { addProgram, editProgram, endProgram } from '../../operations/edit-program.ts';
import type { listPrograms, readProgram } from '../../operations/list-programs.ts';
import { DEFAULT_COLOUR } from '../../operations/set-up-shop.ts';
import { actorOf, jsonRoute, MANAGERS, OWNERS, repeatableRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { cursorQuerySchema, listOf, programRuleFields, programSchema } from './desk-schemas.ts';
import { idSchema, instantSchema } from './till-schemas.ts';

const { name: _, ...ruleFields } = programRuleFields;

const programHistorySchema = programSchema
  .extend({
    endedAt: instantSchema.nullable(),
    versions: z.array(z.object({ version: z.int(), createdAt: instantSchema, ...ruleFields })),
  })
  .meta({ id: 'ProgramHistory', description: 'A program with every version of its rule, newest first' });

const newProgramSchema = z
  .strictObject({
    ...programRuleFields,
    rewardCostMinor: programRuleFields.rewardCostMinor.default(null),
    accrual: programRuleFields.accrual.default({ per: 'item' }),
    expiryDays: programRuleFields.expiryDays.default(null),
    colour: programRuleFields.colour.default(DEFAULT_COLOUR),
    pictureId: programRuleFields.pictureId.default(null),
  })
  .meta({ id: 'NewProgram' });

const params = z.object({ programId: idSchema });
const tag = 'Stamp cards';

interface ProgramOperations {
  listPrograms: ReturnType<typeof listPrograms>;
  readProgram: ReturnType<typeof readProgram>;
  addProgram: ReturnType<typeof addProgram>;
  editProgram: ReturnType<typeof editProgram>;
  endProgram: ReturnType<typeof endProgram>;
}

export const programRoutes = (operations: ProgramOperations): Route[] => [
  jsonRoute({
    method: 'get',
    path: '/api/v1/programs',
    summary: 'The stamp card programs',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    query: cursorQuerySchema,
    status: 200,
    answer: listOf(programSchema, 'ProgramList'),
    handle: async ({ principal, query }) => operations.listPrograms(actorOf(principal), query),
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/programs/{programId}',
    summary: 'A program and its history',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    params,
    status: 200,
    answer: programHistorySchema,
    refusals: ['program-unknown'],
    handle: async ({ principal, params: { programId } }) =>
      operations.readProgram(actorOf(principal), { programId }),
  }),
  repeatableRoute({
    method: 'post',
    path: '/api/v1/programs',
    summary: 'Start a program',
    tag,
    audience: OWNERS,
    needsDesk: true,
    body: newProgramSchema,
    status: 201,
    answer: programSchema,
    refusals: ['picture-unknown'],
    handle: async ({ principal, body, attempt }) =>
      operations.addProgram(actorOf(principal), { ...body, attempt }),
  }),
  jsonRoute({
    method: 'patch',
    path: '/api/v1/programs/{programId}',
    summary: 'Edit a program',
    description: 'A changed rule is a new version: cards already issued keep theirs.',
    tag,
    audience: OWNERS,
    needsDesk: true,
    params,
    body: z.strictObject(programRuleFields).partial().meta({ id: 'ProgramChange' }),
    status: 200,
    answer: programSchema,
    refusals: ['program-unknown', 'picture-unknown'],
    handle: async ({ principal, params: { programId }, body }) =>
      operations.editProgram(actorOf(principal), { programId, change: body }),
  }),
  jsonRoute({
    method: 'delete',
    path: '/api/v1/programs/{programId}',
    summary: 'Issue no more cards under a program',
    tag,
    audience: OWNERS,
    needsDesk: true,
    params,
    status: 204,
    answer: z.undefined(),
    refusals: ['program-unknown'],
    handle: async ({ principal, params: { programId } }) =>
      operations.endProgram(actorOf(principal), { programId }),
  }),
];
