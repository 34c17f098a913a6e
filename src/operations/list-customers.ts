import type { Database, Queries } from '../../db/database.ts';
import {
  listCardsOfCustomers,
  listOpenRewardsToShow,
  searchCustomers,
} from '../../db/queries/customer-queries.ts';
import type { CustomerSearch } from '../../db/queries/customer-queries.ts';
import type { Clock } from '../clock.ts';
import { hasExpired } from '../loyalty/reward.ts';
import { nameKeyOf, phoneEndingOf } from './contact-keys.ts';
import { findCard } from './find-card.ts';
import { readInstantCursor, writeInstantCursor } from './page-of.ts';
import type { Page } from './page-of.ts';

/** A card in a list of customers. */
export interface FoundCard {
  cardId: string;
  shortCode: string;
  stamps: number;
  stampsRequired: number;
  openRewardCount: number;
  isBlocked: boolean;
  lastVisitAt: Date | null;
}

export interface FoundCustomer {
  customerId: string;
  name: string | null;
  /** The last four figures. */
  phoneEnd: string | null;
  email: string | null;
  preferences: string | null;
  lastVisitAt: Date | null;
  cards: FoundCard[];
}

export interface CustomerPageRequest {
  /** The start of a name or of a word of it, the end of a phone number, an e-mail address or a card's code; empty for everybody. */
  find: string;
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined;
  limit: number;
}

/** Customers by name (without accents), end of phone number, e-mail address or code; whoever was here last first. */
export const listCustomers =
  (db: Database, clock: Clock) =>
  (
    { merchantId }: { merchantId: string },
    { find, cursor, limit }: CustomerPageRequest,
  ): Promise<Page<FoundCustomer>> => {
    const now = clock.now();
    return db.read(async (queries) => {
      const search = find.trim() === '' ? null : await readSearch(queries, { merchantId, find });
      const before = readInstantCursor(cursor);
      const rows = await searchCustomers(queries, { merchantId, search, before, limit: limit + 1 });
      const shown = rows.slice(0, limit);
      const customerIds = shown.map(({ customerId }) => customerId);
      const cards =
        customerIds.length > 0 ? await listCardsOfCustomers(queries, { merchantId, customerIds }) : [];
      const cardIds = cards.flatMap(({ cardId, openRewardCount }) => (openRewardCount > 0 ? [cardId] : []));
      const open = cardIds.length > 0 ? await listOpenRewardsToShow(queries, { merchantId, cardIds }) : [];
      const rewards = open.filter((reward) => !hasExpired(reward, now));
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return {
        items: shown.map(({ customerId, name, phoneEnd, email, preferences, lastVisitAt }) => ({
          customerId,
          name,
          phoneEnd,
          email,
          preferences,
          lastVisitAt,
          cards: cards
            .filter((card) => card.customerId === customerId && card.joinedIntoId === null)
            .map((card) =>
              presentFoundCard(card, rewards.filter(({ cardId }) => cardId === card.cardId).length),
            ),
        })),
        nextCursor: last ? writeInstantCursor({ at: last.seenAt, id: last.customerId }) : null,
      };
    });
  };

function presentFoundCard(
  card: Awaited<ReturnType<typeof listCardsOfCustomers>>[number],
  openRewardCount: number,
): FoundCard {
  const { cardId, shortCode, balance, heldStamps, stampsRequired, blockedAt, lastVisitAt } = card;
  return {
    cardId,
    shortCode,
    stamps: balance - heldStamps,
    stampsRequired,
    openRewardCount,
    isBlocked: blockedAt !== null,
    lastVisitAt,
  };
}

async function readSearch(
  queries: Queries,
  { merchantId, find }: { merchantId: string; find: string },
): Promise<CustomerSearch> {
  const card = await findCard(queries, { merchantId, cardCode: find });
  return {
    nameKey: nameKeyOf(find) || undefined,
    phone: phoneEndingOf(find) ?? undefined,
    email:
      find
        .trim()
        .toLowerCase()
        .replaceAll(/[%\\\s]/g, '') || undefined,
    customerId: card?.customerId,
  };
}
