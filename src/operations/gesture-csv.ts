import { stringify } from 'csv-stringify/sync';
import { formatMajorUnits } from './major-units.ts';
import type { GestureReportHead, GestureReportRow, GestureReportStream } from './report-gestures.ts';
import { defuseFormula } from './spreadsheet-text.ts';

/** Tells Excel that the file is UTF-8; other programs take it for the mark it is. */
const BYTE_ORDER_MARK = '\uFEFF';

interface Column {
  name: string;
  cell: (row: GestureReportRow, head: GestureReportHead) => string;
}

const money = (amountMinor: number, { currency }: GestureReportHead): string =>
  formatMajorUnits(amountMinor, currency);

/**
 * The columns of the gesture report, in order. Files made today are read by programs written years ago: columns are
 * added at the end and never renamed, moved or dropped. Each is described in `docs/report-columns.md`.
 */
export const gestureColumns: readonly Column[] = [
  { name: 'gesture_id', cell: (row) => row.gestureId },
  { name: 'given_at', cell: (row) => row.givenAt.toISOString() },
  { name: 'given_at_local', cell: (row) => row.givenAtLocal.replace('T', ' ') },
  { name: 'time_zone', cell: (row) => row.timeZone },
  { name: 'business_day', cell: (row) => row.businessDay },
  { name: 'week_start', cell: (row) => row.weekStart },
  { name: 'location_id', cell: (row) => row.locationId },
  { name: 'location', cell: (row) => defuseFormula(row.locationName) },
  { name: 'staff_id', cell: (row) => row.staffId },
  { name: 'staff', cell: (row) => defuseFormula(row.staffName) },
  { name: 'kind', cell: (row) => row.kind },
  { name: 'item_id', cell: (row) => row.itemId ?? '' },
  { name: 'item', cell: (row) => defuseFormula(row.itemName ?? '') },
  { name: 'reason', cell: (row) => row.reason },
  { name: 'funded_by', cell: (row) => row.fundedBy },
  { name: 'is_past', cell: (row) => String(row.isPast) },
  { name: 'is_undone', cell: (row) => String(row.isUndone) },
  { name: 'price', cell: (row, head) => money(row.priceMinor, head) },
  { name: 'cost', cell: (row, head) => money(row.costMinor, head) },
  { name: 'currency', cell: (_row, head) => head.currency },
  { name: 'customer', cell: (row) => row.customer },
  { name: 'later_visits', cell: (row) => String(row.laterVisits) },
  { name: 'days_to_return', cell: (row) => row.daysToReturn?.toFixed(2) ?? '' },
  { name: 'attributed_sales', cell: (row) => String(row.attributedSales) },
  { name: 'attributed_spend', cell: (row, head) => money(row.attributedSpendMinor, head) },
  { name: 'window', cell: (row) => row.window },
  { name: 'window_days', cell: (_row, head) => String(head.windowDays) },
  { name: 'model', cell: (_row, head) => head.model },
  { name: 'as_of', cell: (_row, head) => head.asOf.toISOString() },
];

/** The report as a file after RFC 4180, with a header line: comma, CRLF, quotes where needed, UTF-8. */
export async function* gestureCsv({ head, pages }: GestureReportStream): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + toLines([gestureColumns.map(({ name }) => name)]);
  for await (const rows of pages)
    yield toLines(rows.map((row) => gestureColumns.map(({ cell }) => cell(row, head))));
}

function toLines(records: readonly string[][]): string {
  // Without being told, it would leave a line end other than CRLF inside a cell unquoted.
  return stringify([...records], { record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
}

/** `gestures-2026-03-01-to-2026-03-31.csv` */
export function gestureFileName({ from, to, asOf }: GestureReportHead): string {
  const span = [from, to ? `to-${to}` : null].filter((part) => part !== null).join('-');
  return `gestures-${span || `as-of-${asOf.toISOString().slice(0, 10)}`}.csv`;
}
