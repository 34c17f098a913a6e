import type { Database, Queries } from '../../db/database.ts';
import { findCardById } from '../../db/queries/card-queries.ts';
import type { CardRow } from '../../db/queries/card-queries.ts';
import { findCustomer, listCardsOfCustomers, updateCustomer } from '../../db/queries/customer-queries.ts';
import type { CustomerChange, CustomerRow } from '../../db/queries/customer-queries.ts';
import { deleteOneTimeCodes } from '../../db/queries/forget-queries.ts';
import { moveWhatNamesACard, pointCard, pointCustomers } from '../../db/queries/join-card-queries.ts';
import { findLocationClock } from '../../db/queries/sale-queries.ts';
import { findStaff } from '../../db/queries/staff-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { appendEntries } from './append-entries.ts';
import { businessDayOf } from './business-day-of.ts';
import { nameColumnsOf } from './contact-keys.ts';
import { laterOf, postToCard, toLedger } from './post-to-card.ts';

export interface CustomersJoined {
  customerId: string;
  /** What came from the other cards: on the cards or held by rewards. */
  stamps: number;
}

export type JoinRefusal =
  | { refused: 'customer-unknown' }
  | { refused: 'customer-forgotten' }
  | { refused: 'customer-joined'; joinedIntoId: string }
  | { refused: 'already-one-customer' }
  | { refused: 'staff-and-customer' }
  | { refused: 'programs-differ' }
  | { refused: 'card-blocked' };

/** At the desk: two customers turn out to be the same person. The first goes on, with what both had. */
export const joinCustomers =
  (db: Database, clock: Clock) =>
  (
    { merchantId, staffId }: Actor,
    { customerId, otherCustomerId }: { customerId: string; otherCustomerId: string },
  ): Promise<CustomersJoined | JoinRefusal> => {
    const now = clock.now();
    return db.transact((tx) =>
      joinCustomersIn(tx, { merchantId, customerId, otherCustomerId, staffId, now }),
    );
  };

/**
 * Joins customers inside a transaction that does more. Stamps and rewards of the other's cards go to the card of the
 * same program; what was bought and given follows, so attribution does; both ledgers stay as they were, with an entry
 * each for what went over. The old links and codes lead to the card that goes on.
 */
export async function joinCustomersIn(
  tx: Queries,
  {
    merchantId,
    customerId,
    otherCustomerId,
    staffId,
    now,
  }: {
    merchantId: string;
    customerId: string;
    otherCustomerId: string;
    /** null when customers do it themselves, with both cards in their hands. */
    staffId: string | null;
    now: Date;
  },
): Promise<CustomersJoined | JoinRefusal> {
  const into = await loadCustomer(tx, { merchantId, customerId });
  const from = await loadCustomer(tx, { merchantId, customerId: otherCustomerId });
  if (!into || !from) return { refused: 'customer-unknown' };
  const refusal = refuseCustomers(into, from);
  if (refusal) return refusal;
  const pairs = await pairCards(tx, { merchantId, customerId, otherCustomerId });
  if ('refused' in pairs) return pairs;

  for (const pair of pairs) await joinCard(tx, { merchantId, ...pair, staffId, now });
  const change = { ...whatIsMissing(into, from), staffId: into.staffId };
  await updateCustomer(tx, { merchantId, customerId, change });
  await pointCustomers(tx, { merchantId, fromCustomerId: otherCustomerId, intoCustomerId: customerId });
  await deleteOneTimeCodes(tx, { merchantId, customerIds: [otherCustomerId] });
  await appendAudit(tx, {
    merchantId,
    at: now,
    staffId,
    action: 'customers.joined',
    subjectId: customerId,
    details: {
      otherCustomerId,
      by: staffId ? 'staff' : 'customer',
      cards: pairs.map((pair) => ({
        fromCardId: pair.from.cardId,
        intoCardId: pair.into.cardId,
        stamps: pair.from.balance,
      })),
    },
  });
  return { customerId, stamps: pairs.reduce((sum, pair) => sum + pair.from.balance, 0) };
}

