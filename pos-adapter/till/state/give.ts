import { computed, signal } from '@preact/signals';
import type { RefusalName } from '../../../src/http/problem.ts';
import type { DrawOffer, GestureAnswer, GestureKind, Item, Reason } from '../api-types.ts';
import { api } from '../api.ts';
import { cancel, dismissRefused, enqueue, onSettled } from '../queue/tap-queue.ts';
import type { Told } from '../queue/tap-queue.ts';
import { isOffline } from '../send.ts';
import type { Outcome } from '../send.ts';
import { texts } from '../texts.ts';
import { addAct, waitingTapOf } from './acts.ts';
import { speakState } from './card-words.ts';
import { spendLease, takeLease, unspendLease } from './lease.ts';
import { display, explain, show } from './notice.ts';
import { isBusy, showTrouble, whileBusy } from './recording.ts';
import { ringUp } from './ring-up.ts';
import { interruptIfSignedOut, noteAllowance, readAllowance, session } from './session.ts';
import type { Session } from './session.ts';
import { readTill, till } from './till.ts';
import { basketLines, changeVisit, EMPTY, newsIn, visit } from './visit.ts';
import type { Visit } from './visit.ts';
import { readCardAgain } from './why-not.ts';

/** What the till did not know yet when it offered a gesture: what is offered next is as the server sees it. */
const LOOK_AGAIN: Partial<Record<RefusalName, () => Promise<void>>> = {
  'item-unknown': readTill, // the owner took it off the menu,
  'item-not-giveable': readTill, // or lets nobody give it any more
  'cool-down': readCardAgain, // another till was kind to them
  'allowance-spent': readAllowance, // another till, or a colleague, gave what was left
};

export interface Wish {
  kind: GestureKind;
  reason: Reason;
  item?: Item | undefined;
  grant?: { staffId: string; pin: string } | undefined;
  /** The draw it is given on: the house pays, or a hint is followed. */
  drawId?: string | undefined;
}

/** A gesture that may have reached the server, which has not agreed yet: it is told to its customer when it has. */
const unanswered = signal<{
  tapId: string;
  askedAt: number;
  wish: Wish;
  visitNumber: number;
  by: Session;
} | null>(null);

/** Whether it is not known yet if the customer on the screen was given something: until then they are given nothing more. */
export const isUnclear = computed(
  () => unanswered.value !== null && unanswered.value.visitNumber === visit.value?.visitNumber,
);

/**
 * Gives a gesture. A double stamp comes with the stamp being earned, so what was tapped is rung up first; a free item
 * that was tapped comes off the sale. Returns the refusal, so that the sheet can go on from it, or null.
 */
export async function give(wish: Wish): Promise<Outcome<unknown> | null> {
  if (isBusy.value || isUnclear.value) return null;
  if (wish.kind === 'double_stamp' && basketLines.value.length > 0 && !(await ringUp())) return null;
  const current = visit.value;
  const signedIn = session.value;
  if (!current?.card || !signedIn) return null;
  const given = await whileBusy(() => giveNow(wish, current, signedIn));
  if (given.kind === 'unclear') return null;
  if (given.kind === 'no' && interruptIfSignedOut(given.problem, signedIn)) return null;
  if (given.kind === 'no' && given.problem.refused) void LOOK_AGAIN[given.problem.refused]?.();
  if (given.kind === 'no' || given.kind === 'silence') return given;
  if (given.answer) noteAllowance(given.answer.allowance, signedIn);
  showGiven(wish, visit.value ?? current, { ...given, by: signedIn }); // who it is may have become known meanwhile
  return { kind: 'yes', answer: given.answer, askedAt: given.askedAt };
}

type Given =
  | { kind: 'yes'; answer: GestureAnswer; askedAt: number; tapId?: string; leaseId: string | null }
  | { kind: 'waiting'; answer: null; askedAt: number; tapId: string; leaseId: string | null };

type NotGiven = { kind: 'unclear' } | Exclude<Outcome<never>, { kind: 'yes' }>;

/** From what the till took along, when it has anything in hand: then it counts even if the network goes this moment. */
async function giveNow(wish: Wish, current: Visit, signedIn: Session): Promise<Given | NotGiven> {
  const { kind, reason, item, grant, drawId } = wish;
  const { token, sessionId } = signedIn;
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
  // What the house pays needs nothing of the barista's; a hint is followed from what they have left, like any gesture.
  const isOnTheHouse = drawId !== undefined && current.draw?.kind !== 'suggestion';
  for (const leaseId of isOnTheHouse ? [null] : [await spendLease(), null]) {
    // Offline the till gives what it took along, and nothing else.
    if (leaseId === null && isOffline.value) return { kind: 'silence', wasSent: false };
    const told = await enqueue(
      {
        operation: 'gesture',
        method: 'POST',
        path: '/api/v1/gestures',
        body: { ...wanted, ...saleId, ...(leaseId && { leaseId }) },
        sessionId,
        label: item?.name ?? texts.gesture.kinds[kind],
        needs: waitingTapId ? { tapId: waitingTapId, id: 'saleId' } : null,
      },
      { isNeededNow: leaseId === null },
    );
    if (told.kind === 'waiting')
      return leaseId === null
        ? takeBackOrWait(told, { wish, current, by: signedIn })
        : { ...told, answer: null, leaseId };
    void takeLease();
    if (told.kind === 'yes') return { ...told, answer: told.answer as GestureAnswer, leaseId };
    // What was taken along is not good any more: asked again without it.
    const isLeaseOver = leaseId !== null && told.problem.refused?.startsWith('lease-');
    if (leaseId !== null && !isLeaseOver) await unspendLease(leaseId);
    if (!isLeaseOver) return told;
  }
  throw new Error('A gesture without a lease is answered'); // the loop ends with it
}

