import type { Queries } from '../../db/database.ts';
import { findCardByCode, findCardById, findCardByShortCode } from '../../db/queries/card-queries.ts';
import type { CardRow } from '../../db/queries/card-queries.ts';
import { CARD_CODE_PREFIX, hashOf, readShortCode } from './card-codes.ts';
import { splitScannedCode } from './live-code.ts';

const CARD_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The card that somebody scanned (`GST1:…`, with or without its live code) or typed (`7F3K-9QPD`), or that a page names
 * by its id. A card that was joined with another leads to that one; that of somebody forgotten is closed for good, also
 * to the short code that is still in somebody's notes.
 */
export async function findCard(
  tx: Queries,
  { merchantId, cardCode }: { merchantId: string; cardCode: string },
): Promise<CardRow | undefined> {
  const code = cardCode.trim();
  const [card] = await rowsFor(tx, merchantId, splitScannedCode(code).cardCode);
  if (card?.forgottenAt) return undefined;
  if (!card?.joinedIntoId) return card;
  const [joined] = await findCardById(tx, { merchantId, cardId: card.joinedIntoId });
  return joined;
}

async function rowsFor(tx: Queries, merchantId: string, code: string): Promise<CardRow[]> {
  if (code.toUpperCase().startsWith(CARD_CODE_PREFIX))
    return findCardByCode(tx, { merchantId, codeHash: hashOf(code.toUpperCase()) });
  if (CARD_ID.test(code)) return findCardById(tx, { merchantId, cardId: code });
  const shortCode = readShortCode(code);
  return shortCode ? findCardByShortCode(tx, { merchantId, shortCode }) : [];
}
