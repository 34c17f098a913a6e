import { stringify } from 'csv-stringify/sync';
import { gestureColumns } from './gesture-columns.ts';
import type { GestureReportStream } from './report-gestures.ts';
import { csvText } from './spreadsheet-cell.ts';

/** Tells Excel that the file is UTF-8; other programs take it for the mark it is. */
const BYTE_ORDER_MARK = '\uFEFF';

/** The report as a file after RFC 4180, with a header line: comma, CRLF, quotes where needed, UTF-8. */
export async function* gestureCsv({ head, pages }: GestureReportStream): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + toLines([gestureColumns.map(({ name }) => name)]);
  for await (const rows of pages)
    yield toLines(rows.map((row) => gestureColumns.map(({ cell }) => csvText(cell(row, head)))));
}

function toLines(records: readonly string[][]): string {
  // Without being told, it would leave a line end other than CRLF inside a cell unquoted.
  return stringify([...records], { record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
}
