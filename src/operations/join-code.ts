import { randomBytes } from 'node:crypto';

const BYTES = 9;

/** The code in a location's public join link: 72 random bits, so that only those who saw the link find it. */
export function makeJoinCode(): string {
  return randomBytes(BYTES).toString('base64url');
}
