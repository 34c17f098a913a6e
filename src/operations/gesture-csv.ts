import { BYTE_ORDER_MARK, csvLines } from './csv-lines.ts';
import { gestureColumns } from './gesture-columns.ts';
import type { GestureReportStream } from './stream-gesture-report.ts';
import { csvText } from './spreadsheet-cell.ts';

/** The report as a file after RFC 4180, with a header line: comma, CRLF, quotes where needed, UTF-8. */
export async function* gestureCsv({ head, pages }: GestureReportStream): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLines([gestureColumns.map(({ name }) => name)]);
  for await (const rows of pages)
    yield csvLines(rows.map((row) => gestureColumns.map(({ cell }) => csvText(cell(row, head)))));
}
