import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import {
  findOpenEnrolment,
  insertDevice,
  insertEnrolment,
  useEnrolment,
} from '../../db/queries/device-queries.ts';
import { findOpenLocation } from '../../db/queries/location-queries.ts';
import { findMerchant } from '../../db/queries/merchant-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { formatShortCode, hashOf, makeShortCode, readShortCode } from './card-codes.ts';

const CODE_VALID_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
const TOKEN_VALID_MS = 365 * DAY_MS;
const RENEWED_AFTER_MS = 30 * DAY_MS;

export interface EnrolmentCode {
  enrolmentId: string;
  /** `K7QM-2X9P`, shown once. */
  code: string;
  expiresAt: Date;
}

/** Makes the one-time code with which a till is enrolled at a location; good for `validMs` milliseconds. */
export const startEnrolment =
  (db: Database, clock: Clock, { validMs = CODE_VALID_MS }: { validMs?: number } = {}) =>
  (
    actor: Actor,
    { locationId, deviceName }: { locationId: string; deviceName: string },
  ): Promise<EnrolmentCode | { refused: 'location-unknown' }> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    const enrolmentId = uuid();
    const code = makeShortCode();
    const expiresAt = new Date(now.getTime() + validMs);
    return db.transact(async (tx) => {
      if (!(await findOpenLocation(tx, { merchantId, locationId }))) return { refused: 'location-unknown' };
      await insertEnrolment(tx, {
        merchantId,
        enrolmentId,
        codeHash: hashOf(code),
        locationId,
        deviceName,
        createdBy: staffId,
        createdAt: now,
        expiresAt,
        usedAt: null,
      });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'enrolment.started',
        subjectId: enrolmentId,
        details: { locationId, deviceName },
      });
      return { enrolmentId, code: formatShortCode(code), expiresAt };
    });
  };

export interface EnrolledDevice {
  merchantId: string;
  deviceId: string;
  deviceName: string;
  tokenId: string;
  expiresAt: Date;
  merchantName: string;
  location: { locationId: string; name: string };
}

/**
 * Enrols a till with a code somebody typed on it. Wrong codes are not counted: 40 random bits are not guessed in the 15
 * minutes they are good for (5,000 tries a second all the while find one code in 240,000), and a count would let whoever
 * guesses, from the café's own network too, keep a shop from connecting its till.
 */
export const enrolDevice =
  (db: Database, clock: Clock) =>
  (request: { code: string }): Promise<EnrolledDevice | { refused: 'enrolment-unknown' }> => {
    const now = clock.now();
    const deviceId = uuid();
    const tokenId = uuid();
    const codeHash = hashOf(readShortCode(request.code) ?? '');
    return db.transact(async (tx) => {
      const enrolment = await findOpenEnrolment(tx, { codeHash, now });
      const location = enrolment && (await findOpenLocation(tx, enrolment));
      if (!enrolment || !location) return { refused: 'enrolment-unknown' };
      const { merchantId, enrolmentId, locationId, deviceName, createdBy } = enrolment;
      await useEnrolment(tx, { merchantId, enrolmentId, usedAt: now });
      await insertDevice(tx, {
        merchantId,
        deviceId,
        locationId,
        name: deviceName,
        tokenId,
        enrolledAt: now,
        lastSeenAt: null,
        waitingCount: null,
        endedAt: null,
      });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId: createdBy,
        action: 'device.enrolled',
        subjectId: deviceId,
        details: { enrolmentId, locationId, deviceName },
      });
      const merchant = await findMerchant(tx, { merchantId });
      return {
        merchantId,
        deviceId,
        deviceName,
        tokenId,
        expiresAt: tokenExpiresAt(now),
        merchantName: merchant.name,
        location: { locationId, name: location.name },
      };
    });
  };

/** Until when the token of a till is good that was signed now. */
function tokenExpiresAt(now: Date): Date {
  return new Date(now.getTime() + TOKEN_VALID_MS);
}

/** Until when a till in use is good from now on; undefined while its token is younger than a month. */
export function renewTokenUntil(expiresAt: Date, now: Date): Date | undefined {
  const renewed = tokenExpiresAt(now);
  return renewed.getTime() - expiresAt.getTime() >= RENEWED_AFTER_MS ? renewed : undefined;
}
