import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import request from 'supertest';
import { beforeAll, expect, test } from 'vitest';
import { aBusyShop } from '../support/a-busy-shop.ts';
import type { BusyShop } from '../support/a-busy-shop.ts';
import { aSeason } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { useTestServer } from '../support/server.ts';

const JSON_PATH = '/api/v1/reports/gestures';
const TOTALS_PATH = '/api/v1/reports/gestures/totals';
const CSV_PATH = '/api/v1/reports/gestures.csv';
const XLSX_PATH = '/api/v1/reports/gestures.xlsx';

forEachDatabase('the gesture report over HTTP', (database) => {
  const clock = new FixedClock('2026-05-20T12:00:00Z');
  let shop: BusyShop;
  const server = useTestServer(database, { clock });
  beforeAll(async () => {
    shop = await aBusyShop(database.db, { customerCount: 20, saleCount: 800, gestureCount: 260 });
  });

  const ask = async (path: string, as: 'owner' | 'manager') =>
    request(server.url)
      .get(path)
      .set('Cookie', await server.signInAtDesk(shop[as]));

  test('shows a manager every gesture page by page, the newest first, as of one moment', async () => {
    const standing = shop.rows.gestures.filter(({ undoneAt }) => undoneAt === null);
    const seen: { gestureId: string; givenAt: string }[] = [];
    let cursor: string | null = null;
    let asOf: string | undefined;
    do {
      const answer: request.Response = await ask(
        `${JSON_PATH}?limit=100&model=linear&windowDays=60${cursor ? `&cursor=${cursor}` : ''}`,
        'manager',
      );
      expect(answer.status).toBe(200);
      asOf ??= answer.body.asOf;
      expect(answer.body).toMatchObject({ windowDays: 60, model: 'linear', currency: 'GBP', asOf });
      seen.push(...answer.body.items);
      cursor = answer.body.nextCursor;
      clock.advance({ minutes: 1 });
    } while (cursor);
    expect(seen).toHaveLength(standing.length);
    expect(new Set(seen.map(({ gestureId }) => gestureId))).toEqual(
      new Set(standing.map(({ gestureId }) => gestureId)),
    );
    const times = seen.map(({ givenAt }) => givenAt);
    expect(times).toEqual(times.toSorted().reverse());
  });

  test('shows fifty gestures unless told otherwise, and a manager what they all add up to', async () => {
    expect((await ask(JSON_PATH, 'manager')).body.items).toHaveLength(50);
    const { status, body } = await ask(`${TOTALS_PATH}?windowDays=7&staffId=${shop.ada.staffId}`, 'manager');
    expect(status).toBe(200);
    const hers = shop.rows.gestures.filter(
      ({ staffId, undoneAt }) => staffId === shop.ada.staffId && undoneAt === null,
    );
    expect(body).toMatchObject({ windowDays: 7, currency: 'GBP', asOf: clock.now().toISOString() });
    const { staffId } = shop.ada;
    expect(body).toMatchObject({ staffId, staffName: 'Ada', locationName: null, includeUndone: false });
    expect(body.totals.all.gestures).toBe(hers.length);
    expect(body.totals.returnedWithinDays).toHaveLength(7);
    expect(body.totals.returnedWithinDays.at(-1)).toBe(body.totals.complete.gesturesReturned);
  });

  test('the file has a line for every gesture, and the owner’s name is in the audit log', async () => {
    const answer = await ask(`${CSV_PATH}?from=2025-03-01&to=2025-12-31&includeUndone=true`, 'owner');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(answer.headers['content-disposition']).toBe(
      'attachment; filename="gestures-2025-03-01-to-2025-12-31.csv"',
    );
    const lines = parse(answer.text, { columns: true, bom: true }) as Record<string, string>[];
    const expected = shop.rows.gestures.filter(
      ({ businessDay }) => businessDay >= '2025-03-01' && businessDay <= '2025-12-31',
    );
    expect(lines).toHaveLength(expected.length);
    expect(new Set(lines.map((line) => line['gesture_id']))).toEqual(
      new Set(expected.map(({ gestureId }) => gestureId)),
    );
    expect(answer.text).not.toContain('customer-');
    const audit = await database.db.read((queries) =>
      queries.query((d, { auditLog }) => d.select().from(auditLog)),
    );
    expect(audit.filter(({ merchantId }) => merchantId === shop.merchantId)).toEqual([
      expect.objectContaining({
        action: 'gesture-report.exported',
        staffId: shop.owner.staffId,
        at: clock.now(),
        details: expect.objectContaining({
          from: '2025-03-01',
          to: '2025-12-31',
          model: 'last',
          format: 'csv',
        }),
      }),
    ]);
  });

  test('the workbook has a row for every gesture, its totals beside, and is in the audit log too', async () => {
    const answer = await request(server.url)
      .get(`${XLSX_PATH}?from=2025-03-01`)
      .set('Cookie', await server.signInAtDesk(shop.owner))
      .responseType('arraybuffer');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe(
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    );
    expect(answer.headers['content-disposition']).toBe('attachment; filename="gestures-2025-03-01.xlsx"');
    const files = unzipSync(answer.body as Buffer);
    const rows = strFromU8(files['xl/worksheets/sheet1.xml']!).match(/<row /g);
    const expected = shop.rows.gestures.filter(
      ({ businessDay, undoneAt }) => businessDay >= '2025-03-01' && undoneAt === null,
    );
    expect(rows).toHaveLength(expected.length + 1);
    expect(files['xl/worksheets/sheet2.xml']).toBeDefined();
    const audit = await database.db.read((queries) =>
      queries.query((d, { auditLog }) => d.select().from(auditLog)),
    );
    expect(audit.filter(({ merchantId }) => merchantId === shop.merchantId).at(-1)).toMatchObject({
      action: 'gesture-report.exported',
      staffId: shop.owner.staffId,
      details: { from: '2025-03-01', format: 'xlsx' },
    });
  });

  test('every file is called after the day it is at the shop, not in Greenwich', async () => {
    const abroad = await aShop(database.db, { timeZone: 'Pacific/Auckland', now: clock.now() });
    await aSeason(database.db, abroad, { startedAt: clock.now() });
    // Nine in the morning in Auckland.
    clock.set('2026-05-20T21:00:00Z');
    const cookie = await server.signInAtDesk(abroad.owner);
    for (const [path, name] of [
      ['reports/gestures.csv', 'gestures-as-of-2026-05-21.csv'],
      ['reports/gestures.xlsx', 'gestures-as-of-2026-05-21.xlsx'],
      ['reports/evidence.csv', 'evidence-lucky-2026-05-21.csv'],
      ['reports/evidence.xlsx', 'evidence-lucky-2026-05-21.xlsx'],
      ['audit.csv', 'audit-log-2026-05-21.csv'],
    ]) {
      const answer = await request(server.url).get(`/api/v1/${path}`).set('Cookie', cookie);
      expect(answer.headers['content-disposition']).toBe(`attachment; filename="${name}"`);
    }
  });

  test('the file is for an owner who entered the password in the last five minutes', async () => {
    const cookie = await server.signInAtDesk(shop.owner);
    clock.advance({ minutes: 5 });
    expect((await request(server.url).get(CSV_PATH).set('Cookie', cookie)).status).toBe(200);
    clock.advance({ seconds: 1 });
    const late = await request(server.url).get(CSV_PATH).set('Cookie', cookie);
    expect([late.status, late.body.refused]).toEqual([403, 'fresh-sign-in-needed']);
    const lateBook = await request(server.url).get(XLSX_PATH).set('Cookie', cookie);
    expect([lateBook.status, lateBook.body.refused]).toEqual([403, 'fresh-sign-in-needed']);
    expect((await request(server.url).get(JSON_PATH).set('Cookie', cookie)).status).toBe(200);
  });

  test('who only asks what a file would be, by HEAD, is told, and nothing is written down as taken', async () => {
    const other = await aShop(database.db, { now: clock.now() });
    await aSeason(database.db, other, { startedAt: clock.now() });
    const cookie = await server.signInAtDesk(other.owner);
    const taken = async () => {
      const audit = await database.db.read((queries) =>
        queries.query((d, { auditLog }) => d.select().from(auditLog)),
      );
      return audit.filter(
        ({ merchantId, action }) => merchantId === other.merchantId && action.endsWith('.exported'),
      );
    };
    const evidence = '/api/v1/reports/evidence';
    const paths = [CSV_PATH, XLSX_PATH, `${evidence}.csv`, `${evidence}.xlsx`, '/api/v1/audit.csv'];
    const answers = [];
    for (const path of paths) answers.push(await request(server.url).head(path).set('Cookie', cookie));
    expect(await taken()).toEqual([]);
    for (const [index, path] of paths.entries()) {
      const { status, headers } = answers[index]!;
      const whole = await request(server.url).get(path).set('Cookie', cookie);
      expect([path, status, headers['content-type']]).toEqual([path, 200, whole.headers['content-type']]);
      expect(headers['content-disposition']).toBe('attachment');
      expect(headers).not.toHaveProperty('content-length');
    }
    expect(await taken()).toHaveLength(paths.length);
    clock.advance({ minutes: 6 });
    for (const path of paths)
      expect((await request(server.url).head(path).set('Cookie', cookie)).status).toBe(403);
  });

  test('baristas, tills and strangers see neither, and a manager takes no file', async () => {
    for (const path of [JSON_PATH, TOTALS_PATH, CSV_PATH, XLSX_PATH]) {
      expect((await request(server.url).get(path)).status).toBe(401);
      const barista = await server.signInAtTill(shop.ada);
      expect((await request(server.url).get(path).set('Authorization', barista)).status).toBe(403);
      const till = await server.signInDevice(shop.ada);
      expect((await request(server.url).get(path).set('Authorization', till)).status).toBe(401);
    }
    for (const path of [CSV_PATH, XLSX_PATH]) expect((await ask(path, 'manager')).status).toBe(403);
  });

  test('another shop’s places and people are not known, and its gestures not shown', async () => {
    const other = await aShop(database.db);
    const cookie = await server.signInAtDesk(other.owner);
    const asOther = (query: string) => request(server.url).get(`${JSON_PATH}${query}`).set('Cookie', cookie);
    expect((await asOther('')).body.items).toEqual([]);
    const totals = await request(server.url).get(TOTALS_PATH).set('Cookie', cookie);
    expect(totals.body.totals.all.gestures).toBe(0);
    expect((await asOther(`?locationId=${shop.locationId}`)).status).toBe(404);
    expect((await asOther(`?staffId=${shop.ada.staffId}`)).status).toBe(404);
  });

  test.each([
    ['windowDays=31', '/query/windowDays'],
    ['model=newest', '/query/model'],
    ['from=2026-02-30', '/query/from'],
    ['from=2026-03-02&to=2026-03-01', '/query/to'],
    ['cursor=nonsense', '/query/cursor'],
    ['limit=501', '/query/limit'],
    ['colour=red', '/query'],
  ])('%s is refused with the reason', async (query, pointer) => {
    const answer = await ask(`${JSON_PATH}?${query}`, 'owner');
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });

  test('nobody is told the future', async () => {
    const answer = await ask(`${JSON_PATH}?asOf=2999-01-01T00:00:00Z`, 'owner');
    expect([answer.status, answer.body.refused]).toEqual([400, 'report-of-the-future']);
  });
});
