import { chooseColumns, delimiters } from './mapping.ts';
import type {
  ColumnsRefusal,
  DateOrder,
  DecimalMark,
  Delimiter,
  GivenMapping,
  PartialMapping,
  SalesColumns,
  SalesMapping,
} from './mapping.ts';
import { spotDecimalMark } from './read-amount.ts';
import { readDateTime, spotDateOrder } from './read-date-time.ts';
import type { DateForm } from './read-date-time.ts';
import { FileUnreadable, readFirstLine, readTable } from './read-table.ts';

/** What a shop sells in years; keeps what has to be remembered of a file within memory. */
export const MAX_ROWS = 500_000;

/** How a file will be read, settled once for the dry run and the import alike. */
export interface ReadingPlan {
  mapping: SalesMapping;
  header: string[];
  rowCount: number;
  /** How most of its dates are written. */
  usualDateForm: DateForm;
  /** Whether the order of day and month says anything about it: `2026-03-25` can only be read in one. */
  needsDateOrder: boolean;
}

export type PlanRefusal =
  | ColumnsRefusal
  | { refused: 'unreadable'; detail: string; line?: number }
  | { refused: 'time-zone-missing' }
  | { refused: 'date-order-unclear'; example: string }
  | { refused: 'too-many-rows'; maxRows: number };

/**
 * Looks through the whole file and settles how to read it: what was said now, else what was saved from the last time,
 * else what the file itself shows. What nobody can know (the time zone, `3/4/2024` alone) is asked for, not guessed.
 * Only the mark of the decimals is what the file shows before what was saved: last month may have had none.
 */
export async function planReading(
  path: string,
  {
    given,
    saved,
    currency,
    minorDigits,
  }: {
    given: GivenMapping;
    saved?: PartialMapping | undefined;
    currency: string;
    /** The digits after the decimal mark of the currency. */
    minorDigits: number;
  },
): Promise<ReadingPlan | PlanRefusal> {
  const timeZone = given.timeZone ?? saved?.timeZone;
  if (timeZone === undefined) return { refused: 'time-zone-missing' };
  try {
    const delimiter = given.delimiter ?? (await guessDelimiter(path));
    const header = await readHeader(path, delimiter);
    if (header.length === 0) return { refused: 'unreadable', detail: 'The file is empty' };
    const columns = chooseColumns({ header, given, saved });
    if ('refused' in columns) return columns;
    const seen = await lookThrough(path, { delimiter, header, columns, minorDigits });
    if (seen.rowCount > MAX_ROWS) return { refused: 'too-many-rows', maxRows: MAX_ROWS };
    const saidOrder = given.dateOrder ?? saved?.dateOrder ?? 'auto';
    const needsDateOrder = seen.numericDate !== undefined;
    const dateOrder = saidOrder === 'auto' || !needsDateOrder ? seen.dateOrder : saidOrder;
    if (dateOrder === undefined) return { refused: 'date-order-unclear', example: seen.numericDate! };
    const decimal = given.decimal ?? seen.decimal ?? saved?.decimal ?? '.';
    return {
      mapping: { ...columns, dateOrder, decimal, delimiter, timeZone, currency },
      header,
      rowCount: seen.rowCount,
      usualDateForm: seen.usualDateForm,
      needsDateOrder,
    };
  } catch (error) {
    if (!(error instanceof FileUnreadable)) throw error;
    return { refused: 'unreadable', detail: error.message, ...(error.line ? { line: error.line } : {}) };
  }
}

/** The cells of a row by the names of their columns. */
export function cellReader(header: readonly string[]): (cells: readonly string[], column: string) => string {
  const places = new Map(header.map((name, place) => [name, place]));
  return (cells, column) => cells[places.get(column)!]?.trim() ?? '';
}

/** The date and time of a row as one text, from one column or two. */
export function readInstantText(instant: SalesColumns['instant'], cell: (column: string) => string): string {
  if (typeof instant === 'string') return cell(instant);
  // A spreadsheet writes a date without time as midnight.
  const date = cell(instant.date).replace(/[ T]0?0:00(:00(\.0+)?)?$/, '');
  return `${date} ${cell(instant.time)}`.trim();
}

async function guessDelimiter(path: string): Promise<Delimiter> {
  const line = await readFirstLine(path);
  const count = (delimiter: Delimiter) => line.split(delimiter).length;
  return delimiters.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

async function readHeader(path: string, delimiter: Delimiter): Promise<string[]> {
  for await (const { cells } of readTable(path, { delimiter })) return cells.map((cell) => cell.trim());
  return [];
}

interface Seen {
  rowCount: number;
  dateOrder: DateOrder | undefined;
  numericDate: string | undefined;
  /** Undefined when no amount, or as many for as against, tells. */
  decimal: DecimalMark | undefined;
  usualDateForm: DateForm;
}

async function lookThrough(
  path: string,
  {
    delimiter,
    header,
    columns,
    minorDigits,
  }: { delimiter: Delimiter; header: string[]; columns: SalesColumns; minorDigits: number },
): Promise<Seen> {
  const cell = cellReader(header);
  const orders = { mdy: 0, dmy: 0, ymd: 0 };
  const marks = { '.': 0, ',': 0 };
  const forms = { numeric: 0, 'year-first': 0, 'month-name': 0, 'with-offset': 0 };
  let rowCount = -1; // the heading is not a row of the table
  let numericDate: string | undefined;
  for await (const { cells } of readTable(path, { delimiter })) {
    rowCount++;
    if (rowCount === 0) continue;
    if (rowCount > MAX_ROWS) break;
    const text = readInstantText(columns.instant, (column) => cell(cells, column));
    const order = spotDateOrder(text);
    if (order) orders[order]++;
    const read = readDateTime(text, order ?? 'mdy');
    if ('form' in read) {
      forms[read.form]++;
      if (read.form === 'numeric') numericDate ??= text;
    }
    const mark = spotDecimalMark(cell(cells, columns.amount), minorDigits);
    if (mark) marks[mark]++;
  }
  return {
    rowCount: Math.max(rowCount, 0),
    dateOrder: settleOrder(orders, numericDate),
    numericDate,
    decimal: marks[','] === marks['.'] ? undefined : marks[','] > marks['.'] ? ',' : '.',
    usualDateForm: (Object.keys(forms) as DateForm[]).reduce((usual, form) =>
      forms[form] > forms[usual] ? form : usual,
    ),
  };
}

/** One row that can only be day first settles `3/4/2024` for the rest, unless another can only be month first. */
function settleOrder(
  orders: Record<DateOrder, number>,
  numericDate: string | undefined,
): DateOrder | undefined {
  if (numericDate === undefined) return 'ymd';
  if (orders.mdy > 0 && orders.dmy > 0) return undefined;
  if (orders.mdy > 0) return 'mdy';
  return orders.dmy > 0 ? 'dmy' : undefined;
}
