import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Queries } from '../../db/database.ts';
import {
  findLastDayWithSales,
  listRewardsSpentOnSales,
  listSalesOfDay,
  sumRefundsOfSales,
} from '../../db/queries/day-sale-queries.ts';
import { findLocationClock } from '../../db/queries/sale-queries.ts';
import type { Clock } from '../clock.ts';
import { addDays } from '../loyalty/business-day.ts';
import type { SaleLine } from '../loyalty/program.ts';
import { isRefundable } from '../loyalty/refund.ts';
import { businessDayOf } from './business-day-of.ts';
import { readInstantCursor, writeInstantCursor } from './page-of.ts';
import type { Page } from './page-of.ts';

/** A sale in the list of a day. Money is minor units. */
export interface DaySale {
  saleId: string;
  /** `till`, or the name of a file or connection. */
  source: string;
  occurredAt: Date;
  /** Gross: what was refunded is said beside it. */
  totalMinor: number;
  itemNames: string[];
  refundedMinor: number;
  /** Whether anything is left to refund. */
  mayRefund: boolean;
  /** null when the sale was on no card. */
  customer: CustomerOfSale | null;
  staffName: string | null;
}

export interface CustomerOfSale {
  customerId: string;
  /** null when they never said. */
  name: string | null;
  /** Of the card; without a name they are called by it. */
  shortCode: string | null;
}

export interface DaySales extends Page<DaySale> {
  /** The day that is shown, and the business day the location is on now. */
  businessDay: string;
  today: string;
  /** When there are none on the day that is shown: the last one of which there are some at this location. */
  latestDay: string | null;
}

const AFTER_ALL_DAYS = '9999-12-31';
/** Looked through in one statement: of a location without sales all of the other locations’ are seen. */
const DAYS_PER_STEP = 100;

/** The sales of a business day at a location, with a card or without, the newest first; of today when none is said. */
export const listSales =
  (db: Database, clock: Clock) =>
  (
    { merchantId }: { merchantId: string },
    request: {
      locationId: string;
      businessDay?: string | undefined;
      cursor?: string | undefined;
      limit: number;
    },
  ): Promise<DaySales | { refused: 'location-unknown' }> => {
    const now = clock.now();
    const { locationId, limit } = request;
    return db.read(async (queries) => {
      const [location] = await findLocationClock(queries, { merchantId, locationId });
      if (!location) return { refused: 'location-unknown' };
      const today = businessDayOf(location, now);
      const businessDay = request.businessDay ?? today;
      const rows = await listSalesOfDay(queries, {
        merchantId,
        locationId,
        businessDay,
        before: readInstantCursor(request.cursor),
        limit: limit + 1,
      });
      const shown = rows.slice(0, limit);
      const refundsOf = await loadRefundsOf(queries, { merchantId, sales: shown });
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return {
        businessDay,
        today,
        latestDay: rows.length === 0 ? await findLatestDay(queries, { merchantId, locationId }) : null,
        items: shown.map((sale) => ({
          saleId: sale.saleId,
          source: sale.source,
          occurredAt: sale.occurredAt,
          totalMinor: sale.totalMinor,
          itemNames: itemNamesOf(sale.lines),
          ...refundsOf(sale),
          customer: presentCustomer(sale),
          staffName: whoRangUp(sale),
        })),
        nextCursor: last ? writeInstantCursor({ at: last.occurredAt, id: last.saleId }) : null,
      };
    });
  };

/** With a turn for everybody else between two steps. */
async function findLatestDay(
  queries: Queries,
  { merchantId, locationId }: { merchantId: string; locationId: string },
): Promise<string | null> {
  for (let before = AFTER_ALL_DAYS; ;) {
    const last = await findLastDayWithSales(queries, { merchantId, before });
    if (last === undefined) return null;
    const from = addDays(last, 1 - DAYS_PER_STEP);
    const latest = await findLastDayWithSales(queries, { merchantId, locationId, from, before });
    if (latest !== undefined) return latest;
    before = from;
    await nextTurn();
  }
}

/** At a till; of a file nobody knows, and whoever brought it in did not. */
export const whoRangUp = (sale: { source: string; staffName: string | null }): string | null =>
  sale.source === 'till' ? sale.staffName : null;

export function presentCustomer({
  customerId,
  customerName,
  shortCode,
}: {
  customerId: string | null;
  customerName: string | null;
  shortCode: string | null;
}): CustomerOfSale | null {
  return customerId === null ? null : { customerId, name: customerName, shortCode };
}

interface SoldSale {
  saleId: string;
  totalMinor: number;
  stampsEarned: number;
}

/** Of some sales: what was refunded of each, and whether anything is left. */
export async function loadRefundsOf(
  queries: Queries,
  { merchantId, sales }: { merchantId: string; sales: readonly SoldSale[] },
): Promise<(sale: SoldSale) => { refundedMinor: number; mayRefund: boolean }> {
  const saleIds = [...new Set(sales.map(({ saleId }) => saleId))];
  const some = { merchantId, saleIds };
  const refunds = saleIds.length > 0 ? await sumRefundsOfSales(queries, some) : [];
  const rewards = saleIds.length > 0 ? await listRewardsSpentOnSales(queries, some) : [];
  return ({ saleId, totalMinor, stampsEarned }) => {
    const refunded = refunds.find((one) => one.saleId === saleId);
    const refundedMinor = refunded?.refundedMinor ?? 0;
    return {
      refundedMinor,
      mayRefund: isRefundable({
        totalMinor,
        refundedMinor,
        earnedStamps: stampsEarned,
        reversedStamps: refunded?.reversedStamps ?? 0,
        rewardsSpentCount: rewards.filter((reward) => reward.saleId === saleId).length,
      }),
    };
  };
}

/** What was bought, each name once. */
export function itemNamesOf(lines: readonly SaleLine[] | null): string[] {
  return [...new Set((Array.isArray(lines) ? lines : []).map((line) => line.name))];
}
