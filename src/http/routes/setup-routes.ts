import * as z from 'zod';
import type { setUpShop } from '../../operations/set-up-shop.ts';
import { jsonRoute } from '../route.ts';
import type { Route } from '../route.ts';
import {
  accrualSchema,
  currencySchema,
  cutOffMinutesSchema,
  emailSchema,
  nameSchema,
  passwordSchema,
  stampsRequiredSchema,
  timeZoneSchema,
  whoSchema,
} from './desk-schemas.ts';
import { sendDeskSession } from './session-routes.ts';
import type { Tokens } from '../token.ts';
import { idSchema } from './till-schemas.ts';

export const setupSchema = z
  .strictObject({
    token: z.string().max(200).describe('From the link the server printed when it started'),
    merchant: z.strictObject({
      name: nameSchema,
      currency: currencySchema,
      weekStartsOn: z.int().min(0).max(6).default(1).describe('0 Sunday to 6 Saturday; not changed later'),
    }),
    location: z.strictObject({
      name: nameSchema,
      timeZone: timeZoneSchema,
      cutOffMinutes: cutOffMinutesSchema.default(240),
    }),
    owner: z.strictObject({ name: nameSchema, email: emailSchema, password: passwordSchema }),
    program: z
      .strictObject({
        name: nameSchema.default('Stamp card'),
        stampsRequired: stampsRequiredSchema.default(10),
        rewardName: nameSchema.default('A coffee on the house'),
        accrual: accrualSchema.default({ per: 'item' }),
      })
      .prefault({}),
  })
  .meta({ id: 'SetupRequest' });

const setupAnswerSchema = z
  .object({ merchantId: idSchema, locationId: idSchema, programId: idSchema, who: whoSchema })
  .meta({ id: 'SetupAnswer' });

interface SetupParts {
  setUpShop: ReturnType<typeof setUpShop>;
  isSetUp(): Promise<boolean>;
  isSetupToken: (token: string) => boolean;
  tokens: Tokens;
}

export const setupRoutes = (parts: SetupParts): Route[] => [
  jsonRoute({
    method: 'post',
    path: '/api/v1/setup',
    summary: 'Set the shop up',
    description: 'Once, with the link the server printed. Signs the owner in.',
    tag: 'Set-up',
    audience: ['anonymous'],
    body: setupSchema,
    status: 201,
    answer: setupAnswerSchema,
    refusals: ['already-set-up', 'setup-token-wrong'],
    handle: async ({ body, request, response, publicUrl }) => {
      const { token, ...wanted } = body;
      if (await parts.isSetUp()) return { refused: 'already-set-up' };
      if (!parts.isSetupToken(token)) return { refused: 'setup-token-wrong' };
      const answer = await parts.setUpShop({ ...wanted, userAgent: request.get('user-agent') });
      if ('refused' in answer) return answer;
      const { session, ...ids } = answer;
      return { ...ids, who: sendDeskSession(response, { session, tokens: parts.tokens, publicUrl }) };
    },
  }),
];
