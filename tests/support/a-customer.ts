import type { Database } from '../../db/database.ts';
import type { Clock } from '../../src/clock.ts';
import type { GestureReason } from '../../src/loyalty/gesture.ts';
import { aCard } from './a-card.ts';
import type { TestCard } from './a-card.ts';
import type { Shop } from './a-shop.ts';
import { aTill } from './a-till.ts';
import { granted } from './answers.ts';

export interface Customer extends TestCard {
  buyCoffee(quantity?: number): Promise<void>;
  isGivenDoubleStamp(reason?: GestureReason): Promise<{ gestureId: string }>;
  redeems(): Promise<void>;
}

/** Somebody with a new card of this shop, served by Ada. */
export async function aCustomer(
  { db, clock, shop }: { db: Database; clock: Clock; shop: Shop },
  customerName?: string,
): Promise<Customer> {
  const card = await aCard(db, shop, { customerName, now: clock.now() });
  const till = aTill(db, clock, shop);
  return {
    ...card,
    async buyCoffee(quantity) {
      granted(await till.sell(card, quantity));
    },
    async isGivenDoubleStamp(reason = 'long_wait') {
      return granted(await till.give(card, { reason })).gesture;
    },
    async redeems() {
      granted(await till.redeem(card));
    },
  };
}
