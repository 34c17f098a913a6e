import { signal } from '@preact/signals';
import { api } from '../api.ts';
import type { Allowance, Person, Problem } from '../api-types.ts';
import type { Outcome } from '../send.ts';
import { notice } from './notice.ts';
import { deviceToken, forgetTill, readTill } from './till.ts';

export interface Session {
  /** In memory only: a till that is switched off is locked. */
  token: string;
  person: Person;
}

export const session = signal<Session | null>(null);
/** Whose PIN is asked for. */
export const choosing = signal<Person | null>(null);
/** The server ended the session, not the barista: what is on the screen waits for the PIN. */
export const isInterrupted = signal(false);
/** What whoever is signed in may still give; null until it was read. */
export const allowance = signal<Allowance | null>(null);

export async function signIn(person: Person, pin: string): Promise<Outcome<unknown> | null> {
  if (deviceToken.value === null) return null;
  const outcome = await api.signIn(deviceToken.value, { staffId: person.staffId, pin });
  if (outcome.kind === 'no' && outcome.problem.refused === 'not-signed-in') forgetTill();
  if (outcome.kind !== 'yes') return outcome;
  const { token, staff } = outcome.answer;
  session.value = { token, person: { ...person, role: staff.role } };
  choosing.value = null;
  isInterrupted.value = false;
  notice.value = null;
  void readAllowance();
  void readTill();
  return outcome;
}

/** Ends the session here at once; on the server as soon as it hears of it. */
export function signOut(): void {
  const token = session.value?.token;
  session.value = null;
  choosing.value = null;
  isInterrupted.value = false;
  allowance.value = null;
  notice.value = null;
  if (token) void api.signOut(token);
}

export async function readAllowance(): Promise<void> {
  if (!session.value) return;
  const outcome = await api.readAllowance(session.value.token);
  if (outcome.kind === 'yes') allowance.value = outcome.answer;
}

/** Whether the problem is that the session ended; then the PIN is asked for, and nothing on the screen is lost. */
export function interruptIfSignedOut({ refused }: Problem): boolean {
  if (refused !== 'not-signed-in') return false;
  choosing.value = session.value?.person ?? null;
  session.value = null;
  isInterrupted.value = true;
  return true;
}
