import { decideSpend, NO_CHANGE } from './allowance.ts';
import type { Allowance, AllowanceSpent, CounterChange } from './allowance.ts';
import { computeResetsAt } from './business-day.ts';
import type { DayClock } from './business-day.ts';
import type { CardEntry } from './card.ts';
import type { Accepted } from './decision.ts';
import { decideLeaseSpend } from './lease.ts';
import type { Lease, LeaseNotGood } from './lease.ts';
import { isInCharge } from './role.ts';
import type { Role } from './role.ts';

export type GestureKind = 'double_stamp' | 'free_item' | 'voucher';

export const GESTURE_REASONS = [
  'long_day',
  'long_wait',
  'our_mistake',
  'regular',
  'newcomer',
  'celebration',
  'other',
] as const;
export type GestureReason = (typeof GESTURE_REASONS)[number];

/** Who paid: the giver's allowance, one more granted by a manager, or the house after a random draw. */
export type Funding = 'allowance' | 'grant' | 'lucky' | 'bonus';

/** An item of the gesture menu, with what the customer would have paid and what it costs the shop. */
export interface GestureItem {
  itemId: string;
  priceMinor: number;
  costMinor: number;
  mayBeGiven: boolean;
}

/** A member of staff who put in a PIN to grant one more. */
export interface Granter {
  staffId: string;
  role: Role;
  merchantId: string;
}

export interface GestureRequest {
  merchantId: string;
  kind: GestureKind;
  /** When it was given, also when it is recorded later. */
  givenAt: Date;
  /** Written down afterwards by an owner, from memory or paper: outside the allowance and the cool-down. */
  isPast: boolean;
  giver: { staffId: string; role: Role };
  card: { isBlocked: boolean };
  /** `staffId` when the customer works here. */
  customer: { staffId: string | null };
  itemId: string | null;
  /** The item with that id, if the merchant has one. */
  item: GestureItem | null;
  /** See `computeStampCost`. */
  stampCostMinor: number;
  /** The customer's last gesture that wasn't undone. */
  lastGestureAt: Date | null;
  coolDownDays: number;
  allowance: Allowance;
  /** The day the allowance is counted in, and when the shop's days and weeks end. */
  shop: DayClock & { locationId: string; businessDay: string; weekStartsOn: number };
  grant: Granter | null;
  /** Set when a random draw decided that the house pays. */
  drawn: 'lucky' | 'bonus' | null;
  /** The lease the till gave it from. */
  lease: Lease | null;
}

export interface GestureDecision extends Accepted {
  fundedBy: Funding;
  grantedBy: string | null;
  isPast: boolean;
  /** The extra stamp of a double stamp; null for other kinds. */
  entry: CardEntry | null;
  opensVoucher: boolean;
  priceMinor: number;
  costMinor: number;
  /** To be added to the four counters of `computeCounterKeys`. */
  change: CounterChange;
}

export type GestureRefusal =
  | { refused: 'card-blocked' }
  | { refused: 'own-card' }
  | { refused: 'owner-needed' }
  | { refused: 'manager-needed' }
  | { refused: 'item-unknown' }
  | { refused: 'item-not-giveable' }
  | { refused: 'cool-down'; endsAt: Date }
  | (AllowanceSpent & { resetsAt: Date })
  | { refused: 'grant-not-allowed' }
  | LeaseNotGood;

type Paid = Accepted & Pick<GestureDecision, 'fundedBy' | 'grantedBy' | 'change'>;

/** Whether a member of staff may give this gesture to this customer now, and who pays for it. */
export function decideGesture(request: GestureRequest): GestureDecision | GestureRefusal {
  const refusal = refusePerson(request) ?? refuseItem(request) ?? refuseCoolDown(request);
  if (refusal) return refusal;
  const worth = computeWorth(request);
  const paid = decideFunding(request, worth.costMinor);
  if (paid.refused) return paid;
  return {
    ...paid,
    ...worth,
    isPast: request.isPast,
    entry: request.kind === 'double_stamp' ? { kind: 'gesture', stamps: 1 } : null,
    opensVoucher: request.kind === 'voucher',
  };
}

function refusePerson({ kind, isPast, giver, card, customer }: GestureRequest): GestureRefusal | null {
  if (card.isBlocked) return { refused: 'card-blocked' };
  if (customer.staffId === giver.staffId) return { refused: 'own-card' };
  if (isPast && giver.role !== 'owner') return { refused: 'owner-needed' };
  if (kind === 'voucher' && !isInCharge(giver.role)) return { refused: 'manager-needed' };
  return null;
}

function refuseItem({ kind, itemId, item }: GestureRequest): GestureRefusal | null {
  const needsItem = kind === 'free_item' || (kind === 'voucher' && itemId !== null);
  if (!needsItem) return null;
  if (!item || item.itemId !== itemId) return { refused: 'item-unknown' };
  return item.mayBeGiven ? null : { refused: 'item-not-giveable' };
}

function refuseCoolDown({
  isPast,
  givenAt,
  lastGestureAt,
  coolDownDays,
}: GestureRequest): GestureRefusal | null {
  if (isPast || !lastGestureAt) return null;
  const endsAt = computeCoolDownEnd({ lastGestureAt, coolDownDays, at: givenAt });
  return endsAt && { refused: 'cool-down', endsAt };
}

/** When the cool-down ends that keeps a gesture back at an instant; null when none does. Days of 24 hours, 0 for no cool-down. */
export function computeCoolDownEnd({
  lastGestureAt,
  coolDownDays,
  at,
}: {
  lastGestureAt: Date;
  coolDownDays: number;
  at: Date;
}): Date | null {
  const endsAt = new Date(lastGestureAt.getTime() + coolDownDays * 86_400_000);
  return coolDownDays > 0 && at < endsAt ? endsAt : null;
}

function computeWorth({ kind, itemId, item, stampCostMinor }: GestureRequest) {
  if (kind === 'double_stamp') return { priceMinor: 0, costMinor: stampCostMinor };
  if (!item || itemId === null) return { priceMinor: 0, costMinor: 0 };
  return { priceMinor: item.priceMinor, costMinor: item.costMinor };
}

function decideFunding(request: GestureRequest, costMinor: number): Paid | GestureRefusal {
  const { giver, shop, allowance, lease, drawn } = request;
  if (request.isPast) return { fundedBy: 'grant', grantedBy: giver.staffId, change: NO_CHANGE };
  if (drawn) return { fundedBy: drawn, grantedBy: null, change: NO_CHANGE };

  const spend = lease
    ? decideLeaseSpend({ lease, allowance, costMinor, staffId: giver.staffId, ...shop })
    : decideSpend({ allowance, costMinor });
  if (!spend.refused) return { fundedBy: 'allowance', grantedBy: null, change: spend.change };
  if (spend.refused === 'lease-not-good') return spend;
  if (request.grant) return decideGrant(request, request.grant);
  return { ...spend, resetsAt: computeResetsAt({ ...shop, period: spend.period }) };
}

/** A grant lifts the spent allowance, nothing else; when there was allowance left it isn't used. */
function decideGrant({ merchantId }: GestureRequest, grant: Granter): Paid | GestureRefusal {
  const mayGrant = isInCharge(grant.role) && grant.merchantId === merchantId;
  if (!mayGrant) return { refused: 'grant-not-allowed' };
  return { fundedBy: 'grant', grantedBy: grant.staffId, change: NO_CHANGE };
}
