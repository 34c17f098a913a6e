import { v7 as uuid } from 'uuid';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Database } from '../../db/database.ts';
import { markGestureUndone } from '../../db/queries/gesture-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import { insertRefund, insertSale } from '../../db/queries/sale-queries.ts';
import { openSeasonKey, seasonHmac } from '../../src/operations/season-key.ts';
import { computeOutcome } from '../../src/evidence/outcome.ts';
import { countUndrawn } from '../../src/operations/count-undrawn.ts';
import { editMerchant } from '../../src/operations/edit-merchant.ts';
import { firstIdAt } from '../../src/operations/first-id-at.ts';
import { joinCustomers } from '../../src/operations/join-customers.ts';
import { readShopHistory } from '../../src/operations/read-history.ts';
import { reportEvidence } from '../../src/operations/report-evidence.ts';
import { scanCard } from '../../src/operations/scan-card.ts';
import { SeasonData } from '../../src/operations/season-data.ts';
import { SeasonLateRows } from '../../src/operations/season-late-rows.ts';
import { storeReport } from '../../src/operations/store-evidence.ts';
import { storedPart } from '../../src/operations/evidence-view.ts';
import type { EvidenceView } from '../../src/operations/evidence-view.ts';
import { createSeededRandom } from '../../src/evidence/seeded-random.ts';
import { aCard } from '../support/a-card.ts';
import { ALWAYS, aSeason, testSealer } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';

const DAY_MS = 86_400_000;

// Ids say when they were made, and the evidence reads on from there. One maker of ids remembers the latest time it saw, the
// other asks the machine; here both are told the time.
vi.mock('uuid', async (load) => {
  const { v7 } = await load<{ v7: (options: { msecs: number }) => string }>();
  return { v7: () => v7({ msecs: Date.now() }) };
});
vi.mock('node:crypto', async (load) => ({ ...(await load<object>()), randomUUIDv7: uuid }));

/** A clock that the ids follow too, as they do where nobody holds time still. */
class ClockOfIds extends FixedClock {
  override set(now: Date): void {
    super.set(now);
    vi.setSystemTime(now);
  }

  override advance(by: Parameters<FixedClock['advance']>[0]): void {
    super.advance(by);
    vi.setSystemTime(this.now());
  }
}

