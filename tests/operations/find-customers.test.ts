import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { phoneOf } from '../../src/operations/contact-keys.ts';
import { findCustomers, readWish } from '../../src/operations/find-customers.ts';
import { aCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';

test.each([
  ['0123', { phoneEnd: '0123', digits: '0123' }],
  ['07700 900123', { phoneEnd: '0123', digits: '7700900123' }],
  ['+44 7700 900123', { phoneEnd: '0123', digits: '447700900123' }],
  ['Sá', { nameKey: 'sa' }],
  ['林', { nameKey: '林' }],
  ['012', null],
  ['s', null],
  ['%%', null],
])('“%s” looks for %j', (typed, wish) => expect(readWish(typed)).toEqual(wish));

forEachDatabase('a customer without their card', (database) => {
  const clock = new FixedClock('2026-03-02T09:00:00Z');

  async function known(db: Database, shop: Shop, name: string, phone: string | null = null) {
    const card = await aCard(db, shop, { customerName: name, stamps: 3 });
    const [row] = (await rowsOf(db, shop, 'cards')).filter(({ cardId }) => cardId === card.cardId);
    const columns = phone ? phoneOf(phone)! : {};
    await db.transact((tx) =>
      tx.query((d, { customers }) =>
        d
          .update(customers)
          .set({ nameKey: name.toLowerCase(), ...columns })
          .where(eq(customers.customerId, row!.customerId)),
      ),
    );
    return row!;
  }

  const find = (shop: Shop, typed: string, by = shop.ada) =>
    findCustomers(database.db, clock)(by, { wish: readWish(typed)! });

  test('is found by the last four figures, or by the start of a name, and only as much is shown as tells people apart', async () => {
    const { db } = database;
    const shop = await aShop(db);
    const sam = await known(db, shop, 'Sam Okafor', '+44 7700 900123');
    await known(db, shop, 'Priya', '07700 900555');
    const found = granted(await find(shop, '0123'));
    expect(found).toEqual({
      items: [
        {
          firstName: 'Sam',
          phoneEnd: '0123',
          lastVisitAt: null,
          stamps: 3,
          stampsRequired: 10,
          shortCode: sam.shortCode,
        },
      ],
      hasMore: false,
    });
    for (const typed of ['sam', 'oka', '07700 900 123', '+447700900123'])
      expect(granted(await find(shop, typed)).items.map(({ firstName }) => firstName)).toEqual(['Sam']);
    for (const typed of ['am', '0124', '11 0123', 'kafor'])
      expect(granted(await find(shop, typed)).items).toEqual([]);
  });

  test('of many, eight are shown and that there are more; of another shop, nobody', async () => {
    const { db } = database;
    const shop = await aShop(db);
    const other = await aShop(db);
    for (let index = 0; index < 9; index++) await known(db, shop, `Alex ${index}`);
    const found = granted(await find(shop, 'alex'));
    expect(found.items).toHaveLength(8);
    expect(found.hasMore).toBe(true);
    expect(granted(await find(other, 'alex')).items).toEqual([]);
  });

  test('is looked for twenty times in a row and then every 15 seconds, by each barista; the log says so, without the name', async () => {
    const { db } = database;
    const shop = await aShop(db);
    for (let count = 0; count < 20; count++) granted(await find(shop, 'zelda'));
    const refused = await find(shop, 'zelda');
    expect(refusalOf(refused)).toBe('too-many-requests');
    expect(refused).toHaveProperty('retryAt', new Date('2026-03-02T09:00:15Z'));
    granted(await find(shop, 'zelda', shop.ben));
    clock.advance({ seconds: 14 });
    expect(refusalOf(await find(shop, 'zelda'))).toBe('too-many-requests');
    clock.advance({ seconds: 1 });
    granted(await find(shop, 'zelda'));
    expect(refusalOf(await find(shop, 'zelda'))).toBe('too-many-requests');
    const audit = await rowsOf(db, shop, 'auditLog');
    expect(audit).toHaveLength(22);
    expect(audit[0]).toMatchObject({ action: 'customers.searched', staffId: shop.ada.staffId });
    expect(JSON.stringify(audit)).not.toMatch(/zelda/i);
  });
});
