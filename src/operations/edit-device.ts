import type { Database } from '../../db/database.ts';
import { findDevice, updateDevice } from '../../db/queries/device-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { presentDevice } from './list-devices.ts';
import type { DeviceView } from './list-devices.ts';

type DeviceUnknown = { refused: 'device-unknown' };

/** Gives a till another name. */
export const renameDevice =
  (db: Database, clock: Clock) =>
  (
    actor: Actor,
    { deviceId, name }: { deviceId: string; name: string },
  ): Promise<DeviceView | DeviceUnknown> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      const device = await findDevice(tx, { merchantId, deviceId });
      if (!device || device.endedAt) return { refused: 'device-unknown' };
      if (name === device.name) return presentDevice(device);
      await updateDevice(tx, { merchantId, deviceId, name });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'device.renamed',
        subjectId: deviceId,
        details: { from: device.name, to: name },
      });
      return presentDevice({ ...device, name });
    });
  };

/** Ends a till: its token, and whoever is signed in on it, may do nothing from now on. Ended twice is ended. */
export const endDevice =
  (db: Database, clock: Clock) =>
  (actor: Actor, { deviceId }: { deviceId: string }): Promise<DeviceUnknown | undefined> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      const device = await findDevice(tx, { merchantId, deviceId });
      if (!device) return { refused: 'device-unknown' };
      if (device.endedAt) return undefined;
      await updateDevice(tx, { merchantId, deviceId, endedAt: now });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'device.ended',
        subjectId: deviceId,
        details: { name: device.name },
      });
      return undefined;
    });
  };
