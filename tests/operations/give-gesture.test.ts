import { v7 as uuid } from 'uuid';
import { expect, it } from 'vitest';
import { makeCardSecret, computeCardCode } from '../../src/operations/card-codes.ts';
import { giveGesture } from '../../src/operations/give-gesture.ts';
import { issueCard } from '../../src/operations/issue-card.ts';
import { recordSale } from '../../src/operations/record-sale.ts';
import { aShop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';

const attempt = () => ({ operationId: uuid(), requestHash: 'x' });

forEachDatabase('giving a gesture', (database) => {
  it('a double stamp at 9 of 10 fills the card and puts one stamp on the next', async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db);
    const secret = makeCardSecret();
    await issueCard(db, clock)({ ...shop, secret });
    const cardCode = computeCardCode(secret);
    const coffee = (quantity: number) => ({
      attempt: attempt(),
      cardCode,
      lines: [{ itemId: shop.flatWhite.itemId, quantity }],
    });
    await recordSale(db, clock)(shop.ada, coffee(9));
    clock.advance({ days: 1 });
    const sold = await recordSale(db, clock)(shop.ada, coffee(1));
    expect(sold).toMatchObject({ answer: { card: { stamps: 0, openRewards: [{ kind: 'stamps' }] } } });
    const given = await giveGesture(db, clock)(shop.ada, {
      attempt: attempt(),
      cardCode,
      kind: 'double_stamp',
      reason: 'long_day',
    });
    expect(given).toMatchObject({
      answer: {
        card: { stamps: 1, openRewards: [{ kind: 'stamps' }] },
        allowance: { remaining: 2, limit: 3 },
      },
    });
  });

  it('a thousand taps at once on an allowance of three give exactly three', async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, { coolDownDays: 0 });
    const secret = makeCardSecret();
    await issueCard(db, clock)({ ...shop, secret });
    const outcomes = await Promise.all(
      Array.from({ length: 1000 }, () =>
        giveGesture(db, clock)(shop.ada, {
          attempt: attempt(),
          cardCode: computeCardCode(secret),
          kind: 'double_stamp',
          reason: 'long_day',
        }),
      ),
    );
    const refusals = outcomes.map((one) =>
      'answer' in one && 'refused' in one.answer ? one.answer.refused : null,
    );
    expect(refusals.filter((refused) => refused === null)).toHaveLength(3);
    expect(refusals.filter((refused) => refused === 'allowance-spent')).toHaveLength(997);
  });
});
