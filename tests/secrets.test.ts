import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSecrets } from '../src/secrets.ts';

let dataFolder: string;
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'doublestamp-secrets-'));
});
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }));

const strong = (seed: string) => `${seed}-0123456789-abcdefghijklmnopqrstuvwxyz`;
const none = { tokenSecret: undefined, passwordPepper: undefined };
const path = () => join(dataFolder, 'secrets.json');

test('secrets are drawn once, kept for the owner of the file alone, and the same after a restart', () => {
  const first = loadSecrets({ dataFolder, ...none });
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  expect(readdirSync(dataFolder)).toEqual(['secrets.json']);
  const kept = JSON.parse(readFileSync(path(), 'utf8')) as { tokenSecrets: string[]; passwordPepper: string };
  expect(Buffer.from(kept.tokenSecrets[0]!, 'base64url').length).toBe(32);
  expect(Buffer.from(kept.passwordPepper, 'base64url').length).toBe(32);
  const second = loadSecrets({ dataFolder, ...none });
  expect(second.tokenKeys[0].keyId).toBe(first.tokenKeys[0].keyId);
  expect(second.pepper).toEqual(first.pepper);
  expect(second.cardKey).toEqual(first.cardKey);
});

test('what the environment gives is used, and then nothing is written', () => {
  const config = {
    dataFolder,
    tokenSecret: `${strong('new')},${strong('old')}`,
    passwordPepper: strong('pepper'),
  };
  const { tokenKeys, pepper } = loadSecrets(config);
  expect(tokenKeys.map(({ key }) => key.export().toString())).toEqual([strong('new'), strong('old')]);
  expect(Buffer.from(pepper).toString()).toBe(strong('pepper'));
  expect(readdirSync(dataFolder)).toEqual([]);
});

test('a weak secret is refused, with the way to a good one', () => {
  for (const weak of ['short', 'a'.repeat(64), `${strong('good')},short`])
    expect(() => loadSecrets({ dataFolder, ...none, tokenSecret: weak })).toThrow(
      /TOKEN_SECRET is too weak.*openssl rand/s,
    );
  expect(() => loadSecrets({ dataFolder, ...none, passwordPepper: 'x'.repeat(31) })).toThrow(
    /PASSWORD_PEPPER is too weak/,
  );
});

test('a file others can read, or that is damaged, stops the start and says what to do', () => {
  loadSecrets({ dataFolder, ...none });
  chmodSync(path(), 0o644);
  expect(() => loadSecrets({ dataFolder, ...none })).toThrow(/chmod 600/);
  chmodSync(path(), 0o600);
  writeFileSync(path(), '{"tokenSecrets": [');
  expect(() => loadSecrets({ dataFolder, ...none })).toThrow(/Put it back from a backup/);
});
