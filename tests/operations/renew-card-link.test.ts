import { expect, it } from 'vitest';
import { findCardById } from '../../db/queries/card-queries.ts';
import { forgetCustomer } from '../../src/operations/forget-customer.ts';
import { joinCustomers } from '../../src/operations/join-customers.ts';
import { readCardPage } from '../../src/operations/read-card-page.ts';
import { renewCardLink } from '../../src/operations/renew-card-link.ts';
import { aCard } from '../support/a-card.ts';
import type { TestCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { liveCodeOf } from '../support/live-code-of.ts';
import { testSecrets } from '../support/server.ts';
import { rowsOf } from '../support/shop-settings.ts';

forEachDatabase('a new link for a card', (database) => {
  const open = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db);
    const { merchantId } = shop;
    const customerOf = async ({ cardId }: { cardId: string }) =>
      (await db.read((queries) => findCardById(queries, { merchantId, cardId })))[0]!.customerId;
    const renew = ({ cardId }: { cardId: string }) => renewCardLink(db, clock)(shop.manager, { cardId });
    const page = ({ secret }: { secret: string }) => readCardPage(db, clock, testSecrets.cardKey)({ secret });
    const forget = async (card: TestCard) =>
      forgetCustomer(
        db,
        clock,
        () => undefined,
      )({
        merchantId,
        customerId: await customerOf(card),
        staffId: shop.manager.staffId,
      });
    const join = async (card: TestCard, other: TestCard) =>
      granted(
        await joinCustomers(db, clock)(shop.manager, {
          customerId: await customerOf(card),
          otherCustomerId: await customerOf(other),
        }),
      );
    /** What a refusal must leave as it was. */
    const rows = async () => ({
      cards: await rowsOf(db, shop, 'cards'),
      audit: await rowsOf(db, shop, 'auditLog'),
    });
    return { db, clock, shop, renew, page, forget, join, rows };
  };

  it('opens the card, and the old one opens nothing', async () => {
    const { db, shop, renew, page } = await open();
    const card = await aCard(db, shop, { stamps: 4 });
    const { secret } = granted(await renew(card));
    expect(granted(await page({ secret }))).toMatchObject({ cardId: card.cardId, stampsOnCard: 4 });
    expect(refusalOf(await page(card))).toBe('card-unknown');
    expect((await rowsOf(db, shop, 'auditLog')).at(-1)).toMatchObject({ action: 'card.link-renewed' });
  });

  it('changes the live codes: the phone that was lost shows some that nobody takes', async () => {
    const { db, clock, shop, renew, page } = await open();
    const card = await aCard(db, shop, { stamps: 10 });
    const { shortCode } = granted(await page(card));
    const redeem = (secret: string) =>
      aTill(db, clock, shop).redeem(
        { cardCode: shortCode },
        { override: false, liveCode: liveCodeOf({ ...card, secret }, clock.now()) },
      );
    const { secret } = granted(await renew(card));
    expect(refusalOf(await redeem(card.secret))).toBe('live-code-wrong');
    expect(granted(await redeem(secret)).card.openRewards).toEqual([]);
  });

  it('is not made for somebody who was forgotten: the card stays closed', async () => {
    const { db, shop, renew, page, forget, rows } = await open();
    const card = await aCard(db, shop, { stamps: 4 });
    await forget(card);
    const before = await rows();
    expect(refusalOf(await renew(card))).toBe('customer-forgotten');
    expect(await rows()).toEqual(before);
    expect(refusalOf(await page(card))).toBe('card-unknown');
  });

  it('is not made for a card that was joined with another: the other goes on', async () => {
    const { db, shop, renew, page, join, rows } = await open();
    const card = await aCard(db, shop, { stamps: 3 });
    const other = await aCard(db, shop, { stamps: 4 });
    await join(card, other);
    const before = await rows();
    expect(await renew(other)).toEqual({ refused: 'card-joined', joinedIntoId: card.cardId });
    expect(await rows()).toEqual(before);
    expect(granted(await page(other)).cardId).toBe(card.cardId);
  });

  it('is not made for a card that was joined with one whose customer was forgotten afterwards', async () => {
    const { db, shop, renew, join, forget } = await open();
    const card = await aCard(db, shop);
    const other = await aCard(db, shop);
    await join(card, other);
    await forget(card);
    expect(refusalOf(await renew(other))).toBe('customer-forgotten');
  });

  it('ends the links of cards that were joined with it too: the lost phone may have been that one', async () => {
    const { db, shop, renew, page, join } = await open();
    const card = await aCard(db, shop, { stamps: 3 });
    const other = await aCard(db, shop, { stamps: 4 });
    await join(card, other);
    const { secret } = granted(await renew(card));
    expect(refusalOf(await page(other))).toBe('card-unknown');
    expect(granted(await page({ secret })).stampsOnCard).toBe(7);
  });

  it('is made for no card of another shop', async () => {
    const { db, renew } = await open();
    const card = await aCard(db, await aShop(db));
    expect(refusalOf(await renew(card))).toBe('card-unknown');
  });
});
