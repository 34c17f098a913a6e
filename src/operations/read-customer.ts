import type { Database, Queries } from '../../db/database.ts';
import {
  findCustomer,
  listCardsOfCustomers,
  listHistory,
  listJoinedCustomers,
  listOpenRewardsToShow,
  sumGesturesOfCustomers,
  sumRefundsOfCustomers,
  sumSalesOfCustomers,
} from '../../db/queries/customer-queries.ts';
import type { CustomerRow } from '../../db/queries/customer-queries.ts';
import type { Clock } from '../clock.ts';
import type { EntryKind, RewardKind } from '../loyalty/card.ts';
import type { GestureKind, GestureReason } from '../loyalty/gesture.ts';
import { hasExpired } from '../loyalty/reward.ts';
import { businessDayOf } from './business-day-of.ts';
import { itemNamesOf, loadRefundsOf } from './list-sales.ts';
import type { Page } from './page-of.ts';

const NEWEST = 2_147_483_647;

/** A card as its customer's page at the desk shows it. */
export interface CustomerCard {
  cardId: string;
  shortCode: string;
  programName: string;
  stamps: number;
  stampsRequired: number;
  rewardName: string;
  /** `#rrggbb` */
  colour: string;
  locationName: string;
  /** Whether a link opens it: an imported card has none until it is handed over. */
  hasLink: boolean;
  blockedAt: Date | null;
  /** The card this one was joined with, which goes on in its place. */
  joinedIntoId: string | null;
  lastVisitAt: Date | null;
  createdAt: Date;
  openRewards: {
    rewardId: string;
    kind: RewardKind;
    name: string;
    earnedAt: Date;
    expiresAt: Date | null;
  }[];
}

/** Everything the desk shows about a customer; the history comes page by page. Money is minor units. */
export interface CustomerView {
  customerId: string;
  name: string | null;
  phone: string | null;
  email: string | null;
  preferences: string | null;
  /** The member of staff this customer is. */
  staffId: string | null;
  createdAt: Date;
  forgottenAt: Date | null;
  joinedIntoId: string | null;
  cards: CustomerCard[];
  sales: { count: number; totalMinor: number; refundedMinor: number };
  gestures: { count: number; costMinor: number; lastGivenAt: Date | null };
}

/** One line of a customer's history. */
export interface HistoryEntry {
  sequence: number;
  cardId: string;
  kind: EntryKind;
  stamps: number;
  at: Date;
  locationName: string;
  staffName: string | null;
  sale: {
    saleId: string;
    totalMinor: number;
    itemNames: string[];
    /** All that was paid back of it so far. */
    refundedMinor: number;
    /** Whether anything is left to refund. */
    mayRefund: boolean;
  } | null;
  reward: { name: string; kind: RewardKind } | null;
  refundMinor: number | null;
  gesture: {
    gestureId: string;
    kind: GestureKind;
    reason: GestureReason;
    note: string | null;
    itemName: string | null;
    isUndone: boolean;
    /** Whether the day still lets a manager take it back; a voucher that was spent is refused then. */
    mayUndo: boolean;
  } | null;
}

/** A customer with cards, rewards and sums. One who was joined with another is shown with what was theirs. */
export const readCustomer =
  (db: Database, clock: Clock) =>
  (
    { merchantId }: { merchantId: string },
    { customerId }: { customerId: string },
  ): Promise<CustomerView | { refused: 'customer-unknown' }> => {
    const now = clock.now();
    return db.read(async (queries) => {
      const found = await loadWithJoined(queries, { merchantId, customerId });
      if (!found) return { refused: 'customer-unknown' };
      const whose = { merchantId, customerIds: found.customerIds };
      const cards = await listCardsOfCustomers(queries, whose);
      const cardIds = cards.map(({ cardId }) => cardId);
      const rewards = cardIds.length > 0 ? await listOpenRewardsToShow(queries, { merchantId, cardIds }) : [];
      const { saleCount, totalMinor } = await sumSalesOfCustomers(queries, whose);
      const refundedMinor = await sumRefundsOfCustomers(queries, whose);
      const { gestureCount, costMinor, lastGivenAt } = await sumGesturesOfCustomers(queries, whose);
      const { name, phone, email, preferences, staffId, createdAt, forgottenAt, joinedIntoId } =
        found.customer;
      return {
        customerId,
        name,
        phone,
        email,
        preferences,
        staffId,
        createdAt,
        forgottenAt,
        joinedIntoId,
        cards: cards.map(({ balance, heldStamps, secretHash, ...card }) => ({
          cardId: card.cardId,
          shortCode: card.shortCode,
          programName: card.programName,
          stamps: balance - heldStamps,
          stampsRequired: card.stampsRequired,
          rewardName: card.rewardName,
          colour: card.colour,
          locationName: card.locationName,
          hasLink: secretHash !== null,
          blockedAt: card.blockedAt,
          joinedIntoId: card.joinedIntoId,
          lastVisitAt: card.lastVisitAt,
          createdAt: card.createdAt,
          openRewards: rewards
            .filter((reward) => reward.cardId === card.cardId && !hasExpired(reward, now))
            .map(({ cardId: _, ...reward }) => reward),
        })),
        sales: { count: saleCount, totalMinor, refundedMinor },
        gestures: { count: gestureCount, costMinor, lastGivenAt },
      };
    });
  };

