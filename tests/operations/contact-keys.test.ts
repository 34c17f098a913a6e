import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameColumnsOf, nameKeyOf, phoneOf } from '../../src/operations/contact-keys.ts';

describe('how a name is searched for', () => {
  test.each([
    ['Zoë', 'zoe'],
    ['  Ada   Lovelace ', 'ada lovelace'],
    ['Søren Łukasz', 'soren lukasz'],
    ['O’Brien', 'obrien'],
    ['Anne-Marie', 'anne marie'],
    ['Straße', 'strasse'],
    ['İpek', 'ipek'],
    ['Юлія', 'юлія'.normalize('NFKD').replaceAll(/\p{Mn}/gu, '')],
    ['山田 太郎', '山田 太郎'],
    ['100% _Max_', '100 max'],
    ['☕', ''],
  ])('%j is found as %j', (name, key) => expect(nameKeyOf(name)).toBe(key));

  test('the key of a key is the same key, and holds no wildcard', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const key = nameKeyOf(name);
        expect(nameKeyOf(key)).toBe(key);
        expect(key).not.toMatch(/[%_\\]/);
      }),
    );
  });

  test('no name leaves nothing to search for', () => {
    expect(nameColumnsOf('  ')).toEqual({ name: null, nameKey: null });
    expect(nameColumnsOf(null)).toEqual({ name: null, nameKey: null });
    expect(nameColumnsOf(' Zoë ')).toEqual({ name: 'Zoë', nameKey: 'zoe' });
  });
});

describe('a phone number', () => {
  test.each([
    ['020 7946 0958', '02079460958', '0958'],
    ['+44 (0)20 7946 0958', '+442079460958', '0958'],
    ['0044 20 7946 0958', '+442079460958', '0958'],
    ['(020) 7946-0958', '02079460958', '0958'],
    ['067/123.45.67', '0671234567', '4567'],
    ['＋４４ ２０ ７９４６ ０９５８', '+442079460958', '0958'],
    ['٠٥٥ ١٢٣ ٤٥٦٧', '0551234567', '4567'],
    ['۰۹۱۲ ۳۴۵ ۶۷۸۹', '09123456789', '6789'],
    ['०९८४ १२३४५६', '0984123456', '3456'],
  ])('%s is kept as %s and found by %s', (text, phone, phoneEnd) =>
    expect(phoneOf(text)).toEqual({ phone, phoneEnd }),
  );

  test.each(['', '12345', '1234567890123456', 'call me', '+', '07946x0958', '0207946 ext 12'])(
    '%j is none',
    (text) => expect(phoneOf(text)).toBeNull(),
  );
});
