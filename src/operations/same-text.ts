import { timingSafeEqual } from 'node:crypto';

/** Whether what was given is what is kept secret; says by the time it takes nothing but whether their lengths differ. */
export function isSameText(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
