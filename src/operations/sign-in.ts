import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { forgetAttempts } from '../../db/queries/attempt-queries.ts';
import { refreshSession } from '../../db/queries/session-queries.ts';
import { findStaff, findStaffByEmail } from '../../db/queries/staff-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { checkOwnPassword, checkPassword, guessedOwnPassword, guessedPassword } from './check-password.ts';
import type { Credentials, KnownBrowser, SignInRefusal } from './check-password.ts';
import type { Passwords } from './passwords.ts';
import type { Sealer } from './seal.ts';
import { passSecondFactor } from './second-factor.ts';
import { startSession } from './start-session.ts';

/** A sign-in at the owner's desk lasts a working day. */
export const DESK_SESSION_MS = 12 * 3_600_000;

export interface DeskSession {
  actor: Actor;
  staffName: string;
  sessionId: string;
  signedInAt: Date;
  expiresAt: Date;
}

/**
 * Signs an owner or manager in by password, and by a code when their second factor is on: without one the right
 * password is answered with `second-factor-needed`. The password is checked between two transactions: argon2 takes 13
 * to 25 ms, for which no till should wait.
 */
export const signIn =
  (db: Database, clock: Clock, { passwords, sealer }: { passwords: Passwords; sealer: Sealer }) =>
  async (
    request: Credentials & {
      email: string;
      userAgent?: string | undefined;
      browser?: KnownBrowser | undefined;
    },
  ): Promise<DeskSession | SignInRefusal> => {
    const now = clock.now();
    const email = request.email.trim().toLowerCase();
    const person = await db.read((queries) => findStaffByEmail(queries, { email }));
    const from = request.browser?.staffId === person?.staffId ? request.browser?.browserId : undefined;
    const checked = await checkPassword({ db, passwords, now })(person, {
      email,
      password: request.password,
      from,
    });
    if ('refused' in checked) return checked;
    const { merchantId, staffId, passwordHash } = checked;
    const sessionId = uuid();
    const expiresAt = new Date(now.getTime() + DESK_SESSION_MS);
    return db.transact(async (tx) => {
      const current = await findStaff(tx, { merchantId, staffId });
      if (!current || current.passwordHash !== passwordHash)
        return { refused: 'credentials-wrong', triesLeft: 0, retryAt: null };
      await forgetAttempts(tx, guessedPassword(current, from));
      const refusal = await passSecondFactor(tx, { person: current, code: request.code, sealer, now });
      if (refusal) return refusal;
      await startSession(tx, {
        merchantId,
        sessionId,
        staffId,
        deviceId: null,
        userAgent: request.userAgent,
        signedInAt: now,
        expiresAt,
      });
      const actor = { merchantId, staffId, role: current.role };
      return { actor, staffName: current.name, sessionId, signedInAt: now, expiresAt };
    });
  };

/** The password (and the code) again, in a session that goes on: for what needs somebody to be there now. */
export const confirmSignIn =
  (db: Database, clock: Clock, { passwords, sealer }: { passwords: Passwords; sealer: Sealer }) =>
  async (
    actor: Actor,
    { sessionId, password, code }: Credentials & { sessionId: string },
  ): Promise<{ signedInAt: Date } | SignInRefusal> => {
    const now = clock.now();
    const { merchantId, staffId } = actor;
    const checked = await checkOwnPassword({ db, passwords, now })(actor, { password });
    if ('refused' in checked) return checked;
    return db.transact(async (tx) => {
      await forgetAttempts(tx, guessedOwnPassword(checked));
      const current = await findStaff(tx, { merchantId, staffId });
      const refusal = current && (await passSecondFactor(tx, { person: current, code, sealer, now }));
      if (refusal) return refusal;
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
