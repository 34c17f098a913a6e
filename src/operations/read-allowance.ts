import type { Database } from '../../db/database.ts';
import type { Clock } from '../clock.ts';
import type { TillActor } from './actor.ts';
import { businessDayOf } from './business-day-of.ts';
import { loadAllowance, presentAllowance } from './load-allowance.ts';
import type { AllowanceView } from './load-allowance.ts';

/** What the member of staff at a till may still give, and until when. */
export const readAllowance =
  (db: Database, clock: Clock) =>
  ({ merchantId, staffId, place }: TillActor): Promise<AllowanceView> => {
    const businessDay = businessDayOf(place, clock.now());
    const { locationId, weekStartsOn } = place;
    return db.read(async (queries) => {
      const allowance = await loadAllowance(queries, {
        merchantId,
        staffId,
        locationId,
        businessDay,
        weekStartsOn,
      });
      return presentAllowance(allowance, place, businessDay);
    });
  };
