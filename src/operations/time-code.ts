import { createHmac } from 'node:crypto';
import { isSameText } from './same-text.ts';

/** How long a code is shown before the next one (RFC 6238, "time step"). */
export const STEP_MS = 30_000;

/**
 * A code that whoever holds `key` can compute for a time step: TOTP, RFC 6238 section 4. `sha1` is what authenticator
 * apps understand; `digits` at most 8.
 */
export function computeTimeCode({
  key,
  step,
  digits,
  algorithm,
}: {
  key: Uint8Array;
  step: number;
  digits: number;
  algorithm: 'sha1' | 'sha256';
}): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac(algorithm, key).update(counter).digest();
  // Dynamic truncation, RFC 4226 section 5.3: the last four bits say where the code is read.
  const offset = digest.at(-1)! & 0xf;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** The time step an instant lies in, counted from 1970. */
export function stepOf(instant: Date): number {
  return Math.floor(instant.getTime() / STEP_MS);
}

/**
 * The step, at most one before or after `step`, whose code this is: clocks differ a little, and a code may change
 * while it is typed. Undefined when it is none of theirs.
 */
export function findStepOfCode(
  code: string,
  { step, ...how }: { key: Uint8Array; step: number; digits: number; algorithm: 'sha1' | 'sha256' },
): number | undefined {
  return [step, step - 1, step + 1].find((near) => isSameText(code, computeTimeCode({ ...how, step: near })));
}
