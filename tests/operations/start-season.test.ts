import { expect, it } from 'vitest';
import { listSeasons } from '../../src/operations/list-seasons.ts';
import { planSeason } from '../../src/operations/plan-season.ts';
import { hashSeasonKey } from '../../src/operations/season-key.ts';
import { startSeason } from '../../src/operations/start-season.ts';
import { stopSeason } from '../../src/operations/stop-season.ts';
import { testSealer } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import { anotherTill } from '../support/a-till.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';

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
    expect(hashSeasonKey(ended.revealedKey!)).toBe(season.keyHash);
    expect(await stop(shop.owner, season)).toEqual({ refused: 'season-ended' });
    expect(await stop(shop.owner, { seasonId: 'nobody’s' })).toEqual({ refused: 'season-unknown' });
    expect((await rowsOf(db, shop, 'auditLog')).map(({ action }) => action)).toEqual([
      'season.started',
      'season.ended',
    ]);
  });
});
