import { effect, signal, untracked } from '@preact/signals';
import { v7 as uuid } from 'uuid';
import type { Problem } from '../api-types.ts';
import { isOffline, isSlow, sendingCount, tryOnce, withJitter } from '../send.ts';
import type { Reply } from '../send.ts';
import {
  addTap,
  cancelTap,
  countTaps,
  firstTap,
  forgetRefused,
  listRefused,
  markKept,
  markSent,
  refuseTap,
  settleTap,
} from './tap-store.ts';
import { needsServerTime, tappedAgoMs, tapTimeNow } from './tap-time.ts';
import type { AnsweredIds, RefusedTap, Tap } from './tap.ts';

/** A barista waits so long for an answer; then the tap waits by itself, and the queue of customers moves on. */
const WAIT_FOR_ANSWER_MS = 2_500;
/** For what nothing can be promised without. */
const WAIT_FOR_NEEDED_ANSWER_MS = 8_000;
/** A hiccup of the Wi-Fi is over after these. */
const QUICK_RETRIES_MS = [300, 700];
const HICCUP_MS = 2_500;
const RETRY_MS = 2_000;
const RETRY_AT_MOST_MS = 30_000;
/** A tap that the server fails at, and fails at again, may not keep the others waiting for ever. */
const FAILURES_AT_MOST = 12;
/** Time for whoever tapped to be told on the screen; what nobody was told goes to the manager. */
const TOLD_WITHIN_MS = 5_000;
const LOOKED_EVERY_MS = 100;
/** To hear what time it is. */
const TIME_WITHIN_MS = 2_000;
/** To hear whether the server can work at all. */
const READY_WITHIN_MS = 5_000;
/** As long ago as the server takes it: a tablet whose battery was empty may have been in 1970. */
const KEPT_AGO_AT_MOST_S = 366 * 86_400;
/** Answers that say "later" rather than "no". */
const LATER = new Set([408, 425, 429, 503]);

/** How many taps wait to be sent. */
export const waitingCount = signal(0);
/** Taps the server said no to when nobody was waiting for the answer. */
export const refusedTaps = signal<readonly RefusedTap[]>([]);
/** Why what waits could not be recorded yet, when it is not for want of a connection. */
export const waitingTrouble = signal<Problem | null>(null);
/** The last try did not send all that waits, or could not be made. */
export const isBehind = signal(false);
/** The server no longer knows this till: nothing can be sent, and nothing is thrown away. */
export const isTillEnded = signal(false);

/** The status of a problem that is the tablet's own: the tap could not be written down, and was not sent. */
export const NOT_KEPT = 0;

export type Told =
  | { kind: 'yes'; answer: unknown; tapId: string; askedAt: number }
  | { kind: 'no'; problem: Problem; tapId: string; askedAt: number }
  /** It is safe on the tablet and is sent by itself. */
  | { kind: 'waiting'; tapId: string; askedAt: number };

type Message = { kind: 'changed' } | ({ kind: 'settled'; reply: Reply } & SettledTap);

/** Which tap was answered, and under whose session it was made. */
type SettledTap = Pick<Tap, 'tapId' | 'sessionId'>;

interface Credentials {
  deviceToken: string | null;
  /** Whoever is signed in now. */
  session: { sessionId: string; token: string } | null;
}

const waiters = new Map<string, (reply: Reply | null) => void>();
const listeners = new Set<(tap: SettledTap, reply: Reply) => void>();
const channel = new BroadcastChannel('doublestamp-till-queue');
let readCredentials: () => Credentials = () => ({ deviceToken: null, session: null });
let isOwner = false;
let leaving = new AbortController();
let isDraining = false;
let isAskedAgain = false;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let retryMs = RETRY_MS;
const failures = new Map<string, number>();

/**
 * Begins to send what waits. One tab of the tablet does it, whichever has the lock; when it is closed or left another
 * takes over. Where a browser has no locks (a page without https) every tab does, and each tap still counts once: its
 * id is the same.
 */
