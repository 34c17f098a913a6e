import { signal } from '@preact/signals';
import { enqueue } from '../queue/tap-queue.ts';
import type { Tap } from '../queue/tap.ts';
import type { Outcome, Reply } from '../send.ts';
import { texts } from '../texts.ts';
import { explain, notice, show } from './notice.ts';
import { interruptIfSignedOut, session } from './session.ts';
import { closeSheet } from './sheet.ts';
import { readTill } from './till.ts';
import { changeVisit, startVisit, visit } from './visit.ts';

/** Something is being recorded: nothing else may be begun. */
export const isBusy = signal(false);

/**
 * Asks the server; what it refuses is said on the screen and undefined returned. `unsent` and `unanswered` are what to
 * do when there is no connection to ask by, and when it went before the answer came.
 */
export async function ask<Answer>(
  call: (token: string) => Promise<Outcome<Answer>>,
  { unsent = texts.trouble.notSent, unanswered = texts.trouble.unknown } = {},
): Promise<(Answer & { askedAt: number }) | undefined> {
  const signedIn = session.value;
  if (!signedIn || isBusy.value) return undefined;
  notice.value = null;
  const outcome = await whileBusy(() => call(signedIn.token));
  if (outcome.kind === 'yes') return { ...outcome.answer, askedAt: outcome.askedAt };
  if (outcome.kind === 'no' && interruptIfSignedOut(outcome.problem, signedIn)) return undefined;
  if (outcome.kind === 'silence') show('warn', outcome.wasSent ? unanswered : unsent);
  else showTrouble(outcome);
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
export async function record<Answer>(
  wanted: Pick<Tap, 'operation' | 'path' | 'label'> & Partial<Pick<Tap, 'body' | 'needs'>>,
  how: { isNeededNow?: boolean } = {},
): Promise<Recorded<Answer> | undefined> {
  const signedIn = session.value;
  if (!signedIn || isBusy.value) return undefined;
  const { sessionId } = signedIn;
  notice.value = null;
  const told = await whileBusy(() =>
    enqueue({ method: 'POST', body: null, needs: null, ...wanted, sessionId }, how),
  );
  const { tapId, askedAt } = told;
  if (told.kind === 'yes') return { answer: told.answer as Answer, tapId, askedAt };
  if (told.kind === 'waiting') return { answer: null, tapId, askedAt };
  if (interruptIfSignedOut(told.problem, signedIn)) return undefined;
  const { refused } = told.problem;
  if (refused === 'item-unknown') void readTill();
  const card = visit.value?.card;
  // Since it was scanned: what was tapped can be rung up all the same, without stamps.
  if (refused === 'card-blocked' && card) changeVisit({ card: { ...card, isBlocked: true } });
  if (refused === 'card-unknown' && card) goOnWithoutCard();
  showTrouble(told);
  return undefined;
}

/** Whose card is nobody's any more. What was done for them can still be taken back. */
function goOnWithoutCard(): void {
  const { basket, acts } = visit.value!;
  closeSheet(); // it was about the card
  startVisit(null, basket);
  changeVisit({ acts });
}

export function showTrouble(outcome: Exclude<Outcome<unknown> | Reply, { kind: 'yes' }>): void {
  show(outcome.kind === 'no' && outcome.problem.status < 500 ? 'warn' : 'bad', explain(outcome));
}

export async function whileBusy<Result>(work: () => Promise<Result>): Promise<Result> {
  isBusy.value = true;
  try {
    return await work();
  } finally {
    isBusy.value = false;
  }
}
