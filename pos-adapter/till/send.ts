import { effect, signal } from '@preact/signals';
import { v7 as uuid } from 'uuid';
import type { Problem } from './api-types.ts';
import { noteServerTime } from './server-time.ts';

/** Tries again for about five seconds: longer than a Wi-Fi hiccup, shorter than a queue's patience. */
const RETRY_AFTER_MS = [300, 700, 1_500, 3_000];
/**
 * Nobody at a till waits longer, whatever the network does: one that swallows everything would take its time at every
 * try.
 */
const PATIENCE_MS = 8_000;
/** Nothing was sent and the tablet itself says there is no network: a second is enough to see whether it comes back. */
const GIVE_UP_OFFLINE_MS = 700;
const ANSWER_WITHIN_MS = 8_000;
/** While it is known that there is no connection, nobody waits longer to hear whether it is back. */
const ANSWER_WITHIN_OFFLINE_MS = 2_000;
/** Longer than a barista looks at a button they have tapped. */
const SLOW_AFTER_MS = 1_500;
/** How long until the server is looked for again, at first and at the longest. */
const LOOK_AGAIN_MS = 1_000;
const LOOK_AGAIN_AT_MOST_MS = 15_000;
/** Answers of proxies and of a server that is starting: nothing was decided, so ask again. */
const ASK_AGAIN = new Set([502, 503, 504]);

export type Outcome<Answer> =
  | { kind: 'yes'; answer: Answer; askedAt: number }
  | { kind: 'no'; problem: Problem }
  /** No answer came. `wasSent` when the request may have arrived all the same. */
  | { kind: 'silence'; wasSent: boolean };

export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  token?: string | null | undefined;
  body?: object | undefined;
  /** Carries an `Idempotency-Key`: it may be asked for twice and happens once. */
  isWrite?: boolean;
  /** Not tried again by itself: the server would not know it for the same. */
  isOnce?: boolean;
  /** Asked before it is sent again: false when nobody wants it any more. */
  isStillWanted?: () => boolean;
  /** Nobody at the till waits for it. */
  isBackground?: boolean;
  headers?: Record<string, string>;
}

/** How many requests somebody at the till waits for. */
export const sendingCount = signal(0);
/** How many others are on their way. */
export const backgroundCount = signal(0);
/** There is no connection: the last request got no answer. */
export const isOffline = signal(!navigator.onLine);
/** The server answers, but later than anybody at a till can wait: what can go on without its answer does. */
export const isSlow = signal(false);

/**
 * Keys of writes that got no answer: asking for the same again sends the same key, and so happens once.
 * Keys are in time order, which the database files away quicker than random ones.
 */
const unsettled = new Map<string, string>();

/** Sends, and sends again with the same `Idempotency-Key` while no answer comes. Never throws. */
export async function send<Answer>(request: Request): Promise<Outcome<Answer>> {
  const count = request.isBackground ? backgroundCount : sendingCount;
  count.value += 1;
  try {
    return await ask<Answer>(request, PATIENCE_MS);
  } finally {
    count.value -= 1;
  }
}

/**
 * As `send`, for what there is something to go on with: whoever asks waits no longer than `patienceMs`, and an answer
 * that comes after that is handed to `takeLate`.
 */
export async function sendImpatiently<Answer>(
  request: Request,
  { patienceMs, takeLate }: { patienceMs: number; takeLate: (outcome: Outcome<Answer>) => void },
): Promise<Outcome<Answer>> {
  sendingCount.value += 1;
  try {
    const asking = ask<Answer>(request, patienceMs);
    const outcome = await Promise.race([asking, nothingAfter(patienceMs)]);
    if (outcome) return outcome;
    isSlow.value = true;
    void asking.then(takeLate);
    return { kind: 'silence', wasSent: true };
  } finally {
    sendingCount.value -= 1;
  }
}

/** `tryForMs`: how long it is tried again; the last try still has time for its answer. */
async function ask<Answer>(request: Request, tryForMs: number): Promise<Outcome<Answer>> {
  const asked = `${request.method} ${request.path} ${JSON.stringify(request.body)}`;
  const key = request.isWrite ? (unsettled.get(asked) ?? uuid()) : undefined;
  const askedAt = performance.now();
  const reply = await tryRepeatedly(request, key, tryForMs);
  isOffline.value = reply.kind === 'silence';
  if (key !== undefined) {
    // What went wrong inside the server may have been recorded, or not: only the same key is safe.
    const isOpen =
      reply.kind === 'silence' ? reply.wasSent : reply.kind === 'no' && reply.problem.status >= 500;
    if (isOpen) unsettled.set(asked, key);
    else unsettled.delete(asked);
  }
  return reply.kind === 'yes' ? { ...reply, answer: reply.answer as Answer, askedAt } : reply;
}

