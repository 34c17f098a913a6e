import type { Database } from '../../db/database.ts';
import { fillNameKey, listNamedWithoutKey } from '../../db/queries/customer-queries.ts';
import { listShops } from './choose-merchant.ts';
import { nameKeyOf } from './contact-keys.ts';

/** Written in one transaction: about ten milliseconds, so that no till waits. */
const PAGE_ROWS = 100;

/**
 * Gives customers from before names could be searched for the key by which they are found. For the start of the
 * server; done twice, the second time finds nothing to do. Returns how many names got one.
 */
export const fillNameKeys = (db: Database) => async (): Promise<number> => {
  let filledCount = 0;
  for (const { merchantId } of await listShops(db)()) filledCount += await fillShop(db, merchantId);
  return filledCount;
};

async function fillShop(db: Database, merchantId: string): Promise<number> {
  let filledCount = 0;
  // By id and not “until there are none”: a name like “☕” has nothing to be found by, and stays without.
  let after: string | undefined = '';
  while (after !== undefined) {
    const asked: { merchantId: string; after: string; limit: number } = {
      merchantId,
      after,
      limit: PAGE_ROWS,
    };
    const rows = await db.read((queries) => listNamedWithoutKey(queries, asked));
    const keys = rows
      .map(({ customerId, name }) => ({ merchantId, customerId, name: name!, nameKey: nameKeyOf(name!) }))
      .filter(({ nameKey }) => nameKey !== '');
    if (keys.length > 0)
      await db.transact(async (tx) => {
        for (const key of keys) await fillNameKey(tx, key);
      });
    filledCount += keys.length;
    after = rows.length === PAGE_ROWS ? rows.at(-1)?.customerId : undefined;
  }
  return filledCount;
}