export function startQueue(credentials: () => Credentials): void {
  readCredentials = credentials;
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'settled') tell(data, data.reply);
    else wake();
    void recount();
  };
  if (navigator.locks) {
    askForLock();
    // Safari keeps a page that was left for whoever goes back to it, and of old its lock as well.
    addEventListener('pagehide', leave);
    addEventListener('pageshow', ({ persisted }) => persisted && askForLock());
  } else own();
  effect(() => {
    const isBack = !isOffline.value;
    untracked(() => {
      if (isBack) wake();
      else for (const giveUp of waiters.values()) giveUp(null);
    });
  });
  void recount();
}

function own(): void {
  isOwner = true;
  wake();
}

function askForLock(): void {
  const { signal: left } = (leaving = new AbortController());
  const untilLeft = () =>
    new Promise<void>((resolve) => {
      left.addEventListener('abort', () => resolve());
      own();
    });
  navigator.locks.request('doublestamp-till-queue', { signal: left }, untilLeft).catch((error: unknown) => {
    if (!left.aborted) throw error; // left while another tab had the lock
  });
}

function leave(): void {
  isOwner = false;
  leaving.abort();
}

/** Calls `listener` with the answer of every tap, also of those that waited. */
export function onSettled(listener: (tap: SettledTap, reply: Reply) => void): void {
  listeners.add(listener);
}

/**
 * Puts a tap on the disk, then sends it. The disk costs a few milliseconds beside the network's thirty, and from then
 * on neither a dead battery nor a closed browser loses it. `isNeededNow`: whoever tapped can't go on without the answer,
 * also where it is known that answers take long.
 */
export async function enqueue(
  wanted: Omit<Tap, 'tapId' | 'tappedAt' | 'wasSent'>,
  { isNeededNow = false } = {},
): Promise<Told> {
  const tapId = uuid();
  const askedAt = performance.now();
  try {
    await addTap({ ...wanted, tapId, tappedAt: tapTimeNow(), wasSent: false });
  } catch (error) {
    console.error('A tap cannot be written down:', error);
    // Nor is it sent: without its id on the disk, the next try would be another tap.
    return { kind: 'no', problem: { title: String(error), status: NOT_KEPT }, tapId, askedAt };
  }
  const canBeSent = !isOffline.value && readCredentials().deviceToken !== null;
  const isWorthWaiting = canBeSent && (isNeededNow || !isSlow.value);
  const waitMs = isNeededNow ? WAIT_FOR_NEEDED_ANSWER_MS : WAIT_FOR_ANSWER_MS;
  const answered = isWorthWaiting ? waitForAnswer(tapId, waitMs) : null;
  announce({ kind: 'changed' });
  void recount();
  wake();
  const reply = await answered;
  if (!reply) return { kind: 'waiting', tapId, askedAt };
  // Told here and now: it is no news for the manager.
  if (reply.kind === 'no') await forgetRefused(tapId).then(recount);
  return { ...reply, tapId, askedAt };
}

/** Takes back a tap that has not left the tablet. False when it may have: then it is undone by another tap. */
export async function cancel(tapId: string): Promise<boolean> {
  const isCancelled = await cancelTap(tapId);
  announce({ kind: 'changed' });
  await recount();
  return isCancelled;
}

/** The barista has read why; the manager still has it. */
export async function dismissRefused(tapId: string): Promise<void> {
  await forgetRefused(tapId);
  announce({ kind: 'changed' });
  await recount();
}

/** Sends what waits, now. */
export function wake(): void {
  clearTimeout(retryTimer);
  if (!isOwner) return;
  if (isDraining) {
    isAskedAgain = true;
    return;
  }
  isDraining = true;
  void drain()
    .catch((error: unknown) => {
      console.error('The taps cannot be read:', error);
      return 'later' as const;
    })
    .then((outcome) => {
      isDraining = false;
      isBehind.value = outcome !== 'done';
      if (isAskedAgain) {
        isAskedAgain = false;
        wake();
      } else if (outcome === 'later') {
        retryTimer = setTimeout(wake, withJitter(retryMs));
        retryMs = Math.min(retryMs * 2, RETRY_AT_MOST_MS);
      } else retryMs = RETRY_MS;
    });
}

