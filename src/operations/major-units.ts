import { currencyDigits } from '../loyalty/money.ts';

/** Minor units as a plain decimal with a point and all of the currency's digits: 350 GBP is `3.50`. */
export function formatMajorUnits(amountMinor: number, currency: string): string {
  const digits = currencyDigits(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const figures = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  if (digits === 0) return `${sign}${figures}`;
  return `${sign}${figures.slice(0, -digits)}.${figures.slice(-digits)}`;
}
