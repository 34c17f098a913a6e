import type { Tables } from '../../db/database.ts';
import { NAMELESS } from '../../db/queries/forget-queries.ts';
import { nameColumnsOf } from './contact-keys.ts';

type CustomerRow = Tables['customers']['$inferSelect'];
type StaffRow = Tables['staff']['$inferSelect'];
type CardRow = Tables['cards']['$inferSelect'];

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
