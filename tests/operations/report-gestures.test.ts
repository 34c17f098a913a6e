import { beforeAll, describe, expect, test } from 'vitest';
import { listGestures } from '../../db/queries/report-queries.ts';
import type { GesturePlace, ReportGesture } from '../../db/queries/report-queries.ts';
import type { GestureTotals } from '../../src/operations/gesture-totals.ts';
import { listReportGestures } from '../../src/operations/list-report-gestures.ts';
import { ATTRIBUTION_MODELS, WINDOW_DAYS } from '../../src/operations/plan-report.ts';
import { reportGestures } from '../../src/operations/report-gestures.ts';
import { streamGestureReport } from '../../src/operations/stream-gesture-report.ts';
import { totalGestures } from '../../src/operations/total-gestures.ts';
import type { GestureReportRow } from '../../src/operations/gesture-report-row.ts';
import type { GestureReportRequest } from '../../src/operations/plan-report.ts';
import type { GestureReportPage } from '../../src/operations/report-gestures.ts';
import { aBusyShop, addCustomers, addRows, gestureRow, refundRow, saleRow } from '../support/a-busy-shop.ts';
import type { BusyShop } from '../support/a-busy-shop.ts';
import { aShop } from '../support/a-shop.ts';
import { attribute } from '../support/attribute.ts';
import type { Shop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { TestDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';

const DAY_MS = 86_400_000;
const NOON = Date.parse('2026-03-02T12:00:00Z');
const MAY = new FixedClock('2026-05-20T12:00:00Z');

const after = (days: number): Date => new Date(NOON + days * DAY_MS);
const last30 = (changes: Partial<GestureReportRequest> = {}): GestureReportRequest => ({
  windowDays: 30,
  model: 'last',
  ...changes,
});

async function report(
  { db }: TestDatabase,
  shop: Pick<Shop, 'merchantId'>,
  request: GestureReportRequest = last30(),
  clock = MAY,
): Promise<GestureReportPage & { totals: GestureTotals }> {
  const page = await reportGestures(db, clock)(shop, request, { after: null, limit: 100 });
  if ('refused' in page) throw new Error(page.refused);
  const summed = await totalGestures(db, clock)(shop, request);
  if ('refused' in summed) throw new Error(summed.refused);
  expect(summed.head).toEqual(page.head);
  return { ...page, totals: summed.totals };
}

async function readAll({ db }: TestDatabase, shop: Pick<Shop, 'merchantId'>, request: GestureReportRequest) {
  const stream = await streamGestureReport(db, MAY)(shop, request);
  if ('refused' in stream) throw new Error(stream.refused);
  const rows: GestureReportRow[] = [];
  for await (const page of stream.pages) rows.push(...page);
  return { rows, totals: stream.totals() };
}

forEachDatabase('the gesture report', (database) => {
  test('says what was given to whom, when and why, and what followed', async () => {
    const { db } = database;
    const shop = await aShop(db);
    await addCustomers(db, shop, ['ida']);
    await addRows(db, {
      gestures: [gestureRow(shop, { gestureId: 'g', customerId: 'ida', givenAt: after(0), saleId: 'own' })],
      sales: [
        saleRow(shop, { saleId: 'own', customerId: 'ida', occurredAt: after(0) }),
        saleRow(shop, { saleId: 'next', customerId: 'ida', occurredAt: after(1.5), totalMinor: 700 }),
        saleRow(shop, {
          saleId: 'cake',
          customerId: 'ida',
          occurredAt: new Date(after(1.5).getTime() + 60_000),
        }),
        saleRow(shop, { saleId: 'week', customerId: 'ida', occurredAt: after(7) }),
        saleRow(shop, { saleId: 'late', customerId: 'ida', occurredAt: after(31) }),
      ],
      refunds: [refundRow(shop, { refundId: 'r', saleId: 'next', refundedAt: after(2), amountMinor: 200 })],
    });
    const { head, items, totals } = await report(database, shop);
    expect(items).toEqual([
      {
        gestureId: 'g',
        givenAt: after(0),
        givenAtLocal: '2026-03-02T12:00:00',
        timeZone: 'Europe/London',
        businessDay: '2026-03-02',
        weekStart: '2026-03-02',
        locationId: shop.locationId,
        locationName: 'High Street',
        staffId: shop.ada.staffId,
        staffName: 'Ada',
        kind: 'free_item',
        itemId: shop.flatWhite.itemId,
        itemName: 'Flat white',
        reason: 'long_day',
        fundedBy: 'allowance',
        isPast: false,
        isUndone: false,
        priceMinor: 350,
        costMinor: 80,
        customer: expect.stringMatching(/^c-[0-9a-f]{16}$/),
        laterVisits: 2,
        daysToReturn: 1.5,
        attributedSales: 3,
        attributedSpendMinor: 1200,
        window: 'complete',
      },
    ]);
    expect(head).toEqual({
      from: null,
      to: null,
      windowDays: 30,
      visitMinutes: 30,
      model: 'last',
      asOf: MAY.now(),
      currency: 'GBP',
      isMadeUp: false,
      locationId: null,
      locationName: null,
      staffId: null,
      staffName: null,
      kind: null,
      reason: null,
      includeUndone: false,
    });
    const sums = {
      gestures: 1,
      priceMinor: 350,
      costMinor: 80,
      gesturesReturned: 1,
      attributedSales: 3,
      attributedSpendMinor: 1200,
    };
    expect(totals.all).toEqual(sums);
    expect(totals.complete).toEqual(sums);
    expect(totals.maturing.gestures).toBe(0);
    expect(totals.byStaff).toEqual([
      { staffId: shop.ada.staffId, staffName: 'Ada', complete: sums, maturing: totals.maturing },
    ]);
    expect(JSON.stringify(items)).not.toContain('ida');
  });

  test('says which gestures alone it was asked for, by names also where there is none', async () => {
    const shop = await aShop(database.db);
    const asked = {
      locationId: shop.locationId,
      staffId: shop.ben.staffId,
      kind: 'voucher',
      reason: 'celebration',
      includeUndone: true,
    } as const;
    const { head, items } = await report(database, shop, last30(asked));
    expect(items).toEqual([]);
    expect(head).toMatchObject({ ...asked, locationName: 'High Street', staffName: 'Ben' });
  });

  test('a gesture whose window is still open is shown apart', async () => {
    const { db } = database;
    const shop = await aShop(db);
    await addCustomers(db, shop, ['old', 'new']);
    await addRows(db, {
      gestures: [
        gestureRow(shop, { gestureId: 'old', customerId: 'old', givenAt: after(0) }),
        gestureRow(shop, { gestureId: 'new', customerId: 'new', givenAt: after(1) }),
      ],
      sales: [
        saleRow(shop, { saleId: 'old', customerId: 'old', occurredAt: after(2) }),
        saleRow(shop, { saleId: 'new', customerId: 'new', occurredAt: after(3), totalMinor: 500 }),
      ],
    });
    const { items, totals } = await report(database, shop, last30(), new FixedClock(after(30)));
    expect(items.map(({ window }) => window)).toEqual(['open', 'complete']);
    expect(totals.complete.attributedSpendMinor).toBe(350);
    expect(totals.maturing.attributedSpendMinor).toBe(500);
    expect(totals.all.attributedSpendMinor).toBe(850);
    const then = await report(database, shop, last30({ asOf: after(0.5) }));
    expect(then.items.map(({ gestureId, window }) => [gestureId, window])).toEqual([['old', 'open']]);
  });

  test('says after how many days customers came back, of finished windows only', async () => {
    const { db } = database;
    const shop = await aShop(db);
    const returns = { early: 0.5, onTheDay: 3, justAfter: 3.0001, atTheEnd: 7, never: 7.5 };
    const customers = Object.keys(returns);
    await addCustomers(db, shop, [...customers, 'open']);
    await addRows(db, {
      gestures: [
        ...customers.map((customerId) =>
          gestureRow(shop, { gestureId: customerId, customerId, givenAt: after(0) }),
        ),
        gestureRow(shop, { gestureId: 'open', customerId: 'open', givenAt: after(8) }),
      ],
      sales: [
        ...Object.entries(returns).map(([customerId, days]) =>
          saleRow(shop, { saleId: customerId, customerId, occurredAt: after(days) }),
        ),
        saleRow(shop, { saleId: 'open', customerId: 'open', occurredAt: after(9) }),
      ],
    });
    const asked = last30({ windowDays: 7 });
    const { totals } = await report(database, shop, asked, new FixedClock(after(10)));
    expect(totals.returnedWithinDays).toEqual([1, 1, 2, 3, 3, 3, 4]);
    expect(totals.complete).toMatchObject({ gestures: 5, gesturesReturned: 4 });
    expect(totals.maturing).toMatchObject({ gestures: 1, gesturesReturned: 1 });
  });

  test('a later gesture takes the last touch even when the report does not show it', async () => {
    const { db } = database;
    const shop = await aShop(db);
    await addCustomers(db, shop, ['ida']);
    await addRows(db, {
      gestures: [
        gestureRow(shop, { gestureId: 'ada', customerId: 'ida', givenAt: after(0) }),
        gestureRow(shop, {
          gestureId: 'ben',
          customerId: 'ida',
          givenAt: after(10),
          staffId: shop.ben.staffId,
        }),
      ],
      sales: [
        saleRow(shop, { saleId: 's1', customerId: 'ida', occurredAt: after(5) }),
        saleRow(shop, { saleId: 's2', customerId: 'ida', occurredAt: after(15), totalMinor: 501 }),
      ],
    });
    const spend = async (changes: Partial<GestureReportRequest>) =>
      (await report(database, shop, last30(changes))).items.map(
        ({ attributedSpendMinor }) => attributedSpendMinor,
      );
    const { staffId } = shop.ada;
    expect(await spend({ staffId })).toEqual([350]);
    expect(await spend({ staffId, model: 'first' })).toEqual([851]);
    expect(await spend({ staffId, model: 'linear' })).toEqual([601]);
    expect(await spend({ to: '2026-03-02' })).toEqual([350]);
    expect(await spend({ from: '2026-03-03', model: 'first' })).toEqual([0]);
  });

  test('a gesture taken back is left out, or shown with nothing counted to it', async () => {
    const { db } = database;
    const shop = await aShop(db);
    await addCustomers(db, shop, ['ida']);
    await addRows(db, {
      gestures: [
        gestureRow(shop, { gestureId: 'kept', customerId: 'ida', givenAt: after(0) }),
        gestureRow(shop, { gestureId: 'back', customerId: 'ida', givenAt: after(1), undoneAt: after(1) }),
      ],
      sales: [saleRow(shop, { saleId: 's1', customerId: 'ida', occurredAt: after(5) })],
    });
    expect((await report(database, shop)).items.map(({ gestureId }) => gestureId)).toEqual(['kept']);
    const { items, totals } = await report(database, shop, last30({ includeUndone: true }));
    expect(
      items.map(({ gestureId, isUndone, attributedSales }) => [gestureId, isUndone, attributedSales]),
    ).toEqual([
      ['back', true, 0],
      ['kept', false, 1],
    ]);
    expect(totals.all.gestures).toBe(1);
  });

  test('sums over 21 million pounds stay exact, and one customer may have thousands of sales', async () => {
    const { db } = database;
    const shop = await aShop(db);
    await addCustomers(db, shop, ['guest', 'zoe']);
    const sales = Array.from({ length: 4_500 }, (_, index) =>
      saleRow(shop, {
        saleId: `s${index}`,
        customerId: 'guest',
        occurredAt: new Date(NOON + (index + 1) * 400_000),
        totalMinor: 2_000_000_001,
      }),
    );
    await addRows(db, {
      gestures: [
        gestureRow(shop, { gestureId: 'g1', customerId: 'guest', givenAt: after(0) }),
        gestureRow(shop, { gestureId: 'g2', customerId: 'zoe', givenAt: after(0) }),
      ],
      sales: [...sales, saleRow(shop, { saleId: 'zoe', customerId: 'zoe', occurredAt: after(1) })],
    });
    const { items, totals } = await report(database, shop);
    // The first four sales fall within 30 minutes.
    expect(items[1]).toMatchObject({ attributedSales: 4_496, attributedSpendMinor: 4_496 * 2_000_000_001 });
    expect(items[0]?.attributedSpendMinor).toBe(350);
    expect(totals.all.attributedSpendMinor).toBe(4_496 * 2_000_000_001 + 350);
  });

  test('knows only its own merchant, its own people and the past', async () => {
    const { db } = database;
    const [shop, other] = [await aShop(db), await aShop(db)];
    await addCustomers(db, other, ['ida']);
    await addRows(db, {
      gestures: [gestureRow(other, { gestureId: 'g', customerId: 'ida', givenAt: after(0) })],
    });
    expect((await report(database, shop)).items).toEqual([]);
    const ask = (changes: Partial<GestureReportRequest>) =>
      reportGestures(db, MAY)(shop, last30(changes), { after: null, limit: 10 });
    expect(await ask({ locationId: other.locationId })).toEqual({ refused: 'location-unknown' });
    expect(await ask({ staffId: other.ada.staffId })).toEqual({ refused: 'staff-unknown' });
    expect(await ask({ asOf: new Date(MAY.now().getTime() + 1) })).toEqual({
      refused: 'report-of-the-future',
    });
  });

  describe('of a busy year', () => {
    let shop: BusyShop;
    beforeAll(async () => {
      shop = await aBusyShop(database.db, { customerCount: 60, saleCount: 4_000, gestureCount: 1_300 });
    });

    test.each(ATTRIBUTION_MODELS)(
      'counts by %s touch what the rule alone counts, in every window',
      async (model) => {
        for (const windowDays of WINDOW_DAYS) {
          const { rows, totals } = await readAll(database, shop, { windowDays, model });
          const rule = { windowDays, visitMinutes: 30, model, asOf: MAY.now() };
          const outcomes = attribute({ ...shop.rows, ...rule });
          expect(rows).toHaveLength(outcomes.size);
          for (const row of rows) {
            const outcome = outcomes.get(row.gestureId)!;
            expect(row).toMatchObject({
              laterVisits: outcome.laterVisits,
              attributedSales: outcome.attributedSales,
              attributedSpendMinor: outcome.attributedMinor,
              window: outcome.isComplete ? 'complete' : 'open',
            });
          }
          expect(totals.all.attributedSpendMinor).toBe(sum(rows, 'attributedSpendMinor'));
          const daysToReturn = shop.rows.gestures.flatMap(({ gestureId, givenAt }) => {
            const outcome = outcomes.get(gestureId);
            if (!outcome?.isComplete || !outcome.returnedAt) return [];
            return [(outcome.returnedAt.getTime() - givenAt.getTime()) / DAY_MS];
          });
          expect(totals.returnedWithinDays).toEqual(
            Array.from(
              { length: windowDays },
              (_, index) => daysToReturn.filter((days) => days <= index + 1).length,
            ),
          );
          for (const groups of [
            totals.byKind,
            totals.byReason,
            totals.byStaff,
            totals.byLocation,
            totals.byWeek,
          ])
            expect(
              groups.reduce(
                (total, { complete, maturing }) => total + spendOf(complete) + spendOf(maturing),
                0,
              ),
            ).toBe(totals.all.attributedSpendMinor);
        }
      },
    );

    test('the three models find the same sales and the same money', async () => {
      const found = await Promise.all(
        ATTRIBUTION_MODELS.map(
          async (model) => (await readAll(database, shop, { windowDays: 90, model })).totals.all,
        ),
      );
      expect(found[1]).toEqual(found[0]);
      expect(found[2]).toEqual(found[0]);
      expect(found[0]?.attributedSales).toBeGreaterThan(1_000);
    });

    test('shared sales are counted once in every total, also where pages meet', async () => {
      for (const filter of [{}, { staffId: shop.ada.staffId }, { from: '2025-05-01', to: '2025-11-30' }]) {
        const { rows, totals } = await readAll(database, shop, {
          windowDays: 60,
          model: 'linear',
          ...filter,
        });
        expect(totals.all.gestures).toBe(rows.length);
        expectDistinctSales(shop, rows, totals, 60);
      }
    });

    test('what few gestures fit is found however few a statement looks at', async () => {
      const { merchantId, ben } = shop;
      for (const filter of [
        { staffId: ben.staffId },
        { kind: 'voucher' as const, from: '2025-06-01', to: '2025-09-30' },
        { reason: 'our_mistake' as const },
      ])
        for (const first of ['oldest', 'newest'] as const) {
          const asked = { ...filter, merchantId, includeUndone: false, asOf: MAY.now() };
          const whole = await database.db.read((queries) =>
            listGestures(queries, asked, { after: null, limit: 2_000, first }),
          );
          const ids = whole.map(({ gestureId }) => gestureId);
          for (const limit of [1, 7, 2_000]) {
            const found: string[] = [];
            let after: GesturePlace | null = null;
            for (let last = false; !last;) {
              const place = { after, limit, first, stepGestures: 40 };
              const page: ReportGesture[] = await listReportGestures(database.db, asked, place);
              found.push(...page.map(({ gestureId }) => gestureId));
              after = page.at(-1) ?? null;
              last = page.length < limit || found.length > ids.length || limit === 1;
            }
            expect(found).toEqual(limit === 1 ? ids.slice(0, 1) : ids);
          }
        }
    });

    test('page after page shows what the whole does, whatever the filter', async () => {
      const request = last30({ kind: 'voucher', from: '2025-03-01', to: '2025-12-31', includeUndone: true });
      const { rows } = await readAll(database, shop, request);
      const ask = reportGestures(database.db, MAY);
      const paged: GestureReportRow[] = [];
      let place: GestureReportPage['next'] = null;
      do {
        const page: Awaited<ReturnType<typeof ask>> = await ask(shop, request, { after: place, limit: 57 });
        if ('refused' in page) throw new Error(page.refused);
        paged.push(...page.items);
        place = page.next;
      } while (place);
      expect(paged).toEqual(rows.toReversed());
      expect(await ask(shop, request, { after: null, limit: rows.length })).toMatchObject({ next: null });
      const expected = shop.rows.gestures.filter(
        ({ kind, businessDay }) =>
          kind === 'voucher' && businessDay >= '2025-03-01' && businessDay <= '2025-12-31',
      );
      expect(rows).toHaveLength(expected.length);
      expect(rows.length).toBeGreaterThan(200);
    });
  });
});

function sum(rows: readonly GestureReportRow[], key: 'attributedSpendMinor'): number {
  return rows.reduce((total, row) => total + row[key], 0);
}

function spendOf({ attributedSpendMinor }: GestureTotals['all']): number {
  return attributedSpendMinor;
}

/** Looks at every pair of gesture and sale. */
function expectDistinctSales(
  shop: BusyShop,
  rows: readonly GestureReportRow[],
  totals: GestureTotals,
  windowDays: number,
): void {
  const gestureOf = new Map(shop.rows.gestures.map((gesture) => [gesture.gestureId, gesture]));
  const touchedBy = (row: GestureReportRow): string[] => {
    const gesture = gestureOf.get(row.gestureId)!;
    return shop.rows.sales
      .filter(({ customerId, saleId, occurredAt }) => {
        const afterMs = occurredAt.getTime() - gesture.givenAt.getTime();
        const isInWindow = afterMs > 30 * 60_000 && afterMs <= windowDays * DAY_MS && occurredAt <= MAY.now();
        return customerId === gesture.customerId && saleId !== gesture.saleId && isInWindow;
      })
      .map(({ saleId }) => saleId);
  };
  const touched = new Map(rows.map((row) => [row, touchedBy(row)]));
  const countDistinct = (belongs: (row: GestureReportRow) => boolean): number =>
    new Set(rows.filter(belongs).flatMap((row) => touched.get(row)!)).size;
  expect(totals.all.attributedSales).toBe(countDistinct(() => true));
  expect(totals.maturing.attributedSales).toBe(countDistinct(({ window }) => window === 'open'));
  for (const { staffId, complete } of totals.byStaff)
    expect(complete.attributedSales).toBe(
      countDistinct((row) => row.staffId === staffId && row.window === 'complete'),
    );
  for (const { weekStart, complete, maturing } of totals.byWeek) {
    const ofWeek = (window: string) => (row: GestureReportRow) =>
      row.weekStart === weekStart && row.window === window;
    expect(complete.attributedSales).toBe(countDistinct(ofWeek('complete')));
    expect(maturing.attributedSales).toBe(countDistinct(ofWeek('open')));
  }
}
