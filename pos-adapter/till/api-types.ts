import type * as z from 'zod';
import type {
  cardAtTillSchema,
  cardIssuedSchema,
  foundCustomersSchema,
} from '../../src/http/routes/card-routes.ts';
import type { enrolledSchema, tillSchema } from '../../src/http/routes/device-routes.ts';
import type { mirrorSchema } from '../../src/http/routes/evidence-routes.ts';
import type {
  gestureAnswerSchema,
  leaseSchema,
  ownThanksSchema,
  undoAnswerSchema,
} from '../../src/http/routes/gesture-routes.ts';
import type {
  redemptionAnswerSchema,
  refundAnswerSchema,
  saleAnswerSchema,
} from '../../src/http/routes/sale-routes.ts';
import type { scannedSchema } from '../../src/http/routes/season-routes.ts';
import type { tillSessionSchema } from '../../src/http/routes/staff-session-routes.ts';
import type {
  allowanceSchema,
  cardSchema,
  gestureKindSchema,
  reasonSchema,
  saleSchema,
} from '../../src/http/routes/till-schemas.ts';
import type { RefusalName } from '../../src/http/problem.ts';

export type Allowance = z.infer<typeof allowanceSchema>;
export type Card = z.infer<typeof cardSchema>;
/** A card that was scanned, with what a draw put into the barista's hands. */
export type CardScanned = z.infer<typeof scannedSchema>;
export type DrawOffer = NonNullable<CardScanned['draw']>;
export type CardAtTill = z.infer<typeof cardAtTillSchema>;
export type CardIssued = z.infer<typeof cardIssuedSchema>;
export type Enrolled = z.infer<typeof enrolledSchema>;
/** How the gestures of one member of staff spread, for their own eyes. */
export type FairnessMirror = z.infer<typeof mirrorSchema>;
export type FoundCustomers = z.infer<typeof foundCustomersSchema>;
export type GestureAnswer = z.infer<typeof gestureAnswerSchema>;
export type GestureKind = Exclude<z.infer<typeof gestureKindSchema>, 'voucher'>;
export type Lease = z.infer<typeof leaseSchema>;
export type OwnThanks = z.infer<typeof ownThanksSchema>;
export type Reason = z.infer<typeof reasonSchema>;
export type RedemptionAnswer = z.infer<typeof redemptionAnswerSchema>;
export type RefundAnswer = z.infer<typeof refundAnswerSchema>;
export type Sale = z.infer<typeof saleSchema>;
export type SaleAnswer = z.infer<typeof saleAnswerSchema>;
export type StaffSession = z.infer<typeof tillSessionSchema>;
/** All a till needs to draw itself. */
export type Till = z.infer<typeof tillSchema>;
export type Item = Till['items'][number];
export type Person = Till['staff'][number];
export type UndoAnswer = z.infer<typeof undoAnswerSchema>;

/** Why not (RFC 9457), with what the reader needs next. */
export interface Problem {
  title: string;
  status: number;
  /** Missing when something between us and the server answered. */
  refused?: RefusalName;
  detail?: string;
  requestId?: string;
  /** How a customer likes it, as it was written down meanwhile. */
  preferences?: string | null;
  /** When the allowance starts anew. */
  resetsAt?: string;
  /** When the cool-down is over. */
  endsAt?: string;
  /** Whether the house pays for one more than the allowance. */
  bonus?: { isGranted: true; drawId: string } | { isGranted: false };
  triesLeft?: number;
  /** When a PIN or a code may be tried again. */
  retryAt?: string | null;
}
