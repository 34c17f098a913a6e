import type { Database } from '../../db/database.ts';
import { forgetAttempts } from '../../db/queries/attempt-queries.ts';
import { endSessionsOf } from '../../db/queries/session-queries.ts';
import { findStaffByEmail, updateStaff } from '../../db/queries/staff-queries.ts';
import type { Clock } from '../clock.ts';
import { appendAudit } from './append-audit.ts';
import { forgetWrongPasswords } from './check-password.ts';
import type { Passwords } from './passwords.ts';
import { NO_SECOND_FACTOR, guessedCode } from './second-factor.ts';

/**
 * Gives an owner or manager a new password, on the word of whoever may use the server's command line. Signs them out
 * everywhere, and forgets the wrong tries. `email` as at the sign-in.
 */
export const resetPassword =
  (db: Database, clock: Clock, passwords: Passwords) =>
  async (request: {
    email: string;
    password: string;
    /** For somebody who lost their phone and their recovery codes as well. */
    removesSecondFactor?: boolean;
  }): Promise<{ staffName: string } | { refused: 'staff-unknown' }> => {
    const now = clock.now();
    const email = request.email.trim().toLowerCase();
    const passwordHash = await passwords.hash(request.password);
    return db.transact(async (tx) => {
      const person = await findStaffByEmail(tx, { email });
      if (!person || person.role === 'barista') return { refused: 'staff-unknown' };
      const { merchantId, staffId } = person;
      const removed = request.removesSecondFactor ? NO_SECOND_FACTOR : {};
      await updateStaff(tx, { merchantId, staffId, change: { passwordHash, ...removed } });
      await endSessionsOf(tx, { merchantId, staffId, endedAt: now, where: 'everywhere' });
      await forgetWrongPasswords(tx, person);
      await forgetAttempts(tx, guessedCode(person));
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId: null,
        action: 'password.reset',
        subjectId: staffId,
        details: {
          by: 'command line',
          ...(request.removesSecondFactor && { removedSecondFactor: true }),
        },
      });
      return { staffName: person.name };
    });
  };
