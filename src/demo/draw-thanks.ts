import type { Row } from './books.ts';
import type { Random } from './random.ts';

/** Of what was given, how much somebody says thank you for, and how long they take to look at their card. */
const THANKING_SHARE = 0.35;
const LOOKED_AFTER_MS = 40 * 60_000;

/** Who of those that were given something said thank you on their card. */
export function drawThanks(
  random: Random,
  { gestures, now }: { gestures: readonly Row<'gestures'>[]; now: Date },
): Row<'thanks'>[] {
  return gestures.flatMap(({ merchantId, gestureId, givenAt, undoneAt }) => {
    const thankedAt = new Date(givenAt.getTime() + Math.round(random.exponential(LOOKED_AFTER_MS)));
    const says = random.chance(THANKING_SHARE);
    return says && !undoneAt && thankedAt <= now ? [{ merchantId, gestureId, thankedAt }] : [];
  });
}
