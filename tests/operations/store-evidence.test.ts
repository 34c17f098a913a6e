import { afterEach, expect, it, test, vi } from 'vitest';
import { pino } from 'pino';
import { startNightly } from '../../src/nightly.ts';
import { endLocation } from '../../src/operations/edit-location.ts';
import { storedPart } from '../../src/operations/evidence-view.ts';
import { reportEvidence } from '../../src/operations/report-evidence.ts';
import { scanCard } from '../../src/operations/scan-card.ts';
import { stopSeason } from '../../src/operations/stop-season.ts';
import { storeEvidence } from '../../src/operations/store-evidence.ts';
import { aCard } from '../support/a-card.ts';
import { aSeason, testSealer } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { tamper } from '../support/tamper.ts';

forEachDatabase('the report of the day', (database) => {
  const open = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-01T12:00:00Z');
    const shop = await aShop(db, { timeZone: 'America/New_York' });
    const { seasonId } = await aSeason(db, shop, { startedAt: clock.now() });
    const night = storeEvidence(db, clock, testSealer);
    const days = async () =>
      (await rowsOf(db, shop, 'evidenceReports')).map(({ day, asOf }) => `${day} ${asOf.toISOString()}`);
    return { db, clock, shop, seasonId, night, days };
  };

  it('is stored by itself once the business day is over, as of its end, and once', async () => {
    const { clock, night, days } = await open();
    // The shop's day ends at four in the morning in New York: nine o'clock, Greenwich time.
    clock.set(new Date('2026-03-02T08:59:00Z'));
    await night();
    expect(await days()).toEqual([]);
    clock.set(new Date('2026-03-02T09:10:00Z'));
    await Promise.all([night(), night()]);
    await night();
    expect(await days()).toEqual(['2026-03-01 2026-03-02T09:00:00.000Z']);
  });

  it('stands beside that of today under the shop’s own days, each once', async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-01T12:00:00Z');
    const shop = await aShop(db, { timeZone: 'Pacific/Auckland' });
    await aSeason(db, shop, { startedAt: clock.now() });
    // Nine in the morning of the 5th in Auckland, where the 4th ended five hours ago; in Greenwich it is the 4th.
    clock.set(new Date('2026-03-04T20:00:00Z'));
    await storeEvidence(db, clock, testSealer)();
    const view = await reportEvidence(db, clock, testSealer)(shop, {});
    if ('refused' in view) throw new Error(view.refused);
    expect(view.series.map(({ day }) => day)).toEqual(['2026-03-04', '2026-03-05']);
  });

  it('goes by the days of its season’s own location after that has closed too, whatever the clock of the others', async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-01T12:00:00Z');
    const shop = await aShop(db, { timeZone: 'Pacific/Auckland' });
    const { locationId } = shop;
    const night = storeEvidence(db, clock, testSealer);
    await anotherTill(db, shop, { isElsewhere: true, timeZone: 'America/Los_Angeles' });
    await aSeason(db, shop, { startedAt: clock.now(), locationId });
    clock.set(new Date('2026-03-04T20:00:00Z'));
    await night();
    expect(await endLocation(db, clock, testSealer)(shop.owner, { locationId })).toBeUndefined();
    clock.advance({ hours: 1 });
    const view = await reportEvidence(db, clock, testSealer)(shop, {});
    if ('refused' in view) throw new Error(view.refused);
    expect(view.series.map(({ day }) => day)).toEqual(['2026-03-04', '2026-03-05']);
    clock.set(new Date('2026-03-05T15:01:00Z')); // four in the morning of the 6th in Auckland
    await night();
    expect((await rowsOf(db, shop, 'evidenceReports')).map(({ day }) => day)).toEqual([
      '2026-03-04',
      '2026-03-05',
    ]);
  });

  it('names the place of a season that draws at one location alone', async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-01T12:00:00Z');
    const shop = await aShop(db);
    await anotherTill(db, shop, { isElsewhere: true });
    await aSeason(db, shop, { locationId: shop.locationId });
    const view = await reportEvidence(db, clock, testSealer)(shop, {});
    expect(view).toMatchObject({ locationId: null, locationName: 'High Street' });
  });

  it('is the same to the digit when it is worked out again later', async () => {
    const { db, clock, shop, night } = await open();
    clock.set(new Date('2026-03-05T10:00:00Z'));
    await night();
    const [stored] = await rowsOf(db, shop, 'evidenceReports');
    clock.advance({ days: 3 });
    // What was given since cost something else than the menu says, by which the first report went.
    granted(await aTill(db, clock, shop).give(await aCard(db, shop)));
    const again = await reportEvidence(db, clock, testSealer)(shop, { asOf: stored!.asOf });
    if ('refused' in again) throw new Error(again.refused);
    expect(again.inputsHash).toBe(stored!.inputsHash);
    expect(JSON.parse(JSON.stringify(storedPart(again)))).toEqual(stored!.report);
  });

  it('is stored until the last draw of a season that was stopped has matured, and no longer', async () => {
    const { db, clock, shop, seasonId, night, days } = await open();
    clock.set(new Date('2026-03-10T12:00:00Z'));
    await stopSeason(db, clock, testSealer)(shop.owner, { seasonId });
    clock.set(new Date('2026-04-10T11:59:00Z'));
    await night();
    expect(await days()).toEqual(['2026-04-09 2026-04-10T08:00:00.000Z']);
    clock.advance({ days: 1 });
    await night();
    expect(await days()).toHaveLength(1);
  });

  it('of a season that ended three months ago is given up, and not a day before', async () => {
    const { db, clock, shop, seasonId, night, days } = await open();
    clock.set(new Date('2026-03-10T12:00:00Z'));
    await stopSeason(db, clock, testSealer)(shop.owner, { seasonId });
    clock.advance({ days: 90, seconds: 1 });
    await night();
    expect(await days()).toEqual([]);
    clock.advance({ seconds: -1 });
    await night();
    expect(await days()).toHaveLength(1);
  });

  it('is stored a last time also by a server that was off when the last draw matured', async () => {
    const { db, clock, shop, seasonId, night, days } = await open();
    // Five minutes after the shop's day ended: 30 days later five minutes are left of that day.
    clock.set(new Date('2026-03-10T08:05:00Z'));
    await stopSeason(db, clock, testSealer)(shop.owner, { seasonId });
    clock.set(new Date('2026-04-09T08:04:00Z'));
    await night();
    clock.set(new Date('2026-04-13T12:00:00Z'));
    for (let day = 0; day < 3; day++) {
      await night();
      clock.advance({ days: 1 });
    }
    expect(await days()).toEqual([
      '2026-04-08 2026-04-09T08:00:00.000Z',
      '2026-04-12 2026-04-13T08:00:00.000Z',
    ]);
  });

  it('of one season is not missing because another’s draws were spoilt', async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-01T12:00:00Z');
    const shop = await aShop(db);
    const card = await aCard(db, shop);
    granted(await aTill(db, clock, shop).sell(card));
    clock.advance({ days: 7 });
    await aSeason(db, shop, { startedAt: clock.now() });
    await scanCard(db, clock, testSealer)(shop.ada, card);
    await tamper(database, `UPDATE draws SET covariates = 'null' WHERE merchant_id = '${shop.merchantId}'`);
    await aSeason(db, shop, { kind: 'bonus', startedAt: clock.now() });
    clock.advance({ days: 2 });
    const night = storeEvidence(db, clock, testSealer);
    await expect(night()).rejects.toThrow('The evidence of some seasons was not stored');
    expect(await rowsOf(db, shop, 'evidenceReports')).toHaveLength(1);
  });
});

afterEach(() => void vi.useRealTimers());

test('a night that fails is logged and tried again; a stop waits for what is under way', async () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  let [begun, ended] = [0, 0];
  let go = (): void => undefined;
  const stop = startNightly(
    async () => {
      begun++;
      if (begun === 1) throw new Error('no disk');
      await new Promise<void>((resolve) => (go = resolve));
      ended++;
    },
    { log, what: 'storing the evidence' },
  );
  await vi.advanceTimersByTimeAsync(60_000);
  expect([begun, ended]).toEqual([1, 0]);
  expect(lines.join('')).toMatch(/no disk.*storing the evidence failed/);
  await vi.advanceTimersByTimeAsync(30 * 60_000); // while one is under way no other begins
  expect([begun, ended]).toEqual([2, 0]);
  let isStopped = false;
  const stopped = stop().then(() => (isStopped = true));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(isStopped).toBe(false);
  go();
  await stopped;
  expect([begun, ended]).toEqual([2, 1]);
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(begun).toBe(2);
});
