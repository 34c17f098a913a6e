import * as z from 'zod';
import type { listSales } from '../../operations/list-sales.ts';
import type { readSale } from '../../operations/read-sale.ts';
import { actorOf, jsonRoute, MANAGERS } from '../route.ts';
import type { Route } from '../route.ts';
import { amountSchema, daySchema, idSchema, instantSchema, saleSchema } from './till-schemas.ts';

const MAX_CURSOR_LENGTH = 100;
const MAX_PAGE_SIZE = 200;
const DEFAULT_PAGE_SIZE = 50;

const leftFields = {
  refundedMinor: amountSchema.describe('All refunds of it so far'),
  mayRefund: z.boolean().describe('Whether anything is left to refund'),
};
const sourceSchema = z.string().describe('`till`, or the name of the file or connection it came from');
const customerOfSaleSchema = z
  .object({
    customerId: idSchema,
    name: z.string().nullable().describe('Null when they never said'),
    shortCode: z.string().nullable().describe('Of the card'),
  })
  .nullable()
  .describe('Null when the sale was on no card');
const rewardOfSaleSchema = z.object({
  rewardId: idSchema,
  kind: z.enum(['stamps', 'voucher']),
  name: z.string(),
  stamps: z.int().describe('What it cost; 0 for a voucher'),
  earnedAt: instantSchema,
});

export const daySaleSchema = z
  .object({
    saleId: idSchema,
    source: sourceSchema,
    occurredAt: instantSchema,
    totalMinor: amountSchema.describe('Before refunds'),
    itemNames: z.array(z.string()),
    ...leftFields,
    customer: customerOfSaleSchema,
    staffName: z.string().nullable().describe('Who rang it up; null for a sale of a file'),
  })
  .meta({ id: 'DaySale', description: 'A sale in the list of a day' });

export const daySalesSchema = z
  .object({
    businessDay: daySchema,
    today: daySchema.describe('The business day the location is on now'),
    latestDay: daySchema
      .nullable()
      .describe(
        'When nothing was sold on this day: the last one on which something was sold here. Null otherwise',
      ),
    items: z.array(daySaleSchema),
    nextCursor: z.string().nullable().describe('Null on the last page'),
  })
  .meta({ id: 'DaySales', description: 'The sales of a business day at a location, the newest first' });

export const saleDetailsSchema = z
  .object({
    ...saleSchema.shape,
    source: sourceSchema,
    locationName: z.string(),
    timeZone: z.string().describe('Of the location’s own clock'),
    staffName: z.string().nullable().describe('Who rang it up; null for a sale of a file'),
    customer: customerOfSaleSchema,
    ...leftFields,
    refunds: z.array(
      z.object({
        refundId: idSchema,
        refundedAt: instantSchema,
        amountMinor: amountSchema,
        reversedStamps: z.int(),
        staffName: z.string().nullable().describe('null for a refund of a file'),
      }),
    ),
    rewardsSpent: z
      .array(rewardOfSaleSchema.extend({ hasRunOut: z.boolean().describe('It does not come back') }))
      .describe('Rewards that paid for a part of it and were not given back'),
    card: z
      .object({
        balance: z.int().describe('What its entries add up to'),
        stampsRequired: z.int(),
        openRewards: z.array(rewardOfSaleSchema),
      })
      .nullable()
      .describe('As it is now; null when the sale was on no card'),
  })
  .meta({ id: 'SaleDetails', description: 'A sale with all that a refund of it would touch' });

const tag = 'Sales';

export const daySaleRoutes = (operations: {
  listSales: ReturnType<typeof listSales>;
  readSale: ReturnType<typeof readSale>;
}): Route[] => [
  jsonRoute({
    method: 'get',
    path: '/api/v1/sales',
    summary: 'The sales of a day at a location',
    description:
      'With a card or without, from tills and from files; the newest first. Today when no day is said.',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    query: z.object({
      locationId: idSchema,
      businessDay: daySchema.optional(),
      cursor: z.string().max(MAX_CURSOR_LENGTH).optional(),
      limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
    }),
    status: 200,
    answer: daySalesSchema,
    refusals: ['location-unknown'],
    handle: async ({ principal, query }) => operations.listSales(actorOf(principal), query),
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/sales/{saleId}',
    summary: 'A sale, and what a refund of it would touch',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    params: z.object({ saleId: idSchema }),
    status: 200,
    answer: saleDetailsSchema,
    refusals: ['sale-unknown'],
    handle: async ({ principal, params: { saleId } }) => operations.readSale(actorOf(principal), { saleId }),
  }),
];
