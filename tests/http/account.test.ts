import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkShop } from '../../src/operations/check-shop.ts';
import { listShops } from '../../src/operations/choose-merchant.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { aSetUpShop, cookieOf, ownerSignIn } from './a-set-up-shop.ts';
import type { SetUpShop } from './a-set-up-shop.ts';

const PHONE = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile';
const mo = { email: 'mo@example.com', password: 'a cortado at noon' };

interface Session {
  sessionId: string;
  isCurrent: boolean;
  staffName: string;
}

forEachDatabase('one’s own account', (database) => {
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  let shop: SetUpShop;
  let managerId: string;
  beforeAll(async () => {
    shop = await aSetUpShop({ db: database.db, clock });
    const added = await shop.ask('post', '/staff', { name: 'Mo', role: 'manager', pin: '1234', ...mo });
    ({ staffId: managerId } = added.body as { staffId: string });
  });
  afterAll(() => shop.server.close());

  const signIn = async (who: { email: string; password: string }, userAgent = PHONE) =>
    request(shop.server.url).post('/api/v1/sessions').set('User-Agent', userAgent).send(who);
  const ask = (cookie: string, method: 'get' | 'post' | 'delete', path: string, body?: object) => {
    const asked = request(shop.server.url)[method](`/api/v1${path}`).set('Cookie', cookie);
    return body ? asked.send(body) : asked;
  };
  const sessionsOf = async (cookie: string, query = '') =>
    (await ask(cookie, 'get', `/sessions${query}`)).body.items as Session[];
  const isSignedIn = async (cookie: string) => (await ask(cookie, 'get', '/sessions/current')).status === 200;

  test('shows where somebody is signed in, at tills too, with the browser in plain words', async () => {
    const cookie = cookieOf(await signIn(mo));
    const { authorization } = await shop.enrolTill();
    await request(shop.server.url)
      .post('/api/v1/staff-sessions')
      .set('Authorization', authorization)
      .set('User-Agent', 'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Version/17.5 Safari/604.1')
      .send({ staffId: managerId, pin: '1234' });
    expect(await sessionsOf(cookie)).toMatchObject([
      { browser: 'Safari', system: 'iPad', till: { name: 'Counter', locationName: 'High Street' } },
      { browser: 'Chrome', system: 'Android', till: null, isCurrent: true, staffName: 'Mo' },
    ]);
  });

  test('a manager sees and ends only their own; an owner everybody’s', async () => {
    const cookie = cookieOf(await signIn(mo));
    const owners = await sessionsOf(shop.desk);
    expect((await ask(cookie, 'get', '/sessions?everybody=true')).body.refused).toBe('owner-needed');
    const foreign = await ask(cookie, 'delete', `/sessions/${owners[0]!.sessionId}`);
    expect([foreign.status, foreign.body.refused]).toEqual([404, 'session-unknown']);
    const everybody = await sessionsOf(shop.desk, '?everybody=true');
    expect(new Set(everybody.map(({ staffName }) => staffName))).toEqual(new Set(['Mo', 'Olive Owner']));
    const [mine] = (await sessionsOf(cookie)).filter(({ isCurrent }) => isCurrent);
    expect((await shop.ask('delete', `/sessions/${mine!.sessionId}`)).status).toBe(204);
    expect(await isSignedIn(cookie)).toBe(false);
  });

  test('“everywhere else” leaves the one that asks', async () => {
    const [here, there] = [cookieOf(await signIn(mo)), cookieOf(await signIn(mo))];
    expect((await ask(here, 'post', '/sessions/end-others')).status).toBe(204);
    expect([await isSignedIn(here), await isSignedIn(there)]).toEqual([true, false]);
    expect((await sessionsOf(here)).length).toBe(1);
    expect(await isSignedIn(shop.desk)).toBe(true);
  });

  test('a new password needs the old one, and signs out the other desks', async () => {
    const [here, there] = [cookieOf(await signIn(mo)), cookieOf(await signIn(mo))];
    const password = 'two flat whites to go';
    const change = (currentPassword: string) =>
      ask(here, 'post', '/account/password', { currentPassword, password });
    expect((await change('not this one')).body.refused).toBe('credentials-wrong');
    expect((await change(mo.password)).status).toBe(204);
    expect([await isSignedIn(here), await isSignedIn(there)]).toEqual([true, false]);
    expect((await signIn(mo)).status).toBe(401);
    expect((await signIn({ ...mo, password })).status).toBe(201);
  });

  test('a new PIN needs a fresh sign-in', async () => {
    const cookie = cookieOf(await signIn(ownerSignIn));
    clock.advance({ minutes: 6 });
    const change = () => ask(cookie, 'post', '/account/pin', { pin: '2468' });
    expect((await change()).body.refused).toBe('fresh-sign-in-needed');
    await ask(cookie, 'post', '/sessions/current/confirm', { password: ownerSignIn.password });
    expect((await change()).status).toBe(204);
  });

  test('the audit log is filtered by person, action and time, and taken out as a table', async () => {
    const cookie = cookieOf(await signIn(ownerSignIn));
    const actions = async (query: string) =>
      ((await ask(cookie, 'get', `/audit?${query}`)).body.items as { action: string }[]).map(
        ({ action }) => action,
      );
    expect(new Set(await actions('action=session'))).toEqual(
      new Set(['session.started', 'session.ended', 'session.confirmed']),
    );
    expect(await actions(`staffId=${managerId}&action=password.changed`)).toEqual(['password.changed']);
    expect(await actions('from=2026-03-02T09:06:00Z&action=pin')).toEqual(['pin.changed']);
    expect(await actions('to=2026-03-02T09:00:00Z')).toEqual([]);
    expect((await ask(cookie, 'get', '/audit?action=%25')).status).toBe(400);
    const table = await ask(cookie, 'get', '/audit.csv?action=pin');
    expect(table.headers['content-type']).toContain('text/csv');
    // Excel takes a file without the mark for one without accents.
    expect(table.text).toMatch(/^\uFEFFnumber,at,staffId,who,action,/);
    expect(table.text.split('\r\n')[1]).toContain('Olive Owner,pin.changed');
    const none = await ask(cookie, 'get', '/audit.csv?action=nothing');
    expect(none.text.split('\r\n')).toEqual([expect.stringContaining('number,at'), '']);
    expect((await actions('action=audit'))[0]).toBe('audit.exported');
    clock.advance({ minutes: 6 });
    expect((await ask(cookie, 'get', '/audit.csv')).body.refused).toBe('fresh-sign-in-needed');
  });

  test('the log of some days is taken out, and the books are right afterwards', async () => {
    const cookie = cookieOf(await signIn(ownerSignIn));
    const days = 'from=2026-03-01T00:00:00.000Z&to=2026-03-03T00:00:00.000Z';
    expect((await ask(cookie, 'get', `/audit.csv?${days}`)).status).toBe(200);
    const [merchant] = await listShops(database.db)();
    expect((await checkShop(database.db)(merchant!)).fault).toBeNull();
  });

  test('each page of the log goes on where the last ended', async () => {
    const seen: number[] = [];
    let cursor = '';
    do {
      const page = await shop.ask('get', `/audit?limit=7${cursor && `&cursor=${cursor}`}`);
      seen.push(...(page.body.items as { sequence: number }[]).map(({ sequence }) => sequence));
      cursor = (page.body.nextCursor as string | null) ?? '';
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: seen[0]! }, (_, index) => seen[0]! - index));
  });

  test('past imports are listed, the newest first', async () => {
    const csv = (amount: string) => `time,amount,customer\n2026-02-01 09:00,${amount},ann\n`;
    const take = (fileName: string, body: string) =>
      request(shop.server.url)
        .post(`/api/v1/sales/import?dryRun=false&timeZone=UTC&fileName=${fileName}`)
        .set('Cookie', shop.desk)
        .set('Content-Type', 'text/csv')
        .send(body);
    expect((await take('one.csv', csv('3.50'))).status).toBe(200);
    clock.advance({ minutes: 1 });
    expect((await take('two.csv', csv('4.20'))).status).toBe(200);
    const listed = await shop.ask('get', '/imports');
    expect(listed.body).toMatchObject({
      items: [
        { fileName: 'two.csv', staffName: 'Olive Owner', salesAdded: 1, cardsAdded: 0, totalMinor: 420 },
        { fileName: 'one.csv', salesAdded: 1, cardsAdded: 1, totalMinor: 350 },
      ],
      nextCursor: null,
    });
  });
});
