import { effect, signal } from '@preact/signals';
import { api } from '../api.ts';
import type { FairnessMirror } from '../api-types.ts';
import { texts } from '../texts.ts';
import { newCard } from './new-card.ts';
import { explain } from './notice.ts';
import { interruptIfSignedOut, session } from './session.ts';
import { visit } from './visit.ts';

/** How the gestures of whoever is signed in spread, on the screen; null when nobody is looking. */
export const mirror = signal<{ spread: FairnessMirror | null; trouble: string | null } | null>(null);

/** Asks for the mirror of whoever is signed in. It is never kept on the tablet. */
export async function lookInMirror(): Promise<void> {
  const asking = session.value;
  if (!asking) return;
  mirror.value = { spread: null, trouble: null };
  const outcome = await api.readMirror(asking.token);
  // Somebody locked the till meanwhile, or left: then it is for nobody's eyes.
  if (!mirror.value || session.value !== asking) return;
  if (outcome.kind === 'yes') mirror.value = { spread: outcome.answer, trouble: null };
  else if (outcome.kind === 'silence') mirror.value = { spread: null, trouble: texts.mirror.noConnection };
  else if (!interruptIfSignedOut(outcome.problem, asking))
    mirror.value = { spread: null, trouble: explain(outcome) };
}

export function leaveMirror(): void {
  mirror.value = null;
}

// A customer comes first, and what is for one person's eyes does not wait for the next.
effect(() => {
  if (!session.value || visit.value || newCard.value) leaveMirror();
});
