import { signal } from '@preact/signals';
import { api } from '../api.ts';
import type {
  Card,
  CardAtTill,
  GestureKind,
  Item,
  Problem,
  Reason,
  RedemptionAnswer,
  Sale,
} from '../api-types.ts';
import { listOf, money } from '../formats.ts';
import type { Outcome } from '../send.ts';
import { texts } from '../texts.ts';
import { display, explain, notice, show, speak } from './notice.ts';
import { allowance, interruptIfSignedOut, session } from './session.ts';
import { closeSheet, openSheet, sheet } from './sheet.ts';
import { readTill, till } from './till.ts';
import { basketLines, before, changeVisit, EMPTY, liveScanOf, proofOf, startVisit, visit } from './visit.ts';
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
  const found = await ask((token) => api.readCard(token, code));
  if (!found) return false;
  const asking = sheet.value?.kind === 'proof' ? sheet.value : null;
  closeSheet();
  const current = visit.value;
  if (current && !current.card && current.sale) return claim(found, current.sale, live);
  if (current?.card?.cardId === found.card.cardId) {
    changeVisit({ card: found.card, lastGesture: found.lastGesture, ...(live && { live }) }); // another till may have been at it
    if (asking && live) void redeem(asking);
  } else {
    // What was tapped and not rung up stays: the card is often shown last.
    const kept = basketLines.value.length > 0 ? current?.basket : undefined;
    startVisit(found, kept, live);
    if (kept && current?.card) show('warn', texts.visit.kept(nameOf(found.card)));
  }
  speak(texts.visit.found(nameOf(found.card), stampsOf(found.card)));
  return true;
}

/** Records the basket as a sale, with its stamps when there is a card that takes any: a blocked one stops no coffee. */
export async function ringUp(): Promise<Sale | null> {
  const lines = basketLines.value;
  const current = visit.value;
  if (!current || lines.length === 0) return null;
  const recorded = await ask((token) =>
    api.recordSale(token, {
      cardCode: current.card?.isBlocked ? undefined : current.card?.cardId,
      lines: lines.map(({ item, quantity }) => ({ itemId: item.itemId, quantity })),
    }),
  );
  if (!recorded) return null;
  const { sale } = recorded;
  const card = recorded.card ?? current.card;
  const label = `${describeLines()} ${money(sale.totalMinor)}`;
  const { basket } = current;
  changeVisit({
    card,
    sale,
    basket: EMPTY,
    acts: addAct({ kind: 'sale', id: sale.saleId, label, basket, undoUntil: recorded.askedAt + UNDO_MS }),
  });
  speakState([texts.visit.rungUp(money(sale.totalMinor)), card ? texts.visit.earned(sale.stampsEarned) : '']);
  return sale;
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
  const { kind, reason, item, grant } = wish;
  const { token } = session.value;
  const cardCode = current.card.cardId;
  const outcome = await whileBusy(() =>
    api.give(token, { cardCode, kind, reason, itemId: item?.itemId, saleId: current.sale?.saleId, grant }),
  );
  if (outcome.kind === 'no' && interruptIfSignedOut(outcome.problem)) return null;
  if (outcome.kind !== 'yes') return outcome;

  const { gesture, card } = outcome.answer;
  allowance.value = outcome.answer.allowance;
  const isTakenOff = item !== undefined && (current.basket[item.itemId] ?? 0) > 0;
  const what = kind === 'double_stamp' ? texts.gesture.kinds.double_stamp : (gesture.itemName ?? '');
  changeVisit({
    card,
    basket: isTakenOff
      ? { ...current.basket, [item.itemId]: current.basket[item.itemId]! - 1 }
      : current.basket,
    acts: addAct({
      kind: 'gesture',
      id: gesture.gestureId,
      label: `${what} · ${texts.gesture.reasons[reason]}`,
      basket: isTakenOff ? { [item.itemId]: 1 } : EMPTY,
      extra: kind === 'double_stamp' && current.sale ? { saleId: current.sale.saleId, stamps: 1 } : undefined,
      undoUntil: outcome.askedAt + Date.parse(gesture.undoableUntil) - Date.parse(gesture.givenAt),
    }),
  });
  const done = item ? texts.gesture.itemGiven(item.name) : texts.gesture.doubleGiven;
  const takenOff = isTakenOff ? texts.gesture.takenOff(item.name) : '';
  display('good', [`${done}.`, takenOff].filter(Boolean).join(' '));
  speakState([`${done}.`, takenOff]);
  void readLastGesture();
  return outcome;
}

/** A reward to be spent: on the sale just rung up or what was tapped (which is rung up), or handed over without. */
export interface Redemption {
  rewardId: string;
  isOnSale: boolean;
}

/** Spends a reward. Without proof that the customer is here, or when it is not taken, a sheet asks for it. */
export async function redeem({ rewardId, isOnSale }: Redemption, given?: Proof): Promise<void> {
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
  const undone = await ask<{ card: Card | null }>((token) =>
    act.kind === 'sale' ? api.undoSale(token, act.id) : undoGesture(token, act.id),
  );
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

async function undoGesture(token: string, gestureId: string) {
  const outcome = await api.undoGesture(token, gestureId);
  if (outcome.kind === 'yes') allowance.value = outcome.answer.allowance;
  return outcome;
}

async function claim(found: CardAtTill, sale: Sale, live: LiveScan | null): Promise<boolean> {
  const claimed = await ask((token) =>
    api.claimSale(token, { cardCode: found.card.cardId, saleId: sale.saleId }),
  );
  if (!claimed) return false;
  changeVisit({ ...before(found), card: claimed.card, sale: claimed.sale, live });
  show('good', texts.visit.claimed(claimed.sale.stampsEarned));
  return true;
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

function showTrouble(outcome: Exclude<Outcome<unknown>, { kind: 'yes' }>): void {
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
