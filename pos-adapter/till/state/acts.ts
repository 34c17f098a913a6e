import type { GestureAnswer, RefundAnswer, Sale, SaleAnswer, UndoAnswer } from '../api-types.ts';
import { money } from '../formats.ts';
import { cancel, onSettled } from '../queue/tap-queue.ts';
import type { Reply } from '../send.ts';
import { texts } from '../texts.ts';
import { nameOf, speakState } from './card-words.ts';
import { keptWords } from './connection-words.ts';
import { takeLease, unspendLease } from './lease.ts';
import { show } from './notice.ts';
import { isBusy, record, showTrouble, whileBusy } from './recording.ts';
import { interruptIfSignedOut, noteAllowance, readAllowance, session } from './session.ts';
import { beforeAnswer, changeVisit, newsIn, visit } from './visit.ts';
import type { Act, News, Visit } from './visit.ts';
import { readWhyNot } from './why-not.ts';

/** As long as the server lets a barista take a gesture back. */
const UNDO_MS = 30_000;

/** What was done for this customer, with one thing more, to be taken back by whoever did it, for half a minute. */
export function addAct(act: Omit<Act, 'isUndone' | 'undoUntil'> & { askedAt: number }): Visit['acts'] {
  const { askedAt, ...done } = act;
  return [...(visit.value?.acts ?? []), { ...done, undoUntil: askedAt + UNDO_MS, isUndone: false }];
}

/** A gesture is taken back by whoever gave it or a manager; a sale by anybody at the till. */
export function mayUndo({ staffId }: Act): boolean {
  const { person } = session.value ?? {};
  return staffId === null || person?.staffId === staffId || person?.role !== 'barista';
}

/** Takes back what was just done, and puts its items back where they were. */
export async function undo(act: Act): Promise<void> {
  if (isBusy.value) return;
  const undone = await takeBack(act);
  const current = visit.value;
  if (!undone || !current) return;
  const { waitingTapId } = undone;
  changeVisit({
    ...undone.news,
    // What is put back begins the next sale, as what is tapped does.
    sale: act.kind === 'sale' || Object.keys(act.basket).length > 0 ? null : current.sale,
    draw: act.draw ?? current.draw,
    basket: addBaskets(current.basket, act.basket),
    acts: withUndone(current.acts, act, undone),
  });
  sayDone(texts.undo.undone(act.label), waitingTapId);
}

/** What was taken back: `waitingTapId` when that waits to be sent, and there is no news of the card. */
type TakenBack = Pick<Act, 'waitingTapId' | 'claimTapId'> & { news: News };

async function takeBack(act: Act): Promise<TakenBack | undefined> {
  const { waitingTapId, claimTapId, leaseId } = act;
  // Busy meanwhile: a finger that taps twice would put everything back twice.
  const isCancelled = waitingTapId && (await whileBusy(() => cancel(waitingTapId)));
  if (isCancelled) {
    if (leaseId) await unspendLease(leaseId);
    // With a sale that was never sent goes what was to put it on a card.
    return { news: {}, waitingTapId: null, ...(claimTapId && { claimTapId: null }) };
  }
  const by = session.value;
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
  if (by && recorded?.answer && 'allowance' in recorded.answer) {
    noteAllowance(recorded.answer.allowance, by);
    void takeLease(); // it may have been the last
  }
  if (!recorded) return undefined;
  const { answer, tapId } = recorded;
  return { news: newsIn(answer), waitingTapId: answer ? null : tapId };
}

/** What was done, and that it waits to be sent. */
function sayDone(what: string, waitingTapId: string | null): void {
  show('good', waitingTapId ? `${what} ${keptWords()}` : what);
}

function withUndone(acts: Visit['acts'], { id }: Act, { news: _, ...taps }: TakenBack): Visit['acts'] {
  return acts.map((one) => (one.id === id ? { ...one, isUndone: true, ...taps } : one));
}

function addBaskets(basket: Visit['basket'], more: Visit['basket']): Visit['basket'] {
  const sum = { ...basket };
  for (const [itemId, quantity] of Object.entries(more)) sum[itemId] = (sum[itemId] ?? 0) + quantity;
  return sum;
}

/** Whether a sale was rung up before the card on the screen was shown. */
export function isClaimed({ acts }: Visit, { saleId }: Sale): boolean {
  return acts.some(({ id, claimTapId }) => id === saleId && claimTapId !== undefined);
}

