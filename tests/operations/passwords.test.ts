import { verify } from '@node-rs/argon2';
import { expect, test, vi } from 'vitest';
import { createPasswords } from '../../src/operations/passwords.ts';

// The real functions, watched: how long a check takes is told by its work, not by a clock.
vi.mock('@node-rs/argon2', { spy: true });

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

test('nobody’s password is never right, and is checked by the same work', async () => {
  const passwords = createPasswords(pepper);
  const hashed = await passwords.hash('4711');
  const calls = vi.mocked(verify).mockClear().mock.calls;
  expect(await passwords.verify(hashed, 'nobody')).toBe(false);
  expect(await passwords.verify(null, 'nobody')).toBe(false);
  const [somebodys, nobodys] = calls;
  expect(nobodys![0]).not.toBe(somebodys![0]);
  expect(costOf(nobodys![0])).toBe(costOf(somebodys![0]));
  expect(nobodys!.slice(1)).toEqual(somebodys!.slice(1));
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

/** The algorithm, memory, passes and lanes that a hash asks for: all of it but the salt and the digest. */
function costOf(hashed: unknown): string {
  return String(hashed).split('$').slice(0, 4).join('$');
}
