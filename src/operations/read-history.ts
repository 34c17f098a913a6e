import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import { listGesturesBetween } from '../../db/queries/evidence-queries.ts';
import { listSalesWritten } from '../../db/queries/history-queries.ts';
import { findSaleStepEnd } from '../../db/queries/summary-queries.ts';
import { restDaysOf } from '../evidence/covariates.ts';
import type { CustomerSale } from '../evidence/covariates.ts';
import { readHistory } from '../evidence/forecast.ts';
import type { HistoryFigures } from '../evidence/forecast.ts';
import { firstIdAt } from './first-id-at.ts';

const DAY_MS = 86_400_000;
/** How far back the visits are looked at, and how much further what was known before each. */
const VISITS_DAYS = 90;
const BEFORE_DAYS = 90;
/** Sales that one statement looks at, whether they say anything or not: those of a file may be a million, and old. */
const STEP_SALES = 2_000;
const PAGE_GESTURES = 1_000;
/** Sorts after every id. */
const AFTER_ALL = 'zzzz';
/**
 * Of a chain's customers only so many are kept that their sales stay below this: more would hardly say more, and are
 * reckoned with in one go.
 */
const MOST_SALES = 20_000;

export interface ShopHistory {
  /** null when too little is known yet. */
  figures: HistoryFigures | null;
  /** Customers who bought something in the last 90 days. */
  activeCustomers: number;
}

/** What a shop's last half year says about an experiment it has not begun; in bounded memory. */
export const readShopHistory =
  (db: Database, { stepSales = STEP_SALES }: { stepSales?: number } = {}) =>
  async ({
    merchantId,
    locationId,
    visitMinutes,
    coolDownDays,
    asOf,
  }: {
    merchantId: string;
    locationId: string | null;
    visitMinutes: number;
    coolDownDays: number;
    asOf: Date;
  }): Promise<ShopHistory> => {
    const from = new Date(asOf.getTime() - VISITS_DAYS * DAY_MS);
    const since = new Date(from.getTime() - BEFORE_DAYS * DAY_MS);
    const kept = new Map<string, CustomerSale[]>();
    let [keptSales, keepOneIn, here, everywhere] = [0, 1, 0, 0];
    let afterSaleId = firstIdAt(since);
    for (;;) {
      const step = { merchantId, afterId: afterSaleId, count: stepSales };
      const end = await db.read((queries) => findSaleStepEnd(queries, step));
      const place = { merchantId, afterSaleId, upToSaleId: end ?? AFTER_ALL, since };
      const page = await db.read((queries) => listSalesWritten(queries, place));
      for (const { saleId, customerId, occurredAt, totalMinor, refundedMinor, ...sale } of page) {
        if (occurredAt > asOf) continue;
        everywhere++;
        if (sale.locationId === locationId) here++;
        if (!isKept(customerId!, keepOneIn)) continue;
        const sales = kept.get(customerId!) ?? [];
        if (sales.length === 0) kept.set(customerId!, sales);
        sales.push({ saleId, occurredAt, netMinor: totalMinor - (refundedMinor ?? 0) });
        keptSales++;
      }
      while (keptSales > MOST_SALES) {
        keepOneIn *= 2;
        for (const [customerId, sales] of kept)
          if (!isKept(customerId, keepOneIn)) {
            kept.delete(customerId);
            keptSales -= sales.length;
          }
      }
      if (end === undefined) break;
      afterSaleId = end;
      await nextTurn();
    }
    const given = await listGiven();
    let activeCustomers = 0;
    for (const sales of kept.values()) {
      sales.sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
      if (sales.at(-1)!.occurredAt >= from) activeCustomers++;
    }
    const histories = [...kept].map(([customerId, sales]) => ({ sales, givenAt: given.get(customerId) }));
    const figures = readHistory(histories, { asOf, from, visitMinutes, coolDownDays });
    const locationShare = locationId === null || everywhere === 0 ? 1 : here / everywhere;
    return {
      figures: figures && {
        ...figures,
        eligiblePerWeek: figures.eligiblePerWeek * keepOneIn * locationShare,
        visitsAtRest: figures.visitsAtRest * locationShare,
      },
      activeCustomers: Math.round(activeCustomers * keepOneIn * locationShare),
    };

    /** When each customer was given something, oldest first. */
    async function listGiven(): Promise<Map<string, Date[]>> {
      const given = new Map<string, Date[]>();
      let givenFrom = new Date(from.getTime() - restDaysOf(coolDownDays) * DAY_MS);
      let afterGestureId = '';
      for (;;) {
        const span = { merchantId, from: givenFrom, afterGestureId, to: asOf, asOf, limit: PAGE_GESTURES };
        const page = await db.read((queries) => listGesturesBetween(queries, span));
        for (const { customerId, givenAt } of page) {
          if (!kept.has(customerId)) continue;
          const ofCustomer = given.get(customerId);
          if (ofCustomer) ofCustomer.push(givenAt);
          else given.set(customerId, [givenAt]);
        }
        await nextTurn();
        const last = page.at(-1);
        if (!last || page.length < PAGE_GESTURES) return given;
        [givenFrom, afterGestureId] = [last.givenAt, last.gestureId];
      }
    }
  };

/** Whether a customer is among one in so many: of one in twice as many, all are. */
function isKept(customerId: string, oneIn: number): boolean {
  return oneIn === 1 || Number.parseInt(hash('sha256', customerId).slice(0, 8), 16) % oneIn === 0;
}
