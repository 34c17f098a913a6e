import { createHmac } from 'node:crypto';
import { computeTimeCode, findStepOfCode } from './time-code.ts';

/** Enough to type it on another phone; the one before is good too, because it may change meanwhile. */
const STEP_MS = 10 * 60_000;
const HOW = { digits: 6, algorithm: 'sha256' } as const;

interface Joinable {
  cardId: string;
  secretHash: string | null;
}

/**
 * The six digits by which one card shows another that both are in the same hands, before the other takes over all that
 * is on it, and who its customer is. Not the live code: that is shown to a whole queue, and whoever takes a picture of it
 * must not get the card. These are on the page of the customer's details alone.
 */
export function computeJoiningCode(cardKey: Uint8Array, card: Joinable, at: Date): string {
  return computeTimeCode({ ...HOW, key: deriveJoiningKey(cardKey, card), step: stepOf(at) });
}

/** Whether these are a card's digits of this stretch of ten minutes, or of the one before or after it. */
export function isJoiningCode(cardKey: Uint8Array, card: Joinable, code: string, now: Date): boolean {
  const key = deriveJoiningKey(cardKey, card);
  return findStepOfCode(code, { ...HOW, key, step: stepOf(now) }) !== undefined;
}

/** As the key of the live codes, it is stored nowhere and ends with the card's link. */
function deriveJoiningKey(cardKey: Uint8Array, { cardId, secretHash }: Joinable): Buffer {
  return createHmac('sha256', cardKey)
    .update(`joining ${cardId} ${secretHash ?? ''}`)
    .digest();
}

function stepOf(instant: Date): number {
  return Math.floor(instant.getTime() / STEP_MS);
}
