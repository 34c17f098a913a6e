import { and, eq, gt, isNotNull, isNull, ne, or, sql } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Queries, Tables } from '../database.ts';
import { given, givenFor, placeholders } from './placeholders.ts';

/** A session that is neither ended nor expired, of somebody who still works here, at a till that is still enrolled. */
export const findLiveSession = prepared<{ merchantId: string; sessionId: string; now: Date }>()(
  (db, { sessions, staff, devices, locations, merchants }) =>
    db
      .select({
        staffId: staff.staffId,
        staffName: staff.name,
        role: staff.role,
        signedInAt: sessions.signedInAt,
        expiresAt: sessions.expiresAt,
        deviceId: sessions.deviceId,
        deviceEndedAt: devices.endedAt,
        locationId: devices.locationId,
        timeZone: locations.timeZone,
        cutOffMinutes: locations.cutOffMinutes,
        dayFloor: locations.dayFloor,
        dayFloorAt: locations.dayFloorAt,
        weekStartsOn: merchants.weekStartsOn,
      })
      .from(sessions)
      .innerJoin(merchants, eq(merchants.merchantId, sessions.merchantId))
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
          eq(sessions.merchantId, sql.placeholder('merchantId')),
          eq(sessions.sessionId, sql.placeholder('sessionId')),
          gt(sessions.expiresAt, givenFor(sessions.expiresAt, 'now')),
          isNull(sessions.endedAt),
          isNull(staff.endedAt),
        ),
      ),
);

/**
 * A session at a till, over or not: whose it was, where, and between when and when. A till is told of its own sessions
 * and of those at tills that were ended: a tablet that is connected anew is another till, and still has what was tapped
 * on it before. Nobody else knows the ids of those sessions.
 */
export const findTillSession = prepared<{ merchantId: string; sessionId: string; deviceId: string }>()(
  (db, { sessions, staff, devices, locations, merchants }) =>
    db
      .select({
        staffId: staff.staffId,
        staffName: staff.name,
        role: staff.role,
        signedInAt: sessions.signedInAt,
        expiresAt: sessions.expiresAt,
        endedAt: sessions.endedAt,
        deviceEndedAt: devices.endedAt,
        place: {
          merchantId: sessions.merchantId,
          deviceId: devices.deviceId,
          locationId: devices.locationId,
          timeZone: locations.timeZone,
          cutOffMinutes: locations.cutOffMinutes,
          dayFloor: locations.dayFloor,
          dayFloorAt: locations.dayFloorAt,
          weekStartsOn: merchants.weekStartsOn,
        },
      })
      .from(sessions)
      .innerJoin(merchants, eq(merchants.merchantId, sessions.merchantId))
      .innerJoin(staff, and(eq(staff.merchantId, sessions.merchantId), eq(staff.staffId, sessions.staffId)))
      .innerJoin(
        devices,
        and(eq(devices.merchantId, sessions.merchantId), eq(devices.deviceId, sessions.deviceId)),
      )
      .innerJoin(
        locations,
        and(eq(locations.merchantId, devices.merchantId), eq(locations.locationId, devices.locationId)),
      )
      .where(
        and(
          eq(sessions.merchantId, sql.placeholder('merchantId')),
          eq(sessions.sessionId, sql.placeholder('sessionId')),
          or(eq(sessions.deviceId, sql.placeholder('deviceId')), isNotNull(devices.endedAt)),
        ),
      ),
);

export const insertSession = prepared<Tables['sessions']['$inferSelect']>()((db, { sessions }) =>
  db.insert(sessions).values(placeholders(sessions)),
);

export const endSession = prepared<{ merchantId: string; sessionId: string; endedAt: Date }>()(
  (db, { sessions }) =>
    db
      .update(sessions)
      .set({ endedAt: given<Date>('endedAt') })
      .where(
        and(
          eq(sessions.merchantId, sql.placeholder('merchantId')),
          eq(sessions.sessionId, sql.placeholder('sessionId')),
          isNull(sessions.endedAt),
        ),
      ),
);

/** As if the password had just been entered for the first time. */
export function refreshSession(
  tx: Queries,
  { merchantId, sessionId, signedInAt }: { merchantId: string; sessionId: string; signedInAt: Date },
) {
  return tx.query((db, { sessions }) =>
    db
      .update(sessions)
      .set({ signedInAt })
      .where(and(eq(sessions.merchantId, merchantId), eq(sessions.sessionId, sessionId))),
  );
}

/** Ends the sessions of somebody: those at tills, those at the desk, or all; `except` one. */
export function endSessionsOf(
  tx: Queries,
  ended: {
    merchantId: string;
    staffId: string;
    endedAt: Date;
    where: 'till' | 'desk' | 'everywhere';
    except?: string | undefined;
  },
) {
  const { merchantId, staffId, endedAt, where, except } = ended;
  return tx.query((db, { sessions }) => {
    const conditions = [
      eq(sessions.merchantId, merchantId),
      eq(sessions.staffId, staffId),
      isNull(sessions.endedAt),
    ];
    if (where === 'till') conditions.push(isNotNull(sessions.deviceId));
    if (where === 'desk') conditions.push(isNull(sessions.deviceId));
    if (except !== undefined) conditions.push(ne(sessions.sessionId, except));
    return db
      .update(sessions)
      .set({ endedAt })
      .where(and(...conditions));
  });
}
