const digitsOfCurrency = new Map<string, number>();

/** How many digits a currency has after the point: 2 for GBP, 0 for JPY, 3 for KWD. */
export function currencyDigits(currency: string): number {
  let digits = digitsOfCurrency.get(currency);
  if (digits === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    digits = format.resolvedOptions().maximumFractionDigits ?? 0;
    digitsOfCurrency.set(currency, digits);
  }
  return digits;
}

/** Minor units as a plain decimal with a point and all of the currency's digits: 350 GBP is `3.50`. */
export function formatMajorUnits(amountMinor: number, currency: string): string {
  const digits = currencyDigits(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const figures = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  if (digits === 0) return `${sign}${figures}`;
  return `${sign}${figures.slice(0, -digits)}.${figures.slice(-digits)}`;
}
