import * as z from 'zod';
import { computeCardCode, deriveCardSecret } from '../../operations/card-codes.ts';
import type { editPreferences } from '../../operations/edit-preferences.ts';
import { readWish } from '../../operations/find-customers.ts';
import type { findCustomers } from '../../operations/find-customers.ts';
import type { readCard } from '../../operations/read-card.ts';
import type { issueCardAtTill } from '../../operations/issue-card.ts';
import { actorOf, jsonRoute, repeatableRoute, STAFF, tillActorOf } from '../route.ts';
import type { Route } from '../route.ts';
import {
  cardCodeSchema,
  cardSchema,
  idSchema,
  instantSchema,
  lastGestureSchema,
  preferencesSchema,
} from './till-schemas.ts';

const MAX_NAME_LENGTH = 60;

const whyNowSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('extra-fills-card'),
      stampsLeft: z
        .union([z.literal(1), z.literal(2)])
        .describe('2: with the stamp of what they are having now'),
    }),
    z.object({ kind: z.literal('back-after'), days: z.int() }),
    z.object({ kind: z.literal('first-visit') }),
  ])
  .meta({ id: 'WhyNow', description: 'The one thing worth knowing about a customer now' });

export const cardAtTillSchema = z
  .object({
    card: cardSchema,
    lastGesture: lastGestureSchema,
    preferences: preferencesSchema,
    isOwn: z.boolean().describe('The customer is whoever asks: nobody treats their own card'),
    whyNow: whyNowSchema.nullable(),
  })
  .meta({ id: 'CardAtTill' });

const cardRequestSchema = z
  .strictObject({
    customerName: z.string().trim().min(1).max(MAX_NAME_LENGTH).optional(),
    programId: idSchema.optional(),
    staffId: idSchema.optional().describe('The member of staff the card is for: nobody treats their own'),
  })
  .meta({ id: 'CardRequest' });

export const cardIssuedSchema = z
  .object({
    card: cardSchema,
    link: z.url().describe('The customer’s page: to be shown as a QR code, and to nobody else'),
    code: z.string().describe('What the QR on that page says'),
  })
  .meta({ id: 'CardIssued' });

export const foundCustomersSchema = z
  .object({
    items: z.array(
      z.object({
        firstName: z.string().nullable(),
        phoneEnd: z.string().nullable().describe('The last four figures of the phone number'),
        lastVisitAt: instantSchema.nullable(),
        stamps: z.int(),
        stampsRequired: z.int(),
        shortCode: z.string().describe('Opens the card'),
      }),
    ),
    hasMore: z.boolean().describe('There are more than are shown: say one more letter or figure'),
  })
  .meta({ id: 'FoundCustomers', description: 'As much of customers as tells them apart at a till' });

interface CardParts {
  readCard: ReturnType<typeof readCard>;
  issueCardAtTill: ReturnType<typeof issueCardAtTill>;
  editPreferences: ReturnType<typeof editPreferences>;
  findCustomers: ReturnType<typeof findCustomers>;
  /** From which the secrets of cards issued at tills are derived. */
  cardKey: Uint8Array;
}

export const cardRoutes = (parts: CardParts): Route[] => [
  jsonRoute({
    method: 'get',
    path: '/api/v1/cards/{code}',
    summary: 'Look up a card that was scanned or typed',
    tag: 'Till',
    audience: STAFF,
    params: z.object({ code: cardCodeSchema }),
    status: 200,
    answer: cardAtTillSchema,
    refusals: ['card-unknown'],
    handle: async ({ principal, params }) => {
      const { merchantId, staffId } = actorOf(principal);
      return parts.readCard({ merchantId, staffId, cardCode: params.code });
    },
  }),
  jsonRoute({
    method: 'patch',
    path: '/api/v1/cards/{code}/preferences',
    summary: 'Write down how a customer likes it',
    tag: 'Till',
    audience: STAFF,
    needsTill: true,
    params: z.object({ code: cardCodeSchema }),
    body: z
      .strictObject({
        preferences: preferencesSchema,
        shown: preferencesSchema
          .optional()
          .describe('What was on the screen; if it is something else by now, that stays'),
      })
      .meta({ id: 'PreferencesChange' }),
    status: 200,
    answer: z.object({ preferences: preferencesSchema }).meta({ id: 'Preferences' }),
    refusals: ['card-unknown', 'preferences-changed'],
    handle: async ({ principal, params: { code }, body }) =>
      parts.editPreferences(actorOf(principal), { cardCode: code, ...body }),
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/till/customers',
    summary: 'Find a customer who has no card with them',
    description:
      'By the start of a name (two letters at least) or the end of a phone number (four figures). Counted, limited and audited.',
    tag: 'Till',
    audience: STAFF,
    needsTill: true,
    query: z.object({
      find: z
        .string()
        .trim()
        .max(MAX_NAME_LENGTH)
        .refine((text) => readWish(text) !== null, 'At least two letters, or four figures')
        .meta({ examples: ['0123'] }),
    }),
    status: 200,
    answer: foundCustomersSchema,
    refusals: ['too-many-requests'],
    handle: async ({ principal, query: { find } }) =>
      parts.findCustomers(tillActorOf(principal), { wish: readWish(find)! }),
  }),
  repeatableRoute({
    method: 'post',
    path: '/api/v1/cards',
    summary: 'Issue a card',
    description: 'The customer scans the link from the till’s screen; it is shown once and not kept.',
    tag: 'Till',
    audience: STAFF,
    needsTill: true,
    body: cardRequestSchema,
    status: 201,
    answer: cardIssuedSchema,
    refusals: ['program-unknown', 'staff-unknown'],
    handle: async ({ principal, body, attempt, publicUrl }) => {
      const actor = tillActorOf(principal);
      const { merchantId } = actor;
      const secret = deriveCardSecret(parts.cardKey, { merchantId, operationId: attempt.operationId });
      const answered = await parts.issueCardAtTill(actor, { ...body, attempt, secret });
      if ('refused' in answered || 'refused' in answered.answer) return answered;
      const { card } = JSON.parse(answered.body) as { card: unknown };
      const answer = { card, link: `${publicUrl}/c/${secret}`, code: computeCardCode(secret) };
      return { ...answered, answer, body: JSON.stringify(answer) };
    },
  }),
];
