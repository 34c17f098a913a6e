import { asc, eq } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { addItem } from '../../src/operations/edit-item.ts';
import { addLocation, endLocation } from '../../src/operations/edit-location.ts';
import { addProgram, endProgram } from '../../src/operations/edit-program.ts';
import { importSales, readImportMapping } from '../../src/operations/import-sales.ts';
import type { ImportOutcome, ImportRequest } from '../../src/operations/import-sales.ts';
import { joinCustomers } from '../../src/operations/join-customers.ts';
import { listSales } from '../../src/operations/list-sales.ts';
import { readCard } from '../../src/operations/read-card.ts';
import { readSale } from '../../src/operations/read-sale.ts';
import { readSummary } from '../../src/operations/read-summary.ts';
import { recordSale } from '../../src/operations/record-sale.ts';
import { refundSale } from '../../src/operations/refund-sale.ts';
import { renewCardLink } from '../../src/operations/renew-card-link.ts';
import { verifyAuditChain } from '../../src/operations/verify-audit-chain.ts';
import { verifyLedger } from '../../src/operations/verify-ledger.ts';
import { aCard, adjustCard, attempt } from '../support/a-card.ts';
import { aSalesFile, asSpreadsheet, vendingSales } from '../support/a-sales-file.ts';
import { testSealer } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { granted } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';

const NOW = '2026-03-02T09:00:00Z';

