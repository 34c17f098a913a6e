import type { Database } from '../../db/database.ts';
import { findDevice } from '../../db/queries/device-queries.ts';
import { listMenuItems } from '../../db/queries/item-queries.ts';
import { findOpenLocation } from '../../db/queries/location-queries.ts';
import { findMerchant } from '../../db/queries/merchant-queries.ts';
import { listCurrentPrograms } from '../../db/queries/program-queries.ts';
import { listStaff } from '../../db/queries/staff-queries.ts';
import type { Clock } from '../clock.ts';
import type { Role } from '../loyalty/role.ts';
import type { Place } from './actor.ts';
import { presentItem } from './list-items.ts';
import type { ItemView } from './list-items.ts';
import { presentProgram } from './list-programs.ts';
import type { ProgramView } from './list-programs.ts';
import { countSold, orderByBusiest } from './order-menu.ts';
import { worksAt } from './sign-in-at-till.ts';

/** More than fits on a till's screen; a merchant with more staff gives them locations. */
const MAX_SHOWN = 500;

export interface TillView {
  device: { deviceId: string; name: string };
  merchant: { name: string; currency: string };
  location: { locationId: string; name: string; timeZone: string; cutOffMinutes: number };
  /** Who may sign in here. */
  staff: { staffId: string; firstName: string; role: Role }[];
  /** The busiest of the last month first. */
  items: ItemView[];
  programs: ProgramView[];
}

/** All a till needs to draw itself. */
export const readTill = (db: Database, clock: Clock) => {
  const countSoldAt = countSold(db);
  return async ({ merchantId, deviceId, locationId }: Place): Promise<TillView> => {
    const counts = await countSoldAt({ merchantId, locationId }, clock.now());
    return db.read(async (queries) => {
      const everything = { merchantId, after: '', limit: MAX_SHOWN };
      const device = await findDevice(queries, { merchantId, deviceId });
      const location = await findOpenLocation(queries, { merchantId, locationId });
      if (!device || !location) throw new Error(`Till ${deviceId} stands nowhere`);
      const { timeZone, cutOffMinutes } = location;
      const merchant = await findMerchant(queries, { merchantId });
      const staff = await listStaff(queries, everything);
      const items = await listMenuItems(queries, everything);
      const programs = await listCurrentPrograms(queries, everything);
      return {
        device: { deviceId, name: device.name },
        merchant: { name: merchant.name, currency: merchant.currency },
        location: { locationId, name: location.name, timeZone, cutOffMinutes },
        staff: staff
          .filter((person) => person.pinHash !== null && worksAt(person, { locationId }))
          .map(({ staffId, name, role }) => ({ staffId, firstName: firstNameOf(name), role })),
        items: orderByBusiest(items.map(presentItem), counts),
        programs: programs.map(presentProgram),
      };
    });
  };
};

/** Of somebody who works here, for what customers see: no family names. */
export function firstNameOf(name: string): string {
  return name.trim().split(/\s+/, 1)[0]!;
}
