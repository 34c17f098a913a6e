import { expect, it } from 'vitest';
import { aShop } from '../support/a-shop.ts';
import { aCard, attempt } from '../support/a-card.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { editItem } from '../../src/operations/edit-item.ts';
import { recordSale } from '../../src/operations/record-sale.ts';
import { blockCard, rowsOf, setProgram } from '../support/shop-settings.ts';
import type { ShopOptions } from '../support/a-shop.ts';

forEachDatabase('a reward', (database) => {
  const open = async (options: ShopOptions = {}) => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, options);
    return { db, clock, shop, till: aTill(db, clock, shop) };
  };

  it('spent on the very sale that earned it makes the coffee free, and its stamp stays', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 9 });
    const { sale } = granted(await till.sell(card));
    const redeemed = granted(await till.redeem(card, { saleId: sale.saleId }));
    expect(redeemed.reward.coveredMinor).toBe(350);
    expect(redeemed.sale).toMatchObject({ totalMinor: 0, stampsEarned: 1 });
    expect(redeemed.sale?.lines).toMatchObject([{ quantity: 1, totalMinor: 0, paidBy: 'reward' }]);
    expect(redeemed.card).toMatchObject({ stamps: 0, openRewards: [] });
    expect(await till.fault()).toBeNull();
  });

  it('at 9 of 10 with a double stamp: the card fills, the coffee is free, one stamp is on the next card', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 9 });
    const { sale } = granted(await till.sell(card));
    clock.advance({ seconds: 2 });
    const given = granted(await till.give(card, { saleId: sale.saleId }));
    expect(given.card).toMatchObject({ stamps: 1, openRewards: [{ name: 'A coffee on the house' }] });
    const redeemed = granted(await till.redeem(card, { saleId: sale.saleId }));
    expect(redeemed).toMatchObject({ sale: { totalMinor: 0, stampsEarned: 1 }, card: { stamps: 1 } });
    expect(await till.fault()).toBeNull();
  });

  it('that the double stamp earned is spent on the sale it was given with, and the sale’s stamp stays', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 8 });
    const { sale } = granted(await till.sell(card));
    clock.advance({ seconds: 2 });
    granted(await till.give(card, { saleId: sale.saleId }));
    const redeemed = granted(await till.redeem(card, { saleId: sale.saleId }));
    expect(redeemed).toMatchObject({ sale: { stampsEarned: 1 }, card: { stamps: 0, openRewards: [] } });
  });

  it('that a double stamp filled before the coffee was rung up is of the same visit: the coffee’s stamp stays', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 9 });
    granted(await till.give(card));
    clock.advance({ minutes: 30 });
    const { sale } = granted(await till.sell(card));
    const redeemed = granted(await till.redeem(card, { saleId: sale.saleId }));
    expect(redeemed).toMatchObject({ sale: { totalMinor: 0, stampsEarned: 1 }, card: { stamps: 1 } });
    expect(await till.fault()).toBeNull();
  });

  it('that a double stamp filled on an earlier visit is an older one: the coffee it pays for earns none', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 9 });
    granted(await till.give(card));
    clock.advance({ minutes: 31 });
    const { sale } = granted(await till.sell(card));
    const redeemed = granted(await till.redeem(card, { saleId: sale.saleId }));
    expect(redeemed).toMatchObject({ sale: { totalMinor: 0, stampsEarned: 0 }, card: { stamps: 0 } });
    expect(await till.fault()).toBeNull();
  });

  it('that is a voucher pays for a coffee that earns none, also on the visit it was given on', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop);
    const { sale } = granted(await till.sell(card));
    clock.advance({ minutes: 1 });
    const by = { ...shop.ada, ...shop.manager };
    const [voucher] = granted(await till.give(card, { kind: 'voucher', by })).card.openRewards;
    const { rewardId } = voucher!;
    const redeemed = granted(await till.redeem(card, { rewardId, saleId: sale.saleId }));
    expect(redeemed).toMatchObject({ sale: { totalMinor: 0, stampsEarned: 0 }, card: { stamps: 0 } });
    expect(await till.fault()).toBeNull();
  });

  it('that is a voucher for granola pays for granola, and leaves the coffee to whatever is good for it', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop);
    const { itemId } = shop.granola;
    granted(await editItem(db, clock)(shop.owner, { itemId, change: { mayBeGiven: true } }));
    const by = { ...shop.ada, ...shop.manager };
    const [voucher] = granted(await till.give(card, { kind: 'voucher', itemId, by })).card.openRewards;
    clock.advance({ minutes: 1 });
    const lines = [shop.flatWhite, shop.granola].map((item) => ({ itemId: item.itemId, quantity: 1 }));
    const coffee = granted(await till.sell(card));
    const both = granted(
      await recordSale(db, clock)(shop.ada, { attempt: attempt(), cardCode: card.cardCode, lines }),
    );
    const { rewardId } = voucher!;
    const { saleId } = coffee.sale;
    expect(refusalOf(await till.redeem(card, { rewardId, saleId }))).toBe('nothing-to-cover');
    expect(refusalOf(await till.redeem(card, { saleId }))).toBe('nothing-to-cover');
    const redeemed = granted(await till.redeem(card, { rewardId, saleId: both.sale.saleId }));
    expect(redeemed).toMatchObject({
      reward: { coveredMinor: 520 },
      sale: { totalMinor: 350, stampsEarned: 1 },
      card: { stamps: 2, openRewards: [] },
    });
    expect(await till.fault()).toBeNull();
  });

  it('from an earlier visit pays for the dearest coffee, which then earns no stamp', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 13 });
    clock.advance({ days: 1 });
    const lines = [
      { itemId: shop.granola.itemId, quantity: 1 },
      { itemId: shop.flatWhite.itemId, quantity: 3 },
    ];
    const request = { attempt: attempt(), cardCode: card.cardCode, lines };
    const { sale } = granted(await recordSale(db, clock)(shop.ada, request));
    expect(sale).toMatchObject({ totalMinor: 1_570, stampsEarned: 3 });
    const redeemed = granted(await till.redeem(card, { saleId: sale.saleId }));
    expect(redeemed.sale).toMatchObject({ totalMinor: 1_220, stampsEarned: 2 });
    expect(redeemed.sale?.lines.map(({ name, quantity, paidBy }) => [name, quantity, paidBy])).toEqual([
      ['Granola', 1, 'money'],
      ['Flat white', 2, 'money'],
      ['Flat white', 1, 'reward'],
    ]);
    expect(redeemed.card).toMatchObject({ stamps: 5, openRewards: [] });
    expect(await till.fault()).toBeNull();
    // What is left was paid for, and goes back with the money; the reward goes back too.
    const refunded = granted(await till.refund(sale.saleId, { wholeSale: true }));
    expect(refunded).toMatchObject({ amountMinor: 1_220, reversedStamps: 2, card: { stamps: 3 } });
    expect(await till.fault()).toBeNull();
  });

  it('from an earlier visit leaves no stamp of the coffee that filled a card, whatever earns them on the next', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 19 });
    clock.advance({ days: 1 });
    await setProgram(db, shop, { accrual: { per: 'amount', amountMinor: 1_000 }, createdAt: clock.now() });
    const { sale, card: full } = granted(await till.sell(card));
    expect(full).toMatchObject({ stamps: 0, openRewards: [{}, {}] });
    const redeemed = granted(await till.redeem(card, { saleId: sale.saleId }));
    expect(redeemed).toMatchObject({
      sale: { totalMinor: 0, stampsEarned: 0 },
      card: { stamps: 9, openRewards: [] },
    });
    expect(await till.fault()).toBeNull();
    const next = granted(await till.sell(card));
    expect(next).toMatchObject({ sale: { stampsEarned: 1 }, card: { stamps: 0, openRewards: [{}] } });
  });

  it('does not pay for granola, nor for anything on a sale that was paid back', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 10 });
    const granola = granted(await till.sell(card, 1, { itemId: shop.granola.itemId }));
    expect(refusalOf(await till.redeem(card, { saleId: granola.sale.saleId }))).toBe('nothing-to-cover');
    const coffee = granted(await till.sell(card));
    granted(await till.refund(coffee.sale.saleId, { wholeSale: true }));
    expect(refusalOf(await till.redeem(card, { saleId: coffee.sale.saleId }))).toBe('sale-refunded');
    expect(granted(await till.look(card)).card.openRewards).toHaveLength(1);
  });

  it('that was given back with the coffee it paid for does not pay for another one of the same sale', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 10 });
    clock.advance({ hours: 1 });
    const { saleId } = granted(await till.sell(card, 2)).sale;
    granted(await till.redeem(card, { saleId }));
    const returned = granted(await till.refund(saleId, { amountMinor: 0, lineIndexes: [1] }));
    expect(returned).toMatchObject({ amountMinor: 0, reopenedRewardIds: [expect.any(String)] });
    expect(refusalOf(await till.redeem(card, { saleId }))).toBe('sale-refunded');
    expect((await rowsOf(db, shop, 'sales'))[0]).toMatchObject({ totalMinor: 350 });
    granted(await till.redeem(card));
    expect(await till.fault()).toBeNull();
  });

  it('is spent by itself, or on a sale of this card at this location only', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 20 });
    const other = granted(await till.sell(await aCard(db, shop)));
    expect(refusalOf(await till.redeem(card, { saleId: other.sale.saleId }))).toBe('sale-unknown');
    expect(refusalOf(await till.redeem(card, { saleId: 'no-sale' }))).toBe('sale-unknown');
    const { sale } = granted(await till.sell(card));
    const elsewhere = { ...shop.ben, place: await anotherTill(db, shop, { isElsewhere: true }) };
    expect(refusalOf(await till.redeem(card, { saleId: sale.saleId, by: elsewhere }))).toBe('sale-unknown');
    expect(granted(await till.redeem(card, { by: elsewhere }))).toMatchObject({
      reward: { coveredMinor: null },
      sale: null,
      card: { stamps: 1 },
    });
    expect(await till.fault()).toBeNull();
  });

  it('is spent once, even by two tills at the same moment', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 10 });
    const ben = { ...shop.ben, place: await anotherTill(db, shop) };
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, tap) => till.redeem(card, { by: tap % 2 ? ben : shop.ada })),
    );
    const refusals = outcomes.map(refusalOf);
    expect(refusals.filter((refused) => refused === null)).toHaveLength(1);
    expect(refusals.filter((refused) => refused === 'card-not-full')).toHaveLength(9);
    expect(granted(await till.look(card)).card).toMatchObject({ stamps: 0, openRewards: [] });
    const redeemed = (await rowsOf(db, shop, 'entries')).filter(({ kind }) => kind === 'redeemed');
    expect(redeemed).toMatchObject([{ stamps: -10 }]);
    expect(await till.fault()).toBeNull();
  });

  it('can be named, is not spent twice, and is not known on another card', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 20 });
    const newer = granted(await till.look(card)).card.openRewards[1]!.rewardId;
    expect(granted(await till.redeem(card, { rewardId: newer })).reward.rewardId).toBe(newer);
    expect(refusalOf(await till.redeem(card, { rewardId: newer }))).toBe('reward-already-redeemed');
    expect(refusalOf(await till.redeem(await aCard(db, shop), { rewardId: newer }))).toBe('reward-unknown');
  });

  it('is refused while the card is not full, and says how many stamps are missing', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 9 });
    expect(await till.redeem(card)).toMatchObject({
      answer: { refused: 'card-not-full', stampsOnCard: 9, stampsRequired: 10 },
    });
    await blockCard(db, shop, card.cardId);
    expect(refusalOf(await till.redeem(card))).toBe('card-blocked');
    expect(refusalOf(await till.redeem({ cardCode: '7F3K-9QPD' }))).toBe('card-unknown');
  });

  it('still costs the stamps it was earned with after the owner changed the program', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 12 });
    await setProgram(db, shop, { stampsRequired: 6 });
    expect(granted(await till.redeem(card)).card).toMatchObject({ stamps: 2 });
    const entries = await rowsOf(db, shop, 'entries');
    expect(entries.find(({ kind }) => kind === 'redeemed')?.stamps).toBe(-10);
    expect(await till.fault()).toBeNull();
  });
});
