import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { describe, expect, it } from 'vitest';
import { computeEntryHash } from '../../src/operations/append-entries.ts';
import { recordSaleIn } from '../../src/operations/record-sale.ts';
import { verifyLedger } from '../../src/operations/verify-ledger.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aCard } from '../support/a-card.ts';
import type { TestCard } from '../support/a-card.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { tamper } from '../support/tamper.ts';

/** Why the database refused: its own words, which Drizzle keeps as the cause. */
async function reasonOf(refused: Promise<unknown>): Promise<string> {
  const error = await refused.then(
    () => null,
    (reason: unknown) => reason as Error,
  );
  return `${error?.message} ${(error?.cause as Error | undefined)?.message}`;
}

forEachDatabase('the ledger', (database) => {
  /** A shop with a day's work behind it: entries 1 to 9. */
  const afterADay = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db);
    const till = aTill(db, clock, shop);
    const card = await aCard(db, shop, { stamps: 9 });
    const { sale } = granted(await till.sell(card, 2));
    const { gesture } = granted(await till.give(card, { saleId: sale.saleId }));
    granted(await till.undo(gesture.gestureId));
    granted(await till.redeem(card, { saleId: sale.saleId }));
    granted(await till.refund(sale.saleId, { amountMinor: 175 }));
    granted(await till.refund(sale.saleId, { wholeSale: true }));
    granted(await till.sell(await aCard(db, shop), 1));
    return { shop, card, till };
  };
  const entry = ({ merchantId }: Shop, sequence: number) =>
    `merchant_id = '${merchantId}' AND sequence = ${sequence}`;

  it('of a day’s work is right from the first entry to the last', async () => {
    const { till, shop } = await afterADay();
    expect(await till.fault()).toBeNull();
    const other = await aShop(database.db);
    expect(await aTill(database.db, new FixedClock('2026-03-02T09:00:00Z'), other).fault()).toBeNull();
    expect(shop.merchantId).not.toBe(other.merchantId);
  });

  it('cannot be rewritten or shortened, not even by the program itself', async () => {
    const { till, shop } = await afterADay();
    const { merchantId } = shop;
    const rewrite = database.db.transact((tx) =>
      tx.query((d, { entries }) =>
        d.update(entries).set({ stamps: 5 }).where(eq(entries.merchantId, merchantId)),
      ),
    );
    expect(await reasonOf(rewrite)).toContain('append-only');
    const shorten = database.db.transact((tx) =>
      tx.query((d, { entries }) => d.delete(entries).where(eq(entries.merchantId, merchantId))),
    );
    expect(await reasonOf(shorten)).toContain('append-only');
    expect(await till.fault()).toBeNull();
  });

  describe('shows that somebody changed', () => {
    it.each([
      ['card_id', `(SELECT max(card_id) FROM cards)`],
      ['kind', `'adjusted'`],
      ['stamps', '3'],
      ['sale_id', 'NULL'],
      ['gesture_id', `'someone-else'`],
      ['reward_id', `'another'`],
      ['refund_id', `'another'`],
      ['staff_id', `'somebody'`],
      ['device_id', 'NULL'],
      ['location_id', `'elsewhere'`],
      ['at', 'LATER'],
      ['business_day', `'2026-03-03'`],
      ['hash', `'${'0'.repeat(64)}'`],
    ])('the column %s of an entry', async (column, value) => {
      const { till, shop } = await afterADay();
      const later = database.db.dialect === 'sqlite' ? 'at + 1' : `at + interval '1 millisecond'`;
      await tamper(
        database,
        `UPDATE entries SET ${column} = ${value.replace('LATER', later)} WHERE ${entry(shop, 2)}`,
      );
      expect(await till.fault()).toEqual({ fault: 'entry-changed', sequence: 2 });
    });

    it('the ledger by taking an entry out of its middle, or off its end', async () => {
      const { till, shop } = await afterADay();
      await tamper(database, `DELETE FROM entries WHERE ${entry(shop, 4)}`);
      expect(await till.fault()).toEqual({ fault: 'entry-changed', sequence: 5 });
      const next = await afterADay();
      const { entryCount } = await lengthOf(next.shop);
      await tamper(database, `DELETE FROM entries WHERE ${entry(next.shop, entryCount)}`);
      expect(await next.till.fault()).toEqual({ fault: 'entries-missing', sequence: entryCount - 1 });
    });

    it('the ledger by writing its last entry anew, with the hash that fits', async () => {
      const { till, shop } = await afterADay();
      const entries = await rowsOf(database.db, shop, 'entries');
      const [before, last] = entries.toSorted((a, b) => a.sequence - b.sequence).slice(-2);
      const { sequence } = last!;
      const entryHash = computeEntryHash({
        previousHash: before!.hash,
        entry: { ...last!, staffId: shop.ben.staffId },
      });
      const change = `staff_id = '${shop.ben.staffId}', hash = '${entryHash}'`;
      await tamper(database, `UPDATE entries SET ${change} WHERE ${entry(shop, sequence)}`);
      expect(await till.fault()).toEqual({ fault: 'entry-changed', sequence });
    });

    it('the ledger by taking its last link away', async () => {
      const { till, shop } = await afterADay();
      await tamper(database, `DELETE FROM chain_heads WHERE merchant_id = '${shop.merchantId}'`);
      expect(await till.fault()).toEqual({ fault: 'entry-changed', sequence: 1 });
    });

    it('the stamps kept on a card', async () => {
      const { till, shop, card } = await afterADay();
      const where = `merchant_id = '${shop.merchantId}' AND card_id = '${card.cardId}'`;
      await tamper(database, `UPDATE cards SET balance = balance + 10 WHERE ${where}`);
      expect(await till.fault()).toMatchObject({
        fault: 'balance-wrong',
        cardId: card.cardId,
        balance: 19,
        sumOfEntries: 9,
      });
    });

    it('how many stamps the open rewards hold, or how many there are', async () => {
      const { till, shop, card } = await afterADay();
      const where = `merchant_id = '${shop.merchantId}' AND card_id = '${card.cardId}'`;
      await tamper(database, `UPDATE cards SET held_stamps = 10 WHERE ${where}`);
      const wrong = { fault: 'open-rewards-wrong', cardId: card.cardId };
      expect(await till.fault()).toEqual(wrong);
      await tamper(database, `UPDATE cards SET held_stamps = 0, open_reward_count = 1 WHERE ${where}`);
      expect(await till.fault()).toEqual(wrong);
    });

    it('a reward that was drunk into one that is open', async () => {
      const { db } = database;
      const clock = new FixedClock('2026-03-02T09:00:00Z');
      const shop = await aShop(db);
      const till = aTill(db, clock, shop);
      const card = await aCard(db, shop, { stamps: 10 });
      const { rewardId } = granted(await till.redeem(card)).reward;
      expect(await till.fault()).toBeNull();
      await tamper(database, `UPDATE rewards SET status = 'open' WHERE reward_id = '${rewardId}'`);
      expect(await till.fault()).toEqual({ fault: 'reward-wrong', cardId: card.cardId, rewardId });
    });
  });

  it('of more entries and cards than fit a page is checked to the end', async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db);
    const till = aTill(db, clock, shop);
    const cards: TestCard[] = [];
    for (let issued = 0; issued < 250; issued++) cards.push(await aCard(db, shop));
    // All at once: 1,100 tills would only wait for one another.
    await db.transact(async (tx) => {
      for (let sale = 0; sale < 1_100; sale++)
        granted(
          await recordSaleIn(tx, {
            ...shop.ada,
            saleId: uuid(),
            cardCode: cards[sale % 250]!.cardCode,
            lines: [{ itemId: shop.flatWhite.itemId, quantity: 1 }],
            occurredAt: clock.now(),
            recordedAt: clock.now(),
          }),
        );
    });
    expect(await lengthOf(shop)).toEqual({ entryCount: 1_100, cardCount: 250, fault: null });
    const last = cards
      .map(({ cardId }) => cardId)
      .toSorted()
      .at(-1)!;
    await tamper(database, `UPDATE cards SET balance = 0 WHERE card_id = '${last}'`);
    expect(await till.fault()).toMatchObject({ fault: 'balance-wrong', cardId: last });
    await tamper(database, `UPDATE entries SET stamps = 2 WHERE ${entry(shop, 1_099)}`);
    expect(await till.fault()).toEqual({ fault: 'entry-changed', sequence: 1_099 });
  });

  const lengthOf = ({ merchantId }: Shop) => verifyLedger(database.db)({ merchantId });
});
