import { signal } from '@preact/signals';
import { api } from '../api.ts';
import type { Allowance, Person, Problem } from '../api-types.ts';

export interface Session {
  /** In memory only: a till that is switched off is locked. */
  token: string;
  sessionId: string;
  person: Person;
}

export const session = signal<Session | null>(null);
/** Whose PIN is asked for. */
export const choosing = signal<Person | null>(null);
/** The server ended the session, not the barista: what is on the screen waits for the PIN. */
export const isInterrupted = signal(false);
/** What whoever is signed in may still give; null until it was read. */
export const allowance = signal<Allowance | null>(null);

export async function readAllowance(): Promise<void> {
  if (!session.value) return;
  const outcome = await api.readAllowance(session.value.token);
  if (outcome.kind === 'yes') allowance.value = outcome.answer;
}

/** Whether the problem is that the session ended; then the PIN is asked for, and nothing on the screen is lost. */
export function interruptIfSignedOut({ refused }: Problem): boolean {
  if (refused !== 'not-signed-in' && refused !== 'session-over') return false;
  choosing.value = session.value?.person ?? null;
  session.value = null;
  isInterrupted.value = true;
  return true;
}
