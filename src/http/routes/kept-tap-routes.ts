import * as z from 'zod';
import type { applyKeptTap, dismissKeptTap } from '../../operations/end-kept-tap.ts';
import { TAP_OPERATIONS } from '../../operations/keep-tap.ts';
import type { keepTap } from '../../operations/keep-tap.ts';
import type { listKeptTaps } from '../../operations/list-kept-taps.ts';
import { problems } from '../problem.ts';
import type { RefusalName } from '../problem.ts';
import { anyActorOf, jsonRoute, MANAGERS } from '../route.ts';
import type { Route } from '../route.ts';
import { cursorQuerySchema, listOf } from './desk-schemas.ts';
import { saleAnswerSchema } from './sale-routes.ts';
import { cardCodeSchema, idSchema, instantSchema, wantedLinesSchema } from './till-schemas.ts';

const MAX_NAME_LENGTH = 40;
/** A tablet found in a drawer: older taps say nothing to anybody. */
const MAX_KEPT_AGO_SECONDS = 366 * 86_400;

const tapBodySchema = z
  .object({
    cardCode: cardCodeSchema.optional(),
    lines: wantedLinesSchema.optional(),
    kind: z.string().max(MAX_NAME_LENGTH).optional(),
    itemId: idSchema.optional(),
    reason: z.string().max(MAX_NAME_LENGTH).optional(),
    saleId: idSchema.optional(),
    gestureId: idSchema.optional(),
    leaseId: idSchema.optional(),
  })
  .meta({ id: 'TapBody', description: 'What was tapped. Notes are left out' });

const keepRequestSchema = z
  .strictObject({
    tapId: idSchema.describe('Its Idempotency-Key'),
    sessionId: idSchema.optional().describe('The session it was made under'),
    operation: z.enum(TAP_OPERATIONS),
    body: tapBodySchema,
    refusal: z
      .string()
      .regex(/^[a-z-]+$/)
      .max(MAX_NAME_LENGTH)
      .describe('Why it could not be recorded'),
    tappedAgoSeconds: z.int().min(0).max(MAX_KEPT_AGO_SECONDS),
  })
  .meta({ id: 'TapToKeep' });

export const keptTapSchema = z
  .object({
    tapId: idSchema,
    operation: z.string(),
    body: z.record(z.string(), z.unknown()).describe('What was tapped; a card by its id'),
    refusal: z.string(),
    refusalTitle: z.string().nullable().describe('The refusal in words; null for one we do not know'),
    tappedAt: instantSchema,
    keptAt: instantSchema,
    locationId: idSchema,
    locationName: z.string(),
    deviceName: z.string(),
    staffId: idSchema.nullable(),
    staffName: z.string().nullable(),
    card: z
      .object({
        cardId: idSchema,
        shortCode: z.string(),
        customerId: idSchema,
        customerName: z.string().nullable(),
        isBlocked: z.boolean().describe('Nothing can be put on it'),
      })
      .nullable()
      .describe('The card it was about, if it is known'),
    items: z
      .array(z.object({ itemId: idSchema, name: z.string().nullable(), quantity: z.int() }))
      .describe('What was sold or given'),
  })
  .meta({ id: 'KeptTap', description: 'What a till tapped while it was offline and could not be recorded' });

const params = z.object({ tapId: idSchema });

interface KeptTapOperations {
  keepTap: ReturnType<typeof keepTap>;
  listKeptTaps: ReturnType<typeof listKeptTaps>;
  dismissKeptTap: ReturnType<typeof dismissKeptTap>;
  applyKeptTap: ReturnType<typeof applyKeptTap>;
}

export const keptTapRoutes = (operations: KeptTapOperations): Route[] => [
  jsonRoute({
    method: 'post',
    path: '/api/v1/kept-taps',
    summary: 'Keep for the manager what could not be recorded',
    description: 'By the till itself: whoever tapped may have gone home. Kept twice, it is kept once.',
    tag: 'Till',
    audience: ['device'],
    body: keepRequestSchema,
    status: 201,
    answer: z.object({ tapId: idSchema, keptAt: instantSchema }).meta({ id: 'TapKept' }),
    handle: async ({ principal, body }) => {
      if (principal.kind !== 'device')
        return { refused: 'not-signed-in', detail: 'This is done by the till itself' };
      return operations.keepTap(principal.place, body);
    },
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/kept-taps',
    summary: 'What tills could not record',
    description: 'Until a manager has seen to it. At a till: that of its location.',
    tag: 'Till',
    audience: MANAGERS,
    query: cursorQuerySchema,
    status: 200,
    answer: listOf(keptTapSchema, 'KeptTapList'),
    handle: async ({ principal, query }) => {
      const { items, nextCursor } = await operations.listKeptTaps(anyActorOf(principal), query);
      return { items: items.map((tap) => ({ ...tap, refusalTitle: titleOf(tap.refusal) })), nextCursor };
    },
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/kept-taps/{tapId}/dismiss',
    summary: 'Leave a kept tap at that',
    tag: 'Till',
    audience: MANAGERS,
    params,
    status: 204,
    answer: z.undefined(),
    refusals: ['tap-unknown'],
    handle: async ({ principal, params: { tapId } }) =>
      operations.dismissKeptTap(anyActorOf(principal), { tapId }),
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/kept-taps/{tapId}/apply',
    summary: 'Record a kept sale after all',
    description: 'At the moment it was tapped; without its card when nobody has that, or it is blocked.',
    tag: 'Till',
    audience: MANAGERS,
    params,
    status: 201,
    answer: saleAnswerSchema,
    refusals: ['tap-unknown', 'tap-not-applicable', 'tap-ended', 'item-unknown', 'sale-too-large'],
    handle: async ({ principal, params: { tapId } }) =>
      operations.applyKeptTap(anyActorOf(principal), { tapId }),
  }),
];

/** A till of another version may have been refused for a reason that we do not know. */
function titleOf(refusal: string): string | null {
  return Object.hasOwn(problems, refusal) ? problems[refusal as RefusalName].title : null;
}
