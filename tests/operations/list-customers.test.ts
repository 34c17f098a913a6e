import { v7 as uuid } from 'uuid';
import { beforeAll, expect, test } from 'vitest';
import { updateCustomer } from '../../db/queries/customer-queries.ts';
import { nameColumnsOf, phoneOf } from '../../src/operations/contact-keys.ts';
import { listCustomers } from '../../src/operations/list-customers.ts';
import { readCard } from '../../src/operations/read-card.ts';
import { issueCardIn } from '../../src/operations/issue-card.ts';
import { makeCardSecret } from '../../src/operations/card-codes.ts';
import { aCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aCustomer } from '../support/a-customer.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { setProgram } from '../support/shop-settings.ts';

forEachDatabase('finding a customer', (database) => {
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  let shop: Shop;
  const shortCodes = new Map<string, string>();
  beforeAll(async () => {
    shop = await aShop(database.db);
    for (const name of ['Zoë Brontë', 'Ada Lovelace', 'Søren', 'Adam 100% Smith']) await known(name);
  });

  /** Somebody who buys a coffee a minute after the one before. */
  async function known(name: string, contact: { phone?: string; email?: string } = {}) {
    clock.advance({ minutes: 1 });
    const customer = await aCustomer({ db: database.db, clock, shop }, name);
    await customer.buyCoffee();
    const { merchantId } = shop;
    const read = await readCard(database.db, clock)({ merchantId, cardCode: customer.cardCode });
    if ('refused' in read) throw new Error(read.refused);
    shortCodes.set(name, read.card.shortCode);
    const found = await find(read.card.shortCode);
    const { customerId } = found[0]!;
    const change = {
      ...(contact.phone && phoneOf(contact.phone)!),
      ...(contact.email && { email: contact.email }),
      ...nameColumnsOf(name),
    };
    await database.db.transact((tx) => updateCustomer(tx, { merchantId, customerId, change }));
    return customerId;
  }

  const find = async (text: string, limit = 50) =>
    (await listCustomers(database.db, clock)(shop, { find: text, limit })).items;
  const names = async (text: string) => (await find(text)).map(({ name }) => name);

  test('by the beginning of a name or surname, with or without accents, whoever was here last first', async () => {
    expect(await names('ada')).toEqual(['Adam 100% Smith', 'Ada Lovelace']);
    expect(await names('ZOE')).toEqual(['Zoë Brontë']);
    expect(await names('brontë')).toEqual(['Zoë Brontë']);
    expect(await names('soren')).toEqual(['Søren']);
    expect(await names('lace')).toEqual([]);
    expect(await names('%')).toEqual([]);
    expect(await names('_')).toEqual([]);
  });

  test('by the code on the card, typed any way', async () => {
    const code = shortCodes.get('Søren')!;
    expect(await names(`${code.slice(0, 4)}-${code.slice(4).toLowerCase()}`)).toEqual(['Søren']);
  });

  test('by the last four figures of the phone number, or more of them', async () => {
    await known('Phoebe', { phone: '+44 20 7946 0958' });
    await known('Philip', { phone: '+44 20 1111 0958' });
    expect(await names('0958')).toEqual(['Philip', 'Phoebe']);
    expect(await names('7946 0958')).toEqual(['Phoebe']);
    expect(await names('020 7946 0958')).toEqual(['Phoebe']);
    expect(await names('+44 20 7946 0958')).toEqual(['Phoebe']);
    expect(await names('958')).toEqual([]);
  });

  test('by e-mail address', async () => {
    await known('Emil', { email: 'emil@example.com' });
    expect(await names('Emil@Example.com')).toEqual(['Emil']);
    expect(await names('emil@ex')).toEqual(['Emil']);
    // An underscore is an underscore, and no letter that anybody may have.
    await known('Ida', { email: 'ida_b@example.com' });
    await known('Idaxb', { email: 'idaxb@example.com' });
    expect(await names('ida_b@')).toEqual(['Ida']);
  });

  test('everybody, a page at a time, each once', async () => {
    const all = await find('');
    expect(all.length).toBeGreaterThanOrEqual(7);
    const seen = [];
    let cursor: string | undefined;
    do {
      const page = await listCustomers(database.db, clock)(shop, { find: '', cursor, limit: 2 });
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(all);
    expect(new Set(seen.map(({ customerId }) => customerId)).size).toBe(all.length);
  });

  test('a card just made is there, though its customer bought nothing yet', async () => {
    clock.advance({ minutes: 1 });
    const { merchantId, locationId } = shop;
    const card = { merchantId, locationId, secret: makeCardSecret() };
    await database.db.transact((tx) => issueCardIn(tx, card, clock.now()));
    const [first] = await find('');
    expect(first).toMatchObject({
      name: null,
      lastVisitAt: null,
      cards: [{ stamps: 0, stampsRequired: 10 }],
    });
  });

  test('a reward whose time is over is no longer counted', async () => {
    const other = await aShop(database.db);
    await setProgram(database.db, other, { expiryDays: 2, stampsRequired: 2 });
    const card = await aCard(database.db, other);
    const till = aTill(database.db, clock, other);
    const rewardCount = async () => {
      const { items } = await listCustomers(database.db, clock)(other, { find: '', limit: 10 });
      return items[0]!.cards[0]!.openRewardCount;
    };
    granted(await till.sell(card, 2));
    clock.advance({ days: 1 });
    granted(await till.sell(card, 2));
    expect(await rewardCount()).toBe(2);
    clock.advance({ days: 1 });
    expect(await rewardCount()).toBe(1);
    clock.advance({ days: 1 });
    expect(await rewardCount()).toBe(0);
  });

  test('who was forgotten, or joined with another, is not found; nor is another merchant’s customer', async () => {
    const { merchantId } = shop;
    const gone = await known('Gwen');
    const twin = await known('Twyla');
    const other = await aShop(database.db);
    await aCustomer({ db: database.db, clock, shop: other }, 'Gwen');
    await database.db.transact(async (tx) => {
      await updateCustomer(tx, { merchantId, customerId: gone, change: { forgottenAt: clock.now() } });
      await updateCustomer(tx, { merchantId, customerId: twin, change: { joinedIntoId: uuid() } });
    });
    expect(await names('gwen')).toEqual([]);
    expect(await names('twyla')).toEqual([]);
  });
});
