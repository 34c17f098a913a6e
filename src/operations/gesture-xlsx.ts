import { gestureColumns } from './gesture-columns.ts';
import type { GestureSums, GestureTotals, SplitSums } from './gesture-totals.ts';
import type { GestureReportHead } from './plan-report.ts';
import type { GestureReportStream } from './stream-gesture-report.ts';
import { count, day, empty, flag, instant, money, typed, word } from './spreadsheet-cell.ts';
import type { Cell } from './spreadsheet-cell.ts';
import { xlsxFile } from './xlsx-file.ts';
import type { XlsxSheet } from './xlsx-file.ts';

/** The report as a workbook: the rows of the CSV on a sheet of their own, what was asked and the totals on a second. */
export function gestureXlsx({ head, pages, totals }: GestureReportStream): AsyncGenerator<Uint8Array> {
  async function* rows(): AsyncGenerator<Iterable<Cell[]>> {
    for await (const page of pages)
      yield page.values().map((row) => gestureColumns.map(({ cell }) => cell(row, head)));
  }
  // Only once the rows have been written is it known what they add up to.
  async function* sums(): AsyncGenerator<Cell[][]> {
    yield [...describeHead(head), ...listTotals(totals(), head.currency)];
  }
  const sheets: XlsxSheet[] = [
    { name: 'Gestures', columns: gestureColumns, parts: rows() },
    { name: 'Totals', columns: totalColumns, parts: sums() },
  ];
  return xlsxFile(sheets);
}

const totalColumns = [
  { name: 'of', width: 14 },
  { name: 'which', width: 24 },
  { name: 'window', width: 12 },
  { name: 'gestures', width: 11 },
  { name: 'price', width: 14 },
  { name: 'cost', width: 14 },
  { name: 'came_back', width: 11 },
  { name: 'attributed_sales', width: 16 },
  { name: 'attributed_spend', width: 16 },
];

function describeHead(head: GestureReportHead): Cell[][] {
  const asked: [string, Cell][] = [
    ['from', head.from === null ? empty : day(head.from)],
    ['to', head.to === null ? empty : day(head.to)],
    ['as_of', instant(head.asOf)],
    ['window_days', count(head.windowDays)],
    ['visit_minutes', count(head.visitMinutes)],
    ['model', word(head.model)],
    ['currency', word(head.currency)],
    ['is_made_up', flag(head.isMadeUp)],
    ['location', head.locationName === null ? empty : typed(head.locationName)],
    ['staff', head.staffName === null ? empty : typed(head.staffName)],
    ['kind', head.kind === null ? empty : word(head.kind)],
    ['reason', head.reason === null ? empty : word(head.reason)],
    ['include_undone', flag(head.includeUndone)],
  ];
  return asked.map(([name, cell]) => [word('asked'), word(name), cell, ...Array<Cell>(6).fill(empty)]);
}

/** Gestures whose window is over and those for which more may come: in lines of their own, never added up. */
function listTotals(totals: GestureTotals, currency: string): Cell[][] {
  const groups: [string, Cell, SplitSums][] = [
    ['everything', empty, totals],
    ...totals.byKind.map((one): [string, Cell, SplitSums] => ['kind', word(one.kind), one]),
    ...totals.byReason.map((one): [string, Cell, SplitSums] => ['reason', word(one.reason), one]),
    ...totals.byStaff.map((one): [string, Cell, SplitSums] => ['staff', typed(one.staffName), one]),
    ...totals.byLocation.map((one): [string, Cell, SplitSums] => ['location', typed(one.locationName), one]),
    ...totals.byWeek.map((one): [string, Cell, SplitSums] => ['week', day(one.weekStart), one]),
  ];
  const line = (of: string, which: Cell, window: string, sums: GestureSums): Cell[] => [
    word(of),
    which,
    word(window),
    count(sums.gestures),
    money(sums.priceMinor, currency),
    money(sums.costMinor, currency),
    count(sums.gesturesReturned),
    count(sums.attributedSales),
    money(sums.attributedSpendMinor, currency),
  ];
  return groups.flatMap(([of, which, { complete, maturing }]) => [
    line(of, which, 'complete', complete),
    line(of, which, 'open', maturing),
  ]);
}
