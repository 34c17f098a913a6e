import * as z from 'zod';
import { hashOf } from '../../operations/card-codes.ts';
import type { giveGesture } from '../../operations/give-gesture.ts';
import type { leaseGestures } from '../../operations/lease-gestures.ts';
import type { listOwnThanks } from '../../operations/list-thanks.ts';
import type { readAllowance } from '../../operations/read-allowance.ts';
import type { recordPastGesture } from '../../operations/record-past-gesture.ts';
import type { returnLease } from '../../operations/return-lease.ts';
import type { checkPin } from '../../operations/sign-in-at-till.ts';
import type { undoGesture } from '../../operations/undo-gesture.ts';
import {
  actorOf,
  anyActorOf,
  jsonRoute,
  OWNERS,
  placeOf,
  repeatableRoute,
  STAFF,
  tillActorOf,
} from '../route.ts';
import type { Route } from '../route.ts';
import {
  allowanceSchema,
  cardCodeSchema,
  cardSchema,
  daySchema,
  gestureKindSchema,
  gestureSchema,
  idSchema,
  instantSchema,
  lastGestureSchema,
  noteSchema,
  reasonSchema,
  thanksSchema,
} from './till-schemas.ts';

const MAX_LEASE = 10;
const EARLIEST_PAST = '2000-01-01T00:00:00Z';

const gestureRequestSchema = z
  .strictObject({
    cardCode: cardCodeSchema,
    kind: gestureKindSchema,
    itemId: idSchema.optional().describe('What is given; for `free_item`, and if wanted for `voucher`'),
    reason: reasonSchema,
    note: noteSchema.optional(),
    saleId: idSchema.optional().describe('The sale it is given with'),
    leaseId: idSchema.optional().describe('Gestures this till took along for when it is offline'),
    drawId: idSchema.optional().describe('The lucky moment, granted bonus or suggestion it is given on'),
    grant: z
      .strictObject({ staffId: idSchema, pin: z.string().regex(/^\d{4,8}$/) })
      .optional()
      .describe('A manager at the same till allows one more than the allowance'),
  })
  .meta({ id: 'GestureRequest' });

export const gestureAnswerSchema = z
  .object({
    gesture: gestureSchema,
    card: cardSchema,
    allowance: allowanceSchema,
    lastGesture: lastGestureSchema,
  })
  .meta({ id: 'GestureAnswer' });

export const ownThanksSchema = z.object({ items: z.array(thanksSchema) }).meta({ id: 'OwnThanks' });

const pastGestureRequestSchema = z
  .strictObject({
    cardCode: cardCodeSchema.describe('A scanned or typed code, or the card’s id'),
    locationId: idSchema,
    kind: gestureKindSchema,
    itemId: idSchema.optional(),
    reason: reasonSchema,
    note: noteSchema.optional(),
    givenAt: instantSchema.refine((text) => text >= EARLIEST_PAST, `Not before ${EARLIEST_PAST}`),
    staffId: idSchema.optional().describe('Who gave it; whoever writes it down when not given'),
  })
  .meta({ id: 'PastGestureRequest' });

const pastGestureAnswerSchema = z
  .object({ gesture: gestureSchema, card: cardSchema })
  .meta({ id: 'PastGestureAnswer' });

export const undoAnswerSchema = z
  .object({
    gestureId: idSchema,
    card: cardSchema,
    allowance: allowanceSchema,
    lastGesture: lastGestureSchema,
  })
  .meta({ id: 'UndoAnswer' });

export const leaseSchema = z
  .object({ leaseId: idSchema, count: z.int(), businessDay: daySchema, endsAt: instantSchema })
  .meta({ id: 'Lease', description: 'Gestures a till may give while it is offline' });

interface GestureOperations {
  giveGesture: ReturnType<typeof giveGesture>;
  recordPastGesture: ReturnType<typeof recordPastGesture>;
  undoGesture: ReturnType<typeof undoGesture>;
  readAllowance: ReturnType<typeof readAllowance>;
  leaseGestures: ReturnType<typeof leaseGestures>;
  returnLease: ReturnType<typeof returnLease>;
  listOwnThanks: ReturnType<typeof listOwnThanks>;
  checkPin: ReturnType<typeof checkPin>;
}