forEachDatabase('the evidence of a season', (database) => {
  /** A shop in which a few regulars came for four months, and were drawn for in the last three. */
  const live = async ({
    people = 8,
    days = 110,
    seed = 7,
    year = 2026,
    atNight,
  }: {
    people?: number;
    days?: number;
    seed?: number;
    year?: number;
    /** Done after each day of the season. */
    atNight?: (season: SeasonRow, now: Date) => Promise<void>;
  } = {}) => {
    const { db } = database;
    const begins = new Date(`${year}-01-05T08:00:00Z`);
    if (atNight) vi.useFakeTimers({ toFake: ['Date'], now: begins });
    onTestFinished(() => void vi.useRealTimers());
    const clock = atNight ? new ClockOfIds(begins) : new FixedClock(begins);
    const shop = await aShop(db, { coolDownDays: 0, gesturesLimit: null, now: clock.now() });
    const till = aTill(db, clock, shop, { sealer: testSealer });
    const scan = scanCard(db, clock, testSealer);
    const random = createSeededRandom(seed);
    const cards = [];
    for (let person = 0; person < people; person++) cards.push(await aCard(db, shop, { now: clock.now() }));
    let season: Awaited<ReturnType<typeof aSeason>> | undefined;
    for (let day = 0; day < days; day++) {
      clock.set(new Date(Date.UTC(year, 0, 5 + day, 8)));
      if (day === 20)
        season = await aSeason(db, shop, {
          chanceMillionths: 400_000,
          startedAt: clock.now(),
          saleCapMinor: 900,
        });
      for (const card of cards) {
        clock.advance({ minutes: 20 });
        if (random() > 0.3) continue;
        const scanned = await scan(shop.ada, card);
        if ('refused' in scanned) throw new Error(scanned.refused);
        clock.advance({ seconds: 40 });
        const { sale } = granted(await till.sell(card, random() < 0.2 ? 3 : 1));
        if (scanned.draw && random() < 0.8)
          granted(await till.give(card, { drawId: scanned.draw.drawId, saleId: sale.saleId }));
        if (random() < 0.1) granted(await till.refund(sale.saleId, { wholeSale: true }));
      }
      if (season) await atNight?.(season, clock.now());
    }
    const report = reportEvidence(db, clock, testSealer);
    const ask = async (request: Parameters<typeof report>[1] = {}) => {
      const view = await report(shop, request);
      if ('refused' in view) throw new Error(view.refused);
      return view;
    };
    return { db, clock, shop, till, cards, season: season!, report, ask };
  };

  /** What the pure functions make of the tables, without any of the ways to be quick. */
  const reckon = async (db: Database, shop: Shop, asOf: Date) => {
    const [season] = await rowsOf(db, shop, 'seasons');
    const draws = (await rowsOf(db, shop, 'draws')).toSorted((a, b) => a.sequence - b.sequence);
    const refunds = await rowsOf(db, shop, 'refunds');
    const customers = await rowsOf(db, shop, 'customers');
    const gestures = (await rowsOf(db, shop, 'gestures')).filter(({ undoneAt }) => !undoneAt);
    const sales = (await rowsOf(db, shop, 'sales')).toSorted(
      (a, b) => a.occurredAt.getTime() - b.occurredAt.getTime(),
    );
    return draws.flatMap((draw) => {
      const rootId =
        customers.find(({ customerId }) => customerId === draw.customerId)!.joinedIntoId ?? draw.customerId;
      const own = sales
        .filter(({ customerId }) => customerId === rootId)
        .map(({ saleId, occurredAt, totalMinor }) => ({
          saleId,
          occurredAt,
          netMinor:
            totalMinor -
            refunds
              .filter((refund) => refund.saleId === saleId)
              .reduce((sum, { amountMinor }) => sum + amountMinor, 0),
        }));
      const outcome = computeOutcome(draw.drawnAt, own, {
        saleCapMinor: season!.saleCapMinor,
        visitMinutes: 30,
        asOf,
      });
      const isTreated = gestures.some(
        (gesture) =>
          gesture.customerId === rootId &&
          gesture.businessDay === draw.businessDay &&
          // Two that have joined may both have come that day: what one was given earlier isn't of the other's draw.
          gesture.givenAt >= draw.drawnAt,
      );
      const { spendMinor, saleCount, placeboMinor } = outcome;
      return outcome.isMatured
        ? [{ z: draw.isDrawn ? 1 : 0, d: isTreated ? 1 : 0, spendMinor, saleCount, placeboMinor }]
        : [];
    });
  };
  const columnsOf = ({ draws: { columns, maturedCount } }: SeasonData) =>
    Array.from({ length: maturedCount }, (_, place) => ({
      z: columns.z.get(place),
      d: columns.d.get(place),
      spendMinor: columns.spendMinor.get(place),
      saleCount: columns.saleCount.get(place),
      placeboMinor: columns.placeboMinor.get(place),
    }));

  it('counts what the rules say, at once or little by little, through refunds, late sales and joins', async () => {
    const openOf = (season: SeasonRow, more: { manyDraws?: number } = {}) => {
      const hmac = seasonHmac(openSeasonKey(testSealer, season)!);
      return new SeasonData(database.db, { season, hmac, pinnedAt: null, ...more });
    };
    let kept!: SeasonData;
    const { db, clock, shop, till, cards, season } = await live({
      async atNight(ofShop, asOf) {
        kept ??= openOf(ofShop);
        await kept.bringUpToDate(asOf);
      },
    });
    const open = (more: { manyDraws?: number } = {}) => openOf(season, more);
    /** As a chain's are counted: customer by customer, instead of draw by draw. */
    const countByCustomer = async () => {
      const data = open({ manyDraws: 0 });
      await data.bringUpToDate(clock.now());
      return columnsOf(data);
    };
    const now = clock.now();
    const expected = await reckon(db, shop, now);
    expect(expected.length).toBeGreaterThan(40);
    expect(expected.some(({ d }) => d === 1)).toBe(true);
    expect(columnsOf(kept)).toEqual(expected);
    expect(await countByCustomer()).toEqual(expected);
    expect(kept.audit).toEqual({ checkedCount: kept.draws.count, mismatchedCount: 0 });

    // A refund of a sale that was counted, and a sale that a till kept while it was offline.
    const [draw] = await rowsOf(db, shop, 'draws');
    const sale = (await rowsOf(db, shop, 'sales')).find(
      ({ customerId, occurredAt }) =>
        customerId === draw!.customerId && occurredAt.getTime() > draw!.drawnAt.getTime() + DAY_MS,
    )!;
    clock.advance({ hours: 1 });
    await till.refund(sale.saleId, { wholeSale: true });
    const late = { ...sale, saleId: `${sale.saleId.slice(0, -4)}ffff` };
    const stamp = clock.now().getTime().toString(16).padStart(12, '0');
    late.saleId = `${stamp.slice(0, 8)}-${stamp.slice(8)}${late.saleId.slice(13)}`;
    await db.transact((tx) =>
      tx.query((d, { sales }) => d.insert(sales).values({ ...late, recordedAt: clock.now() })),
    );
    await kept.bringUpToDate(clock.now());
    const changed = await reckon(db, shop, clock.now());
    expect(changed).not.toEqual(expected);
    expect(columnsOf(kept)).toEqual(changed);
    expect(await countByCustomer()).toEqual(changed);
    const cold = open();
    await cold.bringUpToDate(clock.now());
    expect(columnsOf(cold)).toEqual(changed);
    expect(await cold.hashCounted()).toBe(await kept.hashCounted());

    const customers = await rowsOf(db, shop, 'cards');
    const [one, other] = cards
      .slice(0, 2)
      .map(({ cardId }) => customers.find((card) => card.cardId === cardId)!);
    const joined = await joinCustomers(db, clock)(shop.owner, {
      customerId: one!.customerId,
      otherCustomerId: other!.customerId,
    });
    expect(joined).not.toHaveProperty('refused');
    const after = open();
    await after.bringUpToDate(clock.now());
    const together = await reckon(db, shop, clock.now());
    expect(columnsOf(after)).toEqual(together);
    expect(await countByCustomer()).toEqual(together);

    // Of the past of one who has joined, something changes: the draws of both are counted again.
    const [rest] = (await rowsOf(db, shop, 'draws')).filter(
      ({ customerId }) => customerId === other!.customerId,
    );
    const also = {
      ...late,
      customerId: one!.customerId,
      occurredAt: new Date(rest!.drawnAt.getTime() + 9 * DAY_MS),
    };
    clock.advance({ hours: 1 });
    const nextStamp = clock.now().getTime().toString(16).padStart(12, '0');
    also.saleId = `${nextStamp.slice(0, 8)}-${nextStamp.slice(8)}${late.saleId.slice(13)}`;
    await db.transact((tx) =>
      tx.query((d, { sales }) => d.insert(sales).values({ ...also, recordedAt: clock.now() })),
    );
    await after.bringUpToDate(clock.now());
    const last = await reckon(db, shop, clock.now());
    expect(last).not.toEqual(together);
    expect(columnsOf(after)).toEqual(last);
    expect(await countByCustomer()).toEqual(last);

    // More of their draws mature: what was paid back after those that had before stays paid back.
    clock.advance({ days: 20 });
    await after.bringUpToDate(clock.now());
    const later = await reckon(db, shop, clock.now());
    expect(later.length).toBeGreaterThan(last.length);
    expect(columnsOf(after)).toEqual(later);
    expect(await countByCustomer()).toEqual(later);
  }, 120_000);

  it('as of a day of the past is what was stored that day, to the digit; a later refund restates the next', async () => {
    const { db, clock, shop, till, ask, season } = await live({ people: 5 });
    const asOf = clock.now();
    const day = asOf.toISOString().slice(0, 10);
    expect(await storeReport(db, clock, testSealer)(season, { day, asOf })).toBe(true);
    expect(await storeReport(db, clock, testSealer)(season, { day, asOf })).toBe(false);
    const [stored] = await rowsOf(db, shop, 'evidenceReports');
    const told = (view: EvidenceView) => JSON.parse(JSON.stringify(storedPart(view))) as unknown;
    expect(told(await ask({ asOf }))).toEqual(stored!.report);

    const [draw] = await rowsOf(db, shop, 'draws');
    const refunded = new Set((await rowsOf(db, shop, 'refunds')).map(({ saleId }) => saleId));
    const sale = (await rowsOf(db, shop, 'sales')).find(
      ({ customerId, occurredAt, saleId }) =>
        !refunded.has(saleId) &&
        customerId === draw!.customerId &&
        occurredAt.getTime() > draw!.drawnAt.getTime() + DAY_MS,
    )!;
    clock.advance({ minutes: 30 });
    granted(await till.refund(sale.saleId, { wholeSale: true }));
    clock.advance({ minutes: 30 });
    const next = await ask();
    expect(next.restated).toMatchObject({ since: day });
    expect(next.restated!.spendMinor).toBeLessThan(0);
    expect(next.inputsHash).not.toBe(stored!.inputsHash);
    // And the old one is still what it was.
    expect(told(await ask({ asOf }))).toEqual(stored!.report);
    expect((await ask({ asOf })).inputsHash).toBe(stored!.inputsHash);
  }, 120_000);

  it('counts what was paid back before a first draw, and a past gesture undone hours later, as it does afresh', async () => {
    // Years ahead, so that of all rows only those with an id made below are new to what was read before.
    const { db, clock, shop, till, season } = await live({ people: 4, days: 60, year: 2126 });
    const { merchantId } = shop;
    const open = () => {
      const hmac = seasonHmac(openSeasonKey(testSealer, season)!);
      return new SeasonData(db, { season, hmac, pinnedAt: null });
    };
    const idNow = () => `${firstIdAt(clock.now()).slice(0, -4)}ffff`;
    const kept = open();
    const expectAsAfresh = async () => {
      await kept.bringUpToDate(clock.now());
      const afresh = open();
      await afresh.bringUpToDate(clock.now());
      expect(columnsOf(kept)).toEqual(columnsOf(afresh));
      return columnsOf(kept);
    };
    const newcomer = await aCard(db, shop, { now: clock.now() });
    for (let sale = 0; sale < 2; sale++) granted(await till.sell(newcomer));
    await kept.bringUpToDate(clock.now());
    const [sale] = (await rowsOf(db, shop, 'sales')).filter(({ cardId }) => cardId === newcomer.cardId);
    const { saleId, staffId, businessDay, totalMinor: amountMinor } = sale!;
    clock.advance({ hours: 1 });
    const paidBack = { refundedAt: clock.now(), recordedAt: clock.now(), amountMinor, reversedStamps: 0 };
    const refund = { merchantId, refundId: idNow(), saleId, reference: null, staffId, businessDay };
    await db.transact((tx) => insertRefund(tx, { ...refund, ...paidBack }));
    clock.advance({ hours: 1 });
    await kept.bringUpToDate(clock.now());
    clock.advance({ days: 40 });
    await scanCard(db, clock, testSealer)(shop.ada, newcomer);
    clock.advance({ days: 31 });
    const counted = await expectAsAfresh();
    expect(counted.at(-1)!.placeboMinor).toBeGreaterThan(0);

    const draws = (await rowsOf(db, shop, 'draws')).toSorted((a, b) => a.sequence - b.sequence);
    const place = counted.findIndex(({ d }) => d === 0);
    const { customerId, cardId, drawnAt, ...there } = draws[place]!;
    const [gesture] = await rowsOf(db, shop, 'gestures');
    const past = {
      ...gesture!,
      gestureId: idNow(),
      customerId,
      cardId,
      givenAt: drawnAt,
      businessDay: there.businessDay,
      recordedAt: clock.now(),
      isPast: true,
      saleId: null,
      drawId: null,
    };
    await db.transact((tx) => tx.query((d, { gestures }) => d.insert(gestures).values(past)));
    for (let hour = 0; hour < 2; hour++) {
      expect((await expectAsAfresh())[place]!.d).toBe(1);
      clock.advance({ hours: 1 });
    }
    const { gestureId } = past;
    const undone = { merchantId, gestureId, undoneAt: clock.now(), undoneBy: shop.owner.staffId };
    await db.transact((tx) => markGestureUndone(tx, undone));
    expect((await expectAsAfresh())[place]!.d).toBe(0);
    const { version } = kept;
    clock.advance({ hours: 1 });
    await kept.bringUpToDate(clock.now());
    expect(kept.version).toBe(version);
  }, 120_000);

  it('keeps of what was sold after the instant it is as of only the sales from before it', async () => {
    const { db, clock, shop, season } = await live({ people: 4, days: 60 });
    const asOf = new Date(clock.now().getTime() - 20 * DAY_MS);
    const hmac = seasonHmac(openSeasonKey(testSealer, season)!);
    const data = new SeasonData(db, { season, hmac, pinnedAt: asOf });
    await data.bringUpToDate(asOf);
    const sales = await rowsOf(db, shop, 'sales');
    const [draw] = await rowsOf(db, shop, 'draws');
    const late = { ...sales[0]!, saleId: uuid(), customerId: draw!.customerId, recordedAt: clock.now() };
    await db.transact((tx) => insertSale(tx, { ...late, source: 'file', reference: 'late', lines: [] }));
    const { merchantId } = shop;
    const rows = new SeasonLateRows(db, { merchantId, saleCapMinor: 900, draws: data.draws });
    await rows.takeOutSalesAfter(asOf);
    expect(sales.filter(({ occurredAt }) => occurredAt > asOf).length).toBeGreaterThan(5);
    expect([...rows.allCorrections()]).toEqual([expect.objectContaining({ saleCount: -1 })]);
  });

  it('tells the same after the database failed half-way as it does afresh', async () => {
    // Years ahead, so that of all rows only those with an id made below are new to the second report.
    const { db, clock, shop, season } = await live({ people: 5, year: 2126 });
    let readingsLeft = Infinity;
    const failing = Object.create(db, {
      read: {
        value: (work: Parameters<Database['read']>[0]) =>
          readingsLeft-- > 0 ? db.read(work) : Promise.reject(new Error('The database is gone')),
      },
    }) as Database;
    const report = reportEvidence(failing, clock, testSealer);
    const tell = async (from: typeof report) => {
      const view = await from(shop, { seasonId: season.seasonId });
      if ('refused' in view) throw new Error(view.refused);
      return view.sums;
    };
    const before = await tell(report);
    const [draw] = (await rowsOf(db, shop, 'draws')).toSorted((a, b) => a.sequence - b.sequence);
    const daysAfterDraw = (at: Date) => (at.getTime() - draw!.drawnAt.getTime()) / DAY_MS;
    const refunds = await rowsOf(db, shop, 'refunds');
    const sale = (await rowsOf(db, shop, 'sales')).find(
      ({ saleId, customerId, occurredAt }) =>
        customerId === draw!.customerId &&
        daysAfterDraw(occurredAt) > 1 &&
        daysAfterDraw(occurredAt) < 29 &&
        !refunds.some((refund) => refund.saleId === saleId),
    )!;
    clock.advance({ hours: 1 });
    const now = clock.now();
    const { merchantId, saleId, staffId, businessDay, totalMinor: amountMinor } = sale;
    await db.transact((tx) =>
      insertRefund(tx, {
        merchantId,
        refundId: `${firstIdAt(now).slice(0, -4)}ffff`,
        saleId,
        reference: null,
        staffId,
        refundedAt: now,
        businessDay,
        amountMinor,
        reversedStamps: 0,
        recordedAt: now,
      }),
    );
    // It goes away one reading later each time, until it goes well.
    let [told, failures]: [typeof before | null, number] = [null, 0];
    for (; !told; failures++) {
      readingsLeft = failures;
      told = await tell(report).catch(() => null);
    }
    expect(failures).toBeGreaterThan(5);
    expect(told).toEqual(await tell(reportEvidence(db, clock, testSealer)));
    expect(told.spendMinor).toBeLessThan(before.spendMinor);
  }, 120_000);

  it('reckons at each location with what its own treats cost', async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, { coolDownDays: 0, gesturesLimit: null });
    const elsewhere = await anotherTill(db, shop, { isElsewhere: true });
    await aSeason(db, shop, { chanceMillionths: ALWAYS });
    const till = aTill(db, clock, shop, { sealer: testSealer });
    const [here, there] = [await aCard(db, shop), await aCard(db, shop)];
    for (const card of [here, there]) granted(await till.sell(card));
    clock.advance({ days: 3 });
    const scan = async (card: typeof here, by: Shop['ada']) => {
      const scanned = await scanCard(db, clock, testSealer)(by, card);
      if ('refused' in scanned || !scanned.draw) throw new Error('nothing was drawn');
      return { drawId: scanned.draw.drawId, by };
    };
    granted(await till.give(here, await scan(here, shop.ada)));
    const free = { kind: 'free_item', itemId: shop.flatWhite.itemId } as const;
    const by = { ...shop.ada, place: elsewhere };
    granted(await till.give(there, { ...free, ...(await scan(there, by)) }));
    clock.advance({ days: 31 });
    const report = reportEvidence(db, clock, testSealer);
    const costs = [];
    for (const { locationId } of [shop, elsewhere]) {
      const view = await report(shop, { locationId });
      if ('refused' in view) throw new Error(view.refused);
      expect(view.draws.accepted).toBe(1);
      expect(view.cost.gestureMinor).toBe(view.cost.totalMinor);
      costs.push(view.cost.gestureMinor);
    }
    expect(costs[1]).toBeGreaterThan(costs[0]!);
  });

  it('before the first treat breaks even at what gestures cost by now', async () => {
    const { db } = database;
    const clock = new FixedClock('2026-05-20T12:00:00Z');
    const shop = await aShop(db, { now: clock.now() });
    await aSeason(db, shop, { startedAt: clock.now() });
    const tell = reportEvidence(db, clock, testSealer);
    const read = async () => {
      const view = await tell(shop, {});
      if ('refused' in view) throw new Error(view.refused);
      const { gestureMinor, marginMillionths, breakEvenMinor } = view.cost;
      expect(breakEvenMinor).toBeCloseTo((gestureMinor * 1_000_000) / marginMillionths);
      return gestureMinor;
    };
    const before = await read();
    const card = await aCard(db, shop);
    granted(await aTill(db, clock, shop).give(card, { kind: 'double_stamp' }));
    expect(await read()).not.toBe(before);
  });

  it('refuses, with its reasons, where the data cannot carry an answer', async () => {
    const { ask, report, shop, clock } = await live({ people: 4, days: 60 });
    const view = await ask();
    expect(view).toMatchObject({ verdict: 'not-enough-data', isMadeUp: false, trueEffectMinor: null });
    const { lights } = view;
    expect(lights.find(({ check }) => check === 'size')).toMatchObject({ light: 'refuse' });
    expect(
      lights.filter(({ check }) => ['sample-ratio', 'draw-audit', 'completeness'].includes(check)),
    ).toEqual([
      expect.objectContaining({ light: 'ok' }),
      expect.objectContaining({ light: 'ok' }),
      expect.objectContaining({ light: 'ok' }),
    ]);
    expect(await report(shop, { seasonId: 'nobody’s' })).toEqual({ refused: 'season-unknown' });
    const tomorrow = new Date(clock.now().getTime() + DAY_MS);
    expect(await report(shop, { asOf: tomorrow })).toEqual({ refused: 'report-of-the-future' });
    expect(await report(shop, { locationId: 'nowhere' })).toEqual({ refused: 'location-unknown' });
    expect(await ask({ locationId: shop.locationId })).toMatchObject({ locationName: 'High Street' });
  }, 120_000);

  it('notices that a till sells to regulars without scanning them', async () => {
    const { ask, clock, cards, till } = await live({ people: 12, days: 45 });
    clock.advance({ days: 1 });
    const before = await ask();
    for (let day = 0; day < 3; day++) {
      for (const card of cards) granted(await till.sell(card));
      clock.advance({ days: 1 });
    }
    const after = await ask();
    const light = after.lights.find(({ check }) => check === 'completeness');
    expect(light).toMatchObject({ light: 'refuse' });
    expect(light!.figures['undrawnScans']).toBeGreaterThan(0);
    // The draws are the same; what the report says is not, and its hash shows it.
    expect(after.sums).toEqual(before.sums);
    expect(after.inputsHash).not.toBe(before.inputsHash);
  }, 120_000);

  it('notices it however many sales of an old file were brought in since, and forecasts the same', async () => {
    const { db, clock, cards, season, shop, till } = await live({ people: 12, days: 45 });
    const { merchantId, locationId } = shop;
    clock.advance({ days: 1 });
    for (const card of cards) granted(await till.sell(card));
    const someone = (await rowsOf(db, shop, 'cards'))[0]!;
    const longAgo = new Date('2024-05-01T08:00:00Z');
    for (let row = 0; row < 40; row++)
      await db.transact((tx) =>
        insertSale(tx, {
          merchantId,
          saleId: uuid(),
          source: 'old-till',
          reference: String(row),
          locationId,
          deviceId: null,
          staffId: null,
          customerId: someone.customerId,
          cardId: someone.cardId,
          occurredAt: longAgo,
          businessDay: '2024-05-01',
          totalMinor: 350,
          lines: [],
          stampsEarned: 1,
          recordedAt: clock.now(),
        }),
      );
    for (const card of cards.slice(6)) granted(await till.sell(card));
    clock.advance({ days: 1 });
    const asOf = clock.now();

    const now = { asOf, isLive: true };
    const inOneStep = await countUndrawn(db, { stepRows: 1_000_000 })(season, now);
    expect(inOneStep.undrawnScans).toBeGreaterThan(0);
    for (const stepRows of [1, 7])
      expect(await countUndrawn(db, { stepRows })(season, now)).toEqual(inOneStep);

    const asked = { merchantId, locationId: null, visitMinutes: 30, coolDownDays: 0, asOf };
    const history = await readShopHistory(db, { stepSales: 1_000_000 })(asked);
    expect(history.activeCustomers).toBe(12);
    for (const stepSales of [1, 7]) expect(await readShopHistory(db, { stepSales })(asked)).toEqual(history);
  }, 120_000);

  /** A shop with a season that draws for everybody, and some who were there a week before it. */
  const openDoors = async ({ people, coolDownDays = 0 }: { people: number; coolDownDays?: number }) => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, { coolDownDays, gesturesLimit: null });
    const till = aTill(db, clock, shop, { sealer: testSealer });
    const cards = [];
    for (let person = 0; person < people; person++) cards.push(await aCard(db, shop));
    for (const card of cards) granted(await till.sell(card));
    clock.advance({ days: 7 });
    const season = await aSeason(db, shop, { chanceMillionths: ALWAYS, startedAt: clock.now() });
    const serve = async (card: { cardCode: string }) => {
      await scanCard(db, clock, testSealer)(shop.ada, card);
      granted(await till.sell(card));
    };
    const count = () => {
      clock.advance({ days: 1 });
      return countUndrawn(db, { stepRows: 1 })(season, { asOf: clock.now(), isLive: true });
    };
    return { db, clock, shop, till, cards, serve, count };
  };

  it('judges a visit by its first sale: no second ticket and no gift at the same visit hides that nothing was drawn', async () => {
    const { clock, till, cards, serve, count } = await openDoors({ people: 3 });
    const [twice, treated, drawn] = cards;
    await serve(drawn!);
    granted(await till.give(treated!));
    for (const card of cards) granted(await till.sell(card));
    clock.advance({ minutes: 1 });
    granted(await till.sell(twice!));
    expect(await count()).toEqual({ eligibleScans: 3, undrawnScans: 2 });
  });

  it('says nothing of who has joined two cards: what was known of each at its scan is known no more', async () => {
    const { db, clock, shop, cards, serve, count } = await openDoors({ people: 2 });
    for (const card of cards) await serve(card);
    const newPhone = await aCard(db, shop);
    await serve(newPhone); // a newcomer, for all that anybody knows
    expect(await count()).toEqual({ eligibleScans: 2, undrawnScans: 0 });
    const rows = await rowsOf(db, shop, 'cards');
    const [otherCustomerId, customerId] = [cards[0]!, newPhone].map(
      ({ cardId }) => rows.find((card) => card.cardId === cardId)!.customerId,
    );
    const joined = { customerId: customerId!, otherCustomerId: otherCustomerId! };
    granted(await joinCustomers(db, clock)(shop.owner, joined));
    expect(await count()).toEqual({ eligibleScans: 1, undrawnScans: 0 });
  });

  it('takes nobody for a regular because of an old file that was brought in since', async () => {
    const { db, clock, shop, serve, count } = await openDoors({ people: 0 });
    const newcomer = await aCard(db, shop);
    await serve(newcomer);
    const [sale] = await rowsOf(db, shop, 'sales');
    const longAgo = new Date(clock.now().getTime() - 20 * DAY_MS);
    clock.advance({ days: 1 });
    const old = {
      saleId: uuid(),
      source: 'old-till',
      reference: '1',
      occurredAt: longAgo,
      businessDay: '2026-02-17',
    };
    await db.transact((tx) => insertSale(tx, { ...sale!, ...old, recordedAt: clock.now() }));
    expect(await count()).toEqual({ eligibleScans: 0, undrawnScans: 0 });
    await serve(newcomer);
    expect(await count()).toEqual({ eligibleScans: 1, undrawnScans: 0 });
  });

  it('judges a visit by the cool-down of its own day, whatever it was changed to since', async () => {
    const { db, clock, shop, till, cards, serve, count } = await openDoors({ people: 1, coolDownDays: 30 });
    const coolDown = (coolDownDays: number) => editMerchant(db, clock)(shop.owner, { coolDownDays });
    const [card] = cards;
    await serve(card!);
    granted(await till.give(card!));
    clock.advance({ days: 20 });
    await serve(card!); // given something less than 30 days ago: rightly not drawn for
    clock.advance({ days: 1 });
    await coolDown(7);
    expect(await count()).toEqual({ eligibleScans: 1, undrawnScans: 0 });
    granted(await till.sell(card!)); // nobody scanned
    clock.advance({ days: 1 });
    await coolDown(60);
    expect(await count()).toEqual({ eligibleScans: 2, undrawnScans: 1 });
  });
});