/** Waits until everything tapped is answered, or the connection is gone; no longer than `waitMs`. */
export async function untilSent(waitMs: number): Promise<void> {
  const startedAt = performance.now();
  const hasToWait = async () => !isOffline.value && (await countTaps().catch(() => 0)) > 0;
  while (performance.now() - startedAt < waitMs && (await hasToWait()))
    await new Promise((resolve) => setTimeout(resolve, LOOKED_EVERY_MS));
}

function waitForAnswer(tapId: string, waitMs: number): Promise<Reply | null> {
  sendingCount.value += 1;
  return new Promise<Reply | null>((resolve) => {
    const timer = setTimeout(() => {
      isSlow.value = true; // or gone: the way of the tap itself will tell
      done(null);
    }, waitMs);
    const done = (reply: Reply | null) => {
      clearTimeout(timer);
      waiters.delete(tapId);
      resolve(reply);
    };
    waiters.set(tapId, done);
  }).finally(() => (sendingCount.value -= 1));
}

/**
 * Sends tap after tap, in the order they were made. `done`: nothing is left to do; `later`: to be tried again;
 * `not-now`: it is woken again when there is a connection and a till to send for.
 */
async function drain(): Promise<'done' | 'later' | 'not-now'> {
  if (isOffline.value || readCredentials().deviceToken === null) return 'not-now';
  let isDone = true;
  for (;;) {
    const tap = await firstTap();
    if (!tap) break;
    if (needsServerTime(tap.tappedAt)) await tryOnce({ method: 'GET', path: '/healthz' }, TIME_WITHIN_MS);
    const reply = await sendTap(tap);
    if (reply === 'later') {
      isDone = false;
      break;
    }
    if (reply === 'cancelled') continue;
    await settle(tap, reply);
  }
  return (await keepRefused()) && isDone ? 'done' : 'later';
}

async function sendTap(tap: Tap): Promise<Reply | 'later' | 'cancelled'> {
  if (!tap.wasSent && !(await markSent(tap.tapId))) return 'cancelled';
  const startedAt = performance.now();
  for (const waitMs of [0, ...QUICK_RETRIES_MS]) {
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const reply = await askServer(tap);
    if (reply) {
      isOffline.value = false;
      return await whetherLater(tap, reply);
    }
    // No network, or one that takes everything and answers nothing.
    if (!navigator.onLine || performance.now() - startedAt > HICCUP_MS) break;
  }
  isOffline.value = true;
  return 'later';
}

/**
 * By the token of whoever tapped while they are signed in; otherwise the till speaks for them, with the session the tap
 * was made under: somebody who has gone home, or no longer works here, has still sold what they sold.
 */
async function askServer(tap: Tap): Promise<Reply | undefined> {
  const { deviceToken, session } = readCredentials();
  const request = {
    method: tap.method,
    path: tap.path,
    body: tap.body ?? undefined,
    headers: { 'Idempotency-Key': tap.tapId, 'Tapped-Ago': String(tappedAgoMs(tap.tappedAt)) },
  };
  const isTheirs = session?.sessionId === tap.sessionId && tap.operation !== 'return_lease';
  if (isTheirs) {
    const reply = await tryOnce({ ...request, token: session.token });
    if (reply?.kind !== 'no' || reply.problem.status !== 401) return reply;
  }
  const headers = {
    ...request.headers,
    ...(tap.operation !== 'return_lease' && { 'Staff-Session': tap.sessionId }),
  };
  return tryOnce({ ...request, headers, token: deviceToken });
}

