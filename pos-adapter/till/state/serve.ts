import { signal } from '@preact/signals';
import { api } from '../api.ts';
import type {
  Card,
  CardAtTill,
  CardScanned,
  DrawOffer,
  GestureAnswer,
  GestureKind,
  Item,
  Problem,
  Reason,
  RedemptionAnswer,
  RefundAnswer,
  Sale,
  SaleAnswer,
  UndoAnswer,
} from '../api-types.ts';
import { listOf, money } from '../formats.ts';
import { cancel, enqueue, onSettled } from '../queue/tap-queue.ts';
import type { Tap } from '../queue/tap.ts';
import { isOffline } from '../send.ts';
import type { Outcome, Reply } from '../send.ts';
import { serverNow } from '../server-time.ts';
import { texts } from '../texts.ts';
import { spendLease, takeLease, unspendLease } from './lease.ts';
import { display, explain, notice, show, speak } from './notice.ts';
import { allowance, interruptIfSignedOut, session } from './session.ts';
import { isCardCode, recallCard, rememberCard, codeOf } from './seen-cards.ts';
import { closeSheet, openSheet, sheet } from './sheet.ts';
import { readTill, till } from './till.ts';
import {
  basketLines,
  basketTotalMinor,
  before,
  changeVisit,
  EMPTY,
  liveScanOf,
  proofOf,
  startVisit,
  visit,
} from './visit.ts';
import type { Act, LiveScan, Proof, Visit } from './visit.ts';

/** As long as the server lets a barista take a gesture back. */
const UNDO_MS = 30_000;

/** What another live code, or somebody's word, puts right. */
const ABOUT_PROOF = new Set<Problem['refused']>([
  'live-code-needed',
  'live-code-wrong',
  'live-code-used',
  'locked',
]);

/** Something is being recorded: nothing else may be begun. */
export const isBusy = signal(false);

/** Looks up what was scanned or typed, and puts that customer on the screen. */
export async function openCard(code: string): Promise<boolean> {
  const live = liveScanOf(code);
  const looked = await lookUp(code);
  if (!looked) return false;
  const { found, seenAt, isUnread } = looked;
  const asking = sheet.value?.kind === 'proof' ? sheet.value : null;
  closeSheet();
  const current = visit.value;
  if (current && !current.card && current.sale) return claim(looked, current.sale, live);
  if (current?.card?.cardId === found.card.cardId) {
    // Another till may have been at it.
    changeVisit({
      card: found.card,
      lastGesture: found.lastGesture,
      seenAt,
      isUnread,
      ...(live && { live }),
    });
    if (asking && live) void redeem(asking);
  } else {
    // What was tapped and not rung up stays: the card is often shown last.
    const kept = basketLines.value.length > 0 ? current?.basket : undefined;
    startVisit(found, kept, live);
    changeVisit({ seenAt, isUnread });
    if (kept && current?.card) show('warn', texts.visit.kept(nameOf(found.card)));
  }
  speak(isUnread ? texts.offline.unread : texts.visit.found(nameOf(found.card), stampsOf(found.card)));
  return true;
}

interface LookedUp {
  found: CardAtTill | CardScanned;
  seenAt: number | null;
  isUnread: boolean;
}

/** From the server; without a connection from memory, or else as a card whose customer nobody here knows yet. */
async function lookUp(code: string): Promise<LookedUp | undefined> {
  if (!session.value || isBusy.value) return undefined;
  const { token } = session.value;
  notice.value = null;
  const outcome = await whileBusy(() => api.scanCard(token, code));
  if (outcome.kind === 'yes') {
    rememberCard(outcome.answer, code);
    return { found: outcome.answer, seenAt: null, isUnread: false };
  }
  if (outcome.kind === 'no' && interruptIfSignedOut(outcome.problem)) return undefined;
  const seen = outcome.kind === 'silence' ? recallCard(code) : undefined;
  if (seen) return { ...seen, isUnread: false };
  if (outcome.kind === 'silence' && isCardCode(code))
    return { found: unreadCard(codeOf(code)), seenAt: null, isUnread: true };
  showTrouble(outcome);
  return undefined;
}

