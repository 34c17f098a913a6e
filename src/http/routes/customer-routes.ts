import * as z from 'zod';
import type { blockCard } from '../../operations/block-card.ts';
import { phoneOf } from '../../operations/contact-keys.ts';
import type { editCustomer } from '../../operations/edit-customer.ts';
import type { forgetCustomer } from '../../operations/forget-customer.ts';
import type { joinCustomers } from '../../operations/join-customers.ts';
import type { listCustomers } from '../../operations/list-customers.ts';
import type { readCustomer, readCustomerHistory } from '../../operations/read-customer.ts';
import type { renewCardLink } from '../../operations/renew-card-link.ts';
import type { sendVoucher } from '../../operations/send-voucher.ts';
import { requireFresh } from '../identify.ts';
import { actorOf, jsonRoute, MANAGERS, repeatableRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { listOf } from './desk-schemas.ts';
import {
  amountSchema,
  cardSchema,
  gestureKindSchema,
  gestureSchema,
  idSchema,
  instantSchema,
  noteSchema,
  preferencesSchema,
  reasonSchema,
} from './till-schemas.ts';

const MAX_FIND_LENGTH = 100;
const MAX_NAME_LENGTH = 80;
const MAX_PHONE_LENGTH = 40;
const MAX_PAGE_SIZE = 200;
const DEFAULT_PAGE_SIZE = 50;
/** What a column holds. */
const MAX_SEQUENCE = 2_147_483_647;

const limitSchema = z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE);
const nullableNameSchema = z.string().nullable().describe('Null when they never said');

export const foundCustomerSchema = z
  .object({
    customerId: idSchema,
    name: nullableNameSchema,
    phoneEnd: z.string().nullable().describe('The last four figures'),
    email: z.string().nullable(),
    preferences: z.string().nullable(),
    lastVisitAt: instantSchema.nullable(),
    cards: z.array(
      z.object({
        cardId: idSchema,
        shortCode: z.string(),
        stamps: z.int(),
        stampsRequired: z.int(),
        openRewardCount: z.int(),
        isBlocked: z.boolean(),
        lastVisitAt: instantSchema.nullable(),
      }),
    ),
  })
  .meta({ id: 'FoundCustomer', description: 'A customer in a list' });

export const customerSchema = z
  .object({
    customerId: idSchema,
    name: nullableNameSchema,
    phone: z.string().nullable(),
    email: z.string().nullable(),
    preferences: z.string().nullable(),
    staffId: idSchema.nullable().describe('The member of staff this customer is'),
    createdAt: instantSchema,
    forgottenAt: instantSchema.nullable(),
    joinedIntoId: idSchema.nullable().describe('The customer who turned out to be the same person'),
    cards: z.array(
      z.object({
        cardId: idSchema,
        shortCode: z.string(),
        programName: z.string(),
        stamps: z.int(),
        stampsRequired: z.int(),
        rewardName: z.string(),
        colour: z.string(),
        locationName: z.string(),
        hasLink: z.boolean().describe('False for an imported card that was never handed over'),
        blockedAt: instantSchema.nullable(),
        joinedIntoId: idSchema.nullable().describe('The card that goes on in its place'),
        lastVisitAt: instantSchema.nullable(),
        createdAt: instantSchema,
        openRewards: z.array(
          z.object({
            rewardId: idSchema,
            kind: z.enum(['stamps', 'voucher']),
            name: z.string(),
            earnedAt: instantSchema,
            expiresAt: instantSchema.nullable(),
          }),
        ),
      }),
    ),
    sales: z.object({ count: z.int(), totalMinor: amountSchema, refundedMinor: amountSchema }),
    gestures: z.object({ count: z.int(), costMinor: amountSchema, lastGivenAt: instantSchema.nullable() }),
  })
  .meta({ id: 'Customer', description: 'A customer with cards and sums' });

