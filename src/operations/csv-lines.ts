import { stringify } from 'csv-stringify/sync';

/** At the beginning of a file it tells Excel that it is UTF-8; other programs take it for the mark it is. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** Lines of a file after RFC 4180: comma, CRLF, quotes where needed. */
export function csvLines(records: readonly (readonly string[])[]): string {
  // Without being told, it would leave a line end other than CRLF inside a cell unquoted.
  return stringify([...records] as string[][], { record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
}
