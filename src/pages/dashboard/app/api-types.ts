// What the API says, inferred from the server's own schemas. Types only: nothing of the server comes along.
import type * as z from 'zod';
import type { RefusalName } from '../../../http/problem.ts';
import type {
  allowanceRuleSchema,
  itemSchema,
  programSchema,
  roleSchema,
  whoSchema,
} from '../../../http/routes/desk-schemas.ts';
import type { deviceSchema, enrolmentSchema } from '../../../http/routes/device-routes.ts';
import type { locationSchema } from '../../../http/routes/location-routes.ts';
import type { merchantSchema } from '../../../http/routes/merchant-routes.ts';
import type { pictureSchema } from '../../../http/routes/picture-routes.ts';
import type { staffSchema } from '../../../http/routes/staff-routes.ts';
import type { summarySchema } from '../../../http/routes/summary-routes.ts';

export type { RefusalName };
export type Role = z.infer<typeof roleSchema>;
export type Who = z.infer<typeof whoSchema>;
export type Merchant = z.infer<typeof merchantSchema>;
export type Location = z.infer<typeof locationSchema>;
export type Device = z.infer<typeof deviceSchema>;
export type Enrolment = z.infer<typeof enrolmentSchema>;
export type Staff = z.infer<typeof staffSchema>;
export type Program = z.infer<typeof programSchema>;
export type Item = z.infer<typeof itemSchema>;
export type Picture = z.infer<typeof pictureSchema>;
export type Summary = z.infer<typeof summarySchema>;
export type AllowanceRule = z.infer<typeof allowanceRuleSchema>;

/** A page of a list. */
export interface ListPage<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** Why not (RFC 9457), with what the reader needs next. */
export interface ProblemDocument {
  title: string;
  status?: number;
  /** Missing when something between us and the server answered. */
  refused?: RefusalName;
  detail?: string;
  errors?: { pointer: string; detail: string }[];
  requestId?: string;
  triesLeft?: number;
  retryAt?: string | null;
  /** When the cool-down is over. */
  endsAt?: string;
  /** When the allowance is new. */
  resetsAt?: string;
}
