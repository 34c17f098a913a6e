import { v7 as uuid } from 'uuid';
import { expect, it } from 'vitest';
import type { DrawKind } from '../../db/schema.ts';
import type { GestureKind } from '../../src/loyalty/gesture.ts';
import { endLocation } from '../../src/operations/edit-location.ts';
import { editMerchant } from '../../src/operations/edit-merchant.ts';
import { listSeasons } from '../../src/operations/list-seasons.ts';
import { planSeason } from '../../src/operations/plan-season.ts';
import { hashSeasonKey } from '../../src/operations/season-key.ts';
import { startSeason } from '../../src/operations/start-season.ts';
import { stopSeason } from '../../src/operations/stop-season.ts';
import { addCustomers, addRows, saleRow } from '../support/a-busy-shop.ts';
import { aCard } from '../support/a-card.ts';
import { testSealer } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf, setProgram } from '../support/shop-settings.ts';

forEachDatabase('a season', (database) => {
  const open = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db);
    return {
      db,
      shop,
      start: startSeason(db, clock, testSealer),
      stop: stopSeason(db, clock, testSealer),
      plan: planSeason(db, clock),
      list: () => listSeasons(db)(shop),
    };
  };

  it('begins as it was previewed, its key sealed and its hash public, and is written to the audit log', async () => {
    const { db, shop, start, plan, list } = await open();
    const preview = await plan(shop, { kind: 'lucky' });
    // A shop without a past is small: 1 in 10, and the figures of a usual shop.
    expect(preview).toMatchObject({ chanceMillionths: 100_000, isFromHistory: false, drawsPerWeek: null });
    const season = await start(shop.owner, { kind: 'lucky' });
    if ('refused' in season) throw new Error(season.refused);
    expect(season).toMatchObject({ chanceMillionths: 100_000, revealedKey: null, visitMinutes: 30 });
    expect(season).not.toHaveProperty('sealedKey');
    expect(await list()).toEqual([season]);
    expect(await rowsOf(db, shop, 'auditLog')).toMatchObject([
      { action: 'season.started', subjectId: season.seasonId, staffId: shop.owner.staffId },
    ]);
  });

  it('ends with its location: nobody can be drawn there, and its key is out; one that draws elsewhere too goes on', async () => {
    const { db, shop, start, list } = await open();
    const clock = new FixedClock('2026-03-09T17:00:00Z');
    await anotherTill(db, shop, { isElsewhere: true });
    const { locationId } = shop;
    const everywhere = await start(shop.owner, { kind: 'lucky' });
    const here = await start(shop.owner, { kind: 'bonus', locationId });
    if ('refused' in here || 'refused' in everywhere) throw new Error('A season did not begin');
    expect(await endLocation(db, clock, testSealer)(shop.owner, { locationId })).toBeUndefined();
    const [ended, goesOn] = await list();
    expect(goesOn).toMatchObject({ seasonId: everywhere.seasonId, endedAt: null, revealedKey: null });
    expect(ended).toMatchObject({ seasonId: here.seasonId, endedAt: clock.now() });
    expect(hashSeasonKey(ended!.revealedKey!)).toBe(here.keyHash);
    expect((await rowsOf(db, shop, 'auditLog')).slice(-2)).toMatchObject([
      { action: 'location.ended', subjectId: locationId },
      { action: 'season.ended', subjectId: here.seasonId, staffId: shop.owner.staffId },
    ]);
  });

  it('offers one in twenty, one in ten to fewer than 300 customers, and to each other kind its own chance', async () => {
    const { db, shop, plan } = await open();
    const customerIds = Array.from({ length: 300 }, () => uuid());
    await addCustomers(db, shop, customerIds);
    const sales = customerIds.map((customerId) =>
      saleRow(shop, { saleId: uuid(), customerId, occurredAt: new Date('2026-02-02T12:00:00Z') }),
    );
    const chanceOf = async (kind: DrawKind) => {
      const told = await plan(shop, { kind });
      return 'refused' in told ? told : told.chanceMillionths;
    };
    await addRows(db, { sales: sales.slice(1) });
    expect(await chanceOf('lucky')).toBe(100_000);
    await addRows(db, { sales: sales.slice(0, 1) });
    expect(await Promise.all((['lucky', 'bonus', 'suggestion'] as const).map(chanceOf))).toEqual([
      50_000, 500_000, 100_000,
    ]);
  });

  it('is reckoned with what its own kind of gesture costs', async () => {
    const { db, shop, plan } = await open();
    const costsOf = async (gestureKind?: GestureKind) => {
      const told = await plan(shop, { kind: 'lucky', dailyCap: 5, gestureKind });
      return 'refused' in told ? told : [told.gestureCostMinor, told.mostCostPerDayMinor];
    };
    expect(await costsOf('free_item')).toEqual([80, 400]);
    expect(await costsOf('double_stamp')).toEqual([8, 40]);
    await setProgram(db, shop, { stampsRequired: 5, rewardCostMinor: 600 });
    expect(await costsOf('double_stamp')).toEqual([120, 600]);
    expect(await costsOf()).toEqual([100, 600]);
    await setProgram(db, shop, { rewardCostMinor: null });
    expect(await costsOf('double_stamp')).toEqual([0, 0]);
    expect(await costsOf()).toEqual([80, 400]);
  });

  /** A shop that eight people came to for a hundred days. */
  const openLived = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-01-01T09:00:00Z');
    const shop = await aShop(db, { coolDownDays: 0, gesturesLimit: null });
    const till = aTill(db, clock, shop);
    const cards = [];
    for (let person = 0; person < 8; person++) cards.push(await aCard(db, shop, { now: clock.now() }));
    for (let day = 0; day < 100; day += 2) {
      for (const [person, card] of cards.entries())
        if ((day + person) % 3 > 0) granted(await till.sell(card, 1 + (day % 5)));
      clock.advance({ days: 2 });
    }
    const preview = async (request: Parameters<ReturnType<typeof planSeason>>[1]) => {
      const told = await planSeason(db, clock)(shop, request);
      if ('refused' in told) throw new Error(told.refused);
      return told;
    };
    return { db, clock, shop, till, cards, preview, start: startSeason(db, clock, testSealer) };
  };

  it('costs in a week what it costs in all, by the weeks until its answer', async () => {
    const told = await (await openLived()).preview({ kind: 'suggestion', chanceMillionths: 500_000 });
    const { plannedDraws, drawsPerWeek, plannedTreats, treatsPerWeek } = told;
    expect(told.isFromHistory).toBe(true);
    const weeks = plannedDraws / drawsPerWeek!;
    expect(Math.abs(treatsPerWeek! - plannedTreats / weeks)).toBeLessThan(1);
    expect(told.costPerWeekMinor! / (told.plannedCostMinor / weeks)).toBeCloseTo(1, 0);
  });

  it('is foretold with the days that other kinds take from it, and says which those are', async () => {
    const { db, shop, preview, start } = await openLived();
    const wanted = { kind: 'suggestion', chanceMillionths: 1_000 } as const;
    const alone = await preview(wanted);
    expect(alone.sharedWith).toEqual([]);
    await start(shop.owner, { kind: 'lucky' });
    const shared = await preview(wanted);
    expect(shared.sharedWith).toEqual(['lucky']);
    expect(Math.abs(shared.drawsPerWeek! - alone.drawsPerWeek! / 2)).toBeLessThanOrEqual(1);
    expect(shared.weeks! / alone.weeks!).toBeCloseTo(2, 1);
    expect(shared.plannedDraws).toBe(alone.plannedDraws);
    // Where nothing else is on, it has every day.
    const { locationId } = await anotherTill(db, shop, { isElsewhere: true });
    await start(shop.owner, { kind: 'bonus', locationId });
    expect((await preview({ ...wanted, locationId: shop.locationId })).sharedWith).toEqual(['lucky']);
    expect((await preview({ ...wanted, locationId })).sharedWith).toEqual(['lucky', 'bonus']);
  });

  it('is foretold with the rest that everybody has who was given something', async () => {
    const { db, clock, shop, till, cards, preview } = await openLived();
    const wanted = { kind: 'lucky', chanceMillionths: 1_000 } as const;
    const before = await preview(wanted);
    const more = await preview({ ...wanted, chanceMillionths: 500_000 });
    expect(more.drawsPerWeek!).toBeLessThan(before.drawsPerWeek! / 2);
    clock.advance({ days: -40 });
    for (const card of cards) granted(await till.give(card));
    clock.advance({ days: 40 });
    const rested = await preview(wanted);
    expect(rested.drawsPerWeek!).toBeLessThan(before.drawsPerWeek!);
    // Where nobody is given anything again for two months, they rest for as long.
    await editMerchant(db, clock)(shop.owner, { coolDownDays: 60 });
    const restedLonger = await preview(wanted);
    expect(restedLonger.drawsPerWeek!).toBeLessThan(rested.drawsPerWeek!);
    const moreAndLonger = await preview({ ...wanted, chanceMillionths: 500_000 });
    expect(moreAndLonger.drawsPerWeek!).toBeLessThan(more.drawsPerWeek! / 2);
  });

  it('never takes the sale of the drawn visit itself for one that followed, whatever the shop’s setting', async () => {
    const { db, shop, plan } = await open();
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    await editMerchant(db, clock)(shop.owner, { visitMinutes: 0 });
    expect(await plan(shop, { kind: 'lucky' })).toMatchObject({ visitMinutes: 10 });
    await editMerchant(db, clock)(shop.owner, { visitMinutes: 45 });
    expect(await plan(shop, { kind: 'lucky' })).toMatchObject({ visitMinutes: 45 });
  });

  it('is the only one of its kind at a location', async () => {
    const { db, shop, start, stop } = await open();
    const { locationId } = await anotherTill(db, shop, { isElsewhere: true });
    const here = await start(shop.owner, { kind: 'lucky', locationId: shop.locationId });
    if ('refused' in here) throw new Error(here.refused);
    expect(await start(shop.owner, { kind: 'lucky' })).toMatchObject({ refused: 'season-on' });
    expect(await start(shop.owner, { kind: 'lucky', locationId })).not.toHaveProperty('refused');
    expect(await start(shop.owner, { kind: 'bonus' })).not.toHaveProperty('refused');
    expect(await start(shop.owner, { kind: 'lucky', locationId: 'nowhere' })).toEqual({
      refused: 'location-unknown',
    });
    await stop(shop.owner, here);
    const again = { kind: 'lucky', locationId: shop.locationId } as const;
    expect(await start(shop.owner, again)).not.toHaveProperty('refused');
  });

  it('is stopped on any day, once, and then its key is out', async () => {
    const { db, shop, start, stop } = await open();
    const season = await start(shop.owner, { kind: 'suggestion' });
    if ('refused' in season) throw new Error(season.refused);
    const ended = await stop(shop.owner, season);
    if ('refused' in ended) throw new Error(ended.refused);
    expect(ended.revealedKey).toMatch(/^[0-9a-f]{64}$/); // 256 bits
    expect(hashSeasonKey(ended.revealedKey!)).toBe(season.keyHash);
    expect(await stop(shop.owner, season)).toEqual({ refused: 'season-ended' });
    expect(await stop(shop.owner, { seasonId: 'nobody’s' })).toEqual({ refused: 'season-unknown' });
    expect((await rowsOf(db, shop, 'auditLog')).map(({ action }) => action)).toEqual([
      'season.started',
      'season.ended',
    ]);
  });
});
