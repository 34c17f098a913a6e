import * as z from 'zod';
import type { listSeasons } from '../../operations/list-seasons.ts';
import type { planSeason } from '../../operations/plan-season.ts';
import type { scanCard } from '../../operations/scan-card.ts';
import type { startSeason } from '../../operations/start-season.ts';
import type { stopSeason } from '../../operations/stop-season.ts';
import { actorOf, jsonRoute, MANAGERS, OWNERS, STAFF, tillActorOf } from '../route.ts';
import type { Route } from '../route.ts';
import { cardAtTillSchema } from './card-routes.ts';
import { priceSchema } from './desk-schemas.ts';
import { amountSchema, cardCodeSchema, gestureKindSchema, idSchema, instantSchema } from './till-schemas.ts';

const MILLION = 1_000_000;
const MAX_CAP = 10_000;

const drawKindSchema = z
  .enum(['lucky', 'bonus', 'suggestion'])
  .describe('A treat at the scan, a chance beyond the spent allowance, or a hint paid from the allowance');

export const scannedSchema = cardAtTillSchema
  .extend({
    draw: z
      .object({
        drawId: idSchema.describe('Send it along with the gesture'),
        kind: z
          .enum(['lucky', 'suggestion'])
          .describe('`lucky`: the house pays. `suggestion`: a hint, paid from the allowance'),
        gestureKind: gestureKindSchema.nullable().describe('The one kind it is for; null for any'),
      })
      .nullable()
      .describe('Something to give or to let pass; offered again at each scan today until it is given'),
  })
  .meta({ id: 'CardScanned' });

const seasonRequestSchema = z
  .strictObject({
    kind: drawKindSchema,
    locationId: idSchema.optional().describe('The only location that draws; all when not given'),
    chanceMillionths: z
      .int()
      .min(1_000)
      .max(900_000)
      .optional()
      .describe('The chance of a draw: 50,000 is 1 in 20. Chosen for the shop when not given'),
    dailyCap: z.int().min(1).max(MAX_CAP).optional().describe('The most that a location may draw on a day'),
    gestureKind: gestureKindSchema.optional().describe('The one kind it is planned for; any when not given'),
    smallestEffectMinor: priceSchema
      .min(1)
      .optional()
      .describe('The smallest effect that matters: spend in 30 days; minor units'),
    marginMillionths: z
      .int()
      .min(10_000)
      .max(MILLION)
      .optional()
      .describe('Gross margin of what is sold; from the menu when not given'),
  })
  .meta({ id: 'SeasonRequest' });

export const previewSchema = z
  .object({
    kind: drawKindSchema,
    locationId: idSchema.nullable(),
    gestureKind: gestureKindSchema.nullable(),
    chanceMillionths: z.int(),
    dailyCap: z.int(),
    marginMillionths: z.int(),
    smallestEffectMinor: amountSchema.nullable(),
    gestureCostMinor: amountSchema.describe('What one gesture is expected to cost'),
    breakEvenMinor: amountSchema.describe('Later spend that pays for one'),
    isFromHistory: z.boolean().describe('False when the shop’s own history is too short to go by'),
    activeCustomers: z.int(),
    sharedWith: z
      .array(drawKindSchema)
      .describe('Other kinds that are on there: the days are dealt out among them, so each draws less often'),
    drawsPerWeek: z.int().nullable().describe('Eligible visits; null when that cannot be foretold'),
    treatsPerWeek: z.int().nullable().describe('Offered, as `plannedTreats` are'),
    costPerWeekMinor: amountSchema.nullable().describe('Of those that will be taken'),
    mostCostPerDayMinor: amountSchema.describe('The most that a location can give away on a day'),
    plannedDraws: z.int().describe('Until an answer; frozen when the season begins'),
    plannedTreats: z.int(),
    plannedCostMinor: amountSchema,
    weeks: z.int().nullable().describe('How long an answer will take'),
    saleCapMinor: amountSchema.describe('Where a sale is cut for the estimate'),
    visitMinutes: z.int(),
  })
  .meta({ id: 'SeasonPreview', description: 'What a season would cost, and how long its answer would take' });

