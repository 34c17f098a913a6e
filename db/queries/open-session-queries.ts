import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import type { Queries } from '../database.ts';

/** The sessions that are open now: of one person, or of everybody; the newest first. */
export function listOpenSessions(
  tx: Queries,
  {
    merchantId,
    staffId,
    now,
    limit,
  }: { merchantId: string; staffId: string | null; now: Date; limit: number },
) {
  return tx.query((db, { sessions, staff, devices, locations }) =>
    db
      .select({
        sessionId: sessions.sessionId,
        staffId: sessions.staffId,
        staffName: staff.name,
        deviceName: devices.name,
        locationName: locations.name,
        userAgent: sessions.userAgent,
        signedInAt: sessions.signedInAt,
        expiresAt: sessions.expiresAt,
      })
      .from(sessions)
      .innerJoin(staff, and(eq(staff.merchantId, sessions.merchantId), eq(staff.staffId, sessions.staffId)))
      .leftJoin(
        devices,
        and(eq(devices.merchantId, sessions.merchantId), eq(devices.deviceId, sessions.deviceId)),
      )
      .leftJoin(
        locations,
        and(eq(locations.merchantId, devices.merchantId), eq(locations.locationId, devices.locationId)),
      )
      .where(
        and(
          eq(sessions.merchantId, merchantId),
          staffId === null ? undefined : eq(sessions.staffId, staffId),
          gt(sessions.expiresAt, now),
          isNull(sessions.endedAt),
          isNull(devices.endedAt),
        ),
      )
      .orderBy(desc(sessions.signedInAt), desc(sessions.sessionId))
      .limit(limit),
  );
}

/** Whose session this is, ended or not. */
export async function findSession(
  tx: Queries,
  { merchantId, sessionId }: { merchantId: string; sessionId: string },
): Promise<{ staffId: string; endedAt: Date | null } | undefined> {
  const rows = await tx.query((db, { sessions }) =>
    db
      .select({ staffId: sessions.staffId, endedAt: sessions.endedAt })
      .from(sessions)
      .where(and(eq(sessions.merchantId, merchantId), eq(sessions.sessionId, sessionId))),
  );
  return rows[0];
}
