import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSealer } from '../../src/operations/seal.ts';

const key = randomBytes(32);

test('what is sealed opens again, and only for what it was sealed for', () => {
  const sealer = createSealer(key);
  const sealed = sealer.seal('JBSWY3DPEHPK3PXP', 'totp:ada');
  expect(sealed).not.toContain('JBSWY3DPEHPK3PXP');
  expect(sealer.seal('JBSWY3DPEHPK3PXP', 'totp:ada')).not.toBe(sealed);
  expect(sealer.open(sealed, 'totp:ada')).toBe('JBSWY3DPEHPK3PXP');
  expect(() => sealer.open(sealed, 'totp:bo')).toThrow(/unable to authenticate/i);
});

test('a sealed secret that was changed, or meets another key, does not open', () => {
  const sealed = createSealer(key).seal('secret', 'season');
  const bytes = Buffer.from(sealed, 'base64url');
  bytes[bytes.length - 1]! ^= 1;
  expect(() => createSealer(key).open(bytes.toString('base64url'), 'season')).toThrow(
    /unable to authenticate/i,
  );
  expect(() => createSealer(randomBytes(32)).open(sealed, 'season')).toThrow(/unable to authenticate/i);
});
