import { sweepTouches } from '../../src/evidence/touch-sweep.ts';
import type { AttributionRule, Outcome } from '../../src/evidence/touch-sweep.ts';

export interface GivenGesture {
  gestureId: string;
  customerId: string;
  givenAt: Date;
  /** The sale it was given with; null when there was none. */
  saleId: string | null;
  undoneAt: Date | null;
}

export interface MadeSale {
  saleId: string;
  /** Null when nobody knows whose it was: it counts to no gesture. */
  customerId: string | null;
  occurredAt: Date;
  /** Gross, minor units. */
  totalMinor: number;
}

export interface MadeRefund {
  saleId: string;
  refundedAt: Date;
  amountMinor: number;
}

/**
 * What the reports attribute a page of customers at a time, over rows in memory, in any order: net of the refunds dated
 * up to `asOf`. Answers with an outcome for each gesture that was not undone, by id.
 */
export function attribute({
  gestures,
  sales,
  refunds,
  ...rule
}: AttributionRule & {
  gestures: readonly GivenGesture[];
  sales: readonly MadeSale[];
  refunds: readonly MadeRefund[];
}): Map<string, Outcome> {
  const refundedMinor = sumRefunds(refunds, rule.asOf);
  const salesOfCustomer = Map.groupBy(sales, ({ customerId }) => customerId);
  const outcomes = new Map<string, Outcome>();
  const standing = gestures.filter(({ undoneAt }) => undoneAt === null);
  for (const [customerId, given] of Map.groupBy(standing, (gesture) => gesture.customerId)) {
    given.sort((a, b) => a.givenAt.getTime() - b.givenAt.getTime() || (a.gestureId < b.gestureId ? -1 : 1));
    const made = salesOfCustomer.get(customerId) ?? [];
    made.sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
    const sweep = sweepTouches(given, rule);
    for (const sale of made) {
      const netMinor = sale.totalMinor - (refundedMinor.get(sale.saleId) ?? 0);
      sweep.add({ saleId: sale.saleId, occurredAt: sale.occurredAt, netMinor });
    }
    const swept = sweep.finish();
    given.forEach(({ gestureId }, place) => outcomes.set(gestureId, swept[place]!));
  }
  return outcomes;
}

function sumRefunds(refunds: readonly MadeRefund[], asOf: Date): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { saleId, refundedAt, amountMinor } of refunds)
    if (refundedAt <= asOf) sums.set(saleId, (sums.get(saleId) ?? 0) + amountMinor);
  return sums;
}
