import request from 'supertest';
import { beforeAll, expect, test } from 'vitest';
import { aCustomer } from '../support/a-customer.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { startTestServer, useTestServer } from '../support/server.ts';

/** The smallest PNG there is. */
const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

forEachDatabase('what the desk shows', (database) => {
  // Today, because ids are made by the real clock, and the summary goes by them.
  const clock = new FixedClock(new Date(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`));
  const server = useTestServer(database, { clock });
  let shop: Shop;
  let owner: string;
  beforeAll(async () => {
    shop = await aShop(database.db, { now: clock.now(), coolDownDays: 0 });
    owner = await server.signInAtDesk(shop.owner);
  });

  const ask = (method: 'get' | 'post' | 'patch' | 'delete', path: string) =>
    request(server.url)[method](`/api/v1${path}`).set('Cookie', owner);

  test('a new shop has nothing to show, and says what it still needs', async () => {
    const { body } = await ask('get', '/summary').expect(200);
    expect(body.days).toHaveLength(14);
    expect(body.days.at(-1)).toMatchObject({ businessDay: body.today, saleCount: 0, cardSalesMinor: 0 });
    expect(body.start).toEqual({
      hasItems: true,
      hasGift: true,
      hasPin: false,
      hasTill: true,
      hasCards: false,
    });
    expect(body.tills).toMatchObject([{ name: 'Counter', locationName: 'High Street', lastSeenAt: null }]);
  });

  test('what happened today is there at once, less what was refunded or undone', async () => {
    const till = aTill(database.db, clock, shop);
    const sam = await aCustomer({ db: database.db, clock, shop }, 'Sam');
    granted(await till.sell(sam));
    const { sale } = granted(await till.sell(sam));
    granted(await till.sell(null));
    granted(await till.refund(sale.saleId, { wholeSale: true }));
    granted(await till.give(sam));
    clock.advance({ seconds: 1 });
    const { gesture } = granted(await till.give(sam));
    granted(await till.undo(gesture.gestureId));
    const { body } = await ask('get', '/summary').expect(200);
    expect(body.days.at(-1)).toMatchObject({
      saleCount: 3,
      cardSaleCount: 2,
      cardSalesMinor: 350,
      stamps: 1,
      gestureCount: 1,
      gestures: [{ kind: 'double_stamp', count: 1 }],
    });
    expect(body.start.hasCards).toBe(true);
  });

  test('who entered a PIN at a till is in, until they leave', async () => {
    const token = await server.signInAtTill(shop.ada);
    const { body } = await ask('get', '/summary');
    expect(body.present).toMatchObject([
      {
        name: 'Ada',
        deviceName: 'Counter',
        locationName: 'High Street',
        signedInAt: clock.now().toISOString(),
      },
    ]);
    await request(server.url)
      .delete('/api/v1/staff-sessions/current')
      .set('Authorization', token)
      .expect(204);
    expect((await ask('get', '/summary')).body.present).toEqual([]);
  });

  test('a till that asks is noted as seen, every few minutes and not each time', async () => {
    const token = await server.signInDevice(shop.ada);
    const seen = async (query = ''): Promise<{ lastSeenAt: string; waitingCount: number | null }> => {
      await request(server.url)
        .get(`/api/v1/devices/current${query}`)
        .set('Authorization', token)
        .expect(200);
      return (await ask('get', '/devices')).body.items[0];
    };
    const first = (await seen()).lastSeenAt;
    expect(first).toBe(clock.now().toISOString());
    clock.advance({ minutes: 3 });
    expect((await seen()).lastSeenAt).toBe(first);
    expect(await seen('?waiting=4')).toMatchObject({
      lastSeenAt: clock.now().toISOString(),
      waitingCount: 4,
    });
    clock.advance({ minutes: 5 });
    expect(await seen('?waiting=4')).toMatchObject({ lastSeenAt: clock.now().toISOString() });
  });

  test('a full disk keeps no till from starting', async () => {
    const full = Object.create(database.db, {
      transact: { value: () => Promise.reject(Object.assign(new Error('full'), { code: 'SQLITE_FULL' })) },
    }) as typeof database.db;
    const onFullDisk = await startTestServer({ db: full, clock });
    clock.advance({ minutes: 5 });
    const { body } = await request(onFullDisk.url)
      .get('/api/v1/devices/current?waiting=1')
      .set('Authorization', await server.signInDevice(shop.ada))
      .expect(200);
    expect(body).toMatchObject({ device: { name: 'Counter' } });
    await onFullDisk.close();
  });

  test('an item that was taken off the menu by a slip is put back with all it was', async () => {
    const { itemId } = shop.flatWhite;
    const before = (await ask('get', '/items')).body.items;
    await ask('delete', `/items/${itemId}`).expect(204);
    expect((await ask('get', '/items')).body.items).toHaveLength(1);
    await ask('post', `/items/${itemId}/restore`).expect(200);
    await ask('post', `/items/${itemId}/restore`).expect(200);
    expect((await ask('get', '/items')).body.items).toEqual(before);
    await ask('post', '/items/nothing/restore').expect(404);
  });

  test('a picture goes on a stamp card and stays when something else of it changes', async () => {
    const { body } = await ask('post', '/pictures').set('Content-Type', 'image/png').send(DOT).expect(200);
    const path = `/programs/${shop.programId}`;
    await ask('patch', path).send({ pictureId: body.pictureId }).expect(200);
    const changed = await ask('patch', path).send({ colour: '#123456' }).expect(200);
    expect(changed.body).toMatchObject({ pictureId: body.pictureId, colour: '#123456' });
    await ask('patch', '/merchant').send({ logoPictureId: body.pictureId }).expect(200);
    const shown = await request(server.url).get(`/pictures/${shop.merchantId}/${body.pictureId}`).expect(200);
    expect(shown.headers['content-type']).toBe('image/png');
    expect(shown.body).toEqual(DOT);
    expect(shown.headers['cache-control']).toContain('immutable');
  });

  test('what is no picture, too large or somebody else’s is refused', async () => {
    const send = (bytes: Buffer, type = 'image/png') =>
      ask('post', '/pictures').set('Content-Type', type).send(bytes);
    expect((await send(Buffer.from('<svg onload="alert(1)"/>'))).body.refused).toBe('picture-unreadable');
    expect((await send(DOT, 'image/svg+xml')).body.refused).toBe('wrong-media-type');
    expect((await send(Buffer.concat([DOT, Buffer.alloc(400 * 1024)]))).status).toBe(413);
    const other = await aShop(database.db, { now: clock.now() });
    const theirs = await request(server.url)
      .post('/api/v1/pictures')
      .set('Cookie', await server.signInAtDesk(other.owner))
      .set('Content-Type', 'image/png')
      .send(DOT);
    const use = await ask('patch', '/merchant').send({ logoPictureId: theirs.body.pictureId });
    expect(use.body.refused).toBe('picture-unknown');
    expect((await request(server.url).get(`/pictures/${shop.merchantId}/nothing`)).status).toBe(404);
  });
});
