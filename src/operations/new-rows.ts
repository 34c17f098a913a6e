import type { Tables } from '../../db/database.ts';
import { NAMELESS } from '../../db/queries/forget-queries.ts';
import type { ProgramVersionRow } from '../../db/queries/program-queries.ts';
import { computeRewardExpiresAt } from '../loyalty/reward.ts';
import { nameColumnsOf } from './contact-keys.ts';

type CustomerRow = Tables['customers']['$inferSelect'];
type StaffRow = Tables['staff']['$inferSelect'];
type CardRow = Tables['cards']['$inferSelect'];
type GestureRow = Tables['gestures']['$inferSelect'];
type RewardRow = Tables['rewards']['$inferSelect'];

/** A customer of whom nothing is known yet but what is given; found by their name from now on. */
export function newCustomer(
  known: Pick<CustomerRow, 'merchantId' | 'customerId' | 'createdAt'> & Partial<CustomerRow>,
): CustomerRow {
  return {
    ...NAMELESS,
    staffId: null,
    joinedIntoId: null,
    forgottenAt: null,
    ...known,
    ...nameColumnsOf(known.name ?? null),
  };
}

/** A person who starts to work here. */
export function newPerson(
  person: Omit<
    StaffRow,
    'totpSecret' | 'totpConfirmedAt' | 'totpLastStep' | 'recoveryCodeHashes' | 'endedAt'
  >,
): StaffRow {
  return {
    ...person,
    totpSecret: null,
    totpConfirmedAt: null,
    totpLastStep: null,
    recoveryCodeHashes: null,
    endedAt: null,
  };
}

type NewCard = Pick<
  CardRow,
  | 'merchantId'
  | 'cardId'
  | 'customerId'
  | 'programId'
  | 'programVersion'
  | 'locationId'
  | 'secretHash'
  | 'codeHash'
  | 'shortCode'
  | 'createdAt'
>;

/** A card without a stamp. */
export function newCard(card: NewCard): CardRow {
  return {
    ...card,
    balance: 0,
    heldStamps: 0,
    openRewardCount: 0,
    lastVisitAt: null,
    liveStep: null,
    joinedIntoId: null,
    blockedAt: null,
  };
}

/** What a reward says until it is spent, and again when it is given back. */
export const UNSPENT = {
  status: 'open',
  redeemedAt: null,
  saleId: null,
  coveredMinor: null,
  proof: null,
} as const;

/** What a full card has earned, under the version of its program that it was collected under. */
export function newStampReward({
  merchantId,
  rewardId,
  cardId,
  version,
  earnedAt,
  recordedAt,
}: Pick<RewardRow, 'merchantId' | 'rewardId' | 'cardId' | 'earnedAt'> & {
  recordedAt?: Date | undefined;
  version: Pick<ProgramVersionRow, 'rewardName' | 'stampsRequired' | 'expiryDays'>;
}): RewardRow {
  return {
    merchantId,
    rewardId,
    cardId,
    kind: 'stamps',
    name: version.rewardName,
    stamps: version.stampsRequired,
    earnedAt,
    expiresAt: computeRewardExpiresAt({ earnedAt, recordedAt, expiryDays: version.expiryDays }),
    gestureId: null,
    ...UNSPENT,
  };
}

/** What the customer holds of a gesture that is a voucher. It never expires. */
export function newVoucher(
  gesture: GestureRow,
  { rewardId, earnedAt }: { rewardId: string; earnedAt: Date },
): RewardRow {
  return {
    merchantId: gesture.merchantId,
    rewardId,
    cardId: gesture.cardId,
    kind: 'voucher',
    name: gesture.itemName ?? 'Something on the house',
    stamps: 0,
    earnedAt,
    expiresAt: null,
    gestureId: gesture.gestureId,
    ...UNSPENT,
  };
}
