import { isIPv6 } from 'node:net';

const HOUR_MS = 3_600_000;
/** Who is remembered; the longest known are forgotten first. */
const MAX_ADDRESSES = 20_000;
/** An IPv6 household has the first four groups of its address in common. */
const IPV6_GROUPS = 4;

/**
 * Counts what somebody does by their address (of the network, or of mail) and says whether they may. In memory: enough
 * against a bored visitor, and nothing about anybody is kept.
 */
export function makeHourlyLimit(most: number): { take(address: string, now: Date): boolean } {
  const counts = new Map<string, { startedAt: number; count: number }>();
  return {
    take(address, now) {
      const key = groupOf(address);
      const known = counts.get(key);
      if (known && now.getTime() - known.startedAt < HOUR_MS) {
        known.count++;
        return known.count <= most;
      }
      counts.delete(key);
      counts.set(key, { startedAt: now.getTime(), count: 1 });
      if (counts.size > MAX_ADDRESSES) counts.delete(counts.keys().next().value!);
      return true;
    },
  };
}

function groupOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const last = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::') ? Array<string>(8 - groups.length - last.length).fill('0') : [];
  return [...groups, ...zeros, ...last].slice(0, IPV6_GROUPS).join(':');
}
