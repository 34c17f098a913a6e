/**
 * The currencies that are not counted in hundredths, by the digits people write after the point. `Intl` is not asked:
 * browsers and Node disagree about the Serbian dinar, the forint and a dozen others, and a price typed in one would be
 * a hundredth of it in the other. Never change a line: amounts are kept by it.
 */
const DIGITS: Record<number, string> = {
  0: `AFN ALL BIF CLP COP DJF GNF HUF IDR IQD IRR ISK JPY KMF KPW KRW LAK LBP MGA MMK PKR PYG RWF SLL SOS SYP
    UGX VND VUV XAF XOF XPF YER`,
  3: 'BHD JOD KWD LYD OMR TND',
};

const digitsOf = new Map(
  Object.entries(DIGITS).flatMap(([digits, codes]) =>
    codes.split(/\s+/).map((code) => [code, Number(digits)] as const),
  ),
);

/** How many digits an amount has after the point, so what one minor unit is: 2 for GBP, 0 for JPY, 3 for KWD. */
export function currencyDigits(currency: string): number {
  return digitsOf.get(currency) ?? 2;
}

/** `350` pence as a person reads it: `£3.50`. `locale` is a BCP 47 tag. */
export function writeMoney(
  minor: number,
  { currency, locale }: { currency: string; locale: string },
): string {
  const digits = currencyDigits(currency);
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(minor / 10 ** digits);
}
