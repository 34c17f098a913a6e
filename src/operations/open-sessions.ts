import type { Database } from '../../db/database.ts';
import { findSession, listOpenSessions as loadOpenSessions } from '../../db/queries/open-session-queries.ts';
import { endSession, endSessionsOf } from '../../db/queries/session-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { browserNameOf } from './browser-name.ts';

/** More than a shop has open at once: each lasts twelve hours at most. */
const MAX_SESSIONS = 500;

/** A sign-in that is still good. */
export interface OpenSession {
  sessionId: string;
  staffId: string;
  staffName: string;
  /** The one that asks. */
  isCurrent: boolean;
  /** Null when the browser did not say. */
  browser: string | null;
  system: string | null;
  /** Null at the desk. */
  till: { name: string; locationName: string } | null;
  /** Or when the password was entered again. */
  signedInAt: Date;
  expiresAt: Date;
}

/** Who is signed in where: oneself, or everybody, which owners may ask. */
export const listOpenSessions =
  (db: Database, clock: Clock) =>
  async (
    { merchantId, staffId, role }: Actor,
    { sessionId, everybody }: { sessionId: string; everybody: boolean },
  ): Promise<{ items: OpenSession[]; nextCursor: null } | { refused: 'owner-needed' }> => {
    if (everybody && role !== 'owner') return { refused: 'owner-needed' };
    const whose = everybody ? null : staffId;
    const asked = { merchantId, staffId: whose, now: clock.now(), limit: MAX_SESSIONS };
    const rows = await db.read((queries) => loadOpenSessions(queries, asked));
    const items = rows.map(({ userAgent, deviceName, locationName, ...row }) => ({
      ...row,
      isCurrent: row.sessionId === sessionId,
      ...browserNameOf(userAgent),
      till: deviceName === null ? null : { name: deviceName, locationName: locationName ?? '' },
    }));
    return { items, nextCursor: null };
  };

/** Ends a session: one's own, or anybody's by an owner. Its token is worth nothing from then on. */
export const endOpenSession =
  (db: Database, clock: Clock) =>
  (
    actor: Actor,
    { sessionId }: { sessionId: string },
  ): Promise<{ refused: 'session-unknown' } | undefined> => {
    const { merchantId, staffId, role } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      const session = await findSession(tx, { merchantId, sessionId });
      if (!session || (session.staffId !== staffId && role !== 'owner'))
        return { refused: 'session-unknown' };
      if (session.endedAt) return undefined;
      await endSession(tx, { merchantId, sessionId, endedAt: now });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'session.ended',
        subjectId: sessionId,
        details: session.staffId === staffId ? {} : { of: session.staffId },
      });
      return undefined;
    });
  };

/** Ends every session of oneself but the one that asks, at the desk and at tills. */
export const endOtherSessions =
  (db: Database, clock: Clock) =>
  (actor: Actor, { sessionId }: { sessionId: string }): Promise<undefined> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      await endSessionsOf(tx, { merchantId, staffId, endedAt: now, where: 'everywhere', except: sessionId });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'sessions.ended',
        subjectId: staffId,
        details: {},
      });
      return undefined;
    });
  };
