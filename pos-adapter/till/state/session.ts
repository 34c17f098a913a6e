import { signal } from '@preact/signals';
import { api } from '../api.ts';
import type { Allowance, Person, Problem } from '../api-types.ts';
import { texts } from '../texts.ts';
import { show } from './notice.ts';
import { readTill, till } from './till.ts';

export interface Session {
  /** In memory only: a till that is switched off is locked. */
  token: string;
  sessionId: string;
  person: Person;
}

export const session = signal<Session | null>(null);
/** Whose PIN is asked for. */
export const choosing = signal<Person | null>(null);
/** Whose session the server ended, not they themselves: what is on the screen waits for their PIN. */
export const interrupted = signal<Person | null>(null);
/** What whoever is signed in may still give; null until it was read. */
export const allowance = signal<Allowance | null>(null);

export async function readAllowance(): Promise<void> {
  const asking = session.value;
  if (!asking) return;
  const outcome = await api.readAllowance(asking.token);
  if (outcome.kind === 'yes') noteAllowance(outcome.answer, asking);
}

/** What somebody may still give, while it is they who are signed in. */
export function noteAllowance(theirs: Allowance, { sessionId }: Session): void {
  if (session.value?.sessionId === sessionId) allowance.value = theirs;
}

/**
 * Whether the problem is that the session it was asked under ended; then the PIN is asked for, and nothing on the screen
 * is lost. Whoever has signed in meanwhile goes on.
 */
export function interruptIfSignedOut({ refused }: Problem, askedUnder: Session): boolean {
  if (refused !== 'not-signed-in' && refused !== 'session-over') return false;
  if (session.value?.sessionId === askedUnder.sessionId) void interrupt(askedUnder.person);
  return true;
}

/** Asks for the PIN again, unless whoever was signed in may not enter it here any more: then that is said. */
export async function interrupt(person: Person): Promise<void> {
  choosing.value = interrupted.value = person;
  session.value = null;
  await readTill(); // and when it is the till that the owner ended, it says so
  const mayStay = !till.value || till.value.staff.some(({ staffId }) => staffId === person.staffId);
  if (mayStay || interrupted.value !== person) return;
  choosing.value = interrupted.value = null;
  show('warn', texts.people.notHere(person.firstName));
}
