import type { Database } from '../../db/database.ts';
import {
  listRecentEntries,
  listRecentEntriesOfCards,
  listRecentGestures,
  listRewardsToShow,
} from '../../db/queries/card-page-queries.ts';
import { listCardsJoinedInto } from '../../db/queries/join-card-queries.ts';
import type { Clock } from '../clock.ts';
import type { RewardKind } from '../loyalty/card.ts';
import type { GestureKind, GestureReason } from '../loyalty/gesture.ts';
import { hasExpired } from '../loyalty/reward.ts';
import { computeJoiningCode } from './joining-code.ts';
import { deriveLiveKey } from './live-code.ts';
import { openCard } from './open-card.ts';

/** How long a reward that was just used is still shown, with a kind word. */
const REDEEMED_SHOWN_MS = 2 * 3_600_000;
/** How long the page says first of all what somebody gave; afterwards it is in the history. */
const GIFT_SHOWN_MS = 14 * 86_400_000;
const MAX_HISTORY_LINES = 8;

/** A gesture as the customer hears of it. */
export interface Gift {
  kind: GestureKind;
  reason: GestureReason;
  giverName: string | null;
  itemName: string | null;
}

export type HistoryLine = { at: Date } & (
  | { what: 'earned'; stamps: number; itemNames: string[] }
  | ({ what: 'gift' } & Gift)
  | { what: 'redeemed' | 'expired' | 'returned'; rewardName: string }
  | { what: 'refunded' | 'adjusted' | 'joined'; stamps: number }
);

export type StampMark = 'earned' | 'gift';

/** Everything the customer's page says. */
export interface CardPage {
  merchantId: string;
  cardId: string;
  customerId: string;
  /** From which the phone computes the live code; see `computeLiveCode`. */
  liveKey: Uint8Array;
  /** By which another card of the same customer takes this one over; see `computeJoiningCode`. */
  joiningCode: string;
  shopName: string;
  logoPictureId: string | null;
  /** The picture of the stamp card. */
  pictureId: string | null;
  /** Of the location the card comes from: by it the card is found again. */
  joinCode: string;
  /** Proved to be the customer's. */
  email: string | null;
  /** A code is on its way to it. */
  pendingEmail: string | null;
  phone: string | null;
  /** "Oat milk, no lid." */
  preferences: string | null;
  /** IANA name of the zone in which the shop's days are told. */
  timeZone: string;
  readAt: Date;
  customerName: string | null;
  shortCode: string;
  isBlocked: boolean;
  /** `#rrggbb` */
  colour: string;
  rewardName: string;
  stampsRequired: number;
  /** On the card now; below zero after a refund of what a reward was already given for. */
  stampsOnCard: number;
  /** How each stamp on the card now came to be, the first stamp first. */
  marks: StampMark[];
  rewards: {
    rewardId: string;
    kind: RewardKind;
    name: string;
    stamps: number;
    /** Used a moment ago; the others wait to be used. */
    isUsed: boolean;
    expiresAt: Date | null;
  }[];
  /** What somebody gave lately. */
  gift: (Gift & { at: Date; gestureId: string; isThanked: boolean }) | null;
  /** The newest first. */
  history: HistoryLine[];
}

type EntryRow = Awaited<ReturnType<typeof listRecentEntries>>[number];
type RewardRow = Awaited<ReturnType<typeof listRewardsToShow>>[number];
type GestureRow = Awaited<ReturnType<typeof listRecentGestures>>[number];

/** What the page behind a card's secret link shows. Refused: `card-unknown`. */
export const readCardPage =
  (db: Database, clock: Clock, cardKey: Uint8Array) =>
  ({ secret }: { secret: string }): Promise<CardPage | { refused: 'card-unknown' }> => {
    const now = clock.now();
    return db.read(async (queries) => {
      const card = await openCard(queries, secret);
      if (!card) return { refused: 'card-unknown' };
      const { merchantId, cardId, customerId } = card;
      const redeemedAfter = new Date(now.getTime() - REDEEMED_SHOWN_MS);
      const rewards = await listRewardsToShow(queries, { merchantId, cardId, redeemedAfter });
      const gestures = await listRecentGestures(queries, { merchantId, cardId, customerId });
      const others = await listCardsJoinedInto(queries, {
        merchantId,
        cardIds: [cardId],
        customerIds: [customerId],
      });
      const recent =
        others.length === 0
          ? await listRecentEntries(queries, { merchantId, cardId })
          : await listRecentEntriesOfCards(queries, {
              merchantId,
              cardIds: [cardId, ...others.map((other) => other.cardId)],
            });
      // An undone gesture was a slip of the finger: neither it nor its undoing is news to the customer.
      const entries = recent.filter((entry) => entry.gestureUndoneAt === null);
      const stampsOnCard = card.balance - card.heldStamps;
      const ranOut = rewards.filter((reward) => reward.status === 'open' && hasExpired(reward, now));
      return {
        merchantId,
        cardId,
        customerId,
        liveKey: deriveLiveKey(cardKey, card),
        joiningCode: computeJoiningCode(cardKey, card, now),
        shopName: card.shopName,
        logoPictureId: card.logoPictureId,
        pictureId: card.pictureId,
        joinCode: card.joinCode,
        email: card.email,
        pendingEmail: card.pendingEmail,
        phone: card.phone,
        preferences: card.preferences,
        timeZone: card.timeZone,
        readAt: now,
        customerName: card.customerName,
        shortCode: card.shortCode,
        isBlocked: card.blockedAt !== null,
        colour: card.colour,
        rewardName: card.rewardName,
        stampsRequired: card.stampsRequired,
        stampsOnCard,
        marks: computeMarks({ entries, stampsOnCard }),
        rewards: rewards
          .filter((reward) => !ranOut.includes(reward))
          .map(({ status, ...reward }) => ({ ...reward, isUsed: status === 'redeemed' })),
        gift: findRecentGift(gestures, now),
        history: computeHistory({ entries, gestures, ranOut, cardId }),
      };
    });
  };

