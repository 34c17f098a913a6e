import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Queries, Tables } from '../database.ts';

export type ItemRow = Tables['items']['$inferSelect'];
export type ItemChange = Partial<
  Pick<ItemRow, 'name' | 'priceMinor' | 'costMinor' | 'qualifies' | 'mayBeGiven' | 'endedAt'>
>;

export function insertItem(tx: Queries, item: ItemRow) {
  return tx.query((db, { items }) => db.insert(items).values(item));
}

/** An item that is still on the menu. */
export const findMenuItem = prepared<{ merchantId: string; itemId: string }>()((db, { items }) =>
  db
    .select()
    .from(items)
    .where(
      and(
        eq(items.merchantId, sql.placeholder('merchantId')),
        eq(items.itemId, sql.placeholder('itemId')),
        isNull(items.endedAt),
      ),
    ),
);

/** An item, on the menu still or not. */
export async function findItem(
  tx: Queries,
  { merchantId, itemId }: { merchantId: string; itemId: string },
): Promise<ItemRow | undefined> {
  const rows = await tx.query((db, { items }) =>
    db
      .select()
      .from(items)
      .where(and(eq(items.merchantId, merchantId), eq(items.itemId, itemId))),
  );
  return rows[0];
}

export function listMenuItems(
  tx: Queries,
  { merchantId, after, limit }: { merchantId: string; after: string; limit: number },
): Promise<ItemRow[]> {
  return tx.query((db, { items }) =>
    db
      .select()
      .from(items)
      .where(and(eq(items.merchantId, merchantId), gt(items.itemId, after), isNull(items.endedAt)))
      .orderBy(asc(items.itemId))
      .limit(limit),
  );
}

export function updateItem(
  tx: Queries,
  { merchantId, itemId, change }: { merchantId: string; itemId: string; change: ItemChange },
) {
  return tx.query((db, { items }) =>
    db
      .update(items)
      .set(change)
      .where(and(eq(items.merchantId, merchantId), eq(items.itemId, itemId))),
  );
}
