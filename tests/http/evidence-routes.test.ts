import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import request from 'supertest';
import { beforeAll, expect, test } from 'vitest';
import { alarmsSchema, evidenceSchema, mirrorSchema } from '../../src/http/routes/evidence-routes.ts';
import { findDay } from '../../src/operations/find-day.ts';
import { hashSeasonKey } from '../../src/operations/season-key.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { replicateSeason } from '../support/replicated-season.ts';
import type { ReplicatedSeason } from '../support/replicated-season.ts';
import { useTestServer } from '../support/server.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { anEvenWorld } from '../support/simulated-shop.ts';

const REPORT = '/api/v1/reports/evidence';
const ALARMS = '/api/v1/fairness/alarms';
const MINE = '/api/v1/fairness/mine';
const SEASONS = '/api/v1/seasons';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const aTinyWorld = { ...anEvenWorld, customers: 12, daysBefore: 30, seasonDays: 60, chance: 0.4 };

forEachDatabase('the evidence over HTTP', (database) => {
  const clock = new FixedClock('2026-05-20T12:00:00Z');
  let lived: ReplicatedSeason;
  let shop: Shop;
  let empty: Shop;
  const server = useTestServer(database, { clock });
  beforeAll(async () => {
    lived = await replicateSeason(database.db, aTinyWorld, 3);
    ({ shop } = lived);
    empty = await aShop(database.db, { now: clock.now() });
    clock.set(new Date(lived.view.asOf.getTime() + 60_000));
  }, 120_000);

  const get = async (path: string, of: Shop, as: 'owner' | 'manager' = 'owner') =>
    request(server.url)
      .get(path)
      .set('Cookie', await server.signInAtDesk(of[as]));
  const post = async (path: string, of: Shop, body: object, as: 'owner' | 'manager' = 'owner') =>
    request(server.url)
      .post(path)
      .set('Cookie', await server.signInAtDesk(of[as]))
      .send(body);

  test('a manager reads what the report says, with its doubt and its lights', async () => {
    const { status, body } = await get(REPORT, shop, 'manager');
    expect(status).toBe(200);
    expect(evidenceSchema.parse(body)).toBeTruthy();
    const { view } = lived;
    expect(body).toMatchObject({
      seasonId: view.seasonId,
      verdict: 'not-enough-data',
      inputsHash: view.inputsHash,
      draws: view.draws,
      asOf: clock.now().toISOString(),
    });
    expect(body.offer).toEqual(view.offer);
    expect(body.lights).toEqual(view.lights);
    const one = await get(`${REPORT}?locationId=${shop.locationId}`, shop);
    expect(one.body).toMatchObject({ locationName: 'High Street', draws: { matured: view.draws.matured } });
  });

  test('a shop without a season is told so, and has nothing to be alarmed about', async () => {
    for (const path of [REPORT, `${REPORT}.csv`, `${REPORT}.xlsx`]) {
      const answer = await get(path, empty);
      expect([answer.status, answer.body.refused], `${path}`).toEqual([404, 'season-unknown']);
    }
    expect((await get(SEASONS, empty)).body).toEqual({ items: [], nextCursor: null });
    const alarms = await get(ALARMS, empty);
    expect(alarmsSchema.parse(alarms.body).items).toEqual([]);
    const mine = await request(server.url)
      .get(MINE)
      .set('Authorization', await server.signInAtTill(empty.ada));
    expect(mine.status).toBe(200);
    expect(mirrorSchema.parse(mine.body)).toMatchObject({ served: 0, gestures: 0, sameThreeShare: null });
  });

  test('the file says line by line what the report says, and the audit log who took it', async () => {
    const answer = await get(`${REPORT}.csv`, shop);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    const day = await findDay(database.db)({ ...shop, locationId: null }, clock.now());
    expect(answer.headers['content-disposition']).toBe(`attachment; filename="evidence-lucky-${day}.csv"`);
    const lines = parse(answer.text, { columns: true, bom: true }) as Record<string, string>[];
    const value = (what: string) => lines.find((line) => line['what'] === what)!['value'];
    const { draws, seasonId, inputsHash } = lived.view;
    expect(value('season_id')).toBe(seasonId);
    expect(value('inputs_hash')).toBe(inputsHash);
    expect(value('made')).toBe(String(draws.made));
    expect(value('treated')).toBe(String(draws.treated));
    expect(lines.filter(({ of }) => of === 'verdict')).toMatchObject([{ what: 'not-enough-data' }]);
    // Nobody is in it, by name or by pseudonym.
    expect(answer.text).not.toMatch(/Ada|Ben|c-[0-9a-f]{16}/);

    expect((await get(`${REPORT}.xlsx`, shop)).status).toBe(200);
    const audit = await rowsOf(database.db, shop, 'auditLog');
    expect(audit.filter(({ action }) => action === 'evidence.exported')).toMatchObject([
      { staffId: shop.owner.staffId, subjectId: seasonId, details: { format: 'csv', locationId: null } },
      { staffId: shop.owner.staffId, subjectId: seasonId, details: { format: 'xlsx' } },
    ]);
  });

  test('the workbook has the same lines and a sheet of the days', async () => {
    const csv = await get(`${REPORT}.csv`, shop);
    const answer = await request(server.url)
      .get(`${REPORT}.xlsx`)
      .set('Cookie', await server.signInAtDesk(shop.owner))
      .responseType('arraybuffer');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe(XLSX);
    const files = unzipSync(answer.body as Buffer);
    const rows = (sheet: number) =>
      strFromU8(files[`xl/worksheets/sheet${sheet}.xml`]!).match(/<row /g)!.length;
    expect(rows(1)).toBe((parse(csv.text, { bom: true }) as string[][]).length);
    expect(rows(2)).toBe(1 + lived.view.series.length);
  });

  test('the files are for an owner who entered the password in the last five minutes', async () => {
    const cookie = await server.signInAtDesk(shop.owner);
    clock.advance({ minutes: 5, seconds: 1 });
    for (const format of ['csv', 'xlsx']) {
      const late = await request(server.url).get(`${REPORT}.${format}`).set('Cookie', cookie);
      expect([late.status, late.body.refused]).toEqual([403, 'fresh-sign-in-needed']);
      expect((await get(`${REPORT}.${format}`, shop, 'manager')).status).toBe(403);
    }
    expect((await request(server.url).get(REPORT).set('Cookie', cookie)).status).toBe(200);
  });

  test('the desk’s figures are for the desk, the mirror for the till, and strangers see neither', async () => {
    const barista = await server.signInAtTill(shop.ada);
    const device = await server.signInDevice(shop.ada);
    for (const path of [REPORT, `${REPORT}.csv`, `${REPORT}.xlsx`, ALARMS, SEASONS]) {
      expect((await request(server.url).get(path)).status, `${path}`).toBe(401);
      expect((await request(server.url).get(path).set('Authorization', barista)).status, `${path}`).toBe(403);
      expect((await request(server.url).get(path).set('Authorization', device)).status, `${path}`).toBe(401);
    }
    expect((await get(ALARMS, shop, 'manager')).status).toBe(403);
    expect((await request(server.url).get(MINE)).status).toBe(401);
    expect((await request(server.url).get(MINE).set('Authorization', device)).status).toBe(401);
    // Not even the owner reads it at the desk: whose would it be?
    expect((await get(MINE, shop)).status).toBe(403);
  });

  test('each sees their own gestures in the mirror, and nobody else’s', async () => {
    const mirrorOf = async (actor: Shop['ada']) => {
      const answer = await request(server.url)
        .get(MINE)
        .set('Authorization', await server.signInAtTill(actor));
      return mirrorSchema.parse(answer.body);
    };
    const ada = await mirrorOf(shop.ada);
    expect(ada.gestures).toBeGreaterThan(0);
    expect(ada.served).toBeGreaterThan(ada.gestures);
    expect(ada.newcomers.gestures + ada.regulars.gestures).toBe(ada.gestures);
    const parts = Object.values(ada.partsOfDay);
    expect(parts.reduce((sum, { served }) => sum + served, 0)).toBe(ada.served);
    expect(await mirrorOf(shop.ben)).toMatchObject({ served: 0, gestures: 0 });
    expect(alarmsSchema.parse((await get(ALARMS, shop)).body).from).toBe(ada.from);
  });

  test('another shop’s season and places are not known, and nobody is told the future', async () => {
    const refusal = async (query: string, of: Shop) => {
      const { status, body } = await get(`${REPORT}?${query}`, of);
      return [status, body.refused];
    };
    expect(await refusal(`seasonId=${lived.view.seasonId}`, empty)).toEqual([404, 'season-unknown']);
    expect(await refusal(`locationId=${empty.locationId}`, shop)).toEqual([404, 'location-unknown']);
    expect(await refusal('asOf=2999-01-01T00:00:00Z', shop)).toEqual([400, 'report-of-the-future']);
    const odd = await get(`${REPORT}?asOf=yesterday`, shop);
    expect([odd.status, odd.body.errors[0].pointer]).toEqual([400, '/query/asOf']);
    const stop = await post(`${SEASONS}/${lived.view.seasonId}/stop`, empty, {});
    expect([stop.status, stop.body.refused]).toEqual([404, 'season-unknown']);
  });

  test('an owner looks what a season would cost, begins it once, and ends it once, with its key', async () => {
    const wanted = { kind: 'lucky', dailyCap: 7 };
    const preview = await post(`${SEASONS}/preview`, empty, wanted, 'manager');
    expect(preview.body).toMatchObject({ chanceMillionths: 100_000, dailyCap: 7, isFromHistory: false });
    expect((await post(SEASONS, empty, wanted, 'manager')).status).toBe(403);
    const begun = await post(SEASONS, empty, wanted);
    expect(begun.status).toBe(201);
    expect(begun.body).toMatchObject({ dailyCap: 7, endedAt: null, revealedKey: null });
    expect(begun.body).not.toHaveProperty('sealedKey');
    expect((await post(SEASONS, empty, wanted)).body).toMatchObject({ refused: 'season-on' });
    expect((await get(REPORT, empty)).body).toMatchObject({
      verdict: 'not-enough-data',
      gesture: null,
      draws: { made: 0, matured: 0 },
    });
    const stop = `${SEASONS}/${begun.body.seasonId}/stop`;
    expect((await post(stop, empty, {}, 'manager')).status).toBe(403);
    const ended = await post(stop, empty, {});
    expect(ended.status).toBe(200);
    expect(hashSeasonKey(ended.body.revealedKey)).toBe(begun.body.keyHash);
    expect((await post(stop, empty, {})).body).toMatchObject({ refused: 'season-ended' });
    expect((await get(SEASONS, empty)).body.items).toMatchObject([{ revealedKey: ended.body.revealedKey }]);
    const wrong = await post(SEASONS, empty, { kind: 'raffle' });
    expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([400, '/body/kind']);
  });
});
