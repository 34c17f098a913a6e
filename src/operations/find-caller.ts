import type { Database } from '../../db/database.ts';
import { findLiveDevice } from '../../db/queries/device-queries.ts';
import { findChainHead } from '../../db/queries/ledger-queries.ts';
import { findLiveSession, findTillSession } from '../../db/queries/session-queries.ts';
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

export type TappingStaff = CallingStaff & { place: Place };

/** Clocks and the way through the network: a tap in the moment of a sign-in arrives as if it were a little before it. */
const TAP_SLACK_MS = 5_000;

/**
 * Who was signed in when something was tapped on a tablet, and at which till that was: a tablet that was ended at the
 * desk and connected anew is another till now. What was tapped while session and till were good counts, whatever ended
 * them since: a sign-out, the end of a job, the end of the till.
 */
export const findTappingStaff =
  (db: Database) =>
  async (tap: {
    place: Place;
    sessionId: string;
    tappedAt: Date;
  }): Promise<TappingStaff | { refused: 'session-over' | 'till-ended' }> => {
    const { sessionId, tappedAt } = tap;
    const { merchantId, deviceId } = tap.place;
    const [session] = await db.read((queries) =>
      findTillSession(queries, { merchantId, deviceId, sessionId }),
    );
    if (!session) return { refused: 'session-over' };
    const { staffId, role, staffName, signedInAt, expiresAt, endedAt, deviceEndedAt, place } = session;
    const endsAt = endedAt && endedAt < expiresAt ? endedAt : expiresAt;
    const isCovered = tappedAt.getTime() >= signedInAt.getTime() - TAP_SLACK_MS && tappedAt < endsAt;
    if (!isCovered) return { refused: 'session-over' };
    if (deviceEndedAt && tappedAt >= deviceEndedAt) return { refused: 'till-ended' };
    return { actor: { merchantId, staffId, role }, place, sessionId, staffName, signedInAt };
  };

/** Sessions remembered at a time: more than the people at work in a large chain. */
const MAX_REMEMBERED = 1_000;

interface RememberedCaller {
  /** How far the merchant's audit log went when this was read. */
  auditSequence: number;
  expiresAt: Date;
  caller: CallingStaff;
}

/**
 * Whose session this is; undefined once it, the person or the till is ended.
 *
 * A till asks this with every stamp, so the answer is remembered for as long as nothing is added to the merchant's
 * audit log: whatever ends or changes a session, a person, a till, a location or the shop writes there in the same
 * transaction, in whichever process. Looking how far the log goes costs a fifth of the join.
 */
export const findCallingStaff = (db: Database) => {
  const remembered = new Map<string, RememberedCaller>();
  const asked = new Map<string, Promise<number>>();

  /** Asked once for all the requests of a turn of the event loop. */
  function auditSequenceOf(merchantId: string): Promise<number> {
    let sequence = asked.get(merchantId);
    if (!sequence) {
      if (asked.size === 0) setImmediate(() => asked.clear());
      sequence = db.read(async (queries) => {
        const [head] = await findChainHead(queries, { merchantId, chain: 'audit' });
        return head?.sequence ?? 0;
      });
      asked.set(merchantId, sequence);
    }
    return sequence;
  }

  return async (session: {
    merchantId: string;
    sessionId: string;
    now: Date;
    isAtTill: boolean;
  }): Promise<CallingStaff | undefined> => {
    const { merchantId, sessionId, now, isAtTill } = session;
    // Before the session: what is written in between makes the answer out of date, and never the other way round.
    const auditSequence = await auditSequenceOf(merchantId);
    const known = remembered.get(sessionId);
    if (known?.auditSequence === auditSequence && known.expiresAt > now) {
      const { caller } = known;
      const isHere = caller.actor.merchantId === merchantId && isAtTill === (caller.place !== null);
      return isHere ? caller : undefined;
    }
    const [row] = await db.read((queries) => findLiveSession(queries, { merchantId, sessionId, now }));
    const caller = row && isAtTill === (row.deviceId !== null) ? callerOf(session, row) : undefined;
    remembered.delete(sessionId);
    if (!caller) return undefined;
    if (remembered.size >= MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
    remembered.set(sessionId, { auditSequence, expiresAt: row!.expiresAt, caller });
    return caller;
  };
};

function callerOf(
  { merchantId, sessionId, isAtTill }: { merchantId: string; sessionId: string; isAtTill: boolean },
  row: SessionRow,
): CallingStaff | undefined {
  const place = isAtTill ? placeOf(merchantId, row) : null;
  if (place === undefined) return undefined;
  return {
    actor: { merchantId, staffId: row.staffId, role: row.role },
    place,
    sessionId,
    staffName: row.staffName,
    signedInAt: row.signedInAt,
  };
}

type SessionRow = Awaited<ReturnType<typeof findLiveSession>>[number];

function placeOf(merchantId: string, row: SessionRow): Place | undefined {
  const { deviceId, locationId, timeZone, cutOffMinutes, dayFloor, dayFloorAt, weekStartsOn, deviceEndedAt } =
    row;
  if (deviceEndedAt || !deviceId || !locationId || timeZone === null || cutOffMinutes === null)
    return undefined;
  return { merchantId, deviceId, locationId, timeZone, cutOffMinutes, dayFloor, dayFloorAt, weekStartsOn };
}
