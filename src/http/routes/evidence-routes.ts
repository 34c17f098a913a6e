import * as z from 'zod';
import { CHECKS } from '../../evidence/refusals.ts';
import { evidenceCsv, evidenceFileName, evidenceXlsx } from '../../operations/evidence-file.ts';
import type { exportEvidence } from '../../operations/export-evidence.ts';
import type { findDay } from '../../operations/find-day.ts';
import type { readFairnessAlarms } from '../../operations/read-fairness-alarms.ts';
import type { readFairnessMirror } from '../../operations/read-fairness-mirror.ts';
import type { reportEvidence } from '../../operations/report-evidence.ts';
import { requireFresh } from '../identify.ts';
import { actorOf, jsonRoute, MANAGERS, OWNERS, rawRoute, STAFF, tillActorOf } from '../route.ts';
import type { Route } from '../route.ts';
import { answerHead, fileTypes, sendFile } from '../send-file.ts';
import { daySchema, gestureKindSchema, idSchema, instantSchema } from './till-schemas.ts';

const querySchema = z.strictObject({
  seasonId: idSchema.optional().describe('The newest that is on, or else the newest, when not given'),
  locationId: idSchema.optional().describe('One location alone'),
  asOf: instantSchema
    .transform((text) => new Date(text))
    .optional()
    .describe('Report what was known then, of cards as they have been joined since; now when not given'),
});

const exactMinorSchema = z.number().describe('Minor units of the merchant’s currency, with their fraction');
const effectSchema = z
  .object({
    effect: z.number(),
    low: z
      .number()
      .nullable()
      .describe('Null when nothing bounds it: then only the effect of an offer is known'),
    high: z.number().nullable(),
    standardError: z.number(),
  })
  .meta({ id: 'Effect', description: 'The best estimate, and between what the truth plausibly is' });

const verdictSchema = z.enum([
  'more-than-they-cost',
  'bring-people-back',
  'lower-spend',
  'cost-more',
  'not-enough-data',
  'checks-failed',
]);

export const evidenceSchema = z
  .object({
    seasonId: idSchema,
    kind: z.enum(['lucky', 'bonus', 'suggestion']),
    gestureKind: gestureKindSchema.nullable(),
    seasonLocationId: idSchema.nullable(),
    locationId: idSchema.nullable(),
    locationName: z.string().nullable(),
    startedAt: instantSchema,
    endedAt: instantSchema.nullable(),
    chanceMillionths: z.int(),
    plannedDraws: z.int(),
    keyHash: z.string(),
    revealedKey: z.string().nullable(),
    asOf: instantSchema,
    currency: z.string(),
    isMadeUp: z.boolean().describe('A made-up shop, for trying things out'),
    trueEffectMinor: exactMinorSchema.nullable().describe('In a made-up shop the truth is known'),
    verdict: verdictSchema,
    draws: z.object({
      made: z.int(),
      perWeek: z.number(),
      matured: z.int(),
      maturedCustomers: z.int(),
      treated: z.int(),
      treatedCustomers: z.int(),
      accepted: z.int(),
    }),
    gesture: effectSchema.nullable().describe('Spend in 30 days that one gesture causes, minor units'),
    visits: effectSchema.nullable().describe('Visits in 30 days that one gesture causes: the early answer'),
    offer: effectSchema.nullable().describe('Spend that one offer causes, taken or not'),
    acceptance: z.object({ rate: z.number(), standardError: z.number() }).nullable(),
    cost: z.object({
      gestureMinor: exactMinorSchema,
      totalMinor: exactMinorSchema,
      marginMillionths: z.int(),
      breakEvenMinor: exactMinorSchema.describe('Later spend that pays for one gesture'),
      breakEvenVisits: z.number().nullable(),
    }),
    meanUndrawnMinor: exactMinorSchema.nullable(),
    smallestEffectMinor: exactMinorSchema.nullable(),
    stillNeeded: z
      .object({
        treats: z.int(),
        weeks: z.int().nullable().describe('0 when enough have matured; null when nothing is drawn'),
      })
      .nullable(),
    lights: z.array(
      z.object({
        check: z.enum(CHECKS),
        light: z.enum(['ok', 'warn', 'refuse']),
        figures: z.record(z.string(), z.number().nullable()),
      }),
    ),
    randomisationP: z.number().nullable(),
    rule: z.object({
      outcomeDays: z.int(),
      saleCapMinor: z.int(),
      visitMinutes: z.int(),
      multiplier: z.number().nullable(),
    }),
    series: z.array(
      z.object({
        day: daySchema,
        effect: z.number().nullable(),
        low: z.number().nullable(),
        high: z.number().nullable(),
        matured: z.int(),
      }),
    ),
    restated: z
      .object({ since: daySchema, spendMinor: z.number(), sales: z.number(), gestures: z.number() })
      .nullable()
      .describe('What has changed about the draws of the last stored report: refunds, late sales'),
    sums: z.object({ spendMinor: z.number(), sales: z.number(), gestures: z.number() }),
    locations: z.array(
      z.object({ locationId: idSchema, locationName: z.string(), made: z.int(), treated: z.int() }),
    ),
    inputsHash: z.string().describe('The same figures, the same hash'),
  })
  .meta({ id: 'Evidence', description: 'What gestures caused, with its doubt' });

