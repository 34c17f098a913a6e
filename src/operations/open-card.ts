import type { Queries } from '../../db/database.ts';
import { findCardBySecret, findCardPageById } from '../../db/queries/card-page-queries.ts';
import type { CardPageRow } from '../../db/queries/card-page-queries.ts';
import { hashOf } from './card-codes.ts';

/** The card that a secret link opens; that of a card which was joined with another opens the other. */
export async function openCard(queries: Queries, secret: string): Promise<CardPageRow | undefined> {
  const [card] = await findCardBySecret(queries, { secretHash: hashOf(secret) });
  if (!card?.joinedIntoId) return card;
  const [joined] = await findCardPageById(queries, {
    merchantId: card.merchantId,
    cardId: card.joinedIntoId,
  });
  return joined;
}
