import { eq, inArray } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { ServedVisit } from '../../src/evidence/fairness.ts';
import { customerPseudonym } from '../../src/operations/customer-pseudonym.ts';
import { readFairnessAlarms } from '../../src/operations/read-fairness-alarms.ts';
import { readFairnessMirror } from '../../src/operations/read-fairness-mirror.ts';
import { readServedVisits } from '../../src/operations/served-visits.ts';
import { aCard } from '../support/a-card.ts';
import type { TestCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';

forEachDatabase('how gestures spread', (database) => {
  const open = async (timeZone = 'Europe/London') => {
    const { db } = database;
    const clock = new FixedClock('2026-01-05T08:00:00Z');
    const shop = await aShop(db, { coolDownDays: 0, gesturesLimit: null, now: clock.now(), timeZone });
    const till = aTill(db, clock, shop);
    const serve = async (card: TestCard, { isGiven = false, by = shop.ada } = {}) => {
      const { sale } = granted(await till.sell(card, 1, { by }));
      return isGiven ? granted(await till.give(card, { saleId: sale.saleId, by })).gesture : null;
    };
    const customerOf = async ({ cardId }: TestCard) =>
      (await rowsOf(db, shop, 'cards')).find((card) => card.cardId === cardId)!.customerId;
    const at = (day: number, time = '08:00') =>
      clock.set(new Date(Date.parse(`2026-01-05T${time}:00Z`) + day * 86_400_000));
    const readMirror = readFairnessMirror(db, clock);
    const readAlarms = readFairnessAlarms(db, clock);
    return { db, clock, shop, till, serve, at, customerOf, readMirror, readAlarms };
  };

  it('counts one visit a day, newcomers until their third, and the shop’s own time of day', async () => {
    const { shop, serve, at, till, readMirror } = await open('America/New_York');
    const [sam, ida] = [await aCard(database.db, shop), await aCard(database.db, shop)];
    // 08:30 in New York, and once more the same morning.
    at(0, '13:30');
    await serve(sam, { isGiven: true });
    await serve(sam);
    at(1, '13:30');
    await serve(sam);
    at(2, '22:30');
    await serve(sam);
    at(3, '22:30');
    await serve(sam, { isGiven: true });
    await serve(ida, { by: shop.ben, isGiven: true });
    const undone = await serve(ida, { by: shop.ada, isGiven: true });
    granted(await till.undo(undone!.gestureId));
    const mine = await readMirror(shop.ada);
    expect(mine).toMatchObject({
      served: 5,
      gestures: 2,
      customersServed: 2,
      customersGivenTo: 1,
      sameThreeShare: 1,
      newcomers: { served: 4, gestures: 1, ofServed: 0.8, ofGestures: 0.5 },
      regulars: { served: 1, gestures: 1 },
      partsOfDay: {
        morning: { served: 2, gestures: 1 },
        midday: { served: 0, ofServed: 0 },
        evening: { served: 3, gestures: 1 },
      },
    });
    expect(await readMirror(shop.ben)).toMatchObject({ served: 1, gestures: 1 });
    expect(await readMirror(shop.manager)).toMatchObject({ served: 0, gestures: 0, sameThreeShare: null });
  });

  it('looks at the newest visits of a chain that has more than it looks at', async () => {
    const { db, shop, serve, at } = await open();
    const sam = await aCard(db, shop);
    for (let day = 0; day < 5; day++) {
      at(day);
      await serve(sam, { isGiven: day === 0 || day === 4 });
    }
    const { merchantId } = shop;
    const read = async ({
      mostVisits,
      pageGestures,
    }: { mostVisits?: number; pageGestures?: number } = {}) => {
      const visits: ServedVisit[] = [];
      const asked = { merchantId, since: new Date('2026-01-05T00:00:00Z'), mostVisits, pageGestures };
      for await (const day of readServedVisits(db, asked)) visits.push(...day);
      return visits;
    };
    const all = await read();
    expect(all.map(({ hasGesture }) => hasGesture)).toEqual([true, false, false, false, true]);
    expect(all.map(({ isNewcomer }) => isNewcomer)).toEqual([true, true, true, false, false]);
    expect(await read({ mostVisits: 2 })).toEqual(all.slice(3));
    for (const pageGestures of [1, 2]) expect(await read({ pageGestures })).toEqual(all);
  });

  it('does not count what came from a file as served by whoever brought it in', async () => {
    const { db, shop, serve, readMirror } = await open();
    const [sam, ida] = [await aCard(db, shop), await aCard(db, shop)];
    await serve(sam);
    await serve(ida);
    const [one, other] = await rowsOf(db, shop, 'sales');
    await db.transact((tx) =>
      tx.query((d, { sales }) =>
        d.update(sales).set({ source: 'old till', reference: '1' }).where(eq(sales.saleId, other!.saleId)),
      ),
    );
    expect(one!.source).toBe('till');
    expect(await readMirror(shop.ada)).toMatchObject({ served: 1, customersServed: 1 });
  });

  it('looks back sixty days, and still knows who was a regular before', async () => {
    const { shop, serve, at, readMirror } = await open();
    const sam = await aCard(database.db, shop);
    for (const day of [0, 1, 2]) {
      at(day);
      await serve(sam, { isGiven: true });
    }
    at(70);
    await serve(sam, { isGiven: true });
    expect(await readMirror(shop.ada)).toMatchObject({
      from: '2026-01-15',
      served: 1,
      gestures: 1,
      newcomers: { served: 0 },
      regulars: { served: 1 },
    });
  });

  it('tells the owner of one pair far above the rest, by a pseudonym and with the figures', async () => {
    const { shop, serve, at, readAlarms, customerOf } = await open();
    const friend = await aCard(database.db, shop, { customerName: 'Frieda' });
    const others = [];
    for (let person = 0; person < 5; person++) others.push(await aCard(database.db, shop));
    for (let day = 0; day < 12; day++) {
      at(day);
      await serve(friend, { isGiven: day % 2 === 0 });
      for (const [person, card] of others.entries())
        await serve(card, { by: person < 3 ? shop.ada : shop.ben, isGiven: day === 3 && person === 4 });
      at(day, '17:00');
      await serve(others[day % 5]!, { by: shop.manager });
    }
    const { items } = await readAlarms(shop);
    const { merchantId } = shop;
    expect(items).toEqual([
      {
        kind: 'one-pair',
        staffId: shop.ada.staffId,
        staffName: 'Ada',
        customer: customerPseudonym({ merchantId, customerId: await customerOf(friend) }),
        gestures: 6,
        served: 12,
        expected: expect.any(Number),
      },
    ]);
    expect(items[0]!.expected).toBeLessThan(1);
    expect(JSON.stringify(items)).not.toContain('Frieda');
  });

  it('tells of a gift to somebody with the barista’s own phone number, and not of the same number’s end', async () => {
    const { db, shop, serve, at, readAlarms, customerOf } = await open();
    const own = await aCard(db, shop, { staffId: shop.ada.staffId });
    const [partner, stranger] = [await aCard(db, shop), await aCard(db, shop)];
    const phone = async (card: TestCard, number: string) => {
      const customerId = await customerOf(card);
      await db.transact((tx) =>
        tx.query((d, { customers }) =>
          d
            .update(customers)
            .set({ phone: number, phoneEnd: number.slice(-4) })
            .where(eq(customers.customerId, customerId)),
        ),
      );
    };
    await phone(own, '+442079460123');
    await phone(partner, '+442079460123');
    await phone(stranger, '+442079450123');
    at(1);
    await serve(partner, { isGiven: true });
    await serve(stranger, { isGiven: true });
    const { merchantId } = shop;
    expect((await readAlarms(shop)).items).toEqual([
      {
        kind: 'shared-contact',
        by: 'phone',
        staffId: shop.ada.staffId,
        staffName: 'Ada',
        customer: customerPseudonym({ merchantId, customerId: await customerOf(partner) }),
        gestures: 1,
      },
    ]);
  });

  it('tells of what is given without anything being sold, and does not take a voucher for a late visit', async () => {
    const { db, shop, till, serve, at, readMirror, readAlarms, customerOf } = await open();
    const own = await customerOf(await aCard(db, shop, { staffId: shop.manager.staffId }));
    const partner = await aCard(db, shop);
    const partnerId = await customerOf(partner);
    await db.transact((tx) =>
      tx.query((d, { customers }) =>
        d
          .update(customers)
          .set({ phone: '+442079460123', phoneEnd: '0123' })
          .where(inArray(customers.customerId, [own, partnerId])),
      ),
    );
    for (let day = 0; day < 6; day++) {
      at(day, '09:00');
      await serve(await aCard(db, shop), { by: shop.manager });
      at(day, '18:00');
      const { itemId } = shop.flatWhite;
      const given = day < 2 ? { kind: 'free_item' as const, itemId } : { kind: 'voucher' as const };
      granted(await till.give(partner, { by: shop.manager, ...given }));
    }
    expect(await readMirror(shop.manager)).toMatchObject({ served: 12, gestures: 6, customersGivenTo: 1 });
    const { items } = await readAlarms(shop);
    expect(items.filter(({ kind }) => kind !== 'one-pair')).toMatchObject([
      { kind: 'shared-contact', by: 'phone', staffId: shop.manager.staffId, gestures: 6 },
    ]);
  });

  it('tells of gestures that come just before closing', async () => {
    const { shop, serve, at, readAlarms } = await open();
    const cards = [];
    for (let person = 0; person < 6; person++) cards.push(await aCard(database.db, shop));
    for (let day = 0; day < 8; day++) {
      for (let visit = 0; visit < 5; visit++) {
        at(day, `${9 + visit}:00`.padStart(5, '0'));
        await serve(cards[visit]!);
      }
      at(day, '17:00');
      await serve(cards[5]!, { isGiven: true });
    }
    const late = (await readAlarms(shop)).items.filter(({ kind }) => kind === 'before-closing');
    expect(late).toEqual([
      {
        kind: 'before-closing',
        staffId: shop.ada.staffId,
        staffName: 'Ada',
        gestures: 8,
        beforeClosing: 8,
        expectedShare: expect.any(Number),
      },
    ]);
  });

  it('has nothing to say of a shop that has just opened', async () => {
    const { shop, readAlarms } = await open();
    expect(await readAlarms(shop)).toEqual({ from: '2025-11-06', items: [] });
  });
});
