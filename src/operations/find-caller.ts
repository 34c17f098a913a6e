import type { Database } from '../../db/database.ts';
import { findLiveDevice } from '../../db/queries/device-queries.ts';
import { findLiveSession } from '../../db/queries/session-queries.ts';
import type { Actor, Place } from './actor.ts';

export interface CallingDevice {
  place: Place;
  deviceName: string;
}

export interface CallingStaff {
  actor: Actor;
  /** Null at the owner's desk. */
  place: Place | null;
  sessionId: string;
  staffName: string;
  signedInAt: Date;
}

/** The till a device token speaks for; undefined once it is ended or was enrolled anew. */
export const findCallingDevice =
  (db: Database) =>
  async (token: {
    merchantId: string;
    deviceId: string;
    tokenId: string;
  }): Promise<CallingDevice | undefined> => {
    const [device] = await db.read((queries) => findLiveDevice(queries, token));
    if (!device || device.tokenId !== token.tokenId) return undefined;
    const { deviceName, tokenId: _, ...place } = device;
    return { deviceName, place: { merchantId: token.merchantId, deviceId: token.deviceId, ...place } };
  };

/** Whose session this is; undefined once it, the person or the till is ended. */
export const findCallingStaff =
  (db: Database) =>
  async (session: {
    merchantId: string;
    sessionId: string;
    now: Date;
    isAtTill: boolean;
  }): Promise<CallingStaff | undefined> => {
    const { merchantId, sessionId, now, isAtTill } = session;
    const [row] = await db.read((queries) => findLiveSession(queries, { merchantId, sessionId, now }));
    if (!row || isAtTill !== (row.deviceId !== null)) return undefined;
    const place = isAtTill ? placeOf(merchantId, row) : null;
    if (place === undefined) return undefined;
    return {
      actor: { merchantId, staffId: row.staffId, role: row.role },
      place,
      sessionId,
      staffName: row.staffName,
      signedInAt: row.signedInAt,
    };
  };

type SessionRow = Awaited<ReturnType<typeof findLiveSession>>[number];

function placeOf(merchantId: string, row: SessionRow): Place | undefined {
  const { deviceId, locationId, timeZone, cutOffMinutes, dayFloor, weekStartsOn, deviceEndedAt } = row;
  if (deviceEndedAt || !deviceId || !locationId || timeZone === null || cutOffMinutes === null)
    return undefined;
  return { merchantId, deviceId, locationId, timeZone, cutOffMinutes, dayFloor, weekStartsOn };
}
