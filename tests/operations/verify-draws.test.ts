import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { checkShop } from '../../src/operations/check-shop.ts';
import { readPublicSeason, streamSeasonDraws } from '../../src/operations/read-season-draws.ts';
import { reportEvidence } from '../../src/operations/report-evidence.ts';
import { makeSeasonKey } from '../../src/operations/season-key.ts';
import { scanCard } from '../../src/operations/scan-card.ts';
import { stopSeason } from '../../src/operations/stop-season.ts';
import { verifyDraws } from '../../src/operations/verify-draws.ts';
import { aCard } from '../support/a-card.ts';
import { ALWAYS, aSeason, testSealer } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { tamper } from '../support/tamper.ts';

forEachDatabase('the audit of the draws', (database) => {
  const open = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db);
    const till = aTill(db, clock, shop);
    const season = await aSeason(db, shop, { chanceMillionths: 500_000 });
    for (let person = 0; person < 12; person++) {
      const card = await aCard(db, shop);
      granted(await till.sell(card));
      clock.advance({ days: 3 });
      await scanCard(db, clock, testSealer)(shop.ada, card);
    }
    return { db, clock, shop, season, seasonId: season.seasonId };
  };

  it('draws every one again: from the sealed key while the season is on, from the published one after', async () => {
    const { db, clock, shop, seasonId } = await open();
    expect(await verifyDraws(db, testSealer)(shop)).toEqual({ drawCount: 12, redrawnCount: 12, fault: null });
    expect(await verifyDraws(db, null)(shop)).toEqual({ drawCount: 12, redrawnCount: 0, fault: null });
    const publicly = readPublicSeason(db);
    expect(await publicly({ seasonId })).toMatchObject({ revealedKey: null, audit: null });
    expect(await streamSeasonDraws(db)({ seasonId })).toEqual({ refused: 'season-unknown' });
    await stopSeason(db, clock, testSealer)(shop.owner, { seasonId });
    expect(await verifyDraws(db, null)(shop)).toMatchObject({ redrawnCount: 12, fault: null });
    expect(await publicly({ seasonId })).toMatchObject({
      merchantName: 'The Kind Bean',
      audit: { draws: 12, mismatched: 0, isKeyRight: true },
    });
    const lines = await streamSeasonDraws(db)({ seasonId });
    let text = '';
    for await (const part of lines as AsyncIterable<string>) text += part;
    expect(text.trim().split('\r\n')).toHaveLength(13);
    const { weekStartsOn, ...merchant } = (await rowsOf(db, shop, 'merchants'))[0]!;
    expect(await checkShop(db)({ ...merchant, weekStartsOn })).toMatchObject({ drawCount: 12, fault: null });
  });

  it('notices a season whose rule was bent, and a key that is not the one of the first day', async () => {
    const { db, clock, shop, season, seasonId } = await open();
    const other = await aSeason(db, shop, { kind: 'bonus', endedAt: clock.now() });
    const bend = (change: { chanceMillionths?: number; keyHash?: string }) =>
      db.transact((tx) =>
        tx.query((d, { seasons }) => d.update(seasons).set(change).where(eq(seasons.seasonId, seasonId))),
      );
    await bend({ keyHash: other.keyHash });
    expect((await verifyDraws(db, testSealer)(shop)).fault).toEqual({ fault: 'key-wrong', seasonId });
    await bend({ keyHash: season.keyHash });
    expect((await verifyDraws(db, testSealer)(shop)).fault).toBeNull();

    const card = await aCard(db, shop);
    granted(await aTill(db, clock, shop).sell(card));
    clock.advance({ days: 3 });
    await bend({ chanceMillionths: ALWAYS });
    await scanCard(db, clock, testSealer)(shop.ada, card);
    await bend({ chanceMillionths: season.chanceMillionths });
    expect((await verifyDraws(db, testSealer)(shop)).fault).toMatchObject({ fault: 'draw-wrong', seasonId });
    const told = await reportEvidence(db, clock, testSealer)(shop, { seasonId });
    const { lights } = told as Extract<typeof told, { lights: unknown }>;
    expect(lights.find(({ check }) => check === 'draw-audit')).toMatchObject({ light: 'refuse' });
    await stopSeason(db, clock, testSealer)(shop.owner, { seasonId });
    expect(await readPublicSeason(db)({ seasonId })).toMatchObject({ audit: { draws: 13, mismatched: 1 } });
  });

  it('notices a draw that somebody changed, took out, or drew with another key', async () => {
    const where = ({ merchantId }: { merchantId: string }, sequence: number) =>
      `merchant_id = '${merchantId}' AND sequence = ${sequence}`;
    const first = await open();
    await tamper(database, `UPDATE draws SET is_drawn = NOT is_drawn WHERE ${where(first.shop, 5)}`);
    const faultOf = async ({ shop }: typeof first) => (await verifyDraws(first.db, testSealer)(shop)).fault;
    expect(await faultOf(first)).toEqual({ fault: 'draw-changed', sequence: 5 });
    const second = await open();
    await tamper(database, `DELETE FROM draws WHERE ${where(second.shop, 12)}`);
    expect(await faultOf(second)).toEqual({ fault: 'draws-missing', sequence: 11 });
    const third = await open();
    const { seasonId } = third;
    const other = makeSeasonKey(testSealer, { seasonId });
    await third.db.transact((tx) =>
      tx.query((d, { seasons }) => d.update(seasons).set(other).where(eq(seasons.seasonId, seasonId))),
    );
    expect(await faultOf(third)).toMatchObject({ fault: 'draw-wrong', seasonId });
    const refused = third.db.transact((tx) =>
      tx.query((d, { draws }) => d.delete(draws).where(eq(draws.seasonId, seasonId))),
    );
    await expect(refused).rejects.toThrow(/draws/);
  });
});
