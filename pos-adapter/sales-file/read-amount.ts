import type { DecimalMark } from './mapping.ts';

/** What one number in the database may hold. */
const MAX_AMOUNT_MINOR = 2_147_483_647;

/** Far more than any amount needs; the patterns below take the square of a cell's length. */
const MAX_AMOUNT_LENGTH = 60;

/** `£`, `UAH`, `kr.`, or both as in `R$` and `US$`. */
const currency = String.raw`(?:(?:\p{L}{1,3}\.?\s*)?\p{Sc}|\p{L}{1,3}\.?)`;
const currencyAtStart = new RegExp(String.raw`^(-?)\s*${currency}\s*`, 'u');
const currencyAtEnd = new RegExp(String.raw`\s*${currency}$`, 'u');

export type AmountRead = { amountMinor: number } | { fault: string };

/**
 * Reads an amount of money as minor units, from its text and never by way of a fraction. A currency sign or code
 * around it is passed over; `-4.50`, `4.50-` and `(4.50)` are negative; marks between thousands must stand where
 * thousands are. More decimals than the currency has are a fault unless they are zeros.
 */
export function readAmount(
  text: string,
  { decimal, minorDigits }: { decimal: DecimalMark; minorDigits: number },
): AmountRead {
  if (text.length > MAX_AMOUNT_LENGTH) return { fault: 'this is too long for an amount' };
  const { unsigned, isNegative } = takeOffSign(text);
  const [whole = '', fraction = '', ...more] = unsigned.split(decimal);
  const thousands =
    decimal === '.' ? /^(?:\d+|\d{1,3}(?:[,'’\s]\d{3})+)$/ : /^(?:\d+|\d{1,3}(?:[.'’\s]\d{3})+)$/;
  const isNumber = more.length === 0 && (thousands.test(whole) || (whole === '' && fraction !== ''));
  if (!isNumber || !/^\d*$/.test(fraction)) return { fault: `“${text}” is not an amount` };
  if (/[^0]/.test(fraction.slice(minorDigits)))
    return { fault: `“${text}” has more decimals than the currency (${minorDigits})` };
  const digits = whole.replaceAll(/\D/g, '') + fraction.slice(0, minorDigits).padEnd(minorDigits, '0');
  const amountMinor = Number(digits);
  if (amountMinor > MAX_AMOUNT_MINOR) return { fault: `“${text}” is too much for one sale` };
  return { amountMinor: isNegative && amountMinor > 0 ? -amountMinor : amountMinor };
}

/** Minus before or after the number or the currency sign, or brackets around all of it. */
function takeOffSign(text: string): { unsigned: string; isNegative: boolean } {
  const trimmed = text.trim().replaceAll('−', '-');
  const bracketed = /^\((.*)\)$/.exec(trimmed)?.[1];
  const bare = (bracketed ?? trimmed).replace(currencyAtEnd, '').replace(currencyAtStart, '$1');
  const unsigned = bare.replace(/^-|-$/, '');
  const isNegative = bracketed !== undefined || unsigned !== bare;
  return { unsigned: unsigned.trim(), isNegative };
}

let currencyCodes: Set<string> | undefined;
let wordSigns: Set<string> | undefined;
/** A format takes longer to make than a row to read. */
const signsByCurrency = new Map<string, string>();

/**
 * The sign or code of another currency beside an amount, where it is certain: `€` or `EUR` in a shop that counts in
 * pounds. Which dollar `$` means in a shop of dollars nobody can tell, nor what one letter means.
 */
export function spotOtherCurrency(text: string, currency: string): string | undefined {
  const [, code] = /(?:^|\P{L})([A-Z]{3})(?!\p{L})/u.exec(text.toUpperCase()) ?? [];
  currencyCodes ??= new Set(Intl.supportedValuesOf('currency'));
  if (code && currencyCodes.has(code)) return code === currency ? undefined : code;
  const own = signsOf(currency);
  const isOwnKnown = own !== currency;
  const [, letters = '', itsSign = ''] = /(\p{L}{2,3})\.?\s*(\p{Sc}?)/u.exec(text) ?? [];
  const word = letters + itsSign;
  wordSigns ??= readWordSigns(currencyCodes);
  if (isOwnKnown && wordSigns.has(word) && !own.split(' ').includes(word)) return word;
  const sign = /\p{Sc}/u.exec(text)?.[0];
  // `￥` is wider than `¥`, and says the same.
  if (!sign || sign === '¤' || own.includes(sign.normalize('NFKC'))) return undefined;
  // Patacas, rials and others share a sign, and Intl does not know of it.
  return isOwnKnown || !'$£﷼'.includes(sign) ? sign : undefined;
}

/** `₴` of UAH, `$ CA$` of CAD; the code alone where there is no sign. */
function signsOf(currency: string): string {
  const known = signsByCurrency.get(currency);
  if (known !== undefined) return known;
  const signs = (['narrowSymbol', 'symbol'] as const).map(
    (currencyDisplay) =>
      new Intl.NumberFormat('en-001', { style: 'currency', currency, currencyDisplay })
        .formatToParts(0)
        .find(({ type }) => type === 'currency')!.value,
  );
  const all = [...new Set(signs)].filter((sign) => sign !== currency).join(' ') || currency;
  signsByCurrency.set(currency, all);
  return all;
}

/** Signs with two letters or more: `zł`, `US$`. India writes `Rs` as its neighbours do, whatever Intl says. */
function readWordSigns(codes: Iterable<string>): Set<string> {
  const signs = [...codes].flatMap((code) => signsOf(code).split(' '));
  return new Set(signs.filter((sign) => /^\p{L}{2,}\p{Sc}?$/u.test(sign) && sign !== 'Rs'));
}

/**
 * What an amount says about the file's decimal mark; undefined when it could be either or neither. Of `1,234` the
 * currency tells: a dinar has three decimals, a dong has none.
 */
export function spotDecimalMark(text: string, minorDigits: number): DecimalMark | undefined {
  if (text.length > MAX_AMOUNT_LENGTH) return undefined;
  const bare = takeOffSign(text).unsigned.replaceAll(/[^\d.,]/g, '');
  const last = /[.,](?=\d*$)/.exec(bare)?.[0] as DecimalMark | undefined;
  if (!last) return undefined;
  const other = last === '.' ? ',' : '.';
  const count = bare.split(last).length - 1;
  if (bare.includes(other)) return count === 1 ? last : other;
  if (count > 1) return other; // 1.234.567 groups thousands
  if (!/[.,]\d{3}$/.test(bare) || minorDigits === 3) return last;
  return minorDigits === 0 ? other : undefined;
}