/** What happened on all cards of a customer, the newest first; from before entry number `before`. */
export const readCustomerHistory =
  (db: Database, clock: Clock) =>
  (
    { merchantId }: { merchantId: string },
    {
      customerId,
      before = NEWEST,
      limit,
    }: { customerId: string; before?: number | undefined; limit: number },
  ): Promise<Page<HistoryEntry> | { refused: 'customer-unknown' }> => {
    const now = clock.now();
    return db.read(async (queries) => {
      const found = await loadWithJoined(queries, { merchantId, customerId });
      if (!found) return { refused: 'customer-unknown' };
      const cards = await listCardsOfCustomers(queries, { merchantId, customerIds: found.customerIds });
      if (cards.length === 0) return { items: [], nextCursor: null };
      const cardIds = cards.map(({ cardId }) => cardId);
      const rows = await listHistory(queries, {
        merchantId,
        cardIds,
        beforeSequence: before,
        limit: limit + 1,
      });
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      const sales = shown.map(saleOf).filter((sale) => sale !== null);
      const refundsOf = await loadRefundsOf(queries, { merchantId, sales });
      const items = shown.map((row) => {
        const sale = saleOf(row);
        return presentEntry(row, now, sale && { ...presentSaleOf(sale), ...refundsOf(sale) });
      });
      return { items, nextCursor: last ? String(last.sequence) : null };
    });
  };

async function loadWithJoined(
  queries: Queries,
  { merchantId, customerId }: { merchantId: string; customerId: string },
): Promise<{ customer: CustomerRow; customerIds: string[] } | undefined> {
  const customer = await findCustomer(queries, { merchantId, customerId });
  if (!customer) return undefined;
  const joined = await listJoinedCustomers(queries, { merchantId, customerId });
  return { customer, customerIds: [...new Set([customerId, ...joined.map((one) => one.customerId)])] };
}

type HistoryRow = Awaited<ReturnType<typeof listHistory>>[number];

function saleOf({ saleId, saleTotalMinor, saleLines, saleStampsEarned }: HistoryRow) {
  if (saleId === null || saleTotalMinor === null) return null;
  return { saleId, totalMinor: saleTotalMinor, lines: saleLines, stampsEarned: saleStampsEarned ?? 0 };
}

function presentSaleOf({ saleId, totalMinor, lines }: NonNullable<ReturnType<typeof saleOf>>) {
  return { saleId, totalMinor, itemNames: itemNamesOf(lines) };
}

function presentEntry(row: HistoryRow, now: Date, sale: HistoryEntry['sale']): HistoryEntry {
  const { sequence, cardId, kind, stamps, at, locationName, staffName, refundMinor } = row;
  const { rewardName, rewardKind, gestureId, gestureKind, gestureReason } = row;
  return {
    sequence,
    cardId,
    kind,
    stamps,
    at,
    locationName,
    staffName,
    sale,
    reward: rewardName === null || rewardKind === null ? null : { name: rewardName, kind: rewardKind },
    refundMinor,
    gesture:
      gestureId === null || gestureKind === null || gestureReason === null
        ? null
        : {
            gestureId,
            kind: gestureKind,
            reason: gestureReason,
            note: row.gestureNote,
            itemName: row.gestureItemName,
            isUndone: row.gestureUndoneAt !== null,
            mayUndo: kind === 'gesture' && row.gestureUndoneAt === null && isOfToday(row, now),
          },
  };
}

/** As `decideUndo` sees it: a gesture of the past is undone on the day it was written down. */
function isOfToday(row: HistoryRow, now: Date): boolean {
  const { gestureDay, gestureIsPast, gestureRecordedAt } = row;
  const day = gestureIsPast && gestureRecordedAt ? businessDayOf(row, gestureRecordedAt) : gestureDay;
  return day === businessDayOf(row, now);
}
