import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gestureColumns, gestureFileName } from '../../src/operations/gesture-columns.ts';
import { gestureCsv } from '../../src/operations/gesture-csv.ts';
import { formatMajorUnits } from '../../src/operations/major-units.ts';
import type { GestureReportRow } from '../../src/operations/gesture-report-row.ts';
import type { GestureReportHead } from '../../src/operations/plan-report.ts';
import { defuseFormula } from '../../src/operations/spreadsheet-text.ts';

const head: GestureReportHead = {
  from: '2026-03-01',
  to: '2026-03-31',
  windowDays: 30,
  visitMinutes: 30,
  model: 'last',
  asOf: new Date('2026-05-01T00:00:00.000Z'),
  currency: 'GBP',
  isMadeUp: false,
  locationId: null,
  locationName: null,
  staffId: null,
  staffName: null,
  kind: null,
  reason: null,
  includeUndone: false,
};

const row: GestureReportRow = {
  gestureId: 'g1',
  givenAt: new Date('2026-03-29T00:30:00.123Z'),
  givenAtLocal: '2026-03-29T00:30:00',
  timeZone: 'Europe/London',
  businessDay: '2026-03-28',
  weekStart: '2026-03-23',
  locationId: 'l1',
  locationName: '=HYPERLINK("http://example.com","High Street")',
  staffId: 's1',
  staffName: 'Zoë, “the\nkind” "one"',
  kind: 'free_item',
  itemId: null,
  itemName: null,
  reason: 'long_day',
  fundedBy: 'allowance',
  isPast: false,
  isUndone: false,
  priceMinor: 350,
  costMinor: 5,
  customer: 'c-0123456789abcdef',
  laterVisits: 2,
  daysToReturn: 1.5,
  attributedSales: 3,
  attributedSpendMinor: -120,
  window: 'complete',
};

async function fileOf(rows: GestureReportRow[], changes: Partial<GestureReportHead> = {}): Promise<string> {
  async function* pages(): AsyncGenerator<GestureReportRow[]> {
    yield rows;
  }
  const totals = () => {
    throw new Error('a file has no totals');
  };
  let text = '';
  for await (const part of gestureCsv({ head: { ...head, ...changes }, pages: pages(), totals }))
    text += part;
  return text;
}

test('every column of the file is explained, in its order, and none that is not there', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/report-columns.md'), 'utf8');
  const explained = [...text.matchAll(/^\| `(\w+)` +\| (.+?) +\|$/gm)];
  expect(explained.map(([, name]) => name)).toEqual(gestureColumns.map(({ name }) => name));
  for (const [, , meaning] of explained) expect(meaning!.length).toBeGreaterThan(10);
});

test('the columns are the ones that programs out there already read', () => {
  expect(gestureColumns.map(({ name }) => name).join(' ')).toBe(
    'gesture_id given_at given_at_local time_zone business_day week_start location_id location staff_id staff kind ' +
      'item_id item reason funded_by is_past is_undone price cost currency customer later_visits days_to_return ' +
      'attributed_sales attributed_spend window window_days model as_of',
  );
});

test('a line of the file is what the row says', async () => {
  const text = await fileOf([row]);
  expect(text.startsWith('\uFEFFgesture_id,given_at,')).toBe(true);
  expect(text.endsWith(',last,2026-05-01T00:00:00.000Z\r\n')).toBe(true);
  const [line] = parse(text, { columns: true, bom: true, record_delimiter: '\r\n' }) as Record<
    string,
    string
  >[];
  expect(line).toEqual({
    gesture_id: 'g1',
    given_at: '2026-03-29T00:30:00.123Z',
    given_at_local: '2026-03-29 00:30:00',
    time_zone: 'Europe/London',
    business_day: '2026-03-28',
    week_start: '2026-03-23',
    location_id: 'l1',
    location: `'=HYPERLINK("http://example.com","High Street")`,
    staff_id: 's1',
    staff: 'Zoë, “the\nkind” "one"',
    kind: 'free_item',
    item_id: '',
    item: '',
    reason: 'long_day',
    funded_by: 'allowance',
    is_past: 'false',
    is_undone: 'false',
    price: '3.50',
    cost: '0.05',
    currency: 'GBP',
    customer: 'c-0123456789abcdef',
    later_visits: '2',
    days_to_return: '1.50',
    attributed_sales: '3',
    attributed_spend: '-1.20',
    window: 'complete',
    window_days: '30',
    model: 'last',
    as_of: '2026-05-01T00:00:00.000Z',
  });
});

test('lines end in CRLF, and a line end inside a cell is quoted whichever it is', async () => {
  for (const lineEnd of ['\n', '\r', '\r\n']) {
    const text = await fileOf([{ ...row, staffName: `Ada${lineEnd}B` }, row]);
    expect(text).toContain(`"Ada${lineEnd}B"`);
    expect(parse(text, { bom: true, record_delimiter: '\r\n' })).toHaveLength(3);
  }
  const plain = await fileOf([{ ...row, staffName: 'Ada' }]);
  expect(plain.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});

test.each([
  '=1+1',
  '+44 20',
  '-5',
  '@sum',
  '\tx',
  '\rx',
  '\nx',
  '＝1',
  '＋1',
  '－1',
  '＠x',
  ' =1',
  '\u00A0=1',
])('a name such as %j runs nothing in a spreadsheet', (name) => {
  expect(defuseFormula(name)).toBe(`'${name}`);
});

test('nor does one that begins a cell of its own where cells end with a semicolon', async () => {
  const text = await fileOf([{ ...row, staffName: 'Ada;=1+1;', itemName: 'Tea\n=1+1; @sum' }]);
  const cells = text.split(/[;\r\n]/);
  expect(cells.filter((cell) => /^\s*[=@]/.test(cell))).toEqual([]);
});

test.each(['Ada', '', '1 = 1', "'quoted", 'a-b', '５＋５', 'a; b', 'a\nb'])(
  'a name such as %j stays as it is',
  (name) => {
    expect(defuseFormula(name)).toBe(name);
  },
);

test.each([
  [350, 'GBP', '3.50'],
  [5, 'GBP', '0.05'],
  [0, 'GBP', '0.00'],
  [-5, 'GBP', '-0.05'],
  [350, 'JPY', '350'],
  [350, 'KWD', '0.350'],
  [-12_345, 'UAH', '-123.45'],
  [Number.MAX_SAFE_INTEGER, 'EUR', '90071992547409.91'],
])('%i minor units of %s are %s', (amountMinor, currency, expected) => {
  expect(formatMajorUnits(amountMinor, currency)).toBe(expected);
});

test('the file is called after what is in it', () => {
  const csv = { today: '2026-05-02', format: 'csv' } as const;
  expect(gestureFileName(head, csv)).toBe('gestures-2026-03-01-to-2026-03-31.csv');
  expect(gestureFileName({ ...head, to: null }, { ...csv, format: 'xlsx' })).toBe('gestures-2026-03-01.xlsx');
  expect(gestureFileName({ ...head, from: null, to: null }, csv)).toBe('gestures-as-of-2026-05-02.csv');
});
