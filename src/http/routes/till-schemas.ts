import * as z from 'zod';
import { GESTURE_REASONS } from '../../loyalty/gesture.ts';

const MAX_CODE_LENGTH = 64;
const MAX_LINES = 50;
const MAX_QUANTITY = 50;
const MAX_NOTE_LENGTH = 200;
const MAX_PREFERENCES_LENGTH = 120;

export const idSchema = z.string().min(1).max(64);
export const instantSchema = z.iso.datetime().describe('An instant, ISO 8601 in UTC');
export const daySchema = z.iso.date().describe('A business day of the location');
export const amountSchema = z.int().describe('Minor units of the merchant’s currency');
export const cardCodeSchema = z
  .string()
  .trim()
  .min(1)
  .max(MAX_CODE_LENGTH)
  .describe('What was scanned (`GST1:…`) or typed (`7F3K-9QPD`)');
/** Yes or no in an address, where everything is text; `standard` when it is not said. */
export const flagSchema = (standard: 'true' | 'false') =>
  z
    .enum(['true', 'false'])
    .default(standard)
    .transform((word) => word === 'true');

export const preferencesSchema = z
  .string()
  .trim()
  .max(MAX_PREFERENCES_LENGTH)
  .nullable()
  .describe('How the customer likes it: “oat milk, no lid”')
  .meta({ examples: ['Oat milk, no lid'] });
export const noteSchema = z.string().trim().max(MAX_NOTE_LENGTH);
export const gestureKindSchema = z.enum(['double_stamp', 'free_item', 'voucher']);
export const reasonSchema = z.enum(GESTURE_REASONS);

export const wantedLinesSchema = z
  .array(z.strictObject({ itemId: idSchema, quantity: z.int().min(1).max(MAX_QUANTITY).default(1) }))
  .min(1)
  .max(MAX_LINES)
  .describe('Items of the menu, at the menu’s prices');

export const cardSchema = z
  .object({
    cardId: idSchema,
    shortCode: z.string().describe('Eight letters and figures to type when nothing scans'),
    customerName: z.string().nullable(),
    stamps: z.int().describe('On the card now; below zero when a refund took back stamps already spent'),
    stampsRequired: z.int(),
    openRewards: z.array(
      z.object({
        rewardId: idSchema,
        kind: z.enum(['stamps', 'voucher']),
        name: z.string(),
        expiresAt: instantSchema.nullable(),
      }),
    ),
    lastVisitAt: instantSchema.nullable().describe('Before this operation'),
    isBlocked: z.boolean(),
  })
  .meta({ id: 'Card', description: 'A stamp card as tills and pages show it' });

export const lastGestureSchema = z
  .object({ givenAt: instantSchema, coolDownEndsAt: instantSchema.nullable() })
  .nullable()
  .describe('The last kindness to this customer, and until when the next one is kept back');

const saleLineSchema = z
  .object({
    itemId: idSchema.nullable(),
    name: z.string(),
    quantity: z.int(),
    totalMinor: amountSchema,
    qualifies: z.boolean().describe('Earns stamps under a program that counts items'),
    paidBy: z.enum(['money', 'reward', 'gesture']),
    rewardId: idSchema.optional(),
    coveredMinor: amountSchema.optional(),
  })
  .meta({ id: 'SaleLine', description: 'One line of a sale' });

export const saleSchema = z
  .object({
    saleId: idSchema,
    occurredAt: instantSchema,
    businessDay: daySchema,
    totalMinor: amountSchema,
    lines: z.array(saleLineSchema),
    stampsEarned: z.int(),
  })
  .meta({ id: 'Sale', description: 'Money taken' });

export const allowanceSchema = z
  .object({
    limit: z.int().nullable().describe('Of the limit that is reached first; null for none'),
    used: z.int(),
    leased: z.int().describe('Held by tills for when they are offline'),
    remaining: z.int().nullable().describe('The “2 left today” of the till'),
    remainingCostMinor: amountSchema.nullable(),
    period: z.enum(['day', 'week']),
    resetsAt: instantSchema,
  })
  .meta({ id: 'Allowance', description: 'What a member of staff may still give' });

export const thanksSchema = z
  .object({
    gestureId: idSchema,
    thankedAt: instantSchema,
    kind: gestureKindSchema,
    itemName: z.string().nullable(),
    reason: reasonSchema,
  })
  .meta({ id: 'Thanks', description: 'A customer said thank you for a gesture, on their card' });

export const gestureSchema = z
  .object({
    gestureId: idSchema,
    kind: gestureKindSchema,
    itemName: z.string().nullable(),
    reason: reasonSchema,
    note: z.string().nullable(),
    givenAt: instantSchema,
    businessDay: daySchema,
    fundedBy: z.enum(['allowance', 'grant', 'lucky', 'bonus']),
    priceMinor: amountSchema,
    costMinor: amountSchema,
    isPast: z.boolean().describe('Written down afterwards by an owner, outside the allowance'),
    undoableUntil: instantSchema,
  })
  .meta({ id: 'Gesture', description: 'A kindness to a customer' });
