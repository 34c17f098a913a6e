import { expect, test } from 'vitest';
import { createPasswords } from '../../src/operations/passwords.ts';

const pepper = Buffer.from('a-test-pepper-of-more-than-32-bytes-0123456789');

test('a password is right on every keyboard, and wrong when it is not it', async () => {
  const passwords = createPasswords(pepper);
  const hashed = await passwords.hash('caf\u00e9 au lait');
  expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.verify(hashed, 'cafe\u0301 au lait')).toBe(true);
  expect(await passwords.verify(hashed, 'cafe au lait')).toBe(false);
});

test('a stolen database without the pepper is worth nothing', async () => {
  const hashed = await createPasswords(pepper).hash('4711');
  expect(await createPasswords(Buffer.from('another pepper')).verify(hashed, '4711')).toBe(false);
});

test('nobody’s password is never right, and takes as long to check', async () => {
  const passwords = createPasswords(pepper);
  const hashed = await passwords.hash('4711');
  const msOf = async (hash: string | null) => {
    const times: number[] = [];
    for (let n = 0; n < 15; n++) {
      const startedAt = performance.now();
      await passwords.verify(hash, 'nobody');
      times.push(performance.now() - startedAt);
    }
    return times.sort((a, b) => a - b)[7]!;
  };
  expect(await passwords.verify(null, 'nobody')).toBe(false);
  const ratio = (await msOf(null)) / (await msOf(hashed));
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});

test('a flood of guesses is told to come back, and passes', async () => {
  const passwords = createPasswords(pepper);
  const hashed = await passwords.hash('4711');
  const flood = Array.from({ length: 60 }, () => passwords.verify(hashed, '4711'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(passwords.isBusy()).toBe(true);
  expect(new Set(await Promise.all(flood))).toEqual(new Set([true]));
  expect(passwords.isBusy()).toBe(false);
});
