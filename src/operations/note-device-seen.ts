import type { Logger } from 'pino';
import type { Database } from '../../db/database.ts';
import { findDevice, updateDevice } from '../../db/queries/device-queries.ts';
import type { Clock } from '../clock.ts';
import type { Place } from './actor.ts';

/** Seen again sooner than this is not worth a write. */
const NOTED_EVERY_MS = 4 * 60_000;

/**
 * Notes that a till is there, and how many taps it has yet to send: every few minutes at most, or when that changes.
 * Nothing hangs on it: what cannot be written, on a full disk, is logged and keeps no till from starting.
 */
export const noteDeviceSeen =
  (db: Database, clock: Clock, log: Logger) =>
  async (
    { merchantId, deviceId }: Place,
    { waitingCount }: { waitingCount: number | null },
  ): Promise<void> => {
    const now = clock.now();
    const device = await db.read((queries) => findDevice(queries, { merchantId, deviceId }));
    if (!device) return;
    const seenAgoMs = now.getTime() - (device.lastSeenAt?.getTime() ?? 0);
    if (seenAgoMs < NOTED_EVERY_MS && device.waitingCount === waitingCount) return;
    try {
      await db.transact((tx) => updateDevice(tx, { merchantId, deviceId, lastSeenAt: now, waitingCount }));
    } catch (error) {
      log.warn({ err: error, deviceId }, 'it could not be written down that a till is there');
    }
  };
