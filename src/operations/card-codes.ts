import { createHmac, hash, randomBytes, randomInt } from 'node:crypto';
import { toBase32 } from './base32.ts';

/** Crockford's: no I, L, O or U, so nothing is misread from a phone held at arm's length. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SHORT_CODE_LENGTH = 8;
const SECRET_BYTES = 16;

export const CARD_CODE_PREFIX = 'GST1:';

/** A new card's secret, 128 random bits as 26 lower-case letters and figures: whoever has it, has the card. */
export function makeCardSecret(): string {
  return toBase32(randomBytes(SECRET_BYTES)).toLowerCase();
}

/**
 * The secret of the card that one operation at a till issues: the same when the operation is repeated, so that the
 * answer can be given again without keeping the secret.
 */
export function deriveCardSecret(
  key: Uint8Array,
  operation: { merchantId: string; operationId: string },
): string {
  const { merchantId, operationId } = operation;
  const digest = createHmac('sha256', key).update(`card secret ${merchantId} ${operationId}`).digest();
  return toBase32(digest.subarray(0, SECRET_BYTES)).toLowerCase();
}

/**
 * The code in the card's QR. It follows from the secret and not the other way, so a photograph of the QR does not open
 * the card's page. Only `A-Z0-9:`, which every keyboard-wedge scanner types right.
 */
export function computeCardCode(secret: string): string {
  const digest = hash('sha256', `doublestamp card code${secret}`, 'buffer');
  return CARD_CODE_PREFIX + toBase32(digest.subarray(0, SECRET_BYTES));
}

/** SHA-256 in hexadecimal: what is stored of a secret. */
export function hashOf(text: string): string {
  return hash('sha256', text);
}

/** Eight random letters and figures that staff can type. */
export function makeShortCode(): string {
  return drawLetters(SHORT_CODE_LENGTH);
}

/** Random letters and figures, five bits each, of those that nobody misreads. */
export function drawLetters(count: number): string {
  return Array.from({ length: count }, () => CROCKFORD[randomInt(CROCKFORD.length)]).join('');
}

/** `7F3K9QPD` as people read it: `7F3K-9QPD`. */
export function formatShortCode(shortCode: string): string {
  return `${shortCode.slice(0, 4)}-${shortCode.slice(4)}`;
}

/** What somebody typed of `drawLetters`: letters that look like figures are read as figures. */
export function readLetters(typed: string): string {
  return typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
}

/** What somebody typed, as a short code. */
export function readShortCode(typed: string): string | undefined {
  const code = readLetters(typed);
  return code.length === SHORT_CODE_LENGTH && [...code].every((letter) => CROCKFORD.includes(letter))
    ? code
    : undefined;
}