/** The stamps on the card now are its last ones. `entries` are the newest first, the marks the oldest first. */
function computeMarks({
  entries,
  stampsOnCard,
}: {
  entries: readonly EntryRow[];
  stampsOnCard: number;
}): StampMark[] {
  const marks: StampMark[] = [];
  for (const { kind, stamps } of entries) {
    if (kind !== 'earned' && kind !== 'gesture') continue;
    for (let left = stamps; left > 0 && marks.length < stampsOnCard; left--)
      marks.push(kind === 'gesture' ? 'gift' : 'earned');
  }
  while (marks.length < stampsOnCard) marks.push('earned');
  return marks.toReversed();
}

function findRecentGift(gestures: readonly GestureRow[], now: Date): CardPage['gift'] {
  const newest = gestures[0];
  if (!newest || now.getTime() - newest.givenAt.getTime() > GIFT_SHOWN_MS) return null;
  const { gestureId, thankedAt } = newest;
  return { ...toGift(newest), gestureId, isThanked: thankedAt !== null };
}

function toGift({ kind, reason, giverName, itemName, givenAt }: GestureRow): Gift & { at: Date } {
  return { kind, reason, giverName, itemName, at: givenAt };
}

function computeHistory({
  entries,
  gestures,
  ranOut,
  cardId,
}: {
  entries: readonly EntryRow[];
  gestures: readonly GestureRow[];
  /** What is over, and is written off with whatever comes next to the card. */
  ranOut: readonly RewardRow[];
  cardId: string;
}): HistoryLine[] {
  const withoutEntry = gestures.filter(({ kind }) => kind !== 'double_stamp');
  const lines: HistoryLine[] = [
    ...withoutEntry.map((gesture) => ({ what: 'gift' as const, ...toGift(gesture) })),
    ...ranOut.map(({ name, expiresAt }) => ({ what: 'expired' as const, at: expiresAt!, rewardName: name })),
    ...tellJoins(foldForfeits(entries), cardId).flatMap(({ entry, isJoin }) => toHistoryLine(entry, isJoin)),
  ];
  return lines.toSorted((a, b) => b.at.getTime() - a.at.getTime()).slice(0, MAX_HISTORY_LINES);
}

/** What a reward paid for earned no stamp after all: the sale is told with the stamps it left, and not as a loss. */
function foldForfeits(entries: readonly EntryRow[]): EntryRow[] {
  const isForfeit = ({ kind, refundId, rewardName }: EntryRow): boolean =>
    kind === 'reversed' && refundId === null && rewardName === null;
  const forfeits = entries.filter(isForfeit);
  return entries
    .filter((entry) => !isForfeit(entry))
    .map((entry) => {
      if (entry.kind !== 'earned') return entry;
      const ofSale = forfeits.filter(({ saleId }) => saleId !== null && saleId === entry.saleId);
      return { ...entry, stamps: ofSale.reduce((left, { stamps }) => left + stamps, entry.stamps) };
    });
}

/**
 * What went from one card to another when they were joined is written down on both: told once, and not as a correction.
 */
function tellJoins(entries: readonly EntryRow[], cardId: string): { entry: EntryRow; isJoin: boolean }[] {
  const left = entries.filter((entry) => entry.cardId !== cardId && entry.kind === 'adjusted');
  const isHalf = (one: EntryRow, other: EntryRow): boolean =>
    one.kind === 'adjusted' && one.stamps === -other.stamps && one.at.getTime() === other.at.getTime();
  return entries
    .filter((entry) => !(left.includes(entry) && entries.some((one) => one !== entry && isHalf(one, entry))))
    .map((entry) => ({
      entry,
      isJoin: entry.cardId === cardId && left.some((one) => isHalf(entry, one)),
    }));
}

function toHistoryLine(entry: EntryRow, isJoin: boolean): HistoryLine[] {
  const { kind, stamps, at, rewardName, rewardExpiresAt } = entry;
  switch (kind) {
    case 'earned':
      return stamps === 0 ? [] : [{ what: 'earned', at, stamps, itemNames: namesOfQualifying(entry) }];
    case 'gesture':
      // A gift has an entry of no stamps; its line comes from the gesture, which knows the item.
      if (entry.gestureKind !== 'double_stamp' || !entry.gestureReason) return [];
      return [
        {
          what: 'gift',
          at,
          kind: entry.gestureKind,
          reason: entry.gestureReason,
          giverName: entry.giverName,
          itemName: null,
        },
      ];
    case 'redeemed':
      return rewardName ? [{ what: kind, at, rewardName }] : [];
    case 'expired':
      return rewardName ? [{ what: kind, at: rewardExpiresAt ?? at, rewardName }] : [];
    case 'reversed':
      if (rewardName) return [{ what: 'returned', at, rewardName }];
      return stamps === 0 ? [] : [{ what: 'refunded', at, stamps }];
    case 'adjusted':
      return stamps === 0 ? [] : [{ what: isJoin ? 'joined' : 'adjusted', at, stamps }];
  }
}

function namesOfQualifying({ saleLines }: EntryRow): string[] {
  const lines = (saleLines ?? []).filter((line) => line.qualifies && line.paidBy === 'money');
  return [...new Set(lines.map((line) => line.name))];
}
