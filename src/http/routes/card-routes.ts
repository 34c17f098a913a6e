import * as z from 'zod';
import { computeCardCode, deriveCardSecret } from '../../operations/card-codes.ts';
import type { readCard } from '../../operations/read-card.ts';
import type { issueCardAtTill } from '../../operations/issue-card.ts';
import { actorOf, jsonRoute, repeatableRoute, tillActorOf } from '../route.ts';
import type { Route } from '../route.ts';
import { cardCodeSchema, cardSchema, idSchema, instantSchema } from './till-schemas.ts';

const STAFF = ['barista', 'manager', 'owner'] as const;
const MAX_NAME_LENGTH = 60;

export const cardAtTillSchema = z
  .object({
    card: cardSchema,
    lastGesture: z
      .object({ givenAt: instantSchema, coolDownEndsAt: instantSchema.nullable() })
      .nullable()
      .describe('The last kindness to this customer, and until when the next one is kept back'),
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

interface CardOperations {
  readCard: ReturnType<typeof readCard>;
  issueCardAtTill: ReturnType<typeof issueCardAtTill>;
}

export const cardRoutes = (operations: CardOperations, { cardKey }: { cardKey: Uint8Array }): Route[] => [
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
    handle: async ({ principal, params }) =>
      operations.readCard({ merchantId: actorOf(principal).merchantId, cardCode: params.code }),
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
      const secret = deriveCardSecret(cardKey, { merchantId, operationId: attempt.operationId });
      const answered = await operations.issueCardAtTill(actor, { ...body, attempt, secret });
      if ('refused' in answered || 'refused' in answered.answer) return answered;
      const { card } = JSON.parse(answered.body) as { card: unknown };
      const answer = { card, link: `${publicUrl}/c/${secret}`, code: computeCardCode(secret) };
      return { ...answered, answer, body: JSON.stringify(answer) };
    },
  }),
];
