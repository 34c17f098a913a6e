import * as z from 'zod';
import type {
  addAllowanceRule,
  editAllowanceRule,
  removeAllowanceRule,
} from '../../operations/edit-allowance-rule.ts';
import type { listAllowanceRules } from '../../operations/list-allowance-rules.ts';
import type { previewAllowanceRule } from '../../operations/preview-allowance-rule.ts';
import { setsLimit } from '../../loyalty/allowance.ts';
import { problems } from '../problem.ts';
import { actorOf, jsonRoute, MANAGERS, OWNERS } from '../route.ts';
import type { Route } from '../route.ts';
import {
  allowanceLimitFields,
  allowanceRuleFields,
  allowanceRuleSchema,
  cursorQuerySchema,
  listOf,
} from './desk-schemas.ts';
import { amountSchema, daySchema, idSchema } from './till-schemas.ts';

const params = z.object({ allowanceId: idSchema });
const tag = 'Allowances';

const newRuleSchema = z
  .strictObject({
    ...allowanceRuleFields,
    subjectId: allowanceRuleFields.subjectId.default(null),
    gesturesLimit: allowanceLimitFields.gesturesLimit.default(null),
    costLimitMinor: allowanceLimitFields.costLimitMinor.default(null),
  })
  .refine(setsLimit, problems['limit-needed'].title)
  .meta({ id: 'NewAllowanceRule' });

export const allowancePreviewSchema = z
  .object({
    from: daySchema,
    to: daySchema,
    gestures: z.int().describe('Given from the allowance in these days, where the rule applies'),
    wouldRefuse: z.int().describe('Those of them that the rule would have refused'),
    refusedOn: z.array(z.object({ businessDay: daySchema, gestures: z.int() })),
    refusedOf: z.array(z.object({ staffId: idSchema, staffName: z.string(), gestures: z.int() })),
    mostUsed: z
      .object({
        subjectId: idSchema,
        name: z.string(),
        periodStart: daySchema,
        gestures: z.int(),
        costMinor: amountSchema,
      })
      .nullable()
      .describe('The most that one person, or location, used in one period; null when nothing was given'),
    subjects: z.int().describe('How many people, or locations, the rule is for'),
    costPerMonthMinor: amountSchema.describe(
      'At the most: if all of it were used every time, on the dearest thing',
    ),
  })
  .meta({ id: 'AllowancePreview', description: 'What a rule would have done in the last weeks' });

interface AllowanceRuleOperations {
  previewAllowanceRule: ReturnType<typeof previewAllowanceRule>;
  listAllowanceRules: ReturnType<typeof listAllowanceRules>;
  addAllowanceRule: ReturnType<typeof addAllowanceRule>;
  editAllowanceRule: ReturnType<typeof editAllowanceRule>;
  removeAllowanceRule: ReturnType<typeof removeAllowanceRule>;
}

export const allowanceRuleRoutes = (operations: AllowanceRuleOperations): Route[] => [
  jsonRoute({
    method: 'get',
    path: '/api/v1/allowances',
    summary: 'The allowances',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    query: cursorQuerySchema,
    status: 200,
    answer: listOf(allowanceRuleSchema, 'AllowanceRuleList'),
    handle: async ({ principal, query }) => operations.listAllowanceRules(actorOf(principal), query),
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/allowances',
    summary: 'Set an allowance',
    tag,
    audience: OWNERS,
    needsDesk: true,
    body: newRuleSchema,
    status: 201,
    answer: allowanceRuleSchema,
    refusals: ['allowance-exists', 'staff-unknown', 'location-unknown'],
    handle: async ({ principal, body }) => operations.addAllowanceRule(actorOf(principal), body),
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/allowances/preview',
    summary: 'What an allowance would have done',
    description:
      'Goes through what was given from the allowance in the last thirty days, and the days before them of the same ' +
      'week, as if the rule had been there. Grants, lucky moments and what was written down afterwards are left out. ' +
      'Nothing changes.',
    tag,
    audience: OWNERS,
    needsDesk: true,
    body: newRuleSchema,
    status: 200,
    answer: allowancePreviewSchema,
    refusals: ['staff-unknown', 'location-unknown'],
    handle: async ({ principal, body }) => operations.previewAllowanceRule(actorOf(principal), body),
  }),
  jsonRoute({
    method: 'patch',
    path: '/api/v1/allowances/{allowanceId}',
    summary: 'Change how much may be given',
    description:
      'What is named is changed; null is no limit of that sort. What was given already stays counted.',
    tag,
    audience: OWNERS,
    needsDesk: true,
    params,
    body: z.strictObject(allowanceLimitFields).partial().meta({ id: 'AllowanceRuleChange' }),
    status: 200,
    answer: allowanceRuleSchema,
    refusals: ['allowance-unknown', 'limit-needed'],
    handle: async ({ principal, params: { allowanceId }, body }) =>
      operations.editAllowanceRule(actorOf(principal), { allowanceId, ...body }),
  }),
  jsonRoute({
    method: 'delete',
    path: '/api/v1/allowances/{allowanceId}',
    summary: 'Take an allowance away',
    description: 'Where no rule applies there is no limit.',
    tag,
    audience: OWNERS,
    needsDesk: true,
    params,
    status: 204,
    answer: z.undefined(),
    refusals: ['allowance-unknown'],
    handle: async ({ principal, params: { allowanceId } }) =>
      operations.removeAllowanceRule(actorOf(principal), { allowanceId }),
  }),
];
