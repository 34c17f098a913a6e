import { and, asc, eq, gt, inArray, isNotNull, sql, sum } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Queries, Tables } from '../database.ts';
import type { Chain } from '../schema.ts';
import { placeholders } from './placeholders.ts';

export type EntryRow = Tables['entries']['$inferSelect'];

export const findChainHead = prepared<{ merchantId: string; chain: Chain }>()((db, { chainHeads }) =>
  db
    .select({ sequence: chainHeads.sequence, hash: chainHeads.hash })
    .from(chainHeads)
    .where(
      and(
        eq(chainHeads.merchantId, sql.placeholder('merchantId')),
        eq(chainHeads.chain, sql.placeholder('chain')),
      ),
    ),
);

export const saveChainHead = prepared<Tables['chainHeads']['$inferSelect']>()((db, { chainHeads }) =>
  db
    .insert(chainHeads)
    .values(placeholders(chainHeads))
    .onConflictDoUpdate({
      target: [chainHeads.merchantId, chainHeads.chain],
      set: { sequence: sql`excluded.sequence`, hash: sql`excluded.hash` },
    }),
);

export const insertEntry = prepared<EntryRow>()((db, { entries }) =>
  db.insert(entries).values(placeholders(entries)),
);

/** A page of a merchant's ledger in order, from after `afterSequence`. */
export const listEntries = async (
  queries: Queries,
  { merchantId, afterSequence, limit }: { merchantId: string; afterSequence: number; limit: number },
): Promise<EntryRow[]> =>
  queries.query((db, { entries }) =>
    db
      .select()
      .from(entries)
      .where(and(eq(entries.merchantId, merchantId), gt(entries.sequence, afterSequence)))
      .orderBy(asc(entries.sequence))
      .limit(limit),
  );

/** A page of a merchant's cards with the totals that are kept on them, from after `afterCardId`. */
export const listCardTotals = (
  queries: Queries,
  { merchantId, afterCardId, limit }: { merchantId: string; afterCardId: string; limit: number },
) =>
  queries.query((db, { cards }) =>
    db
      .select({
        cardId: cards.cardId,
        customerId: cards.customerId,
        balance: cards.balance,
        heldStamps: cards.heldStamps,
        openRewardCount: cards.openRewardCount,
      })
      .from(cards)
      .where(and(eq(cards.merchantId, merchantId), gt(cards.cardId, afterCardId)))
      .orderBy(asc(cards.cardId))
      .limit(limit),
  );

interface SomeCards {
  merchantId: string;
  cardIds: string[];
}

/** What the entries of some cards add up to; a card without entries is not among them. */
export const sumEntriesOfCards = (queries: Queries, { merchantId, cardIds }: SomeCards) =>
  queries.query((db, { entries }) =>
    db
      .select({ cardId: entries.cardId, stamps: sum(entries.stamps).mapWith(Number) })
      .from(entries)
      .where(and(eq(entries.merchantId, merchantId), inArray(entries.cardId, cardIds)))
      .groupBy(entries.cardId),
  );

/** What the entries that name a reward add up to, for the rewards of some cards. */
export const sumEntriesOfRewards = (queries: Queries, { merchantId, cardIds }: SomeCards) =>
  queries.query((db, { entries }) =>
    db
      .select({ rewardId: entries.rewardId, stamps: sum(entries.stamps).mapWith(Number) })
      .from(entries)
      .where(
        and(
          eq(entries.merchantId, merchantId),
          inArray(entries.cardId, cardIds),
          isNotNull(entries.rewardId),
        ),
      )
      .groupBy(entries.rewardId),
  );

export const listRewardsOfCards = (queries: Queries, { merchantId, cardIds }: SomeCards) =>
  queries.query((db, { rewards }) =>
    db
      .select({
        rewardId: rewards.rewardId,
        cardId: rewards.cardId,
        status: rewards.status,
        stamps: rewards.stamps,
      })
      .from(rewards)
      .where(and(eq(rewards.merchantId, merchantId), inArray(rewards.cardId, cardIds))),
  );
