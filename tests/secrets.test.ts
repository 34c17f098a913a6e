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
  const first = loadSecrets({ dataFolder, ...none }, { hasShop: false });
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  expect(readdirSync(dataFolder)).toEqual(['secrets.json']);
  const kept = JSON.parse(readFileSync(path(), 'utf8')) as { tokenSecrets: string[]; passwordPepper: string };
  expect(Buffer.from(kept.tokenSecrets[0]!, 'base64url').length).toBe(32);
  expect(Buffer.from(kept.passwordPepper, 'base64url').length).toBe(32);
  const second = loadSecrets({ dataFolder, ...none }, { hasShop: false });
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
  const { tokenKeys, pepper } = loadSecrets(config, { hasShop: false });
  expect(tokenKeys.map(({ key }) => key.export().toString())).toEqual([strong('new'), strong('old')]);
  expect(Buffer.from(pepper).toString()).toBe(strong('pepper'));
  expect(readdirSync(dataFolder)).toEqual([]);
});

test('a weak secret is refused, with the way to a good one', () => {
  const short = strong('short').slice(0, 31);
  for (const weak of [short, 'a'.repeat(64), `${strong('good')},${short}`])
    expect(() => loadSecrets({ dataFolder, ...none, tokenSecret: weak }, { hasShop: false })).toThrow(
      /TOKEN_SECRET is too weak.*openssl rand/s,
    );
  expect(() => loadSecrets({ dataFolder, ...none, passwordPepper: short }, { hasShop: false })).toThrow(
    /PASSWORD_PEPPER is too weak/,
  );
  const enough = strong('enough').slice(0, 32);
  expect(
    loadSecrets({ dataFolder, ...none, tokenSecret: enough }, { hasShop: false }).tokenKeys,
  ).toHaveLength(1);
});

test('a file others can read, or that is damaged, stops the start and says what to do', () => {
  loadSecrets({ dataFolder, ...none }, { hasShop: false });
  chmodSync(path(), 0o644);
  expect(() => loadSecrets({ dataFolder, ...none }, { hasShop: false })).toThrow(/chmod 600/);
  chmodSync(path(), 0o600);
  writeFileSync(path(), '{"tokenSecrets": [');
  expect(() => loadSecrets({ dataFolder, ...none }, { hasShop: false })).toThrow(/Put it back from a backup/);
});

test('secrets missing beside a shop are asked for, and new ones are never made in their place', () => {
  const withShop = { hasShop: true };
  expect(() => loadSecrets({ dataFolder, ...none }, withShop)).toThrow(/Put secrets\.json back/);
  expect(() => loadSecrets({ dataFolder, ...none, tokenSecret: strong('token') }, withShop)).toThrow(
    /TOKEN_SECRET and PASSWORD_PEPPER/,
  );
  expect(readdirSync(dataFolder)).toEqual([]);
  const given = { tokenSecret: strong('token'), passwordPepper: strong('pepper') };
  expect(loadSecrets({ dataFolder, ...given }, withShop).tokenKeys).toHaveLength(1);
  const { pepper } = loadSecrets({ dataFolder, ...none }, { hasShop: false });
  expect(loadSecrets({ dataFolder, ...none }, withShop).pepper).toEqual(pepper);
});
