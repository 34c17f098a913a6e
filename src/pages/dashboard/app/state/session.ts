import { signal } from '@preact/signals';
import { ask, askFor, noticeAnother } from '../api.ts';
import type { Merchant, Who } from '../api-types.ts';
import { forgetChanges } from '../parts/unsaved.ts';

/** Who is signed in, and where; null until it is known. Pages with navigation are drawn only afterwards. */
export const session = signal<{ who: Who; merchant: Merchant } | null>(null);

/** Throws a Problem. */
export async function loadSession(): Promise<void> {
  const [who, merchant] = await Promise.all([
    ask<Who>('GET', '/sessions/current'),
    ask<Merchant>('GET', '/merchant'),
  ]);
  askFor(who.staffId);
  session.value = { who, merchant };
}

/** The other tabs of this browser: who signs out in one has left them all. */
const otherTabs = new BroadcastChannel('doublestamp-desk-session');

/**
 * From now on, whoever comes back to this tab is told when somebody else has signed in in another one; and when the
 * session was ended in another, nothing of it stays in this one either.
 */
export function watchSession(): void {
  otherTabs.addEventListener('message', () => {
    if (session.value) leave();
  });
  document.addEventListener('visibilitychange', () => {
    if (session.value && document.visibilityState === 'visible') void noticeAnother();
  });
}

/** The session, on pages that have one. */
export function useSession(): { who: Who; merchant: Merchant; isOwner: boolean } {
  const known = session.value;
  if (!known) throw new Error('This page is shown without a session');
  return { ...known, isOwner: known.who.role === 'owner' };
}

/** After the settings of the business changed. */
export function noteMerchant(merchant: Merchant): void {
  if (session.value) session.value = { ...session.value, merchant };
}

/** Ends the session, in every tab. Throws a Problem: it may not be over. */
export async function signOut(): Promise<void> {
  await ask('DELETE', '/sessions/current');
  otherTabs.postMessage('signed-out');
  leave();
}

/** The page is loaded anew, so nothing of it stays in memory. */
function leave(): void {
  forgetChanges();
  location.assign('/sign-in');
}
