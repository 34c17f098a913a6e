import * as z from 'zod';
import type { editMerchant, readMerchant } from '../../operations/edit-merchant.ts';
import { actorOf, jsonRoute, MANAGERS, OWNERS } from '../route.ts';
import type { Route } from '../route.ts';
import { nameSchema } from './desk-schemas.ts';
import { idSchema } from './till-schemas.ts';

const MAX_VISIT_MINUTES = 1_440;
const MAX_COOL_DOWN_DAYS = 365;

const settingFields = {
  name: nameSchema,
  logoPictureId: idSchema.nullable().describe('The logo on cards and posters; null for none'),
  visitMinutes: z
    .int()
    .min(0)
    .max(MAX_VISIT_MINUTES)
    .describe('Sales this soon after a gesture are the same visit, and not counted to it'),
  coolDownDays: z
    .int()
    .min(0)
    .max(MAX_COOL_DOWN_DAYS)
    .describe('Days between two gestures to one customer; 0 for off'),
};

export const merchantSchema = z
  .object({
    merchantId: idSchema,
    currency: z.string(),
    weekStartsOn: z.int(),
    isMadeUp: z.boolean().describe('A demonstration, with invented sales'),
    ...settingFields,
  })
  .meta({ id: 'Merchant', description: 'The business' });

interface MerchantOperations {
  readMerchant: ReturnType<typeof readMerchant>;
  editMerchant: ReturnType<typeof editMerchant>;
}

export const merchantRoutes = (operations: MerchantOperations): Route[] => [
  jsonRoute({
    method: 'get',
    path: '/api/v1/merchant',
    summary: 'The settings of the business',
    tag: 'Settings',
    audience: MANAGERS,
    needsDesk: true,
    status: 200,
    answer: merchantSchema,
    handle: async ({ principal }) => operations.readMerchant(actorOf(principal)),
  }),
  jsonRoute({
    method: 'patch',
    path: '/api/v1/merchant',
    summary: 'Change a setting',
    tag: 'Settings',
    audience: OWNERS,
    needsDesk: true,
    body: z.strictObject(settingFields).partial().meta({ id: 'MerchantChange' }),
    status: 200,
    answer: merchantSchema,
    refusals: ['picture-unknown'],
    handle: async ({ principal, body }) => operations.editMerchant(actorOf(principal), body),
  }),
];
