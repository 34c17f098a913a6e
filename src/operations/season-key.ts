import { createHmac, createSecretKey, hash, randomBytes } from 'node:crypto';
import type { SeasonHmac } from '../evidence/draw.ts';
import type { Sealer } from './seal.ts';

const KEY_BYTES = 32;

/** What is kept of a season's key: it can be opened by this server alone, and checked by everybody once it is out. */
export interface SealedKey {
  sealedKey: string;
  /** SHA-256 of the key's 32 bytes, in hexadecimal. */
  keyHash: string;
}

/** Draws the key of a season's draws: 256 random bits that nobody sees before the season ends. */
export function makeSeasonKey(sealer: Sealer, { seasonId }: { seasonId: string }): SealedKey {
  return sealSeasonKey(sealer, { seasonId, key: randomBytes(KEY_BYTES).toString('hex') });
}

/** Keeps a key that is known already, in hexadecimal: a made-up season is drawn from its shop's seed. */
export function sealSeasonKey(
  sealer: Sealer,
  { seasonId, key }: { seasonId: string; key: string },
): SealedKey {
  return { sealedKey: sealer.seal(key, purposeOf(seasonId)), keyHash: hashSeasonKey(key) };
}

/** The key in hexadecimal; null when the secrets it was sealed under are lost. */
export function openSeasonKey(
  sealer: Sealer,
  { seasonId, sealedKey }: { seasonId: string; sealedKey: string },
): string | null {
  try {
    return sealer.open(sealedKey, purposeOf(seasonId));
  } catch {
    return null;
  }
}

/** SHA-256 of the bytes of a key in hexadecimal. */
export function hashSeasonKey(key: string): string {
  return hash('sha256', Buffer.from(key, 'hex'));
}

/** HMAC-SHA256 under a key in hexadecimal, as `computeDraw` takes it. */
export function seasonHmac(key: string): SeasonHmac {
  const secret = createSecretKey(key, 'hex');
  return (text) => createHmac('sha256', secret).update(text).digest('hex');
}

const purposeOf = (seasonId: string): string => `season ${seasonId}`;
