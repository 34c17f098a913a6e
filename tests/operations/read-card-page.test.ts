import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import { readCardPage } from '../../src/operations/read-card-page.ts';
import type { CardPage } from '../../src/operations/read-card-page.ts';
import { undoGesture } from '../../src/operations/undo-gesture.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { aCustomer } from '../support/a-customer.ts';
import { aShop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { testSecrets } from '../support/server.ts';
import { setProgram } from '../support/shop-settings.ts';
import { FixedClock } from '../support/fixed-clock.ts';

forEachDatabase('the card page', (database) => {
  async function open(stampsRequired = 10, expiryDays: number | null = null) {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, { now: clock.now(), stampsRequired });
    await setProgram(db, shop, { expiryDays });
    const customer = await aCustomer({ db, clock, shop }, 'Sam Porter');
    const read = async (): Promise<CardPage> => {
      const page = await readCardPage(db, clock, testSecrets.cardKey)({ secret: customer.secret });
      if ('refused' in page) throw new Error(page.refused);
      return page;
    };
    return { db, clock, shop, customer, read };
  }

  test('a new card is empty and says what it is for', async () => {
    const { read } = await open();
    expect(await read()).toMatchObject({
      shopName: 'The Kind Bean',
      customerName: 'Sam Porter',
      stampsOnCard: 0,
      stampsRequired: 10,
      rewardName: 'A coffee on the house',
      marks: [],
      rewards: [],
      gift: null,
      history: [],
      isBlocked: false,
    });
  });

  test('a gift is told once, with what it was', async () => {
    const { db, clock, shop, customer, read } = await open();
    granted(
      await aTill(db, clock, shop).give(customer, { kind: 'free_item', itemId: shop.flatWhite.itemId }),
    );
    const { history } = await read();
    expect(history).toMatchObject([{ what: 'gift', kind: 'free_item', itemName: 'Flat white' }]);
  });

  test('what a reward paid for is told as enjoyed, and not as a stamp earned and lost', async () => {
    const { db, clock, shop, customer, read } = await open();
    const till = aTill(db, clock, shop);
    await customer.buyCoffee(10);
    clock.advance({ days: 1 });
    const { sale } = granted(await till.sell(customer));
    granted(await till.redeem(customer, { saleId: sale.saleId }));
    expect((await read()).history).toMatchObject([{ what: 'redeemed' }, { what: 'earned', stamps: 10 }]);
    clock.advance({ days: 1 });
    const paid = granted(await till.sell(customer));
    granted(await till.refund(paid.sale.saleId, { wholeSale: true }));
    const stamps = (await read()).history.filter(({ what }) => what === 'refunded');
    expect(stamps).toMatchObject([{ stamps: -1 }]);
  });

  test('a link nobody has opens nothing', async () => {
    const { db, clock } = await open();
    const page = await readCardPage(db, clock, testSecrets.cardKey)({ secret: 'a'.repeat(26) });
    expect(page).toEqual({ refused: 'card-unknown' });
  });

  test('at 9 of 10 a coffee and a double stamp show a reward and one stamp, a gift, on the next card', async () => {
    const { clock, customer, read } = await open();
    await customer.buyCoffee(9);
    expect(await read()).toMatchObject({ stampsOnCard: 9, rewards: [] });
    clock.advance({ hours: 1 });
    await customer.buyCoffee();
    await customer.isGivenDoubleStamp('long_wait');
    const page = await read();
    expect(page).toMatchObject({ stampsOnCard: 1, marks: ['gift'] });
    expect(page.rewards).toMatchObject([
      { name: 'A coffee on the house', kind: 'stamps', stamps: 10, isUsed: false },
    ]);
    expect(page.gift).toMatchObject({ giverName: 'Ada', kind: 'double_stamp', reason: 'long_wait' });
    expect(page.history).toMatchObject([
      { what: 'gift', giverName: 'Ada' },
      { what: 'earned', stamps: 1, itemNames: ['Flat white'] },
      { what: 'earned', stamps: 9 },
    ]);
  });

  test('the hearts are on the stamps that were given, in their place', async () => {
    const { customer, read } = await open();
    await customer.buyCoffee(2);
    await customer.isGivenDoubleStamp();
    await customer.buyCoffee(1);
    expect((await read()).marks).toEqual(['earned', 'earned', 'gift', 'earned']);
  });

  test('a gesture that was undone leaves no trace on the customer’s page', async () => {
    const { db, clock, shop, customer, read } = await open();
    await customer.buyCoffee(2);
    const { gestureId } = await customer.isGivenDoubleStamp();
    await undoGesture(db, clock)(shop.ada, { attempt: { operationId: uuid(), requestHash: '' }, gestureId });
    const page = await read();
    expect(page).toMatchObject({ stampsOnCard: 2, marks: ['earned', 'earned'], gift: null });
    expect(page.history).toMatchObject([{ what: 'earned', stamps: 2 }]);
  });

  test('a used reward is shown with a kind word for two hours, then is history', async () => {
    const { clock, customer, read } = await open(5);
    await customer.buyCoffee(6);
    await customer.redeems();
    expect((await read()).rewards).toMatchObject([{ isUsed: true }]);
    clock.advance({ hours: 2, seconds: -1 });
    expect((await read()).rewards).toHaveLength(1);
    clock.advance({ seconds: 1 });
    const page = await read();
    expect(page.rewards).toEqual([]);
    expect(page).toMatchObject({ stampsOnCard: 1, marks: ['earned'] });
    expect(page.history[0]).toMatchObject({ what: 'redeemed', rewardName: 'A coffee on the house' });
  });

  test('a reward whose time is over is not promised any more', async () => {
    const { db, clock, customer, read } = await open(5);
    await customer.buyCoffee(5);
    const expiresAt = new Date(clock.now().getTime() + 60_000);
    await db.transact((tx) =>
      tx.query((d, t) => d.update(t.rewards).set({ expiresAt }).where(eq(t.rewards.cardId, customer.cardId))),
    );
    expect((await read()).rewards).toHaveLength(1);
    clock.advance({ minutes: 1 });
    expect((await read()).rewards).toEqual([]);
  });

  test('a reward that ran out is told so on its day, before and after the next stamp writes it off', async () => {
    const { clock, customer, read } = await open(5, 30);
    await customer.buyCoffee(5);
    const ranOut = async () => (await read()).history.filter(({ what }) => what === 'expired');
    clock.advance({ days: 30, seconds: -1 });
    expect(await ranOut()).toEqual([]);
    clock.advance({ days: 9 });
    const told = [
      { what: 'expired', at: new Date('2026-04-01T09:00:00Z'), rewardName: 'A coffee on the house' },
    ];
    expect(await ranOut()).toEqual(told);
    await customer.buyCoffee();
    expect(await ranOut()).toEqual(told);
  });

  test('a gift is first on the page for two weeks, and stays in the history', async () => {
    const { clock, customer, read } = await open();
    await customer.isGivenDoubleStamp();
    clock.advance({ days: 14 });
    expect((await read()).gift).not.toBeNull();
    clock.advance({ seconds: 1 });
    expect(await read()).toMatchObject({ gift: null, history: [{ what: 'gift' }] });
  });

  test('what happens on one card is not seen on another, of this shop or of the next', async () => {
    const { db, clock, shop, customer, read } = await open();
    const neighbour = await aCustomer({ db, clock, shop });
    const elsewhere = await aCustomer({ db, clock, shop: await aShop(db, { now: clock.now() }) });
    await neighbour.buyCoffee(12);
    await elsewhere.isGivenDoubleStamp();
    expect(await read()).toMatchObject({ stampsOnCard: 0, rewards: [], gift: null, history: [] });
    expect(customer.secret).not.toBe(neighbour.secret);
  });
});
