import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import type { Clock } from '../../src/clock.ts';
import { computeCardCode, makeCardSecret } from '../../src/operations/card-codes.ts';
import { giveGesture } from '../../src/operations/give-gesture.ts';
import { issueCardIn } from '../../src/operations/issue-card.ts';
import { redeemReward } from '../../src/operations/redeem-reward.ts';
import { recordSale } from '../../src/operations/record-sale.ts';
import type { GestureReason } from '../../src/loyalty/gesture.ts';
import type { Shop } from './a-shop.ts';
import { testSecrets } from './server.ts';

export interface Customer {
  /** Opens the card's page. */
  secret: string;
  cardId: string;
  /** What the till reads from the QR. */
  cardCode: string;
  buyCoffee(quantity?: number): Promise<void>;
  isGivenDoubleStamp(reason?: GestureReason): Promise<{ gestureId: string }>;
  redeems(): Promise<void>;
}

/** Somebody with a new card of this shop, served by Ada. */
export async function aCustomer(
  { db, clock, shop }: { db: Database; clock: Clock; shop: Shop },
  name?: string,
): Promise<Customer> {
  const secret = makeCardSecret();
  const cardCode = computeCardCode(secret);
  const { merchantId, locationId } = shop;
  const card = { merchantId, locationId, secret, customerName: name };
  const issued = await db.transact((tx) => issueCardIn(tx, card, clock.now()));
  if ('refused' in issued) throw new Error(issued.refused);
  const attempt = () => ({ operationId: uuid(), requestHash: '' });
  return {
    secret,
    cardId: issued.card.cardId,
    cardCode,
    async buyCoffee(quantity = 1) {
      const lines = [{ itemId: shop.flatWhite.itemId, quantity }];
      done(await recordSale(db, clock)(shop.ada, { attempt: attempt(), cardCode, lines }));
    },
    async isGivenDoubleStamp(reason = 'long_wait') {
      const request = { attempt: attempt(), cardCode, kind: 'double_stamp', reason } as const;
      return done(await giveGesture(db, clock)(shop.ada, request)).gesture;
    },
    async redeems() {
      const redeem = redeemReward(db, clock, testSecrets.cardKey);
      done(await redeem(shop.ada, { attempt: attempt(), cardCode, override: true }));
    },
  };
}

type Refused = { refused: string };

function done<Answer extends object>(answered: { answer: Answer } | Refused): Exclude<Answer, Refused> {
  const answer = 'answer' in answered ? answered.answer : answered;
  if ('refused' in answer) throw new Error(String(answer.refused));
  return answer as Exclude<Answer, Refused>;
}
