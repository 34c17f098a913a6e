import * as z from 'zod';
import type { claimSale } from '../../operations/claim-sale.ts';
import type { recordSale } from '../../operations/record-sale.ts';
import type { redeemReward } from '../../operations/redeem-reward.ts';
import type { refundSale } from '../../operations/refund-sale.ts';
import { anyActorOf, repeatableRoute, STAFF, tillActorOf } from '../route.ts';
import type { Route } from '../route.ts';
import {
  amountSchema,
  cardCodeSchema,
  cardSchema,
  idSchema,
  saleSchema,
  wantedLinesSchema,
} from './till-schemas.ts';

/** What a column holds; a sale is checked against its own total anyway. */
const MAX_REFUND_MINOR = 2_147_483_647;
const MAX_REFUNDED_LINES = 100;
/** A visit takes minutes: the code belongs to the moment the card was scanned. */
const MAX_SCANNED_AGO_MS = 10 * 60_000;

export const saleAnswerSchema = z
  .object({ sale: saleSchema, card: cardSchema.nullable() })
  .meta({ id: 'SaleAnswer', description: 'The sale, and the card as it is now' });

const stampRequestSchema = z
  .union([
    z.strictObject({ cardCode: cardCodeSchema, lines: wantedLinesSchema }),
    z.strictObject({ cardCode: cardCodeSchema, saleId: idSchema }),
  ])
  .meta({ id: 'StampRequest', description: 'A card, and what was bought now or a sale already rung up' });

const saleRequestSchema = z
  .strictObject({ cardCode: cardCodeSchema.optional(), lines: wantedLinesSchema })
  .meta({ id: 'SaleRequest' });

const redemptionRequestSchema = z
  .strictObject({
    cardCode: cardCodeSchema,
    rewardId: idSchema
      .optional()
      .describe(
        'The oldest open reward when not given; with a sale, the oldest that can pay for something of it',
      ),
    saleId: idSchema
      .optional()
      .describe(
        'A sale of which the reward pays for the dearest item that earns stamps; a voucher for an item, for one of those',
      ),
    liveCode: z
      .string()
      .regex(/^\d{6}$/)
      .meta({ examples: ['123456'] })
      .optional()
      .describe('The six digits at the end of what was scanned, or under the QR code'),
    scannedAgoMs: z
      .int()
      .min(0)
      .max(MAX_SCANNED_AGO_MS)
      .optional()
      .describe('How long ago the customer showed it'),
    override: z
      .literal(true)
      .optional()
      .describe('Instead of a live code: whoever is at the till vouches for the customer, which is logged'),
  })
  .meta({
    id: 'RedemptionRequest',
    description:
      'A reward, and the live code that shows whose card it is: it changes every 30 s and works once',
  });

export const redemptionAnswerSchema = z
  .object({
    reward: z.object({ rewardId: idSchema, name: z.string(), coveredMinor: amountSchema.nullable() }),
    sale: saleSchema.nullable(),
    card: cardSchema,
  })
  .meta({ id: 'RedemptionAnswer' });

const refundRequestSchema = z
  .union([
    z.strictObject({
      amountMinor: amountSchema.min(0).max(MAX_REFUND_MINOR),
      lineIndexes: z
        .array(z.int().min(0).max(MAX_REFUNDED_LINES))
        .max(MAX_REFUNDED_LINES)
        .optional()
        .describe('Places in the sale’s lines, from 0')
        .meta({ examples: [[0]] }),
    }),
    z.strictObject({ wholeSale: z.literal(true) }),
  ])
  .meta({ id: 'RefundRequest', description: 'A part of what was paid, or all that is left of it' });

export const refundAnswerSchema = z
  .object({
    refundId: idSchema,
    saleId: idSchema,
    amountMinor: amountSchema,
    refundedMinor: amountSchema.describe('All refunds of this sale together'),
    isFullyRefunded: z.boolean(),
    reversedStamps: z.int(),
    reopenedRewardIds: z.array(idSchema),
    card: cardSchema.nullable(),
  })
  .meta({ id: 'RefundAnswer' });

interface SaleOperations {
  recordSale: ReturnType<typeof recordSale>;
  claimSale: ReturnType<typeof claimSale>;
  redeemReward: ReturnType<typeof redeemReward>;
  refundSale: ReturnType<typeof refundSale>;
}

export const saleRoutes = (operations: SaleOperations): Route[] => [
  repeatableRoute({
    method: 'post',
    path: '/api/v1/stamps',
    summary: 'Stamp a card',
    description:
      'Records what a customer bought and stamps their card, or puts a sale rung up without a card on one.',
    tag: 'Till',
    audience: STAFF,
    needsTill: true,
    isTap: true,
    body: stampRequestSchema,
    status: 201,
    answer: saleAnswerSchema,
    refusals: [
      'card-unknown',
      'card-blocked',
      'item-unknown',
      'sale-too-large',
      'sale-unknown',
      'sale-has-card',
      'sale-refunded',
    ],
    handle: async ({ principal, body, attempt }) =>
      'saleId' in body
        ? operations.claimSale(tillActorOf(principal), { ...body, attempt })
        : operations.recordSale(tillActorOf(principal), { ...body, attempt }),
  }),
  repeatableRoute({
    method: 'post',
    path: '/api/v1/sales',
    summary: 'Record a sale, with or without a card',
    tag: 'Till',
    audience: STAFF,
    needsTill: true,
    isTap: true,
    body: saleRequestSchema,
    status: 201,
    answer: saleAnswerSchema,
    refusals: ['card-unknown', 'card-blocked', 'item-unknown', 'sale-too-large'],
    handle: async ({ principal, body, attempt }) =>
      operations.recordSale(tillActorOf(principal), { ...body, attempt }),
  }),
  repeatableRoute({
    method: 'post',
    path: '/api/v1/redemptions',
    summary: 'Spend a reward',
    tag: 'Till',
    audience: STAFF,
    needsTill: true,
    body: redemptionRequestSchema,
    status: 201,
    answer: redemptionAnswerSchema,
    refusals: [
      'card-unknown',
      'card-blocked',
      'card-not-full',
      'reward-unknown',
      'reward-already-redeemed',
      'reward-expired',
      'nothing-to-cover',
      'live-code-needed',
      'live-code-wrong',
      'live-code-used',
      'locked',
      'sale-unknown',
      'sale-refunded',
    ],
    handle: async ({ principal, body, attempt }) =>
      operations.redeemReward(tillActorOf(principal), { ...body, attempt }),
  }),
  repeatableRoute({
    method: 'post',
    path: '/api/v1/sales/{saleId}/refunds',
    summary: 'Refund a sale, or a part of it',
    description:
      'The stamps it earned go back in proportion; a reward spent on it is the customer’s again. The audit log tells of refunds made at the desk.',
    tag: 'Till',
    audience: STAFF,
    isTap: true,
    params: z.object({ saleId: idSchema }),
    body: refundRequestSchema,
    status: 201,
    answer: refundAnswerSchema,
    refusals: ['sale-unknown', 'line-unknown', 'refund-exceeds-sale', 'sale-refunded'],
    handle: async ({ principal, params, body, attempt }) =>
      operations.refundSale(anyActorOf(principal), { attempt, saleId: params.saleId, refund: body }),
  }),
];
