import { isIPv6 } from 'node:net';

/** An IPv6 household has the first four groups of its address in common. */
const IPV6_GROUPS = 4;
/** Some proxies say the port as well, another with each connection: `203.0.113.7:50123`, `[2001:db8::7]:50123`. */
const WITH_PORT = /^\[(.+)\](?::\d+)?$|^([\d.]+):\d+$/;

/** One household, office or café: its IPv4 address, or the first half of an IPv6 one, of which it has 2^64. */
export function networkOf(told: string): string {
  const address = told.replace(WITH_PORT, '$1$2');
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const last = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::') ? Array<string>(8 - groups.length - last.length).fill('0') : [];
  return [...groups, ...zeros, ...last].slice(0, IPV6_GROUPS).join(':');
}
