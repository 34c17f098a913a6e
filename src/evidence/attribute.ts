import { sweepTouches } from './touch-sweep.ts';
import type { AttributionRule, Outcome } from './touch-sweep.ts';

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
 * Counts later sales to gestures: bookkeeping, no claim of cause. A sale counts to a gesture when the same customer
 * made it after the visit and within the window; net of the refunds dated up to `asOf`; once in total, whatever the
 * model. Answers with an outcome for each gesture that was not undone, by id. This is the rule over rows in memory: the
 * reports come to the same a page of customers at a time, and their tests ask it here.
 *
 * Takes any order. O((n + m) log(n + m)) for n sales and m gestures.
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
  const salesOfCustomer = groupBy(sales, ({ customerId }) => customerId);
  const outcomes = new Map<string, Outcome>();
  const standing = gestures.filter(({ undoneAt }) => undoneAt === null);
  for (const [customerId, given] of groupBy(standing, (gesture) => gesture.customerId)) {
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

function groupBy<Key extends string | null, Value>(
  values: readonly Value[],
  keyOf: (value: Value) => Key,
): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
