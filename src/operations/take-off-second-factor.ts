import type { Database } from '../../db/database.ts';
import { forgetAttempts } from '../../db/queries/attempt-queries.ts';
import { endSessionsOf } from '../../db/queries/session-queries.ts';
import { findStaff, updateStaff } from '../../db/queries/staff-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { NO_SECOND_FACTOR, guessedCode } from './second-factor.ts';

export type TakeOffRefusal = { refused: 'staff-unknown' } | { refused: 'second-factor-yours' };

/**
 * An owner takes off somebody else's second factor, whose phone is lost. Whoever has that phone may be signed in on
 * it: the person is signed out everywhere. One's own goes by `turnOffSecondFactor`, which asks for a code. Done to
 * somebody who has none, it does nothing.
 */
export const takeOffSecondFactor =
  (db: Database, clock: Clock) =>
  (owner: Actor, { staffId }: { staffId: string }): Promise<TakeOffRefusal | undefined> => {
    const now = clock.now();
    const { merchantId } = owner;
    return db.transact(async (tx) => {
      if (staffId === owner.staffId) return { refused: 'second-factor-yours' };
      const person = await findStaff(tx, { merchantId, staffId });
      if (!person) return { refused: 'staff-unknown' };
      if (!person.totpSecret) return undefined;
      await updateStaff(tx, { merchantId, staffId, change: NO_SECOND_FACTOR });
      await forgetAttempts(tx, guessedCode(person));
      await endSessionsOf(tx, { merchantId, staffId, endedAt: now, where: 'everywhere' });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId: owner.staffId,
        action: 'second-factor.taken-off',
        subjectId: staffId,
        details: {},
      });
      return undefined;
    });
  };
