import { expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';

test('the public address is what browsers call it, however it was typed', () => {
  const read = (address: string) => readConfig({ PUBLIC_URL: address }).publicUrl;
  expect(read('https://stamps.example.com')).toBe('https://stamps.example.com');
  expect(read('HTTPS://Stamps.Example.com/')).toBe('https://stamps.example.com');
  expect(read('https://stamps.example.com:443')).toBe('https://stamps.example.com');
  expect(read('http://192.168.1.20:4747/')).toBe('http://192.168.1.20:4747');
  expect(read('')).toBeUndefined();
});

test('an address that is more than a place is refused, and how to say it is told', () => {
  for (const address of ['https://example.com/stamps', 'https://me@example.com', 'stamps.example.com'])
    expect(() => readConfig({ PUBLIC_URL: address })).toThrow(/PUBLIC_URL: say it as https:/);
});

test('who mail comes from has an address, or mail servers would take it for a bounce', () => {
  const fromOf = (MAIL_FROM: string) => readConfig({ MAIL_FROM }).mail.from;
  for (const from of ['hello@example.com', 'Bean, Kind <hello@example.com>', '"Zoë" <hello@example.com>'])
    expect(fromOf(from)).toBe(from);
  for (const from of ['The Kind Bean', 'hello@', 'A <a@example.com>, B <b@example.com>'])
    expect(() => fromOf(from)).toThrow(/MAIL_FROM: say it as The Kind Bean <hello@example\.com>/);
});