/** Stands for a card that can't be looked up: it is stamped by its code when the connection is back. */
function unreadCard(code: string): CardAtTill {
  const stampsRequired = till.value?.programs[0]?.stampsRequired ?? 1;
  return {
    card: {
      cardId: code,
      shortCode: '',
      customerName: null,
      stamps: 0,
      stampsRequired,
      openRewards: [],
      lastVisitAt: null,
      isBlocked: false,
    },
    lastGesture: null,
    preferences: null,
    isOwn: false,
    whyNow: null,
  };
}

/** Records the basket as a sale, with its stamps when there is a card that takes any: a blocked one stops no coffee. */
export async function ringUp(): Promise<Sale | null> {
  const lines = basketLines.value;
  const current = visit.value;
  if (!current || lines.length === 0) return null;
  const label = `${describeLines()} ${money(basketTotalMinor.value)}`;
  const cardCode = current.card?.isBlocked ? undefined : current.card?.cardId;
  const recorded = await record<SaleAnswer>({
    operation: 'sale',
    path: '/api/v1/sales',
    body: {
      ...(cardCode !== undefined && { cardCode }),
      lines: lines.map(({ item, quantity }) => ({ itemId: item.itemId, quantity })),
    },
    label,
  });
  if (!recorded) return null;
  const sale = recorded.answer?.sale ?? waitingSale(recorded.tapId, lines);
  const card = recorded.answer?.card ?? current.card;
  const { basket } = current;
  changeVisit({
    card,
    sale,
    basket: EMPTY,
    acts: addAct({
      kind: 'sale',
      id: sale.saleId,
      label,
      basket,
      undoUntil: recorded.askedAt + UNDO_MS,
      waitingTapId: recorded.answer ? null : recorded.tapId,
    }),
  });
  if (recorded.answer)
    speakState([
      texts.visit.rungUp(money(sale.totalMinor)),
      card ? texts.visit.earned(sale.stampsEarned) : '',
    ]);
  else speak([texts.visit.rungUp(money(sale.totalMinor)), texts.offline.kept].join(' '));
  return sale;
}

/** A sale as the till knows it before the server does: its id is the tap's, its stamps are counted later. */
function waitingSale(tapId: string, lines: typeof basketLines.value): Sale {
  return {
    saleId: tapId,
    occurredAt: new Date(serverNow()).toISOString(),
    businessDay: '',
    totalMinor: basketTotalMinor.value,
    lines: lines.map(({ item: { itemId, name, priceMinor, qualifies }, quantity }) => ({
      itemId,
      name,
      quantity,
      totalMinor: priceMinor * quantity,
      qualifies,
      paidBy: 'money' as const,
    })),
    stampsEarned: 0,
  };
}

/** The tap that rang up a sale, while it waits. */
export function waitingTapOf({ acts }: Visit, id: string): string | null {
  return acts.find((act) => act.id === id)?.waitingTapId ?? null;
}

/** `2 × Flat white, Granola` */
export function describeLines(): string {
  return listOf(
    basketLines.value.map(({ item, quantity }) => (quantity > 1 ? `${quantity} × ${item.name}` : item.name)),
  );
}

/** Writes down how the customer likes it; empty for nothing. */
export async function savePreferences(text: string): Promise<void> {
  const cardCode = visit.value?.card?.cardId;
  if (cardCode === undefined) return;
  const saved = await ask((token) =>
    api.savePreferences(token, { cardCode, preferences: text.trim() || null }),
  );
  if (!saved) return;
  changeVisit({ preferences: saved.preferences });
  speak(texts.preferences.saved);
}

