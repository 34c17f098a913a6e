import { describe, expect, test } from 'vitest';
import type { PartialMapping } from '../../pos-adapter/sales-file/mapping.ts';
import { planReading } from '../../pos-adapter/sales-file/plan-reading.ts';
import type { PlanRefusal } from '../../pos-adapter/sales-file/plan-reading.ts';
import { readSales } from '../../pos-adapter/sales-file/read-sales.ts';
import type { SalesFileRow } from '../../pos-adapter/sales-file/read-sales.ts';
import { readTable } from '../../pos-adapter/sales-file/read-table.ts';
import { createLocalTimeReader } from '../../src/operations/read-local-time.ts';
import { readSample } from '../../src/pages/dashboard/app/imports/sample-rows.ts';
import { aSalesFile, asSpreadsheet, vendingSales } from '../support/a-sales-file.ts';

interface Options {
  given?: PartialMapping;
  saved?: PartialMapping;
  minorDigits?: number;
}

async function plan(text: string | Uint8Array, { given, saved, minorDigits = 2 }: Options = {}) {
  const path = aSalesFile(text);
  const settled = await planReading(path, {
    given: { timeZone: 'UTC', ...given },
    saved,
    currency: 'UAH',
    minorDigits,
  });
  return { path, settled };
}

async function read(text: string, options: Options = {}): Promise<SalesFileRow[]> {
  const { path, settled } = await plan(text, options);
  if ('refused' in settled) throw new Error(JSON.stringify(settled));
  const rows = readSales(path, {
    plan: settled,
    minorDigits: options.minorDigits ?? 2,
    now: new Date('2026-01-01T00:00:00Z'),
    toInstant: createLocalTimeReader(settled.mapping.timeZone),
  });
  const read: SalesFileRow[] = [];
  for await (const row of rows) read.push(row);
  return read;
}

const refusal = async (text: string | Uint8Array, options?: Options) =>
  (await plan(text, options)).settled as PlanRefusal;
const oddities = (rows: SalesFileRow[]) =>
  rows.flatMap(({ line, oddities: odd }) => odd.map(({ kind }) => `${line} ${kind}`));
const ids = (rows: SalesFileRow[]) => rows.flatMap((row) => (row.kind === 'sale' ? [row.sale.saleId] : []));
const faults = (rows: SalesFileRow[]) =>
  rows.flatMap((row) => (row.kind === 'fault' ? [`${row.line} ${row.fault}`] : []));

test('a file of short lines is read in small pieces, so that a till waits for none of them', async () => {
  const path = aSalesFile(`a,b\n${'1,2\n'.repeat(50_000)}`);
  let rows = 0;
  let most = 0;
  let isRead = false;
  const countTurn = (): void => {
    most = Math.max(most, rows);
    rows = 0;
    if (!isRead) setImmediate(countTurn);
  };
  setImmediate(countTurn);
  for await (const _row of readTable(path, { delimiter: ',' })) rows++;
  isRead = true;
  expect(Math.max(most, rows)).toBeLessThan(2_000);
});

