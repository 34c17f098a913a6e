import type { Database, Queries } from '../../db/database.ts';
import { forgetAttempts, forgetPasswordAttempts } from '../../db/queries/attempt-queries.ts';
import { findStaff } from '../../db/queries/staff-queries.ts';
import type { StaffRow } from '../../db/queries/staff-queries.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { guessedByStranger, saveGuessAgain, takeGuess } from './guess-limit.ts';
import type { Guessed } from './guess-limit.ts';
import type { Passwords } from './passwords.ts';
import type { SecondFactorRefusal } from './second-factor.ts';

const SIGNED_IN = 'signed-in';

export type SignInRefusal =
  | SecondFactorRefusal
  | { refused: 'credentials-wrong'; triesLeft: number; retryAt: Date | null }
  | { refused: 'too-many-requests' };

/**
 * A browser in which somebody signed in before. Wrong tries in it are counted apart from everybody else's, or whoever
 * knows an address could keep its owner out for ever by guessing.
 */
export interface KnownBrowser {
  staffId: string;
  browserId: string;
}

/** What somebody gives to show who they are. */
export interface Credentials {
  password: string;
  /** Of the second factor, when it is on: a code of the app, or a recovery code. */
  code?: string | undefined;
}

/**
 * Whether this is somebody's password; nobody's takes as long and says no. The guess is counted before it is checked:
 * forget it, in the transaction of what they want to do, when it was right.
 */
export const checkPassword =
  ({ db, passwords, now }: { db: Database; passwords: Passwords; now: Date }) =>
  async (
    person: StaffRow | undefined,
    { email, password, from }: { email: string; password: string; from?: string | undefined },
  ): Promise<StaffRow | SignInRefusal> => {
    // Somebody who was a manager once may still have a password: the desk is not theirs any more.
    const mayKnow = person && person.passwordHash !== null && person.role !== 'barista' ? person : undefined;
    const guessed = mayKnow && from ? guessedPassword(mayKnow, from) : guessedByStranger(email);
    if (passwords.isBusy()) return { refused: 'too-many-requests' };
    const guess = await db.transact((tx) => takeGuess(tx, { ...guessed, now }));
    if ('refused' in guess) return guess;
    const isRight = await passwords.verify(mayKnow?.passwordHash ?? null, password);
    if (isRight && mayKnow) return mayKnow;
    const { lockedUntil: until } = guess;
    if (until)
      await db.transact((tx) =>
        mayKnow ? recordLock(tx, { person: mayKnow, until, now }) : saveGuessAgain(tx, guessed),
      );
    return { refused: 'credentials-wrong', triesLeft: guess.triesLeft, retryAt: until };
  };

/** As `checkPassword`, of somebody who is signed in and enters it again: no stranger's guesses stand in the way. */
export const checkOwnPassword =
  (parts: Parameters<typeof checkPassword>[0]) =>
  async ({ merchantId, staffId }: Actor, { password }: Credentials): Promise<StaffRow | SignInRefusal> => {
    const person = await parts.db.read((queries) => findStaff(queries, { merchantId, staffId }));
    return checkPassword(parts)(person, { email: person?.email ?? '', password, from: SIGNED_IN });
  };

/** `from` is what is counted by itself: a browser that is known, or somebody who is signed in. */
export function guessedPassword({ merchantId, staffId, email }: StaffRow, from?: string): Guessed {
  if (!from) return guessedByStranger(email ?? '');
  return { merchantId, subject: `password:${staffId}:${from}` };
}

/** Forgets somebody's wrong passwords, from wherever. */
export async function forgetWrongPasswords(tx: Queries, person: StaffRow): Promise<void> {
  await forgetPasswordAttempts(tx, person);
  await forgetAttempts(tx, guessedPassword(person));
}

/** As `guessedPassword`, of somebody who is signed in. */
export function guessedOwnPassword(person: StaffRow): Guessed {
  return guessedPassword(person, SIGNED_IN);
}

function recordLock(
  tx: Queries,
  { person, until, now }: { person: StaffRow; until: Date; now: Date },
): Promise<void> {
  const { merchantId, staffId } = person;
  return appendAudit(tx, {
    merchantId,
    at: now,
    staffId: null,
    action: 'password.locked',
    subjectId: staffId,
    details: { until: until.toISOString() },
  });
}
