import { v7 as uuid } from 'uuid';
import { expect, it } from 'vitest';
import { insertCustomer } from '../../db/queries/card-queries.ts';
import { updateCustomer } from '../../db/queries/customer-queries.ts';

import { fillNameKeys } from '../../src/operations/fill-name-keys.ts';
import { newCustomer } from '../../src/operations/new-rows.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { rowsOf } from '../support/shop-settings.ts';

/** More than are written in one go, and not a multiple of it. */
const MANY = 450;

forEachDatabase('customers from before names could be searched for', (database) => {
  /** As an older version wrote them: a name, and no key. */
  async function writeOld(shop: Shop, names: (string | null)[]): Promise<void> {
    const { merchantId } = shop;
    await database.db.transact(async (tx) => {
      for (const name of names) {
        const customerId = uuid();
        await insertCustomer(tx, newCustomer({ merchantId, customerId, name, createdAt: new Date() }));
        await updateCustomer(tx, { merchantId, customerId, change: { nameKey: null } });
      }
    });
  }

  const keysOf = async (shop: Shop) =>
    (await rowsOf(database.db, shop, 'customers')).map(({ name, nameKey }) => [name, nameKey]);

  it('are found by them after a start, in every shop; nobody gets a name they did not give', async () => {
    const shops = [await aShop(database.db), await aShop(database.db)];
    await writeOld(shops[0]!, ['Zoë Brontë', null, '☕']);
    await writeOld(shops[1]!, ['Łukasz']);
    expect(await fillNameKeys(database.db)()).toBe(2);
    expect(await keysOf(shops[0]!)).toEqual(
      expect.arrayContaining([
        ['Zoë Brontë', 'zoe bronte'],
        [null, null],
        ['☕', null],
      ]),
    );
    expect(await keysOf(shops[1]!)).toContainEqual(['Łukasz', 'lukasz']);
    expect(await fillNameKeys(database.db)()).toBe(0);
  });

  it('are all filled, however many they are', async () => {
    const shop = await aShop(database.db);
    await writeOld(
      shop,
      Array.from({ length: MANY }, (_, place) => (place % 200 === 199 ? '☕' : `Sam ${place}`)),
    );
    expect(await fillNameKeys(database.db)()).toBe(MANY - 2);
    const keys = await keysOf(shop);
    expect(keys.filter(([, nameKey]) => nameKey?.startsWith('sam '))).toHaveLength(MANY - 2);
  });
});