const shareSchema = z.object({
  served: z.int(),
  gestures: z.int(),
  ofServed: z.number().nullable(),
  ofGestures: z.number().nullable(),
});

export const mirrorSchema = z
  .object({
    from: daySchema,
    served: z.int(),
    gestures: z.int(),
    customersServed: z.int(),
    customersGivenTo: z.int(),
    newcomers: shareSchema,
    regulars: shareSchema,
    partsOfDay: z.object({
      morning: shareSchema,
      midday: shareSchema,
      afternoon: shareSchema,
      evening: shareSchema,
    }),
    sameThreeShare: z.number().nullable(),
  })
  .meta({ id: 'FairnessMirror', description: 'How my gestures spread; for my own eyes' });

export const alarmsSchema = z
  .object({
    from: daySchema,
    items: z.array(
      z.object({
        kind: z.enum(['one-pair', 'shared-contact', 'before-closing']),
        staffId: idSchema,
        staffName: z.string(),
        customer: z.string().optional().describe('A pseudonym'),
        gestures: z.int(),
        served: z.int().optional(),
        expected: z.number().optional(),
        by: z.enum(['card', 'phone']).optional(),
        beforeClosing: z.int().optional(),
        expectedShare: z.number().optional(),
      }),
    ),
  })
  .meta({ id: 'FairnessAlarms', description: 'What an owner should look at, with the numbers behind it' });

interface EvidenceParts {
  reportEvidence: ReturnType<typeof reportEvidence>;
  exportEvidence: ReturnType<typeof exportEvidence>;
  findDay: ReturnType<typeof findDay>;
  readFairnessMirror: ReturnType<typeof readFairnessMirror>;
  readFairnessAlarms: ReturnType<typeof readFairnessAlarms>;
  now(): Date;
}

const REFUSALS = ['season-unknown', 'location-unknown', 'report-of-the-future'] as const;
const ABOUT =
  'From logged random draws alone: what customers would have spent anyway is not in it. “Not enough data yet” is an answer.';

export const evidenceRoutes = (parts: EvidenceParts): Route[] => [
  jsonRoute({
    method: 'get',
    path: '/api/v1/reports/evidence',
    summary: 'What gestures caused',
    description: ABOUT,
    tag: 'Evidence',
    audience: MANAGERS,
    needsDesk: true,
    query: querySchema,
    status: 200,
    answer: evidenceSchema,
    refusals: REFUSALS,
    handle: async ({ principal, query }) => parts.reportEvidence(actorOf(principal), query),
  }),
  ...(['csv', 'xlsx'] as const).map((format) =>
    rawRoute({
      method: 'get',
      path: `/api/v1/reports/evidence.${format}`,
      summary: format === 'csv' ? 'The evidence as a file' : 'The evidence as a workbook',
      description: `${ABOUT} Needs a sign-in of at most five minutes ago, and is written to the audit log.`,
      tag: 'Evidence',
      audience: OWNERS,
      needsDesk: true,
      query: querySchema,
      produces: fileTypes[format],
      refusals: ['fresh-sign-in-needed', ...REFUSALS],
      handle: async ({ principal, query, response }) => {
        const refusal = requireFresh(principal, parts.now());
        if (refusal) return refusal;
        if (answerHead(response, format)) return undefined;
        const view = await parts.exportEvidence(actorOf(principal), query, format);
        if ('refused' in view) return view;
        const pieces = format === 'csv' ? [evidenceCsv(view)] : evidenceXlsx(view);
        const place = { ...actorOf(principal), locationId: view.seasonLocationId };
        const today = await parts.findDay(place, view.asOf);
        const name = evidenceFileName(view, { today, format });
        return sendFile(response, { name, format, parts: pieces });
      },
    }),
  ),
  jsonRoute({
    method: 'get',
    path: '/api/v1/fairness/mine',
    summary: 'How my gestures spread; for my own eyes',
    tag: 'Till',
    audience: STAFF,
    needsTill: true,
    status: 200,
    answer: mirrorSchema,
    handle: async ({ principal }) => parts.readFairnessMirror(tillActorOf(principal)),
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/fairness/alarms',
    summary: 'What an owner should look at',
    description: 'No ranking and no judgement: there may be a good reason.',
    tag: 'Evidence',
    audience: OWNERS,
    needsDesk: true,
    status: 200,
    answer: alarmsSchema,
    handle: async ({ principal }) => parts.readFairnessAlarms(actorOf(principal)),
  }),
];
