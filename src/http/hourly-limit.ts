const HOUR_MS = 3_600_000;
/** Who is remembered; the longest known are forgotten first. */
const MAX_ADDRESSES = 20_000;

/**
 * Counts what is done by one network, or for one address of mail, and says whether it may be. In memory: enough
 * against a bored visitor, and nothing about anybody is kept.
 */
export function makeHourlyLimit(most: number): { take(whose: string, now: Date): boolean } {
  const counts = new Map<string, { startedAt: number; count: number }>();
  return {
    take(whose, now) {
      const known = counts.get(whose);
      if (known && now.getTime() - known.startedAt < HOUR_MS) {
        known.count++;
        return known.count <= most;
      }
      counts.delete(whose);
      counts.set(whose, { startedAt: now.getTime(), count: 1 });
      if (counts.size > MAX_ADDRESSES) counts.delete(counts.keys().next().value!);
      return true;
    },
  };
}
