import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAmount, spotDecimalMark, spotOtherCurrency } from '../../pos-adapter/sales-file/read-amount.ts';

const read = (text: string, decimal: '.' | ',' = '.', minorDigits = 2) => {
  const amount = readAmount(text, { decimal, minorDigits });
  return 'fault' in amount ? amount.fault : amount.amountMinor;
};

describe('an amount in a file', () => {
  test.each([
    ['38.7', 3870],
    ['40', 4000],
    ['0.5', 50],
    ['.5', 50],
    ['1,234.50', 123_450],
    ['1 234.50', 123_450],
    ['1’234.50', 123_450],
    ['£4.50', 450],
    ['R$ 4.50', 450],
    ['-R$ 4.50', -450],
    ['US$4.50', 450],
    ['USD $4.50', 450],
    ['4.50 US$', 450],
    ['4.50 UAH', 450],
    ['-4.50', -450],
    ['−4.50', -450],
    ['-£4.50', -450],
    ['£-4.50', -450],
    ['4.50-', -450],
    ['(4.50)', -450],
    ['-0.00', 0],
    ['4.5000', 450],
    ['21474836.47', 2_147_483_647],
  ])('%s is %i minor units', (text, amountMinor) => expect(read(text)).toBe(amountMinor));

  test.each([
    '',
    'free',
    '4.5.0',
    '1,23.00',
    '12,3456.00',
    '4.505',
    '12x5',
    '$ x 4.50',
    '--4',
    '21474836.48',
    '1e3',
    'NaN',
  ])('“%s” is not one', (text) => expect(read(text)).toBeTypeOf('string'));

  test('has the digits of its currency: none in yen, three in dinars', () => {
    expect(read('450', '.', 0)).toBe(450);
    expect(read('450.5', '.', 0)).toBeTypeOf('string');
    expect(read('1.234', '.', 3)).toBe(1234);
    expect(read('1.234,5', ',', 3)).toBe(1_234_500);
  });

  test('is never rounded on the way, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2_000_000_000 }),
        fc.integer({ min: 0, max: 3 }),
        (minor, digits) => {
          const figures = String(minor).padStart(digits + 1, '0');
          const whole = figures.slice(0, figures.length - digits);
          const text = digits === 0 ? whole : `${whole}.${figures.slice(-digits)}`;
          expect(read(text, '.', digits)).toBe(minor);
          expect(read(text.replace('.', ','), ',', digits)).toBe(minor);
        },
      ),
    );
  });

  test.each([
    ['1.234,50', ','],
    ['1,234.50', '.'],
    ['38,7', ','],
    ['38.70', '.'],
    ['1.234.567', ','],
    ['1,234', undefined],
    ['1234', undefined],
    // The point of an abbreviation is none of the number's.
    ['Fr. 4.50', '.'],
    ['kr. 45', undefined],
    ['45 kr.', undefined],
    ['1.234,567', ','],
    ['1,234.567', '.'],
  ])('%s shows the decimal mark %s', (text, mark) => expect(spotDecimalMark(text, 2)).toBe(mark));

  test.each([
    ['3,500', 3, ','],
    ['3.500', 3, '.'],
    ['1,234.500', 3, '.'],
    ['45.000', 0, ','],
    ['45,000', 0, '.'],
    ['45000', 0, undefined],
  ])('%s of a currency with %i decimals shows the decimal mark %s', (text, minorDigits, mark) =>
    expect(spotDecimalMark(text, minorDigits)).toBe(mark),
  );
});

test('a cell far too long for an amount is a fault at once, and is not repeated', () => {
  expect(read(`1${' '.repeat(1_000)}1`)).toBe('this is too long for an amount');
});

describe('an amount of another currency', () => {
  test.each([
    ['3,50 €', 'GBP', '€'],
    ['EUR 3.50', 'GBP', 'EUR'],
    ['3.50 eur', 'GBP', 'EUR'],
    ['₴40', 'EUR', '₴'],
    ['£1.00', 'EUR', '£'],
    ['US$1.00', 'EUR', 'US$'],
    ['$1.00', 'EUR', '$'],
    ['$ 1.00', 'GBP', '$'],
    ['¥450', 'EUR', '¥'],
    ['￥450', 'EUR', '￥'],
    ['﷼450', 'EUR', '﷼'],
    ['zł 1.00', 'EUR', 'zł'],
    ['1,00 zł', 'EUR', 'zł'],
    ['35 kr.', 'EUR', 'kr'],
    ['US$1.00', 'CAD', 'US$'],
    ['NZ$ 1.00', 'AUD', 'NZ$'],
    ['R$ 4,50', 'EUR', '$'],
    ['CN¥5', 'JPY', 'CN¥'],
    ['£3.50', 'GBP', undefined],
    ['3,50 €', 'EUR', undefined],
    ['40.00 UAH', 'UAH', undefined],
    ['40 ₴', 'UAH', undefined],
    ['A$3.50', 'AUD', undefined],
    ['$3.50', 'CAD', undefined],
    ['¥450', 'CNY', undefined],
    ['3,50 zł', 'PLN', undefined],
    ['35 kr.', 'SEK', undefined],
    ['3.50', 'GBP', undefined],
    ['3.50 net', 'GBP', undefined],
    ['3.50 A', 'EUR', undefined],
    ['¤3.50', 'GBP', undefined],
    ['US$3.50', 'USD', undefined],
    ['USD $3.50', 'USD', undefined],
    ['C$3.50', 'CAD', undefined],
    ['CA$3.50', 'CAD', undefined],
    ['A$3.50', 'NZD', undefined],
    ['RD$350', 'DOP', undefined],
    ['R$ 4,50', 'BRL', undefined],
    ['NT$45', 'TWD', undefined],
    ['Bs. 4,50', 'BOB', undefined],
    ['￥450', 'JPY', undefined],
    ['450 円', 'JPY', undefined],
    ['E£3.50', 'EGP', undefined],
    ['£3.50', 'EGP', undefined],
    ['Rs. 350', 'INR', undefined],
    ['₨350', 'PKR', undefined],
    ['45 грн', 'UAH', undefined],
    ['45 грн.', 'EUR', undefined],
    ['MOP$4.50', 'MOP', undefined],
    ['$4.50', 'WST', undefined],
    ['﷼450', 'IRR', undefined],
    ['€4.50', 'CHF', '€'],
    ['45 lei', 'MDL', undefined],
    ['Fr. 4.50', 'CHF', undefined],
  ])('is known by its sign: %s in a shop of %s', (text, currency, other) =>
    expect(spotOtherCurrency(text, currency)).toBe(other),
  );
});