/** Whoever has left is a customer like any other: the card is nobody's own. */
async function loadCustomer(
  tx: Queries,
  who: { merchantId: string; customerId: string },
): Promise<CustomerRow | undefined> {
  const customer = await findCustomer(tx, who);
  if (!customer?.staffId) return customer;
  const person = await findStaff(tx, { merchantId: who.merchantId, staffId: customer.staffId });
  return { ...customer, staffId: person?.staffId ?? null };
}

function refuseCustomers(into: CustomerRow, from: CustomerRow): JoinRefusal | null {
  if (into.customerId === from.customerId) return { refused: 'already-one-customer' };
  for (const { forgottenAt, joinedIntoId } of [into, from]) {
    if (forgottenAt) return { refused: 'customer-forgotten' };
    if (joinedIntoId) return { refused: 'customer-joined', joinedIntoId };
  }
  // Otherwise somebody could treat a guest and take the stamps home.
  return into.staffId === from.staffId ? null : { refused: 'staff-and-customer' };
}

interface Pair {
  into: CardRow;
  from: CardRow;
}

/** Each card of the other customer with the card of the same program that goes on. */
async function pairCards(
  tx: Queries,
  {
    merchantId,
    customerId,
    otherCustomerId,
  }: Record<'merchantId' | 'customerId' | 'otherCustomerId', string>,
): Promise<Pair[] | JoinRefusal> {
  const listed = await listCardsOfCustomers(tx, { merchantId, customerIds: [customerId, otherCustomerId] });
  const cards: CardRow[] = [];
  for (const { cardId, joinedIntoId } of listed)
    if (!joinedIntoId) cards.push(...(await findCardById(tx, { merchantId, cardId })));
  if (cards.some(({ blockedAt }) => blockedAt)) return { refused: 'card-blocked' };
  const pairs: Pair[] = [];
  for (const from of cards.filter((card) => card.customerId === otherCustomerId)) {
    const into = cards.find((card) => card.customerId === customerId && card.programId === from.programId);
    if (!into) return { refused: 'programs-differ' };
    pairs.push({ into, from });
  }
  return pairs;
}

async function joinCard(
  tx: Queries,
  { merchantId, into, from, staffId, now }: Pair & { merchantId: string; staffId: string | null; now: Date },
): Promise<void> {
  // The entries are of the place and day of the card that goes on.
  const { locationId } = into;
  const [location] = await findLocationClock(tx, { merchantId, locationId });
  if (!location) throw new Error(`There is no location ${locationId}`);
  const businessDay = businessDayOf(location, now);
  const context = { merchantId, locationId, staffId, deviceId: null, at: now, businessDay };
  // Held by open rewards or not: the rewards go along.
  const stamps = from.balance;
  if (stamps !== 0)
    await appendEntries(tx, {
      merchantId,
      entries: [toLedger({ kind: 'adjusted', stamps: -stamps }, from.cardId, context)],
    });
  const move = {
    merchantId,
    fromCardId: from.cardId,
    fromCustomerId: from.customerId,
    intoCardId: into.cardId,
    intoCustomerId: into.customerId,
  };
  await moveWhatNamesACard(tx, move);
  await pointCard(tx, move);
  // Read again: with several cards of one program, the last one may have brought stamps already.
  const [card] = await findCardById(tx, { merchantId, cardId: into.cardId });
  await postToCard(tx, {
    card: { ...card!, lastVisitAt: laterOf(card!.lastVisitAt, from.lastVisitAt) },
    entries: stamps === 0 ? [] : [{ kind: 'adjusted', stamps }],
    context,
    hasTouchedRewards: true,
  });
  tx.announce({ merchantId, cardId: from.cardId });
}

/** What the customer who goes on has not said and the other has. */
function whatIsMissing(into: CustomerRow, from: CustomerRow): CustomerChange {
  return {
    ...(into.name === null && nameColumnsOf(from.name)),
    ...(into.phone === null && { phone: from.phone, phoneEnd: from.phoneEnd }),
    email: into.email ?? from.email,
    preferences: into.preferences ?? from.preferences,
  };
}
