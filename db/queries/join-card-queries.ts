import { and, eq, inArray, or } from 'drizzle-orm';
import type { Queries } from '../database.ts';
import { NAMELESS } from './forget-queries.ts';

interface Move {
  merchantId: string;
  fromCardId: string;
  fromCustomerId: string;
  intoCardId: string;
  intoCustomerId: string;
}

/** Cards whose link and code lead to one of these; `customerIds` are those of the cards. */
export function listCardsJoinedInto(
  queries: Queries,
  { merchantId, cardIds, customerIds }: { merchantId: string; cardIds: string[]; customerIds: string[] },
) {
  return queries.query((db, { cards }) =>
    db
      .select({ cardId: cards.cardId })
      .from(cards)
      .where(
        and(
          eq(cards.merchantId, merchantId),
          inArray(cards.customerId, customerIds),
          inArray(cards.joinedIntoId, cardIds),
        ),
      ),
  );
}

/** Empties a card, and leads it, and those that led to it, to another. */
export async function pointCard(tx: Queries, move: Move): Promise<void> {
  const { merchantId, fromCardId, fromCustomerId, intoCardId, intoCustomerId } = move;
  await tx.query((db, { cards }) =>
    db
      .update(cards)
      .set({
        joinedIntoId: intoCardId,
        customerId: intoCustomerId,
        balance: 0,
        heldStamps: 0,
        openRewardCount: 0,
      })
      .where(
        and(
          eq(cards.merchantId, merchantId),
          eq(cards.customerId, fromCustomerId),
          or(eq(cards.cardId, fromCardId), eq(cards.joinedIntoId, fromCardId)),
        ),
      ),
  );
}

/**
 * What names a card names the other from now on, so that a refund, an undo, a reward or a file of sales finds the one
 * that goes on. The ledger keeps what it was.
 */
export async function moveWhatNamesACard(tx: Queries, move: Move): Promise<void> {
  const { merchantId, fromCardId, fromCustomerId, intoCardId, intoCustomerId } = move;
  const change = { cardId: intoCardId, customerId: intoCustomerId };
  await tx.query((db, { rewards }) =>
    db
      .update(rewards)
      .set({ cardId: intoCardId })
      .where(and(eq(rewards.merchantId, merchantId), eq(rewards.cardId, fromCardId))),
  );
  await tx.query((db, { sales }) =>
    db
      .update(sales)
      .set(change)
      .where(
        and(
          eq(sales.merchantId, merchantId),
          eq(sales.customerId, fromCustomerId),
          eq(sales.cardId, fromCardId),
        ),
      ),
  );
  await tx.query((db, { gestures }) =>
    db
      .update(gestures)
      .set(change)
      .where(
        and(
          eq(gestures.merchantId, merchantId),
          eq(gestures.customerId, fromCustomerId),
          eq(gestures.cardId, fromCardId),
        ),
      ),
  );
  await tx.query((db, { customerReferences }) =>
    db
      .update(customerReferences)
      .set(change)
      .where(and(eq(customerReferences.merchantId, merchantId), eq(customerReferences.cardId, fromCardId))),
  );
}

/** Leads a customer, and those who led to them, to another; nothing personal is left behind. */
export function pointCustomers(
  tx: Queries,
  {
    merchantId,
    fromCustomerId,
    intoCustomerId,
  }: { merchantId: string; fromCustomerId: string; intoCustomerId: string },
) {
  return tx.query((db, { customers }) =>
    db
      .update(customers)
      .set({ ...NAMELESS, joinedIntoId: intoCustomerId })
      .where(
        and(
          eq(customers.merchantId, merchantId),
          or(eq(customers.customerId, fromCustomerId), eq(customers.joinedIntoId, fromCustomerId)),
        ),
      ),
  );
}

/** Ends the links and codes of cards that lead to these. */
export function closeLinks(
  tx: Queries,
  { merchantId, cardIds, customerIds }: { merchantId: string; cardIds: string[]; customerIds: string[] },
) {
  return tx.query((db, { cards }) =>
    db
      .update(cards)
      .set({ secretHash: null, codeHash: null })
      .where(
        and(
          eq(cards.merchantId, merchantId),
          inArray(cards.customerId, customerIds),
          inArray(cards.joinedIntoId, cardIds),
        ),
      ),
  );
}