async function whetherLater(tap: Tap, reply: Reply): Promise<Reply | 'later'> {
  if (reply.kind === 'yes') {
    isTillEnded.value = false;
    waitingTrouble.value = null;
    return reply;
  }
  const { status, refused } = reply.problem;
  if (refused !== undefined && status !== 401) isTillEnded.value = false;
  // Without a word of ours it was something in between that answered.
  if (status === 401 || refused === undefined) {
    isTillEnded.value = status === 401;
    if (status === 401) for (const giveUp of waiters.values()) giveUp(reply);
    return 'later';
  }
  // Done before, so long ago that only the answer is gone.
  if (refused === 'operation-forgotten') return { kind: 'yes', answer: undefined };
  if (!LATER.has(status) && status < 500) return reply;
  // It may have been recorded, or not: only the same tap again is safe, and nobody waits for it on the screen.
  waitingTrouble.value = reply.problem;
  waiters.get(tap.tapId)?.(null);
  if (LATER.has(status)) return 'later';
  // Only while the server can work is it for this tap that it fails.
  if (!(await tryOnce({ method: 'GET', path: '/readyz' }, READY_WITHIN_MS))) return 'later';
  const failed = (failures.get(tap.tapId) ?? 0) + 1;
  failures.set(tap.tapId, failed);
  return failed >= FAILURES_AT_MOST ? reply : 'later';
}

async function settle(tap: Tap, reply: Reply): Promise<void> {
  // A lease that can't be given back is gone already: nothing to tell anybody.
  const isOver = tap.operation === 'return_lease';
  if (reply.kind === 'yes' || isOver) await settleTap(tap.tapId, idsIn(reply.kind === 'yes' && reply.answer));
  else await refuseTap(tap, reply.problem.refused ?? 'server-error');
  failures.delete(tap.tapId);
  waitingTrouble.value = null;
  const { tapId, sessionId } = tap;
  announce({ kind: 'settled', tapId, sessionId, reply });
  tell(tap, reply);
  await recount();
}

function idsIn(answer: unknown): AnsweredIds {
  const { sale, gesture } = (answer || {}) as {
    sale?: { saleId: string } | null;
    gesture?: { gestureId: string };
  };
  return { ...(sale && { saleId: sale.saleId }), ...(gesture && { gestureId: gesture.gestureId }) };
}

function tell(tap: SettledTap, reply: Reply): void {
  waiters.get(tap.tapId)?.(reply);
  for (const listener of listeners) listener(tap, reply);
}

/** Hands what was refused to the server, for the manager. True when nothing is left to hand over. */
async function keepRefused(): Promise<boolean> {
  const { deviceToken } = readCredentials();
  let isDone = true;
  for (const { tap, refusal, refusedAt, isKept } of await listRefused()) {
    if (isKept) continue;
    if (!isPastTelling(refusedAt)) {
      isDone = false;
      continue;
    }
    const { tapId, sessionId, operation, tappedAt } = tap;
    const reply = await tryOnce({
      method: 'POST',
      path: '/api/v1/kept-taps',
      token: deviceToken,
      body: {
        tapId,
        sessionId,
        operation,
        refusal,
        body: { ...tap.body, ...idInPath(tap) },
        tappedAgoSeconds: Math.min(Math.round(tappedAgoMs(tappedAt) / 1_000), KEPT_AGO_AT_MOST_S),
      },
    });
    if (reply?.kind === 'yes') await markKept(tapId);
    else isDone = false;
    await recount();
  }
  return isDone;
}

/** What was to be undone or given back, which the address says. */
function idInPath({ operation, path }: Tap): Record<string, string> {
  const id = path.split('/')[4]; // after '', 'api', 'v1' and what it is
  if (!id || id.startsWith('{')) return {};
  if (operation === 'undo_sale') return { saleId: id };
  if (operation === 'undo_gesture') return { gestureId: id };
  return operation === 'return_lease' ? { leaseId: id } : {};
}

function announce(message: Message): void {
  channel.postMessage(message);
}

async function recount(): Promise<void> {
  const [count, refused] = await Promise.all([countTaps(), listRefused()]);
  waitingCount.value = count;
  refusedTaps.value = refused.filter(({ isKept, refusedAt }) => isKept || isPastTelling(refusedAt));
}

/** Also when the tablet's clock was put back since: or else nobody would hear of it for as long as it was ahead. */
function isPastTelling(refusedAt: number): boolean {
  const goneMs = Date.now() - refusedAt;
  return goneMs >= TOLD_WITHIN_MS || goneMs < 0;
}
