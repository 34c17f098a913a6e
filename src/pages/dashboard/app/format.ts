import { locale } from './language.ts';

const whole = new Intl.NumberFormat(locale);
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const list = new Intl.ListFormat(locale, { type: 'conjunction' });

/** `1,475` */
export function formatNumber(number: number): string {
  return whole.format(number);
}

/** A share, 0 to 1, as `62%`. */
export function formatPercent(share: number): string {
  return percent.format(share);
}

/** `Flat white, Tea and Slice of cake` */
export function formatList(parts: readonly string[]): string {
  return list.format(parts);
}
