import { createHash, randomBytes, randomInt } from 'node:crypto';
import qrcode from 'qrcode';
import { expect, test } from 'vitest';
import { computeCardCode, makeCardSecret } from '../../src/operations/card-codes.ts';
import { computeLiveCode } from '../../src/operations/live-code.ts';
import { stepOf } from '../../src/operations/time-code.ts';
// @ts-expect-error Served as it is, so it has no types.
import { computeLiveCode as computeOnPhone, sha256 } from '../../src/pages/card/browser/live-code.js';
// @ts-expect-error Served as it is, so it has no types.
import { computeQr, QR_TEXT_LENGTH } from '../../src/pages/card/browser/qr.js';

test('the phone computes the code that the server expects', () => {
  for (let tries = 0; tries < 200; tries++) {
    const key = randomBytes(32);
    const at = new Date(randomInt(2 ** 42));
    expect(computeOnPhone(new Uint8Array(key), stepOf(at))).toBe(computeLiveCode(key, at));
  }
});

test('the phone’s SHA-256 is SHA-256, whatever the length', () => {
  for (let length = 0; length < 200; length++) {
    const bytes = randomBytes(length);
    expect(Buffer.from(sha256(new Uint8Array(bytes))).toString('hex')).toBe(
      createHash('sha256').update(bytes).digest('hex'),
    );
  }
});

test('the QR that the phone draws is the one a QR library draws', () => {
  for (let tries = 0; tries < 100; tries++) {
    const text = `${computeCardCode(makeCardSecret())}:${String(randomInt(1_000_000)).padStart(6, '0')}`;
    expect(text).toHaveLength(QR_TEXT_LENGTH);
    const { modules } = qrcode.create(text, { errorCorrectionLevel: 'M', maskPattern: 0 });
    const expected = Array.from({ length: modules.size }, (_, y) =>
      Array.from({ length: modules.size }, (_, x) => modules.get(y, x) === 1),
    );
    expect(computeQr(text)).toEqual(expected);
  }
});

test('a text that is not a card’s code is not drawn at all', () => {
  expect(() => computeQr('GST1:')).toThrow('38 characters');
});
