import { and, count, desc, eq, gt, gte, isNull, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';
import { insertMany } from './insert-many.ts';

export const insertGestures = insertMany('gestures');
export const insertAllThanks = insertMany('thanks');
export const insertRefunds = insertMany('refunds');
export const insertCounters = insertMany('allowanceCounters');
export const insertDraws = insertMany('draws');
export const insertDrawCounters = insertMany('drawCounters');

interface Shown {
  merchantId: string;
  limit: number;
}

/** Cards that a visitor may see, those of whoever came last first. */
const listCards = (
  queries: Queries,
  { merchantId, limit }: Shown,
  which: (cards: Tables['cards']) => SQL[],
) =>
  queries.query((db, { cards, customers }) =>
    db
      .select({ cardId: cards.cardId, customerId: cards.customerId, name: customers.name })
      .from(cards)
      .innerJoin(
        customers,
        and(eq(customers.merchantId, cards.merchantId), eq(customers.customerId, cards.customerId)),
      )
      .where(
        and(
          eq(cards.merchantId, merchantId),
          isNull(cards.blockedAt),
          isNull(customers.staffId),
          ...which(cards),
        ),
      )
      .orderBy(desc(cards.lastVisitAt), desc(cards.cardId))
      .limit(limit),
  );

/** Cards with so many stamps and no open reward. */
export const listCardsWithStamps = (queries: Queries, { stamps, ...shown }: Shown & { stamps: number }) =>
  listCards(queries, shown, ({ openRewardCount, balance, heldStamps }) => [
    eq(openRewardCount, 0),
    eq(sql`${balance} - ${heldStamps}`, stamps),
  ]);

/** Cards with an open reward earned by a full card. */
export const listFullCards = (queries: Queries, shown: Shown) =>
  listCards(queries, shown, ({ heldStamps }) => [gt(heldStamps, 0)]);

/** The last gestures that were not taken back, and whose they are. */
export const listLastGestures = (queries: Queries, { merchantId, limit }: Shown) =>
  queries.query((db, { gestures, cards, customers, staff }) =>
    db
      .select({
        cardId: cards.cardId,
        customerId: cards.customerId,
        name: customers.name,
        giverName: staff.name,
        givenAt: gestures.givenAt,
      })
      .from(gestures)
      .innerJoin(cards, and(eq(cards.merchantId, gestures.merchantId), eq(cards.cardId, gestures.cardId)))
      .innerJoin(
        customers,
        and(eq(customers.merchantId, cards.merchantId), eq(customers.customerId, cards.customerId)),
      )
      .innerJoin(staff, and(eq(staff.merchantId, gestures.merchantId), eq(staff.staffId, gestures.staffId)))
      .where(and(eq(gestures.merchantId, merchantId), isNull(gestures.undoneAt), isNull(cards.blockedAt)))
      .orderBy(desc(gestures.givenAt), desc(gestures.gestureId))
      .limit(limit),
  );

/** Customers somebody was kind to from an instant on, taken back or not. */
export const listCustomersGivenSince = (
  queries: Queries,
  { merchantId, since }: { merchantId: string; since: Date },
) =>
  queries.query((db, { gestures }) =>
    db
      .select({ customerId: gestures.customerId, gestures: count() })
      .from(gestures)
      .where(and(eq(gestures.merchantId, merchantId), gte(gestures.givenAt, since)))
      .groupBy(gestures.customerId),
  );
