import { hash, randomBytes } from 'node:crypto';
import type { SeasonHmac } from '../evidence/draw.ts';
import type { Sealer } from './seal.ts';

const KEY_BYTES = 32;
const BLOCK_BYTES = 64;
const MOST_TEXT_BYTES = 1_024;

/** What is kept of a season's key: it can be opened by this server alone, and checked by everybody once it is out. */
export interface SealedKey {
  sealedKey: string;
  /** SHA-256 of the key's 32 bytes, in hexadecimal. */
  keyHash: string;
}

/** Draws the key of a season's draws: 256 random bits that nobody sees before the season ends. */
export function makeSeasonKey(sealer: Sealer, { seasonId }: { seasonId: string }): SealedKey {
  const key = randomBytes(KEY_BYTES).toString('hex');
  return { sealedKey: sealer.seal(key, purposeOf(seasonId)), keyHash: hashSeasonKey(key) };
}

/** The key in hexadecimal. @throws when it was sealed by another server's key */
export function openSeasonKey(
  sealer: Sealer,
  { seasonId, sealedKey }: { seasonId: string; sealedKey: string },
): string {
  return sealer.open(sealedKey, purposeOf(seasonId));
}

/** SHA-256 of the bytes of a key in hexadecimal. */
export function hashSeasonKey(key: string): string {
  return hash('sha256', Buffer.from(key, 'hex'));
}

/**
 * HMAC-SHA256 under a key in hexadecimal, as `computeDraw` takes it: written out as RFC 2104 has it, H(key ⊕ opad ‖
 * H(key ⊕ ipad ‖ text)), with the key's two blocks made once, because a season's draws are all drawn again each night.
 */
export function seasonHmac(key: string): SeasonHmac {
  const bytes = Buffer.from(key, 'hex');
  const inner = Buffer.alloc(BLOCK_BYTES + MOST_TEXT_BYTES, 0x36);
  const outer = Buffer.alloc(BLOCK_BYTES + KEY_BYTES, 0x5c);
  for (let place = 0; place < BLOCK_BYTES; place++) {
    inner[place] = (bytes[place] ?? 0) ^ 0x36;
    outer[place] = (bytes[place] ?? 0) ^ 0x5c;
  }
  return (text) => {
    const written = inner.write(text, BLOCK_BYTES);
    if (written >= MOST_TEXT_BYTES) throw new RangeError('That is more than a draw is made of');
    outer.set(hash('sha256', inner.subarray(0, BLOCK_BYTES + written), 'buffer'), BLOCK_BYTES);
    return hash('sha256', outer);
  };
}

const purposeOf = (seasonId: string): string => `season ${seasonId}`;
