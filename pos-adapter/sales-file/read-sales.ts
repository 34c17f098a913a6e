import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Sale } from '../sale.ts';
import { cellReader, readInstantText } from './plan-reading.ts';
import type { ReadingPlan } from './plan-reading.ts';
import { readAmount, spotOtherCurrency } from './read-amount.ts';
import { readDateTime } from './read-date-time.ts';
import type { WallTime } from './read-date-time.ts';
import { readTable } from './read-table.ts';

const MAX_TEXT_LENGTH = 200;
const MINUTE_MS = 60_000;

/** Something about a row that its owner should know, and what is done about it. */
export interface Oddity {
  kind: OddityKind;
  /** What is odd: `the date is written differently from the rest`. */
  what: string;
  /** What happens to the row: `read as 2024-12-14 13:19:07`. */
  effect: string;
}

export type OddityKind =
  | 'date-form'
  | 'clock-skipped'
  | 'clock-twice'
  | 'item-missing'
  | 'repeats-row'
  | 'nothing-paid'
  | 'not-completed'
  | 'known-by-its-number';

interface Row {
  /** The line of the file on which the row starts. */
  line: number;
  oddities: Oddity[];
}

/** Money that was given back for a sale. */
export interface RefundInFile {
  refundOf: string;
  refundId: string;
  /** Which it is, from 1, among refunds of its sale that are equal in all it is known by; null when it has a number. */
  place: number | null;
  amountMinor: number;
  at: Date;
}

/** What one row of a file comes to. */
export type SalesFileRow =
  | (Row & { kind: 'sale'; sale: Sale })
  | (Row & { kind: 'refund' } & RefundInFile)
  /** Nothing to record, as its oddities say. */
  | (Row & { kind: 'left-out' })
  /** Nobody can say what this row means; it stops the import unless the owner leaves such rows out. */
  | (Row & { kind: 'fault'; fault: string });

/** The instant at which a clock on the wall showed a time. */
export interface LocalTime {
  instant: Date;
  /** `skipped`: no clock showed this time; `twice`: clocks were put back and showed it two times. */
  doubt?: 'skipped' | 'twice';
}

/** What reading needs besides the file. */
export interface SalesReading {
  plan: ReadingPlan;
  /** The digits after the decimal mark of the currency: 2 for GBP, 0 for JPY, 3 for KWD. */
  minorDigits: number;
  /** Later than this a sale cannot have been made. */
  now: Date;
  /** Reads a time of the file's clock, written as milliseconds since 1970 as if its zone were UTC. */
  toInstant: (wallMs: number) => LocalTime;
}

/** The rows so far that are known by the same. */
interface Seen {
  count: number;
  /** The line of the first of them, and what is on it. */
  line: number;
  contents: number;
  /** The first line of any other contents; most rows are the only one of their name, and go without a map. */
  otherLines?: Map<number, number>;
}

/**
 * Reads the sales of a file, row by row. Reading it again, or a longer export of the same sales, gives the same sales
 * the same ids: the source's own number, or else a hash of what the clock showed, the amount and the customer, with a
 * count among rows that have all three the same (refunds: and are of the same sale, so that the order of the file says
 * nothing). Rows that repeat another exactly are sales of their own.
 */
export async function* readSales(path: string, reading: SalesReading): AsyncGenerator<SalesFileRow> {
  const { plan } = reading;
  const cell = cellReader(plan.header);
  const readRow = createRowReader(reading);
  const seen = new Map<string, Seen>();
  let isHeading = true;
  for await (const { line, cells } of readTable(path, { delimiter: plan.mapping.delimiter })) {
    if (isHeading) {
      isHeading = false;
      continue;
    }
    const fault = findBrokenCells(cells, plan);
    const read = fault === undefined ? readRow((column) => cell(cells, column)) : { fault };
    yield identify({ line, read, contents: crc32(JSON.stringify(cells)), seen });
  }
}

