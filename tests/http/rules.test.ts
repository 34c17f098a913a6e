import { hash } from 'node:crypto';
import request from 'supertest';
import { v7 as uuid } from 'uuid';
import { beforeAll, expect, test } from 'vitest';
import { findAnswer } from '../../db/queries/answer-queries.ts';
import { verifyAuditChain } from '../../src/operations/verify-audit-chain.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { useTestServer } from '../support/server.ts';
import { askFrom } from './a-set-up-shop.ts';
import type { Ask } from './a-set-up-shop.ts';

forEachDatabase('the rules of a shop', (database) => {
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  const server = useTestServer(database, { clock });
  let shop: Shop;
  let other: Shop;
  let asOwner: Ask;
  let asManager: Ask;
  beforeAll(async () => {
    shop = await aShop(database.db, { now: clock.now() });
    other = await aShop(database.db, { now: clock.now() });
    asOwner = askFrom(server, await server.signInAtDesk(shop.owner));
    asManager = askFrom(server, await server.signInAtDesk(shop.manager));
  });

  async function lastAudit(): Promise<{ action: string; details: Record<string, unknown> }> {
    const { body } = await asOwner('get', '/audit?limit=1');
    return (body as { items: { action: string; details: Record<string, unknown> }[] }).items[0]!;
  }

  async function dayFloorOf(locationId: string): Promise<string | null> {
    const rows = await database.db.read((queries) =>
      queries.query((d, { locations }) =>
        d.select({ id: locations.locationId, dayFloor: locations.dayFloor }).from(locations),
      ),
    );
    return rows.find(({ id }) => id === locationId)!.dayFloor;
  }

  test('a location moved to another time zone does not open the day again', async () => {
    const path = `/locations/${shop.locationId}`;
    expect((await asOwner('patch', path, { name: 'High St' })).body.name).toBe('High St');
    expect(await dayFloorOf(shop.locationId)).toBeNull();
    // 09:00 in London is 23:00 of the day before in Honolulu.
    const moved = await asOwner('patch', path, { timeZone: 'Pacific/Honolulu' });
    expect(moved.body).toMatchObject({ timeZone: 'Pacific/Honolulu', cutOffMinutes: 240 });
    expect(await dayFloorOf(shop.locationId)).toBe('2026-03-02');
    expect(await lastAudit()).toMatchObject({
      action: 'location.edited',
      details: { from: { timeZone: 'Europe/London' }, to: { timeZone: 'Pacific/Honolulu' } },
    });
    await asOwner('patch', path, { timeZone: 'Europe/London' });
    expect(await dayFloorOf(shop.locationId)).toBe('2026-03-02');
    expect((await asOwner('patch', path, { cutOffMinutes: 1_440 })).status).toBe(400);
    expect((await asOwner('patch', path, { timeZone: 'Moon/Crater' })).status).toBe(400);
    expect((await asManager('patch', path, { name: 'Mine' })).body.refused).toBe('not-allowed');
  });

  test('a location is opened with a link of its own, and closed for good', async () => {
    const opened = await asOwner('post', '/locations', { name: 'Station', timeZone: 'Europe/London' });
    expect(opened.status).toBe(201);
    expect(opened.body.joinLink).toBe(`${server.publicUrl}/join/${opened.body.joinCode as string}`);
    const { locationId } = opened.body as { locationId: string };
    const path = `/locations/${locationId}`;
    // Nor does another hour at which its day begins open that day again.
    expect((await asOwner('patch', path, { cutOffMinutes: 660 })).status).toBe(200);
    expect(await dayFloorOf(locationId)).toBe('2026-03-02');
    expect((await asOwner('delete', path)).status).toBe(204);
    expect((await asOwner('delete', path)).body.refused).toBe('location-unknown');
    expect((await asOwner('patch', path, { name: 'X' })).body.refused).toBe('location-unknown');
    expect((await asOwner('get', '/locations')).body.items.length).toBe(1);
  });

  test('an edited stamp card is a new version, and the old one stays to be read', async () => {
    const path = `/programs/${shop.programId}`;
    expect((await asOwner('patch', path, { name: 'Coffee club' })).body).toMatchObject({ version: 1 });
    expect((await asOwner('patch', path, { stampsRequired: 10 })).body).toMatchObject({ version: 1 });
    const edited = await asOwner('patch', path, {
      stampsRequired: 8,
      accrual: { per: 'sale', minimumMinor: 200 },
    });
    expect(edited.body).toMatchObject({ version: 2, stampsRequired: 8, name: 'Coffee club' });
    const { body } = await asOwner('get', path);
    expect(body.versions).toMatchObject([
      { version: 2, stampsRequired: 8, accrual: { per: 'sale', minimumMinor: 200 } },
      { version: 1, stampsRequired: 10, accrual: { per: 'item' } },
    ]);
    for (const wrong of [
      { stampsRequired: 1 },
      { stampsRequired: 51 },
      { accrual: { per: 'wish' } },
      { colour: 'red' },
    ])
      expect((await asOwner('patch', path, wrong)).status).toBe(400);
    expect((await asOwner('get', `/programs/${other.programId}`)).body.refused).toBe('program-unknown');
  });

  test('a program that is ended issues no more cards, and is still to be read', async () => {
    const added = await asOwner('post', '/programs', {
      name: 'Tea card',
      stampsRequired: 6,
      rewardName: 'A pot of tea',
    });
    expect(added.body).toMatchObject({
      version: 1,
      accrual: { per: 'item' },
      expiryDays: null,
      rewardCostMinor: null,
    });
    const path = `/programs/${added.body.programId as string}`;
    expect((await asOwner('get', '/programs')).body.items.length).toBe(2);
    expect((await asOwner('delete', path)).status).toBe(204);
    expect((await asOwner('get', '/programs')).body.items.length).toBe(1);
    expect((await asOwner('get', path)).body.endedAt).toBe(clock.now().toISOString());
    expect((await asOwner('patch', path, { stampsRequired: 7 })).body.refused).toBe('program-unknown');
  });

  test('the menu is kept by managers too', async () => {
    const added = await asManager('post', '/items', { name: 'Cortado', priceMinor: 320, costMinor: 70 });
    expect(added.body).toMatchObject({ name: 'Cortado', qualifies: true, mayBeGiven: false });
    const path = `/items/${added.body.itemId as string}`;
    expect((await asManager('patch', path, { mayBeGiven: true, priceMinor: 330 })).body).toMatchObject({
      priceMinor: 330,
      costMinor: 70,
      mayBeGiven: true,
    });
    for (const wrong of [{ priceMinor: -1 }, { priceMinor: 3.5 }, { name: '' }, { colour: 'brown' }])
      expect((await asManager('patch', path, wrong)).status).toBe(400);
    expect((await asManager('delete', path)).status).toBe(204);
    expect((await asManager('patch', path, { priceMinor: 1 })).body.refused).toBe('item-unknown');
    expect((await asManager('delete', `/items/${other.flatWhite.itemId}`)).body.refused).toBe('item-unknown');
  });

  test('an allowance is for everyone, a person or a location, and never for nobody', async () => {
    const everyone = { scope: 'staff', period: 'day', gesturesLimit: 5 };
    expect((await asOwner('post', '/allowances', everyone)).body.refused).toBe('allowance-exists');
    const ada = { scope: 'staff', subjectId: shop.ada.staffId, period: 'week', costLimitMinor: 2_000 };
    const added = await asOwner('post', '/allowances', ada);
    expect(added.body).toMatchObject({ ...ada, gesturesLimit: null });
    for (const [rule, refused] of [
      [{ ...ada, subjectId: other.ada.staffId }, 'staff-unknown'],
      [{ ...ada, scope: 'location', subjectId: other.locationId }, 'location-unknown'],
      [ada, 'allowance-exists'],
    ] as const)
      expect((await asOwner('post', '/allowances', rule)).body.refused).toBe(refused);
    expect((await asOwner('post', '/allowances', { scope: 'location', period: 'day' })).status).toBe(400);

    const preview = await asOwner('post', '/allowances/preview', { ...everyone, gesturesLimit: 1 });
    expect([preview.status, preview.body]).toMatchObject([200, { gestures: 0, wouldRefuse: 0 }]);
    expect((await asOwner('post', '/allowances/preview', { scope: 'staff', period: 'day' })).status).toBe(
      400,
    );
    const path = `/allowances/${added.body.allowanceId as string}`;
    expect((await asOwner('patch', path, { costLimitMinor: 900 })).body).toMatchObject({
      gesturesLimit: added.body.gesturesLimit,
      costLimitMinor: 900,
    });
    const edited = await asOwner('patch', path, { gesturesLimit: 2, costLimitMinor: null });
    expect(edited.body).toMatchObject({ gesturesLimit: 2, costLimitMinor: null });
    for (const nothing of [{ gesturesLimit: null }, { gesturesLimit: null, costLimitMinor: null }])
      expect((await asOwner('patch', path, nothing)).body).toMatchObject({
        status: 400,
        refused: 'limit-needed',
      });
    expect((await asManager('patch', path, { gesturesLimit: 9, costLimitMinor: null })).status).toBe(403);
    expect((await asOwner('delete', path)).status).toBe(204);
    expect((await asOwner('delete', path)).body.refused).toBe('allowance-unknown');
    expect(await lastAudit()).toMatchObject({ action: 'allowance.removed', details: { gesturesLimit: 2 } });
  });

  test('settings are changed by owners; currency and week are not', async () => {
    const edited = await asOwner('patch', '/merchant', { coolDownDays: 0, visitMinutes: 45 });
    expect(edited.body).toMatchObject({ coolDownDays: 0, visitMinutes: 45, name: 'The Kind Bean' });
    expect((await asManager('get', '/merchant')).body).toMatchObject({ coolDownDays: 0 });
    expect((await asManager('patch', '/merchant', { coolDownDays: 1 })).status).toBe(403);
    for (const wrong of [{ currency: 'EUR' }, { weekStartsOn: 0 }, { coolDownDays: -1 }])
      expect((await asOwner('patch', '/merchant', wrong)).status).toBe(400);
  });

  test('what is saved as it was leaves no line in the audit log', async () => {
    const lines = async () => (await asOwner('get', '/audit?limit=1')).body.items[0]?.sequence ?? 0;
    await asOwner('post', '/allowances', { scope: 'location', period: 'week', gesturesLimit: 99 });
    await asOwner('post', '/staff', { name: 'Bo', role: 'barista', pin: '2468' });
    const saved: [path: string, id: string, fields: string[]][] = [
      ['/staff', 'staffId', ['name', 'role', 'locationId']],
      ['/items', 'itemId', ['name', 'priceMinor', 'costMinor', 'qualifies', 'mayBeGiven']],
      ['/locations', 'locationId', ['name', 'timeZone', 'cutOffMinutes']],
      ['/programs', 'programId', ['name', 'stampsRequired', 'rewardName', 'accrual', 'expiryDays']],
      ['/allowances', 'allowanceId', ['gesturesLimit', 'costLimitMinor']],
      ['/devices', 'deviceId', ['name']],
    ];
    for (const [path, id, fields] of saved) {
      const { items } = (await asOwner('get', path)).body as { items: Record<string, unknown>[] };
      const last = items.at(-1)!;
      const body = Object.fromEntries(fields.map((field) => [field, last[field]]));
      const before = await lines();
      const answer = await asOwner('patch', `${path}/${last[id] as string}`, body);
      expect({ status: answer.status, body: answer.body }, `${path}`).toMatchObject({
        status: 200,
        body: last,
      });
      expect(await lines(), `${path}`).toBe(before);
    }
    const { name, coolDownDays } = (await asOwner('get', '/merchant')).body;
    const before = await lines();
    expect((await asOwner('patch', '/merchant', { name, coolDownDays })).status).toBe(200);
    expect(await lines()).toBe(before);
  });

  test('a till is renamed, and ended for good', async () => {
    const path = `/devices/${shop.deviceId}`;
    expect((await asManager('patch', path, { name: 'Window' })).body.name).toBe('Window');
    expect((await asManager('delete', path)).status).toBe(204);
    expect((await asManager('delete', path)).status).toBe(204);
    expect((await asManager('patch', path, { name: 'X' })).body.refused).toBe('device-unknown');
    expect((await asManager('delete', `/devices/${other.deviceId}`)).body.refused).toBe('device-unknown');
    expect((await asManager('get', '/devices')).body).toEqual({ items: [], nextCursor: null });
  });

  test('a long list comes a page at a time, with everything in it once', async () => {
    const { merchantId } = other;
    const row = {
      priceMinor: 1,
      costMinor: 1,
      qualifies: true,
      mayBeGiven: true,
      createdAt: clock.now(),
      endedAt: null,
    };
    const rows = Array.from({ length: 399 }, (_, n) => ({
      ...row,
      merchantId,
      itemId: `f-${String(n).padStart(4, '0')}`,
      name: `Bean ${n}`,
    }));
    await database.db.transact((tx) => tx.query((d, { items }) => d.insert(items).values(rows)));
    const cookie = await server.signInAtDesk(other.owner);
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const answer: request.Response = await request(server.url)
        .get(`/api/v1/items${cursor && `?cursor=${cursor}`}`)
        .set('Cookie', cookie);
      const page = answer.body as { items: { itemId: string }[]; nextCursor: string | null };
      sizes.push(page.items.length);
      seen.push(...page.items.map(({ itemId }) => itemId));
      cursor = page.nextCursor;
    }
    expect(sizes).toEqual([200, 200, 1]);
    expect(new Set(seen).size).toBe(401);
  });

  test('all of it is in the audit log, page by page, and the log proves intact', async () => {
    const first = await asOwner('get', '/audit?limit=3');
    const second = await asOwner('get', `/audit?limit=3&cursor=${first.body.nextCursor as string}`);
    const sequences = [...first.body.items, ...second.body.items].map(
      ({ sequence }: { sequence: number }) => sequence,
    );
    expect(sequences).toEqual(Array.from({ length: 6 }, (_, n) => sequences[0]! - n));
    expect(await verifyAuditChain(database.db)({ merchantId: shop.merchantId })).toEqual({
      rowCount: sequences[0],
      brokenAt: null,
    });
  });

  test('what is added twice by one operation, because an answer was lost, is there once', async () => {
    const cookie = await server.signInAtDesk(shop.owner);
    const ask = (path: string, operationId: string, body: object) =>
      request(server.url)
        .post(`/api/v1${path}`)
        .set({ Cookie: cookie, 'Idempotency-Key': operationId })
        .send(body);
    const added = {
      '/items': { name: 'Macchiato', priceMinor: 300, costMinor: 60 },
      '/staff': { name: 'Once', role: 'barista', pin: '1357' },
      '/locations': { name: 'Once', timeZone: 'Europe/London' },
      '/programs': { name: 'Once', stampsRequired: 6, rewardName: 'A pot of tea' },
    };
    for (const [path, body] of Object.entries(added)) {
      const operationId = uuid();
      const first = await ask(path, operationId, body);
      expect([path, first.status]).toEqual([path, 201]);
      const second = await ask(path, operationId, body);
      expect([second.status, second.headers['idempotency-replayed']]).toEqual([201, 'true']);
      expect(second.text).toBe(first.text);
      const { items } = (await asOwner('get', path)).body as { items: { name: string }[] };
      expect(items.filter(({ name }) => name === body.name).length).toBe(1);
      const other = await ask(path, operationId, { ...body, name: 'Another' });
      expect([other.status, other.body.refused]).toEqual([422, 'operation-reused']);
      expect((await asOwner('post', path, body).unset('Idempotency-Key')).body.refused).toBe(
        'operation-id-missing',
      );
    }
    const otherPin = { ...added['/staff'], pin: '2468' };
    const operationId = uuid();
    await ask('/staff', operationId, added['/staff']);
    expect((await ask('/staff', operationId, otherPin)).body.refused).toBe('operation-reused');
  });

  test('whoever has the database cannot find the PIN of somebody new by the hash of what was asked', async () => {
    const body = { name: 'Pia', role: 'barista', pin: '8642' };
    const operationId = uuid();
    await asOwner('post', '/staff', body).set('Idempotency-Key', operationId);
    const [kept] = await database.db.read((queries) =>
      findAnswer(queries, { merchantId: shop.merchantId, operationId }),
    );
    const asked = JSON.stringify({ ...body, locationId: null });
    expect(kept!.requestHash).toMatch(/^[0-9a-f]{64}$/);
    expect(kept!.requestHash).not.toBe(hash('sha256', `POST /api/v1/staff ${asked}`));
  });
});
