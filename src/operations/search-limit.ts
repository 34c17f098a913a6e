import type { Queries } from '../../db/database.ts';
import { findAttempts, saveAttempts } from '../../db/queries/attempt-queries.ts';

/** A queue of people without their card is not longer than this. */
const MAX_AT_ONCE = 20;
/** One more each so often: somebody who wants to read the whole list of customers needs years. */
const ONE_MORE_EVERY_MS = 15_000;

/**
 * Counts a look-up of customers, found or not, in a leaking bucket for each person and till: 20 at once, then one every
 * 15 seconds. Kept in the database: a restart changes nothing.
 */
export async function takeSearch(
  tx: Queries,
  {
    merchantId,
    staffId,
    deviceId,
    now,
  }: { merchantId: string; staffId: string; deviceId: string; now: Date },
): Promise<{ refused: 'too-many-requests'; retryAt: Date } | null> {
  const subject = `find:${deviceId}:${staffId}`;
  const earlier = await findAttempts(tx, { merchantId, subject });
  const { count, leakedAt } = leak(earlier, now);
  if (count >= MAX_AT_ONCE)
    return { refused: 'too-many-requests', retryAt: new Date(leakedAt.getTime() + ONE_MORE_EVERY_MS) };
  await saveAttempts(tx, {
    merchantId,
    subject,
    failedCount: count + 1,
    lockedUntil: null,
    lastFailedAt: leakedAt,
  });
  return null;
}

/** What is left in the bucket, and when its last drop fell. */
function leak(
  earlier: { failedCount: number; lastFailedAt: Date } | undefined,
  now: Date,
): { count: number; leakedAt: Date } {
  if (!earlier) return { count: 0, leakedAt: now };
  const elapsedMs = Math.max(0, now.getTime() - earlier.lastFailedAt.getTime());
  const drops = Math.floor(elapsedMs / ONE_MORE_EVERY_MS);
  if (drops >= earlier.failedCount) return { count: 0, leakedAt: now };
  return {
    count: earlier.failedCount - drops,
    leakedAt: new Date(earlier.lastFailedAt.getTime() + drops * ONE_MORE_EVERY_MS),
  };
}
