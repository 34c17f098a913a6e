import { expect, it } from 'vitest';
import { updateStaff } from '../../db/queries/staff-queries.ts';
import { editOwnCard } from '../../src/operations/edit-own-card.ts';
import { exportMyData } from '../../src/operations/export-my-data.ts';
import { finishFinding, startFinding } from '../../src/operations/find-my-card.ts';
import { joinCards } from '../../src/operations/join-cards.ts';
import { confirmKeepingSafe, startKeepingSafe } from '../../src/operations/keep-card-safe.ts';
import { MAX_CODES_PER_HOUR, MAX_WRONG_CODES } from '../../src/operations/one-time-code.ts';
import { readCardPage } from '../../src/operations/read-card-page.ts';
import { aCard } from '../support/a-card.ts';
import type { TestCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { joiningCodeOf } from '../support/live-code-of.ts';
import { testSecrets } from '../support/server.ts';
import { rowsOf, setProgram } from '../support/shop-settings.ts';

const { cardKey } = testSecrets;
const EMAIL = 'bea@example.com';

forEachDatabase('keeping a card safe', (database) => {
  const open = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db);
    const { joinCode } = (await rowsOf(db, shop, 'locations'))[0]!;
    const start = ({ secret }: TestCard, email = EMAIL) =>
      startKeepingSafe(db, clock, cardKey)({ secret, email });
    const confirm = ({ secret }: TestCard, code: string) =>
      confirmKeepingSafe(db, clock, cardKey)({ secret, code });
    const keepSafe = async (card: TestCard, email = EMAIL) =>
      granted(await confirm(card, granted(await start(card, email)).code));
    const find = async (email = EMAIL) =>
      granted(await startFinding(db, clock, cardKey)({ joinCode, email }));
    const finish = (challenge: string, code: string) =>
      finishFinding(db, clock, cardKey)({ joinCode, challenge, code });
    const page = ({ secret }: { secret: string }) => readCardPage(db, clock, cardKey)({ secret });
    return { db, clock, shop, till: aTill(db, clock, shop), start, confirm, keepSafe, find, finish, page };
  };
  const otherThan = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

  it('takes an address once its owner types the code that was sent there', async () => {
    const { db, shop, start, confirm, page } = await open();
    const card = await aCard(db, shop);
    const { code, email } = granted(await start(card, ' Bea@Example.COM '));
    expect(email).toBe(EMAIL);
    expect(code).toMatch(/^\d{6}$/);
    expect(granted(await page(card))).toMatchObject({ email: null, pendingEmail: EMAIL });
    granted(await confirm(card, code));
    expect(granted(await page(card))).toMatchObject({ email: EMAIL, pendingEmail: null });
  });

  it('takes no wrong code, none twice, and none after ten minutes', async () => {
    const { db, clock, shop, start, confirm } = await open();
    const card = await aCard(db, shop);
    const { code } = granted(await start(card));
    expect(refusalOf(await confirm(card, otherThan(code)))).toBe('one-time-code-wrong');
    granted(await confirm(card, code));
    expect(refusalOf(await confirm(card, code))).toBe('one-time-code-wrong');
    const later = granted(await start(card));
    clock.advance({ minutes: 10 });
    expect(refusalOf(await confirm(card, later.code))).toBe('one-time-code-wrong');
  });

  it('takes no other address by a code, whichever of two requests is written down last', async () => {
    const { db, clock, shop, start, confirm, page } = await open();
    const card = await aCard(db, shop);
    const { code } = granted(await start(card, 'mallory@example.com'));
    clock.advance({ seconds: -1 }); // asked for before the other, and had to try again
    granted(await start(card, EMAIL));
    expect(refusalOf(await confirm(card, code))).toBe('one-time-code-wrong');
    expect(granted(await page(card))).toMatchObject({ email: null, pendingEmail: EMAIL });
  });

  it('brings back the cards of the address that its code was sent to, and of no other', async () => {
    const { db, shop, keepSafe, find, finish, page } = await open();
    const [card, theirs] = [await aCard(db, shop), await aCard(db, shop)];
    await keepSafe(card, 'mallory@example.com');
    await keepSafe(theirs);
    const { challenge, toSend } = await find('mallory@example.com');
    await keepSafe(card, EMAIL);
    expect(refusalOf(await finish(challenge, toSend!.code))).toBe('one-time-code-wrong');
    granted(await page(theirs));
  });

  it('a code is worthless after five wrong tries, and there are only so many codes in an hour', async () => {
    const { db, clock, shop, start, confirm } = await open();
    const card = await aCard(db, shop);
    const { code } = granted(await start(card));
    for (let tries = 0; tries < MAX_WRONG_CODES; tries++)
      expect(refusalOf(await confirm(card, otherThan(code)))).toBe('one-time-code-wrong');
    expect(refusalOf(await confirm(card, code))).toBe('one-time-code-wrong');
    for (let codes = 1; codes < MAX_CODES_PER_HOUR; codes++) granted(await start(card));
    expect(refusalOf(await start(card))).toBe('too-many-requests');
    clock.advance({ minutes: 61 });
    granted(await start(card));
  });

  it('the code is nowhere in the database', async () => {
    const { db, shop, start } = await open();
    const { code } = granted(await start(await aCard(db, shop)));
    const [row] = await rowsOf(db, shop, 'oneTimeCodes');
    expect(JSON.stringify(row)).not.toContain(`"${code}"`);
    expect(row!.codeHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('brings the card back after the phone is lost: a new link, and the old one opens nothing', async () => {
    const { db, shop, till, keepSafe, find, finish, page } = await open();
    const card = await aCard(db, shop, { stamps: 7 });
    await keepSafe(card);
    const { challenge, toSend } = await find();
    const { cards } = granted(await finish(challenge, toSend!.code));
    expect(cards).toMatchObject([{ stamps: 7 }]);
    expect(granted(await page(cards[0]!))).toMatchObject({ stampsOnCard: 7 });
    expect(refusalOf(await page(card))).toBe('card-unknown');
    expect(refusalOf(await till.look(card))).toBe('card-unknown');
    expect((await rowsOf(db, shop, 'auditLog')).at(-1)).toMatchObject({
      action: 'card.link-renewed',
      staffId: null,
    });
  });

  it('the code that brings it back is good for ten minutes and once', async () => {
    const { db, clock, shop, keepSafe, find, finish } = await open();
    await keepSafe(await aCard(db, shop));
    const late = await find();
    clock.advance({ minutes: 10 });
    expect(refusalOf(await finish(late.challenge, late.toSend!.code))).toBe('one-time-code-wrong');
    const { challenge, toSend } = await find();
    clock.advance({ minutes: 9, seconds: 59 });
    expect(granted(await finish(challenge, toSend!.code)).cards).toHaveLength(1);
    expect(refusalOf(await finish(challenge, toSend!.code))).toBe('one-time-code-wrong');
  });

  it('does not say whether an address is known', async () => {
    const { db, shop, keepSafe, find, finish } = await open();
    await keepSafe(await aCard(db, shop));
    const known = await find();
    const unknown = await find('nobody@example.com');
    expect(known.toSend).not.toBeNull();
    expect(unknown.toSend).toBeNull();
    expect(unknown.challenge).toHaveLength(known.challenge.length);
    expect(await finish(unknown.challenge, '123456')).toEqual(
      await finish(known.challenge, otherThan(known.toSend!.code)),
    );
  });

  it('an address that was not proved brings nothing back', async () => {
    const { db, shop, start, find } = await open();
    granted(await start(await aCard(db, shop)));
    expect((await find()).toSend).toBeNull();
  });

  it('once the card has another address, a code that went to the one before opens nothing', async () => {
    const { db, shop, keepSafe, find, finish, page } = await open();
    const card = await aCard(db, shop);
    await keepSafe(card);
    const { challenge, toSend } = await find();
    await keepSafe(card, 'bea@elsewhere.example');
    expect(refusalOf(await finish(challenge, toSend!.code))).toBe('one-time-code-wrong');
    granted(await page(card));
  });

  it('brings back every card of somebody who had begun anew', async () => {
    const { db, shop, keepSafe, find, finish } = await open();
    await keepSafe(await aCard(db, shop, { stamps: 7 }));
    await keepSafe(await aCard(db, shop, { stamps: 1 }));
    const { challenge, toSend } = await find();
    const { cards } = granted(await finish(challenge, toSend!.code));
    expect(cards.map(({ stamps }) => stamps)).toEqual([7, 1]);
  });

  it('ends the link of a joined card too: the lost phone may have been that one', async () => {
    const { db, clock, shop, keepSafe, find, finish, page } = await open();
    const card = await aCard(db, shop, { stamps: 1 });
    const other = await aCard(db, shop, { stamps: 2 });
    const [, { shortCode }] = (await rowsOf(db, shop, 'cards')) as [unknown, { shortCode: string }];
    const joiningCode = joiningCodeOf(other, clock.now());
    granted(await joinCards(db, clock, cardKey)({ secret: card.secret, otherCode: shortCode, joiningCode }));
    await keepSafe(card);
    const { challenge, toSend } = await find();
    granted(await finish(challenge, toSend!.code));
    expect(refusalOf(await page(other))).toBe('card-unknown');
  });

  it('customers say on their card who they are and how they like it, and staff see it', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop);
    const edit = (change: object) => editOwnCard(db, clock)({ secret: card.secret, change });
    granted(await edit({ name: ' Zoë ', phone: '020 7946 0958', preferences: 'Oat milk, no lid' }));
    expect(await rowsOf(db, shop, 'customers')).toMatchObject([
      { name: 'Zoë', nameKey: 'zoe', phone: '02079460958', phoneEnd: '0958' },
    ]);
    expect(granted(await till.look(card))).toMatchObject({ preferences: 'Oat milk, no lid' });
    expect(refusalOf(await edit({ phone: 'call me' }))).toBe('phone-unreadable');
    granted(await edit({ name: '', phone: '', preferences: '' }));
    expect(await rowsOf(db, shop, 'customers')).toMatchObject([
      { name: null, nameKey: null, phone: null, phoneEnd: null, preferences: null },
    ]);
  });

  it('what is said again as it was is no line in the audit log', async () => {
    const { db, clock, shop } = await open();
    const card = await aCard(db, shop);
    const edit = (change: object) => editOwnCard(db, clock)({ secret: card.secret, change });
    for (let times = 0; times < 3; times++) granted(await edit({ name: 'Zoë', phone: '', preferences: '' }));
    granted(await edit({ name: 'Zoë', preferences: 'Oat milk' }));
    const lines = await rowsOf(db, shop, 'auditLog');
    expect(lines.map(({ action, details }) => [action, details])).toEqual([
      ['customer.edited', { by: 'customer', changed: ['name'] }],
      ['customer.edited', { by: 'customer', changed: ['preferences'] }],
    ]);
  });

  it('customers take along everything that is kept about them', async () => {
    const { db, clock, shop, till, keepSafe } = await open();
    const card = await aCard(db, shop, { stamps: 9, customerName: 'Bea' });
    await keepSafe(card);
    const coffee = granted(await till.sell(card));
    granted(await till.give(card, { note: 'waited long' }));
    granted(await till.refund(coffee.sale.saleId, { amountMinor: 350 }));
    // Earns no stamp, so that the ledger does not know of it.
    const breakfast = granted(await till.sell(card, 2, { itemId: shop.granola.itemId }));
    granted(await till.refund(breakfast.sale.saleId, { amountMinor: 520 }));
    const [row] = await rowsOf(db, shop, 'cards');
    const { merchantId, cardId, customerId } = row!;
    await db.transact((tx) =>
      tx.query((d, { customerReferences }) =>
        d
          .insert(customerReferences)
          .values({ merchantId, source: 'old till', reference: 'M-77', customerId, cardId }),
      ),
    );
    await db.transact((tx) => updateStaff(tx, { ...shop.ada, change: { name: 'Ada Lovelace' } }));
    const mine = granted(await exportMyData(db, clock)({ secret: card.secret }));
    expect(mine).toMatchObject({
      currency: 'GBP',
      you: { name: 'Bea', email: EMAIL },
      knownInFilesAs: [{ file: 'old till', number: 'M-77' }],
      cards: [{ stamps: 0, rewardsWaiting: [{}] }],
      history: [
        { what: 'reversed', stamps: -1, refundedMinor: 350 },
        { what: 'gesture', gift: { note: 'waited long', by: 'Ada' } }, // as on the card: no family names
        { what: 'earned', purchase: { totalMinor: 350 } },
        { what: 'adjusted', stamps: 9 },
      ],
      purchasesWithoutStamps: [
        {
          where: 'High Street',
          code: row!.shortCode,
          totalMinor: 1_040,
          refundedMinor: 520,
          items: [{ name: 'Granola', quantity: 2 }],
        },
      ],
    });
    expect(refusalOf(await exportMyData(db, clock)({ secret: 'a'.repeat(26) }))).toBe('card-unknown');
  });

  it('a reward whose time is over waits for nobody, in what they take along either', async () => {
    const { db, clock, shop, till } = await open();
    await setProgram(db, shop, { expiryDays: 1 });
    const card = await aCard(db, shop, { stamps: 9 });
    granted(await till.sell(card));
    const waiting = async () => granted(await exportMyData(db, clock)({ secret: card.secret }));
    expect(await waiting()).toMatchObject({ cards: [{ rewardsWaiting: [{}] }] });
    clock.advance({ days: 1 });
    expect(await waiting()).toMatchObject({ cards: [{ rewardsWaiting: [] }] });
  });
});
