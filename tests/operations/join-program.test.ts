import { eq } from 'drizzle-orm';
import { v4 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { joinProgram } from '../../src/operations/join-program.ts';
import { readCardPage } from '../../src/operations/read-card-page.ts';
import { readJoinPage } from '../../src/operations/read-join-page.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { forEachDatabase } from '../support/databases.ts';
import { testSecrets } from '../support/server.ts';
import { FixedClock } from '../support/fixed-clock.ts';

async function joinCodeOf(db: Database, { merchantId }: Shop): Promise<string> {
  const [location] = await db.read((queries) =>
    queries.query((d, t) => d.select().from(t.locations).where(eq(t.locations.merchantId, merchantId))),
  );
  return location!.joinCode;
}

forEachDatabase('joining', (database) => {
  async function open() {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, { now: clock.now() });
    return { db, clock, shop, joinCode: await joinCodeOf(db, shop) };
  }

  test('the poster’s link offers the shop’s card, and joining gives one that opens', async () => {
    const { db, clock, shop, joinCode } = await open();
    expect(await readJoinPage(db)({ joinCode })).toMatchObject({
      shopName: 'The Kind Bean',
      locationName: 'High Street',
      program: { stampsRequired: 10, rewardName: 'A coffee on the house' },
    });
    const joined = await joinProgram(
      db,
      clock,
      testSecrets.cardKey,
    )({ once: uuid(), joinCode, customerName: 'Sam' });
    if ('refused' in joined) throw new Error(joined.refused);
    expect(joined.secret).toMatch(/^[a-z2-7]{26}$/);
    expect(await readCardPage(db, clock, testSecrets.cardKey)({ secret: joined.secret })).toMatchObject({
      merchantId: shop.merchantId,
      customerName: 'Sam',
      stampsOnCard: 0,
    });
  });

  test('who taps twice, or has a bad line, is given one card; somebody else on the same page, or later, another', async () => {
    const { db, clock, shop, joinCode } = await open();
    const once = uuid();
    const join = (customerName?: string) =>
      joinProgram(db, clock, testSecrets.cardKey)({ joinCode, once, customerName });
    const [first, second] = await Promise.all([join('Sam'), join('Sam')]);
    const cards = () => rowsOf(db, shop, 'cards');
    expect(second).toEqual(first);
    expect(await cards()).toHaveLength(1);
    expect(await join('Kim')).not.toEqual(first);
    expect(await join()).not.toEqual(first);
    expect(await cards()).toHaveLength(3);
    clock.advance({ seconds: 61 });
    const later = [await join('Sam'), await join('Sam')];
    expect(new Set([first, ...later].map((one) => JSON.stringify(one))).size).toBe(3);
    expect(await cards()).toHaveLength(5);
  });

  test('an unknown link, and that of a location that closed, give no card', async () => {
    const { db, clock, shop, joinCode } = await open();
    expect(await joinProgram(db, clock, testSecrets.cardKey)({ once: uuid(), joinCode: 'nonsense' })).toEqual(
      { refused: 'location-unknown' },
    );
    await db.transact((tx) =>
      tx.query((d, t) =>
        d
          .update(t.locations)
          .set({ endedAt: clock.now() })
          .where(eq(t.locations.merchantId, shop.merchantId)),
      ),
    );
    expect(await joinProgram(db, clock, testSecrets.cardKey)({ once: uuid(), joinCode })).toEqual({
      refused: 'location-unknown',
    });
    expect(await readJoinPage(db)({ joinCode })).toMatchObject({ hasEnded: true });
  });

  test('a shop whose stamp card has ended gives out no more of it', async () => {
    const { db, clock, shop, joinCode } = await open();
    await db.transact((tx) =>
      tx.query((d, t) =>
        d.update(t.programs).set({ endedAt: clock.now() }).where(eq(t.programs.merchantId, shop.merchantId)),
      ),
    );
    expect(await readJoinPage(db)({ joinCode })).toMatchObject({ program: null });
    expect(await joinProgram(db, clock, testSecrets.cardKey)({ once: uuid(), joinCode })).toEqual({
      refused: 'program-unknown',
    });
  });
});
