import { expect, it } from 'vitest';
import type { Accrual } from '../../src/loyalty/program.ts';
import { recordSale } from '../../src/operations/record-sale.ts';
import { aShop } from '../support/a-shop.ts';
import type { ShopOptions } from '../support/a-shop.ts';
import { aCard, attempt } from '../support/a-card.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf, setProgram } from '../support/shop-settings.ts';

forEachDatabase('a refund', (database) => {
  const open = async (options: ShopOptions = {}) => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, options);
    return { db, clock, shop, till: aTill(db, clock, shop) };
  };

  it('of a part takes back the same part of the stamps, rounded in the customer’s favour', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop);
    const { sale } = granted(await till.sell(card, 4)); // 1400
    const half = granted(await till.refund(sale.saleId, { amountMinor: 700 }));
    expect(half).toMatchObject({
      amountMinor: 700,
      refundedMinor: 700,
      reversedStamps: 2,
      isFullyRefunded: false,
      card: { stamps: 2 },
    });
    const little = granted(await till.refund(sale.saleId, { amountMinor: 349 }));
    expect(little).toMatchObject({ reversedStamps: 0, card: { stamps: 2 } });
    const penny = granted(await till.refund(sale.saleId, { amountMinor: 1 }));
    expect(penny).toMatchObject({ refundedMinor: 1_050, reversedStamps: 1, card: { stamps: 1 } });
    const rest = granted(await till.refund(sale.saleId, { wholeSale: true }));
    expect(rest).toMatchObject({ amountMinor: 350, isFullyRefunded: true, card: { stamps: 0 } });
    expect(refusalOf(await till.refund(sale.saleId, { wholeSale: true }))).toBe('sale-refunded');
    expect(refusalOf(await till.refund(sale.saleId, { amountMinor: 0 }))).toBe('sale-refunded');
    expect(await rowsOf(db, shop, 'refunds')).toHaveLength(4);
    expect(await till.fault()).toBeNull();
  });

  it('of more than was paid is refused, and says how much can still be paid back', async () => {
    const { till } = await open();
    const { sale } = granted(await till.sell(null, 2));
    granted(await till.refund(sale.saleId, { amountMinor: 300 }));
    expect(await till.refund(sale.saleId, { amountMinor: 401 })).toMatchObject({
      answer: { refused: 'refund-exceeds-sale', refundableMinor: 400 },
    });
  });

  it('of the whole sale, tapped at two tills at the same moment, is paid once', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 1 });
    const { sale } = granted(await till.sell(card, 2));
    const outcomes = await Promise.all([1, 2, 3].map(() => till.refund(sale.saleId, { wholeSale: true })));
    const answers = outcomes.map((outcome) => refusalOf(outcome) ?? 'done');
    expect(answers.toSorted()).toEqual(['done', 'sale-refunded', 'sale-refunded']);
    expect(granted(await till.look(card)).card.stamps).toBe(1);
    expect(await till.fault()).toBeNull();
  });

  it('ends the same in whatever order its parts arrive', async () => {
    const { db, shop, till } = await open();
    const parts = [100, 250, 333, 717];
    const orders = [parts, parts.toReversed(), [717, 100, 333, 250], [250, 717, 100, 333]];
    const ends = [];
    for (const order of orders) {
      const card = await aCard(db, shop, { stamps: 3 });
      const { sale } = granted(await till.sell(card, 7)); // 2450
      for (const amountMinor of order) granted(await till.refund(sale.saleId, { amountMinor }));
      const { stamps, openRewards } = granted(await till.look(card)).card;
      ends.push([stamps, openRewards.length]);
    }
    expect(new Set(ends.map(String)).size).toBe(1);
    expect(ends[0]).toEqual([6, 0]); // 10 less 4 of 7
    expect(await till.fault()).toBeNull();
  });

  it('of the coffee whose stamp filled the card, and that was free for it, leaves nine stamps', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 9 });
    const { sale } = granted(await till.sell(card));
    const { reward } = granted(await till.redeem(card, { saleId: sale.saleId }));
    const refunded = granted(await till.refund(sale.saleId, { wholeSale: true }));
    expect(refunded).toMatchObject({
      amountMinor: 0,
      reversedStamps: 1,
      reopenedRewardIds: [],
      card: { stamps: 9, openRewards: [] },
    });
    expect(refusalOf(await till.redeem(card, { rewardId: reward.rewardId }))).toBe('card-not-full');
    expect(await till.fault()).toBeNull();
  });

  it('of a sale paid with an older reward gives that reward back to be spent again', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 13 });
    clock.advance({ days: 1 });
    const { sale } = granted(await till.sell(card, 2));
    const { rewardId } = granted(await till.redeem(card, { saleId: sale.saleId })).reward;
    const refunded = granted(await till.refund(sale.saleId, { wholeSale: true }));
    expect(refunded).toMatchObject({
      amountMinor: 350,
      reversedStamps: 1,
      reopenedRewardIds: [rewardId],
      card: { stamps: 3, openRewards: [{ rewardId }] },
    });
    expect(granted(await till.redeem(card)).reward.rewardId).toBe(rewardId);
    expect(await till.fault()).toBeNull();
  });

  it('of the line an older reward paid for gives that reward back, and the rest stays sold', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 10 });
    clock.advance({ days: 1 });
    const request = {
      attempt: attempt(),
      cardCode: card.cardCode,
      lines: [shop.flatWhite, shop.granola].map(({ itemId }) => ({ itemId, quantity: 1 })),
    };
    const { sale } = granted(await recordSale(db, clock)(shop.ada, request));
    const redeemed = granted(await till.redeem(card, { saleId: sale.saleId }));
    const place = redeemed.sale!.lines.findIndex(({ paidBy }) => paidBy === 'reward');
    const refunded = granted(await till.refund(sale.saleId, { amountMinor: 0, lineIndexes: [place] }));
    expect(refunded).toMatchObject({
      reopenedRewardIds: [redeemed.reward.rewardId],
      isFullyRefunded: false,
      card: { stamps: 0, openRewards: [{ rewardId: redeemed.reward.rewardId }] },
    });
    expect(granted(await till.redeem(card)).reward.rewardId).toBe(redeemed.reward.rewardId);
    expect(await till.fault()).toBeNull();
  });

  it('of a line that the sale does not have is refused, and nothing is paid back', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 13 });
    const { sale } = granted(await till.sell(card));
    granted(await till.redeem(card, { saleId: sale.saleId }));
    const refund = (lineIndexes: number[]) => till.refund(sale.saleId, { amountMinor: 0, lineIndexes });
    expect(refusalOf(await refund([1]))).toBe('line-unknown');
    expect(granted(await till.look(card)).card.openRewards).toEqual([]);
    expect(granted(await refund([0])).reopenedRewardIds).toHaveLength(1);
    expect(await till.fault()).toBeNull();
  });

  it('of the sale that filled a card takes back the reward that nobody spent', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 8 });
    const { sale } = granted(await till.sell(card, 3));
    const refunded = granted(await till.refund(sale.saleId, { wholeSale: true }));
    expect(refunded.card).toMatchObject({ stamps: 8, openRewards: [] });
    expect(await rowsOf(db, shop, 'rewards')).toMatchObject([{ status: 'reversed' }]);
  });

  it('of a sale that filled two cards, each under its own rules, gives the first of them back', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 8 });
    await setProgram(db, shop, { stampsRequired: 5, rewardName: 'A cake' });
    const { sale, card: full } = granted(await till.sell(card, 9));
    expect(full).toMatchObject({ stamps: 2, stampsRequired: 5, openRewards: [{}, {}] });
    const half = granted(await till.refund(sale.saleId, { amountMinor: 4 * 350 }));
    expect(half.card).toMatchObject({ stamps: 3, stampsRequired: 5, openRewards: [{}] });
    const rest = granted(await till.refund(sale.saleId, { wholeSale: true }));
    expect(rest.card).toMatchObject({ stamps: 8, stampsRequired: 10, openRewards: [] });
    expect(await till.fault()).toBeNull();
  });

  it('of the sale that filled a card leaves it earning as it did, whatever earns stamps on the next one', async () => {
    const { db, clock, shop, till } = await open();
    const change = async (accrual: Accrual) => {
      clock.advance({ days: 1 });
      await setProgram(db, shop, { accrual, createdAt: clock.now() });
    };
    const first = await aCard(db, shop, { stamps: 9 });
    await change({ per: 'sale', minimumMinor: 0 });
    const second = await aCard(db, shop, { stamps: 19, now: clock.now() });
    await change({ per: 'amount', amountMinor: 1_000 });
    for (const card of [first, second]) {
      const { sale } = granted(await till.sell(card));
      granted(await till.refund(sale.saleId, { wholeSale: true }));
      expect(granted(await till.sell(card))).toMatchObject({
        sale: { stampsEarned: 1 },
        card: { stamps: 0 },
      });
      expect(granted(await till.sell(card)).sale.stampsEarned).toBe(0);
    }
    expect(await till.fault()).toBeNull();
  });

  it('after the reward was drunk takes the card below zero rather than lose track', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 8 });
    const { sale } = granted(await till.sell(card, 3));
    granted(await till.redeem(card));
    const refunded = granted(await till.refund(sale.saleId, { wholeSale: true }));
    expect(refunded.card).toMatchObject({ stamps: -2, openRewards: [] });
    expect(await till.fault()).toBeNull();
  });

  it('never takes a gesture back from the customer', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop);
    const { sale } = granted(await till.sell(card));
    granted(await till.give(card, { saleId: sale.saleId }));
    const refunded = granted(await till.refund(sale.saleId, { wholeSale: true }));
    expect(refunded.card?.stamps).toBe(1);
    expect(await rowsOf(db, shop, 'gestures')).toMatchObject([{ undoneAt: null }]);
    expect((await till.allowance()).remaining).toBe(2);
  });

  it('is made at the desk for any location, and at a till for its own only', async () => {
    const { db, clock, shop, till } = await open();
    const { sale } = granted(await till.sell(await aCard(db, shop), 2));
    const elsewhere = { ...shop.ben, place: await anotherTill(db, shop, { isElsewhere: true }) };
    expect(refusalOf(await till.refund(sale.saleId, { wholeSale: true }, elsewhere))).toBe('sale-unknown');
    clock.set('2026-03-04T03:00:00Z');
    granted(await till.refund(sale.saleId, { amountMinor: 350 }, shop.owner));
    granted(await till.refund(sale.saleId, { amountMinor: 350 }, shop.ben));
    expect(await rowsOf(db, shop, 'refunds')).toMatchObject([
      { staffId: shop.owner.staffId, businessDay: '2026-03-03', reversedStamps: 1 },
      { staffId: shop.ben.staffId, businessDay: '2026-03-03', reversedStamps: 1 },
    ]);
    const reversed = (await rowsOf(db, shop, 'entries')).filter(({ kind }) => kind === 'reversed');
    expect(reversed.map(({ deviceId }) => deviceId)).toEqual([null, shop.deviceId]);
  });

  it('of a sale on no card is of money only', async () => {
    const { db, shop, till } = await open();
    const { sale } = granted(await till.sell(null));
    expect(granted(await till.refund(sale.saleId, { wholeSale: true }))).toMatchObject({
      amountMinor: 350,
      reversedStamps: 0,
      card: null,
    });
    expect(await rowsOf(db, shop, 'entries')).toEqual([]);
  });
});
