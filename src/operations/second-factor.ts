import { randomBytes } from 'node:crypto';
import type { Database, Queries } from '../../db/database.ts';
import { forgetAttempts } from '../../db/queries/attempt-queries.ts';
import { findMerchant } from '../../db/queries/merchant-queries.ts';
import { findStaff, updateStaff } from '../../db/queries/staff-queries.ts';
import type { StaffRow } from '../../db/queries/staff-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { fromBase32, toBase32 } from './base32.ts';
import { drawLetters, hashOf, readLetters } from './card-codes.ts';
import { takeGuess } from './guess-limit.ts';
import type { Guessed, Locked } from './guess-limit.ts';
import type { Sealer } from './seal.ts';
import { findStepOfCode, stepOf } from './time-code.ts';

/** As long as the hash, which RFC 4226 recommends. */
const SECRET_BYTES = 20;
/** What authenticator apps show. */
const CODE = { digits: 6, algorithm: 'sha1' } as const;
const RECOVERY_CODE_COUNT = 10;
/** Twelve of Crockford's letters are 60 bits: not to be guessed, even by somebody who has the hashes. */
const RECOVERY_CODE_LENGTH = 12;

export type SecondFactorRefusal =
  | Locked
  /** The password was right; now the code. */
  | { refused: 'second-factor-needed' }
  | { refused: 'second-factor-wrong'; triesLeft: number; retryAt: Date | null };

export interface SecondFactorState {
  isOn: boolean;
  /** Since when; null while it is off. */
  since: Date | null;
  recoveryCodesLeft: number;
}

/** Whether somebody's sign-in asks for a code as well. */
export const readSecondFactor =
  (db: Database) =>
  async ({ merchantId, staffId }: Actor): Promise<SecondFactorState> => {
    const person = await db.read((queries) => findStaff(queries, { merchantId, staffId }));
    const since = person?.totpConfirmedAt ?? null;
    return {
      isOn: since !== null,
      since,
      recoveryCodesLeft: since ? (person?.recoveryCodeHashes?.length ?? 0) : 0,
    };
  };

/**
 * Makes the secret of a second factor, which asks for nothing until `confirmSecondFactor`. Begun anew, it is another
 * secret. `secret` is what a person types into an authenticator app, `link` what its camera reads.
 */
export const startSecondFactor =
  (db: Database, clock: Clock, sealer: Sealer) =>
  (actor: Actor): Promise<{ secret: string; link: string } | { refused: 'second-factor-on' }> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    const secret = toBase32(randomBytes(SECRET_BYTES));
    const totpSecret = sealer.seal(secret, purposeOf(actor));
    return db.transact(async (tx) => {
      const person = await requirePerson(tx, actor);
      if (person.totpConfirmedAt) return { refused: 'second-factor-on' };
      await updateStaff(tx, { merchantId, staffId, change: { totpSecret, totpLastStep: null } });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'second-factor.started',
        subjectId: staffId,
        details: {},
      });
      return { secret, link: await linkFor(tx, person, secret) };
    });
  };

/** The link of a second factor that was begun and not confirmed, for its QR code. */
export const readSecondFactorLink =
  (db: Database, sealer: Sealer) =>
  (actor: Actor): Promise<{ link: string } | { refused: 'second-factor-not-begun' }> =>
    db.read(async (queries) => {
      const person = await requirePerson(queries, actor);
      if (!person.totpSecret || person.totpConfirmedAt) return { refused: 'second-factor-not-begun' };
      return { link: await linkFor(queries, person, sealer.open(person.totpSecret, purposeOf(actor))) };
    });

/** Turns it on with a first code from the app, and makes the codes that stand in for a lost phone: shown this once. */
export const confirmSecondFactor =
  (db: Database, clock: Clock, sealer: Sealer) =>
  (
    actor: Actor,
    { code }: { code: string },
  ): Promise<
    | { recoveryCodes: string[] }
    | SecondFactorRefusal
    | { refused: 'second-factor-on' }
    | { refused: 'second-factor-not-begun' }
  > => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    const recoveryCodes = makeRecoveryCodes();
    return db.transact(async (tx) => {
      const person = await requirePerson(tx, actor);
      if (person.totpConfirmedAt) return { refused: 'second-factor-on' };
      if (!person.totpSecret) return { refused: 'second-factor-not-begun' };
      const guess = await takeGuess(tx, { ...guessedCode(actor), now });
      if ('refused' in guess) return guess;
      const step = stepOfCode(person, { code, sealer, now });
      if (step === undefined)
        return { refused: 'second-factor-wrong', triesLeft: guess.triesLeft, retryAt: guess.lockedUntil };
      await forgetAttempts(tx, guessedCode(actor));
      const change = {
        totpConfirmedAt: now,
        totpLastStep: step,
        recoveryCodeHashes: recoveryCodes.map((one) => recoveryHash(actor, one)),
      };
      await updateStaff(tx, { merchantId, staffId, change });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'second-factor.turned-on',
        subjectId: staffId,
        details: {},
      });
      return { recoveryCodes };
    });
  };

