import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import {
  findGestureBefore,
  findSaleStepBack,
  listFullDays,
  listJoins,
  listSalesAtTills,
} from '../../db/queries/evidence-queries.ts';
import { listRecentSales } from '../../db/queries/draw-queries.ts';
import { listSeasons } from '../../db/queries/season-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import { LONG_DAYS, restDaysOf } from '../evidence/covariates.ts';
import { firstIdAt } from './first-id-at.ts';
import { chooseSeason } from './make-draw.ts';
import { readCoolDown } from './read-cool-down.ts';

const DAY_MS = 86_400_000;
const LOOK_BACK_MS = LONG_DAYS * DAY_MS;
/** The latest sales on cards that are looked at: what goes wrong now shows among them. */
const MOST_SALES = 3_000;
const PAGE_SALES = 100;
/** Rows of any sort that one statement looks at: a file of sales brought in lately may hold a million. */
const STEP_ROWS = 2_000;
/** A sale that arrives later than this was rung up offline, where no draw is made. */
const ONLINE_MS = 2 * 60_000;
/** The scan comes some time before the sale: what was only just eligible at the sale was not yet at the scan. */
const SCANNED_BEFORE_MS = 10 * 60_000;
/** Sorts after every id. */
const AFTER_ALL = 'zzzz';
/** A day that is not over may still bring the scan. */
const SETTLED_MS = 60_000;

type SaleAtTill = Awaited<ReturnType<typeof listSalesAtTills>>[number];

export interface Completeness {
  eligibleScans: number;
  undrawnScans: number;
}

/**
 * How many of the latest visits that were eligible were not drawn, by the first sale of each that tills rang up online.
 * Nothing can be said of bonus draws: which taps went beyond an allowance is written down nowhere else. Nor of customers
 * with whom others were joined: what was known at a scan was one card's, and is both's now.
 */
export const countUndrawn =
  (db: Database, { stepRows = STEP_ROWS }: { stepRows?: number } = {}) =>
  async (season: SeasonRow, { asOf, isLive }: { asOf: Date; isLive: boolean }): Promise<Completeness> => {
    const { merchantId, seasonId, dailyCap, startedAt, endedAt } = season;
    if (season.kind === 'bonus') return { eligibleScans: 0, undrawnScans: 0 };
    const seasons = await db.read((queries) => listSeasons(queries, { merchantId }));
    const full = new Set(
      (await db.read((queries) => listFullDays(queries, { merchantId, seasonId, dailyCap }))).map(
        ({ locationId, businessDay }) => `${locationId} ${businessDay}`,
      ),
    );
    const until = new Date(Math.min(asOf.getTime() - SETTLED_MS, endedAt?.getTime() ?? Infinity));
    const found: Completeness = { eligibleScans: 0, undrawnScans: 0 };
    const visits = await listFirstSales();
    const since = visits.reduce((first, { occurredAt }) => (occurredAt < first ? occurredAt : first), until);
    const coolDownDaysAt = await readCoolDown(db, { merchantId, since, stepRows });
    let judged = 0;
    for (const sale of visits) {
      if (++judged % PAGE_SALES === 0) await nextTurn();
      const { customerId, businessDay, locationId, occurredAt } = sale;
      const on = seasons.filter(
        (one) => one.startedAt <= occurredAt && !(one.endedAt && one.endedAt < occurredAt),
      );
      if (chooseSeason(on, { locationId, customerId, businessDay })?.seasonId !== seasonId) continue;
      if (sale.drawsOfDay > 0) found.eligibleScans++;
      else if (!full.has(`${locationId} ${businessDay}`) && (await isEligible(sale))) {
        found.eligibleScans++;
        found.undrawnScans++;
      }
    }
    return found;

    /** The first sale of each of the latest visits; a visit is one customer's business day. */
    async function listFirstSales(): Promise<SaleAtTill[]> {
      const joined = await db.read((queries) => listJoins(queries, { merchantId }));
      const joinedInto = new Set(joined.map(({ joinedIntoId }) => joinedIntoId));
      const first = new Map<string, SaleAtTill>();
      let beforeSaleId = isLive ? AFTER_ALL : firstIdAt(new Date(until.getTime() + ONLINE_MS));
      for (let looked = 0; looked < MOST_SALES;) {
        const back = { merchantId, beforeSaleId, others: stepRows - 1 };
        const [oldest] = await db.read((queries) => findSaleStepBack(queries, back));
        const limit = Math.min(PAGE_SALES, MOST_SALES - looked);
        const place = { merchantId, fromSaleId: oldest?.saleId ?? '', beforeSaleId, limit };
        const page = await db.read((queries) => listSalesAtTills(queries, place));
        looked += page.length;
        for (const sale of page) {
          const { customerId, businessDay, occurredAt, recordedAt } = sale;
          const isOnline = recordedAt.getTime() - occurredAt.getTime() <= ONLINE_MS;
          if (occurredAt < startedAt || occurredAt > until || !isOnline) continue;
          if (!sale.staffId && !joinedInto.has(customerId)) first.set(`${customerId} ${businessDay}`, sale);
        }
        const last = page.length === limit ? page.at(-1) : oldest;
        // What was recorded before the season happened before it.
        if (!last || last.recordedAt < startedAt) break;
        beforeSaleId = last.saleId;
        await nextTurn();
      }
      return [...first.values()];
    }

    async function isEligible({ customerId, businessDay, occurredAt }: SaleAtTill): Promise<boolean> {
      const since = new Date(occurredAt.getTime() - LOOK_BACK_MS + SCANNED_BEFORE_MS);
      const scannedAt = new Date(occurredAt.getTime() - SCANNED_BEFORE_MS);
      const sales = await db.read((queries) => listRecentSales(queries, { merchantId, customerId, since }));
      const earlier = sales.filter((sale) => sale.occurredAt < occurredAt);
      if (earlier.some((sale) => sale.businessDay === businessDay)) return false;
      // A file may have told since what nobody knew at the scan.
      if (!earlier.some((sale) => sale.recordedAt < scannedAt)) return false;
      // What was given just before the sale was given after the scan.
      const [last] = await db.read((queries) =>
        findGestureBefore(queries, { merchantId, customerId, before: scannedAt }),
      );
      const restMs = restDaysOf(coolDownDaysAt(occurredAt)) * DAY_MS;
      return !last || scannedAt.getTime() - last.givenAt.getTime() >= restMs;
    }
  };