/** Nobody is promised what the server may have to refuse. */
async function takeBackOrWait(
  { tapId, askedAt }: Told & { kind: 'waiting' },
  { wish, current: { visitNumber }, by }: { wish: Wish; current: Visit; by: Session },
): Promise<NotGiven> {
  unanswered.value = { tapId, askedAt, wish, visitNumber, by };
  if (await cancel(tapId)) {
    unanswered.value = null;
    return { kind: 'silence', wasSent: false };
  }
  if (isUnclear.value) show('warn', texts.gesture.unclear);
  return { kind: 'unclear' };
}

onSettled(({ tapId }, reply) => {
  const asked = unanswered.value;
  if (asked?.tapId !== tapId) return;
  const current = isUnclear.value ? visit.value : null;
  unanswered.value = null;
  if (reply.kind === 'no') {
    if (!current || !session.value) return; // nobody would read it: it is kept for the manager
    void dismissRefused(tapId); // told here and now: it is no news for the manager
    return showTrouble(reply);
  }
  const answer = reply.answer as GestureAnswer | undefined;
  if (!answer) return;
  noteAllowance(answer.allowance, asked.by);
  if (current) showGiven(asked.wish, current, { ...asked, kind: 'yes', answer, leaseId: null });
  void takeLease();
});

function showGiven(
  { kind, reason, item, drawId }: Wish,
  current: Visit,
  given: Given & { by: Session },
): void {
  const { answer } = given;
  const isTakenOff = item !== undefined && (current.basket[item.itemId] ?? 0) > 0;
  const isOnDraw = current.draw !== null && current.draw.drawId === drawId;
  const isTreat = isOnDraw && current.draw?.kind === 'lucky'; // nobody was asked why
  const what = kind === 'double_stamp' ? texts.gesture.kinds.double_stamp : (item?.name ?? '');
  changeVisit({
    ...newsIn(answer),
    draw: isOnDraw ? null : current.draw,
    basket: isTakenOff
      ? { ...current.basket, [item.itemId]: current.basket[item.itemId]! - 1 }
      : current.basket,
    acts: addAct({
      kind: 'gesture',
      id: answer?.gesture.gestureId ?? given.tapId!,
      label: `${what} · ${isTreat ? texts.draw.given : texts.gesture.reasons[reason]}`,
      basket: isTakenOff ? { [item.itemId]: 1 } : EMPTY,
      draw: isOnDraw ? current.draw : null,
      withSaleId: kind === 'double_stamp' ? current.sale?.saleId : undefined,
      staffId: given.by.person.staffId,
      askedAt: given.askedAt,
      waitingTapId: answer ? null : given.tapId!,
      leaseId: given.leaseId,
    }),
  });
  const done = item ? texts.gesture.itemGiven(item.name) : texts.gesture.doubleGiven;
  const takenOff = isTakenOff ? texts.gesture.takenOff(item.name) : '';
  display('good', [`${done}.`, takenOff].filter(Boolean).join(' '));
  speakState([`${done}.`, takenOff]);
}

/** Gives what a draw put into the barista's hands, with one tap; what goes wrong is said at the top. */
export async function giveDrawn({ drawId }: DrawOffer, wish: Pick<Wish, 'kind' | 'item'>): Promise<void> {
  const outcome = await give({ ...wish, reason: 'other', drawId });
  if (!outcome || outcome.kind === 'yes') return;
  if (outcome.kind === 'silence') return show('warn', texts.offline.noTreat);
  changeVisit({ draw: null });
  showTrouble(outcome);
}

/** Why nothing was given. What was rung up before it is recorded all the same, so nothing is said of that. */
export function explainNotGiven(outcome: Exclude<Outcome<unknown>, { kind: 'yes' }>): string {
  const isOnlyOffline = outcome.kind === 'silence' && !outcome.wasSent;
  return isOnlyOffline ? texts.offline.noneLeft : explain(outcome);
}

/** A draw is let pass, for as long as its customer is on the screen. */
export function letPass(): void {
  changeVisit({ draw: null, passedDrawId: visit.value?.draw?.drawId ?? null });
}

/** The kindnesses a till can give. */
export const GESTURE_KINDS: readonly GestureKind[] = ['double_stamp', 'free_item'];

/** Items the owner lets people give. */
export function itemsToGive(): Item[] {
  return (till.value?.items ?? []).filter(({ mayBeGiven }) => mayBeGiven);
}

/** People who may grant one more. */
export function managersHere() {
  return (till.value?.staff ?? []).filter(({ role }) => role !== 'barista');
}