/** Makes the recovery codes anew; the old ones are worth nothing from then on. */
export const renewRecoveryCodes =
  (db: Database, clock: Clock) =>
  (actor: Actor): Promise<{ recoveryCodes: string[] } | { refused: 'second-factor-not-begun' }> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    const recoveryCodes = makeRecoveryCodes();
    return db.transact(async (tx) => {
      const person = await requirePerson(tx, actor);
      if (!person.totpConfirmedAt) return { refused: 'second-factor-not-begun' };
      const recoveryCodeHashes = recoveryCodes.map((one) => recoveryHash(actor, one));
      await updateStaff(tx, { merchantId, staffId, change: { recoveryCodeHashes } });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'second-factor.codes-renewed',
        subjectId: staffId,
        details: {},
      });
      return { recoveryCodes };
    });
  };

/** Columns of somebody without a second factor. */
export const NO_SECOND_FACTOR = {
  totpSecret: null,
  totpConfirmedAt: null,
  totpLastStep: null,
  recoveryCodeHashes: null,
};

/**
 * Asks for the second factor of somebody whose password was right, in the transaction of what they want to do. Takes
 * a code of the app, once for each time step, or a recovery code, once. Undefined when all is well: also for somebody
 * who has none. Tries are counted for the person, apart from those of the password.
 */
export async function passSecondFactor(
  tx: Queries,
  { person, code, sealer, now }: { person: StaffRow; code: string | undefined; sealer: Sealer; now: Date },
): Promise<SecondFactorRefusal | undefined> {
  if (!person.totpConfirmedAt) return undefined;
  if (!code) return { refused: 'second-factor-needed' };
  const { merchantId, staffId } = person;
  const guessed = guessedCode(person);
  const guess = await takeGuess(tx, { ...guessed, now });
  if ('refused' in guess) return guess;
  const change = changeByCode(person, { code, sealer, now });
  if (!change) {
    if (guess.lockedUntil) await noteLock(tx, { person, until: guess.lockedUntil, now });
    return { refused: 'second-factor-wrong', triesLeft: guess.triesLeft, retryAt: guess.lockedUntil };
  }
  await forgetAttempts(tx, guessed);
  await updateStaff(tx, { merchantId, staffId, change });
  if (change.recoveryCodeHashes)
    await appendAudit(tx, {
      merchantId,
      at: now,
      staffId,
      action: 'second-factor.recovery-code-used',
      subjectId: staffId,
      details: { left: change.recoveryCodeHashes.length },
    });
  return undefined;
}

/** What a code that is right changes: it works once. */
function changeByCode(
  person: StaffRow,
  { code, sealer, now }: { code: string; sealer: Sealer; now: Date },
): { totpLastStep: number; recoveryCodeHashes?: undefined } | { recoveryCodeHashes: string[] } | undefined {
  const typed = code.replaceAll(/[\s-]/g, '');
  if (/^\d{6}$/.test(typed)) {
    const step = stepOfCode(person, { code: typed, sealer, now });
    return step === undefined ? undefined : { totpLastStep: step };
  }
  const hashes = person.recoveryCodeHashes ?? [];
  const hash = recoveryHash(person, typed);
  return hashes.includes(hash) ? { recoveryCodeHashes: hashes.filter((one) => one !== hash) } : undefined;
}

/** The time step whose code this is; undefined when it is none of now, or one not later than the last that was used. */
function stepOfCode(
  person: StaffRow,
  { code, sealer, now }: { code: string; sealer: Sealer; now: Date },
): number | undefined {
  if (!person.totpSecret) return undefined;
  const key = fromBase32(sealer.open(person.totpSecret, purposeOf(person)));
  const typed = code.replaceAll(/[\s-]/g, '');
  const step = findStepOfCode(typed, { ...CODE, key, step: stepOf(now) });
  return step !== undefined && step > (person.totpLastStep ?? -1) ? step : undefined;
}

async function requirePerson(
  queries: Queries,
  { merchantId, staffId }: { merchantId: string; staffId: string },
): Promise<StaffRow> {
  const person = await findStaff(queries, { merchantId, staffId });
  if (!person) throw new Error(`Nobody works here as ${staffId}, and yet they are signed in`);
  return person;
}

/** After Google's “Key URI Format”, which the apps agree on. */
async function linkFor(queries: Queries, person: StaffRow, secret: string): Promise<string> {
  const merchant = await findMerchant(queries, person);
  const issuer = `Doublestamp ${merchant.name}`;
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(person.email ?? person.name)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}

function purposeOf({ merchantId, staffId }: { merchantId: string; staffId: string }): string {
  return `totp ${merchantId} ${staffId}`;
}

/** What wrong codes of somebody's second factor are counted under. */
export function guessedCode({ merchantId, staffId }: { merchantId: string; staffId: string }): Guessed {
  return { merchantId, subject: `second-factor:${staffId}` };
}

function noteLock(
  tx: Queries,
  { person, until, now }: { person: StaffRow; until: Date; now: Date },
): Promise<void> {
  return appendAudit(tx, {
    merchantId: person.merchantId,
    at: now,
    staffId: null,
    action: 'second-factor.locked',
    subjectId: person.staffId,
    details: { until: until.toISOString() },
  });
}

/** As people write them down: `7F3K-9QPD-M2XA`. */
function makeRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODE_COUNT }, () =>
    drawLetters(RECOVERY_CODE_LENGTH).replaceAll(/.{4}(?=.)/g, '$&-'),
  );
}

/** Bound to the person: the same code of somebody else is another hash. */
function recoveryHash(
  { merchantId, staffId }: { merchantId: string; staffId: string },
  code: string,
): string {
  return hashOf(`recovery code ${merchantId} ${staffId} ${readLetters(code)}`);
}
