import type { Database } from '../../db/database.ts';
import { listNewestSaleLines } from '../../db/queries/till-customer-queries.ts';
import type { SaleLine } from '../loyalty/program.ts';
import { firstIdAt } from './first-id-at.ts';

const COUNTED_DAYS = 30;
/** Enough to know what a shop sells; a busy one takes a week for it, and it takes 10 ms to count. */
const MAX_COUNTED_SALES = 2_000;
/** Of all locations together; most are passed over where others sell more. */
const MAX_LOOKED_AT = 20_000;
/** What sells does not change in the meantime, and tills ask at every sign-in. */
const KEPT_MS = 10 * 60_000;
/** Locations remembered; the longest known are forgotten first. */
const MAX_LOCATIONS = 1_000;

export type SoldCounts = ReadonlyMap<string, number>;

/**
 * How often each item sold at a location in the last 30 days, by its id: of the newest 2,000 sales there at most, among
 * the newest 20,000 everywhere. Kept in memory for ten minutes.
 */
export function countSold(db: Database) {
  const kept = new Map<string, { countedAt: number; counts: SoldCounts }>();
  return async (
    { merchantId, locationId }: { merchantId: string; locationId: string },
    now: Date,
  ): Promise<SoldCounts> => {
    const key = `${merchantId} ${locationId}`;
    const known = kept.get(key);
    if (known && Math.abs(now.getTime() - known.countedAt) < KEPT_MS) return known.counts;
    const since = new Date(now.getTime() - COUNTED_DAYS * 86_400_000);
    const fromSaleId = firstIdAt(since);
    const rows = await db.read((queries) =>
      listNewestSaleLines(queries, {
        merchantId,
        locationId,
        since,
        fromSaleId,
        lookedAt: MAX_LOOKED_AT,
        limit: MAX_COUNTED_SALES,
      }),
    );
    const counts = sumQuantities(rows.flatMap(({ lines }) => lines));
    kept.delete(key);
    kept.set(key, { countedAt: now.getTime(), counts });
    if (kept.size > MAX_LOCATIONS) kept.delete(kept.keys().next().value!);
    return counts;
  };
}

/** The busiest first; those that sell alike stay as they were. */
export function orderByBusiest<Item extends { itemId: string }>(
  items: readonly Item[],
  counts: SoldCounts,
): Item[] {
  const sold = ({ itemId }: Item) => counts.get(itemId) ?? 0;
  return items.toSorted((a, b) => sold(b) - sold(a));
}

function sumQuantities(lines: readonly SaleLine[]): SoldCounts {
  const counts = new Map<string, number>();
  for (const { itemId, quantity } of lines)
    if (itemId !== null) counts.set(itemId, (counts.get(itemId) ?? 0) + quantity);
  return counts;
}
