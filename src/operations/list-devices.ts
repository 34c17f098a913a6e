import type { Database, Tables } from '../../db/database.ts';
import { listDevices as listDeviceRows } from '../../db/queries/device-queries.ts';
import type { Actor } from './actor.ts';
import { pageOf } from './page-of.ts';
import type { Page } from './page-of.ts';

export interface DeviceView {
  deviceId: string;
  name: string;
  locationId: string;
  enrolledAt: Date;
  /** To a few minutes; null when it never asked. */
  lastSeenAt: Date | null;
  /** Taps it had yet to send, when it was last seen. */
  waitingCount: number | null;
}

/** The tills that are enrolled. */
export const listDevices =
  (db: Database) =>
  ({ merchantId }: Actor, { cursor }: { cursor?: string | undefined }): Promise<Page<DeviceView>> =>
    db.read((queries) =>
      pageOf({ merchantId, cursor }, (asked) => listDeviceRows(queries, asked), {
        idOf: ({ deviceId }) => deviceId,
        present: presentDevice,
      }),
    );

export function presentDevice(row: Tables['devices']['$inferSelect']): DeviceView {
  const { deviceId, name, locationId, enrolledAt, lastSeenAt, waitingCount } = row;
  return { deviceId, name, locationId, enrolledAt, lastSeenAt, waitingCount };
}
