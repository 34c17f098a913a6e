import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Tables } from '../../db/database.ts';
import { sqliteTables } from '../../db/schema.sqlite.ts';
import { computeCardCode, deriveCardSecret } from '../../src/operations/card-codes.ts';
import { forgetOldAnswers } from '../../src/operations/forget-old-answers.ts';
import { giveGesture } from '../../src/operations/give-gesture.ts';
import { issueCardAtTill } from '../../src/operations/issue-card.ts';
import { recordSale } from '../../src/operations/record-sale.ts';
import { aShop } from '../support/a-shop.ts';
import { aCard, attempt } from '../support/a-card.ts';
import { aTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { blockCard, rowsOf } from '../support/shop-settings.ts';

const DAY_MS = 86_400_000;

forEachDatabase('an operation asked for twice', (database) => {
  const open = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db);
    const card = await aCard(db, shop);
    const lines = [{ itemId: shop.flatWhite.itemId, quantity: 1 }];
    const sell = (asked: { operationId: string; requestHash: string }) =>
      recordSale(db, clock)(shop.ada, { attempt: asked, cardCode: card.cardCode, lines });
    return { db, clock, shop, card, sell, till: aTill(db, clock, shop) };
  };
  const bodyOf = (outcome: object) => ('body' in outcome ? outcome.body : undefined);
  const isReplay = (outcome: object) => 'isReplay' in outcome && outcome.isReplay;

  it('is done once and answered the same to the byte, also when the card has moved on', async () => {
    const { db, clock, shop, card, sell, till } = await open();
    const asked = attempt();
    const first = await sell(asked);
    clock.advance({ hours: 5 });
    granted(await till.sell(card, 3));
    const repeat = await sell(asked);
    expect(bodyOf(repeat)).toBe(bodyOf(first));
    expect([isReplay(first), isReplay(repeat)]).toEqual([false, true]);
    expect(await rowsOf(db, shop, 'sales')).toHaveLength(2);
    expect(granted(await till.look(card)).card.stamps).toBe(4);
  });

  it('is done once when both arrive at the same moment', async () => {
    const { db, shop, card, sell, till } = await open();
    const asked = attempt();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => sell(asked)));
    expect(new Set(outcomes.map(bodyOf)).size).toBe(1);
    expect(outcomes.filter(isReplay)).toHaveLength(7);
    expect(await rowsOf(db, shop, 'sales')).toHaveLength(1);
    expect(granted(await till.look(card)).card.stamps).toBe(1);
    expect(await till.fault()).toBeNull();
  });

  it('is refused the second time as it was the first, even if it could be done by then', async () => {
    const { db, clock, shop, card, till } = await open();
    granted(await till.give(card));
    const asked = {
      attempt: attempt(),
      cardCode: card.cardCode,
      kind: 'double_stamp' as const,
      reason: 'long_day' as const,
    };
    const first = await giveGesture(db, clock)(shop.ada, asked);
    expect(refusalOf(first)).toBe('cool-down');
    clock.advance({ days: 8 });
    const repeat = await giveGesture(db, clock)(shop.ada, asked);
    expect(bodyOf(repeat)).toBe(bodyOf(first));
    expect(isReplay(repeat)).toBe(true);
    expect(refusalOf(await till.give(card))).toBeNull();
  });

  it('for something else is refused, and nothing is done', async () => {
    const { db, shop, sell } = await open();
    const asked = attempt('a flat white');
    granted(await sell(asked));
    expect(refusalOf(await sell({ ...asked, requestHash: 'two flat whites' }))).toBe('operation-reused');
    expect(await rowsOf(db, shop, 'sales')).toHaveLength(1);
  });

  it('by another shop is another operation', async () => {
    const { db, clock, sell } = await open();
    const asked = attempt();
    const first = granted(await sell(asked));
    const other = await aShop(db);
    const lines = [{ itemId: other.flatWhite.itemId, quantity: 1 }];
    const theirs = granted(await recordSale(db, clock)(other.ada, { attempt: asked, lines }));
    expect(theirs.sale.saleId).not.toBe(first.sale.saleId);
  });

  it('after its answer was forgotten, in 72 hours, is known to be done, and not done again', async () => {
    const { db, clock, shop, sell } = await open();
    const old = attempt();
    const answered = bodyOf(await sell(old));
    clock.advance({ hours: 72 });
    const recent = attempt();
    const kept = await sell(recent);
    await forgetOldAnswers(db, clock)();
    expect(bodyOf(await sell(old))).toBe(answered);
    clock.advance({ seconds: 1 });
    await forgetOldAnswers(db, clock)();
    expect(await sell(old)).toEqual({
      refused: 'operation-forgotten',
      answeredAt: new Date('2026-03-02T09:00:00Z'),
    });
    expect(refusalOf(await sell({ ...old, requestHash: 'something else' }))).toBe('operation-reused');
    expect(bodyOf(await sell(recent))).toBe(bodyOf(kept));
    expect(await rowsOf(db, shop, 'sales')).toHaveLength(2);
  });

  it('has its answer for 72 hours', async () => {
    const { db, clock, sell } = await open();
    const asked = attempt();
    granted(await sell(asked));
    clock.advance({ hours: 72 });
    await forgetOldAnswers(db, clock)();
    expect(await sell(asked)).toMatchObject({ isReplay: true });
    clock.advance({ seconds: 1 });
    await forgetOldAnswers(db, clock)();
    expect(refusalOf(await sell(asked))).toBe('operation-forgotten');
  });

  it('and refused is refused as before for a week, and not taken for done; then its tap is too old', async () => {
    const { db, clock, shop, card } = await open();
    await blockCard(db, shop, card.cardId);
    const asked = attempt();
    const lines = [{ itemId: shop.flatWhite.itemId, quantity: 1 }];
    const sell = (tappedAgoMs: number) =>
      recordSale(db, clock)(shop.ada, {
        attempt: { ...asked, tappedAgoMs },
        cardCode: card.cardCode,
        lines,
      });
    expect(refusalOf(await sell(0))).toBe('card-blocked');
    clock.advance({ days: 7 });
    await forgetOldAnswers(db, clock)();
    expect(await sell(7 * DAY_MS)).toMatchObject({ answer: { refused: 'card-blocked' }, isReplay: true });
    clock.advance({ seconds: 1 });
    await forgetOldAnswers(db, clock)();
    expect(await rowsOf(db, shop, 'answers')).toEqual([]);
    expect(refusalOf(await sell(7 * DAY_MS + 1_000))).toBe('tap-too-old');
    expect(await rowsOf(db, shop, 'sales')).toEqual([]);
  });

  it('that issues a card gives the same card, and the secret is nowhere in the database', async () => {
    const { db, clock, shop, till } = await open();
    const asked = attempt();
    const { merchantId } = shop;
    const secret = deriveCardSecret(Buffer.alloc(32, 7), { merchantId, operationId: asked.operationId });
    const issue = () => issueCardAtTill(db, clock)(shop.ada, { attempt: asked, secret, customerName: 'Ida' });
    const first = await issue();
    const repeat = await issue();
    expect(bodyOf(repeat)).toBe(bodyOf(first));
    const cardCode = computeCardCode(secret);
    expect(granted(await till.look({ cardCode })).card.cardId).toBe(granted(first).card.cardId);
    const kept = await everythingKept(database);
    expect(kept).toContain(granted(first).card.cardId);
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain(cardCode.slice('GST1:'.length));
  });
});

/** All that is in the database: the bytes of SQLite's files, the rows of PostgreSQL's tables. */
async function everythingKept({
  db,
  url,
}: {
  db: Parameters<typeof rowsOf>[0];
  url: string;
}): Promise<string> {
  if (db.dialect === 'sqlite')
    return [url, `${url}-wal`].map((path) => readFileSync(path, 'latin1')).join('\n');
  const tables = Object.keys(sqliteTables) as (keyof Tables)[];
  const rows = tables.map((table) =>
    db.read((queries) => queries.query((d, all) => d.select().from(all[table] as Tables['cards']))),
  );
  return JSON.stringify(await Promise.all(rows));
}
