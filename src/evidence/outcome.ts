import type { CustomerSale } from './covariates.ts';
import { findFirst } from './find-first.ts';

/** How outcomes are counted; all of it is fixed when the season begins. */
export interface OutcomeRule {
  /** Where a sale is cut, minor units: the 99.5th percentile of the time before the season. */
  saleCapMinor: number;
  /** Sales that come no later after the scan than this are the visit's own: a draw knows no sale. */
  visitMinutes: number;
  asOf: Date;
}

export interface VisitOutcome {
  /** Y: net spend in the 30 days after the visit, each sale cut at the cap; minor units. */
  spendMinor: number;
  /** Sales in the same 30 days: the early, secondary answer. */
  saleCount: number;
  /** Net spend 58 to 28 days before the visit, which no draw can have changed; minor units. */
  placeboMinor: number;
  /** Whether the 30 days are over at `asOf`. Only matured draws are analysed, and all of them. */
  isMatured: boolean;
}

export const OUTCOME_DAYS = 30;
export const PLACEBO_FROM_DAYS = 58;
export const PLACEBO_TO_DAYS = 28;
const CAP_QUANTILE = 0.995;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * What a customer did after a visit that was drawn for: sales later than the visit and at most 30 days of 24 hours after
 * it, at any location of the merchant, whatever happened later (no draw is dropped because the customer was treated
 * again).
 *
 * `sales` are every sale of the customer, oldest first, net of the refunds dated up to `asOf`; O(log n + sales counted).
 */
export function computeOutcome(
  drawnAt: Date,
  sales: readonly Pick<CustomerSale, 'occurredAt' | 'netMinor'>[],
  { saleCapMinor, visitMinutes, asOf }: OutcomeRule,
): VisitOutcome {
  const drawnMs = drawnAt.getTime();
  const endMs = drawnMs + OUTCOME_DAYS * DAY_MS;
  const asOfMs = asOf.getTime();
  const outcome = { spendMinor: 0, saleCount: 0, placeboMinor: 0, isMatured: endMs <= asOfMs };
  const placeboFromMs = drawnMs - PLACEBO_FROM_DAYS * DAY_MS;
  const placeboEndMs = drawnMs - PLACEBO_TO_DAYS * DAY_MS;
  const first = findFirst(sales.length, (place) => sales[place]!.occurredAt.getTime() >= placeboFromMs);
  for (let place = first; place < sales.length; place++) {
    const { occurredAt, netMinor } = sales[place]!;
    const soldMs = occurredAt.getTime();
    if (soldMs > endMs || soldMs > asOfMs) break;
    const cutMinor = Math.min(netMinor, saleCapMinor);
    if (soldMs < placeboEndMs) outcome.placeboMinor += cutMinor;
    if (soldMs <= drawnMs + visitMinutes * MINUTE_MS) continue;
    outcome.spendMinor += cutMinor;
    outcome.saleCount++;
  }
  return outcome;
}

/** Where a sale is cut: the 99.5th percentile (nearest rank) of the sales before the season; null when there are none. */
export function computeSaleCap(netMinor: ArrayLike<number>): number | null {
  const sorted = Float64Array.from(netMinor).sort();
  return sorted[Math.ceil(CAP_QUANTILE * sorted.length) - 1] ?? null;
}
