import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { Database, Queries, Tables } from '../../db/database.ts';
import { prepared } from '../../db/database.ts';
import { given, placeholders } from '../../db/queries/placeholders.ts';

export type Counter = Tables['allowanceCounters']['$inferSelect'];

/** A counter nobody has used yet, of a merchant of its own. */
export function aCounter(): Counter {
  return {
    merchantId: uuid(),
    scope: 'staff',
    subjectId: 'ada',
    period: 'day',
    periodStart: '2026-03-02',
    usedCount: 0,
    leasedCount: 0,
    usedCostMinor: 0,
  };
}

/** Counts one more unless `limit` are counted already; a row comes back when it did. */
export const tapOnce = prepared<Counter & { limit: number }>()((db, { allowanceCounters: counters }) =>
  db
    .insert(counters)
    .values({ ...placeholders(counters), usedCount: 1 })
    .onConflictDoUpdate({
      target: [
        counters.merchantId,
        counters.scope,
        counters.subjectId,
        counters.period,
        counters.periodStart,
      ],
      set: { usedCount: sql`${counters.usedCount} + 1` },
      setWhere: sql`${counters.usedCount} < ${given<number>('limit')}`,
    })
    .returning({ usedCount: counters.usedCount }),
);

export const findCounter = prepared<{ merchantId: string }>()((db, { allowanceCounters: counters }) =>
  db
    .select({ usedCount: counters.usedCount, usedCostMinor: counters.usedCostMinor })
    .from(counters)
    .where(sql`${counters.merchantId} = ${given<string>('merchantId')}`),
);

export const insertCounter = prepared<Counter>()((db, { allowanceCounters: counters }) =>
  db.insert(counters).values(placeholders(counters)),
);

const setUsedCount = prepared<{ merchantId: string; usedCount: number }>()(
  (db, { allowanceCounters: counters }) =>
    db
      .update(counters)
      .set({ usedCount: given<number>('usedCount') })
      .where(sql`${counters.merchantId} = ${given<string>('merchantId')}`),
);

/** Reads, adds one in JavaScript, writes: loses updates on a database that does not run it as if alone. */
export async function addOneSlowly(tx: Queries, merchantId: string): Promise<void> {
  const [counter] = await findCounter(tx, { merchantId });
  await setUsedCount(tx, { merchantId, usedCount: counter!.usedCount + 1 });
}

export async function usedCountOf(db: Database, merchantId: string): Promise<number | undefined> {
  const [counter] = await db.read((queries) => findCounter(queries, { merchantId }));
  return counter?.usedCount;
}
