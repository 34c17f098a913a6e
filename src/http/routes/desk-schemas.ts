import * as z from 'zod';
import { isTimeZone } from '../../loyalty/wall-clock.ts';
import { amountSchema, idSchema, instantSchema } from './till-schemas.ts';

const MAX_NAME_LENGTH = 80;
const MAX_EMAIL_LENGTH = 254;
const MIN_PASSWORD_LENGTH = 12;
const MAX_PASSWORD_LENGTH = 200;
const MAX_TRIED_CODE_LENGTH = 40;
const MAX_STAMPS = 50;
const MAX_EXPIRY_DAYS = 3_650;
const MAX_AMOUNT_MINOR = 100_000_000;
const MAX_GESTURES = 10_000;

export const nameSchema = z.string().trim().min(1, 'Please give a name').max(MAX_NAME_LENGTH);
export const emailSchema = z.string().trim().toLowerCase().max(MAX_EMAIL_LENGTH).pipe(z.email());
export const passwordSchema = z
  .string()
  .min(
    MIN_PASSWORD_LENGTH,
    `At least ${MIN_PASSWORD_LENGTH} characters: a few words in a row are easy to remember`,
  )
  .max(MAX_PASSWORD_LENGTH);
/** What is tried at a sign-in: not told what a good one looks like. */
export const triedPasswordSchema = z.string().min(1).max(MAX_PASSWORD_LENGTH);
/** A code of the second factor: six figures, or a recovery code. */
export const triedCodeSchema = z
  .string()
  .trim()
  .max(MAX_TRIED_CODE_LENGTH)
  .describe('Six figures of the app, or a recovery code');
export const pinSchema = z.string().regex(/^\d{4,8}$/, 'A PIN is 4 to 8 figures');
export const roleSchema = z.enum(['barista', 'manager', 'owner']);
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, 'Not a time zone; they look like Europe/London')
  .describe('IANA name, such as `Europe/London`');
export const cutOffMinutesSchema = z
  .int('A time of day such as 04:00, please')
  .min(0)
  .max(1_439)
  .describe('When a business day begins, in minutes after midnight; 240 is 04:00');
const NOT_A_CURRENCY = 'Not a currency; they look like GBP';
export const currencySchema = z
  .string()
  .length(3, { error: NOT_A_CURRENCY, abort: true })
  .refine((code) => Intl.supportedValuesOf('currency').includes(code), NOT_A_CURRENCY)
  .describe('ISO 4217, such as `GBP`');
export const priceSchema = amountSchema
  .min(0, 'An amount cannot be below zero')
  .max(MAX_AMOUNT_MINOR, 'This amount is too large');

export const cursorQuerySchema = z.object({
  cursor: z
    .string()
    .max(64)
    .optional()
    .describe('`nextCursor` of the page before; the first page without it'),
});
/** For lists of what ends and stays in the records. */
export const endedQuerySchema = cursorQuerySchema.extend({
  ended: z
    .enum(['include', 'leave-out'])
    .default('leave-out')
    .describe('Whether those that have ended are listed too'),
});

/** A list, a page at a time. */
export function listOf<Item extends z.ZodType>(item: Item, id: string) {
  return z
    .object({ items: z.array(item), nextCursor: z.string().nullable().describe('Null on the last page') })
    .meta({ id });
}

export const accrualSchema = z
  .discriminatedUnion('per', [
    z.strictObject({ per: z.literal('item') }),
    z.strictObject({ per: z.literal('sale'), minimumMinor: priceSchema }),
    z.strictObject({
      per: z.literal('amount'),
      amountMinor: priceSchema.min(1, 'More than nothing, please'),
    }),
  ])
  .meta({ id: 'Accrual', description: 'How a sale earns stamps: for each qualifying item, sale, or amount' });

export const stampsRequiredSchema = z.int().min(2).max(MAX_STAMPS);

export const programRuleFields = {
  name: nameSchema,
  stampsRequired: stampsRequiredSchema,
  rewardName: nameSchema,
  rewardCostMinor: priceSchema.nullable().describe('What one reward costs the shop; null when nobody said'),
  accrual: accrualSchema,
  expiryDays: z.int().min(1).max(MAX_EXPIRY_DAYS).nullable().describe('Until an open reward expires'),
  colour: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'A colour looks like #7a4a2b'),
  pictureId: idSchema.nullable().describe('The picture on the card; null for none'),
};

export const programSchema = z
  .object({ programId: idSchema, version: z.int(), ...programRuleFields })
  .meta({ id: 'Program', description: 'The rule of a stamp card' });

export const itemFields = {
  name: nameSchema,
  priceMinor: priceSchema,
  costMinor: priceSchema.describe('What it costs the shop'),
  qualifies: z.boolean().describe('Buying one earns stamps'),
  mayBeGiven: z.boolean().describe('Staff may give it as a gesture'),
};

export const itemSchema = z
  .object({ itemId: idSchema, ...itemFields })
  .meta({ id: 'Item', description: 'Something on the menu' });

const limitSchema = z.int().min(0).max(MAX_GESTURES).nullable().describe('Null for no limit of this sort');
export const allowanceLimitFields = {
  gesturesLimit: limitSchema,
  costLimitMinor: priceSchema.nullable().describe('Null for no limit of this sort'),
};

export const allowanceRuleFields = {
  scope: z.enum(['staff', 'location']),
  subjectId: idSchema.nullable().describe('Null for everyone in the scope without a rule of their own'),
  period: z.enum(['day', 'week']),
  ...allowanceLimitFields,
};

export const allowanceRuleSchema = z
  .object({ allowanceId: idSchema, ...allowanceRuleFields })
  .meta({ id: 'AllowanceRule', description: 'How much may be given' });

export const whoSchema = z
  .object({
    staffId: idSchema,
    name: z.string(),
    role: roleSchema,
    signedInAt: instantSchema,
    expiresAt: instantSchema.optional(),
  })
  .meta({ id: 'Who', description: 'Who is signed in' });
