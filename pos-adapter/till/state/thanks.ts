import { effect, signal } from '@preact/signals';
import { api } from '../api.ts';
import type { OwnThanks } from '../api-types.ts';
import { isOffline } from '../send.ts';
import { session } from './session.ts';

/** Between two customers it is not asked for again sooner. */
const ASKED_EVERY_MS = 60_000;

/** What customers thanked whoever is signed in for, the newest first. Never kept on the tablet. */
export const thanks = signal<OwnThanks['items']>([]);

let asked: { sessionId: string; atMs: number } | null = null;

/** Asks for it while nobody is being served. Nobody waits for it, and without a connection it can wait. */
export async function readThanks(): Promise<void> {
  const asking = session.value;
  if (!asking || isOffline.value) return;
  const { sessionId, token } = asking;
  const atMs = performance.now();
  if (asked?.sessionId === sessionId && atMs - asked.atMs < ASKED_EVERY_MS) return;
  asked = { sessionId, atMs };
  const outcome = await api.readThanks(token);
  if (outcome.kind === 'yes' && session.value?.sessionId === sessionId) thanks.value = outcome.answer.items;
}

// They were for one person.
effect(() => {
  if (!session.value) {
    thanks.value = [];
    asked = null;
  }
});