function findBrokenCells(cells: readonly string[], { header }: ReadingPlan): string | undefined {
  if (cells.length > header.length) return `this row has ${cells.length} cells, the heading ${header.length}`;
  return cells.some((cell) => cell.includes('\0')) ? 'this row holds a NUL, so it is not text' : undefined;
}

type RowRead =
  | { fault: string }
  | { leftOut: Oddity }
  | {
      /** The source's own number of this row; null when it has none. */
      ownId: string | null;
      /** What the row is known by without a number. */
      marks: string;
      refundOf: string | null;
      sale: Omit<Sale, 'saleId'>;
      oddities: Oddity[];
    };

/** Gives a row its id and says whether it repeats an earlier one. */
function identify({
  line,
  read,
  contents,
  seen,
}: {
  line: number;
  read: RowRead;
  contents: number;
  seen: Map<string, Seen>;
}): SalesFileRow {
  if ('fault' in read) return { kind: 'fault', line, fault: read.fault, oddities: [] };
  if ('leftOut' in read) return { kind: 'left-out', line, oddities: [read.leftOut] };
  const isRefund = read.sale.totalMinor < 0;
  const name = read.ownId ?? hash('sha256', read.marks, 'base64url').slice(0, 22);
  const ofSale = read.ownId === null ? read.refundOf : '';
  const key = isRefund ? `refund ${name} ${ofSale}` : name;
  const earlier = seen.get(key);
  const twinLine =
    earlier && (earlier.contents === contents ? earlier.line : earlier.otherLines?.get(contents));
  const oddities = [...read.oddities];
  if (read.ownId !== null && earlier) {
    if (twinLine === undefined)
      return {
        kind: 'fault',
        line,
        oddities,
        fault: `the number ${read.ownId} is also on line ${earlier.line}, with other contents`,
      };
    const repeat: Oddity = {
      kind: 'known-by-its-number',
      what: `the same sale as on line ${twinLine}`,
      effect: 'counted once',
    };
    return { kind: 'left-out', line, oddities: [...oddities, repeat] };
  }
  if (twinLine !== undefined)
    oddities.push({
      kind: 'repeats-row',
      what: `repeats line ${twinLine} exactly`,
      effect: `imported as a ${isRefund ? 'refund' : 'sale'} of its own`,
    });
  if (!earlier) seen.set(key, { count: 1, line, contents });
  else {
    earlier.count++;
    if (twinLine === undefined) (earlier.otherLines ??= new Map()).set(contents, line);
  }
  const place = read.ownId === null ? (earlier?.count ?? 1) : null;
  const id = place === null ? name : `${name}-${place}`;
  if (!isRefund) return { kind: 'sale', line, oddities, sale: { ...read.sale, saleId: id } };
  const { totalMinor, occurredAt } = read.sale;
  if (read.refundOf === null)
    return { kind: 'fault', line, oddities, fault: 'money was given back, but nothing says for which sale' };
  return {
    kind: 'refund',
    line,
    oddities,
    refundOf: read.refundOf,
    refundId: id,
    place,
    amountMinor: -totalMinor,
    at: occurredAt,
  };
}

