import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Queries } from '../../db/database.ts';
import {
  listCardTotals,
  listEntries,
  listRewardsOfCards,
  sumEntriesOfCards,
  sumEntriesOfRewards,
} from '../../db/queries/ledger-queries.ts';
import type { EntryRow } from '../../db/queries/ledger-queries.ts';
import { listCardsJoinedInto } from '../../db/queries/join-card-queries.ts';
import { computeEntryHash } from './append-entries.ts';
import { followChain } from './follow-chain.ts';

/** A page of cards is read in one transaction, so that no stamp comes in between; small, so that no till waits long. */
const CARDS_PER_PAGE = 200;

export type LedgerFault =
  /** An entry is not as it was written, or the one before it is gone. */
  | { fault: 'entry-changed'; sequence: number }
  /** Entries at the end are gone: `sequence` is the last one that is there. */
  | { fault: 'entries-missing'; sequence: number }
  /** The stamps kept on a card are not the sum of its entries. */
  | { fault: 'balance-wrong'; cardId: string; balance: number; sumOfEntries: number }
  /** The open rewards of a card are not those its totals say. */
  | { fault: 'open-rewards-wrong'; cardId: string }
  /** A reward that the ledger says was spent is open, or the other way. */
  | { fault: 'reward-wrong'; cardId: string; rewardId: string };

export interface LedgerCheck {
  entryCount: number;
  cardCount: number;
  /** The first that was found; null when all is as it was written. */
  fault: LedgerFault | null;
}

/**
 * Recomputes a merchant's ledger from its first entry, then every card's totals and rewards from the ledger. Tills go
 * on meanwhile; entries they add are left to the next check.
 */
export const verifyLedger =
  (db: Database) =>
  async ({ merchantId }: { merchantId: string }): Promise<LedgerCheck> => {
    const { count: entryCount, fault } = await followChain<EntryRow, LedgerFault>(
      db,
      { merchantId, chain: 'ledger' },
      {
        list: listEntries,
        hashOf: (previousHash, entry) => computeEntryHash({ previousHash, entry }),
        changed: (sequence) => ({ fault: 'entry-changed', sequence }),
        missing: (sequence) => ({ fault: 'entries-missing', sequence }),
      },
    );
    if (fault) return { entryCount, cardCount: 0, fault };
    return { entryCount, ...(await verifyCards(db, merchantId)) };
  };

async function verifyCards(
  db: Database,
  merchantId: string,
): Promise<{ cardCount: number; fault: LedgerFault | null }> {
  let cardCount = 0;
  let afterCardId = '';
  for (;;) {
    const page = await db.transact((tx) => verifyPage(tx, { merchantId, afterCardId }));
    cardCount += page.cardCount;
    if (page.fault || page.cardCount < CARDS_PER_PAGE) return { cardCount, fault: page.fault };
    afterCardId = page.lastCardId;
    await nextTurn();
  }
}

async function verifyPage(
  tx: Queries,
  { merchantId, afterCardId }: { merchantId: string; afterCardId: string },
): Promise<{ cardCount: number; lastCardId: string; fault: LedgerFault | null }> {
  const cards = await listCardTotals(tx, { merchantId, afterCardId, limit: CARDS_PER_PAGE });
  const cardCount = cards.length;
  const lastCardId = cards.at(-1)?.cardId ?? afterCardId;
  if (cardCount === 0) return { cardCount, lastCardId, fault: null };

  const some = { merchantId, cardIds: cards.map(({ cardId }) => cardId) };
  const balances = new Map((await sumEntriesOfCards(tx, some)).map((sum) => [sum.cardId, sum.stamps]));
  // A reward that came with a card that was joined may have been spent while it was on that one.
  const joined = await listCardsJoinedInto(tx, {
    ...some,
    customerIds: [...new Set(cards.map(({ customerId }) => customerId))],
  });
  const histories = {
    merchantId,
    cardIds: [...new Set([...some.cardIds, ...joined.map(({ cardId }) => cardId)])],
  };
  const spent = new Map((await sumEntriesOfRewards(tx, histories)).map((sum) => [sum.rewardId, sum.stamps]));
  const rewards = Map.groupBy(await listRewardsOfCards(tx, some), ({ cardId }) => cardId);
  for (const card of cards) {
    const fault = findFault({ card, balances, spent, rewards: rewards.get(card.cardId) ?? [] });
    if (fault) return { cardCount, lastCardId, fault };
  }
  return { cardCount, lastCardId, fault: null };
}

function findFault({
  card: { cardId, balance, heldStamps, openRewardCount },
  balances,
  spent,
  rewards,
}: {
  card: Awaited<ReturnType<typeof listCardTotals>>[number];
  balances: ReadonlyMap<string, number | null>;
  spent: ReadonlyMap<string | null, number | null>;
  rewards: Awaited<ReturnType<typeof listRewardsOfCards>>;
}): LedgerFault | null {
  const sumOfEntries = balances.get(cardId) ?? 0;
  if (balance !== sumOfEntries) return { fault: 'balance-wrong', cardId, balance, sumOfEntries };
  for (const { rewardId, status, stamps } of rewards) {
    const isSpent = status === 'redeemed' || status === 'expired';
    if ((spent.get(rewardId) ?? 0) + (isSpent ? stamps : 0) !== 0)
      return { fault: 'reward-wrong', cardId, rewardId };
  }
  const open = rewards.filter(({ status }) => status === 'open');
  const held = open.reduce((total, { stamps }) => total + stamps, 0);
  const isRight = open.length === openRewardCount && held === heldStamps;
  return isRight ? null : { fault: 'open-rewards-wrong', cardId };
}