export interface Wish {
  kind: GestureKind;
  reason: Reason;
  item?: Item | undefined;
  grant?: { staffId: string; pin: string } | undefined;
  /** The draw it is given on: the house pays, or a hint is followed. */
  drawId?: string | undefined;
}

/**
 * Gives a gesture. A double stamp comes with the stamp being earned, so what was tapped is rung up first; a free item
 * that was tapped comes off the sale. Returns the refusal, so that the sheet can go on from it, or null.
 */
export async function give(wish: Wish): Promise<Outcome<unknown> | null> {
  if (isBusy.value) return null;
  if (wish.kind === 'double_stamp' && basketLines.value.length > 0 && !(await ringUp())) return null;
  const current = visit.value;
  if (!current?.card || !session.value) return null;
  const given = await whileBusy(() => giveNow(wish, current));
  if (given.kind === 'no' && interruptIfSignedOut(given.problem)) return null;
  if (given.kind === 'no' || given.kind === 'silence') return given;
  showGiven(wish, current, given);
  return { kind: 'yes', answer: given.answer, askedAt: given.askedAt };
}

type Given =
  | { kind: 'yes'; answer: GestureAnswer; askedAt: number; tapId?: string; leaseId: string | null }
  | { kind: 'waiting'; answer: null; askedAt: number; tapId: string; leaseId: string | null }
  | Exclude<Outcome<never>, { kind: 'yes' }>;

/** From what the till took along, when it has anything in hand: then it counts even if the network goes this moment. */
async function giveNow({ kind, reason, item, grant, drawId }: Wish, current: Visit): Promise<Given> {
  const { token, sessionId } = session.value!;
  const { sale } = current;
  const wanted = {
    cardCode: current.card!.cardId,
    kind,
    reason,
    ...(item && { itemId: item.itemId }),
    ...(drawId && { drawId }),
  };
  const waitingTapId = sale && waitingTapOf(current, sale.saleId);
  const saleId = sale && !waitingTapId ? { saleId: sale.saleId } : {};
  if (grant) {
    const outcome = await api.giveGranted(token, { ...wanted, ...saleId, grant });
    return outcome.kind === 'yes' ? { ...outcome, leaseId: null } : outcome;
  }
  // What the house pays needs nothing of the barista's.
  for (const leaseId of drawId ? [null] : [await spendLease(), null]) {
    // Offline the till gives what it took along, and nothing else.
    if (leaseId === null && isOffline.value) return { kind: 'silence', wasSent: false };
    const told = await enqueue({
      operation: 'gesture',
      method: 'POST',
      path: '/api/v1/gestures',
      body: { ...wanted, ...saleId, ...(leaseId && { leaseId }) },
      sessionId,
      label: item?.name ?? texts.gesture.kinds[kind],
      needs: waitingTapId ? { tapId: waitingTapId, id: 'saleId' } : null,
    });
    if (told.kind === 'waiting') return { ...told, answer: null, leaseId };
    void takeLease();
    if (told.kind === 'yes') return { ...told, answer: told.answer as GestureAnswer, leaseId };
    // What was taken along is not good any more: asked again without it.
    const isLeaseOver = leaseId !== null && told.problem.refused?.startsWith('lease-');
    if (leaseId !== null && !isLeaseOver) await unspendLease(leaseId);
    if (!isLeaseOver) return told;
  }
  throw new Error('A gesture without a lease is answered'); // the loop ends with it
}

