import { currencyDigits, writeMoney } from '../../../../loyalty/money.ts';
import { locale } from '../language.ts';
import { session } from '../state/session.ts';

/** A sum in minor units, as money of the shop. */
export function Money({ minor }: { minor: number }) {
  return <span class="number">{formatMoney(minor)}</span>;
}

/** A sum in minor units, as it is written in a sentence: `£3.50`. */
export function formatMoney(minor: number, currency = currencyOfShop()): string {
  return writeMoney(minor, { currency, locale });
}

/** `350` as it is typed into a field: `3.50`. */
export function moneyToText(minor: number, currency = currencyOfShop()): string {
  const digits = currencyDigits(currency);
  return new Intl.NumberFormat(locale, {
    useGrouping: false,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(minor / 10 ** digits);
}

/**
 * `3.5`, `3,50`, `£3.50` or `1’250.00` as minor units of the currency; null for what is no amount in it. The last point
 * or comma parts the decimals, unless three figures follow it and the currency does not have three: `1,250` is then
 * twelve hundred and fifty. A gap stands only between thousands: `3 50` is a slip, and not three hundred and fifty.
 */
export function readMoney(text: string, currency = currencyOfShop()): number | null {
  const digits = currencyDigits(currency);
  const bare = text
    .trim()
    .replace(/^\p{Sc}\s*|\s*\p{Sc}$/u, '')
    .replaceAll(/(\d)[\s'’](?=\d{3}(?!\d))/gu, '$1');
  if (!/^\d+([.,]\d{3})*([.,]\d*)?$/.test(bare)) return null;
  const at = Math.max(bare.lastIndexOf('.'), bare.lastIndexOf(','));
  const last = at < 0 ? '' : bare.slice(at + 1);
  const isThousands = last.length === 3 && digits !== 3;
  const decimals = isThousands ? '' : last;
  if (decimals.length > digits) return null;
  const whole = (at < 0 || isThousands ? bare : bare.slice(0, at)).replaceAll(/[.,]/g, '');
  const minor = Number(whole + decimals.padEnd(digits, '0'));
  return Number.isSafeInteger(minor) ? minor : null;
}

/** ISO 4217; `EUR` where nobody is signed in. */
export function currencyOfShop(): string {
  return session.value?.merchant.currency ?? 'EUR';
}
