import request from 'supertest';
import { v7 as uuid } from 'uuid';
import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../db/database.ts';
import type { Route } from '../../src/http/route.ts';
import { aCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop, ShopOptions } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { useTestServer } from '../support/server.ts';
import { rowsOf, savePin, setAllowances } from '../support/shop-settings.ts';
import { wholeApp } from './whole-app.ts';

const MANAGER_PIN = '4417';

forEachDatabase('the till’s API', (database) => {
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  let db: Database;
  const server = useTestServer(database, { clock });
  let routes: Route[];
  beforeAll(async () => {
    ({ db } = database);
    ({ routes } = wholeApp(db));
  });

  const open = async (options: ShopOptions = {}) => {
    const shop = await aShop(db, options);
    const token = await server.signInAtTill(shop.ada);
    return { shop, token, card: await aCard(db, shop), send: sender(token) };
  };

  /** Sends as somebody at the till; each time another Idempotency-Key unless one is given. */
  const sender =
    (token: string) =>
    (method: 'post' | 'delete', path: string, body?: object, key: string = uuid()) =>
      request(server.url)
        [method](`/api/v1${path}`)
        .set('Authorization', token)
        .set('Idempotency-Key', key)
        .send(body);

  /** Fails when an answer is not what the API document says, or has more in it. */
  const expectAsDocumented = (method: Route['method'], path: string, answer: request.Response) => {
    const route = routes.find((one) => one.method === method && one.path === `/api/v1${path}`);
    if (!route || route.kind === 'raw') throw new Error(`There is no ${method} ${path}`);
    expect(answer.status).toBe(route.status);
    expect(route.answer.parse(answer.body)).toEqual(answer.body);
  };
  const coffee = ({ flatWhite }: Shop, quantity = 1) => [{ itemId: flatWhite.itemId, quantity }];

  it('answers everything a till asks as it is documented', async () => {
    const { shop, card, send, token } = await open();
    const { cardCode } = card;
    const issued = await send('post', '/cards', { customerName: 'Ida' });
    expectAsDocumented('post', '/cards', issued);
    const sold = await send('post', '/sales', { lines: coffee(shop) });
    expectAsDocumented('post', '/sales', sold);
    const claimed = await send('post', '/stamps', { cardCode, saleId: sold.body.sale.saleId });
    expectAsDocumented('post', '/stamps', claimed);
    const stamped = await send('post', '/stamps', { cardCode, lines: coffee(shop, 10) });
    expectAsDocumented('post', '/stamps', stamped);
    const { saleId } = stamped.body.sale;
    const given = await send('post', '/gestures', {
      cardCode,
      kind: 'double_stamp',
      reason: 'long_day',
      saleId,
    });
    expectAsDocumented('post', '/gestures', given);
    expectAsDocumented(
      'post',
      '/redemptions',
      await send('post', '/redemptions', { cardCode, saleId, override: true }),
    );
    const { gestureId } = given.body.gesture;
    expectAsDocumented(
      'post',
      '/gestures/{gestureId}/undo',
      await send('post', `/gestures/${gestureId}/undo`),
    );
    const refunded = await send('post', `/sales/${saleId}/refunds`, { amountMinor: 350 });
    expectAsDocumented('post', '/sales/{saleId}/refunds', refunded);
    const lease = await send('post', '/leases', {});
    expectAsDocumented('post', '/leases', lease);
    expectAsDocumented('delete', '/leases/{leaseId}', await send('delete', `/leases/${lease.body.leaseId}`));
    const read = (path: string) => request(server.url).get(`/api/v1${path}`).set('Authorization', token);
    expectAsDocumented('get', '/allowance', await read('/allowance'));
    const looked = await read(`/cards/${encodeURIComponent(cardCode)}`);
    expectAsDocumented('get', '/cards/{code}', looked);
    // 1 and 10 earned, 10 spent on a coffee of the 10; given and undone; 1 of 9 paid coffees paid back.
    expect(looked.body.card).toMatchObject({ cardId: card.cardId, stamps: 0 });
  });

  it('answers a repeat to the byte, says that it is one, and does it once', async () => {
    const { shop, card, send } = await open();
    const key = uuid();
    const body = { cardCode: card.cardCode, lines: coffee(shop) };
    const first = await send('post', '/stamps', body, key);
    const repeat = await send('post', '/stamps', body, key);
    expect([first.status, repeat.status]).toEqual([201, 201]);
    expect(repeat.text).toBe(first.text);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(repeat.headers['idempotency-replayed']).toBe('true');
    expect(await rowsOf(db, shop, 'sales')).toHaveLength(1);
  });

  it('answers two equal requests of the same instant the same, and does it once', async () => {
    const { shop, card, send } = await open();
    const key = uuid();
    const body = { cardCode: card.cardCode, lines: coffee(shop) };
    const answers = await Promise.all([1, 2, 3, 4].map(() => send('post', '/stamps', body, key)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await rowsOf(db, shop, 'sales')).toHaveLength(1);
  });

  it('gives the link of a card again when it is asked again', async () => {
    const { send } = await open();
    const key = uuid();
    const first = await send('post', '/cards', { customerName: 'Ida' }, key);
    const repeat = await send('post', '/cards', { customerName: 'Ida' }, key);
    expect(repeat.text).toBe(first.text);
    expect(repeat.headers['idempotency-replayed']).toBe('true');
    const page = await request(server.url).get(new URL(first.body.link).pathname);
    expect(page.status).toBe(200);
  });

  it('repeats a refusal as it was, as a problem', async () => {
    const { card, send } = await open();
    const gesture = { cardCode: card.cardCode, kind: 'double_stamp', reason: 'regular' };
    await send('post', '/gestures', gesture);
    const key = uuid();
    const first = await send('post', '/gestures', gesture, key);
    expect(first.status).toBe(409);
    expect(first.headers['content-type']).toContain('application/problem+json');
    expect(first.body).toEqual({
      type: '/api/problems#cool-down',
      title: 'This customer had a gesture recently',
      status: 409,
      instance: '/api/v1/gestures',
      refused: 'cool-down',
      endsAt: '2026-03-09T09:00:00.000Z',
    });
    const repeat = await send('post', '/gestures', gesture, key);
    expect(repeat.text).toBe(first.text);
    expect(repeat.headers['idempotency-replayed']).toBe('true');
  });

  it('refuses a key that was used for something else, and a write without one', async () => {
    const { shop, card, send, token } = await open();
    const key = uuid();
    const { cardCode } = card;
    await send('post', '/stamps', { cardCode, lines: coffee(shop) }, key);
    const other = await send('post', '/stamps', { cardCode, lines: coffee(shop, 2) }, key);
    expect([other.status, other.body.refused]).toEqual([422, 'operation-reused']);
    const missing = await request(server.url)
      .post('/api/v1/stamps')
      .set('Authorization', token)
      .send({ cardCode, lines: coffee(shop) });
    expect([missing.status, missing.body.refused]).toEqual([400, 'operation-id-missing']);
    expect(await rowsOf(db, shop, 'sales')).toHaveLength(1);
  });

  it('tells where a request does not fit', async () => {
    const { card, send } = await open();
    const { cardCode } = card;
    const badly = [
      { cardCode, lines: [] },
      { cardCode, lines: [{ itemId: 'x', quantity: 51 }] },
      { cardCode, lines: [{ itemId: 'x', quantity: 1, priceMinor: 0 }] },
      { cardCode: '', lines: [{ itemId: 'x' }] },
    ];
    for (const body of badly) {
      const answer = await send('post', '/sales', body);
      expect([answer.status, answer.body.refused]).toEqual([400, 'request-invalid']);
      expect(answer.body.errors[0].pointer).toMatch(/^\/body/);
    }
    const gesture = { cardCode, kind: 'hug', reason: 'long_day' };
    expect((await send('post', '/gestures', gesture)).body.errors[0].pointer).toBe('/body/kind');
  });

  it('has a status and a name for each reason that a barista may hear', async () => {
    const { shop, card, send } = await open({ gesturesLimit: 1, coolDownDays: 0 });
    const { cardCode } = card;
    const gesture = { cardCode, kind: 'double_stamp', reason: 'regular' };
    const given = await send('post', '/gestures', gesture);
    const reasons = async (answer: request.Test) => {
      const { status, body } = await answer;
      return `${status} ${body.refused}`;
    };
    const spent = await send('post', '/gestures', gesture);
    expect(spent.body).toMatchObject({
      status: 409,
      refused: 'allowance-spent',
      scope: 'staff',
      period: 'day',
      resetsAt: '2026-03-03T04:00:00.000Z',
    });
    await setAllowances(db, shop);
    const chai = { ...gesture, kind: 'free_item', itemId: 'chai' };
    expect(await reasons(send('post', '/gestures', chai))).toBe('404 item-unknown');
    const granola = { ...gesture, kind: 'free_item', itemId: shop.granola.itemId };
    expect(await reasons(send('post', '/gestures', granola))).toBe('409 item-not-giveable');
    expect(await reasons(send('post', '/gestures', { ...gesture, kind: 'voucher' }))).toBe(
      '403 manager-needed',
    );
    expect(await reasons(send('post', '/gestures', { ...gesture, cardCode: 'GST1:X' }))).toBe(
      '404 card-unknown',
    );
    expect(await reasons(send('post', '/gestures', { ...gesture, leaseId: 'x' }))).toBe('404 lease-unknown');
    expect(await reasons(send('post', '/gestures', { ...gesture, saleId: 'x' }))).toBe('404 sale-unknown');
    const undo = `/gestures/${given.body.gesture.gestureId}/undo`;
    const ben = sender(await server.signInAtTill(shop.ben));
    expect(await reasons(ben('post', undo))).toBe('403 not-yours');
    expect((await send('post', undo)).status).toBe(200);
    expect(await reasons(send('post', undo))).toBe('409 already-undone');
    expect(await reasons(send('post', '/redemptions', { cardCode }))).toBe('409 card-not-full');
    const scanned = (scannedAgoMs: number) => send('post', '/redemptions', { cardCode, scannedAgoMs });
    expect(await reasons(scanned(600_000))).toBe('409 card-not-full');
    expect(await reasons(scanned(600_001))).toBe('400 request-invalid');
    expect(await reasons(send('post', '/sales/x/refunds', { wholeSale: true }))).toBe('404 sale-unknown');
    expect(await reasons(send('delete', '/leases/x'))).toBe('404 lease-unknown');
  });

  it('lets a manager grant one more by PIN on the barista’s screen, and keeps no trace of the PIN', async () => {
    const { shop, card, send } = await open({ gesturesLimit: 0, coolDownDays: 0 });
    const { staffId } = shop.manager;
    await savePin(db, shop, staffId, await server.passwords.hash(MANAGER_PIN));
    const gesture = { cardCode: card.cardCode, kind: 'double_stamp', reason: 'our_mistake' };
    const wrong = await send('post', '/gestures', { ...gesture, grant: { staffId, pin: '0000' } });
    expect([wrong.status, wrong.body.refused]).toEqual([401, 'pin-wrong']);
    const key = uuid();
    const body = { ...gesture, grant: { staffId, pin: MANAGER_PIN } };
    const given = await send('post', '/gestures', body, key);
    expect(given.status).toBe(201);
    expect(given.body).toMatchObject({ gesture: { fundedBy: 'grant' }, allowance: { used: 0 } });
    const repeat = await send('post', '/gestures', body, key);
    expect(repeat.text).toBe(given.text);
    expect(await rowsOf(db, shop, 'gestures')).toMatchObject([
      { grantedBy: staffId, staffId: shop.ada.staffId },
    ]);
    // The same request with another PIN hashes the same: the hash that is kept cannot be searched for the PIN.
    const anew = { ...gesture, grant: { staffId, pin: '0000' } };
    expect((await send('post', '/gestures', anew, key)).status).toBe(401);
    await savePin(db, shop, staffId, await server.passwords.hash('0000'));
    expect((await send('post', '/gestures', anew, key)).text).toBe(given.text);
  });

  it('lets only an owner write down a gesture of the past, at the desk', async () => {
    const { shop, card, send } = await open();
    const past = {
      cardCode: card.cardId,
      locationId: shop.locationId,
      kind: 'double_stamp',
      reason: 'regular',
      givenAt: '2026-02-20T15:00:00Z',
    };
    expect((await send('post', '/gestures/past', past)).status).toBe(403);
    const manager = sender(await server.signInAtTill(shop.manager));
    expect((await manager('post', '/gestures/past', past)).status).toBe(403);
    const owner = sender(await server.signInAtTill({ ...shop.owner, place: shop.ada.place }));
    expect((await owner('post', '/gestures/past', past)).status).toBe(403);
    const desk = (body: object) =>
      request(server.url)
        .post('/api/v1/gestures/past')
        .set('Cookie', cookie)
        .set('Idempotency-Key', uuid())
        .send(body);
    const cookie = await server.signInAtDesk(shop.owner);
    const written = await desk(past);
    expectAsDocumented('post', '/gestures/past', written);
    expect(written.body.gesture).toMatchObject({ isPast: true, businessDay: '2026-02-20' });
    expect((await desk({ ...past, givenAt: '1066-10-14T09:00:00Z' })).status).toBe(400);
    expect((await desk({ ...past, givenAt: '2026-03-02T09:00:01Z' })).body.refused).toBe('not-in-the-past');
  });

  it('refunds at the desk what a till sold', async () => {
    const { shop, send } = await open();
    const { body } = await send('post', '/sales', { lines: coffee(shop) });
    const refunded = await request(server.url)
      .post(`/api/v1/sales/${body.sale.saleId}/refunds`)
      .set('Cookie', await server.signInAtDesk(shop.owner))
      .set('Idempotency-Key', uuid())
      .send({ wholeSale: true });
    expectAsDocumented('post', '/sales/{saleId}/refunds', refunded);
    expect(refunded.body).toMatchObject({ amountMinor: 350, isFullyRefunded: true, card: null });
  });
});
