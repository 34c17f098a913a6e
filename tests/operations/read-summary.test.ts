import { v7 as uuid } from 'uuid';
import { expect, it } from 'vitest';
import { saveRewards } from '../../db/queries/import-queries.ts';
import { insertItem, updateItem } from '../../db/queries/item-queries.ts';
import { insertStaff } from '../../db/queries/staff-queries.ts';
import { readSummary } from '../../src/operations/read-summary.ts';
import { aCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf, savePin, setAllowances } from '../support/shop-settings.ts';

forEachDatabase('the day at a glance', (database) => {
  const open = async () => {
    const { db } = database;
    // Long ago, because ids are made by the clock of the machine, and are later than any instant here.
    const clock = new FixedClock('2024-03-04T09:00:00Z');
    const shop = await aShop(db, { coolDownDays: 0, now: clock.now() });
    const till = aTill(db, clock, shop);
    const look = (steps?: { stepSales?: number | undefined; stepRedemptions?: number | undefined }) =>
      readSummary(db, clock, steps)(shop.owner);
    return { db, clock, shop, till, look };
  };

  it('says what was sold on cards and without, stamped, given, redeemed and paid back, day by day', async () => {
    const { db, clock, shop, till, look } = await open();
    const card = await aCard(db, shop, { stamps: 8 });
    granted(await till.sell(card, 1));
    granted(await till.sell(null, 3));
    clock.advance({ minutes: 1 });
    granted(await till.give(card));
    clock.advance({ minutes: 1 });
    granted(await till.redeem(card));
    clock.advance({ days: 1 });
    granted(await till.sell(card, 2));
    const { sale } = granted(await till.sell(card, 4));
    granted(await till.refund(sale.saleId, { wholeSale: true }));
    const { days, today, vouchedCount } = await look();
    expect(today).toBe('2024-03-05');
    expect(days).toHaveLength(14);
    expect(days.slice(-2)).toMatchObject([
      {
        businessDay: '2024-03-04',
        saleCount: 2,
        cardSaleCount: 1,
        cardSalesMinor: 350,
        stamps: 1,
        gestures: [{ kind: 'double_stamp', count: 1 }],
        gestureCount: 1,
        redeemedCount: 1,
      },
      {
        businessDay: '2024-03-05',
        saleCount: 2,
        cardSaleCount: 2,
        cardSalesMinor: 700,
        stamps: 2,
        gestures: [],
        gestureCount: 0,
        redeemedCount: 0,
      },
    ]);
    for (const day of days.slice(0, -2)) expect(day).toMatchObject({ saleCount: 0, cardSalesMinor: 0 });
    expect(vouchedCount).toBe(1);
  });

  it('says what is left to give today: of each person, and of all together no more than their location has', async () => {
    const { db, shop, till, look } = await open();
    const left = async () => (await look()).gesturesLeftToday;
    const limit = (scope: 'staff' | 'location', gesturesLimit: number | null) => ({
      scope,
      period: 'day' as const,
      gesturesLimit,
      costLimitMinor: 1_000,
    });
    for (const { staffId } of [shop.ada, shop.ben, shop.manager]) await savePin(db, shop, staffId, 'hash');
    await setAllowances(db, shop, limit('staff', 3));
    granted(await till.give(await aCard(db, shop)));
    expect(await left()).toBe(8);
    await setAllowances(db, shop, limit('location', 4));
    expect(await left()).toBe(3);
    await setAllowances(db, shop, limit('staff', 3), limit('location', 4));
    expect(await left()).toBe(3);
    await setAllowances(db, shop, limit('staff', 2), limit('location', 40));
    expect(await left()).toBe(5);
    await setAllowances(db, shop, limit('staff', null));
    expect(await left()).toBeNull();
    await setAllowances(db, shop, limit('staff', 3), { ...limit('staff', 1), subjectId: shop.ben.staffId });
    expect(await left()).toBe(6);
  });

  it('counts everybody and the whole menu, however many there are', async () => {
    const { db, shop, look } = await open();
    await savePin(db, shop, shop.ada.staffId, 'hash');
    await setAllowances(db, shop, { scope: 'staff', period: 'day', gesturesLimit: 3 });
    const ada = (await rowsOf(db, shop, 'staff')).find(({ staffId }) => staffId === shop.ada.staffId)!;
    const [flatWhite, ...others] = await rowsOf(db, shop, 'items');
    await db.transact(async (tx) => {
      for (const { itemId } of [flatWhite!, ...others])
        await updateItem(tx, { merchantId: shop.merchantId, itemId, change: { mayBeGiven: false } });
      for (let more = 1; more <= 110; more++) {
        await insertStaff(tx, { ...ada, staffId: uuid() });
        await insertItem(tx, { ...flatWhite!, itemId: uuid(), mayBeGiven: more === 110 });
      }
    });
    expect(await look()).toMatchObject({ gesturesLeftToday: 111 * 3, start: { hasGift: true } });
  });

  it('counts a reward on the day it was where it was redeemed, also far from the first location', async () => {
    const { db, clock, shop, till, look } = await open();
    const apia = await anotherTill(db, shop, { isElsewhere: true, timeZone: 'Pacific/Apia' });
    const by = { ...shop.ada, place: apia };
    const card = await aCard(db, shop, { stamps: 10, now: clock.now() });
    // In London it is still the evening before.
    clock.set('2024-03-04T20:00:00Z');
    const { sale } = granted(await till.sell(card, 1, { by }));
    granted(await till.redeem(card, { by, saleId: sale.saleId }));
    const { days, today } = await look();
    expect(today).toBe('2024-03-05');
    expect(days.at(-1)).toMatchObject({ saleCount: 1, redeemedCount: 1 });
  });

  it('is the same however many sales are looked at in one go', async () => {
    const { db, clock, shop, till, look } = await open();
    const card = await aCard(db, shop);
    for (let day = 0; day < 4; day++) {
      for (let count = 0; count <= day; count++) granted(await till.sell(count % 2 ? card : null));
      clock.advance({ days: 1 });
    }
    const atOnce = await look();
    expect(atOnce.days.map(({ saleCount }) => saleCount).slice(-5)).toEqual([1, 2, 3, 4, 0]);
    for (const stepSales of [1, 3, 10, 11]) expect(await look({ stepSales })).toEqual(atOnce);
  });

  it('counts every reward of a chain that hands over ten thousand in two weeks', async () => {
    const { db, clock, shop, till, look } = await open();
    const card = await aCard(db, shop, { stamps: 30, now: clock.now() });
    granted(await till.redeem(card));
    const [redeemed] = (await rowsOf(db, shop, 'rewards')).filter(({ redeemedAt }) => redeemedAt !== null);
    const many = Array.from({ length: 10_000 }, () => ({ ...redeemed!, rewardId: uuid() }));
    await db.transact((tx) => saveRewards(tx, many));
    clock.advance({ days: 10 });
    granted(await till.redeem(card));
    granted(await till.redeem(card));
    for (const stepRedemptions of [undefined, 10_001, 5_001]) {
      const { days, vouchedCount } = await look({ stepRedemptions });
      expect(days.at(-1)!.redeemedCount).toBe(2);
      expect(days.at(-11)!.redeemedCount).toBe(10_001);
      expect(vouchedCount).toBe(2);
    }
  });
});
