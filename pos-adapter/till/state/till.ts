import { signal } from '@preact/signals';
import { api } from '../api.ts';
import type { Till } from '../api-types.ts';
import { place } from '../formats.ts';
import { texts } from '../texts.ts';
import { explain, notice, show } from './notice.ts';

const STORED_TOKEN = 'doublestamp-till';

/** Speaks for this tablet; outlives a restart. Null while it is not enrolled. */
export const deviceToken = signal<string | null>(localStorage.getItem(STORED_TOKEN));
/** The shop as this till sees it; null until it was read. */
export const till = signal<Till | null>(null);
/** Why the shop could not be read. */
export const tillTrouble = signal<string | null>(null);

/** Takes the owner's one-time code. True when the tablet is a till from now on. */
export async function enrol(code: string): Promise<boolean> {
  const outcome = await api.enrol(code.trim());
  if (outcome.kind !== 'yes') {
    const isUnclear = outcome.kind === 'silence' && outcome.wasSent;
    show('bad', isUnclear ? texts.enrol.silence : explain(outcome));
    return false;
  }
  const { token } = outcome.answer;
  localStorage.setItem(STORED_TOKEN, token);
  // Asks the browser not to clear the token away when the tablet's disk runs full; it may say no.
  void navigator.storage?.persist?.();
  notice.value = null;
  deviceToken.value = token;
  await readTill();
  return true;
}

/** Reads the menu and the people again: at the start, and whenever somebody signs in. */
export async function readTill(): Promise<void> {
  if (deviceToken.value === null) return;
  tillTrouble.value = null;
  const outcome = await api.readTill(deviceToken.value);
  if (outcome.kind === 'yes') {
    till.value = outcome.answer;
    const { merchant, location } = outcome.answer;
    place.value = { currency: merchant.currency, timeZone: location.timeZone };
    document.title = `${merchant.name}, ${location.name}`;
  } else if (outcome.kind === 'no' && outcome.problem.refused === 'not-signed-in') {
    forgetTill();
  } else {
    tillTrouble.value = outcome.kind === 'silence' ? texts.loadFailed : explain(outcome);
  }
}

/** The owner ended this till. */
export function forgetTill(): void {
  localStorage.removeItem(STORED_TOKEN);
  deviceToken.value = null;
  till.value = null;
  show('warn', texts.enrol.ended);
}
