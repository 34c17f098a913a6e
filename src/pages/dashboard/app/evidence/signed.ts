import { locale } from '../language.ts';
import { formatMoney } from '../parts/money.tsx';

const counts = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, signDisplay: 'exceptZero' });

/** Money with its sign, which stays on the line of its figure. `minor` may have a fraction. */
export function signedMoney(minor: number, currency: string): string {
  const rounded = Math.round(Math.abs(minor));
  const text = formatMoney(rounded, currency);
  if (rounded === 0) return text;
  return `${minor < 0 ? '−' : '+'}\u2060${text}`;
}

/** A number of visits with its sign, to two digits after the point. */
export function signedCount(count: number): string {
  return counts.format(count).replace('-', '−');
}
