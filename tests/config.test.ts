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
