import { expect, it } from 'vitest';
import { aShop } from '../support/a-shop.ts';
import type { Shop, ShopOptions } from '../support/a-shop.ts';
import { aCard } from '../support/a-card.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { blockCard, changeItem, rowsOf, setAllowances } from '../support/shop-settings.ts';

const asGranter = ({ merchantId, manager }: Shop) => ({
  merchantId,
  staffId: manager.staffId,
  role: manager.role,
});

forEachDatabase('a gesture', (database) => {
  const open = async (options: ShopOptions = {}) => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, options);
    return { db, clock, shop, till: aTill(db, clock, shop) };
  };

  it('a double stamp at 9 of 10 fills the card and puts one stamp on the next', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 9 });
    granted(await till.sell(card));
    const given = granted(await till.give(card));
    expect(given.card).toMatchObject({ stamps: 1, openRewards: [{ kind: 'stamps' }] });
    expect(given.allowance).toEqual({
      limit: 3,
      used: 1,
      leased: 0,
      remaining: 2,
      remainingCostMinor: null,
      period: 'day',
      resetsAt: new Date('2026-03-03T04:00:00Z'),
    });
    expect(given.gesture).toMatchObject({
      costMinor: 8,
      priceMinor: 0,
      fundedBy: 'allowance',
      isPast: false,
    });
    expect(await till.fault()).toBeNull();
  });

  it('of a free item keeps its price and its cost, and leaves the stamps alone', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 3 });
    const given = granted(
      await till.give(card, {
        kind: 'free_item',
        itemId: shop.flatWhite.itemId,
        reason: 'long_wait',
        note: 'the machine was cold',
      }),
    );
    expect(given.gesture).toMatchObject({ itemName: 'Flat white', priceMinor: 350, costMinor: 80 });
    expect(given.card.stamps).toBe(3);
    await changeItem(db, shop, shop.flatWhite.itemId, { name: 'Flat White', priceMinor: 400, costMinor: 99 });
    expect(await rowsOf(db, shop, 'gestures')).toMatchObject([
      {
        kind: 'free_item',
        staffId: shop.ada.staffId,
        locationId: shop.locationId,
        deviceId: shop.deviceId,
        businessDay: '2026-03-02',
        itemName: 'Flat white',
        priceMinor: 350,
        costMinor: 80,
        reason: 'long_wait',
        note: 'the machine was cold',
      },
    ]);
    expect((await rowsOf(db, shop, 'entries')).at(-1)).toMatchObject({ kind: 'gesture', stamps: 0 });
  });

  it('of a voucher, by a manager, is a reward that is spent once', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 2 });
    const voucher = {
      kind: 'voucher' as const,
      itemId: shop.flatWhite.itemId,
      reason: 'our_mistake' as const,
    };
    const given = granted(await till.give(card, { ...voucher, by: shop.manager }));
    expect(given.gesture).toMatchObject({ priceMinor: 350, costMinor: 80 });
    expect(given.card).toMatchObject({ stamps: 2, openRewards: [{ kind: 'voucher', name: 'Flat white' }] });
    const { sale } = granted(await till.sell(card));
    const redeemed = granted(await till.redeem(card, { saleId: sale.saleId }));
    // A given coffee earns no stamp: the one it was rung up with goes.
    expect(redeemed).toMatchObject({ sale: { totalMinor: 0, stampsEarned: 0 }, card: { stamps: 2 } });
    expect(refusalOf(await till.redeem(card))).toBe('card-not-full');
    expect(await till.fault()).toBeNull();
  });

  it('of a voucher without an item is something on the house', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop);
    const given = granted(await till.give(card, { kind: 'voucher', by: shop.manager }));
    expect(given.card.openRewards).toMatchObject([{ name: 'Something on the house', expiresAt: null }]);
  });

  it('is refused on a card that is blocked, unknown, or the giver’s own', async () => {
    const { db, shop, till } = await open();
    const blocked = await aCard(db, shop);
    await blockCard(db, shop, blocked.cardId);
    expect(refusalOf(await till.give(blocked))).toBe('card-blocked');
    expect(refusalOf(await till.give({ cardCode: 'GST1:NOBODY' }))).toBe('card-unknown');
    const adas = await aCard(db, shop, { staffId: shop.ada.staffId });
    expect(refusalOf(await till.give(adas))).toBe('own-card');
    expect(refusalOf(await till.give(adas, { granter: asGranter(shop) }))).toBe('own-card');
    expect(refusalOf(await till.give(adas, { by: shop.ben }))).toBeNull();
  });

  it('of an item is refused when nobody knows the item, or it may not be given', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop);
    expect(refusalOf(await till.give(card, { kind: 'free_item' }))).toBe('item-unknown');
    expect(refusalOf(await till.give(card, { kind: 'free_item', itemId: 'chai' }))).toBe('item-unknown');
    const granola = { kind: 'free_item' as const, itemId: shop.granola.itemId };
    expect(refusalOf(await till.give(card, granola))).toBe('item-not-giveable');
    expect(await rowsOf(db, shop, 'gestures')).toEqual([]);
    expect(await rowsOf(db, shop, 'allowanceCounters')).toEqual([]);
  });

  it('of a voucher needs a manager', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop);
    expect(refusalOf(await till.give(card, { kind: 'voucher' }))).toBe('manager-needed');
    expect(refusalOf(await till.give(card, { kind: 'voucher', granter: asGranter(shop) }))).toBe(
      'manager-needed',
    );
  });

  it('is refused until the cool-down ends, to the second, and says when that is', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop);
    const endsAt = new Date('2026-03-09T09:00:00Z');
    expect(granted(await till.give(card)).lastGesture).toMatchObject({ coolDownEndsAt: endsAt });
    clock.advance({ days: 7, seconds: -1 });
    expect(await till.give(card, { by: shop.ben })).toMatchObject({
      answer: { refused: 'cool-down', endsAt },
    });
    expect(granted(await till.look(card)).lastGesture).toMatchObject({ coolDownEndsAt: endsAt });
    clock.advance({ seconds: 1 });
    expect(granted(await till.look(card)).lastGesture).toMatchObject({ coolDownEndsAt: null });
    granted(await till.give(card));
  });

  it('is not kept back by one that was undone', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop);
    const { gesture } = granted(await till.give(card));
    expect(granted(await till.undo(gesture.gestureId)).lastGesture).toBeNull();
    expect(refusalOf(await till.give(card))).toBeNull();
  });

  it('is given to one customer once in a cool-down, also by two tills at the same moment', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop);
    const ben = { ...shop.ben, place: await anotherTill(db, shop) };
    const outcomes = await Promise.all([till.give(card), till.give(card, { by: ben })]);
    const answers = outcomes.map((outcome) => refusalOf(outcome) ?? 'done');
    expect(answers.toSorted()).toEqual(['cool-down', 'done']);
  });

  it('names the sale it is given with, when that is a sale on this card', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop);
    const theirs = granted(await till.sell(card)).sale.saleId;
    const others = granted(await till.sell(await aCard(db, shop))).sale.saleId;
    expect(refusalOf(await till.give(card, { saleId: others }))).toBe('sale-unknown');
    expect(refusalOf(await till.give(card, { saleId: 'no-sale' }))).toBe('sale-unknown');
    const elsewhere = { ...shop.ada, place: await anotherTill(db, shop, { isElsewhere: true }) };
    expect(refusalOf(await till.give(card, { saleId: theirs, by: elsewhere }))).toBe('sale-unknown');
    granted(await till.give(card, { saleId: theirs }));
    expect(await rowsOf(db, shop, 'gestures')).toMatchObject([{ saleId: theirs }]);
  });

  it('of a double stamp has no item, whatever the till says', async () => {
    const { db, shop, till } = await open();
    granted(await till.give(await aCard(db, shop), { itemId: shop.flatWhite.itemId }));
    expect(await rowsOf(db, shop, 'gestures')).toMatchObject([
      { itemId: null, itemName: null, costMinor: 8 },
    ]);
  });

  it('of another shop’s card, sale, item or gesture is one of something unknown', async () => {
    const { db, clock, till, shop } = await open();
    const other = await aShop(db);
    const card = await aCard(db, shop);
    const { sale } = granted(await till.sell(card));
    const { gesture } = granted(await till.give(card));
    const lease = granted(await till.lease());
    // The stranger even stands at the same till, by its id.
    const stranger = {
      ...other.manager,
      place: { ...other.ada.place, ...shop.ada.place, merchantId: other.merchantId },
    };
    const there = aTill(db, clock, other);
    const theirs = await aCard(db, other);
    expect(refusalOf(await there.give({ cardCode: card.cardCode }, { by: stranger }))).toBe('card-unknown');
    expect(refusalOf(await there.give({ cardCode: card.cardId }, { by: stranger }))).toBe('card-unknown');
    expect(refusalOf(await there.give(theirs, { by: stranger, saleId: sale.saleId }))).toBe('sale-unknown');
    expect(refusalOf(await there.give(theirs, { by: stranger, leaseId: lease.leaseId }))).toBe(
      'lease-unknown',
    );
    const free = { by: stranger, kind: 'free_item' as const, itemId: shop.flatWhite.itemId };
    expect(refusalOf(await there.give(theirs, free))).toBe('item-unknown');
    expect(refusalOf(await there.undo(gesture.gestureId, stranger))).toBe('gesture-unknown');
    expect(refusalOf(await there.refund(sale.saleId, { wholeSale: true }, stranger))).toBe('sale-unknown');
    expect(refusalOf(await there.claim(theirs, sale.saleId, stranger))).toBe('sale-unknown');
    expect(refusalOf(await there.redeem({ cardCode: card.cardId }, { by: stranger }))).toBe('card-unknown');
    expect(refusalOf(await there.giveBack(lease.leaseId, stranger))).toBe('lease-unknown');
    expect(refusalOf(await there.look(card))).toBe('card-unknown');
    expect(await till.fault()).toBeNull();
    expect(await there.fault()).toBeNull();
  });
});

