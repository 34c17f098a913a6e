import type { Attempt } from './answer-once.ts';

/** A week: a till that was away for longer is looked at by a manager, not believed. */
export const MAX_TAPPED_AGO_MS = 7 * 86_400_000;

/**
 * When the barista tapped what arrives now: a till that was offline says how long ago, never when, because its clock
 * may be wrong by hours. Without a word, now.
 */
export function tappedAt({ tappedAgoMs = 0 }: Attempt, now: Date): Date {
  return new Date(now.getTime() - tappedAgoMs);
}
