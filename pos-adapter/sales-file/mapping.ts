import { guessHeading } from './headings.ts';

export type DateOrder = 'mdy' | 'dmy' | 'ymd';
export type DecimalMark = '.' | ',';
export type Delimiter = ',' | ';' | '\t' | '|';

export const delimiters: readonly Delimiter[] = [',', ';', '\t', '|'];

/** Which column says what. The customer's and the following ones may be missing in a file. */
export interface SalesColumns {
  /** The date and time in one column, or in two. */
  instant: string | { date: string; time: string };
  amount: string;
  customer: string | null;
  item: string | null;
  /** The source's own number of the sale. Without one a sale is known by what it says. */
  saleId: string | null;
  /** On a refund: the number of the sale that was refunded. */
  refundOf: string | null;
  /** Whether the sale was completed or cancelled. */
  status: string | null;
}

/** How to read a file of sales. */
export interface SalesMapping extends SalesColumns {
  /** Which of `3/4/2024`'s numbers is the month. */
  dateOrder: DateOrder;
  decimal: DecimalMark;
  delimiter: Delimiter;
  /** The zone of the file's clock, such as `Europe/Kyiv`. */
  timeZone: string;
  /** ISO 4217. */
  currency: string;
}

/** What was said about a file, as far as it was; a column that is `null` is not to be used. */
export type PartialMapping = { [Part in keyof SalesMapping]?: SalesMapping[Part] | undefined };

/** As that, where the order of the dates may also be said to be seen from the file, whatever it was the last time. */
export type GivenMapping = Omit<PartialMapping, 'dateOrder'> & { dateOrder?: DateOrder | 'auto' | undefined };

type Part = keyof SalesColumns;

export type ColumnsRefusal =
  | { refused: 'column-missing'; part: Part; column: string; header: string[] }
  | { refused: 'column-twice'; part: Part; column: string; header: string[] }
  | { refused: 'column-not-found'; part: 'instant' | 'amount'; header: string[] };

/**
 * Settles which column says what: what was said now, else what was saved from the last time (as far as the file still
 * has those columns), else what the headings suggest.
 */
export function chooseColumns({
  header,
  given,
  saved,
}: {
  header: string[];
  given: GivenMapping;
  saved?: PartialMapping | undefined;
}): SalesColumns | ColumnsRefusal {
  const columns: Partial<SalesColumns> = {};
  for (const part of ['customer', 'item', 'saleId', 'refundOf', 'status'] as const) {
    const column = chooseColumn({ header, given: given[part], saved: saved?.[part], part });
    if (column !== null && typeof column === 'object') return column;
    columns[part] = column;
  }
  const amount = chooseColumn({ header, given: given.amount, saved: saved?.amount, part: 'amount' });
  if (amount === null) return { refused: 'column-not-found', part: 'amount', header };
  if (typeof amount === 'object') return amount;
  const instant = chooseInstant({ header, given: given.instant, saved: saved?.instant });
  if (instant === null) return { refused: 'column-not-found', part: 'instant', header };
  if (typeof instant === 'object' && 'refused' in instant) return instant;
  return { ...(columns as SalesColumns), amount, instant };
}

function chooseColumn({
  header,
  given,
  saved,
  part,
}: {
  header: string[];
  given: string | null | undefined;
  saved: string | null | undefined;
  part: Exclude<Part, 'instant'>;
}): string | null | ColumnsRefusal {
  if (given === null) return null;
  if (given !== undefined) return findColumn(header, given, part);
  if (saved === null) return null;
  if (saved !== undefined && header.includes(saved)) return saved;
  return guessHeading(header, part);
}

function chooseInstant({
  header,
  given,
  saved,
}: {
  header: string[];
  given: SalesColumns['instant'] | undefined;
  saved: SalesColumns['instant'] | undefined;
}): SalesColumns['instant'] | null | ColumnsRefusal {
  if (given !== undefined) {
    if (typeof given === 'string') return findColumn(header, given, 'instant');
    const date = findColumn(header, given.date, 'instant');
    const time = findColumn(header, given.time, 'instant');
    if (typeof date === 'object') return date;
    return typeof time === 'object' ? time : { date, time };
  }
  if (
    saved &&
    (typeof saved === 'string' ? [saved] : [saved.date, saved.time]).every((name) => header.includes(name))
  )
    return saved;
  return guessInstant(header);
}

/** What the headings alone suggest, for somebody to look at; null where they say nothing. */
export function guessColumns(header: readonly string[]): { [Name in Part]: SalesColumns[Name] | null } {
  const guess = (part: Exclude<Part, 'instant'>) => guessHeading(header, part);
  return {
    instant: guessInstant(header),
    amount: guess('amount'),
    customer: guess('customer'),
    item: guess('item'),
    saleId: guess('saleId'),
    refundOf: guess('refundOf'),
    status: guess('status'),
  };
}

function guessInstant(header: readonly string[]): SalesColumns['instant'] | null {
  const instant = guessHeading(header, 'instant');
  if (instant !== null) return instant;
  const date = guessHeading(header, 'date');
  const time = guessHeading(header, 'time');
  if (date !== null && time !== null) return { date, time };
  return date ?? time;
}

/** As it is written in the header; capitals and spaces around it do not matter. */
function findColumn(header: string[], wanted: string, part: Part): string | ColumnsRefusal {
  const same = (name: string) => name.trim().toLowerCase() === wanted.trim().toLowerCase();
  const found = header.includes(wanted) ? header.filter((name) => name === wanted) : header.filter(same);
  if (found.length === 0) return { refused: 'column-missing', part, column: wanted, header };
  if (found.length > 1) return { refused: 'column-twice', part, column: wanted, header };
  return found[0]!;
}
