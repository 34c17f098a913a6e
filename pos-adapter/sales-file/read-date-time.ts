import type { DateOrder } from './mapping.ts';
import { readMonthName } from './month-names.ts';

/** What a clock on the wall showed, written as milliseconds since 1970 as if its zone were UTC. */
export interface WallTime {
  wallMs: number;
  /** Minutes ahead of UTC, when the text itself says so (`Z` is 0). */
  offsetMinutes?: number;
  form: DateForm;
}

/** How a date is written, so that the row that differs can be pointed out. `numeric` follows the file's order. */
export type DateForm = 'numeric' | 'year-first' | 'month-name' | 'with-offset';

export type DateTimeRead = WallTime | { fault: string };

/** Far more than any date needs; the patterns below take the square of a cell's length. */
const MAX_DATE_LENGTH = 100;
const EARLIEST_YEAR = 1990;
const LATEST_YEAR = 2199;

const yearFirst = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const numeric = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/;
// `3 de março de 2026`, `1er août 2026`, `3 березня 2026 р.`
const dayMonthName =
  /^(\d{1,2})(?:er|o)?[\s\-.]+(?:de\s+)?(\p{L}+)\.?,?[\s-]+(?:de\s+)?(\d{4})(?:\s*р\.?)?$/u;
const monthNameDay = /^(\p{L}+)\.?\s+(\d{1,2}),?\s+(\d{4})$/u;
const clock = /^(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s*(a\.?m\.?|p\.?m\.?)?$/;
// Between them some languages have a word: `3 mars 2026 à 10:15`, `3. März 2026 um 10:15`.
const dateThenTime =
  /^(.*?)(?:t|,?\s+(?:(?:at|um|a las|a|alle ore|om|as|kl\.|о)\s+)?)(\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?\s*(?:[ap]\.?m\.?)?)$/;
const offsetAtEnd = /\s*(z|utc|gmt|[+-]\d{2}:?\d{2})$/;

/**
 * Reads a date with a time of day. Year first and months by name mean one thing only; `3/4/2024` is read by
 * `dateOrder`, and is a fault when that gives no day of the calendar, even if another order would: a file that mixes
 * orders cannot be read by guessing.
 */
export function readDateTime(text: string, dateOrder: DateOrder): DateTimeRead {
  if (text.length > MAX_DATE_LENGTH) return { fault: 'this is too long for a date' };
  const lower = text
    .trim()
    .toLowerCase()
    .normalize('NFKD') // also makes plain spaces of narrow ones and those that do not break
    .replaceAll(/\p{Mn}/gu, '');
  if (lower === '') return { fault: 'the date is missing' };
  const offsetText = offsetAtEnd.exec(lower)?.[1];
  // `2024-03-01` ends like an offset would: an offset needs a time of day before it.
  const hasOffset = offsetText !== undefined && lower.includes(':');
  const local = hasOffset ? lower.replace(offsetAtEnd, '') : lower;
  const [, dateText, timeText] = dateThenTime.exec(local) ?? [];
  if (dateText === undefined || timeText === undefined)
    return { fault: readDate(local, dateOrder) ? `“${text}” has no time of day` : notADate(text) };
  const date = readDate(dateText, dateOrder);
  if (!date) return { fault: notADate(text) };
  const dayMs = readDayMs(date);
  if (dayMs === undefined)
    return { fault: `“${text}” is not a day of the calendar when read as ${spellOrder(date, dateOrder)}` };
  if (date.year < EARLIEST_YEAR || date.year > LATEST_YEAR)
    return { fault: `“${text}” is not a year a sale can be of` };
  const timeMs = readTimeMs(timeText);
  if (timeMs === undefined) return { fault: `“${text}” is not a time of day` };
  const wallMs = dayMs + timeMs;
  return hasOffset
    ? { wallMs, offsetMinutes: readOffset(offsetText), form: 'with-offset' }
    : { wallMs, form: date.form };
}

/** What a date shows about the order of its numbers, if anything: `25/3/2024` can only be day first. */
export function spotDateOrder(text: string): DateOrder | undefined {
  const parts = numeric.exec(text.trim().split(/[\sT,]/)[0] ?? '');
  if (!parts) return yearFirst.test(text.trim().slice(0, 10)) ? 'ymd' : undefined;
  const [first, second] = [Number(parts[1]), Number(parts[3])];
  if (first > 12 && second <= 12) return 'dmy';
  return second > 12 && first <= 12 ? 'mdy' : undefined;
}

interface CalendarDate {
  year: number;
  month: number;
  day: number;
  form: Exclude<DateForm, 'with-offset'>;
}

function readDate(text: string, dateOrder: DateOrder): CalendarDate | undefined {
  let parts = yearFirst.exec(text);
  if (parts)
    return { year: Number(parts[1]), month: Number(parts[3]), day: Number(parts[4]), form: 'year-first' };
  parts = numeric.exec(text);
  if (parts) {
    const [first, second, last] = [Number(parts[1]), Number(parts[3]), Number(parts[4])];
    const year = (value: number) => (value < 100 ? 2000 + value : value);
    if (dateOrder === 'mdy') return { year: year(last), month: first, day: second, form: 'numeric' };
    if (dateOrder === 'dmy') return { year: year(last), month: second, day: first, form: 'numeric' };
    // Year first with two figures; `1/3/2024` in such a file has no year in front, so it means nothing.
    return last < 100 ? { year: year(first), month: second, day: last, form: 'numeric' } : undefined;
  }
  parts = dayMonthName.exec(text);
  if (parts) return named(parts[3]!, parts[2]!, parts[1]!);
  parts = monthNameDay.exec(text);
  return parts ? named(parts[3]!, parts[1]!, parts[2]!) : undefined;
}

function named(year: string, month: string, day: string): CalendarDate | undefined {
  const number = readMonthName(month);
  if (number === undefined) return undefined;
  return { year: Number(year), month: number, day: Number(day), form: 'month-name' };
}

function readDayMs({ year, month, day }: CalendarDate): number | undefined {
  const ms = Date.UTC(year, month - 1, day);
  const read = new Date(ms);
  return read.getUTCMonth() === month - 1 && read.getUTCDate() === day ? ms : undefined;
}

function readTimeMs(text: string): number | undefined {
  const parts = clock.exec(text);
  if (!parts) return undefined;
  const [, hourText, minuteText, secondText = '0', fraction = '', half] = parts;
  const [minute, second] = [Number(minuteText), Number(secondText)];
  let hour = Number(hourText);
  if (half) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half.startsWith('p') ? 12 : 0);
  }
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return ((hour * 60 + minute) * 60 + second) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function readOffset(text: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (!parts) return 0;
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3]));
}

function spellOrder(date: CalendarDate, dateOrder: DateOrder): string {
  if (date.form !== 'numeric') return 'it is written';
  return { mdy: 'month/day/year', dmy: 'day/month/year', ymd: 'year/month/day' }[dateOrder];
}

function notADate(text: string): string {
  return `“${text}” is not a date this import can read`;
}
