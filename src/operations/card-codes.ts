import { createHmac, hash, randomBytes, randomInt } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
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
  return Array.from({ length: SHORT_CODE_LENGTH }, () => CROCKFORD[randomInt(CROCKFORD.length)]).join('');
}

/** `7F3K9QPD` as people read it: `7F3K-9QPD`. */
export function formatShortCode(shortCode: string): string {
  return `${shortCode.slice(0, 4)}-${shortCode.slice(4)}`;
}

/** What somebody typed, as a short code: letters that look like figures are read as figures. */
export function readShortCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return code.length === SHORT_CODE_LENGTH && [...code].every((letter) => CROCKFORD.includes(letter))
    ? code
    : undefined;
}

function toBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(value >>> bits) & 31];
      value &= (1 << bits) - 1;
    }
  }
  return bits > 0 ? text + BASE32[(value << (5 - bits)) & 31] : text;
}