function showGiven(
  { kind, reason, item, drawId }: Wish,
  current: Visit,
  given: Exclude<Given, { kind: 'no' | 'silence' }>,
): void {
  const { gesture, card } = given.answer ?? {};
  if (given.answer) allowance.value = given.answer.allowance;
  const isTakenOff = item !== undefined && (current.basket[item.itemId] ?? 0) > 0;
  const what = kind === 'double_stamp' ? texts.gesture.kinds.double_stamp : (item?.name ?? '');
  changeVisit({
    card: card ?? current.card,
    draw: drawId ? null : current.draw,
    basket: isTakenOff
      ? { ...current.basket, [item.itemId]: current.basket[item.itemId]! - 1 }
      : current.basket,
    acts: addAct({
      kind: 'gesture',
      id: gesture?.gestureId ?? given.tapId!,
      label: `${what} · ${texts.gesture.reasons[reason]}`,
      basket: isTakenOff ? { [item.itemId]: 1 } : EMPTY,
      extra: kind === 'double_stamp' && current.sale ? { saleId: current.sale.saleId, stamps: 1 } : undefined,
      undoUntil: given.askedAt + UNDO_MS,
      waitingTapId: gesture ? null : given.tapId!,
      leaseId: given.leaseId,
    }),
  });
  const done = item ? texts.gesture.itemGiven(item.name) : texts.gesture.doubleGiven;
  const takenOff = isTakenOff ? texts.gesture.takenOff(item.name) : '';
  display('good', [`${done}.`, takenOff].filter(Boolean).join(' '));
  speakState([`${done}.`, takenOff]);
  if (gesture) void readLastGesture();
}

/** Gives what a draw put into the barista's hands, with one tap; what goes wrong is said at the top. */
export async function giveDrawn({ drawId }: DrawOffer, wish: Pick<Wish, 'kind' | 'item'>): Promise<void> {
  const outcome = await give({ ...wish, reason: 'other', drawId });
  if (!outcome || outcome.kind === 'yes') return;
  if (outcome.kind === 'no') changeVisit({ draw: null });
  showTrouble(outcome);
}

/** A draw is let pass: it is not drawn again today. */
export function letPass(): void {
  changeVisit({ draw: null });
}

/** A reward to be spent: on the sale just rung up or what was tapped (which is rung up), or handed over without. */
export interface Redemption {
  rewardId: string;
  isOnSale: boolean;
}

/** Spends a reward. Without proof that the customer is here, or when it is not taken, a sheet asks for it. */
export async function redeem({ rewardId, isOnSale }: Redemption, given?: Proof): Promise<void> {
  // A reward is money: whether it is still there, only the server knows.
  if (isOffline.value) return show('warn', texts.offline.noRewards);
  const proof = given ?? (visit.value && proofOf(visit.value));
  if (!proof) return openSheet({ kind: 'proof', rewardId, isOnSale, trouble: null });
  const sale = isOnSale ? (visit.value?.sale ?? (await ringUp())) : null;
  const cardCode = visit.value?.card?.cardId;
  if ((isOnSale && !sale) || cardCode === undefined || !session.value || isBusy.value) return;
  const { token } = session.value;
  notice.value = null;
  const saleId = sale ? { saleId: sale.saleId } : {};
  const outcome = await whileBusy(() => api.redeem(token, { cardCode, rewardId, ...saleId, ...proof }));
  if (outcome.kind === 'yes') return showRedeemed(outcome.answer, { rewardId, isOnSale });
  if (outcome.kind === 'no' && interruptIfSignedOut(outcome.problem)) return;
  const isAboutProof = outcome.kind === 'no' && ABOUT_PROOF.has(outcome.problem.refused);
  if (!isAboutProof) {
    closeSheet();
    return showTrouble(outcome);
  }
  if ('liveCode' in proof) changeVisit({ live: null }); // each works once
  openSheet({ kind: 'proof', rewardId, isOnSale, trouble: explain(outcome) });
}

function showRedeemed({ card, sale, reward }: RedemptionAnswer, { rewardId, isOnSale }: Redemption): void {
  closeSheet();
  changeVisit({ card, live: null, ...(isOnSale && { sale }) });
  if (!isOnSale) return show('good', `${texts.reward.used(reward.name)}.`);
  const covered = sale?.lines.find((line) => line.rewardId === rewardId);
  speakState([texts.reward.todaysIsFree(covered?.name ?? reward.name)]);
}