export const historyEntrySchema = z
  .object({
    sequence: z.int(),
    cardId: idSchema,
    kind: z.enum(['earned', 'gesture', 'redeemed', 'reversed', 'adjusted', 'expired']),
    stamps: z.int(),
    at: instantSchema,
    locationName: z.string(),
    staffName: z.string().nullable(),
    sale: z
      .object({
        saleId: idSchema,
        totalMinor: amountSchema,
        itemNames: z.array(z.string()),
        refundedMinor: amountSchema.describe('All refunds of it so far'),
        mayRefund: z.boolean().describe('Whether anything is left to refund'),
      })
      .nullable(),
    reward: z.object({ name: z.string(), kind: z.enum(['stamps', 'voucher']) }).nullable(),
    refundMinor: amountSchema.nullable(),
    gesture: z
      .object({
        gestureId: idSchema,
        kind: gestureKindSchema,
        reason: reasonSchema,
        note: z.string().nullable(),
        itemName: z.string().nullable(),
        isUndone: z.boolean(),
        mayUndo: z.boolean().describe('Whether its business day is still on, so that it can be undone'),
      })
      .nullable(),
  })
  .meta({ id: 'HistoryEntry', description: 'One entry of a card’s ledger, and what it was for' });

const changeSchema = z
  .strictObject({
    name: z.string().trim().max(MAX_NAME_LENGTH).nullable(),
    phone: z
      .string()
      .trim()
      .max(MAX_PHONE_LENGTH)
      .refine(
        (text) => text === '' || phoneOf(text) !== null,
        'Not a phone number; they look like 020 7946 0958',
      )
      .nullable()
      .meta({ examples: ['020 7946 0958'] }),
    preferences: preferencesSchema,
  })
  .partial()
  .meta({ id: 'CustomerChange', description: 'What is given is changed; null takes it out' });

export const customerContactSchema = z
  .object({
    customerId: idSchema,
    name: nullableNameSchema,
    phone: z.string().nullable(),
    phoneIsShared: z
      .boolean()
      .describe('Another customer has this number too: a family, or one person with two cards'),
    preferences: z.string().nullable(),
  })
  .meta({ id: 'CustomerContact' });

const voucherSchema = z
  .strictObject({
    itemId: idSchema.optional().describe('What it is good for; anything the shop likes when not said'),
    reason: reasonSchema,
    note: noteSchema.optional(),
  })
  .meta({ id: 'VoucherRequest' });

const tag = 'Customers';
const params = z.object({ customerId: idSchema });
const cardParams = z.object({ cardId: idSchema });
const blockAnswerSchema = z
  .object({ cardId: idSchema, blockedAt: instantSchema.nullable() })
  .meta({ id: 'CardBlock' });

interface CustomerParts {
  listCustomers: ReturnType<typeof listCustomers>;
  readCustomer: ReturnType<typeof readCustomer>;
  readCustomerHistory: ReturnType<typeof readCustomerHistory>;
  editCustomer: ReturnType<typeof editCustomer>;
  blockCard: ReturnType<typeof blockCard>;
  renewCardLink: ReturnType<typeof renewCardLink>;
  sendVoucher: ReturnType<typeof sendVoucher>;
  forgetCustomer: ReturnType<typeof forgetCustomer>;
  joinCustomers: ReturnType<typeof joinCustomers>;
  now(): Date;
}