describe('a file of sales', () => {
  test('has half a million rows at most', async () => {
    const rows = (count: number) => `datetime,amount\n${'2025-01-01 10:00,1\n'.repeat(count)}`;
    expect((await plan(rows(500_000))).settled).toMatchObject({ rowCount: 500_000 });
    expect(await refusal(rows(500_001))).toEqual({ refused: 'too-many-rows', maxRows: 500_000 });
  });

  test('has at most as many rows as a sheet of Excel when the blank ones are counted', async () => {
    const blank = (count: number) => `datetime,amount\n2025-01-01 10:00,1\n${',\n'.repeat(count)}`;
    const most = 2 ** 20;
    expect((await plan(blank(most - 2))).settled).toMatchObject({ rowCount: 1 });
    expect(await refusal(blank(most - 1))).toEqual({
      refused: 'unreadable',
      detail: expect.stringContaining(`more than ${most} rows, blank ones counted`),
    });
  });

  test('is read as it is: every odd row is named by its line and imported', async () => {
    const rows = await read(asSpreadsheet(vendingSales));
    expect(rows.every(({ kind }) => kind === 'sale')).toBe(true);
    expect(rows.map(({ line }) => line)).toEqual([2, 3, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(oddities(rows)).toEqual(['6 repeats-row', '7 item-missing', '8 date-form', '10 repeats-row']);
    expect(rows[1]).toMatchObject({
      sale: {
        occurredAt: new Date('2024-03-01T10:15:00Z'),
        totalMinor: 3870,
        customerRef: 'C-2',
        lines: [{ name: 'Tea, with\r\nmilk', quantity: 1, totalMinor: 3870 }],
      },
    });
    expect(rows[5]).toMatchObject({ sale: { occurredAt: new Date('2024-03-14T13:19:07.033Z') } });
    expect(new Set(ids(rows)).size).toBe(10);
  });

  // Looking through all earlier rows at each takes minutes, and outlasts the time a test has.
  test('may hold 120,000 rows that a clock without minutes shows alike', async () => {
    const items = ['Flat white', 'Granola'];
    const rows = await read(
      [
        'datetime,money,coffee_name',
        ...Array.from(
          { length: 120_000 },
          (_, row) => `2024-03-01 00:00,3.50,${items[row] ?? `Item ${row}`}`,
        ),
        '2024-03-01 00:00,3.50,Granola',
      ].join('\n'),
    );
    expect(new Set(ids(rows)).size).toBe(120_001);
    expect(rows.at(-1)!.oddities).toMatchObject([{ what: 'repeats line 3 exactly' }]);
  });

  test('knows the same sales again in a longer export, in another form, in another time zone', async () => {
    const first = ids(await read(asSpreadsheet(vendingSales)));
    const more = [...vendingSales, '5/1/2024,5/1/2024 10:15,card,C-1,38.7,Flat white'];
    expect(ids(await read(asSpreadsheet(more))).slice(0, 10)).toEqual(first);
    const semicolons = [
      'when;card;money',
      ...vendingSales.slice(1).map((line) => {
        const [, when, , card, money] = line.split(',');
        return `${when};${card};${money!.replace('.', ',')}`;
      }),
    ].join('\n');
    const given = { instant: 'when', timeZone: 'Asia/Tokyo', item: null };
    expect(ids(await read(semicolons, { given }))).toEqual(first);
  });

  test.each([',', ';', '\t'])(
    'that tells Excel its delimiter %j begins with its headings all the same',
    async (delimiter) => {
      const lines = ['When,Total,Card', '2024-03-01 10:15,4.50,Ann', '2024-03-01 25:15,4.50,Ann'];
      const text = [`sep=${delimiter}`, ...lines.map((line) => line.replaceAll(',', delimiter))].join('\r\n');
      const rows = await read(`\u{feff}${text}`, { given: { instant: 'When' } });
      expect(rows).toMatchObject([{ line: 3, sale: { totalMinor: 450, customerRef: 'Ann' } }, { line: 4 }]);
      expect(faults(rows)).toEqual(['4 “2024-03-01 25:15” is not a time of day']);
      const sample = await readSample(new Blob([text]));
      expect(sample).toMatchObject({
        header: ['When', 'Total', 'Card'],
        rows: [{ length: 3 }, { length: 3 }],
      });
    },
  );

  test('is recognised by its headings, or by what was said or saved about it', async () => {
    const text = 'Receipt number;Date;Time;Total;Customer;Extra\nR1;31.12.2024;10:15;4,50;Ann;x\n';
    const { settled } = await plan(text);
    expect(settled).toMatchObject({
      mapping: {
        instant: { date: 'Date', time: 'Time' },
        amount: 'Total',
        customer: 'Customer',
        item: null,
        saleId: 'Receipt number',
        dateOrder: 'dmy',
        decimal: ',',
        delimiter: ';',
      },
    });
    const saved = { item: 'Extra', customer: null, amount: 'Gone' };
    expect((await plan(text, { saved })).settled).toMatchObject({
      mapping: { item: 'Extra', customer: null, amount: 'Total' },
    });
    expect((await plan(text, { saved, given: { item: null, customer: 'extra' } })).settled).toMatchObject({
      mapping: { item: null, customer: 'Extra' },
    });
  });

  test.each([
    ['Beleg-Nr.;Datum;Uhrzeit;Artikel;Kundenkarte;Betrag (€)', 'German'],
    ['N;Date;Heure;Libellé;Carte fidélité;Montant TTC', 'French'],
    ['Recibo;Fecha;Hora;Artículo;Número cliente;Importe total', 'Spanish'],
    ['Scontrino;Data;Ora;Prodotto;Tessera;Importo', 'Italian'],
    ['Recibo;Data;Hora;Produto;Cartão;Valor', 'Portuguese'],
    ['Bonnummer;Datum;Tijd;Omschrijving;Klantnummer;Bedrag', 'Dutch'],
    ['Paragon;Data;Godzina;Towar;Klient;Kwota [PLN]', 'Polish'],
    ['Номер чека;Дата;Час;Назва;Клієнт;Сума', 'Ukrainian'],
  ])('is recognised by %s (%s)', async (headings, language) => {
    const { settled } = await plan(`${headings}\n1;31.12.2024;10:15;Melange;Ann;4,50\n`);
    const [saleId, date, time, item, customer, amount] = headings.split(';');
    expect(settled).toMatchObject({
      mapping: { instant: { date, time }, amount, customer, item, ...(language !== 'French' && { saleId }) },
    });
  });

  test('is asked about where nobody can know', async () => {
    const clear = 'datetime,amount\n3/14/2024 10:15,1\n';
    expect(await refusal(clear, { given: { timeZone: undefined } })).toEqual({
      refused: 'time-zone-missing',
    });
    expect(await refusal('datetime,amount\n3/4/2024 10:15,1\n')).toEqual({
      refused: 'date-order-unclear',
      example: '3/4/2024 10:15',
    });
    expect(await refusal('datetime,amount\n14/3/2024 10:15,1\n3/14/2024 10:15,1\n')).toMatchObject({
      refused: 'date-order-unclear',
    });
    expect(await refusal('datetime,what\n3/14/2024 10:15,1\n')).toMatchObject({
      refused: 'column-not-found',
      part: 'amount',
      header: ['datetime', 'what'],
    });
    expect(await refusal(clear, { given: { amount: 'sum' } })).toMatchObject({ refused: 'column-missing' });
    expect(await refusal('datetime,amount,amount\n', { given: { amount: 'amount' } })).toMatchObject({
      refused: 'column-twice',
    });
  });

  test('that is no table of text is not read', async () => {
    expect(await refusal('')).toMatchObject({ refused: 'unreadable' });
    expect(await refusal(Buffer.from('datetime,amount\n3/14/2024 10:15,1 \xe9\n', 'latin1'))).toMatchObject({
      refused: 'unreadable',
      detail: expect.stringContaining('UTF-8'),
    });
    const open = `datetime,amount,item\n3/14/2024 10:15,1,"${'never closed\n'.repeat(10_000)}`;
    expect(await refusal(open)).toMatchObject({ refused: 'unreadable', line: 2 });
  });

  test('has faults in the rows that nobody can read, and only there', async () => {
    const rows = await read(
      [
        'datetime,amount,status',
        '3/14/2024 10:15,4.50,paid',
        '14/3/2024 10:15,4.50,',
        '3/14/2024,4.50,',
        '3/14/2024 10:15,much,',
        '3/14/2024 10:15,4.505,',
        '3/14/2027 10:15,4.50,',
        '3/14/2024 10:15,4.50,,,',
        '3/14/2024 10:15,-4.50,',
        '3/14/2024 10:15,4.50,odd',
        '3/14/2024 10:15,4.50,VOIDED',
        '',
        '3/14/2024 10:15,0,',
        '3/14/2024 10:15',
        '3/14/2024 10:15,4\0.50,',
        '3/14/2024 10:15,€4.50,',
      ].join('\n'),
      { given: { dateOrder: 'mdy' } },
    );
    expect(faults(rows).map((fault) => fault.split(' ')[0])).toEqual([
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '14',
      '15',
      '16',
    ]);
    expect(faults(rows).at(-1)).toBe('16 “€4.50” is in €, and the shop counts in UAH');
    expect(oddities(rows)).toEqual(['11 not-completed', '13 nothing-paid']);
    expect(rows.filter(({ kind }) => kind === 'sale').map(({ line }) => line)).toEqual([2, 13]);
  });

  test('with numbers of its own is known by them; one number with two meanings is a fault', async () => {
    const rows = await read(
      [
        'id,datetime,amount',
        'A,3/14/2024 10:15,4.50',
        'B,3/14/2024 10:15,4.50',
        'A,3/14/2024 10:15,4.50',
        'B,3/14/2024 10:16,4.50',
        ',3/14/2024 10:17,4.50',
      ].join('\n'),
    );
    expect(ids(rows).slice(0, 2)).toEqual(['A', 'B']);
    expect(ids(rows)).toHaveLength(3);
    expect(oddities(rows)).toEqual(['4 known-by-its-number']);
    expect(faults(rows)).toEqual([expect.stringContaining('line 3')]);
  });

  test('has a refund where money went back for a sale it names', async () => {
    const rows = await read(
      ['id,datetime,amount,refund of', 'A,3/14/2024 10:15,4.50,', 'B,3/15/2024 10:15,-2.00,A'].join('\n'),
    );
    expect(rows[1]).toMatchObject({ kind: 'refund', refundOf: 'A', refundId: 'B', amountMinor: 200 });
    const sameNumber = await read(
      ['id,datetime,amount', 'A,3/14/2024 10:15,4.50', 'A,3/15/2024 10:15,-4.50'].join('\n'),
    );
    expect(sameNumber[1]).toMatchObject({ kind: 'refund', refundOf: 'A', amountMinor: 450 });
    const twice = await read(
      ['id,datetime,amount', 'A,3/14/2024 10:15,4.50', ...Array(2).fill('A,3/15/2024 10:15,-2.00')].join(
        '\n',
      ),
    );
    expect(twice[2]).toMatchObject({
      kind: 'refund',
      oddities: [{ what: 'repeats line 3 exactly', effect: 'imported as a refund of its own' }],
    });
    expect(faults(sameNumber)).toEqual([]);
  });

  test('is known again by the ids it had when an earlier version imported it', async () => {
    const rows = await read(
      [
        'id,datetime,amount,card,refund of',
        ',2024-03-01 10:15,4.50,C-1,',
        ',2024-03-01 10:15,4.50,C-1,',
        ',2024-03-01T10:15:00+02:00,4.50,C-1,',
        ',2024-03-01T10:15:00Z,4.50,C-1,',
        'A,2024-03-01 10:15,0,,',
        ',2024-03-02 10:15,-1,C-1,A',
        ',2024-03-02 10:15,-1,C-1,B',
      ].join('\n'),
    );
    expect(ids(rows)).toEqual([
      'PMGTs17-9CO4FSYMKAl6Of-1',
      'PMGTs17-9CO4FSYMKAl6Of-2',
      'bhpD9D4pq2IZo9LD-Kxj3F-1',
      'cHZrKwqeRdEm7iUAD_yeu6-1',
      'A',
    ]);
    expect(ids(await read('id,datetime,amount\nA,2024-03-01 10:15,0'))).toEqual(['A']);
    const refunds = rows.flatMap((row) => (row.kind === 'refund' ? [[row.refundOf, row.refundId]] : []));
    expect(refunds).toEqual([
      ['A', '4miiJAKdT6sYZSmOojNyXc-1'],
      ['B', '4miiJAKdT6sYZSmOojNyXc-1'],
    ]);
  });

  test('with distances from UTC is read as the instants it says, whatever the clock of the file', async () => {
    const rows = await read(
      [
        'datetime,amount',
        '2024-03-01 10:15,1',
        '2024-03-02 10:15,1',
        '2024-03-03 10:15,1',
        '2024-03-01T10:15:00+05:30,1',
        '2024-03-01T10:15:00-03:30,1',
        '2024-03-01T10:15:00Z,1',
      ].join('\n'),
      { given: { timeZone: 'Asia/Tokyo' } },
    );
    const made = rows.map((row) => [
      row.kind === 'sale' && row.sale.occurredAt.toISOString(),
      row.oddities[0]?.effect,
    ]);
    expect(made.slice(2)).toEqual([
      ['2024-03-03T01:15:00.000Z', undefined],
      ['2024-03-01T04:45:00.000Z', 'read as 2024-03-01 10:15:00 at UTC+05:30'],
      ['2024-03-01T13:45:00.000Z', 'read as 2024-03-01 10:15:00 at UTC-03:30'],
      ['2024-03-01T10:15:00.000Z', 'read as 2024-03-01 10:15:00 at UTC+00:00'],
    ]);
  });

  test('may be a day ahead of our clock, and no more', async () => {
    const rows = await read(
      ['datetime,amount', '2026-01-02 00:00:00,1', '2026-01-02 00:00:00.001,1'].join('\n'),
    );
    expect(rows[0]).toMatchObject({ kind: 'sale' });
    expect(faults(rows)).toEqual(['3 2026-01-02 00:00:00.001 is in the future']);
  });

  test('is text however it is cut up on its way from the disk, and may hold a quote of inches', async () => {
    const rows = await read(
      [
        'datetime,amount,item',
        ...Array.from({ length: 3_000 }, (_, row) => `2024-03-01 10:15,1,${'č'.repeat(60)}${row % 2}`),
        '2024-03-01 10:16,1,Pizza 12" large',
      ].join('\n'),
    );
    const names = rows.map((row) => (row.kind === 'sale' ? row.sale.lines[0]!.name : ''));
    expect(new Set(names.slice(0, -1))).toEqual(new Set([`${'č'.repeat(60)}0`, `${'č'.repeat(60)}1`]));
    expect(names.at(-1)).toBe('Pizza 12" large');
  });

  test('says what it made of times that clocks skipped or showed twice', async () => {
    const rows = await read(
      [
        'datetime,amount',
        '2024-03-31 01:30,1', // London put its clocks forward at 01:00
        '2024-10-27 01:30,1', // and back at 02:00
        '2024-10-27 02:30,1',
        '2024-07-01 12:00,1',
      ].join('\n'),
      { given: { timeZone: 'Europe/London' } },
    );
    expect(oddities(rows)).toEqual(['2 clock-skipped', '3 clock-twice']);
    const instants = rows.map((row) => (row.kind === 'sale' ? row.sale.occurredAt.toISOString() : ''));
    expect(instants).toEqual([
      '2024-03-31T01:00:00.000Z',
      '2024-10-27T00:30:00.000Z',
      '2024-10-27T02:30:00.000Z',
      '2024-07-01T11:00:00.000Z',
    ]);
  });
});