export const gestureRoutes = (operations: GestureOperations): Route[] => [
  repeatableRoute({
    method: 'post',
    path: '/api/v1/gestures',
    summary: 'Give a gesture',
    description:
      'A double stamp, a free item, or (managers and owners) a voucher, within the giver’s allowance; on a lucky ' +
      'moment or a granted bonus (`drawId`), the house pays. While a season of bonus draws is on, `allowance-spent` ' +
      'may say `bonus`: whether the draw grants one more. It is for the barista alone; ask again with its `drawId`.',
    tag: 'Till',
    audience: STAFF,
    needsTill: true,
    isTap: true,
    body: gestureRequestSchema,
    status: 201,
    answer: gestureAnswerSchema,
    refusals: [
      'card-unknown',
      'card-blocked',
      'sale-unknown',
      'own-card',
      'cool-down',
      'item-unknown',
      'item-not-giveable',
      'manager-needed',
      'allowance-spent',
      'grant-not-allowed',
      'staff-unknown',
      'pin-wrong',
      'locked',
      'lease-unknown',
      'lease-not-good',
      'draw-unknown',
      'draw-not-good',
      'tap-day-over',
    ],
    handle: async ({ principal, body, attempt }) => {
      const actor = tillActorOf(principal);
      const { grant, ...request } = body;
      if (!grant) return operations.giveGesture(actor, { ...request, attempt });
      const checked = await operations.checkPin(actor.place, grant);
      if ('refused' in checked) return checked;
      // The hash of a request is kept, and ten thousand guesses would find a PIN in it.
      const requestHash = hashOf(JSON.stringify({ ...request, grantedBy: grant.staffId }));
      return operations.giveGesture(
        actor,
        { ...request, attempt: { ...attempt, requestHash } },
        checked.person,
      );
    },
  }),
  repeatableRoute({
    method: 'post',
    path: '/api/v1/gestures/{gestureId}/undo',
    summary: 'Undo a gesture',
    description:
      'For 30 seconds by whoever gave it; by a manager or owner on the same business day, at the desk as well.',
    tag: 'Till',
    audience: STAFF,
    isTap: true,
    params: z.object({ gestureId: idSchema }),
    status: 200,
    answer: undoAnswerSchema,
    refusals: ['gesture-unknown', 'already-undone', 'undo-too-late', 'not-yours', 'reward-already-redeemed'],
    handle: async ({ principal, params, attempt }) =>
      operations.undoGesture(anyActorOf(principal), { attempt, gestureId: params.gestureId }),
  }),
  repeatableRoute({
    method: 'post',
    path: '/api/v1/gestures/past',
    summary: 'Write down a gesture of the past',
    description: 'Marked as such, outside the allowance and the cool-down.',
    tag: 'Reports',
    audience: OWNERS,
    needsDesk: true,
    body: pastGestureRequestSchema,
    status: 201,
    answer: pastGestureAnswerSchema,
    refusals: [
      'card-unknown',
      'card-blocked',
      'own-card',
      'item-unknown',
      'item-not-giveable',
      'location-unknown',
      'staff-unknown',
      'not-in-the-past',
    ],
    handle: async ({ principal, body, attempt }) =>
      operations.recordPastGesture(actorOf(principal), {
        ...body,
        attempt,
        givenAt: new Date(body.givenAt),
      }),
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/allowance',
    summary: 'What I may still give',
    tag: 'Till',
    audience: STAFF,
    needsTill: true,
    status: 200,
    answer: allowanceSchema,
    handle: async ({ principal }) => operations.readAllowance(tillActorOf(principal)),
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/thanks/mine',
    summary: 'What customers thanked me for',
    description: 'In the last seven days, the newest first. It does not say who they are.',
    tag: 'Till',
    audience: STAFF,
    needsTill: true,
    status: 200,
    answer: ownThanksSchema,
    handle: async ({ principal }) => operations.listOwnThanks(tillActorOf(principal)),
  }),
  repeatableRoute({
    method: 'post',
    path: '/api/v1/leases',
    summary: 'Take gestures along for when the till is offline',
    tag: 'Till',
    audience: STAFF,
    needsTill: true,
    body: z
      .strictObject({ count: z.int().min(1).max(MAX_LEASE).default(1).describe('Fewer when fewer are left') })
      .meta({ id: 'LeaseRequest' }),
    status: 201,
    answer: leaseSchema,
    refusals: ['allowance-spent'],
    handle: async ({ principal, body, attempt }) =>
      operations.leaseGestures(tillActorOf(principal), { attempt, count: body.count }),
  }),
  repeatableRoute({
    method: 'delete',
    path: '/api/v1/leases/{leaseId}',
    summary: 'Give back what was taken along and not given',
    tag: 'Till',
    description:
      'By whoever is at the till, or by the till itself after they have left; by any till once its own is ended.',
    audience: ['device', ...STAFF],
    needsTill: true,
    isTap: true,
    params: z.object({ leaseId: idSchema }),
    status: 200,
    answer: z.object({ leaseId: idSchema, unusedCount: z.int() }).meta({ id: 'LeaseReturned' }),
    refusals: ['lease-unknown', 'lease-already-returned'],
    handle: async ({ principal, params, attempt }) =>
      operations.returnLease(placeOf(principal), { attempt, leaseId: params.leaseId }),
  }),
];
