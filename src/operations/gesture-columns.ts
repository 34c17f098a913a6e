import type { GestureReportRow } from './gesture-report-row.ts';
import type { GestureReportHead } from './plan-report.ts';
import {
  count,
  day,
  decimal,
  empty,
  flag,
  instant,
  money,
  typed,
  wallTime,
  word,
} from './spreadsheet-cell.ts';
import type { Cell } from './spreadsheet-cell.ts';

export interface GestureColumn {
  name: string;
  /** In a spreadsheet, in characters. */
  width: number;
  cell: (row: GestureReportRow, head: GestureReportHead) => Cell;
}

const ID_WIDTH = 12;
const WORD_WIDTH = 14;
const NAME_WIDTH = 20;
const TIME_WIDTH = 19;
const DAY_WIDTH = 12;
const FIGURE_WIDTH = 11;

/**
 * The columns of the gesture report, in order. Files made today are read by programs written years ago: columns are
 * added at the end and never renamed, moved or dropped. Each is described in `docs/report-columns.md`.
 */
export const gestureColumns: readonly GestureColumn[] = [
  { name: 'gesture_id', width: ID_WIDTH, cell: (row) => word(row.gestureId) },
  { name: 'given_at', width: TIME_WIDTH, cell: (row) => instant(row.givenAt) },
  { name: 'given_at_local', width: TIME_WIDTH, cell: (row) => wallTime(row.givenAtLocal) },
  { name: 'time_zone', width: WORD_WIDTH, cell: (row) => word(row.timeZone) },
  { name: 'business_day', width: DAY_WIDTH, cell: (row) => day(row.businessDay) },
  { name: 'week_start', width: DAY_WIDTH, cell: (row) => day(row.weekStart) },
  { name: 'location_id', width: ID_WIDTH, cell: (row) => word(row.locationId) },
  { name: 'location', width: NAME_WIDTH, cell: (row) => typed(row.locationName) },
  { name: 'staff_id', width: ID_WIDTH, cell: (row) => word(row.staffId) },
  { name: 'staff', width: NAME_WIDTH, cell: (row) => typed(row.staffName) },
  { name: 'kind', width: WORD_WIDTH, cell: (row) => word(row.kind) },
  { name: 'item_id', width: ID_WIDTH, cell: (row) => (row.itemId === null ? empty : word(row.itemId)) },
  { name: 'item', width: NAME_WIDTH, cell: (row) => (row.itemName === null ? empty : typed(row.itemName)) },
  { name: 'reason', width: WORD_WIDTH, cell: (row) => word(row.reason) },
  { name: 'funded_by', width: FIGURE_WIDTH, cell: (row) => word(row.fundedBy) },
  { name: 'is_past', width: FIGURE_WIDTH, cell: (row) => flag(row.isPast) },
  { name: 'is_undone', width: FIGURE_WIDTH, cell: (row) => flag(row.isUndone) },
  { name: 'price', width: FIGURE_WIDTH, cell: (row, head) => money(row.priceMinor, head.currency) },
  { name: 'cost', width: FIGURE_WIDTH, cell: (row, head) => money(row.costMinor, head.currency) },
  { name: 'currency', width: FIGURE_WIDTH, cell: (_row, head) => word(head.currency) },
  { name: 'customer', width: NAME_WIDTH, cell: (row) => word(row.customer) },
  { name: 'later_visits', width: FIGURE_WIDTH, cell: (row) => count(row.laterVisits) },
  {
    name: 'days_to_return',
    width: WORD_WIDTH,
    cell: (row) => (row.daysToReturn === null ? empty : decimal(row.daysToReturn)),
  },
  { name: 'attributed_sales', width: WORD_WIDTH, cell: (row) => count(row.attributedSales) },
  {
    name: 'attributed_spend',
    width: WORD_WIDTH,
    cell: (row, head) => money(row.attributedSpendMinor, head.currency),
  },
  { name: 'window', width: FIGURE_WIDTH, cell: (row) => word(row.window) },
  { name: 'window_days', width: FIGURE_WIDTH, cell: (_row, head) => count(head.windowDays) },
  { name: 'model', width: FIGURE_WIDTH, cell: (_row, head) => word(head.model) },
  { name: 'as_of', width: TIME_WIDTH, cell: (_row, head) => instant(head.asOf) },
];

/** `gestures-2026-03-01-to-2026-03-31.csv`; `today` is the shop's day of `asOf`. */
export function gestureFileName(
  { from, to }: GestureReportHead,
  { today, format }: { today: string; format: 'csv' | 'xlsx' },
): string {
  const span = [from, to ? `to-${to}` : null].filter((part) => part !== null).join('-');
  return `gestures-${span || `as-of-${today}`}.${format}`;
}
