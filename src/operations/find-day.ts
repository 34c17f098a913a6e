import type { Database } from '../../db/database.ts';
import { computeBusinessDay } from '../loyalty/business-day.ts';
import { findSeasonClock } from './season-clock.ts';

/** The business day at a location, or at the first that is open. */
export const findDay =
  (db: Database) =>
  async (place: { merchantId: string; locationId: string | null }, instant: Date): Promise<string> =>
    computeBusinessDay({
      instant,
      timeZone: 'UTC',
      cutOffMinutes: 0,
      ...(await findSeasonClock(db, place)),
    });
