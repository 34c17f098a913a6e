import type { Database } from '../../db/database.ts';
import { forgetAttempts, forgetPinAttempts } from '../../db/queries/attempt-queries.ts';
import { endSessionsOf } from '../../db/queries/session-queries.ts';
import { findStaff, updateStaff } from '../../db/queries/staff-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { checkOwnPassword, guessedOwnPassword } from './check-password.ts';
import type { Credentials, SignInRefusal } from './check-password.ts';
import type { Passwords } from './passwords.ts';
import type { Sealer } from './seal.ts';
import { NO_SECOND_FACTOR, passSecondFactor } from './second-factor.ts';

/** Turns the second factor off, with the password and a code of it. */
export const turnOffSecondFactor =
  (db: Database, clock: Clock, { passwords, sealer }: { passwords: Passwords; sealer: Sealer }) =>
  async (
    actor: Actor,
    { password, code }: Credentials,
  ): Promise<SignInRefusal | { refused: 'second-factor-not-begun' } | undefined> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    const checked = await checkOwnPassword({ db, passwords, now })(actor, { password });
    if ('refused' in checked) return checked;
    return db.transact(async (tx) => {
      await forgetAttempts(tx, guessedOwnPassword(checked));
      const current = await findStaff(tx, { merchantId, staffId });
      if (!current?.totpConfirmedAt) return { refused: 'second-factor-not-begun' };
      const refusal = await passSecondFactor(tx, { person: current, code, sealer, now });
      if (refusal) return refusal;
      await updateStaff(tx, { merchantId, staffId, change: NO_SECOND_FACTOR });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'second-factor.turned-off',
        subjectId: staffId,
        details: {},
      });
      return undefined;
    });
  };

/**
 * Changes one's own password, with the old one. Signs out of the desk everywhere else, and leaves the tills and the
 * second factor as they are.
 */
export const changePassword =
  (db: Database, clock: Clock, passwords: Passwords) =>
  async (
    actor: Actor,
    { sessionId, password, newPassword }: { sessionId: string; password: string; newPassword: string },
  ): Promise<SignInRefusal | undefined> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    const checked = await checkOwnPassword({ db, passwords, now })(actor, { password });
    if ('refused' in checked) return checked;
    const passwordHash = await passwords.hash(newPassword);
    return db.transact(async (tx) => {
      const current = await findStaff(tx, { merchantId, staffId });
      // Somebody changed it while this one was being checked.
      if (current?.passwordHash !== checked.passwordHash)
        return { refused: 'credentials-wrong', triesLeft: 0, retryAt: null };
      await forgetAttempts(tx, guessedOwnPassword(checked));
      await updateStaff(tx, { merchantId, staffId, change: { passwordHash } });
      await endSessionsOf(tx, { merchantId, staffId, endedAt: now, where: 'desk', except: sessionId });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'password.changed',
        subjectId: staffId,
        details: {},
      });
      return undefined;
    });
  };

/** Changes one's own PIN. Signs out of the tills, and forgets the wrong tries. */
export const changePin =
  (db: Database, clock: Clock, passwords: Passwords) =>
  async ({ merchantId, staffId }: Actor, { pin }: { pin: string }): Promise<undefined> => {
    const now = clock.now();
    const pinHash = await passwords.hash(pin);
    return db.transact(async (tx) => {
      await updateStaff(tx, { merchantId, staffId, change: { pinHash } });
      await forgetPinAttempts(tx, { merchantId, staffId });
      await endSessionsOf(tx, { merchantId, staffId, endedAt: now, where: 'till' });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'pin.changed',
        subjectId: staffId,
        details: {},
      });
      return undefined;
    });
  };