function createRowReader({ plan, now, minorDigits, toInstant }: SalesReading) {
  const { mapping } = plan;
  const { dateOrder, decimal, currency } = mapping;
  // A clock in another zone, or a little fast, may be ahead of ours.
  const latestMs = now.getTime() + 24 * 60 * MINUTE_MS;

  return (cell: (column: string) => string): RowRead => {
    const optional = (column: string | null) =>
      column === null ? '' : cell(column).slice(0, MAX_TEXT_LENGTH);
    const status = readStatus(optional(mapping.status));
    if (typeof status === 'object') return status;
    const time = readDateTime(readInstantText(mapping.instant, cell), dateOrder);
    if ('fault' in time) return time;
    const amountText = cell(mapping.amount);
    const amount = readAmount(amountText, { decimal, minorDigits });
    if ('fault' in amount) return amount;
    const other = spotOtherCurrency(amountText, currency);
    if (other) return { fault: `“${amountText}” is in ${other}, and the shop counts in ${currency}` };
    const { amountMinor: totalMinor } = amount;
    const { instant: occurredAt, oddities } = readInstant(time, { plan, toInstant });
    if (occurredAt.getTime() > latestMs) return { fault: `${spell(time.wallMs)} is in the future` };
    const customerRef = optional(mapping.customer);
    const name = optional(mapping.item);
    if (mapping.item !== null && name === '')
      oddities.push({
        kind: 'item-missing',
        what: 'says no product',
        effect: 'imported as a sale of something unnamed',
      });
    if (totalMinor === 0)
      oddities.push({
        kind: 'nothing-paid',
        what: 'nothing was paid',
        effect: 'imported as a sale of 0, which earns no stamp',
      });
    const ownId = optional(mapping.saleId);
    const refundOf = optional(mapping.refundOf) || (mapping.refundOf === null && ownId) || null;
    return {
      // A refund that carries the number of its sale has no number of its own.
      ownId: ownId === '' || (totalMinor < 0 && refundOf === ownId) ? null : ownId,
      marks: JSON.stringify([time.wallMs, time.offsetMinutes ?? null, totalMinor, customerRef]),
      refundOf,
      sale: {
        occurredAt,
        totalMinor,
        ...(customerRef === '' ? {} : { customerRef }),
        lines: [{ name, quantity: 1, totalMinor }],
      },
      oddities,
    };
  };
}

function readInstant(
  time: WallTime,
  { plan, toInstant }: { plan: ReadingPlan; toInstant: SalesReading['toInstant'] },
): { instant: Date; oddities: Oddity[] } {
  const oddities: Oddity[] = [];
  if (time.form !== plan.usualDateForm)
    oddities.push({
      kind: 'date-form',
      what: 'the date is written differently from most',
      effect: `read as ${spell(time.wallMs)}${time.offsetMinutes === undefined ? '' : ` at ${spellOffset(time.offsetMinutes)}`}`,
    });
  if (time.offsetMinutes !== undefined)
    return { instant: new Date(time.wallMs - time.offsetMinutes * MINUTE_MS), oddities };
  const { instant, doubt } = toInstant(time.wallMs);
  const { timeZone } = plan.mapping;
  if (doubt === 'skipped')
    oddities.push({
      kind: 'clock-skipped',
      what: `clocks in ${timeZone} were put forward and never showed ${spell(time.wallMs)}`,
      effect: `read as the moment of the change, ${instant.toISOString()}`,
    });
  if (doubt === 'twice')
    oddities.push({
      kind: 'clock-twice',
      what: `clocks in ${timeZone} were put back and showed ${spell(time.wallMs)} twice`,
      effect: `read as the first time, ${instant.toISOString()}`,
    });
  return { instant, oddities };
}

/** In the languages of the headings. */
const completed = new Set(
  `completed complete paid closed success successful succeeded done ok captured settled sale
  bezahlt abgeschlossen erledigt payé payée pagado pagato pago betaald opłacone zapłacone оплачено`.split(
    /\s+/,
  ),
);
const notCompleted = new Set(
  `cancelled canceled void voided failed declined open pending draft abandoned expired
  storniert abgebrochen abgelehnt offen annulé annulée anulado cancelado annullato geannuleerd anulowane
  скасовано`.split(/\s+/),
);

function readStatus(status: string): 'completed' | { fault: string } | { leftOut: Oddity } {
  const word = status.toLowerCase();
  if (word === '' || completed.has(word)) return 'completed';
  if (notCompleted.has(word))
    return {
      leftOut: {
        kind: 'not-completed',
        what: `its status is “${status}”`,
        effect: 'left out: no money was taken',
      },
    };
  return { fault: `the status “${status}” says neither paid nor cancelled` };
}

/** What the clock on the wall showed: `2024-12-14 13:19:07`. */
function spell(wallMs: number): string {
  return new Date(wallMs)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '');
}

function spellOffset(offsetMinutes: number): string {
  const minutes = Math.abs(offsetMinutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `UTC${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
