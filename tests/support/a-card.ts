import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { findCardById } from '../../db/queries/card-queries.ts';
import type { Attempt } from '../../src/operations/answer-once.ts';
import { computeCardCode, makeCardSecret } from '../../src/operations/card-codes.ts';
import { issueCardIn } from '../../src/operations/issue-card.ts';
import { postToCard } from '../../src/operations/post-to-card.ts';
import type { Shop } from './a-shop.ts';

export interface TestCard {
  cardId: string;
  /** What a till scans. */
  cardCode: string;
  /** The end of the customer's link. */
  secret: string;
}

/** A first attempt at an operation: another id each time. */
export function attempt(requestHash = 'what was asked'): Attempt {
  return { operationId: uuid(), requestHash };
}

/** A customer's card in a shop, with so many stamps (an owner's adjustment, so that no sale is needed). */
export async function aCard(
  db: Database,
  shop: Shop,
  {
    stamps = 0,
    now = new Date('2026-03-02T09:00:00Z'),
    staffId,
    customerName,
    secret = makeCardSecret(),
  }: { stamps?: number; now?: Date; staffId?: string; customerName?: string; secret?: string } = {},
): Promise<TestCard> {
  const { merchantId, locationId } = shop;
  const card = { merchantId, locationId, secret, staffId, customerName };
  const issued = await db.transact((tx) => issueCardIn(tx, card, now));
  if ('refused' in issued) throw new Error(`No card: ${issued.refused}`);
  const { cardId } = issued.card;
  if (stamps !== 0) await adjustCard(db, shop, { cardId, stamps, now });
  return { cardId, cardCode: computeCardCode(secret), secret };
}

/** Puts stamps on a card, or takes some off. */
export async function adjustCard(
  db: Database,
  { merchantId, locationId, owner }: Shop,
  { cardId, stamps, now }: { cardId: string; stamps: number; now: Date },
): Promise<void> {
  await db.transact(async (tx) => {
    const [card] = await findCardById(tx, { merchantId, cardId });
    await postToCard(tx, {
      card: card!,
      entries: [{ kind: 'adjusted', stamps }],
      context: {
        merchantId,
        locationId,
        staffId: owner.staffId,
        deviceId: null,
        at: now,
        businessDay: now.toISOString().slice(0, 10),
      },
    });
  });
}