forEachDatabase('the allowance', (database) => {
  const open = async (options: ShopOptions = {}) => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, { coolDownDays: 0, ...options });
    return { db, clock, shop, till: aTill(db, clock, shop), card: await aCard(db, shop) };
  };

  it('of three is spent after three; the fourth is told when it is new, and then it is', async () => {
    const { clock, till, card, shop } = await open();
    for (let gestures = 0; gestures < 3; gestures++) granted(await till.give(card));
    expect(await till.give(card)).toMatchObject({
      answer: {
        refused: 'allowance-spent',
        scope: 'staff',
        period: 'day',
        spent: 'gestures',
        resetsAt: new Date('2026-03-03T04:00:00Z'),
      },
    });
    expect(refusalOf(await till.give(card, { by: shop.ben }))).toBeNull();
    clock.set('2026-03-03T03:59:59Z');
    expect(refusalOf(await till.give(card))).toBe('allowance-spent');
    clock.set('2026-03-03T04:00:00Z');
    expect((await till.allowance()).remaining).toBe(3);
    expect(granted(await till.give(card)).allowance.remaining).toBe(2);
  });

  it('can be lifted once by a manager: recorded as a grant, and not counted', async () => {
    const { db, till, card, shop } = await open({ gesturesLimit: 1 });
    granted(await till.give(card, { granter: asGranter(shop) }));
    const second = granted(await till.give(card, { granter: asGranter(shop) }));
    expect(second).toMatchObject({ gesture: { fundedBy: 'grant' }, allowance: { used: 1, remaining: 0 } });
    const rows = (await rowsOf(db, shop, 'gestures')).map(({ fundedBy, grantedBy }) => [fundedBy, grantedBy]);
    expect(rows).toEqual(
      expect.arrayContaining([
        ['allowance', null],
        ['grant', shop.manager.staffId],
      ]),
    );
    // Taking a grant back gives no allowance back.
    expect(granted(await till.undo(second.gesture.gestureId)).allowance.remaining).toBe(0);
  });

  it('is not lifted by another barista, nor by a manager of another shop', async () => {
    const { db, till, card, shop } = await open({ gesturesLimit: 0 });
    const ben = { merchantId: shop.merchantId, staffId: shop.ben.staffId, role: shop.ben.role };
    expect(refusalOf(await till.give(card, { granter: ben }))).toBe('grant-not-allowed');
    const other = await aShop(db);
    expect(refusalOf(await till.give(card, { granter: asGranter(other) }))).toBe('grant-not-allowed');
  });

  it('of a location is shared by everybody who works there, and by nobody else', async () => {
    const { db, till, card, shop } = await open();
    await setAllowances(db, shop, { scope: 'location', period: 'day', gesturesLimit: 2 });
    granted(await till.give(card));
    granted(await till.give(card, { by: shop.ben }));
    expect(await till.give(card)).toMatchObject({ answer: { scope: 'location', period: 'day' } });
    const elsewhere = { ...shop.ben, place: await anotherTill(db, shop, { isElsewhere: true }) };
    expect(refusalOf(await till.give(card, { by: elsewhere }))).toBeNull();
  });

  it('of a week outlasts the days in it, and is new on Monday', async () => {
    const { db, clock, till, card, shop } = await open();
    await setAllowances(db, shop, { scope: 'staff', period: 'week', gesturesLimit: 1 });
    granted(await till.give(card));
    clock.advance({ days: 6 });
    expect(await till.give(card)).toMatchObject({
      answer: { refused: 'allowance-spent', period: 'week', resetsAt: new Date('2026-03-09T04:00:00Z') },
    });
    clock.advance({ days: 1 });
    expect(refusalOf(await till.give(card))).toBeNull();
  });

  it('that is as much for the day as for the week is told as the week’s, which is new later', async () => {
    const { db, shop, till } = await open();
    const limit = { scope: 'staff' as const, gesturesLimit: 2 };
    await setAllowances(db, shop, { ...limit, period: 'day' }, { ...limit, period: 'week' });
    expect(await till.allowance()).toMatchObject({
      remaining: 2,
      period: 'week',
      resetsAt: new Date('2026-03-09T04:00:00Z'),
    });
  });

  it('of money counts cost prices, and a gesture that fits is given', async () => {
    const { db, till, card, shop } = await open();
    await setAllowances(db, shop, { scope: 'staff', period: 'week', costLimitMinor: 100 });
    const coffee = { kind: 'free_item' as const, itemId: shop.flatWhite.itemId };
    const given = granted(await till.give(card, coffee));
    expect(given.allowance).toEqual({
      limit: null,
      used: 1,
      leased: 0,
      remaining: null,
      remainingCostMinor: 20,
      period: 'week',
      resetsAt: new Date('2026-03-09T04:00:00Z'),
    });
    expect(await till.give(card, coffee)).toMatchObject({
      answer: { refused: 'allowance-spent', spent: 'cost', period: 'week' },
    });
    expect(granted(await till.give(card)).allowance.remainingCostMinor).toBe(12);
  });

  it('of money that was lowered below what was spent still lets through what costs nothing', async () => {
    const { db, till, card, shop } = await open();
    await setAllowances(db, shop, { scope: 'staff', period: 'day', costLimitMinor: 100 });
    granted(await till.give(card, { kind: 'free_item', itemId: shop.flatWhite.itemId }));
    await setAllowances(db, shop, { scope: 'staff', period: 'day', costLimitMinor: 50 });
    expect(refusalOf(await till.give(card))).toBe('allowance-spent');
    const kindWord = await till.give(card, { kind: 'voucher', by: shop.manager });
    expect(refusalOf(kindWord)).toBeNull();
    await changeItem(db, shop, shop.flatWhite.itemId, { costMinor: 0 });
    const freeOfCost = { kind: 'free_item' as const, itemId: shop.flatWhite.itemId };
    expect(refusalOf(await till.give(card, freeOfCost))).toBeNull();
  });

  it('of somebody’s own goes before the one for everybody', async () => {
    const { db, till, card, shop } = await open();
    await setAllowances(
      db,
      shop,
      { scope: 'staff', period: 'day', gesturesLimit: 3 },
      { scope: 'staff', period: 'day', gesturesLimit: 0, subjectId: shop.ben.staffId },
    );
    expect(refusalOf(await till.give(card, { by: shop.ben }))).toBe('allowance-spent');
    expect((await till.allowance()).remaining).toBe(3);
  });

  it('without any rule has no end', async () => {
    const { till, card } = await open({ gesturesLimit: null });
    expect(granted(await till.give(card)).allowance).toMatchObject({ limit: null, remaining: null, used: 0 });
  });

  it('is counted to the last unit where units are small, however much has been given', async () => {
    const { db, shop, till } = await open({ currency: 'IRR', gesturesLimit: null, coolDownDays: 0 });
    const { itemId } = shop.flatWhite;
    const costMinor = 100_000_000;
    await changeItem(db, shop, itemId, { costMinor });
    const card = await aCard(db, shop);
    const give = () => till.give(card, { kind: 'free_item', itemId });
    for (let times = 0; times < 22; times++) granted(await give());
    const counters = await rowsOf(db, shop, 'allowanceCounters');
    expect(counters.map(({ usedCostMinor }) => usedCostMinor)).toEqual(Array(4).fill(22 * costMinor));
    await setAllowances(db, shop, { scope: 'location', period: 'week', costLimitMinor: costMinor });
    expect(refusalOf(await give())).toBe('allowance-spent');
  });

  it('is not new again because the owner edited the time zone or the cut-off', async () => {
    const { clock, till, card, shop } = await open({ gesturesLimit: 1 });
    granted(await till.give(card));
    // In Honolulu it is still yesterday; the day that was current at the edit stays.
    const moved = {
      ...shop.ada,
      place: { ...shop.ada.place, timeZone: 'Pacific/Honolulu', dayFloor: '2026-03-02' },
    };
    expect(refusalOf(await till.give(card, { by: moved }))).toBe('allowance-spent');
    clock.advance({ hours: 4 });
    expect(refusalOf(await till.give(card, { by: moved }))).toBe('allowance-spent');
    clock.set('2026-03-03T14:00:00Z');
    expect(refusalOf(await till.give(card, { by: moved }))).toBeNull();
  });

  it('a thousand taps at once on an allowance of three give exactly three', async () => {
    const { till, card } = await open();
    const outcomes = await Promise.all(Array.from({ length: 1000 }, () => till.give(card)));
    const refusals = outcomes.map(refusalOf);
    expect(refusals.filter((refused) => refused === null)).toHaveLength(3);
    expect(refusals.filter((refused) => refused === 'allowance-spent')).toHaveLength(997);
    expect(await till.fault()).toBeNull();
  });
});
