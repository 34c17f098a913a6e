import { expect, it } from 'vitest';
import { makeCardSecret } from '../../src/operations/card-codes.ts';
import { issueCardAtTill, issueCardIn } from '../../src/operations/issue-card.ts';
import { aShop } from '../support/a-shop.ts';
import { aCard, attempt } from '../support/a-card.ts';
import { aTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { setProgram } from '../support/shop-settings.ts';

forEachDatabase('a new card', (database) => {
  const open = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db);
    return { db, clock, shop, till: aTill(db, clock, shop) };
  };

  it('is empty, and found by its QR, by the code staff type, and by its id', async () => {
    const { db, shop, till } = await open();
    const { cardId, cardCode } = await aCard(db, shop, { customerName: 'Ida' });
    const { card, lastGesture } = granted(await till.look({ cardCode }));
    expect(lastGesture).toBeNull();
    expect(card).toEqual({
      cardId,
      shortCode: card.shortCode,
      customerName: 'Ida',
      stamps: 0,
      stampsRequired: 10,
      openRewards: [],
      lastVisitAt: null,
      isBlocked: false,
    });
    const { shortCode } = card;
    const asRead = `${shortCode.slice(0, 4)}-${shortCode.slice(4)}`.toLowerCase();
    // A scanner set to another keyboard may type small letters; people type an O for a nought.
    const ways = [cardCode.toLowerCase(), ` ${asRead} `, shortCode.replaceAll('0', 'o'), cardId];
    for (const way of ways) expect(granted(await till.look({ cardCode: way })).card.cardId).toBe(cardId);
  });

  it('is not found by a code that is not quite right, nor by the secret of its link', async () => {
    const { db, shop, till } = await open();
    const { cardCode, secret } = await aCard(db, shop);
    const last = cardCode.at(-1) === 'A' ? 'B' : 'A';
    for (const wrong of [cardCode.slice(0, -1) + last, cardCode.slice('GST1:'.length), secret, 'GST1:', '-'])
      expect(refusalOf(await till.look({ cardCode: wrong }))).toBe('card-unknown');
  });

  it('is of the program as it is now', async () => {
    const { db, shop, till } = await open();
    await setProgram(db, shop, { stampsRequired: 6 });
    expect(granted(await till.look(await aCard(db, shop))).card.stampsRequired).toBe(6);
  });

  it('is not issued for a program, a person or a location of another shop', async () => {
    const { db, clock, shop } = await open();
    const other = await aShop(db);
    const atTill = (request: { programId?: string; staffId?: string }) =>
      issueCardAtTill(db, clock)(shop.ada, { attempt: attempt(), secret: makeCardSecret(), ...request });
    expect(refusalOf(await atTill({ programId: other.programId }))).toBe('program-unknown');
    expect(refusalOf(await atTill({ staffId: other.ada.staffId }))).toBe('staff-unknown');
    expect(refusalOf(await atTill({ programId: shop.programId, staffId: shop.ada.staffId }))).toBeNull();
    const { merchantId } = shop;
    const { locationId } = other;
    const card = { merchantId, locationId, secret: makeCardSecret() };
    const issued = await db.transact((tx) => issueCardIn(tx, card, clock.now()));
    expect(refusalOf(issued)).toBe('location-unknown');
  });

  it('is another one for each of a hundred customers at once', async () => {
    const { db, shop, till } = await open();
    const cards = await Promise.all(Array.from({ length: 100 }, () => aCard(db, shop)));
    expect(new Set(cards.map(({ cardId }) => cardId)).size).toBe(100);
    expect(new Set(cards.map(({ cardCode }) => cardCode)).size).toBe(100);
    expect(await till.fault()).toBeNull();
  });
});
