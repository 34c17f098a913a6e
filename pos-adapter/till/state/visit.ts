import { computed, effect, signal } from '@preact/signals';
import type { Card, CardAtTill, CardScanned, DrawOffer, Item, Sale } from '../api-types.ts';
import { forgetUnsettled } from '../send.ts';
import { notice } from './notice.ts';
import { isServing, showNews, till } from './till.ts';

/** Something done for this customer, for as long as they are on the screen. */
export interface Act {
  kind: 'sale' | 'gesture';
  /** Of the sale or the gesture. */
  id: string;
  label: string;
  /** On `performance.now()`; until then it can be taken back with a tap. */
  undoUntil: number;
  isUndone: boolean;
  /** Who gave a gesture; null for a sale, which is everybody's. */
  staffId: string | null;
  /** The tap it was made by, while it waits to be sent. */
  waitingTapId: string | null;
  /** The tap that put a sale on the card shown after it, while it waits; null once it is answered. */
  claimTapId?: string | null;
  /** The gesture the till took along that it was given from. */
  leaseId?: string | null;
  /** What a tap on Undo puts back into the basket. */
  basket: Basket;
  /** The draw it was given on, which Undo offers again. */
  draw?: DrawOffer | null;
  /** The sale that a double stamp came with. */
  withSaleId?: string | undefined;
}

/** How many of each item, by its id. */
export type Basket = Readonly<Record<string, number>>;

export const EMPTY: Basket = {};

/** The customer at the till. `card` is null for somebody without one. */
export interface Visit {
  /** Tells one customer from the next, also when their card becomes known later. */
  visitNumber: number;
  card: Card | null;
  lastGesture: CardAtTill['lastGesture'];
  /** Undefined while a card that was served unread has yet to be read. */
  preferences: string | null | undefined;
  /** The customer is whoever is signed in. */
  isOwn: boolean;
  whyNow: CardAtTill['whyNow'];
  /** What a draw put into the barista's hands, until it is given or let pass. */
  draw: DrawOffer | null;
  /** The draw the barista let pass: whoever is scanned once more is not offered it again. */
  passedDrawId: string | null;
  /** The visit before this one. */
  lastVisitAt: string | null;
  /** Stamps when they came: what was added since is drawn as new. */
  stampsBefore: number;
  /** Rewards they came with; any other full card was filled here and now. */
  rewardIdsBefore: readonly string[];
  basket: Basket;
  /** The sale just rung up, until the next one is begun. */
  sale: Sale | null;
  acts: readonly Act[];
  /** Since when what is shown of the card is remembered and not read, on `performance.now()`; null when it was read. */
  seenAt: number | null;
  /** The card was scanned without a connection, and nobody here knows whose it is yet. */
  isUnread: boolean;
  /** What the scan showed beside the card's code, and when on `performance.now()`; it proves a redemption, once. */
  live: LiveScan | null;
  /** A reward whose spending got no answer: with the same proof it is the same request, which happens once. */
  unanswered: { rewardId: string; proof: Proof } | null;
}

export interface LiveScan {
  liveCode: string;
  scannedAt: number;
}

/** As long as the server takes a live code after its scan. */
const LIVE_FOR_MS = 10 * 60_000;

/** That the customer is here: what their phone showed, or the word of whoever is at the till, which is logged. */
export type Proof = { liveCode: string; scannedAgoMs: number } | { override: true };

/** What the scan showed; null when it showed no live code, or too long ago. */
export function proofOf({ live }: Visit): Proof | null {
  if (!live) return null;
  const scannedAgoMs = Math.round(performance.now() - live.scannedAt);
  return scannedAgoMs < LIVE_FOR_MS ? { liveCode: live.liveCode, scannedAgoMs } : null;
}

/** The live code at the end of what was scanned, at `scannedAt` on `performance.now()`. */
export function liveScanOf(code: string, scannedAt: number): LiveScan | null {
  const [, liveCode] = /^GST1:\w+:(\d{6})$/i.exec(code.trim()) ?? [];
  return liveCode ? { liveCode, scannedAt } : null;
}

export const visit = signal<Visit | null>(null);
effect(() => {
  isServing.value = visit.value !== null;
});

/** The basket in the menu's order, without items the owner took off the menu meanwhile. */
export const basketLines = computed(() =>
  (till.value?.items ?? []).flatMap((item) => {
    const quantity = visit.value?.basket[item.itemId] ?? 0;
    return quantity > 0 ? [{ item, quantity }] : [];
  }),
);

export const basketTotalMinor = computed(() =>
  basketLines.value.reduce((total, { item, quantity }) => total + item.priceMinor * quantity, 0),
);

let visits = 0;

