import { hash } from 'node:crypto';
import type { Queries } from '../../db/database.ts';
import { findAttempts, saveAttempts } from '../../db/queries/attempt-queries.ts';

/** Wrong tries in a row before the first wait. */
export const MAX_GUESSES = 5;
const FIRST_WAIT_MS = 30_000;
/** With a wait of 15 minutes a PIN of four figures takes two months to guess, on a till somebody is watching. */
const LONGEST_WAIT_MS = 15 * 60_000;
/** Wrong tries this long ago are not in a row with one of now; whoever goes on guessing has had more by then. */
const FORGOTTEN_AFTER_MS = 86_400_000;
/** Stands for a merchant when it is not known whose secret is being guessed. */
const NOBODYS = '*';

export interface Guessed {
  merchantId: string;
  /** What is being guessed: `pin:{deviceId}:{staffId}`, `password:{staffId}:{browserId}`, … */
  subject: string;
}

export type Locked = { refused: 'locked'; retryAt: Date };

/** A guess that may be checked: what is left, and until when it is locked, should it turn out wrong. */
export interface Guess {
  triesLeft: number;
  lockedUntil: Date | null;
}

/**
 * Counts a guess *before* it is checked, so that a thousand guesses at once are still five; forget it when it was
 * right. Wait after wait doubles, from 30 s to 15 min. Kept in the database: a restart changes nothing.
 */
export async function takeGuess(
  tx: Queries,
  { merchantId, subject, now }: Guessed & { now: Date },
): Promise<Guess | Locked> {
  const earlier = await findAttempts(tx, { merchantId, subject });
  if (earlier?.lockedUntil && earlier.lockedUntil > now)
    return { refused: 'locked', retryAt: earlier.lockedUntil };
  const isInARow = earlier && now.getTime() - earlier.lastFailedAt.getTime() < FORGOTTEN_AFTER_MS;
  const failedCount = (isInARow ? earlier.failedCount : 0) + 1;
  const lockedUntil = computeLock({ failedCount, now });
  await saveAttempts(tx, { merchantId, subject, failedCount, lockedUntil, lastFailedAt: now });
  return { triesLeft: Math.max(0, MAX_GUESSES - failedCount), lockedUntil };
}

/**
 * Writes down what is known of somebody's guesses as it is. A lock is recorded for those who exist; with nobody's, which
 * is in no log, this takes as long, and so the answer comes no sooner.
 */
export async function saveGuessAgain(tx: Queries, guessed: Guessed): Promise<void> {
  const known = await findAttempts(tx, guessed);
  if (known) await saveAttempts(tx, known);
}

/** Until when there may be no further guess; null while there may be. */
function computeLock({ failedCount, now }: { failedCount: number; now: Date }): Date | null {
  if (failedCount < MAX_GUESSES) return null;
  const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (failedCount - MAX_GUESSES), LONGEST_WAIT_MS);
  return new Date(now.getTime() + waitMs);
}

/**
 * Counts the passwords that strangers guess by the address they typed, whether or not it is known, so that neither a
 * lock nor the tries that are left give that away; in 65,536 boxes, so that they can't fill the disk.
 */
export function guessedByStranger(email: string): Guessed {
  return { merchantId: NOBODYS, subject: `password:${hash('sha256', email).slice(0, 4)}` };
}