/** Whether a reward may pay for something that was tapped. */
export function findCoverable(): Item | undefined {
  return basketLines.value.map(({ item }) => item).find(({ qualifies }) => qualifies);
}

/** Takes back what was just done, and puts its items back where they were. */
export async function undo(act: Act): Promise<void> {
  const undone = await takeBack(act);
  const current = visit.value;
  if (!undone || !current) return;
  changeVisit({
    card: undone.card ?? current.card,
    sale: act.kind === 'sale' ? null : current.sale,
    basket: addBaskets(current.basket, act.basket),
    acts: current.acts.map((one) => (one.id === act.id ? { ...one, isUndone: true } : one)),
  });
  show('good', texts.undo.undone(act.label));
  if (act.kind === 'gesture') void readLastGesture();
}

async function takeBack(act: Act): Promise<{ card: Card | null } | undefined> {
  const { waitingTapId, leaseId } = act;
  if (waitingTapId && (await cancel(waitingTapId))) {
    if (leaseId) await unspendLease(leaseId);
    return { card: null };
  }
  const needs = waitingTapId && ({ tapId: waitingTapId } as const);
  const recorded =
    act.kind === 'sale'
      ? await record<RefundAnswer>({
          operation: 'undo_sale',
          path: `/api/v1/sales/${needs ? '{saleId}' : act.id}/refunds`,
          body: { wholeSale: true },
          label: act.label,
          needs: needs ? { ...needs, id: 'saleId' } : null,
        })
      : await record<UndoAnswer>({
          operation: 'undo_gesture',
          path: `/api/v1/gestures/${needs ? '{gestureId}' : act.id}/undo`,
          label: act.label,
          needs: needs ? { ...needs, id: 'gestureId' } : null,
        });
  if (recorded?.answer && 'allowance' in recorded.answer) allowance.value = recorded.answer.allowance;
  return recorded && { card: recorded.answer?.card ?? null };
}

async function claim(
  { found, seenAt, isUnread }: LookedUp,
  sale: Sale,
  live: LiveScan | null,
): Promise<boolean> {
  const current = visit.value!;
  const waitingTapId = waitingTapOf(current, sale.saleId);
  const { cardId: cardCode } = found.card;
  const claimed = await record<SaleAnswer>({
    operation: 'claim',
    path: '/api/v1/stamps',
    body: { cardCode, ...(!waitingTapId && { saleId: sale.saleId }) },
    label: current.acts.find(({ id }) => id === sale.saleId)?.label ?? money(sale.totalMinor),
    needs: waitingTapId ? { tapId: waitingTapId, id: 'saleId' } : null,
  });
  if (!claimed) return false;
  const { answer } = claimed;
  changeVisit({
    ...before(found),
    card: answer?.card ?? found.card,
    sale: answer?.sale ?? sale,
    live,
    seenAt,
    isUnread,
  });
  show('good', answer ? texts.visit.claimed(answer.sale.stampsEarned) : texts.offline.kept);
  return true;
}

/** What waited has its answer while its customer is still on the screen. */
export function watchAnswers(): void {
  onSettled((tapId, reply) => {
    const current = visit.value;
    const act = current?.acts.find(({ waitingTapId }) => waitingTapId === tapId);
    if (!current || !act) return;
    if (reply.kind === 'no') {
      const acts = current.acts.map((one) =>
        one === act ? { ...one, waitingTapId: null, isUndone: true } : one,
      );
      changeVisit({ acts });
      return showTrouble(reply);
    }
    const { sale, card, gesture } = (reply.answer ?? {}) as Partial<SaleAnswer & GestureAnswer>;
    const id = sale?.saleId ?? gesture?.gestureId ?? act.id;
    changeVisit({
      acts: current.acts.map((one) => (one === act ? { ...one, id, waitingTapId: null } : one)),
      ...(card && { card, seenAt: null, isUnread: false }),
      ...(sale && current.sale?.saleId === tapId && { sale }),
    });
  });
}

