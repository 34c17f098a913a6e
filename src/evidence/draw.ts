/** What decides a draw, besides the season's key. */
export interface DrawUnit {
  locationId: string;
  customerId: string;
  /** Business day of the location, 'YYYY-MM-DD'. */
  businessDay: string;
}

export interface Draw {
  /** From 0 up to, not including, 2^52: u is this number of 2^52. */
  u: number;
  isDrawn: boolean;
}

/**
 * HMAC-SHA256 of a text in UTF-8 under the season's key, as 64 hex digits. The key is 32 bytes; how they are written
 * down is the caller's affair.
 */
export type SeasonHmac = (text: string) => string;

/** A draw as it stands in the log. */
export interface LoggedDraw extends DrawUnit, Draw {
  chanceMillionths: number;
}

const U_DIGITS = 13;
const U_RANGE = 2 ** 52;
const MILLION = 1_000_000;

/**
 * The draw of a customer at a location on a business day: `u` = the first 13 hex digits of
 * HMAC-SHA256(seasonKey, "v1|location|customer|day") over 2^52, drawn when `u < chance`. The same unit always draws the
 * same, so scanning again can't re-roll.
 *
 * @throws RangeError when an id holds a `|`, which would let two units share a text
 */
export function computeDraw(
  { locationId, customerId, businessDay, chanceMillionths }: DrawUnit & { chanceMillionths: number },
  hmac: SeasonHmac,
): Draw {
  const parts = [locationId, customerId, businessDay];
  if (parts.some((part) => part.includes('|'))) throw new RangeError('An id of a draw can hold no |');
  const u = Number.parseInt(hmac(`v1|${parts.join('|')}`).slice(0, U_DIGITS), 16);
  return { u, isDrawn: u / U_RANGE < chanceMillionths / MILLION };
}

/** What a season began with, and every draw of it goes by: its chance, and the key that was sealed. */
export interface DrawRule {
  chanceMillionths: number;
  hmac: SeasonHmac;
}

/** Draws once more, and looks whether it was by the season's chance: one that is certain would always pass. */
export const auditDraw = (logged: LoggedDraw, { chanceMillionths, hmac }: DrawRule): boolean => {
  const { u, isDrawn } = computeDraw(logged, hmac);
  return chanceMillionths === logged.chanceMillionths && u === logged.u && isDrawn === logged.isDrawn;
};