export const seasonSchema = z
  .object({
    seasonId: idSchema,
    kind: drawKindSchema,
    locationId: idSchema.nullable(),
    chanceMillionths: z.int(),
    dailyCap: z.int(),
    gestureKind: gestureKindSchema.nullable(),
    keyHash: z.string().describe('SHA-256 of the key that decides every draw'),
    revealedKey: z.string().nullable().describe('The key, once the season has ended'),
    plannedDraws: z.int(),
    saleCapMinor: amountSchema,
    visitMinutes: z.int().nullable(),
    smallestEffectMinor: amountSchema.nullable(),
    marginMillionths: z.int(),
    startedAt: instantSchema,
    startedBy: idSchema,
    endedAt: instantSchema.nullable(),
    endedBy: idSchema.nullable(),
    draws: z.int(),
    drawn: z.int().describe('Draws that said yes'),
  })
  .meta({ id: 'Season', description: 'A stretch of time in which draws are made by one rule' });

const endedSchema = z
  .object({
    seasonId: idSchema,
    endedAt: instantSchema,
    keyHash: z.string(),
    revealedKey: z
      .string()
      .nullable()
      .describe('Everybody can now recompute every draw; null when the secrets it was sealed under are lost'),
  })
  .meta({ id: 'SeasonEnded' });

interface SeasonOperations {
  scanCard: ReturnType<typeof scanCard>;
  planSeason: ReturnType<typeof planSeason>;
  startSeason: ReturnType<typeof startSeason>;
  stopSeason: ReturnType<typeof stopSeason>;
  listSeasons: ReturnType<typeof listSeasons>;
}

export const seasonRoutes = (operations: SeasonOperations): Route[] => [
  jsonRoute({
    method: 'post',
    path: '/api/v1/scans',
    summary: 'A card was scanned: look it up, and make the draw of the day',
    description:
      'As `GET /api/v1/cards/{code}`, and at the customer’s first scan of the day what a sealed draw put into the ' +
      'barista’s hands. Asking again changes nothing. A till that is offline does not ask: it makes no draw.',
    tag: 'Till',
    audience: STAFF,
    needsTill: true,
    body: z.strictObject({ cardCode: cardCodeSchema }).meta({ id: 'ScanRequest' }),
    status: 200,
    answer: scannedSchema,
    refusals: ['card-unknown'],
    handle: async ({ principal, body }) => operations.scanCard(tillActorOf(principal), body),
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/seasons/preview',
    summary: 'What a season would cost, and how long its answer would take',
    tag: 'Evidence',
    audience: MANAGERS,
    needsDesk: true,
    body: seasonRequestSchema,
    status: 200,
    answer: previewSchema,
    refusals: ['location-unknown'],
    handle: async ({ principal, body }) => operations.planSeason(actorOf(principal), body),
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/seasons',
    summary: 'The seasons, newest first',
    tag: 'Evidence',
    audience: MANAGERS,
    needsDesk: true,
    status: 200,
    answer: z.object({ items: z.array(seasonSchema), nextCursor: z.null() }).meta({ id: 'SeasonList' }),
    handle: async ({ principal }) => ({
      items: await operations.listSeasons(actorOf(principal)),
      nextCursor: null,
    }),
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/seasons',
    summary: 'Begin a season',
    description:
      'From now on eligible visits draw. What is not given is chosen for the shop, as the preview shows it. One ' +
      'season of a kind at a location at a time.',
    tag: 'Evidence',
    audience: OWNERS,
    needsDesk: true,
    body: seasonRequestSchema,
    status: 201,
    answer: seasonSchema,
    refusals: ['location-unknown', 'season-on'],
    handle: async ({ principal, body }) => operations.startSeason(actorOf(principal), body),
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/seasons/{seasonId}/stop',
    summary: 'End a season, on any day',
    description: 'Nothing more is drawn, and the key of its draws is out.',
    tag: 'Evidence',
    audience: OWNERS,
    needsDesk: true,
    params: z.object({ seasonId: idSchema }),
    status: 200,
    answer: endedSchema,
    refusals: ['season-unknown', 'season-ended'],
    handle: async ({ principal, params }) => operations.stopSeason(actorOf(principal), params),
  }),
];
