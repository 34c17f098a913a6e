import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { forgetAttempts } from '../../db/queries/attempt-queries.ts';
import { findLiveDevice } from '../../db/queries/device-queries.ts';
import { findStaff } from '../../db/queries/staff-queries.ts';
import type { StaffRow } from '../../db/queries/staff-queries.ts';
import type { Clock } from '../clock.ts';
import type { Place, TillActor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { takeGuess } from './guess-limit.ts';
import type { Guessed, Locked } from './guess-limit.ts';
import type { Passwords } from './passwords.ts';
import { startSession } from './start-session.ts';

/** A shift, at the longest. */
const TILL_SESSION_MS = 12 * 3_600_000;

export type PinRefusal =
  | Locked
  | { refused: 'staff-unknown' }
  | { refused: 'pin-wrong'; triesLeft: number; retryAt: Date | null }
  | { refused: 'too-many-requests' };

export interface TillSession {
  actor: TillActor;
  staffName: string;
  sessionId: string;
  expiresAt: Date;
}

/** Signs a member of staff in at a till by PIN. */
export const signInAtTill =
  (db: Database, clock: Clock, passwords: Passwords) =>
  async (
    place: Place,
    request: { staffId: string; pin: string; userAgent?: string | undefined },
  ): Promise<TillSession | PinRefusal> => {
    const now = clock.now();
    const checked = await checkPin(db, clock, passwords)(place, request);
    if ('refused' in checked) return checked;
    const { merchantId, deviceId } = place;
    const { staffId } = checked.person;
    const sessionId = uuid();
    const expiresAt = new Date(now.getTime() + TILL_SESSION_MS);
    return db.transact(async (tx) => {
      const current = await findStaff(tx, { merchantId, staffId });
      const [device] = await findLiveDevice(tx, { merchantId, deviceId });
      if (!current || !device || current.pinHash !== checked.person.pinHash)
        return { refused: 'staff-unknown' };
      await startSession(tx, {
        merchantId,
        sessionId,
        staffId,
        deviceId,
        userAgent: request.userAgent,
        signedInAt: now,
        expiresAt,
      });
      const actor = { merchantId, staffId, role: current.role, place };
      return { actor, staffName: current.name, sessionId, expiresAt };
    });
  };

/**
 * Whether this is somebody's PIN, on this till: for a sign-in, or a manager's word on a barista's screen. Wrong ones
 * are counted for each till and person, so nobody locks out a colleague.
 */
export const checkPin =
  (db: Database, clock: Clock, passwords: Passwords) =>
  async (
    place: Place,
    { staffId, pin }: { staffId: string; pin: string },
  ): Promise<{ person: StaffRow } | PinRefusal> => {
    const now = clock.now();
    const { merchantId, deviceId } = place;
    const person = await db.read((queries) => findStaff(queries, { merchantId, staffId }));
    if (!person?.pinHash || !worksAt(person, place)) return { refused: 'staff-unknown' };
    if (passwords.isBusy()) return { refused: 'too-many-requests' };
    const guessed: Guessed = { merchantId, subject: `pin:${deviceId}:${staffId}` };
    const guess = await db.transact((tx) => takeGuess(tx, { ...guessed, now }));
    if ('refused' in guess) return guess;
    if (await passwords.verify(person.pinHash, pin)) {
      await db.transact((tx) => forgetAttempts(tx, guessed));
      return { person };
    }
    if (guess.lockedUntil) await recordLock(db, { place, staffId, until: guess.lockedUntil, now });
    return { refused: 'pin-wrong', triesLeft: guess.triesLeft, retryAt: guess.lockedUntil };
  };

/** Some people work at one location only. */
export function worksAt(person: { locationId: string | null }, place: { locationId: string }): boolean {
  return person.locationId === null || person.locationId === place.locationId;
}

function recordLock(
  db: Database,
  { place, staffId, until, now }: { place: Place; staffId: string; until: Date; now: Date },
): Promise<void> {
  const { merchantId, deviceId } = place;
  return db.transact((tx) =>
    appendAudit(tx, {
      merchantId,
      at: now,
      staffId: null,
      action: 'pin.locked',
      subjectId: staffId,
      details: { deviceId, until: until.toISOString() },
    }),
  );
}
