import { expect, it } from 'vitest';
import { endDevice } from '../../src/operations/edit-device.ts';
import { aShop } from '../support/a-shop.ts';
import type { ShopOptions } from '../support/a-shop.ts';
import { aCard } from '../support/a-card.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { changeItem, rowsOf, setAllowances } from '../support/shop-settings.ts';

forEachDatabase('a gesture taken along for when the till is offline', (database) => {
  const open = async (options: ShopOptions = {}) => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, { coolDownDays: 0, ...options });
    return { db, clock, shop, till: aTill(db, clock, shop), card: await aCard(db, shop) };
  };

  it('counts as used until it is given or given back', async () => {
    const { till, card } = await open();
    const lease = granted(await till.lease());
    expect(lease).toMatchObject({
      count: 1,
      businessDay: '2026-03-02',
      endsAt: new Date('2026-03-03T04:00:00Z'),
    });
    expect(await till.allowance()).toMatchObject({ used: 0, leased: 1, remaining: 2 });
    const given = granted(await till.give(card, { leaseId: lease.leaseId }));
    expect(given.allowance).toMatchObject({ used: 1, leased: 0, remaining: 2 });
    expect(given.gesture.fundedBy).toBe('allowance');
    expect(await till.give(card, { leaseId: lease.leaseId })).toMatchObject({
      answer: { refused: 'lease-not-good', because: 'used-up' },
    });
    expect(granted(await till.giveBack(lease.leaseId)).unusedCount).toBe(0);
    expect(await till.allowance()).toMatchObject({ used: 1, leased: 0, remaining: 2 });
  });

  it('may be several, as many as are left: each is given once, and the rest comes back', async () => {
    const { shop, till, card } = await open();
    granted(await till.give(card));
    const { leaseId, count } = granted(await till.lease(shop.ada, 5));
    expect(count).toBe(2);
    expect(await till.allowance()).toMatchObject({ used: 1, leased: 2, remaining: 0 });
    granted(await till.give(card, { leaseId }));
    expect(granted(await till.giveBack(leaseId)).unusedCount).toBe(1);
    expect(await till.allowance()).toMatchObject({ used: 2, leased: 0, remaining: 1 });
  });

  it('keeps its place: online taps cannot spend it, and it is good when they have spent the rest', async () => {
    const { till, card } = await open();
    const lease = granted(await till.lease());
    for (let gestures = 0; gestures < 2; gestures++) granted(await till.give(card));
    expect(refusalOf(await till.give(card))).toBe('allowance-spent');
    granted(await till.give(card, { leaseId: lease.leaseId }));
    expect(refusalOf(await till.lease())).toBe('allowance-spent');
  });

  it('is good although the owner has lowered the limit since, which is for what is not out yet', async () => {
    const { db, shop, till, card } = await open();
    const { leaseId } = granted(await till.lease());
    await setAllowances(db, shop, { scope: 'staff', period: 'day', gesturesLimit: 0 });
    expect(refusalOf(await till.give(card))).toBe('allowance-spent');
    granted(await till.give(card, { leaseId }));
  });

  it('is free again when it is given back, once', async () => {
    const { till } = await open();
    const { leaseId } = granted(await till.lease());
    expect(granted(await till.giveBack(leaseId))).toEqual({ leaseId, unusedCount: 1 });
    expect(refusalOf(await till.giveBack(leaseId))).toBe('lease-already-returned');
    expect(await till.allowance()).toMatchObject({ leased: 0, remaining: 3 });
    expect(refusalOf(await till.giveBack('no-lease'))).toBe('lease-unknown');
  });

  it('cannot be given by another till, another person, after it was given back, or the day after', async () => {
    const { db, clock, shop, till, card } = await open();
    const { leaseId } = granted(await till.lease());
    const otherTill = { ...shop.ada, place: await anotherTill(db, shop) };
    expect(refusalOf(await till.give(card, { leaseId, by: otherTill }))).toBe('lease-unknown');
    expect(refusalOf(await till.giveBack(leaseId, otherTill))).toBe('lease-unknown');
    expect(await till.give(card, { leaseId, by: shop.ben })).toMatchObject({
      answer: { refused: 'lease-not-good', because: 'not-yours' },
    });
    const returned = granted(await till.lease()).leaseId;
    granted(await till.giveBack(returned));
    expect(await till.give(card, { leaseId: returned })).toMatchObject({
      answer: { refused: 'lease-not-good', because: 'returned' },
    });
    clock.set('2026-03-03T04:00:00Z');
    expect(await till.give(card, { leaseId })).toMatchObject({
      answer: { refused: 'lease-not-good', because: 'day-over' },
    });
    expect(await rowsOf(db, shop, 'gestures')).toEqual([]);
  });

  it('on a tablet that was ended and connected anew is given back by the till that it is now', async () => {
    const { db, clock, shop, till, card } = await open();
    const { leaseId } = granted(await till.lease());
    await endDevice(db, clock)(shop.owner, { deviceId: shop.ada.place.deviceId });
    const anew = { ...shop.ada, place: await anotherTill(db, shop, { isElsewhere: true }) };
    expect(granted(await till.giveBack(leaseId, anew))).toEqual({ leaseId, unusedCount: 1 });
    expect(await till.allowance()).toMatchObject({ leased: 0, remaining: 3 });
    expect(refusalOf(await till.give(card, { leaseId }))).toBe('lease-not-good');
  });

  it('given back after its day is free in its own week, and not in the new day', async () => {
    const { db, clock, shop, till } = await open();
    await setAllowances(
      db,
      shop,
      { scope: 'staff', period: 'day', gesturesLimit: 3 },
      { scope: 'location', period: 'week', gesturesLimit: 4 },
    );
    const { leaseId } = granted(await till.lease());
    clock.advance({ days: 1 });
    expect(await till.allowance()).toMatchObject({ remaining: 3 });
    granted(await till.giveBack(leaseId));
    const counters = await rowsOf(db, shop, 'allowanceCounters');
    expect(counters).toHaveLength(4);
    expect(counters.every(({ usedCount, leasedCount }) => usedCount === 0 && leasedCount === 0)).toBe(true);
  });

  it('sets aside what the dearest gesture may cost, and frees what it did not', async () => {
    const { db, shop, till, card } = await open();
    await setAllowances(db, shop, { scope: 'staff', period: 'day', gesturesLimit: 5, costLimitMinor: 150 });
    const { leaseId } = granted(await till.lease());
    expect(await till.allowance()).toMatchObject({ remainingCostMinor: 70 });
    expect(await till.lease()).toMatchObject({ answer: { refused: 'allowance-spent', spent: 'cost' } });
    expect(granted(await till.give(card, { leaseId })).allowance.remainingCostMinor).toBe(142);
  });

  it('of something the owner made dearer meanwhile counts, and is refused only when it is above the budget', async () => {
    const { db, shop, till, card } = await open();
    const { itemId } = shop.flatWhite;
    const give = (leaseId: string) => till.give(card, { kind: 'free_item', itemId, leaseId });
    const first = granted(await till.lease());
    await changeItem(db, shop, itemId, { costMinor: 90 });
    const { gesture } = granted(await give(first.leaseId));
    expect(gesture.costMinor).toBe(90);
    await setAllowances(db, shop, { scope: 'staff', period: 'day', gesturesLimit: 9, costLimitMinor: 185 });
    const second = granted(await till.lease());
    await changeItem(db, shop, itemId, { costMinor: 96 });
    expect(await give(second.leaseId)).toMatchObject({
      answer: { refused: 'lease-not-good', because: 'too-dear' },
    });
    await changeItem(db, shop, itemId, { costMinor: 95 });
    expect(granted(await give(second.leaseId)).allowance).toMatchObject({ used: 2, remainingCostMinor: 0 });
  });

  it('that was undone is free for everybody, not for the till to give again', async () => {
    const { till, card } = await open();
    const { leaseId } = granted(await till.lease());
    const { gesture } = granted(await till.give(card, { leaseId }));
    expect(granted(await till.undo(gesture.gestureId)).allowance).toMatchObject({ leased: 0, remaining: 3 });
    expect(refusalOf(await till.give(card, { leaseId }))).toBe('lease-not-good');
  });

  it('is handed out no more often than there are gestures, however many tills ask at once', async () => {
    const { db, shop, till, card } = await open();
    const places = [shop.ada, { ...shop.ada, place: await anotherTill(db, shop) }];
    const outcomes = await Promise.all([
      ...Array.from({ length: 20 }, (_, tap) => till.lease(places[tap % 2])),
      ...Array.from({ length: 20 }, () => till.give(card)),
    ]);
    expect(outcomes.map(refusalOf).filter((refused) => refused === null)).toHaveLength(3);
    expect(await till.allowance()).toMatchObject({ remaining: 0 });
  });
});
