import { expect, it } from 'vitest';
import { aShop } from '../support/a-shop.ts';
import { aCard } from '../support/a-card.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { blockCard, changeItem, rowsOf, setProgram } from '../support/shop-settings.ts';
import type { ShopOptions } from '../support/a-shop.ts';

forEachDatabase('a sale', (database) => {
  const open = async (options: ShopOptions = {}) => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, options);
    return { db, clock, shop, till: aTill(db, clock, shop) };
  };

  it('earns a stamp for each coffee and none for the granola', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop);
    const coffees = granted(await till.sell(card, 2));
    expect(coffees.sale).toMatchObject({ stampsEarned: 2, totalMinor: 700, businessDay: '2026-03-02' });
    expect(coffees.card).toMatchObject({ stamps: 2, stampsRequired: 10, openRewards: [], lastVisitAt: null });
    const granola = granted(await till.sell(card, 1, { itemId: shop.granola.itemId }));
    expect(granola.sale.stampsEarned).toBe(0);
    expect(granola.card).toMatchObject({ stamps: 2, lastVisitAt: new Date('2026-03-02T09:00:00Z') });
    expect(await till.fault()).toBeNull();
  });

  it('earns one stamp, however much is bought, when the program counts sales', async () => {
    const { db, shop, till } = await open({ accrual: { per: 'sale', minimumMinor: 400 } });
    const card = await aCard(db, shop);
    expect(granted(await till.sell(card, 1)).sale.stampsEarned).toBe(0);
    expect(granted(await till.sell(card, 2)).sale.stampsEarned).toBe(1);
    expect(granted(await till.sell(card, 9)).card?.stamps).toBe(2);
  });

  it('earns a stamp for each full amount when the program counts money', async () => {
    const { db, shop, till } = await open({ accrual: { per: 'amount', amountMinor: 500 } });
    const card = await aCard(db, shop);
    expect(granted(await till.sell(card, 1)).sale.stampsEarned).toBe(0);
    expect(granted(await till.sell(card, 3)).sale).toMatchObject({ totalMinor: 1_050, stampsEarned: 2 });
  });

  it.each([
    { earned: 9, stamps: 9, rewards: 0 },
    { earned: 10, stamps: 0, rewards: 1 },
    { earned: 11, stamps: 1, rewards: 1 },
    { earned: 25, stamps: 5, rewards: 2 },
    { earned: 50, stamps: 0, rewards: 5 },
  ])('of $earned coffees on a card of 10 leaves $stamps stamps and $rewards rewards', async (row) => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop);
    const sold = granted(await till.sell(card, row.earned));
    expect(sold.card?.stamps).toBe(row.stamps);
    expect(sold.card?.openRewards).toHaveLength(row.rewards);
    expect(granted(await till.look(card)).card).toMatchObject({
      stamps: row.stamps,
      openRewards: sold.card?.openRewards,
    });
    expect(await till.fault()).toBeNull();
  });

  it('lets a card finish under the rules it began with, and the next one begin with the new rules', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 4 });
    await setProgram(db, shop, { stampsRequired: 5, rewardName: 'A cake' });
    const before = granted(await till.sell(card, 5)).card;
    expect(before).toMatchObject({ stamps: 9, stampsRequired: 10, openRewards: [] });
    // 9 and 7 more: the old card takes 10, the next takes 5 and leaves 1.
    const after = granted(await till.sell(card, 7)).card;
    expect(after).toMatchObject({ stamps: 1, stampsRequired: 5 });
    expect(after?.openRewards.map(({ name }) => name)).toEqual(['A coffee on the house', 'A cake']);
    const costs = (await rowsOf(db, shop, 'rewards')).map(({ name, stamps }) => [name, stamps]);
    expect(costs).toEqual(
      expect.arrayContaining([
        ['A coffee on the house', 10],
        ['A cake', 5],
      ]),
    );
    expect(granted(await till.redeem(card)).reward.name).toBe('A coffee on the house');
    expect(granted(await till.redeem(card)).card.stamps).toBe(1);
    expect(await till.fault()).toBeNull();
  });

  it('writes off a reward whose time is over, and keeps the stamps of the card now', async () => {
    const { db, clock, shop, till } = await open();
    await setProgram(db, shop, { expiryDays: 30 });
    const card = await aCard(db, shop);
    granted(await till.sell(card, 12));
    clock.advance({ days: 30, seconds: -1 });
    expect(granted(await till.look(card)).card.openRewards).toHaveLength(1);
    clock.advance({ seconds: 1 });
    expect(granted(await till.look(card)).card).toMatchObject({ stamps: 2, openRewards: [] });
    expect(refusalOf(await till.redeem(card))).toBe('reward-expired');
    expect(granted(await till.sell(card, 1)).card).toMatchObject({ stamps: 3, openRewards: [] });
    const expired = (await rowsOf(db, shop, 'entries')).filter(({ kind }) => kind === 'expired');
    expect(expired).toMatchObject([{ stamps: -10 }]);
    expect(refusalOf(await till.redeem(card))).toBe('card-not-full');
    expect(await till.fault()).toBeNull();
  });

  it('is a visit, and nothing else is: not a gesture, not a refund, not a reward handed over', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 9 });
    const { saleId } = granted(await till.sell(card)).sale;
    const lastVisitAt = clock.now();
    clock.advance({ days: 8 });
    granted(await till.give(card));
    granted(await till.redeem(card));
    granted(await till.refund(saleId, { wholeSale: true }));
    expect(granted(await till.look(card)).card.lastVisitAt).toEqual(lastVisitAt);
  });

  it('is of the day before until the cut-off at four in the morning', async () => {
    const { clock, till } = await open();
    clock.set('2026-03-03T03:59:59Z');
    expect(granted(await till.sell(null)).sale.businessDay).toBe('2026-03-02');
    clock.set('2026-03-03T04:00:00Z');
    expect(granted(await till.sell(null)).sale.businessDay).toBe('2026-03-03');
  });

  it('names the card or the item it does not know, and refuses a blocked card', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop);
    expect(refusalOf(await till.sell({ cardCode: 'GST1:NOBODY' }))).toBe('card-unknown');
    expect(await till.sell(card, 1, { itemId: 'chai' })).toMatchObject({
      answer: { refused: 'item-unknown', itemId: 'chai' },
    });
    await changeItem(db, shop, shop.granola.itemId, { endedAt: new Date('2026-03-01T09:00:00Z') });
    expect(refusalOf(await till.sell(card, 1, { itemId: shop.granola.itemId }))).toBe('item-unknown');
    await blockCard(db, shop, card.cardId);
    expect(refusalOf(await till.sell(card))).toBe('card-blocked');
    expect(await rowsOf(db, shop, 'sales')).toEqual([]);
  });

  it('of more money than the books can hold is refused', async () => {
    const { db, shop, till } = await open();
    await changeItem(db, shop, shop.flatWhite.itemId, { priceMinor: 100_000_000 });
    expect(refusalOf(await till.sell(null, 21))).toBe('sale-too-large');
    expect(granted(await till.sell(null, 20)).sale.totalMinor).toBe(2_000_000_000);
  });

  it('rung up without a card is put on one later, once', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop);
    const { saleId } = granted(await till.sell(null, 2)).sale;
    clock.advance({ minutes: 3 });
    const claimed = granted(await till.claim(card, saleId));
    expect(claimed).toMatchObject({ sale: { saleId, stampsEarned: 2 }, card: { stamps: 2 } });
    expect(refusalOf(await till.claim(await aCard(db, shop), saleId))).toBe('sale-has-card');
    expect(await rowsOf(db, shop, 'sales')).toMatchObject([{ cardId: card.cardId, stampsEarned: 2 }]);
    expect(await till.fault()).toBeNull();
  });

  it('is claimed by one of two cards shown at the same moment', async () => {
    const { db, shop, till } = await open();
    const cards = [await aCard(db, shop), await aCard(db, shop)];
    const { saleId } = granted(await till.sell(null)).sale;
    const outcomes = await Promise.all(cards.map((card) => till.claim(card, saleId)));
    const answers = outcomes.map((outcome) => refusalOf(outcome) ?? 'done');
    expect(answers.toSorted()).toEqual(['done', 'sale-has-card']);
    expect(await till.fault()).toBeNull();
  });

  it('that was refunded, or is of another location, is not put on a card', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop);
    const { saleId } = granted(await till.sell(null, 2)).sale;
    const elsewhere = { ...shop.ben, place: await anotherTill(db, shop, { isElsewhere: true }) };
    expect(refusalOf(await till.claim(card, saleId, elsewhere))).toBe('sale-unknown');
    granted(await till.refund(saleId, { amountMinor: 350 }));
    expect(refusalOf(await till.claim(card, saleId))).toBe('sale-refunded');
  });

  it('is not put on a card that is blocked, or that nobody has', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop);
    const { saleId } = granted(await till.sell(null)).sale;
    await blockCard(db, shop, card.cardId);
    expect(refusalOf(await till.claim(card, saleId))).toBe('card-blocked');
    expect(refusalOf(await till.claim({ cardCode: 'GST1:NOBODY' }, saleId))).toBe('card-unknown');
    expect(await rowsOf(db, shop, 'sales')).toMatchObject([{ cardId: null, stampsEarned: 0 }]);
  });
});