export const customerRoutes = (parts: CustomerParts): Route[] => [
  jsonRoute({
    method: 'get',
    path: '/api/v1/customers',
    summary: 'Find customers, or list them',
    description:
      'By the beginning of a name, the end of a phone number, an e-mail address or a card’s code. Whoever was here last comes first.',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    query: z.object({
      find: z.string().max(MAX_FIND_LENGTH).default(''),
      cursor: z.string().max(100).optional(),
      limit: limitSchema,
    }),
    status: 200,
    answer: listOf(foundCustomerSchema, 'CustomerList'),
    handle: async ({ principal, query }) => parts.listCustomers(actorOf(principal), query),
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/customers/{customerId}',
    summary: 'A customer with cards, rewards and sums',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    params,
    status: 200,
    answer: customerSchema,
    refusals: ['customer-unknown'],
    handle: async ({ principal, params: { customerId } }) =>
      parts.readCustomer(actorOf(principal), { customerId }),
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/customers/{customerId}/history',
    summary: 'What happened on a customer’s cards, the newest first',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    params,
    query: z.object({
      cursor: z.coerce.number().int().positive().max(MAX_SEQUENCE).optional(),
      limit: limitSchema,
    }),
    status: 200,
    answer: listOf(historyEntrySchema, 'CustomerHistory'),
    refusals: ['customer-unknown'],
    handle: async ({ principal, params: { customerId }, query }) =>
      parts.readCustomerHistory(actorOf(principal), {
        customerId,
        before: query.cursor,
        limit: query.limit,
      }),
  }),
  jsonRoute({
    method: 'patch',
    path: '/api/v1/customers/{customerId}',
    summary: 'Change a customer’s name, phone number or preferences',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    params,
    body: changeSchema,
    status: 200,
    answer: customerContactSchema,
    refusals: ['customer-unknown', 'customer-forgotten', 'customer-joined', 'phone-unreadable'],
    handle: async ({ principal, params: { customerId }, body }) =>
      parts.editCustomer(actorOf(principal), { customerId, change: body }),
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/customers/{customerId}/join/{otherCustomerId}',
    summary: 'Two customers turn out to be the same person',
    description:
      'The first goes on, with the stamps, rewards and sales of both. The other card’s link leads there. There is no way back.',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    params: z.object({ customerId: idSchema, otherCustomerId: idSchema }),
    status: 200,
    answer: z
      .object({ customerId: idSchema, stamps: z.int().describe('What came from the other’s cards') })
      .meta({ id: 'CustomersJoined' }),
    refusals: [
      'customer-unknown',
      'customer-forgotten',
      'customer-joined',
      'already-one-customer',
      'staff-and-customer',
      'programs-differ',
      'card-blocked',
    ],
    handle: async ({ principal, params: ids }) => parts.joinCustomers(actorOf(principal), ids),
  }),
  jsonRoute({
    method: 'delete',
    path: '/api/v1/customers/{customerId}',
    summary: 'Forget a customer',
    description:
      'Takes out all that says who they are, and closes their cards for good. What was bought, stamped and given stays, by a number that leads to nobody: no sum changes. There is no way back.',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    params,
    status: 204,
    answer: z.undefined(),
    refusals: ['customer-unknown', 'customer-joined', 'fresh-sign-in-needed'],
    handle: async ({ principal, params: { customerId } }) => {
      const stale = requireFresh(principal, parts.now());
      if (stale) return stale;
      const { merchantId, staffId } = actorOf(principal);
      const forgotten = await parts.forgetCustomer({ merchantId, customerId, staffId });
      return 'refused' in forgotten ? forgotten : undefined;
    },
  }),
  ...(['block', 'unblock'] as const).map((verb) =>
    jsonRoute({
      method: 'post',
      path: `/api/v1/cards/{cardId}/${verb}`,
      summary: verb === 'block' ? 'Block a card' : 'Lift the block of a card',
      description:
        verb === 'block'
          ? 'Nothing is put on it and no reward is used until the block is lifted. A refund, or a gesture taken back, still takes its stamps off.'
          : 'It goes on where it was.',
      tag,
      audience: MANAGERS,
      needsDesk: true,
      params: cardParams,
      status: 200,
      answer: blockAnswerSchema,
      refusals: ['card-unknown', 'customer-forgotten', 'card-joined'],
      handle: async ({ principal, params: { cardId } }) =>
        parts.blockCard(actorOf(principal), { cardId, isBlocked: verb === 'block' }),
    }),
  ),
  repeatableRoute({
    method: 'post',
    path: '/api/v1/cards/{cardId}/vouchers',
    summary: 'Put a voucher on a card: “we are sorry about the tea”',
    description: 'By the rules, and out of the allowance, of every gesture. Counts for the card’s location.',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    params: cardParams,
    body: voucherSchema,
    status: 201,
    answer: z.object({ gesture: gestureSchema, card: cardSchema }).meta({ id: 'VoucherSent' }),
    refusals: [
      'card-unknown',
      'card-blocked',
      'own-card',
      'cool-down',
      'item-unknown',
      'item-not-giveable',
      'manager-needed',
      'allowance-spent',
    ],
    handle: async ({ principal, params: { cardId }, body, attempt }) =>
      parts.sendVoucher(actorOf(principal), { ...body, cardId, attempt }),
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/cards/{cardId}/link',
    summary: 'Make a new link for a card',
    description:
      'For a card that came from a file, or a customer who lost theirs. The link and the QR there were before stop working. Told this once.',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    params: cardParams,
    status: 201,
    answer: z
      .object({ link: z.string().describe('Opens the card: whoever has it, has the card') })
      .meta({ id: 'CardLink' }),
    refusals: ['card-unknown', 'customer-forgotten', 'card-joined'],
    handle: async ({ principal, params: { cardId }, publicUrl }) => {
      const made = await parts.renewCardLink(actorOf(principal), { cardId });
      return 'refused' in made ? made : { link: `${publicUrl}/c/${made.secret}` };
    },
  }),
];
