import type { Queries } from '../../db/database.ts';
import { insertSession } from '../../db/queries/session-queries.ts';
import { appendAudit } from './append-audit.ts';

/** The first part says which browser it is; the rest is anybody's. */
export const MAX_USER_AGENT_LENGTH = 300;

/** Begins a session at a till, or at the owner's desk when `deviceId` is null, and notes it in the audit log. */
export async function startSession(
  tx: Queries,
  session: {
    merchantId: string;
    sessionId: string;
    staffId: string;
    deviceId: string | null;
    userAgent?: string | undefined;
    signedInAt: Date;
    expiresAt: Date;
  },
): Promise<void> {
  const { merchantId, sessionId, staffId, deviceId, signedInAt } = session;
  await insertSession(tx, {
    ...session,
    userAgent: session.userAgent?.slice(0, MAX_USER_AGENT_LENGTH) ?? null,
    endedAt: null,
  });
  await appendAudit(tx, {
    merchantId,
    at: signedInAt,
    staffId,
    action: 'session.started',
    subjectId: sessionId,
    details: deviceId === null ? { at: 'desk' } : { at: 'till', deviceId },
  });
}
