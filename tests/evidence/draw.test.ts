import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { auditDraw, computeDraw } from '../../src/evidence/draw.ts';
import type { LoggedDraw } from '../../src/evidence/draw.ts';

const hmacOf = (key: Buffer) => (text: string) => createHmac('sha256', key).update(text).digest('hex');
const hmac = hmacOf(Buffer.alloc(32, 7));
const unit = { locationId: 'high-street', customerId: 'ida', businessDay: '2026-03-02' };

const logged = (customerId: string, chanceMillionths = 50_000): LoggedDraw => ({
  ...unit,
  customerId,
  chanceMillionths,
  ...computeDraw({ ...unit, customerId, chanceMillionths }, hmac),
});

test('a draw can be worked out by anybody who has the key, with nothing but openssl', () => {
  // printf 'v1|high-street|ida|2026-03-02' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…07
  const digits = '2e2c220c4e9081416417a80d03661e0d6bc0f2e2c79e58a813c9e608fabab242';
  expect(computeDraw({ ...unit, chanceMillionths: 50_000 }, hmac).u).toBe(Number(`0x${digits.slice(0, 13)}`));
});

test('scanning again draws the same, and another day, customer or shop draws anew', () => {
  const draw = (change: Partial<typeof unit>) =>
    computeDraw({ ...unit, ...change, chanceMillionths: 50_000 }, hmac).u;
  expect(draw({})).toBe(draw({}));
  const others = [
    draw({ businessDay: '2026-03-03' }),
    draw({ customerId: 'ada' }),
    draw({ locationId: 'mill-lane' }),
  ];
  expect(new Set([draw({}), ...others]).size).toBe(4);
});

test('one visit in 20 is drawn, and no customer more than the others', () => {
  const drawn = Array.from({ length: 20_000 }, (_, visit) => logged(`customer ${visit}`)).filter(
    ({ isDrawn }) => isDrawn,
  ).length;
  expect(Math.abs(drawn - 1_000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.05 * 0.95));
});

test('u is below 2^52, and is drawn only below the chance', () => {
  const most = computeDraw({ ...unit, chanceMillionths: 1_000_000 }, () => 'f'.repeat(64));
  expect(most).toEqual({ u: 2 ** 52 - 1, isDrawn: true });
  const half = '8'.padEnd(64, '0');
  expect(computeDraw({ ...unit, chanceMillionths: 500_000 }, () => half).isDrawn).toBe(false);
  expect(computeDraw({ ...unit, chanceMillionths: 500_001 }, () => half).isDrawn).toBe(true);
  expect(computeDraw({ ...unit, chanceMillionths: 0 }, () => '0'.repeat(64)).isDrawn).toBe(false);
});

test('an honest log passes the audit, and a draw that was changed does not', () => {
  const [draw, chanceMillionths] = [logged('ida', 500_000), 500_000];
  const passes = (change: Partial<LoggedDraw>, key = hmac) =>
    auditDraw({ ...draw, ...change }, { chanceMillionths, hmac: key });
  expect(passes({})).toBe(true);
  expect(passes({ isDrawn: !draw.isDrawn })).toBe(false);
  expect(passes({ u: draw.u + 1 })).toBe(false);
  expect(passes({}, hmacOf(Buffer.alloc(32, 8)))).toBe(false);
  // Drawn by a chance of its own, which makes it certain: the season's did not.
  expect(passes({ chanceMillionths: 1_000_000, isDrawn: true })).toBe(false);
});

test('an id that could be mistaken for two is refused', () => {
  expect(() => computeDraw({ ...unit, customerId: 'ida|x', chanceMillionths: 1 }, hmac)).toThrow(RangeError);
});
