// A shop's own year of sales, from the file that DOUBLESTAMP_SALES_FILE names. It is not part of the project, so this
// runs only where it is given; the figures are those of that file.
import { parse } from 'csv-parse/sync';
import { and, eq } from 'drizzle-orm';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../src/clock.ts';
import { recordPastGesture } from '../src/operations/record-past-gesture.ts';
import { verifyLedger } from '../src/operations/verify-ledger.ts';
import { attempt } from './support/a-card.ts';
import { aSalesFile } from './support/a-sales-file.ts';
import { aShop } from './support/a-shop.ts';
import type { Shop } from './support/a-shop.ts';
import { forEachDatabase } from './support/databases.ts';
import { startTestServer } from './support/server.ts';
import type { TestServer } from './support/server.ts';

const file = process.env['DOUBLESTAMP_SALES_FILE']!;
const CLI = join(import.meta.dirname, '../src/cli.ts');
const GENEROUS_TIMEOUT_MS = 180_000;
const GIFTS = 20;

forEachDatabase('a real year of sales', (database) => {
  let shop: Shop;
  let server: TestServer;
  let desk: string;
  beforeAll(async () => {
    shop = await aShop(database.db, { currency: 'UAH', timeZone: 'UTC' });
    server = await startTestServer({ db: database.db });
    desk = await server.signInAtDesk(shop.owner);
  });
  afterAll(() => server?.close());

  const importOverHttp = (query: string) =>
    request(server.url)
      .post(`/api/v1/sales/import?source=vending&timeZone=UTC&currency=UAH${query}`)
      .set('Cookie', desk)
      .type('text/csv')
      .send(readFileSync(file, 'utf8'));

  const countRows = async () =>
    database.db.read(async (queries) => {
      const { merchantId } = shop;
      const sales = await queries.query((d, t) =>
        d
          .select({ totalMinor: t.sales.totalMinor, customerId: t.sales.customerId })
          .from(t.sales)
          .where(eq(t.sales.merchantId, merchantId)),
      );
      const cards = await queries.query((d, t) =>
        d.select({ balance: t.cards.balance }).from(t.cards).where(eq(t.cards.merchantId, merchantId)),
      );
      return {
        sales: sales.length,
        withCustomer: sales.filter(({ customerId }) => customerId !== null).length,
        totalMinor: sales.reduce((total, sale) => total + sale.totalMinor, 0),
        cards: cards.length,
        stamps: cards.reduce((total, card) => total + card.balance, 0),
      };
    });

  const year = { sales: 3_636, withCustomer: 3_547, totalMinor: 11_543_158, cards: 1_316, stamps: 3_547 };

  test(
    '3,636 sales of 1,316 cards come in, 115,431.58 in all',
    { timeout: GENEROUS_TIMEOUT_MS },
    async () => {
      const foreseen = await importOverHttp('');
      expect(foreseen.body).toMatchObject({
        dryRun: true,
        newSaleCount: 3_636,
        newCardCount: 1_316,
        newTotalMinor: 11_543_158,
        faultCount: 0,
        firstSaleAt: '2024-03-01T10:15:00.000Z',
        lastSaleAt: '2025-03-23T18:11:00.000Z',
      });
      const kindOf = (line: number) =>
        foreseen.body.odd.flatMap((row: { line: number; kind: string }) =>
          row.line === line ? [row.kind] : [],
        );
      expect(kindOf(494)).toEqual(['item-missing']);
      expect(kindOf(2544)).toEqual(['date-form']);
      expect(foreseen.body.oddCount).toBe(17);
      expect((await countRows()).sales).toBe(0);
      const imported = await importOverHttp('&dryRun=false');
      expect(imported.body).toMatchObject({ dryRun: false, newSaleCount: 3_636, newCardCount: 1_316 });
      expect(await countRows()).toEqual(year);
      expect(await verifyLedger(database.db)(shop)).toMatchObject({ fault: null });
    },
  );

  test(
    'brought again, and again under another name, it adds nothing',
    { timeout: GENEROUS_TIMEOUT_MS },
    async () => {
      const again = await importOverHttp('&dryRun=false');
      expect(again.body).toMatchObject({
        newSaleCount: 0,
        knownSaleCount: 3_636,
        newCardCount: 0,
        importId: null,
      });
      const renamed = aSalesFile(readFileSync(file), 'renamed.csv');
      const printed = await runCommand([
        'import',
        renamed,
        '--source',
        'vending',
        '--yes',
        '--format',
        'json',
      ]);
      expect(JSON.parse(printed)).toMatchObject({ newSaleCount: 0, knownSaleCount: 3_636 });
      expect(await countRows()).toEqual(year);
    },
  );

  test(
    'gifts to the 20 who came most often were followed by 211 sales and 6,503.62, however one asks',
    { timeout: GENEROUS_TIMEOUT_MS },
    async () => {
      for (const { cardId, firstSaleAt } of await findRegulars()) {
        const outcome = await recordPastGesture(database.db, systemClock)(shop.owner, {
          attempt: attempt(),
          cardCode: cardId,
          locationId: shop.locationId,
          kind: 'double_stamp',
          reason: 'regular',
          givenAt: firstSaleAt,
        });
        expect(outcome).not.toHaveProperty('refused');
        expect(outcome).not.toHaveProperty('answer.refused');
      }
      const json = await request(server.url)
        .get('/api/v1/reports/gestures?windowDays=30')
        .set('Cookie', desk);
      expect(json.body.visitMinutes).toBe(30);
      expect(sumJson(json.body.items)).toEqual({ gestures: GIFTS, sales: 211, spendMinor: 650_362 });
      const totals = await request(server.url)
        .get('/api/v1/reports/gestures/totals?windowDays=30')
        .set('Cookie', desk);
      expect(totals.body.totals.all).toMatchObject({
        gestures: GIFTS,
        attributedSales: 211,
        attributedSpendMinor: 650_362,
      });
      const csv = await request(server.url)
        .get('/api/v1/reports/gestures.csv?windowDays=30')
        .set('Cookie', desk);
      expect(sumCsv(csv.text)).toEqual({ gestures: GIFTS, sales: 211, spendMinor: 650_362 });
      const report = ['report', '--window', '30', '--format'];
      expect(sumCsv(await runCommand([...report, 'csv']))).toEqual({
        gestures: GIFTS,
        sales: 211,
        spendMinor: 650_362,
      });
      expect(sumJson(JSON.parse(await runCommand([...report, 'json'])).items)).toEqual({
        gestures: GIFTS,
        sales: 211,
        spendMinor: 650_362,
      });
      expect(await runCommand([...report, 'text'])).toContain('6503.62');
    },
  );

  /** The customers with most sales, ties by what the file calls them, and when each bought first. */
  async function findRegulars(): Promise<{ cardId: string; firstSaleAt: Date }[]> {
    const rows = await database.db.read((queries) =>
      queries.query((d, t) =>
        d
          .select({
            reference: t.customerReferences.reference,
            cardId: t.customerReferences.cardId,
            occurredAt: t.sales.occurredAt,
          })
          .from(t.sales)
          .innerJoin(
            t.customerReferences,
            and(
              eq(t.customerReferences.merchantId, t.sales.merchantId),
              eq(t.customerReferences.customerId, t.sales.customerId),
            ),
          )
          .where(eq(t.sales.merchantId, shop.merchantId)),
      ),
    );
    const customers = Map.groupBy(rows, ({ reference }) => reference);
    return [...customers.values()]
      .toSorted((a, b) => b.length - a.length || (a[0]!.reference < b[0]!.reference ? -1 : 1))
      .slice(0, GIFTS)
      .map((sales) => ({
        cardId: sales[0]!.cardId,
        firstSaleAt: new Date(Math.min(...sales.map(({ occurredAt }) => occurredAt.getTime()))),
      }));
  }

  function runCommand(args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [CLI, ...args], {
        env: { ...process.env, DATABASE_URL: database.url },
      });
      let [out, said] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(said))));
    });
  }
});

interface Sums {
  gestures: number;
  sales: number;
  spendMinor: number;
}

function sumJson(items: { attributedSales: number; attributedSpendMinor: number }[]): Sums {
  return items.reduce(
    (sums, row) => ({
      gestures: sums.gestures + 1,
      sales: sums.sales + row.attributedSales,
      spendMinor: sums.spendMinor + row.attributedSpendMinor,
    }),
    { gestures: 0, sales: 0, spendMinor: 0 },
  );
}

function sumCsv(text: string): Sums {
  const lines = parse(text, { columns: true, bom: true }) as Record<string, string>[];
  return sumJson(
    lines.map((line) => ({
      attributedSales: Number(line['attributed_sales']),
      attributedSpendMinor: Number(line['attributed_spend']!.replace('.', '')),
    })),
  );
}
