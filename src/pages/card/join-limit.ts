import { isIPv6 } from 'node:net';

/** A whole café may share one address, and a mobile network thousands of customers. */
export const MAX_JOINS_PER_HOUR = 60;
const HOUR_MS = 3_600_000;
/** Addresses remembered; the longest known are forgotten first. */
const MAX_ADDRESSES = 20_000;
/** An IPv6 household has the first four groups of its address in common. */
const IPV6_GROUPS = 4;

/** Counts new cards by address, in memory: enough against a bored visitor, and nothing about anybody is kept. */
export function makeJoinLimit(): { mayJoin(address: string, now: Date): boolean } {
  const counts = new Map<string, { startedAt: number; count: number }>();
  return {
    mayJoin(address, now) {
      const key = groupOf(address);
      const known = counts.get(key);
      if (known && now.getTime() - known.startedAt < HOUR_MS) {
        known.count++;
        return known.count <= MAX_JOINS_PER_HOUR;
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
