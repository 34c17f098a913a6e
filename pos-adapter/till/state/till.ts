import { effect, signal } from '@preact/signals';
import { api } from '../api.ts';
import type { Item, Till } from '../api-types.ts';
import { place } from '../formats.ts';
import { texts } from '../texts.ts';
import type { Outcome } from '../send.ts';
import { readKept, writeKept } from '../queue/storage.ts';
import { waitingCount, wake } from '../queue/tap-queue.ts';
import { explain, notice, show } from './notice.ts';

const STORED_TOKEN = 'doublestamp-till';
const KEPT_NAME = 'till';
const SEEN_EVERY_MS = 5 * 60_000;
const KEPT_TOKEN = 'device-token';

/** Speaks for this tablet; outlives a restart. Null while it is not enrolled. */
export const deviceToken = signal<string | null>(localStorage.getItem(STORED_TOKEN));
/** The shop as this till sees it; null until it was read. */
export const till = signal<Till | null>(null);
/** A customer is on the screen. */
export const isServing = signal(false);
/** Why the shop could not be read. */
export const tillTrouble = signal<string | null>(null);

/** Takes the owner's one-time code. True when the tablet is a till from now on. */
export async function enrol(code: string): Promise<boolean> {
  const outcome = await api.enrol(code.trim());
  if (outcome.kind !== 'yes') {
    if (outcome.kind === 'no') show('bad', explain(outcome));
    else show('bad', outcome.wasSent ? texts.enrol.silence : texts.enrol.noConnection);
    return false;
  }
  await keepToken(outcome.answer.token);
  // Asks the browser not to clear the token away when the tablet's disk runs full; it may say no.
  void navigator.storage?.persist?.();
  notice.value = null;
  wake(); // taps of the till this tablet was before
  await readTill();
  return true;
}

/** Reads the menu and the people again: at the start, whenever somebody signs in or leaves. */
export async function readTill(): Promise<void> {
  if (deviceToken.value === null) return;
  tillTrouble.value = null;
  const outcome = await askServer(deviceToken.value);
  if (outcome.kind === 'yes') {
    take(keepOrder(outcome.answer));
    news = null;
    void writeKept(KEPT_NAME, outcome.answer);
  } else if (!forgetIfEnded(outcome) && !till.value) {
    tillTrouble.value = outcome.kind === 'silence' ? texts.loadFailed : explain(outcome);
  }
}

/** How many taps wait here, as the server was last told. */
let toldCount = 0;

async function askServer(token: string): Promise<Outcome<Till>> {
  toldCount = waitingCount.peek();
  const outcome = await api.readTill(token, toldCount);
  const renewed = outcome.kind === 'yes' && outcome.answer.renewedToken;
  if (renewed && deviceToken.value === token) void keepToken(renewed);
  return outcome;
}

async function keepToken(token: string): Promise<void> {
  localStorage.setItem(STORED_TOKEN, token);
  deviceToken.value = token;
  await writeKept(KEPT_TOKEN, token).catch(() => undefined); // a till all the same
}

/**
 * A browser writes its local storage seconds later: a tablet that went out just after it was connected knows its token
 * from the till's own database, which is written at once.
 */
export async function findDeviceToken(): Promise<void> {
  if (deviceToken.value !== null) return;
  deviceToken.value = (await readKept<string>(KEPT_TOKEN).catch(() => undefined)) ?? null;
}

/** Pages of one tablet are one till: whichever of them sends the taps must know by which token, and when it is none. */
export function shareDeviceToken(): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== STORED_TOKEN || newValue === deviceToken.value) return;
    deviceToken.value = newValue;
    if (newValue === null) till.value = null;
    wake();
    void readTill();
  });
}

/** Shows the shop as it was last read, while it is read again: a till starts without a connection. */
export async function startTill(): Promise<void> {
  if (deviceToken.value === null) return;
  const kept = await readKept<Till>(KEPT_NAME).catch(() => undefined);
  // What an earlier build kept has no cut-off.
  if (kept && !till.value) take({ ...kept, location: Object.assign({ cutOffMinutes: 0 }, kept.location) });
  await readTill();
}

/** The shop as it was read while a customer was served. */
let news: Till | null = null;

/** With the next customer, what the owner changed meanwhile: a menu must not move under a finger. */
export function showNews(): void {
  if (news) take(news);
  news = null;
}

/** Lets the owner see that this till is there; sees whether it is still one, and what the owner changed. */
export function watchTill(): void {
  setInterval(async () => {
    if (deviceToken.value === null || !navigator.onLine) return;
    const outcome = await askServer(deviceToken.value);
    if (outcome.kind !== 'yes') return void forgetIfEnded(outcome);
    news = outcome.answer;
    void writeKept(KEPT_NAME, news);
    if (!isServing.value) showNews();
  }, SEEN_EVERY_MS);
  // What was waiting is sent: the desk shows it at once.
  effect(() => {
    if (waitingCount.value === 0 && toldCount > 0 && deviceToken.value !== null)
      void askServer(deviceToken.value).then(forgetIfEnded);
  });
}

function take(read: Till): void {
  till.value = read;
  const { merchant, location } = read;
  const { timeZone, cutOffMinutes } = location;
  place.value = { currency: merchant.currency, timeZone, cutOffMinutes };
  document.title = `${merchant.name}, ${location.name}`;
}

/** While a customer is served no button moves under a thumb; the busiest come first with the next one. */
function keepOrder(read: Till): Till {
  if (!isServing.value) return read;
  const shown = till.value?.items ?? [];
  const places = new Map(shown.map(({ itemId }, index) => [itemId, index]));
  const placeOf = ({ itemId }: Item) => places.get(itemId) ?? places.size;
  return { ...read, items: read.items.toSorted((a, b) => placeOf(a) - placeOf(b)) };
}

/** Whether the server does not know this till any more, because the owner ended it: then nothing of it stays here. */
export function forgetIfEnded(outcome: Outcome<unknown>): boolean {
  if (outcome.kind !== 'no' || outcome.problem.refused !== 'not-signed-in') return false;
  localStorage.removeItem(STORED_TOKEN);
  void writeKept(KEPT_TOKEN, null);
  deviceToken.value = null;
  till.value = null;
  void writeKept(KEPT_NAME, null);
  show('warn', texts.enrol.ended);
  return true;
}
