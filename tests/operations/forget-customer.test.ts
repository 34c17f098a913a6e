import { existsSync, readFileSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Tables } from '../../db/database.ts';
import { copySqlite } from '../../db/sqlite-file.ts';
import { sqliteTables } from '../../db/schema.sqlite.ts';
import { findCardById } from '../../db/queries/card-queries.ts';
import { updateCustomer } from '../../db/queries/customer-queries.ts';
import { editPreferences } from '../../src/operations/edit-preferences.ts';
import { eraseOldTraces } from '../../src/operations/erase-traces.ts';
import { forgetCustomer } from '../../src/operations/forget-customer.ts';
import { joinCustomers } from '../../src/operations/join-customers.ts';
import { nameColumnsOf } from '../../src/operations/contact-keys.ts';
import { readCardPage } from '../../src/operations/read-card-page.ts';
import { aCard, attempt } from '../support/a-card.ts';
import type { TestCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { testSecrets } from '../support/server.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';
import type { Database } from '../../db/database.ts';

/** Not in any word of the program. */
const NAME = 'Zanzibarine';
const isNamed = (text: string): boolean => text.toLowerCase().includes(NAME.toLowerCase());

forEachDatabase('a customer who wants to be forgotten', (database) => {
  const open = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, { coolDownDays: 0 });
    const erased: string[] = [];
    const forget = forgetCustomer(db, clock, (customerId) => erased.push(customerId));
    const { merchantId } = shop;
    return {
      db,
      clock,
      shop,
      till: aTill(db, clock, shop),
      /** Those whose traces the files of the database were to be cleared of. */
      erased,
      forget: (customerId: string) => forget({ merchantId, customerId, staffId: null }),
    };
  };

  const customerOf = async (db: Database, { merchantId }: Shop, { cardId }: TestCard): Promise<string> =>
    (await db.read((queries) => findCardById(queries, { merchantId, cardId })))[0]!.customerId;

  /** Somebody of whom everything is written down that can be. */
  async function somebody({ db, shop, till }: Awaited<ReturnType<typeof open>>) {
    const { merchantId } = shop;
    const card = await aCard(db, shop, { stamps: 9, customerName: `${NAME} Moss` });
    const customerId = await customerOf(db, shop, card);
    await db.transact(async (tx) => {
      await updateCustomer(tx, {
        merchantId,
        customerId,
        change: {
          ...nameColumnsOf(`${NAME} Moss`),
          phone: '+442079460000',
          phoneEnd: '0000',
          email: `${NAME.toLowerCase()}@example.com`,
          pendingEmail: `new-${NAME.toLowerCase()}@example.com`,
          preferences: `Call out ${NAME}, oat milk`,
        },
      });
      await tx.query((d, { customerReferences }) =>
        d
          .insert(customerReferences)
          .values({ merchantId, source: 'book', reference: NAME, customerId, cardId: card.cardId }),
      );
      await tx.query((d, { oneTimeCodes }) =>
        d.insert(oneTimeCodes).values({
          merchantId,
          codeId: 'code',
          customerId,
          purpose: 'keep_safe',
          codeHash: 'x',
          wrongCount: 0,
          createdAt: new Date(),
          expiresAt: new Date(),
        }),
      );
    });
    const { sale } = granted(await till.sell(card));
    granted(await till.give(card, { note: `${NAME} waited long`, attempt: attempt() }));
    return { card, customerId, saleId: sale.saleId };
  }

  async function allRows(db: Database, shop: Shop): Promise<string> {
    const names = Object.keys(sqliteTables) as (keyof Tables)[];
    return JSON.stringify(await Promise.all(names.map((name) => rowsOf(db, shop, name))));
  }

  it('is named nowhere afterwards, and every sum is what it was', async () => {
    const shop = await open();
    const { customerId } = await somebody(shop);
    expect(isNamed(await allRows(shop.db, shop.shop))).toBe(true);
    const sums = async () => ({
      entries: await rowsOf(shop.db, shop.shop, 'entries'),
      sales: await rowsOf(shop.db, shop.shop, 'sales'),
      rewards: await rowsOf(shop.db, shop.shop, 'rewards'),
      balances: (await rowsOf(shop.db, shop.shop, 'cards')).map(({ balance }) => balance),
      counters: await rowsOf(shop.db, shop.shop, 'allowanceCounters'),
    });
    const before = await sums();
    granted(await shop.forget(customerId));
    expect(isNamed(await allRows(shop.db, shop.shop))).toBe(false);
    expect(await sums()).toEqual(before);
    expect(await rowsOf(shop.db, shop.shop, 'oneTimeCodes')).toEqual([]);
    expect(await shop.till.fault()).toBeNull();
    expect((await rowsOf(shop.db, shop.shop, 'auditLog')).at(-1)).toMatchObject({
      action: 'customer.forgotten',
      subjectId: customerId,
      staffId: null,
    });
  });

  it('has a card that no link and no code opens any more', async () => {
    const shop = await open();
    const { card, customerId } = await somebody(shop);
    await shop.forget(customerId);
    expect(
      refusalOf(await readCardPage(shop.db, shop.clock, testSecrets.cardKey)({ secret: card.secret })),
    ).toBe('card-unknown');
    expect(refusalOf(await shop.till.look(card))).toBe('card-unknown');
    const cardCode = (await rowsOf(shop.db, shop.shop, 'cards'))[0]!.shortCode;
    expect(refusalOf(await shop.till.look({ cardCode }))).toBe('card-unknown');
    const write = editPreferences(shop.db, shop.clock);
    // A till that had the card open.
    for (const known of [cardCode, card.cardId])
      expect(
        refusalOf(await write(shop.shop.ada, { cardCode: known, preferences: `${NAME}, oat milk` })),
      ).toBe('card-unknown');
    expect(isNamed(await allRows(shop.db, shop.shop))).toBe(false);
  });

  it('who was joined with another meanwhile is forgotten there, where their name is now, and nowhere else', async () => {
    const shop = await open();
    const { db, clock } = shop;
    const { card, customerId: otherCustomerId } = await somebody(shop);
    const goesOn = await aCard(db, shop.shop);
    const customerId = await customerOf(db, shop.shop, goesOn);
    granted(await joinCustomers(db, clock)(shop.shop.owner, { customerId, otherCustomerId }));
    // The page of the other was still open at the desk.
    expect(await shop.forget(otherCustomerId)).toEqual({
      refused: 'customer-joined',
      joinedIntoId: customerId,
    });
    expect(shop.erased).toEqual([]);
    expect(granted(await shop.till.look(card)).card).toMatchObject({ customerName: `${NAME} Moss` });
    granted(await shop.forget(customerId));
    expect(isNamed(await allRows(db, shop.shop))).toBe(false);
    expect(granted(await shop.forget(otherCustomerId))).toEqual({
      customerId: otherCustomerId,
      forgottenAt: clock.now(),
    });
  });

  it('is forgotten once, and somebody nobody knows is not forgotten at all', async () => {
    const shop = await open();
    const { customerId } = await somebody(shop);
    const first = granted(await shop.forget(customerId));
    shop.clock.advance({ days: 1 });
    expect(await shop.forget(customerId)).toEqual(first);
    expect(refusalOf(await shop.forget('nobody'))).toBe('customer-unknown');
    expect(new Set(shop.erased)).toEqual(new Set([customerId]));
  });

  it('leaves the others as they are', async () => {
    const shop = await open();
    const { customerId } = await somebody(shop);
    const other = await aCard(shop.db, shop.shop, { customerName: 'Bea' });
    granted(await shop.till.sell(other));
    await shop.forget(customerId);
    expect(granted(await shop.till.look(other)).card).toMatchObject({ customerName: 'Bea', stamps: 1 });
    expect((await rowsOf(shop.db, shop.shop, 'answers')).filter(({ body }) => body !== null)).toHaveLength(1);
  });

  it('is not to be found in the files of the database either, nor in a new backup', async () => {
    const shop = await open();
    const { db } = shop;
    if (db.dialect !== 'sqlite') return;
    const ids = [];
    // Enough that rows move from page to page and leave copies of themselves behind.
    for (let place = 0; place < 60; place++) ids.push((await somebodyNumbered(shop, place)).customerId);
    expect(filesOf(database.url).some(isNamed)).toBe(true);
    for (const customerId of ids) granted(await shop.forget(customerId));
    await eraseOldTraces(db, shop.clock)();
    expect(filesOf(database.url).filter(isNamed)).toEqual([]);
    const backup = `${database.url}.backup`;
    await copySqlite({ from: database.url, to: backup });
    expect(isNamed(readFileSync(backup, 'latin1'))).toBe(false);
    rmSync(backup);
    expect(await shop.till.fault()).toBeNull();
  });

  async function somebodyNumbered(shop: Awaited<ReturnType<typeof open>>, place: number) {
    const { db, shop: ours } = shop;
    const card = await aCard(db, ours, { customerName: `${NAME} ${place}` });
    const customerId = await customerOf(db, ours, card);
    await shop.till.sell(card);
    const change = { preferences: `${NAME} `.repeat(1 + ((place * 7) % 9)) };
    await db.transact((tx) => updateCustomer(tx, { merchantId: ours.merchantId, customerId, change }));
    return { customerId };
  }
});

function filesOf(path: string): string[] {
  return [path, `${path}-wal`].filter((file) => existsSync(file)).map((file) => readFileSync(file, 'latin1'));
}
