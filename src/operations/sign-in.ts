import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { forgetAttempts } from '../../db/queries/attempt-queries.ts';
import { refreshSession } from '../../db/queries/session-queries.ts';
import { findStaff, findStaffByEmail } from '../../db/queries/staff-queries.ts';
import type { StaffRow } from '../../db/queries/staff-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { guessedNothing, takeGuess } from './guess-limit.ts';
import type { Guessed, Locked } from './guess-limit.ts';
import type { Passwords } from './passwords.ts';
import { startSession } from './start-session.ts';

/** A sign-in at the owner's desk lasts a working day. */
export const DESK_SESSION_MS = 12 * 3_600_000;

export type SignInRefusal =
  | Locked
  | { refused: 'credentials-wrong'; triesLeft: number; retryAt: Date | null }
  | { refused: 'too-many-requests' };

export interface DeskSession {
  actor: Actor;
  staffName: string;
  sessionId: string;
  signedInAt: Date;
  expiresAt: Date;
}

/**
 * Signs an owner or manager in by password. The password is checked between two transactions: argon2 takes 13 to 25 ms,
 * for which no till should wait.
 */
export const signIn =
  (db: Database, clock: Clock, passwords: Passwords) =>
  async (request: { email: string; password: string }): Promise<DeskSession | SignInRefusal> => {
    const now = clock.now();
    const email = request.email.trim().toLowerCase();
    const person = await db.read((queries) => findStaffByEmail(queries, { email }));
    const checked = await checkPassword({ db, passwords, now })(person, {
      email,
      password: request.password,
    });
    if ('refused' in checked) return checked;
    const { merchantId, staffId, passwordHash } = checked;
    const sessionId = uuid();
    const expiresAt = new Date(now.getTime() + DESK_SESSION_MS);
    return db.transact(async (tx) => {
      const current = await findStaff(tx, { merchantId, staffId });
      if (!current || current.passwordHash !== passwordHash)
        return { refused: 'credentials-wrong', triesLeft: 0, retryAt: null };
      await forgetAttempts(tx, guessedPassword(current));
      await startSession(tx, { merchantId, sessionId, staffId, deviceId: null, signedInAt: now, expiresAt });
      const actor = { merchantId, staffId, role: current.role };
      return { actor, staffName: current.name, sessionId, signedInAt: now, expiresAt };
    });
  };

/** The password again, in a session that goes on: for what needs somebody to be there now. */
export const confirmSignIn =
  (db: Database, clock: Clock, passwords: Passwords) =>
  async (
    actor: Actor,
    { sessionId, password }: { sessionId: string; password: string },
  ): Promise<{ signedInAt: Date } | SignInRefusal> => {
    const now = clock.now();
    const { merchantId, staffId } = actor;
    const person = await db.read((queries) => findStaff(queries, { merchantId, staffId }));
    const checked = await checkPassword({ db, passwords, now })(person, {
      email: person?.email ?? '',
      password,
    });
    if ('refused' in checked) return checked;
    return db.transact(async (tx) => {
      await forgetAttempts(tx, guessedPassword(checked));
      await refreshSession(tx, { merchantId, sessionId, signedInAt: now });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'session.confirmed',
        subjectId: sessionId,
        details: {},
      });
      return { signedInAt: now };
    });
  };

const checkPassword =
  ({ db, passwords, now }: { db: Database; passwords: Passwords; now: Date }) =>
  async (
    person: StaffRow | undefined,
    { email, password }: { email: string; password: string },
  ): Promise<StaffRow | SignInRefusal> => {
    const mayKnow = person && person.passwordHash !== null ? person : undefined;
    const guessed = mayKnow ? guessedPassword(mayKnow) : guessedNothing('password', email);
    if (passwords.isBusy()) return { refused: 'too-many-requests' };
    const guess = await db.transact((tx) => takeGuess(tx, { ...guessed, now }));
    if ('refused' in guess) return guess;
    const isRight = await passwords.verify(mayKnow?.passwordHash ?? null, password);
    if (isRight && mayKnow) return mayKnow;
    if (mayKnow && guess.lockedUntil)
      await recordLock(db, { person: mayKnow, until: guess.lockedUntil, now });
    return { refused: 'credentials-wrong', triesLeft: guess.triesLeft, retryAt: guess.lockedUntil };
  };

function guessedPassword({ merchantId, staffId }: StaffRow): Guessed {
  return { merchantId, subject: `password:${staffId}` };
}

function recordLock(
  db: Database,
  { person, until, now }: { person: StaffRow; until: Date; now: Date },
): Promise<void> {
  const { merchantId, staffId } = person;
  return db.transact((tx) =>
    appendAudit(tx, {
      merchantId,
      at: now,
      staffId: null,
      action: 'password.locked',
      subjectId: staffId,
      details: { until: until.toISOString() },
    }),
  );
}
