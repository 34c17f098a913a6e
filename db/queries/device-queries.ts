import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Queries, Tables } from '../database.ts';

/** A till that is still enrolled, and where it stands. */
export const findLiveDevice = prepared<{ merchantId: string; deviceId: string }>()(
  (db, { devices, locations, merchants }) =>
    db
      .select({
        deviceName: devices.name,
        tokenId: devices.tokenId,
        locationId: devices.locationId,
        timeZone: locations.timeZone,
        cutOffMinutes: locations.cutOffMinutes,
        dayFloor: locations.dayFloor,
        dayFloorAt: locations.dayFloorAt,
        weekStartsOn: merchants.weekStartsOn,
      })
      .from(devices)
      .innerJoin(merchants, eq(merchants.merchantId, devices.merchantId))
      .innerJoin(
        locations,
        and(eq(locations.merchantId, devices.merchantId), eq(locations.locationId, devices.locationId)),
      )
      .where(
        and(
          eq(devices.merchantId, sql.placeholder('merchantId')),
          eq(devices.deviceId, sql.placeholder('deviceId')),
          isNull(devices.endedAt),
        ),
      ),
);

export function insertEnrolment(tx: Queries, enrolment: Tables['enrolments']['$inferSelect']) {
  return tx.query((db, { enrolments }) => db.insert(enrolments).values(enrolment));
}

/** By its code alone: a till that enrols does not know yet whose it is. */
export async function findOpenEnrolment(tx: Queries, { codeHash, now }: { codeHash: string; now: Date }) {
  const rows = await tx.query((db, { enrolments }) =>
    db
      .select()
      .from(enrolments)
      .where(and(eq(enrolments.codeHash, codeHash), isNull(enrolments.usedAt), gt(enrolments.expiresAt, now)))
      .limit(1),
  );
  return rows[0];
}

export function useEnrolment(
  tx: Queries,
  { merchantId, enrolmentId, usedAt }: { merchantId: string; enrolmentId: string; usedAt: Date },
) {
  return tx.query((db, { enrolments }) =>
    db
      .update(enrolments)
      .set({ usedAt })
      .where(and(eq(enrolments.merchantId, merchantId), eq(enrolments.enrolmentId, enrolmentId))),
  );
}

export function insertDevice(tx: Queries, device: Tables['devices']['$inferSelect']) {
  return tx.query((db, { devices }) => db.insert(devices).values(device));
}

export async function findDevice(
  tx: Queries,
  { merchantId, deviceId }: { merchantId: string; deviceId: string },
) {
  const rows = await tx.query((db, { devices }) =>
    db
      .select()
      .from(devices)
      .where(and(eq(devices.merchantId, merchantId), eq(devices.deviceId, deviceId))),
  );
  return rows[0];
}

export function listDevices(
  tx: Queries,
  { merchantId, after, limit }: { merchantId: string; after: string; limit: number },
) {
  return tx.query((db, { devices }) =>
    db
      .select()
      .from(devices)
      .where(and(eq(devices.merchantId, merchantId), gt(devices.deviceId, after), isNull(devices.endedAt)))
      .orderBy(asc(devices.deviceId))
      .limit(limit),
  );
}

export function updateDevice(
  tx: Queries,
  {
    merchantId,
    deviceId,
    ...change
  }: {
    merchantId: string;
    deviceId: string;
    name?: string;
    endedAt?: Date;
    lastSeenAt?: Date;
    waitingCount?: number | null;
  },
) {
  return tx.query((db, { devices }) =>
    db
      .update(devices)
      .set(change)
      .where(and(eq(devices.merchantId, merchantId), eq(devices.deviceId, deviceId))),
  );
}

export function endDevicesAt(
  tx: Queries,
  { merchantId, locationId, endedAt }: { merchantId: string; locationId: string; endedAt: Date },
) {
  return tx.query((db, { devices }) =>
    db
      .update(devices)
      .set({ endedAt })
      .where(
        and(eq(devices.merchantId, merchantId), eq(devices.locationId, locationId), isNull(devices.endedAt)),
      ),
  );
}
