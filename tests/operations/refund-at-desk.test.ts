import { expect, it } from 'vitest';
import { decideRefund, previewRefund } from '../../src/loyalty/refund.ts';
import type { Refund } from '../../src/loyalty/refund.ts';
import { forgetCustomer } from '../../src/operations/forget-customer.ts';
import { joinCustomers } from '../../src/operations/join-customers.ts';
import { readAudit } from '../../src/operations/read-audit.ts';
import { readSale } from '../../src/operations/read-sale.ts';
import { refundSale } from '../../src/operations/refund-sale.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aCard, attempt } from '../support/a-card.ts';
import { aTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf, setProgram } from '../support/shop-settings.ts';

type Till = ReturnType<typeof aTill>;
type Prepare = (given: { till: Till; shop: Shop; clock: FixedClock; aCardWith: typeof aCard }) => Promise<{
  saleId: string;
}>;

forEachDatabase('a refund at the desk', (database) => {
  const open = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db);
    return { db, clock, shop, till: aTill(db, clock, shop) };
  };

  it('stands in the audit log with who made it and how much; one at a till does not', async () => {
    const { db, shop, till } = await open();
    const { sale } = granted(await till.sell(await aCard(db, shop), 2));
    granted(await till.refund(sale.saleId, { amountMinor: 350 }));
    const { refundId } = granted(await till.refund(sale.saleId, { wholeSale: true }, shop.owner));
    expect(refusalOf(await till.refund(sale.saleId, { wholeSale: true }, shop.owner))).toBe('sale-refunded');
    const { items } = await readAudit(db)(shop.owner, { limit: 50, action: 'sale' });
    expect(items).toMatchObject([
      {
        action: 'sale.refunded',
        staffName: 'Olive',
        subjectId: sale.saleId,
        details: { refundId, amountMinor: 350, reversedStamps: 1 },
      },
    ]);
    expect(items).toHaveLength(1);
  });

  it('is of the moment it is made, whatever a request says about when it was tapped', async () => {
    const { db, clock, shop, till } = await open();
    const { sale } = granted(await till.sell(null));
    clock.set('2026-03-04T12:00:00Z');
    const tapped = { ...attempt(), tappedAgoMs: 86_400_000 };
    const request = { attempt: tapped, saleId: sale.saleId, refund: { wholeSale: true } as const };
    granted(await refundSale(db, clock)(shop.owner, request));
    expect(await rowsOf(db, shop, 'refunds')).toMatchObject([{ businessDay: '2026-03-04' }]);
  });

  it('can be looked at before: what was bought, what is refunded already and by whom', async () => {
    const { db, clock, shop, till } = await open();
    const { sale } = granted(await till.sell(await aCard(db, shop, { customerName: 'Zoë' }), 4));
    granted(await till.refund(sale.saleId, { amountMinor: 700 }));
    expect(granted(await readSale(db, clock)(shop, sale))).toMatchObject({
      totalMinor: 1_400,
      stampsEarned: 4,
      source: 'till',
      locationName: 'High Street',
      staffName: 'Ada',
      customer: { name: 'Zoë' },
      lines: [{ name: 'Flat white', quantity: 4 }],
      refunds: [{ amountMinor: 700, reversedStamps: 2, staffName: 'Ada' }],
      rewardsSpent: [],
      card: { balance: 2, stampsRequired: 10, openRewards: [] },
    });
    const other = await aShop(db);
    expect(refusalOf(await readSale(db, clock)(other, sale))).toBe('sale-unknown');
  });

  it('is made for somebody who was joined with another or forgotten since: the sums are put right', async () => {
    const { db, clock, shop, till } = await open();
    const { merchantId, owner } = shop;
    const [one, other] = [await aCard(db, shop, { stamps: 1 }), await aCard(db, shop)];
    const { sale } = granted(await till.sell(other, 2));
    const customerOf = async ({ cardId }: { cardId: string }) =>
      (await rowsOf(db, shop, 'cards')).find((card) => card.cardId === cardId)!.customerId;
    const [customerId, otherCustomerId] = [await customerOf(one), await customerOf(other)];
    granted(await joinCustomers(db, clock)(owner, { customerId, otherCustomerId }));
    const half = granted(await till.refund(sale.saleId, { amountMinor: 350 }, owner));
    expect(half.card).toMatchObject({ cardId: one.cardId, stamps: 2 });
    await forgetCustomer(db, clock, () => {})({ merchantId, customerId, staffId: owner.staffId });
    const rest = granted(await till.refund(sale.saleId, { wholeSale: true }, owner));
    expect(rest).toMatchObject({ refundedMinor: 700, card: { stamps: 1, customerName: null } });
    expect(granted(await readSale(db, clock)(shop, sale))).toMatchObject({
      mayRefund: false,
      customer: { customerId, name: null },
    });
    expect(await till.fault()).toBeNull();
  });

  const cases: Record<string, { refund: Refund; prepare: Prepare }> = {
    'of a part': {
      refund: { amountMinor: 700 },
      prepare: async ({ till, shop, aCardWith }) =>
        granted(await till.sell(await aCardWith(database.db, shop), 4)).sale,
    },
    'of a sale that an older reward paid for': {
      refund: { wholeSale: true },
      prepare: async ({ till, shop, clock, aCardWith }) => {
        const card = await aCardWith(database.db, shop, { stamps: 13 });
        clock.advance({ days: 1 });
        const { sale } = granted(await till.sell(card, 2));
        granted(await till.redeem(card, { saleId: sale.saleId }));
        return sale;
      },
    },
    'of a part of a sale that a reward paid for': {
      refund: { amountMinor: 100 },
      prepare: async ({ till, shop, clock, aCardWith }) => {
        const card = await aCardWith(database.db, shop, { stamps: 13 });
        clock.advance({ days: 1 });
        const { sale } = granted(await till.sell(card, 2));
        granted(await till.redeem(card, { saleId: sale.saleId }));
        return sale;
      },
    },
    'of the coffee that was free for its own stamp': {
      refund: { wholeSale: true },
      prepare: async ({ till, shop, aCardWith }) => {
        const card = await aCardWith(database.db, shop, { stamps: 9 });
        const { sale } = granted(await till.sell(card));
        granted(await till.redeem(card, { saleId: sale.saleId }));
        return sale;
      },
    },
    'that takes back a reward nobody spent': {
      refund: { wholeSale: true },
      prepare: async ({ till, shop, aCardWith }) =>
        granted(await till.sell(await aCardWith(database.db, shop, { stamps: 8 }), 3)).sale,
    },
    'that takes back a reward of a card that cost more than the next': {
      refund: { wholeSale: true },
      prepare: async ({ till, shop, aCardWith }) => {
        const card = await aCardWith(database.db, shop, { stamps: 9 });
        await setProgram(database.db, shop, { stampsRequired: 8 });
        return granted(await till.sell(card)).sale;
      },
    },
    'that leaves the card short, for its reward was drunk': {
      refund: { wholeSale: true },
      prepare: async ({ till, shop, aCardWith }) => {
        const card = await aCardWith(database.db, shop, { stamps: 8 });
        const { sale } = granted(await till.sell(card, 3));
        granted(await till.redeem(card));
        return sale;
      },
    },
    'of a sale whose reward has run out meanwhile': {
      refund: { wholeSale: true },
      prepare: async ({ till, shop, clock, aCardWith }) => {
        await setProgram(database.db, shop, { expiryDays: 5 });
        const card = await aCardWith(database.db, shop, { stamps: 13 });
        clock.advance({ days: 1 });
        const { sale } = granted(await till.sell(card, 2));
        granted(await till.redeem(card, { saleId: sale.saleId }));
        clock.advance({ days: 30 });
        return sale;
      },
    },
    'while another reward of the card has run out': {
      refund: { wholeSale: true },
      prepare: async ({ till, shop, clock, aCardWith }) => {
        await setProgram(database.db, shop, { expiryDays: 5 });
        const card = await aCardWith(database.db, shop, { stamps: 18 });
        const { sale } = granted(await till.sell(card, 3));
        clock.advance({ days: 30 });
        return sale;
      },
    },
  };
  for (const [name, { refund, prepare }] of Object.entries(cases))
    it(`${name} does to the card what was said before`, async () => {
      const { db, clock, shop, till } = await open();
      const { saleId } = await prepare({ till, shop, clock, aCardWith: aCard });
      const sale = granted(await readSale(db, clock)(shop, { saleId }));
      const decision = decideRefund({
        sale,
        earnedStamps: sale.stampsEarned,
        reversedStamps: 0,
        refundedMinor: 0,
        refund,
        rewardsSpentOnSale: sale.rewardsSpent,
      });
      if (decision.refused) throw new Error(decision.refused);
      const spentOnSale = sale.rewardsSpent.filter(({ hasRunOut }) => !hasRunOut);
      const said = previewRefund({ decision, card: sale.card!, spentOnSale });
      const done = granted(await till.refund(saleId, refund, shop.owner));
      const { stampsOnCard, stampsRequired } = said;
      expect({ stamps: stampsOnCard, stampsRequired }).toEqual({
        stamps: done.card!.stamps,
        stampsRequired: done.card!.stampsRequired,
      });
      expect(said.reopened.map(({ rewardId }) => rewardId)).toEqual(done.reopenedRewardIds);
      const wasOpen = [...sale.card!.openRewards, ...spentOnSale].map(({ rewardId }) => rewardId);
      const reversed = (await rowsOf(db, shop, 'rewards')).filter(({ status }) => status === 'reversed');
      expect(said.takenBack.map(({ rewardId }) => rewardId)).toEqual(
        reversed.map(({ rewardId }) => rewardId).filter((rewardId) => wasOpen.includes(rewardId as string)),
      );
      expect(decision.stampsToReverse).toBe(done.reversedStamps);
      expect(await till.fault()).toBeNull();
    });
});
