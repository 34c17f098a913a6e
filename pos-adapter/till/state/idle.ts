import { effect, signal, untracked } from '@preact/signals';
import { settings } from '../settings/settings.ts';
import { newCard } from './new-card.ts';
import { show } from './notice.ts';
import { isBusy } from './recording.ts';
import { interrupted, session } from './session.ts';
import { canLockNow, lockScreen, signOut } from './sign-in.ts';
import { closeSheet, sheet } from './sheet.ts';
import { deviceToken } from './till.ts';
import { texts } from '../texts.ts';
import { basketLines, endVisit, visit } from './visit.ts';

/** Past the half minute in which things can be undone. */
const SERVED_AFTER_MS = 45_000;
/** A name is not left on a screen that customers can see. */
const LEFT_AFTER_MS = 2 * 60_000;
/** A change of shift at the counter takes no longer. */
const HANDED_OVER_WITHIN_MS = 60_000;
const CHECKED_EVERY_MS = 1_000;

/** When the till was last touched before nobody came back to it: what was looked for by then is gone from the screen. */
export const leftAt = signal(0);

let touched = { at: performance.now(), clock: Date.now() };

/** Clears the screen of a customer who is served, and locks a till that nobody uses. */
export function watchIdleness(): void {
  const touch = () => {
    touched = { at: performance.now(), clock: Date.now() };
  };
  for (const event of ['pointerdown', 'keydown', 'wheel'])
    document.addEventListener(event, touch, { capture: true, passive: true });
  setInterval(check, CHECKED_EVERY_MS);
  document.addEventListener('visibilitychange', check); // before the first touch after a sleep
}

/** By the clock when that says longer: the page's own time stands still while some tablets sleep. */
function computeIdleMs(): number {
  return Math.max(performance.now() - touched.at, Date.now() - touched.clock);
}

function check(): void {
  const idleMs = computeIdleMs();
  if (isBusy.value) return;
  const lockAfterMs = settings.value.lockAfterMinutes * 60_000;
  if (!session.value) {
    if (interrupted.value && idleMs > lockAfterMs) {
      clearScreen();
      lockScreen();
    } else if (visit.value && !interrupted.value && idleMs > HANDED_OVER_WITHIN_MS) clearScreen();
    return;
  }
  if (idleMs > LEFT_AFTER_MS) leftAt.value = touched.at;
  if (idleMs > lockAfterMs) {
    clearScreen();
    if (!canLockNow()) return;
    lockScreen();
    show('warn', texts.bar.lockedByItself);
    return;
  }
  const current = visit.value;
  if (!current || sheet.value || newCard.value || basketLines.value.length > 0) return;
  if (idleMs > (current.acts.length > 0 ? SERVED_AFTER_MS : LEFT_AFTER_MS)) endVisit();
}

/** Signs out. A customer who is being served waits, out of sight, for whoever signs in within the minute. */
export function lock(): void {
  coverScreen();
  signOut();
}

/** With a till that the owner ended, whoever was signed in is gone, and so is their customer. */
effect(() => {
  if (deviceToken.value !== null) return;
  untracked(() => {
    clearScreen();
    lockScreen();
  });
});

function clearScreen(): void {
  coverScreen();
  endVisit();
}

function coverScreen(): void {
  closeSheet();
  newCard.value = null;
}