export function startVisit(
  found: CardAtTill | CardScanned | null,
  basket: Basket = EMPTY,
  live: LiveScan | null = null,
): void {
  forgetUnsettled();
  notice.value = null;
  if (basket === EMPTY) showNews();
  visit.value = {
    visitNumber: ++visits,
    card: found?.card ?? null,
    ...before(found),
    basket,
    sale: null,
    acts: [],
    seenAt: null,
    isUnread: false,
    live,
    unanswered: null,
  };
}

/** What is remembered of a card as it came. */
export function before(found: CardAtTill | CardScanned | null) {
  return {
    lastGesture: found?.lastGesture ?? null,
    preferences: found?.preferences ?? null,
    isOwn: found?.isOwn ?? false,
    whyNow: found?.whyNow ?? null,
    draw: found && 'draw' in found ? found.draw : null,
    passedDrawId: null,
    lastVisitAt: found?.card.lastVisitAt ?? null,
    stampsBefore: found?.card.stamps ?? 0,
    rewardIdsBefore: found?.card.openRewards.map(({ rewardId }) => rewardId) ?? [],
  };
}

/** What was so before a card nobody knew was stamped, as far as the answer to that tells. */
export function beforeAnswer(card: Card, stampsAdded: number) {
  const { stamps, stampsRequired, openRewards, lastVisitAt } = card;
  const stampsBefore = stamps - stampsAdded;
  const cardsFilled = stamps < 0 ? 0 : Math.ceil(Math.max(-stampsBefore, 0) / stampsRequired);
  const fullCards = openRewards.filter(({ kind }) => kind === 'stamps');
  return {
    lastVisitAt,
    stampsBefore,
    rewardIdsBefore: fullCards.slice(0, fullCards.length - cardsFilled).map(({ rewardId }) => rewardId),
    preferences: undefined,
  };
}

/** What an answer to a tap may tell of the card, and of kindness to its customer. */
export type News = Partial<Pick<Visit, 'card' | 'lastGesture'>>;

export function newsIn(answer: News | null | undefined): News {
  const { card, lastGesture } = answer ?? {};
  return { ...(card && { card }), ...(lastGesture !== undefined && { lastGesture }) };
}

/** What is offered of a draw when the card on the screen is scanned again; from memory there is no news of it. */
export function drawOf(found: CardAtTill | CardScanned, { draw, passedDrawId }: Visit): DrawOffer | null {
  if (!('draw' in found)) return draw;
  return found.draw?.drawId === passedDrawId ? null : found.draw;
}

export function endVisit(): void {
  forgetUnsettled();
  notice.value = null;
  visit.value = null;
}

export function changeVisit(change: Partial<Visit>): void {
  if (visit.value) visit.value = { ...visit.value, ...change };
}

/** Adds to, or with -1 takes from, what the customer is having. Begins the next sale when one was just rung up. */
export function changeBasket({ itemId }: Item, by: 1 | -1): void {
  if (!visit.value) return;
  notice.value = null;
  const { basket } = visit.value;
  const quantity = Math.min(Math.max((basket[itemId] ?? 0) + by, 0), 50);
  changeVisit({ basket: { ...basket, [itemId]: quantity }, sale: null });
}

export type Reward = Card['openRewards'][number];

/**
 * The reward that may pay for an item of the sale just rung up: the oldest open one of a full card, while no other has.
 * A voucher is for something of its own, and handed over by itself.
 */
export function findRewardForSale({
  card,
  sale,
  rewardIdsBefore,
}: Visit): { reward: Reward; itemName: string; isNew: boolean } | null {
  const reward = card?.openRewards.find(({ kind }) => kind === 'stamps');
  if (!reward || !sale || card?.isBlocked || sale.lines.some(({ paidBy }) => paidBy === 'reward'))
    return null;
  const payable = sale.lines.filter(
    ({ qualifies, paidBy, totalMinor }) => qualifies && paidBy === 'money' && totalMinor > 0,
  );
  const [dearest] = payable.toSorted((a, b) => b.totalMinor / b.quantity - a.totalMinor / a.quantity);
  if (!dearest) return null;
  return { reward, itemName: dearest.name, isNew: !rewardIdsBefore.includes(reward.rewardId) };
}

/** The oldest open reward of its name, and how many of them there are. */
export interface WaitingReward {
  reward: Reward;
  count: number;
}

/** What waits on the card, without what the result of a sale offers, larger. */
export function listWaitingRewards(current: Visit): WaitingReward[] {
  const { card } = current;
  if (!card || card.isBlocked) return [];
  const isOffered = findRewardForSale(current) !== null;
  const waiting = new Map<string, WaitingReward>();
  for (const reward of card.openRewards) {
    const { kind, name } = reward;
    if (isOffered && kind === 'stamps') continue;
    const { reward: oldest, count } = waiting.get(`${kind} ${name}`) ?? { reward, count: 0 };
    waiting.set(`${kind} ${name}`, { reward: oldest, count: count + 1 });
  }
  return [...waiting.values()];
}