forEachDatabase('sales from a file', (database) => {
  const clock = new FixedClock(NOW);
  let db: Database;
  let shop: Shop;
  beforeEach(async () => {
    db = database.db;
    clock.set(NOW);
    shop = await aShop(db, { currency: 'UAH', timeZone: 'UTC' });
  });

  async function bring(text: string, request: Partial<ImportRequest> = {}): Promise<ImportOutcome> {
    const outcome = await tryToBring(text, request);
    if ('refused' in outcome) throw new Error(JSON.stringify(outcome));
    return outcome;
  }

  function tryToBring(
    text: string,
    { fileName = 'sales.csv', given, ...request }: Partial<ImportRequest> = {},
  ) {
    return importSales(db, clock)(
      { merchantId: shop.merchantId, staffId: shop.owner.staffId },
      {
        path: aSalesFile(text, fileName),
        fileName,
        source: 'vending',
        given: { timeZone: 'UTC', ...given },
        skipFaults: false,
        dryRun: false,
        ...request,
      },
    );
  }

  const rowsOf = async () =>
    db.read(async (queries) => {
      const { merchantId } = shop;
      return {
        sales: await queries.query((d, t) =>
          d
            .select()
            .from(t.sales)
            .where(eq(t.sales.merchantId, merchantId))
            .orderBy(asc(t.sales.occurredAt), asc(t.sales.saleId)),
        ),
        cards: await queries.query((d, t) =>
          d.select().from(t.cards).where(eq(t.cards.merchantId, merchantId)),
        ),
        entries: await queries.query((d, t) =>
          d
            .select()
            .from(t.entries)
            .where(eq(t.entries.merchantId, merchantId))
            .orderBy(asc(t.entries.sequence)),
        ),
        rewards: await queries.query((d, t) =>
          d
            .select()
            .from(t.rewards)
            .where(eq(t.rewards.merchantId, merchantId))
            .orderBy(asc(t.rewards.rewardId)),
        ),
        references: await queries.query((d, t) =>
          d.select().from(t.customerReferences).where(eq(t.customerReferences.merchantId, merchantId)),
        ),
        imports: await queries.query((d, t) =>
          d.select().from(t.imports).where(eq(t.imports.merchantId, merchantId)),
        ),
        audit: await queries.query((d, t) =>
          d.select().from(t.auditLog).where(eq(t.auditLog.merchantId, merchantId)),
        ),
      };
    });

  const cardOf = async (reference: string) => {
    const { references, cards } = await rowsOf();
    const { cardId } = references.find((row) => row.reference === reference)!;
    return cards.find((row) => row.cardId === cardId)!;
  };

  test('a dry run says what the import then does, and writes nothing', async () => {
    const text = asSpreadsheet(vendingSales);
    const foreseen = await bring(text, { dryRun: true });
    expect(foreseen).toMatchObject({
      dryRun: true,
      importId: null,
      rowCount: 10,
      saleCount: 10,
      newSaleCount: 10,
      knownSaleCount: 0,
      totalMinor: 33_896,
      customerCount: 3,
      newCardCount: 3,
      newStampCount: 7,
      oddCount: 4,
      faultCount: 0,
      firstSaleAt: new Date('2024-03-01T10:15:00Z'),
      lastSaleAt: new Date('2024-04-02T23:59:00Z'),
    });
    expect(foreseen.odd.map(({ line }) => line)).toEqual([6, 7, 8, 10]);
    expect(await rowsOf()).toMatchObject({ sales: [], cards: [], imports: [], audit: [] });
    const { importId, ...done } = await bring(text);
    expect(importId).not.toBeNull();
    expect(done).toEqual({ ...foreseen, importId: undefined, dryRun: false });
  });

  test('unknown card ids become customers with cards, and their sales earn stamps', async () => {
    await bring(asSpreadsheet(vendingSales));
    const { sales, cards, references, imports } = await rowsOf();
    expect(sales).toHaveLength(10);
    expect(sales.reduce((total, { totalMinor }) => total + totalMinor, 0)).toBe(33_896);
    expect(new Set(references.map(({ reference }) => reference))).toEqual(new Set(['C-1', 'C-2', 'C-3']));
    expect(cards).toHaveLength(3);
    expect(cards.every((card) => card.secretHash === null && card.codeHash === null)).toBe(true);
    expect(await cardOf('C-1')).toMatchObject({
      balance: 5,
      openRewardCount: 0,
      lastVisitAt: new Date('2024-03-15T08:00:00Z'),
    });
    const unnamed = sales.find(({ totalMinor }) => totalMinor === 3900)!;
    expect(unnamed).toMatchObject({ customerId: null, stampsEarned: 0, lines: [{ name: 'Not named' }] });
    // 23:59 is before the cut-off of the next business day.
    expect(sales.at(-1)).toMatchObject({ businessDay: '2024-04-02', source: 'vending', stampsEarned: 1 });
    expect(imports).toMatchObject([{ rowCount: 10, salesAdded: 10, cardsAdded: 3, totalMinor: 33_896 }]);
    const { shortCode } = await cardOf('C-1');
    const { merchantId } = shop;
    expect(await readCard(db, clock)({ merchantId, cardCode: shortCode })).toMatchObject({
      card: { stamps: 5 },
    });
  });

  test('cards that came from a file hang up no poster: the first on a phone does', async () => {
    const isStepDone = async () => (await readSummary(db, clock)(shop.owner)).start.hasCards;
    await bring(asSpreadsheet(vendingSales));
    expect(await isStepDone()).toBe(false);
    const { cardId } = await cardOf('C-1');
    granted(await renewCardLink(db, clock)(shop.owner, { cardId }));
    expect(await isStepDone()).toBe(true);
  });

  test('the same file again changes nothing, whatever it is called', async () => {
    const text = asSpreadsheet(vendingSales);
    await bring(text);
    const before = await rowsOf();
    for (const fileName of ['sales.csv', 'renamed.csv']) {
      const again = await bring(text, { fileName });
      expect(again).toMatchObject({
        importId: null,
        newSaleCount: 0,
        knownSaleCount: 10,
        newCardCount: 0,
        newStampCount: 0,
      });
    }
    expect(await rowsOf()).toEqual(before);
  });

  test('a longer export adds only its new rows, also a third coffee in a minute that had two', async () => {
    await bring(asSpreadsheet(vendingSales));
    const more = [...vendingSales, vendingSales[4]!, '5/1/2024,5/1/2024 9:00,card,C-1,38.7,Flat white'];
    expect(await bring(asSpreadsheet(more))).toMatchObject({
      newSaleCount: 2,
      knownSaleCount: 10,
      newCardCount: 0,
    });
    expect((await rowsOf()).sales).toHaveLength(12);
    expect(await cardOf('C-1')).toMatchObject({ balance: 6 });
  });

  test('a history from a file fills cards exactly as the till would have', async () => {
    const { merchantId, ada, flatWhite } = shop;
    const days = Array.from({ length: 23 }, (_, day) => new Date(Date.UTC(2025, 0, 1 + day, 10)));
    const text = [
      'datetime,amount,card,item',
      ...days.map((day) => `${day.toISOString()},3.50,C-1,flat white`),
    ].join('\n');
    expect(await bring(text)).toMatchObject({ newStampCount: 23, newCardCount: 1 });
    const imported = await cardOf('C-1');

    const { cardCode, cardId } = await aCard(db, shop, { now: days[0]! });
    for (const day of days) {
      clock.set(day);
      await recordSale(db, clock)(ada, {
        attempt: attempt(),
        cardCode,
        lines: [{ itemId: flatWhite.itemId, quantity: 1 }],
      });
    }
    const { cards, entries, rewards, sales } = await rowsOf();
    const stamped = cards.find((card) => card.cardId === cardId)!;
    const look = ({ balance, heldStamps, openRewardCount, lastVisitAt }: typeof stamped) => ({
      balance,
      heldStamps,
      openRewardCount,
      lastVisitAt,
    });
    expect(look(imported)).toEqual(look(stamped));
    expect(look(imported)).toMatchObject({ balance: 23, heldStamps: 20, openRewardCount: 2 });
    const historyOf = (id: string) => ({
      entries: entries.flatMap((one) =>
        one.cardId === id ? [[one.kind, one.stamps, one.at, one.businessDay]] : [],
      ),
      rewards: rewards.flatMap((one) =>
        one.cardId === id ? [[one.kind, one.stamps, one.status, one.earnedAt, one.name]] : [],
      ),
      lines: sales.flatMap((one) =>
        one.cardId === id ? [one.lines.map(({ itemId, name, qualifies }) => [itemId, name, qualifies])] : [],
      ),
    });
    expect(historyOf(imported.cardId)).toEqual(historyOf(cardId));
    expect(await verifyLedger(db)({ merchantId })).toMatchObject({ fault: null });
    expect(await verifyAuditChain(db)({ merchantId })).toMatchObject({ brokenAt: null });
  });

  test('a customer known from last month goes on collecting on the same card', async () => {
    const { merchantId, owner } = shop;
    await bring('datetime,amount,card\n2025-01-01 10:00,3.50,C-1\n');
    const { cardId } = await cardOf('C-1');
    await adjustCard(db, { ...shop, owner }, { cardId, stamps: 8, now: clock.now() });
    const outcome = await bring(
      'datetime,amount,card\n2025-02-01 10:00,3.50,C-1\n2025-02-02 10:00,3.50,C-1\n',
    );
    expect(outcome).toMatchObject({ customerCount: 1, newCardCount: 0, newStampCount: 2 });
    expect(await cardOf('C-1')).toMatchObject({ balance: 11, heldStamps: 10, openRewardCount: 1 });
    expect(await verifyLedger(db)({ merchantId })).toMatchObject({ fault: null });
  });

  test('two customers of a file who turned out to be one collect on one card, near and far apart in the file', async () => {
    const { merchantId, owner } = shop;
    await bring(
      'datetime,amount,card\n2025-01-01 10:00,3.50,C-1\n2025-01-01 11:00,3.50,C-2\n2025-01-01 12:00,3.50,C-3\n',
    );
    const { customerId } = await cardOf('C-1');
    for (const name of ['C-2', 'C-3']) {
      const { customerId: otherCustomerId } = await cardOf(name);
      granted(await joinCustomers(db, clock)(owner, { customerId, otherCustomerId }));
    }
    const others = Array.from(
      { length: 200 },
      (_, row) => `2025-02-02T10:${String(row % 60).padStart(2, '0')}:00Z,1,`,
    );
    const text = [
      'datetime,amount,card',
      '2025-02-01 10:00,3.50,C-1',
      '2025-02-01 11:00,3.50,C-2',
      '2025-02-01 12:00,3.50,C-1',
      ...others,
      '2025-02-03 10:00,3.50,C-3',
      ...Array.from({ length: 5 }, (_, row) => `2025-02-04 1${row}:00,3.50,C-${1 + (row % 3)}`),
    ].join('\n');
    expect(await bring(text)).toMatchObject({ customerCount: 3, newCardCount: 0, newStampCount: 9 });
    expect(await cardOf('C-3')).toMatchObject({
      customerId,
      balance: 12,
      openRewardCount: 1,
      heldStamps: 10,
      lastVisitAt: new Date('2025-02-04T14:00:00Z'),
    });
    expect(await verifyLedger(db)({ merchantId })).toMatchObject({ fault: null });
  });

  test('a blocked card earns nothing, and that is said', async () => {
    await bring('datetime,amount,card\n2025-01-01 10:00,3.50,C-1\n');
    await db.transact((tx) =>
      tx.query((d, t) =>
        d.update(t.cards).set({ blockedAt: clock.now() }).where(eq(t.cards.merchantId, shop.merchantId)),
      ),
    );
    const outcome = await bring('datetime,amount,card\n2025-02-01 10:00,3.50,C-1\n');
    expect(outcome).toMatchObject({
      newSaleCount: 1,
      newStampCount: 0,
      odd: [{ line: 2, kind: 'card-blocked' }],
    });
    expect(await cardOf('C-1')).toMatchObject({ balance: 1 });
  });

  test('rows nobody can read stop the import, or are left out when the owner says so', async () => {
    const text = 'datetime,amount,card\n2025-01-01 10:00,3.50,C-1\n2025-01-01 11:00,much,C-1\nTotal,3.50,\n';
    expect(await tryToBring(text)).toMatchObject({
      refused: 'rows-unreadable',
      faultCount: 2,
      faults: [{ line: 3 }, { line: 4 }],
    });
    expect((await rowsOf()).sales).toEqual([]);
    expect(await bring(text, { skipFaults: true })).toMatchObject({ newSaleCount: 1, faultCount: 2 });
    expect((await rowsOf()).sales).toHaveLength(1);
  });

  test('an import that breaks off leaves nothing behind', async () => {
    const lines = Array.from(
      { length: 1_200 },
      (_, row) => `2025-01-01T${String(row % 24).padStart(2, '0')}:00:00Z,3.50,C-${row % 40}`,
    );
    const text = ['datetime,amount,card', ...lines].join('\n');
    const before = await rowsOf();
    const broken = tryToBring(text, {
      onProgress: ({ step, rowsDone }) => {
        if (step === 'writing' && rowsDone >= 1_000) throw new Error('the power went');
      },
    });
    await expect(broken).rejects.toThrow('the power went');
    expect(await rowsOf()).toEqual(before);
    expect(await bring(text)).toMatchObject({ newSaleCount: 1_200, newCardCount: 40 });
    expect(await verifyLedger(db)({ merchantId: shop.merchantId })).toMatchObject({ fault: null });
  });

  test('a till stamps while a file comes in, and neither is lost', async () => {
    const { merchantId, ada, flatWhite } = shop;
    const { cardCode, cardId } = await aCard(db, shop);
    const lines = Array.from(
      { length: 1_000 },
      (_, row) => `2025-01-${String((row % 28) + 1).padStart(2, '0')}T10:00:00Z,3.50,C-${row}`,
    );
    const stamped: Promise<unknown>[] = [];
    const outcome = await bring(['datetime,amount,card', ...lines].join('\n'), {
      onProgress: ({ step }) => {
        if (step === 'writing' && stamped.length < 3)
          stamped.push(
            recordSale(db, clock)(ada, {
              attempt: attempt(),
              cardCode,
              lines: [{ itemId: flatWhite.itemId, quantity: 1 }],
            }),
          );
      },
    });
    expect(outcome).toMatchObject({ newSaleCount: 1_000 });
    expect(stamped).toHaveLength(3);
    expect(await Promise.all(stamped)).toMatchObject(
      Array(3).fill({ answer: { sale: { stampsEarned: 1 } } }),
    );
    expect((await rowsOf()).cards.find((card) => card.cardId === cardId)).toMatchObject({ balance: 3 });
    expect(await verifyLedger(db)({ merchantId })).toMatchObject({ fault: null });
  });

  test('the same file brought twice at the same moment is taken in once', async () => {
    const text = asSpreadsheet(vendingSales);
    const outcomes = await Promise.all([bring(text), bring(text)]);
    expect(outcomes.map(({ newSaleCount }) => newSaleCount).sort((a, b) => a - b)).toEqual([0, 10]);
    expect((await rowsOf()).sales).toHaveLength(10);
  });

  test('a refund in the file takes the stamps back, once, even when it stands before its sale', async () => {
    const text = [
      'id,datetime,amount,card,refund of',
      'R1,2025-01-03 10:00,-3.50,C-1,S1',
      'S2,2025-01-02 10:00,4.00,C-1,',
      'S1,2025-01-01 10:00,3.50,C-1,',
    ].join('\n');
    const foreseen = await bring(text, { dryRun: true });
    expect(foreseen).toMatchObject({ newSaleCount: 2, newRefundCount: 1, totalMinor: 750 });
    expect(await bring(text)).toMatchObject({ newRefundCount: 1 });
    expect(await cardOf('C-1')).toMatchObject({ balance: 1 });
    expect(await bring(text)).toMatchObject({
      newSaleCount: 0,
      newRefundCount: 0,
      knownRefundCount: 1,
      importId: null,
    });
    const tooMuch = `${text}\nR2,2025-01-04 10:00,-0.01,C-1,S1\nR3,2025-01-04 10:00,-4.00,C-1,S9`;
    expect(await tryToBring(tooMuch)).toMatchObject({
      refused: 'rows-unreadable',
      faults: [{ line: 5 }, { line: 6 }],
    });
    expect(await verifyLedger(db)({ merchantId: shop.merchantId })).toMatchObject({ fault: null });
  });

  test.each(['-1.00', '-3.50'])(
    'refunds of the same minute and amount are known however the file is sorted, also from an earlier version: %s',
    async (amount) => {
      const heading = 'id,datetime,amount';
      const rows = [
        'S1,2026-02-01 10:00,3.50',
        'S2,2026-02-01 10:01,3.50',
        `S1,2026-02-01 18:00,${amount}`,
        `S2,2026-02-01 18:00,${amount}`,
      ];
      const fileOf = (lines: string[]) => [heading, ...lines].join('\n');
      expect(await bring(fileOf(rows))).toMatchObject({ newSaleCount: 2, newRefundCount: 2 });
      const asFound = { newSaleCount: 0, newRefundCount: 0, knownRefundCount: 2, importId: null };
      expect(await bring(fileOf(rows.toReversed()))).toMatchObject(asFound);
      // They were numbered across all sales once.
      const references = await db.read((queries) =>
        queries.query((d, { refunds }) =>
          d
            .select({ refundId: refunds.refundId, reference: refunds.reference })
            .from(refunds)
            .where(eq(refunds.merchantId, shop.merchantId))
            .orderBy(asc(refunds.refundId)),
        ),
      );
      for (const [place, { refundId, reference }] of references.entries())
        await db.transact((tx) =>
          tx.query((d, { refunds }) =>
            d
              .update(refunds)
              .set({ reference: reference!.replace(/\d+$/, String(place + 1)) })
              .where(eq(refunds.refundId, refundId)),
          ),
        );
      expect(await bring(fileOf(rows))).toMatchObject(asFound);
      expect(await bring(fileOf(rows.toReversed()))).toMatchObject(asFound);
      if (amount === '-3.50') return;
      const more = fileOf([...rows, rows.at(-1)!]);
      const foreseen = await bring(more, { dryRun: true });
      expect(foreseen).toMatchObject({ newRefundCount: 1, knownRefundCount: 2 });
      expect(await bring(more)).toMatchObject({ newRefundCount: 1, knownRefundCount: 2 });
      expect(await bring(more)).toMatchObject({ newRefundCount: 0, knownRefundCount: 3 });
    },
  );

  test('what cannot be read is named from the top of the file down, whatever showed it', async () => {
    const refused = await bring(
      'id,datetime,amount,card,refund of\nR1,2026-03-01 11:00,-1.00,C-1,S9\nS1,nonsense,3.50,C-1,\n',
      { dryRun: true },
    );
    expect(refused.faults.map(({ line }) => line)).toEqual([2, 3]);
  });

  test('who brought a file in is not said to have rung up or refunded what is in it', async () => {
    await bring(
      'id,datetime,amount,card,refund of\nS1,2026-03-01 10:00,3.50,C-1,\nR1,2026-03-01 11:00,-1.00,C-1,S1\n',
    );
    const { merchantId, locationId, owner } = shop;
    const day = await listSales(db, clock)(
      { merchantId },
      { locationId, businessDay: '2026-03-01', limit: 9 },
    );
    if ('refused' in day) throw new Error(day.refused);
    expect(day.items).toMatchObject([{ source: 'vending', staffName: null, refundedMinor: 100 }]);
    const { saleId } = day.items[0]!;
    expect(await readSale(db, clock)({ merchantId }, { saleId })).toMatchObject({
      staffName: null,
      refunds: [{ amountMinor: 100, staffName: null }],
    });
    // Who pays back the rest at the desk is known.
    await refundSale(db, clock)(owner, { attempt: attempt(), saleId, refund: { amountMinor: 100 } });
    expect(await readSale(db, clock)({ merchantId }, { saleId })).toMatchObject({
      refunds: [{ staffName: null }, { staffName: 'Olive' }],
    });
  });

  test('a refund is of the day it was where the sale was made, also when the file now goes elsewhere', async () => {
    const sale = 'id,datetime,amount,card,refund of\nS1,2025-01-01 10:00,3.50,C-1,';
    await bring(sale);
    granted(
      await addLocation(db, clock)(shop.owner, {
        attempt: attempt(),
        name: 'Ginza',
        timeZone: 'Asia/Tokyo',
        cutOffMinutes: 240,
      }),
    );
    await bring(`${sale}\nR1,2025-01-02 22:00,-3.50,C-1,S1`, { location: 'Ginza' });
    const days = await db.read((queries) =>
      queries.query((d, { refunds }) =>
        d
          .select({ businessDay: refunds.businessDay })
          .from(refunds)
          .where(eq(refunds.merchantId, shop.merchantId)),
      ),
    );
    expect(days).toEqual([{ businessDay: '2025-01-02' }]);
  });

  test('how a file is read is kept for the next time, and its sales stay known the same way', async () => {
    const { owner } = shop;
    expect(await readImportMapping(db)(owner, 'vending')).toEqual({ refused: 'mapping-unknown' });
    const text = 'No,when,sum,who\n1,3/4/2025 10:00,3.50,C-1\n';
    const given = {
      instant: 'when',
      amount: 'sum',
      customer: 'who',
      saleId: 'No',
      dateOrder: 'dmy',
    } as const;
    await bring(text, { given });
    expect(await readImportMapping(db)(owner, 'vending')).toMatchObject({
      mapping: { ...given, timeZone: 'UTC', location: shop.locationId, everyItemQualifies: true },
    });
    const next = await bring('No,when,sum,who\n2,4/4/2025 10:00,3.50,C-1\n', {
      given: { timeZone: undefined },
    });
    expect(next).toMatchObject({ newSaleCount: 1, lastSaleAt: new Date('2025-04-04T10:00:00Z') });
    expect(await tryToBring(text, { given: { saleId: null } })).toMatchObject({
      refused: 'mapping-incomplete',
      part: 'saleId',
    });
  });

  test('what was closed since the last file is not waited for: the only one left is taken', async () => {
    const fileOf = (day: string) => `datetime,amount\n${day} 10:00,3.50\n`;
    await bring(fileOf('2026-02-01'));
    const { owner, locationId, programId } = shop;
    const newCard = granted(
      await addProgram(db, clock)(owner, {
        attempt: attempt(),
        name: 'Tea card',
        stampsRequired: 8,
        rewardName: 'A tea on the house',
        rewardCostMinor: 60,
        accrual: { per: 'item' },
        expiryDays: null,
        colour: '#7a4a2b',
        pictureId: null,
      }),
    );
    const newPlace = granted(
      await addLocation(db, clock)(owner, {
        attempt: attempt(),
        name: 'Station',
        timeZone: 'UTC',
        cutOffMinutes: 240,
      }),
    );
    // While both are open, it is as the last time.
    expect(await bring(fileOf('2026-02-02'))).toMatchObject({ programId, locationId });
    await endProgram(db, clock)(owner, { programId });
    await endLocation(db, clock, testSealer)(owner, { locationId });
    expect(await bring(fileOf('2026-02-03'))).toMatchObject({
      programId: newCard.programId,
      locationId: newPlace.locationId,
    });
  });

  test('a source whose first file needed no order of day and month is read next time as that file shows', async () => {
    const fileOf = (date: string) => `datetime,amount\n${date} 10:00,3.50\n`;
    await bring(fileOf('2025-03-25'));
    const { mapping } = granted(await readImportMapping(db)(shop.owner, 'vending'));
    expect(mapping).not.toHaveProperty('dateOrder');
    // As a spreadsheet saved it.
    expect(await bring(fileOf('26/03/2025'))).toMatchObject({
      firstSaleAt: new Date('2025-03-26T10:00:00Z'),
      faultCount: 0,
    });
    // That order says nothing about a file that needs none, nor does such a file about the order.
    expect(await bring(fileOf('2025-03-27'))).toMatchObject({ mapping: { dateOrder: 'ymd' } });
    expect(await readImportMapping(db)(shop.owner, 'vending')).toMatchObject({
      mapping: { dateOrder: 'dmy' },
    });
  });

  test('a source that writes the day first from now on is read so: seen from the file, or asked for', async () => {
    const fileOf = (...dates: string[]) =>
      ['datetime,amount', ...dates.map((date) => `${date},3.50`)].join('\n');
    await bring(fileOf('3/14/2025 10:00'));
    // Nobody said otherwise: as the last time.
    expect(await bring(fileOf('4/5/2025 10:00'), { dryRun: true })).toMatchObject({
      lastSaleAt: new Date('2025-04-05T10:00:00Z'),
    });
    const given = { dateOrder: 'auto' } as const;
    expect(await tryToBring(fileOf('4/5/2025 10:00'), { given })).toMatchObject({ part: 'dateOrder' });
    expect(await bring(fileOf('4/5/2025 10:00', '31/5/2025 10:00'), { given })).toMatchObject({
      mapping: { dateOrder: 'dmy' },
      firstSaleAt: new Date('2025-05-04T10:00:00Z'),
    });
    expect(await readImportMapping(db)(shop.owner, 'vending')).toMatchObject({
      mapping: { dateOrder: 'dmy' },
    });
  });

  test('a file of more money than one sale can hold is taken, and its total is kept to the cent', async () => {
    const text = 'datetime,amount\n2025-01-01 10:00,21474836.47\n2025-01-01 11:00,0.01\n';
    const { importId } = await bring(text);
    const { sales, imports } = await rowsOf();
    expect(sales.map(({ totalMinor }) => totalMinor)).toEqual([2_147_483_647, 1]);
    expect(imports).toMatchObject([{ importId, totalMinor: 2_147_483_648 }]);
  });

  test.each([
    ['TND', '3,500', 3_500],
    ['KWD', '1.250', 1_250],
    ['VND', '45.000', 45_000],
    ['JPY', '1,200', 1_200],
  ])('in a file of %s, %s is neither a thousand times more nor less', async (currency, amount, minor) => {
    shop = await aShop(db, { currency, timeZone: 'UTC' });
    const file = ['Date;Amount;Product', ...[1, 2, 3].map((day) => `2026-02-0${day} 10:00;${amount};Latte`)];
    expect((await bring(file.join('\n'))).totalMinor).toBe(3 * minor);
    expect((await rowsOf()).sales.map(({ totalMinor }) => totalMinor)).toEqual([minor, minor, minor]);
  });

  test('after a month of round prices the next file may show how it writes decimals', async () => {
    const fileOf = (day: string, amount: string) => `Date;Amount\n${day} 10:00;${amount}`;
    await bring(fileOf('2026-02-01', '40'));
    expect((await bring(fileOf('2026-02-02', '38,70'))).newTotalMinor).toBe(3_870);
    expect((await bring(fileOf('2026-02-03', '39'))).mapping.decimal).toBe(',');
  });

  test('a sale of more money than a till can record stops the file before anything is written', async () => {
    const text = 'datetime,amount\n2025-01-01 10:00,21474836.48\n';
    expect(await tryToBring(text)).toMatchObject({ refused: 'rows-unreadable' });
    expect((await rowsOf()).sales).toEqual([]);
  });

  test('what cannot be known is asked for', async () => {
    const text = 'datetime,amount\n3/14/2025 10:00,3.50\n';
    const parts = async (request: Partial<ImportRequest>) => tryToBring(text, request);
    expect(await parts({ given: { timeZone: undefined } })).toMatchObject({ part: 'timeZone' });
    expect(await parts({ given: { timeZone: 'Mars/Olympus' } })).toMatchObject({ part: 'timeZone' });
    expect(await parts({ given: { currency: 'EUR' } })).toMatchObject({ part: 'currency' });
    expect(await parts({ location: 'Elsewhere' })).toMatchObject({ part: 'location' });
    expect(await parts({ location: 'high street', program: 'Coffee card' })).toMatchObject({
      newSaleCount: 1,
    });
    expect(await parts({ program: 'Tea card' })).toMatchObject({ part: 'program' });
    expect(await parts({ source: 'till' })).toMatchObject({ part: 'source' });
    expect(await tryToBring('PK\u0003\u0004')).toMatchObject({
      refused: 'mapping-incomplete',
      part: 'amount',
    });
  });

  test('an item of the menu that earns no stamp earns none from a file either', async () => {
    const text =
      'datetime,amount,card,item\n2025-01-01 10:00,5.20,C-1,GRANOLA\n2025-01-01 10:00,2,C-1,Cake\n2025-01-01 10:00,0,C-1,Cake\n';
    expect(await bring(text, { dryRun: true })).toMatchObject({ newStampCount: 1 });
    expect(await bring(text, { everyItemQualifies: false })).toMatchObject({ newStampCount: 0 });
    const { sales } = await rowsOf();
    expect(sales.map(({ lines }) => lines[0]!.itemId)).toContain(shop.granola.itemId);
  });

  test('an accent is the same accent, however the file and the menu write it', async () => {
    const item = { priceMinor: 390, costMinor: 90, qualifies: true, mayBeGiven: false };
    const name = 'Café crème'.normalize('NFC');
    const { itemId } = granted(await addItem(db, clock)(shop.owner, { attempt: attempt(), ...item, name }));
    await bring(`datetime,amount,item\n2025-01-01 10:00,3.90,${'Café crème'.normalize('NFD')}\n`);
    const { sales } = await rowsOf();
    expect(sales.map(({ lines }) => lines[0]!.itemId)).toEqual([itemId]);
  });
});
