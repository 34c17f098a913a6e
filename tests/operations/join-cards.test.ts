import { expect, it } from 'vitest';
import { findCardById } from '../../db/queries/card-queries.ts';
import { updateCustomer } from '../../db/queries/customer-queries.ts';
import { blockCard as blockAtDesk } from '../../src/operations/block-card.ts';
import { endStaff } from '../../src/operations/edit-staff.ts';
import { nameColumnsOf } from '../../src/operations/contact-keys.ts';
import { MAX_GUESSES } from '../../src/operations/guess-limit.ts';
import { joinCards } from '../../src/operations/join-cards.ts';
import { joinCustomers } from '../../src/operations/join-customers.ts';
import { startKeepingSafe } from '../../src/operations/keep-card-safe.ts';
import { readCardPage } from '../../src/operations/read-card-page.ts';
import { sendVoucher } from '../../src/operations/send-voucher.ts';
import { aCard, attempt } from '../support/a-card.ts';
import type { TestCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { joiningCodeOf, liveCodeOf } from '../support/live-code-of.ts';
import { testSecrets } from '../support/server.ts';
import { blockCard, rowsOf } from '../support/shop-settings.ts';

const { cardKey } = testSecrets;

forEachDatabase('a customer with two cards', (database) => {
  const open = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, { coolDownDays: 0, gesturesLimit: null });
    const { merchantId } = shop;
    const till = aTill(db, clock, shop);
    const shortCodeOf = async ({ cardId }: TestCard) =>
      (await rowsOf(db, shop, 'cards')).find((card) => card.cardId === cardId)!.shortCode;
    const customerOf = async ({ cardId }: TestCard) =>
      (await db.read((queries) => findCardById(queries, { merchantId, cardId })))[0]!.customerId;
    const codeOf = (card: TestCard) => liveCodeOf(card, clock.now());
    const join = async (card: TestCard, other: TestCard, joiningCode = joiningCodeOf(other, clock.now())) =>
      joinCards(
        db,
        clock,
        cardKey,
      )({ secret: card.secret, otherCode: await shortCodeOf(other), joiningCode });
    const page = async (card: TestCard) =>
      granted(await readCardPage(db, clock, cardKey)({ secret: card.secret }));
    return { db, clock, shop, merchantId, till, shortCodeOf, customerOf, codeOf, join, page };
  };

  it('joins them: the stamps of both are on the one they have in their hand', async () => {
    const { db, clock, shop, till, join, page } = await open();
    const card = await aCard(db, shop, { stamps: 3 });
    const other = await aCard(db, shop, { stamps: 4 });
    clock.advance({ minutes: 1 });
    expect(granted(await join(card, other))).toMatchObject({ stamps: 4 });
    expect(granted(await till.look(card)).card).toMatchObject({ stamps: 7 });
    expect(await page(card)).toMatchObject({
      stampsOnCard: 7,
      history: [{ what: 'joined', stamps: 4 }, {}, {}],
    });
    expect(await till.fault()).toBeNull();
  });

  it('fills the card when both together are enough', async () => {
    const { db, shop, till, join } = await open();
    const card = await aCard(db, shop, { stamps: 6 });
    await join(card, await aCard(db, shop, { stamps: 7 }));
    expect(granted(await till.look(card)).card).toMatchObject({
      stamps: 3,
      openRewards: [{ kind: 'stamps' }],
    });
    expect(await till.fault()).toBeNull();
  });

  it('finds the joined card behind both links, both QR codes and both short codes', async () => {
    const { db, shop, till, join, page, shortCodeOf } = await open();
    const card = await aCard(db, shop, { stamps: 3 });
    const other = await aCard(db, shop, { stamps: 4 });
    await join(card, other);
    expect((await page(other)).cardId).toBe(card.cardId);
    for (const cardCode of [other.cardCode, await shortCodeOf(other), other.cardId])
      expect(granted(await till.look({ cardCode })).card).toMatchObject({ cardId: card.cardId, stamps: 7 });
    granted(await till.sell(other));
    expect(granted(await till.look(card)).card.stamps).toBe(8);
    expect(await till.fault()).toBeNull();
  });

  it('keeps rewards that were waiting, and those that were used stay used', async () => {
    const { db, clock, shop, till, join, codeOf } = await open();
    const card = await aCard(db, shop, { stamps: 2 });
    const other = await aCard(db, shop, { stamps: 21 });
    granted(await till.redeem(other));
    granted(await join(card, other));
    expect(granted(await till.look(card)).card).toMatchObject({ stamps: 3, openRewards: [{}] });
    expect(await till.fault()).toBeNull();
    clock.advance({ minutes: 1 });
    granted(await till.redeem(other, { override: false, liveCode: codeOf(card) }));
    expect(granted(await till.look(card)).card).toMatchObject({ stamps: 3, openRewards: [] });
    expect(await till.fault()).toBeNull();
  });

  it('gets back, on the joined card, what a refund of an earlier sale gives back', async () => {
    const { db, shop, till, join } = await open();
    const card = await aCard(db, shop, { stamps: 2 });
    const other = await aCard(db, shop, { stamps: 9 });
    const { sale } = granted(await till.sell(other));
    granted(await till.redeem(other, { saleId: sale.saleId }));
    granted(await join(card, other));
    granted(await till.refund(sale.saleId, { wholeSale: true }));
    expect(granted(await till.look(card)).card).toMatchObject({ stamps: 1, openRewards: [{}] });
    expect(await till.fault()).toBeNull();
  });

  it('keeps what was bought and given, now all of one customer', async () => {
    const { db, shop, till, join, customerOf } = await open();
    const card = await aCard(db, shop);
    const other = await aCard(db, shop);
    granted(await till.sell(other));
    granted(await till.give(other));
    granted(await join(card, other));
    const customerId = await customerOf(card);
    for (const name of ['sales', 'gestures'] as const)
      expect(await rowsOf(db, shop, name)).toMatchObject([{ customerId, cardId: card.cardId }]);
    expect((await rowsOf(db, shop, 'auditLog')).at(-1)).toMatchObject({
      action: 'customers.joined',
      subjectId: customerId,
    });
    expect(await till.fault()).toBeNull();
  });

  it('keeps both histories in the ledger, with an entry each for what went over', async () => {
    const { db, shop, join } = await open();
    const card = await aCard(db, shop, { stamps: 3 });
    const other = await aCard(db, shop, { stamps: 4 });
    granted(await join(card, other));
    const entries = (await rowsOf(db, shop, 'entries')).toSorted((a, b) => a.sequence - b.sequence);
    expect(entries.map(({ cardId, stamps }) => [cardId, stamps])).toEqual([
      [card.cardId, 3],
      [other.cardId, 4],
      [other.cardId, -4],
      [card.cardId, 4],
    ]);
  });

  it('keeps the name of the card that goes on, and takes over what it did not know', async () => {
    const { db, shop, merchantId, customerOf, join } = await open();
    const card = await aCard(db, shop, { customerName: 'Bea' });
    const other = await aCard(db, shop, { customerName: 'Beatrice' });
    const otherId = await customerOf(other);
    await db.transact((tx) =>
      updateCustomer(tx, {
        merchantId,
        customerId: otherId,
        change: { ...nameColumnsOf('Beatrice'), email: 'bea@example.com', preferences: 'oat milk' },
      }),
    );
    granted(await join(card, other));
    const rows = await rowsOf(db, shop, 'customers');
    const customerId = await customerOf(card);
    expect(rows.find((row) => row.customerId === customerId)).toMatchObject({
      name: 'Bea',
      email: 'bea@example.com',
      preferences: 'oat milk',
    });
    expect(rows.find((row) => row.customerId === otherId)).toMatchObject({
      name: null,
      email: null,
      preferences: null,
      joinedIntoId: customerId,
    });
  });

  it('keeps what the one that goes on said, where both said something, and the later visit of the two', async () => {
    const { db, clock, shop, merchantId, till, customerOf, join } = await open();
    const [card, other] = [await aCard(db, shop), await aCard(db, shop)];
    const said = {
      phone: '02079460958',
      phoneEnd: '0958',
      email: 'bea@example.com',
      preferences: 'oat milk',
    };
    const otherwise = { phone: '1234567', phoneEnd: '4567', email: 'x@example.com', preferences: 'soya' };
    const [customerId, otherId] = [await customerOf(card), await customerOf(other)];
    await db.transact(async (tx) => {
      await updateCustomer(tx, { merchantId, customerId, change: said });
      await updateCustomer(tx, { merchantId, customerId: otherId, change: otherwise });
    });
    granted(await till.sell(card));
    clock.advance({ hours: 1 });
    granted(await till.sell(other));
    const lastVisitAt = clock.now();
    clock.advance({ hours: 1 });
    granted(await join(card, other));
    const rows = await rowsOf(db, shop, 'customers');
    expect(rows.find((row) => row.customerId === customerId)).toMatchObject(said);
    expect(granted(await till.look(card)).card.lastVisitAt).toEqual(lastVisitAt);
  });

  it('leaves no code that was on its way to the other, and no wrong guess once it is done', async () => {
    const { db, clock, shop, join } = await open();
    const [card, other] = [await aCard(db, shop), await aCard(db, shop)];
    const { secret } = other;
    granted(await startKeepingSafe(db, clock, cardKey)({ secret, email: 'bea@example.com' }));
    const right = joiningCodeOf(other, clock.now());
    const wrong = right === '123456' ? '654321' : '123456';
    expect(refusalOf(await join(card, other, wrong))).toBe('joining-code-wrong');
    expect(await rowsOf(db, shop, 'attempts')).toHaveLength(2);
    granted(await join(card, other, right));
    expect(await rowsOf(db, shop, 'attempts')).toEqual([]);
    expect(await rowsOf(db, shop, 'oneTimeCodes')).toEqual([]);
  });

  it('gets a voucher that is sent to the card that went over', async () => {
    const { db, clock, shop, till, join } = await open();
    const [card, other] = [await aCard(db, shop), await aCard(db, shop)];
    granted(await join(card, other));
    const { cardId } = other;
    const sent = await sendVoucher(db, clock)(shop.manager, {
      attempt: attempt(),
      cardId,
      reason: 'long_wait',
    });
    expect(granted(sent).card).toMatchObject({ cardId: card.cardId, openRewards: [{ kind: 'voucher' }] });
    expect(granted(await till.look(card)).card.openRewards).toHaveLength(1);
  });

  it('who joins a third card later still has everything in one place', async () => {
    const { db, clock, shop, till, join, page } = await open();
    const [one, two, three] = [
      await aCard(db, shop, { stamps: 1 }),
      await aCard(db, shop, { stamps: 2 }),
      await aCard(db, shop, { stamps: 4 }),
    ];
    granted(await join(two, one));
    clock.advance({ minutes: 1 });
    granted(await join(three, two));
    for (const card of [one, two, three]) expect(await page(card)).toMatchObject({ stampsOnCard: 7 });
    expect(await till.fault()).toBeNull();
  });

  it('needs the joining code of the other card: what somebody shows to the whole queue is not enough', async () => {
    const { db, clock, shop, till, join, codeOf } = await open();
    const card = await aCard(db, shop);
    const other = await aCard(db, shop, { stamps: 9 });
    for (let tries = 0; tries < MAX_GUESSES; tries++)
      expect(refusalOf(await join(card, other, codeOf(other)))).toBe('joining-code-wrong');
    expect(refusalOf(await join(card, other))).toBe('locked');
    // A card that nobody has is answered as one whose joining code is wrong: what is there cannot be tried out.
    const { secret } = await aCard(db, shop);
    const unknown = { secret, otherCode: '0000-0000', joiningCode: '000000' };
    expect(refusalOf(await joinCards(db, clock, cardKey)(unknown))).toBe('joining-code-wrong');
    // The guesses of a stranger don't keep the customer from their own reward.
    granted(await till.sell(other));
    granted(await till.redeem(other, { override: false, liveCode: codeOf(other) }));
    clock.advance({ minutes: 1 });
    granted(await join(card, other));
    expect(await till.fault()).toBeNull();
  });

  it('cannot join a card with itself, a blocked one, or one of somebody who works here', async () => {
    const { db, clock, shop, join } = await open();
    const card = await aCard(db, shop);
    expect(refusalOf(await join(card, card))).toBe('already-one-customer');
    const staffs = await aCard(db, shop, { staffId: shop.ben.staffId });
    expect(refusalOf(await join(card, staffs))).toBe('staff-and-customer');
    const other = await aCard(db, shop);
    await blockCard(db, shop, other.cardId);
    expect(refusalOf(await join(card, other))).toBe('card-blocked');
    clock.advance({ minutes: 1 });
    const third = await aCard(db, shop);
    granted(await join(card, third));
    clock.advance({ minutes: 1 });
    expect(refusalOf(await join(card, third, joiningCodeOf(card, clock.now())))).toBe('already-one-customer');
  });

  it('who has left the shop joins the card they had as staff with their other one, and it is nobody’s own', async () => {
    const { db, clock, shop, till, customerOf, join } = await open();
    const { staffId } = shop.ben;
    const staffs = await aCard(db, shop, { stamps: 3, staffId });
    const other = await aCard(db, shop, { stamps: 4 });
    expect(refusalOf(await join(other, staffs))).toBe('staff-and-customer');
    await endStaff(db, clock)(shop.owner, { staffId });
    clock.advance({ minutes: 1 });
    granted(await join(staffs, other));
    expect(granted(await till.look(other)).card).toMatchObject({ stamps: 7 });
    const customerId = await customerOf(staffs);
    const rows = await rowsOf(db, shop, 'customers');
    expect(rows.find((row) => row.customerId === customerId)).toMatchObject({ staffId: null });
    clock.advance({ minutes: 1 });
    const third = await aCard(db, shop, { stamps: 1 });
    granted(await join(third, staffs));
    expect(granted(await till.look(staffs)).card).toMatchObject({ stamps: 8 });
    expect(await till.fault()).toBeNull();
  });

  it('whose phone was stolen is not told that a card is blocked which leads to another', async () => {
    const { db, clock, shop, till, join } = await open();
    const [card, stolen] = [await aCard(db, shop), await aCard(db, shop)];
    granted(await join(card, stolen));
    const block = blockAtDesk(db, clock);
    // The page of the stolen card was still open at the desk.
    expect(await block(shop.owner, { cardId: stolen.cardId, isBlocked: true })).toEqual({
      refused: 'card-joined',
      joinedIntoId: card.cardId,
    });
    granted(await block(shop.owner, { cardId: card.cardId, isBlocked: true }));
    expect(refusalOf(await till.sell(stolen))).toBe('card-blocked');
  });

  it('is joined at the desk by a manager too, once', async () => {
    const { db, clock, shop, till, customerOf } = await open();
    const card = await aCard(db, shop, { stamps: 3 });
    const other = await aCard(db, shop, { stamps: 4 });
    const ids = { customerId: await customerOf(card), otherCustomerId: await customerOf(other) };
    const atDesk = joinCustomers(db, clock);
    expect(granted(await atDesk(shop.manager, ids))).toMatchObject({ stamps: 4 });
    expect(refusalOf(await atDesk(shop.manager, ids))).toBe('customer-joined');
    expect(refusalOf(await atDesk(shop.manager, { ...ids, otherCustomerId: 'nobody' }))).toBe(
      'customer-unknown',
    );
    expect(await till.fault()).toBeNull();
  });
});