/** The cool-down as the server now sees it. */
async function readLastGesture(): Promise<void> {
  const cardId = visit.value?.card?.cardId;
  if (!session.value || cardId === undefined) return;
  const outcome = await api.readCard(session.value.token, cardId);
  if (outcome.kind === 'yes' && visit.value?.card?.cardId === cardId)
    changeVisit({ lastGesture: outcome.answer.lastGesture });
}

/** Asks the server; what it refuses is said on the screen and undefined returned. */
export async function ask<Answer>(
  call: (token: string) => Promise<Outcome<Answer>>,
): Promise<(Answer & { askedAt: number }) | undefined> {
  if (!session.value || isBusy.value) return undefined;
  const { token } = session.value;
  notice.value = null;
  const outcome = await whileBusy(() => call(token));
  if (outcome.kind === 'yes') return { ...outcome.answer, askedAt: outcome.askedAt };
  if (outcome.kind === 'no' && interruptIfSignedOut(outcome.problem)) return undefined;
  showTrouble(outcome);
  if (outcome.kind === 'no' && outcome.problem.refused === 'item-unknown') void readTill();
  return undefined;
}

interface Recorded<Answer> {
  /** Null while it waits to be sent. */
  answer: Answer | null;
  tapId: string;
  /** On `performance.now()`. */
  askedAt: number;
}

/** Records a tap, at once or as soon as there is a connection. What is refused is said on the screen. */
async function record<Answer>(
  wanted: Pick<Tap, 'operation' | 'path' | 'label'> & Partial<Pick<Tap, 'body' | 'needs'>>,
): Promise<Recorded<Answer> | undefined> {
  if (!session.value || isBusy.value) return undefined;
  const { sessionId } = session.value;
  notice.value = null;
  const told = await whileBusy(() =>
    enqueue({ method: 'POST', body: null, needs: null, ...wanted, sessionId }),
  );
  const { tapId, askedAt } = told;
  if (told.kind === 'yes') return { answer: told.answer as Answer, tapId, askedAt };
  if (told.kind === 'waiting') return { answer: null, tapId, askedAt };
  if (interruptIfSignedOut(told.problem)) return undefined;
  showTrouble(told);
  if (told.problem.refused === 'item-unknown') void readTill();
  return undefined;
}

function showTrouble(outcome: Exclude<Outcome<unknown> | Reply, { kind: 'yes' }>): void {
  show(outcome.kind === 'no' && outcome.problem.status < 500 ? 'warn' : 'bad', explain(outcome));
}

async function whileBusy<Result>(work: () => Promise<Result>): Promise<Result> {
  isBusy.value = true;
  try {
    return await work();
  } finally {
    isBusy.value = false;
  }
}

function addAct(act: Omit<Act, 'isUndone'>): Visit['acts'] {
  return [...(visit.value?.acts ?? []), { ...act, isUndone: false }];
}

function addBaskets(basket: Visit['basket'], more: Visit['basket']): Visit['basket'] {
  const sum = { ...basket };
  for (const [itemId, quantity] of Object.entries(more)) sum[itemId] = (sum[itemId] ?? 0) + quantity;
  return sum;
}

export function nameOf(card: Pick<Card, 'customerName'> | null): string {
  if (!card) return texts.visit.noCard;
  return card.customerName ?? texts.visit.guest;
}

function stampsOf({ stamps, stampsRequired }: Card): string {
  return texts.visit.stampsOf(Math.max(stamps, 0), stampsRequired);
}

/** Says what was done and how the card stands now. */
function speakState(done: readonly string[]): void {
  const card = visit.value?.card;
  const rewards = card && card.openRewards.length > 0 ? texts.visit.cardFull : '';
  speak([...done, card ? stampsOf(card) : '', rewards].filter(Boolean).join(' '));
}

/** People who may grant one more. */
export function managersHere() {
  return (till.value?.staff ?? []).filter(({ role }) => role !== 'barista');
}
