import { expect, it } from 'vitest';
import { updateCustomer } from '../../db/queries/customer-queries.ts';
import { readCustomerHistory } from '../../src/operations/read-customer.ts';
import { listSales } from '../../src/operations/list-sales.ts';
import { aShop } from '../support/a-shop.ts';
import { aCard } from '../support/a-card.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';

forEachDatabase('the sales of a day', (database) => {
  const open = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db);
    const ask = async (request: { locationId?: string; businessDay?: string; cursor?: string } = {}) =>
      granted(await listSales(db, clock)(shop, { locationId: shop.locationId, limit: 50, ...request }));
    return { db, clock, shop, till: aTill(db, clock, shop), ask };
  };

  it('are listed with a card and without, the newest first, with what was refunded of each', async () => {
    const { db, clock, shop, till, ask } = await open();
    const zoe = await aCard(db, shop, { customerName: 'Zoë' });
    const first = granted(await till.sell(zoe, 2)).sale;
    clock.advance({ minutes: 5 });
    const second = granted(await till.sell(null)).sale;
    clock.advance({ minutes: 5 });
    const third = granted(await till.sell(null, 1, { by: shop.ben })).sale;
    granted(await till.refund(first.saleId, { amountMinor: 300 }));
    granted(await till.refund(second.saleId, { wholeSale: true }));
    const { items, nextCursor, businessDay, today } = await ask();
    expect({ nextCursor, businessDay, today }).toEqual({
      nextCursor: null,
      businessDay: '2026-03-02',
      today: '2026-03-02',
    });
    expect(items).toMatchObject([
      { saleId: third.saleId, staffName: 'Ben', refundedMinor: 0, mayRefund: true, customer: null },
      { saleId: second.saleId, staffName: 'Ada', refundedMinor: 350, mayRefund: false, customer: null },
      {
        saleId: first.saleId,
        source: 'till',
        totalMinor: 700,
        itemNames: ['Flat white'],
        refundedMinor: 300,
        mayRefund: true,
        customer: { name: 'Zoë' },
      },
    ]);
  });

  it('of an empty day lead to the last day on which something was sold there', async () => {
    const { db, clock, shop, till, ask } = await open();
    expect((await ask()).latestDay).toBeNull();
    const elsewhere = await anotherTill(db, shop, { isElsewhere: true });
    granted(await till.sell(null));
    expect((await ask()).latestDay).toBeNull();
    // So long ago that the other location’s days are looked through in steps.
    clock.set('2026-09-01T09:00:00Z');
    granted(await till.sell(null, 1, { by: { ...shop.ben, place: elsewhere } }));
    clock.set('2026-09-02T09:00:00Z');
    expect((await ask()).latestDay).toBe('2026-03-02');
    expect((await ask({ businessDay: '2026-01-01' })).latestDay).toBe('2026-03-02');
    expect((await ask({ locationId: elsewhere.locationId })).latestDay).toBe('2026-09-01');
  });

  it('are those of the location’s own business day, and of no other location or shop', async () => {
    const { db, clock, shop, till, ask } = await open();
    const elsewhere = await anotherTill(db, shop, { isElsewhere: true });
    granted(await till.sell(null, 3, { by: { ...shop.ben, place: elsewhere } }));
    clock.set('2026-03-03T03:00:00Z'); // before four in the morning
    const late = granted(await till.sell(null)).sale;
    clock.set('2026-03-03T05:00:00Z');
    const early = granted(await till.sell(null)).sale;
    const idsOf = async (asked: Parameters<typeof ask>[0]) =>
      (await ask(asked)).items.map((one) => one.saleId);
    expect(await idsOf({})).toEqual([early.saleId]);
    expect(await idsOf({ businessDay: '2026-03-02' })).toEqual([late.saleId]);
    expect(await idsOf({ businessDay: '2026-03-01' })).toEqual([]);
    expect(await idsOf({ locationId: elsewhere.locationId, businessDay: '2026-03-02' })).toHaveLength(1);
    const other = await aShop(db);
    const asked = { locationId: shop.locationId, limit: 50 };
    expect(refusalOf(await listSales(db, clock)(other, asked))).toBe('location-unknown');
  });

  it('come page by page, each once, also of one instant', async () => {
    const { db, clock, shop, till } = await open();
    for (let sale = 0; sale < 7; sale++) {
      granted(await till.sell(null));
      if (sale % 3 === 2) clock.advance({ minutes: 1 });
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const asked = { locationId: shop.locationId, limit: 2, ...(cursor && { cursor }) };
      const page: { items: { saleId: string }[]; nextCursor: string | null } = granted(
        await listSales(db, clock)(shop, asked),
      );
      seen.push(...page.items.map(({ saleId }) => saleId));
      cursor = page.nextCursor;
    } while (cursor);
    const sales = await rowsOf(db, shop, 'sales');
    expect(seen).toHaveLength(7);
    expect(new Set(seen)).toEqual(new Set(sales.map(({ saleId }) => saleId)));
  });

  it('say on the customer’s page what was refunded of them, though no stamp went back', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop);
    const { sale } = granted(await till.sell(card));
    const { customerId } = (await rowsOf(db, shop, 'customers'))[0]!;
    const read = async () => {
      const history = await readCustomerHistory(db, clock)(shop, { customerId, limit: 10 });
      return granted(history).items.find(({ kind }) => kind === 'earned')?.sale;
    };
    expect(await read()).toMatchObject({ saleId: sale.saleId, refundedMinor: 0, mayRefund: true });
    granted(await till.refund(sale.saleId, { amountMinor: 100 }));
    expect(await read()).toMatchObject({ refundedMinor: 100, mayRefund: true });
    granted(await till.refund(sale.saleId, { wholeSale: true }));
    expect(await read()).toMatchObject({ refundedMinor: 350, mayRefund: false });
  });

  it('name nobody who was forgotten', async () => {
    const { db, shop, till, ask } = await open();
    granted(await till.sell(await aCard(db, shop, { customerName: 'Zoë' })));
    const { merchantId } = shop;
    const { customerId } = (await rowsOf(db, shop, 'customers'))[0]!;
    await db.transact((tx) => updateCustomer(tx, { merchantId, customerId, change: { name: null } }));
    expect((await ask()).items).toMatchObject([
      { customer: { customerId, name: null, shortCode: expect.stringMatching(/^[0-9A-Z]{8}$/) } },
    ]);
  });
});
