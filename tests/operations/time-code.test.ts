import { describe, expect, test } from 'vitest';
import { computeTimeCode, findStepOfCode, stepOf } from '../../src/operations/time-code.ts';

/** RFC 6238, appendix B: seconds since 1970 and the code of eight digits, for each algorithm. */
const VECTORS = [
  [59, '94287082', '46119246'],
  [1_111_111_109, '07081804', '68084774'],
  [1_111_111_111, '14050471', '67062674'],
  [1_234_567_890, '89005924', '91819424'],
  [2_000_000_000, '69279037', '90698825'],
  [20_000_000_000, '65353130', '77737706'],
] as const;
const SHA1_KEY = Buffer.from('12345678901234567890');
const SHA256_KEY = Buffer.from('12345678901234567890123456789012');

describe('a code of the moment', () => {
  test.each(VECTORS)('is the one RFC 6238 prints for second %d', (seconds, sha1, sha256) => {
    const step = stepOf(new Date(seconds * 1000));
    expect(computeTimeCode({ key: SHA1_KEY, step, digits: 8, algorithm: 'sha1' })).toBe(sha1);
    expect(computeTimeCode({ key: SHA256_KEY, step, digits: 8, algorithm: 'sha256' })).toBe(sha256);
  });

  test('changes every thirty seconds and not before', () => {
    expect(stepOf(new Date(29_999))).toBe(0);
    expect(stepOf(new Date(30_000))).toBe(1);
  });

  test('of six digits is the end of the one of eight', () => {
    expect(computeTimeCode({ key: SHA1_KEY, step: 1, digits: 6, algorithm: 'sha1' })).toBe('287082');
  });

  test('is found one step early or late, and no further', () => {
    const how = { key: SHA256_KEY, digits: 6, algorithm: 'sha256' } as const;
    const code = computeTimeCode({ ...how, step: 100 });
    expect([98, 99, 100, 101, 102].map((step) => findStepOfCode(code, { ...how, step }))).toEqual([
      undefined,
      100,
      100,
      100,
      undefined,
    ]);
    expect(findStepOfCode('12345', { ...how, step: 100 })).toBeUndefined();
  });
});
