import { formatMajorUnits } from './major-units.ts';
import { defuseFormula } from './spreadsheet-text.ts';

/** One cell of a file for a spreadsheet, by what it means: each sort of file writes it in its own way. */
export type Cell =
  | { kind: 'text'; text: string }
  | { kind: 'count'; count: number }
  | { kind: 'decimal'; value: number; digits: number }
  | { kind: 'money'; amountMinor: number; currency: string }
  | { kind: 'flag'; isTrue: boolean }
  | { kind: 'instant'; at: Date }
  /** What a clock on the wall shows: `2026-03-02T09:30:00`. */
  | { kind: 'wallTime'; time: string }
  /** `YYYY-MM-DD` */
  | { kind: 'day'; day: string }
  | { kind: 'empty' };

/** How many digits of a number that is no amount of money are shown, unless told otherwise. */
const DECIMAL_DIGITS = 2;

/** Words of our own, and ids. */
export const word = (text: string): Cell => ({ kind: 'text', text });
/** What somebody typed: a spreadsheet shows it and never runs it. */
export const typed = (text: string): Cell => ({ kind: 'text', text: defuseFormula(text) });
export const count = (value: number): Cell => ({ kind: 'count', count: value });
export const decimal = (value: number, digits = DECIMAL_DIGITS): Cell => ({ kind: 'decimal', value, digits });
export const money = (amountMinor: number, currency: string): Cell => ({
  kind: 'money',
  amountMinor,
  currency,
});
export const flag = (isTrue: boolean): Cell => ({ kind: 'flag', isTrue });
export const instant = (at: Date): Cell => ({ kind: 'instant', at });
export const wallTime = (time: string): Cell => ({ kind: 'wallTime', time });
export const day = (businessDay: string): Cell => ({ kind: 'day', day: businessDay });
export const empty: Cell = { kind: 'empty' };

/** A cell as CSV files hold it. */
export function csvText(cell: Cell): string {
  switch (cell.kind) {
    case 'text':
      return cell.text;
    case 'count':
      return String(cell.count);
    case 'decimal':
      return cell.value.toFixed(cell.digits);
    case 'money':
      return formatMajorUnits(cell.amountMinor, cell.currency);
    case 'flag':
      return String(cell.isTrue);
    case 'instant':
      return cell.at.toISOString();
    case 'wallTime':
      return cell.time.replace('T', ' ');
    case 'day':
      return cell.day;
    case 'empty':
      return '';
  }
}