function nothingAfter(waitMs: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, waitMs));
}

/** The customer has left: what was not answered is not asked for again under the same key. */
export function forgetUnsettled(): void {
  unsettled.clear();
}

export type Reply = { kind: 'yes'; answer: unknown } | { kind: 'no'; problem: Problem };

async function tryRepeatedly(
  request: Request,
  key: string | undefined,
  tryForMs: number,
): Promise<Reply | { kind: 'silence'; wasSent: boolean }> {
  const isOnce = request.isOnce || isOffline.value;
  const startedAt = performance.now();
  const headers = { ...request.headers, ...(key && { 'Idempotency-Key': key }) };
  let wasSent = false;
  for (const waitMs of [0, ...(isOnce ? [] : RETRY_AFTER_MS)]) {
    const goneMs = performance.now() + waitMs - startedAt;
    if (goneMs >= tryForMs) break;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (wasSent && request.isStillWanted?.() === false) break;
    if (!navigator.onLine) {
      if (!wasSent && waitMs >= GIVE_UP_OFFLINE_MS) break;
      continue;
    }
    wasSent = true;
    const answerWithinMs = isOffline.value ? ANSWER_WITHIN_OFFLINE_MS : PATIENCE_MS - goneMs;
    const reply = await tryOnce({ ...request, headers }, answerWithinMs);
    if (reply) return reply;
  }
  return { kind: 'silence', wasSent };
}

/** Sends once; undefined when no answer came in time, or one that decides nothing. */
export async function tryOnce(
  { method, path, token, body, headers }: Request,
  answerWithinMs = ANSWER_WITHIN_MS,
): Promise<Reply | undefined> {
  const askedAt = performance.now();
  try {
    const response = await fetch(path, {
      method,
      headers: {
        ...headers,
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(body && { 'Content-Type': 'application/json' }),
      },
      body: body ? JSON.stringify(body) : null,
      credentials: 'omit', // the owner's desk may be signed in in the same browser
      cache: 'no-store',
      signal: AbortSignal.timeout(answerWithinMs),
    });
    noteServerTime(response.headers.get('Date'));
    const text = await response.text();
    isSlow.value = performance.now() - askedAt > SLOW_AFTER_MS;
    // Only 204 has nothing to say: an empty page is of something in between, and throws here like any that is not ours.
    if (response.ok) return { kind: 'yes', answer: response.status === 204 ? undefined : JSON.parse(text) };
    const problem = readProblem(response.status, text);
    const isDecided = !ASK_AGAIN.has(problem.status) || problem.refused === 'storage-full';
    return isDecided ? { kind: 'no', problem } : undefined;
  } catch {
    return undefined; // no connection, a connection that broke half way, or too slow: all look alike here
  }
}

function readProblem(status: number, text: string): Problem {
  try {
    return { ...(JSON.parse(text) as Problem), status };
  } catch {
    return { title: text.slice(0, 100), status };
  }
}

/**
 * While there is no connection, or a slow one, looks for the server until it answers as it should: soon at first, then
 * ever more seldom.
 */
export function watchConnection(): void {
  addEventListener('offline', () => (isOffline.value = true));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = LOOK_AGAIN_MS;
  const look = async (): Promise<void> => {
    clearTimeout(timer);
    const isHere = navigator.onLine && (await tryOnce({ method: 'GET', path: '/healthz' }));
    if (isHere) isOffline.value = false;
    waitMs = Math.min(waitMs * 2, LOOK_AGAIN_AT_MOST_MS);
    clearTimeout(timer);
    if (isOffline.value || isSlow.value) timer = setTimeout(() => void look(), withJitter(waitMs));
  };
  addEventListener('online', () => void look());
  effect(() => {
    clearTimeout(timer);
    if (!isOffline.value && !isSlow.value) return;
    waitMs = LOOK_AGAIN_MS;
    timer = setTimeout(() => void look(), waitMs);
  });
}

/** A shop's tills lose the network together; they need not all come back in the same moment. */
export function withJitter(waitMs: number): number {
  return waitMs * (0.5 + Math.random() / 2);
}
