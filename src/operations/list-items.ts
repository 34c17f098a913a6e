import type { Database } from '../../db/database.ts';
import { listMenuItems } from '../../db/queries/item-queries.ts';
import type { ItemRow } from '../../db/queries/item-queries.ts';
import type { Actor } from './actor.ts';
import { pageOf } from './page-of.ts';
import type { Page } from './page-of.ts';

export type ItemView = Omit<ItemRow, 'merchantId' | 'createdAt' | 'endedAt'>;

/** The menu. */
export const listItems =
  (db: Database) =>
  (
    { merchantId }: Pick<Actor, 'merchantId'>,
    { cursor }: { cursor?: string | undefined },
  ): Promise<Page<ItemView>> =>
    db.read((queries) =>
      pageOf({ merchantId, cursor }, (asked) => listMenuItems(queries, asked), {
        idOf: ({ itemId }) => itemId,
        present: presentItem,
      }),
    );

export function presentItem(row: ItemRow): ItemView {
  const { itemId, name, priceMinor, costMinor, qualifies, mayBeGiven } = row;
  return { itemId, name, priceMinor, costMinor, qualifies, mayBeGiven };
}
