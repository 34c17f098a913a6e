import { strFromU8, unzipSync } from 'fflate';
import { parse } from 'csv-parse/sync';
import { beforeAll, expect, test } from 'vitest';
import { gestureColumns } from '../../src/operations/gesture-columns.ts';
import { gestureCsv } from '../../src/operations/gesture-csv.ts';
import { gestureXlsx } from '../../src/operations/gesture-xlsx.ts';
import { formatMajorUnits } from '../../src/operations/major-units.ts';
import type { GestureReportRequest } from '../../src/operations/plan-report.ts';
import { streamGestureReport } from '../../src/operations/stream-gesture-report.ts';
import { decimal, money, typed, word } from '../../src/operations/spreadsheet-cell.ts';
import type { Cell } from '../../src/operations/spreadsheet-cell.ts';
import { xlsxFile } from '../../src/operations/xlsx-file.ts';
import { aBusyShop } from '../support/a-busy-shop.ts';
import type { BusyShop } from '../support/a-busy-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';

const DAY_MS = 86_400_000;

interface ReadCell {
  /** `inlineStr`, `b` or, for numbers and dates, none. */
  type: string | undefined;
  /** Place in the styles of cells. */
  style: number;
  text: string;
}

async function unzipped(file: AsyncIterable<Uint8Array>): Promise<Record<string, string>> {
  const parts: Uint8Array[] = [];
  for await (const part of file) parts.push(part);
  const files = unzipSync(Buffer.concat(parts));
  return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, strFromU8(bytes)]));
}

