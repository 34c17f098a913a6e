import type { Database } from '../../db/database.ts';
import { endSession } from '../../db/queries/session-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';

/** Ends a session, at the desk or a till; its token is worth nothing from then on. */
export const signOut =
  (db: Database, clock: Clock) =>
  (actor: Actor, { sessionId }: { sessionId: string }): Promise<void> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      await endSession(tx, { merchantId, sessionId, endedAt: now });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'session.ended',
        subjectId: sessionId,
        details: {},
      });
    });
  };
