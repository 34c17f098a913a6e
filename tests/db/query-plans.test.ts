import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import { findCustomers, readWish } from '../../src/operations/find-customers.ts';
import { fillNameKeys } from '../../src/operations/fill-name-keys.ts';
import { listSales } from '../../src/operations/list-sales.ts';
import { listOwnThanks, listWallOfThanks } from '../../src/operations/list-thanks.ts';
import { readCardPage } from '../../src/operations/read-card-page.ts';
import { readSale } from '../../src/operations/read-sale.ts';
import { thankForGesture } from '../../src/operations/thank-for-gesture.ts';
import { aCustomer } from '../support/a-customer.ts';
import { aShop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { createSqliteFile } from '../support/databases.ts';
import { testSecrets } from '../support/server.ts';
import { FixedClock } from '../support/fixed-clock.ts';

/** Tables that grow with every customer and every sale; reading all of a merchant's rows would slow down for ever. */
const GROWING = [
  'answers',
  'cards',
  'customers',
  'entries',
  'gestures',
  'refunds',
  'rewards',
  'sales',
  'thanks',
];

// Called with its own `this` below.
// oxlint-disable-next-line typescript/unbound-method
const prepare = BetterSqlite3.prototype.prepare;
const statements = new Set<string>();
beforeAll(() => {
  BetterSqlite3.prototype.prepare = function recordStatement(this: BetterSqlite3.Database, source: string) {
    statements.add(source);
    return prepare.call(this, source);
  } as typeof prepare;
});
afterAll(() => {
  BetterSqlite3.prototype.prepare = prepare;
});

/** The steps of a plan that read all of a growing table, or all of a merchant's part of it. */
function slowSteps(plan: readonly string[]): string[] {
  return plan.filter((step) => {
    const [, how, table, columns = ''] = /^(SCAN|SEARCH) (\w+)(?:.*\((.*)\))?/.exec(step) ?? [];
    if (!table || !GROWING.includes(table)) return false;
    return how === 'SCAN' || columns === 'merchant_id=?';
  });
}

test('what a till, a card’s page and a day’s sales ask is found by its key, however long the shop has been open', async () => {
  const file = await createSqliteFile();
  const db = await openDatabase(file.url);
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  const shop = await aShop(db, { now: clock.now() });
  const till = aTill(db, clock, shop);
  const customer = await aCustomer({ db, clock, shop }, 'Sam');
  await customer.buyCoffee(10);
  clock.advance({ minutes: 1 });
  const { sale } = granted(await till.sell(customer));
  granted(await till.redeem(customer, { saleId: sale.saleId }));
  granted(await till.refund(sale.saleId, { wholeSale: true }));
  const unclaimed = granted(await till.sell(null));
  granted(await till.claim(customer, unclaimed.sale.saleId));
  const { gesture } = granted(await till.give(customer));
  granted(await thankForGesture(db, clock)({ secret: customer.secret, ...gesture }));
  await listOwnThanks(db, clock)(shop.ada);
  await db.read((queries) => listWallOfThanks(queries, { merchantId: shop.merchantId, now: clock.now() }));
  granted(await till.undo(gesture.gestureId));
  granted(await till.look(customer));
  for (const typed of ['sam', '07700 900123'])
    granted(await findCustomers(db, clock)(shop.ada, { wish: readWish(typed)! }));
  await readCardPage(db, clock, testSecrets.cardKey)({ secret: customer.secret });
  granted(await listSales(db, clock)(shop, { locationId: shop.locationId, limit: 50 }));
  granted(
    await listSales(db, clock)(shop, {
      locationId: shop.locationId,
      businessDay: '2026-03-01',
      limit: 50,
    }),
  );
  granted(await readSale(db, clock)(shop, sale));

  const client = new BetterSqlite3(file.url);
  const slow = [...statements]
    .filter((source) => /^\s*(select|update|delete)/i.test(source) && / "\w+" /.test(source))
    .flatMap((source) => {
      const values = Array.from({ length: source.split('?').length - 1 }, () => null);
      const explain = prepare.call(client, `EXPLAIN QUERY PLAN ${source}`) as BetterSqlite3.Statement<
        unknown[]
      >;
      const plan = explain.all(...values) as { detail: string }[];
      return slowSteps(plan.map(({ detail }) => detail)).map((step) => `${step}: ${source}`);
    });
  expect(statements.size).toBeGreaterThan(20);
  expect(slow).toEqual([]);
  client.close();
  await db.close();
  await file.drop();
});

test('what an older version left to do is looked for at a start without reading every customer', async () => {
  const file = await createSqliteFile();
  const db = await openDatabase(file.url);
  await aShop(db);
  await fillNameKeys(db)();
  const [source] = [...statements].filter((one) => /"name_key" is null/.test(one));
  const client = new BetterSqlite3(file.url);
  const explain = prepare.call(client, `EXPLAIN QUERY PLAN ${source}`) as BetterSqlite3.Statement<unknown[]>;
  const plan = explain.all('', '', 1) as { detail: string }[];
  expect(plan.map(({ detail }) => detail).join()).toContain('USING INDEX customers_without_name_key');
  client.close();
  await db.close();
  await file.drop();
});

test('a plan that reads all of a merchant’s rewards is noticed', () => {
  const bad = 'SEARCH rewards USING INDEX sqlite_autoindex_rewards_1 (merchant_id=?)';
  expect(slowSteps([bad, 'SCAN sales', 'SCAN merchants'])).toEqual([bad, 'SCAN sales']);
});