/** The cells of a sheet by row. Places (`B7`) are checked on the way. */
function rowsOf(sheet: string): ReadCell[][] {
  const rows = [...sheet.matchAll(/<row r="(\d+)">(.*?)<\/row>/gs)];
  return rows.map(([, number, xml], index) => {
    expect(Number(number)).toBe(index + 1);
    const cells = [...xml!.matchAll(/<c r="([A-Z]+)(\d+)"([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)];
    return cells.map(([, column, row, attributes, content = ''], place) => {
      expect(`${column}${row}`).toBe(`${lettersOf(place)}${number}`);
      return {
        type: / t="(\w+)"/.exec(attributes!)?.[1],
        style: Number(/ s="(\d+)"/.exec(attributes!)?.[1] ?? 0),
        text: unescape(content.replaceAll(/<[^>]*>/g, '')),
      };
    });
  });
}

function lettersOf(place: number): string {
  return place < 26
    ? String.fromCharCode(65 + place)
    : lettersOf(Math.floor(place / 26) - 1) + lettersOf(place % 26);
}

const unescape = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('_x000D_', '\r')
    .replaceAll('_x005F_', '_');

/** How the styles of the file show a number. */
function formatsOf(styles: string): string[] {
  const codes = new Map(
    [...styles.matchAll(/<numFmt numFmtId="(\d+)" formatCode="([^"]*)"/g)].map(([, id, code]) => [id, code!]),
  );
  const cells = /<cellXfs .*?<\/cellXfs>/s.exec(styles)![0];
  return [...cells.matchAll(/<xf numFmtId="(\d+)"/g)].map(([, id]) => codes.get(id) ?? '');
}

/** What a program that reads the CSV would find in this cell. */
function asCsv({ type, style, text }: ReadCell, formats: string[], column: string): string {
  if (type === 'inlineStr' || text === '') return text;
  if (type === 'b') return String(text === '1');
  const format = formats[style]!;
  if (format.startsWith('yyyy')) {
    const iso = new Date(Math.round(Date.UTC(1899, 11, 30) + Number(text) * DAY_MS)).toISOString();
    if (format === 'yyyy-mm-dd') return iso.slice(0, 10);
    return column === 'given_at_local' ? iso.slice(0, 19).replace('T', ' ') : iso;
  }
  return Number(text).toFixed(format.split('.')[1]?.length ?? 0);
}

async function* inParts(...parts: Cell[][][]): AsyncGenerator<Cell[][]> {
  yield* parts;
}

forEachDatabase('the gesture report as a workbook', (database) => {
  const clock = new FixedClock('2026-05-20T12:00:00Z');
  let shop: BusyShop;
  let files: Record<string, string>;
  let formats: string[];
  const open = async (narrowed: Partial<GestureReportRequest> = {}) => {
    const stream = await streamGestureReport(database.db, clock)(shop, {
      windowDays: 60,
      model: 'linear',
      from: '2025-04-01',
      includeUndone: true,
      ...narrowed,
    });
    if ('refused' in stream) throw new Error(stream.refused);
    return stream;
  };
  beforeAll(async () => {
    shop = await aBusyShop(database.db, { customerCount: 30, saleCount: 1_500, gestureCount: 700 });
    files = await unzipped(gestureXlsx(await open()));
    formats = formatsOf(files['xl/styles.xml']!);
  });

  test('holds the same columns and figures as the CSV, line by line', async () => {
    let text = '';
    for await (const part of gestureCsv(await open())) text += part;
    const lines = parse(text, { bom: true }) as string[][];
    const [header, ...rows] = rowsOf(files['xl/worksheets/sheet1.xml']!);
    expect(header!.map((cell) => cell.text)).toEqual(lines[0]);
    const read = rows.map((cells) => cells.map((cell, place) => asCsv(cell, formats, lines[0]![place]!)));
    expect(read).toEqual(lines.slice(1));
    expect(read.length).toBeGreaterThan(400);
  });

  test('money and days are numbers that a spreadsheet can reckon with, and words are not', () => {
    const [, first] = rowsOf(files['xl/worksheets/sheet1.xml']!);
    const cell = (name: string) => first![gestureColumns.findIndex((column) => column.name === name)]!;
    const shown = (name: string) => [cell(name).type, formats[cell(name).style]];
    expect(shown('price')).toEqual([undefined, '#,##0.00']);
    expect(shown('given_at')).toEqual([undefined, 'yyyy-mm-dd hh:mm:ss']);
    expect(shown('business_day')).toEqual([undefined, 'yyyy-mm-dd']);
    expect(cell('is_past').type).toBe('b');
    expect(cell('location').type).toBe('inlineStr');
    expect(Object.values(files).join('')).not.toContain('<f>');
  });

  test('the second sheet adds up as the report does, finished and open windows apart', async () => {
    const stream = await open();
    for await (const rows of stream.pages) void rows;
    const totals = stream.totals();
    const rows = rowsOf(files['xl/worksheets/sheet2.xml']!);
    const read = rows.map((cells) => cells.map((cell) => asCsv(cell, formats, '')));
    const line = (window: string) => read.find(([of, , which]) => of === 'everything' && which === window);
    for (const [window, sums] of [
      ['complete', totals.complete],
      ['open', totals.maturing],
    ] as const)
      expect(line(window)!.slice(3)).toEqual([
        String(sums.gestures),
        formatMajorUnits(sums.priceMinor, 'GBP'),
        formatMajorUnits(sums.costMinor, 'GBP'),
        String(sums.gesturesReturned),
        String(sums.attributedSales),
        formatMajorUnits(sums.attributedSpendMinor, 'GBP'),
      ]);
    expect(read.filter(([of]) => of === 'week')).toHaveLength(totals.byWeek.length * 2);
    expect(read).toContainEqual(['asked', 'window_days', '60', '', '', '', '', '', '']);
  });

  test('the second sheet says which gestures alone were asked for, by their names', async () => {
    const asked = async (narrowed: Partial<GestureReportRequest>) => {
      const { 'xl/worksheets/sheet2.xml': sheet } = await unzipped(gestureXlsx(await open(narrowed)));
      const lines = rowsOf(sheet!).map((cells) => cells.map((cell) => asCsv(cell, formats, '')));
      return lines.filter(([of]) => of === 'asked').map(([, which, window]) => `${which}: ${window}`);
    };
    const { locationId, ada } = shop;
    const { staffId } = ada;
    const narrowed = { locationId, staffId, kind: 'free_item', reason: 'regular' } as const;
    expect((await asked(narrowed)).slice(-5)).toEqual([
      'location: High Street',
      'staff: Ada',
      'kind: free_item',
      'reason: regular',
      'include_undone: true',
    ]);
    expect((await asked({ includeUndone: false })).slice(-5)).toEqual([
      'location: ',
      'staff: ',
      'kind: ',
      'reason: ',
      'include_undone: false',
    ]);
  });

  test('the header stays in sight, and every part that the workbook names is in the file', () => {
    expect(files['xl/worksheets/sheet1.xml']).toContain('<pane ySplit="1" topLeftCell="A2"');
    expect(files['xl/workbook.xml']).toMatch(/<sheet name="Gestures".*<sheet name="Totals"/);
    const named = [...files['[Content_Types].xml']!.matchAll(/PartName="\/([^"]+)"/g)].map(
      ([, path]) => path,
    );
    expect(named).toContain('xl/worksheets/sheet2.xml');
    for (const path of named) expect(Object.keys(files)).toContain(path);
    const targets = [...files['xl/_rels/workbook.xml.rels']!.matchAll(/Target="([^"]+)"/g)];
    expect(targets.length).toBeGreaterThanOrEqual(2);
    for (const [, target] of targets) expect(Object.keys(files)).toContain(`xl/${target}`);
  });
});

const column = { name: 'name', width: 10 };

test('a name cannot become a formula, nor break the file', async () => {
  const names = ['=1+1', '<b>&"x"', 'half \uD83D', 'bell \u0007', '_x0041_', 'a\r\nb', 'Zoë ☕'];
  const files = await unzipped(
    xlsxFile([{ name: 'Names', columns: [column], parts: inParts(names.map((name) => [typed(name)])) }]),
  );
  const [, ...rows] = rowsOf(files['xl/worksheets/sheet1.xml']!);
  expect(rows.map(([cell]) => [cell!.type, cell!.text])).toEqual(
    ["'=1+1", '<b>&"x"', 'half ', 'bell ', '_x0041_', 'a\r\nb', 'Zoë ☕'].map((text) => ['inlineStr', text]),
  );
  expect(files['xl/worksheets/sheet1.xml']).toContain('_x005F_x0041_');
});

test('what one sheet cannot hold goes on on the next, each with its header', async () => {
  const rows = ['a', 'b', 'c', 'd', 'e'].map((name) => [word(name)]);
  const files = await unzipped(
    xlsxFile(
      [
        { name: 'Rows', columns: [column], parts: inParts(rows.slice(0, 3), rows.slice(3)) },
        { name: 'Last', columns: [column], parts: inParts() },
      ],
      { maxSheetRows: 3 },
    ),
  );
  expect(files['xl/workbook.xml']).toMatch(/"Rows".*"Rows 2".*"Rows 3".*"Last"/);
  const texts = [1, 2, 3, 4].map((number) =>
    rowsOf(files[`xl/worksheets/sheet${number}.xml`]!).map(([cell]) => cell!.text),
  );
  expect(texts).toEqual([['name', 'a', 'b'], ['name', 'c', 'd'], ['name', 'e'], ['name']]);
});

test.each([
  ['3.50', '#,##0.00', money(350, 'GBP')],
  ['350', '#,##0', money(350, 'JPY')],
  ['0.350', '#,##0.000', money(350, 'KWD')],
  ['0.25', '#,##0.00', decimal(0.25)],
  // As far as the CSV says it: what decides a light may lie far below a hundredth.
  ['0.00034', '#,##0.00000', decimal(0.000_34, 5)],
])('%s is shown as %s', async (figures, format, number) => {
  const files = await unzipped(
    xlsxFile([{ name: 'Numbers', columns: [column], parts: inParts([[number]]) }]),
  );
  const cell = rowsOf(files['xl/worksheets/sheet1.xml']!)[1]![0]!;
  expect([cell.text, formatsOf(files['xl/styles.xml']!)[cell.style]]).toEqual([figures, format]);
});
