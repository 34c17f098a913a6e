import * as z from 'zod';
import type { readSummary } from '../../operations/read-summary.ts';
import { actorOf, jsonRoute, MANAGERS } from '../route.ts';
import type { Route } from '../route.ts';
import {
  amountSchema,
  daySchema,
  gestureKindSchema,
  idSchema,
  instantSchema,
  thanksSchema,
} from './till-schemas.ts';

const dayFiguresSchema = z
  .object({
    businessDay: daySchema,
    saleCount: z.int().describe('All sales'),
    cardSaleCount: z.int().describe('Sales on a card'),
    cardSalesMinor: amountSchema.describe('Money taken on cards, less refunds'),
    stamps: z.int().describe('Earned by sales; gestures come on top'),
    gestures: z.array(z.object({ kind: gestureKindSchema, count: z.int() })),
    gestureCount: z.int(),
    gestureCostMinor: amountSchema,
    redeemedCount: z.int().describe('Rewards redeemed'),
  })
  .meta({ id: 'DayFigures', description: 'One business day at a glance' });

export const summarySchema = z
  .object({
    asOf: instantSchema,
    today: daySchema,
    weekStart: daySchema,
    days: z.array(dayFiguresSchema).describe('Fourteen business days up to today'),
    gesturesLeftToday: z.int().nullable().describe('Of everybody together; null without a limit'),
    present: z
      .array(
        z.object({
          staffId: idSchema,
          name: z.string(),
          deviceName: z.string(),
          locationName: z.string(),
          signedInAt: instantSchema,
        }),
      )
      .describe('Who is signed in at a till now'),
    tills: z.array(
      z.object({
        deviceId: idSchema,
        name: z.string(),
        locationName: z.string(),
        lastSeenAt: instantSchema.nullable(),
        waitingCount: z.int().nullable().describe('Taps it had yet to send, when it was last seen'),
      }),
    ),
    keptTapCount: z
      .int()
      .describe('Taps that could not be recorded and wait for a manager; 100 is 100 or more'),
    vouchedCount: z.int().describe('Rewards of the last seven days redeemed without the live code'),
    thanks: z
      .array(thanksSchema.extend({ giverName: z.string(), customerName: z.string().nullable() }))
      .describe('The last thank-yous of customers, the newest first; first names only'),
    start: z
      .object({
        hasItems: z.boolean(),
        hasGift: z.boolean().describe('Something may be given'),
        hasPin: z.boolean().describe('Somebody can sign in at a till'),
        hasTill: z.boolean(),
        hasCards: z.boolean().describe('A customer has a card on their phone'),
      })
      .describe('What a shop needs to begin, and whether it is there'),
  })
  .meta({ id: 'Summary', description: 'Today and this week' });

export const summaryRoutes = (operations: { readSummary: ReturnType<typeof readSummary> }): Route[] => [
  jsonRoute({
    method: 'get',
    path: '/api/v1/summary',
    summary: 'Today and this week at a glance',
    tag: 'Reports',
    audience: MANAGERS,
    needsDesk: true,
    status: 200,
    answer: summarySchema,
    handle: async ({ principal }) => operations.readSummary(actorOf(principal)),
  }),
];