/** Takes a sale that was somebody else's off the card shown after it: it stands, on no card, and this visit begins. */
export async function takeOffCard({ saleId, lines, totalMinor }: Sale): Promise<void> {
  const act = visit.value?.acts.find(({ id }) => id === saleId);
  if (!act || isBusy.value) return;
  const { claimTapId } = act;
  const isCancelled = claimTapId && (await whileBusy(() => cancel(claimTapId)));
  // Rung up once more before it is paid back: should that be refused, nothing has changed.
  const taken = isCancelled
    ? { waitingTapId: null, news: {} }
    : (await record<SaleAnswer>({
        operation: 'sale',
        path: '/api/v1/sales',
        body: { lines: lines.map(({ itemId, quantity }) => ({ itemId, quantity })) },
        label: act.label,
      })) && (await takeBack(act));
  const current = visit.value;
  if (!taken || !current) return;
  changeVisit({
    ...taken.news,
    sale: null,
    // What is answered is no business of this customer's; what waits is, as long as their card still has its stamps.
    acts: taken.waitingTapId
      ? withUndone(current.acts, act, taken)
      : current.acts.filter(({ id }) => id !== act.id),
  });
  sayDone(texts.visit.takenOff(money(totalMinor)), taken.waitingTapId);
}

/** The tap that rang up a sale, or put it on a card, while it waits. */
export function waitingTapOf({ acts }: Visit, id: string): string | null {
  const { waitingTapId, claimTapId } = acts.find((act) => act.id === id) ?? {};
  return waitingTapId ?? claimTapId ?? null;
}

/** What waited has its answer while whoever tapped it, or its customer, is still there. */
export function watchAnswers(): void {
  onSettled(({ tapId, sessionId }, reply) => {
    const signedIn = session.value;
    if (reply.kind === 'no' && signedIn?.sessionId === sessionId)
      interruptIfSignedOut(reply.problem, signedIn);
    const current = visit.value;
    const act = current?.acts.find((one) => one.waitingTapId === tapId || one.claimTapId === tapId);
    if (!current) return;
    if (!act) return takeEarlier(current, reply);
    const isClaim = act.claimTapId === tapId;
    const answered = isClaim ? { claimTapId: null } : { waitingTapId: null };
    if (reply.kind === 'no') {
      // What was refused never was; when that was its undoing, it stands. A sale stands without its card, too.
      const isUndone = isClaim ? act.isUndone : !act.isUndone;
      const acts = current.acts.map((one) => (one === act ? { ...one, ...answered, isUndone } : one));
      // And nothing goes with a sale that is not there.
      changeVisit({ acts, ...(current.sale?.saleId === tapId && { sale: null }) });
      return showTrouble(reply);
    }
    const answer = (reply.answer ?? {}) as Partial<SaleAnswer & GestureAnswer>;
    const { sale, card, gesture } = answer;
    const id = sale?.saleId ?? gesture?.gestureId ?? act.id;
    const stampsAdded = sale?.stampsEarned ?? (gesture?.kind === 'double_stamp' ? 1 : 0);
    const isKnownNow = card !== undefined && current.isUnread;
    changeVisit({
      acts: current.acts.map((one) => {
        if (one === act) return { ...one, ...answered, id };
        return one.withSaleId === act.id ? { ...one, withSaleId: id } : one;
      }),
      ...newsIn(answer),
      ...(card && { seenAt: null, isUnread: false }),
      ...(isKnownNow && beforeAnswer(card, act.isUndone ? 0 : stampsAdded)),
      ...(sale && current.sale?.saleId === act.id && { sale }),
    });
    if (card)
      speakState([
        isKnownNow ? `${nameOf(card)}.` : '',
        sale ? `${texts.visit.earned(sale.stampsEarned)}.` : '',
      ]);
    if (act.kind === 'gesture') void readAllowance().then(takeLease);
    if (isKnownNow) void readWhyNot();
  });
}

/** What was tapped at an earlier visit of whoever is on the screen is sent only now, after their card was read. */
function takeEarlier({ card: shown }: Visit, reply: Reply): void {
  const { card } = ((reply.kind === 'yes' && reply.answer) || {}) as Partial<SaleAnswer>;
  // What is being recorded is told by itself.
  if (card && card.cardId === shown?.cardId && !isBusy.value) changeVisit({ card });
}
