import request from 'supertest';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { startTestServer } from '../support/server.ts';
import { aSetUpShop } from './a-set-up-shop.ts';
import type { SetUpShop } from './a-set-up-shop.ts';

forEachDatabase('tills', (database) => {
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  let shop: SetUpShop;
  let ada: string;
  let ben: string;
  beforeAll(async () => {
    shop = await aSetUpShop({ db: database.db, clock });
    const add = async (name: string, pin: string) =>
      ((await shop.ask('post', '/staff', { name, role: 'barista', pin })).body as { staffId: string })
        .staffId;
    ada = await add('Ada Lovelace', '4711');
    ben = await add('Ben', '0815');
    await shop.ask('post', '/items', {
      name: 'Flat white',
      priceMinor: 350,
      costMinor: 80,
      mayBeGiven: true,
    });
  });
  afterAll(() => shop.server.close());

  const enrol = (code: string) => request(shop.server.url).post('/api/v1/devices').send({ code });
  const makeCode = async () =>
    (await shop.ask('post', '/devices/enrolments', { locationId: shop.locationId, deviceName: 'Counter' }))
      .body as { code: string; link: string; expiresAt: string };
  const signIn = (authorization: string, staffId: string, pin: string, url = shop.server.url) =>
    request(url).post('/api/v1/staff-sessions').set('Authorization', authorization).send({ staffId, pin });

  test('a code enrols one till, once, within a quarter of an hour', async () => {
    const { code, link, expiresAt } = await makeCode();
    expect(link).toBe(`${shop.server.publicUrl}/till/?enrol=${code}`);
    expect(expiresAt).toBe('2026-03-02T09:15:00.000Z');
    const typed = ` ${code.toLowerCase().replace('-', ' ')}`;
    const enrolled = await enrol(typed);
    expect(enrolled.status).toBe(201);
    expect(enrolled.body).toMatchObject({
      device: { name: 'Counter' },
      merchant: { name: 'The Kind Bean' },
      location: { name: 'High Street' },
      expiresAt: '2027-03-02T09:00:00.000Z',
    });
    expect([(await enrol(code)).status, (await enrol('AAAA-AAAA')).status]).toEqual([404, 404]);

    const late = await makeCode();
    clock.advance({ minutes: 15 });
    expect((await enrol(late.code)).body.refused).toBe('enrolment-unknown');
    const unknown = await shop.ask('post', '/devices/enrolments', { locationId: 'nowhere', deviceName: 'x' });
    expect(unknown.body.refused).toBe('location-unknown');
  });

  test('of two tills that use one code at the same moment one is enrolled', async () => {
    clock.advance({ hours: 1 });
    const { code } = await makeCode();
    const answers = await Promise.all([enrol(code), enrol(code)]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 404]);
  });

  test('a till that is used is good for ever, and one that nobody used for a year is none', async () => {
    const start = clock.now();
    const { authorization, deviceId } = await shop.enrolTill();
    const read = (token: string) =>
      request(shop.server.url).get('/api/v1/devices/current').set('Authorization', token);
    clock.advance({ days: 29 });
    expect((await read(authorization)).body).not.toHaveProperty('renewedToken');
    clock.advance({ days: 1 });
    const { renewedToken } = (await read(authorization)).body as { renewedToken: string };
    expect((await read(`Bearer ${renewedToken}`)).body).not.toHaveProperty('renewedToken');
    clock.advance({ days: 336 });
    expect((await read(authorization)).status).toBe(401);
    expect((await read(`Bearer ${renewedToken}`)).body).toHaveProperty('renewedToken');
    clock.set(start);
    expect((await shop.ask('delete', `/devices/${deviceId}`)).status).toBe(204);
    expect((await read(`Bearer ${renewedToken}`)).status).toBe(401);
  });

  test('a code is taken however many wrong ones came before it: whoever guesses sits in the café and has its network', async () => {
    const { code } = await makeCode();
    for (let n = 0; n < 20; n++) expect((await enrol('ZZZZ-ZZZZ')).body.refused).toBe('enrolment-unknown');
    expect((await enrol(code)).status).toBe(201);
  });

  test('a flood of guesses at the sign-in of the desk keeps no barista waiting', async () => {
    const { authorization } = await shop.enrolTill();
    const { passwords } = shop.server;
    const flood = Array.from({ length: 120 }, () => passwords.verify(null, 'a guess'));
    expect((await signIn(authorization, ada, '4711')).status).toBe(201);
    await Promise.all(flood);
  });

  test('a till knows where it stands, who works there and what is sold, and no secret', async () => {
    const { authorization } = await shop.enrolTill();
    const till = await request(shop.server.url)
      .get('/api/v1/devices/current')
      .set('Authorization', authorization);
    expect(till.body).toMatchObject({
      device: { name: 'Counter' },
      merchant: { name: 'The Kind Bean', currency: 'GBP' },
      location: { name: 'High Street', timeZone: 'Europe/London', cutOffMinutes: 240 },
      items: [{ name: 'Flat white', priceMinor: 350, mayBeGiven: true }],
      programs: [{ stampsRequired: 10 }],
      signedIn: null,
    });
    // The owner has no PIN, so cannot sign in here.
    expect(till.body.staff).toEqual([
      { staffId: ada, firstName: 'Ada', role: 'barista' },
      { staffId: ben, firstName: 'Ben', role: 'barista' },
    ]);
    expect(till.text).not.toMatch(/hash|argon/i);
    const desk = await shop.ask('get', '/devices/current');
    expect([desk.status, desk.body.detail]).toEqual([403, 'This is done at a till']);
  });

  test('a barista signs in by PIN for a shift, and may not run the shop from the till', async () => {
    const { authorization } = await shop.enrolTill();
    const session = await signIn(authorization, ada, '4711');
    expect(session.status).toBe(201);
    expect(session.body).toMatchObject({ staff: { staffId: ada, name: 'Ada Lovelace', role: 'barista' } });
    const token = `Bearer ${session.body.token as string}`;
    const at = (path: string) => request(shop.server.url).get(`/api/v1${path}`).set('Authorization', token);
    expect((await at('/devices/current')).body.signedIn).toMatchObject({ staffId: ada });
    for (const path of ['/staff', '/audit', '/merchant', '/items']) expect((await at(path)).status).toBe(403);
    clock.advance({ hours: 12 });
    expect((await at('/devices/current')).status).toBe(401);
    expect((await signIn(shop.desk, ada, '4711')).status).toBe(401);
  });

  test('an owner’s PIN at a till is not enough to change people and rules', async () => {
    const desk = await request(shop.server.url)
      .post('/api/v1/sessions')
      .send({ email: 'olive@example.com', password: 'a flat white at seven' });
    const cookie = (desk.headers['set-cookie'] as unknown as string[])[0]!;
    const ask = (method: 'get' | 'patch', path: string) =>
      request(shop.server.url)[method](`/api/v1${path}`).set('Cookie', cookie);
    const staff = (await ask('get', '/staff')).body.items as { staffId: string; role: string }[];
    const owner = staff.find(({ role }) => role === 'owner')!.staffId;
    await ask('patch', `/staff/${owner}`).send({ pin: '2580' });
    const enrolment = await request(shop.server.url)
      .post('/api/v1/devices/enrolments')
      .set('Cookie', cookie)
      .send({ locationId: shop.locationId, deviceName: 'Back' });
    const device = (await enrol(enrolment.body.code as string)).body as { token: string };
    const session = await signIn(`Bearer ${device.token}`, owner, '2580');
    expect(session.body.staff.role).toBe('owner');
    const answer = await request(shop.server.url)
      .post('/api/v1/staff')
      .set('Authorization', `Bearer ${session.body.token as string}`)
      .send({ name: 'Eve', role: 'owner', email: 'eve@example.com', password: 'twelve or more' });
    expect([answer.status, answer.body.refused]).toEqual([403, 'not-allowed']);
    shop.desk = cookie;
  });

  test('wrong PINs lock one person on one till, and nobody else, also after a restart', async () => {
    const make = async () => {
      const enrolment = await request(shop.server.url)
        .post('/api/v1/devices/enrolments')
        .set('Cookie', shop.desk)
        .send({ locationId: shop.locationId, deviceName: 'Counter' });
      return `Bearer ${((await enrol(enrolment.body.code as string)).body as { token: string }).token}`;
    };
    const counter = await make();
    const window = await make();
    for (let left = 4; left >= 0; left--)
      expect((await signIn(counter, ada, '0000')).body).toMatchObject({
        refused: 'pin-wrong',
        triesLeft: left,
      });
    const until = new Date(clock.now().getTime() + 30_000).toISOString();
    expect((await signIn(counter, ada, '4711')).body).toMatchObject({ refused: 'locked', retryAt: until });
    expect((await signIn(counter, ben, '0815')).status).toBe(201);
    expect((await signIn(window, ada, '4711')).status).toBe(201);

    const reopened = await openDatabase(database.url);
    const server = await startTestServer({ db: reopened, clock });
    expect((await signIn(counter, ada, '4711', server.url)).body.refused).toBe('locked');
    clock.advance({ seconds: 30 });
    expect((await signIn(counter, ada, '4711', server.url)).status).toBe(201);
    expect((await signIn(counter, ada, '0000', server.url)).body).toMatchObject({ triesLeft: 4 });
    await server.close();
    await reopened.close();
  });

  test('somebody who works at one location cannot sign in at another', async () => {
    const ask = (method: 'post' | 'patch', path: string, body: object) =>
      request(shop.server.url)
        [method](`/api/v1${path}`)
        .set({ Cookie: shop.desk, 'Idempotency-Key': uuid() })
        .send(body);
    const { body: other } = await ask('post', '/locations', { name: 'Station', timeZone: 'Europe/London' });
    await ask('patch', `/staff/${ben}`, { locationId: other.locationId });
    const { body: here } = await ask('post', '/devices/enrolments', {
      locationId: shop.locationId,
      deviceName: 'A',
    });
    const { body: there } = await ask('post', '/devices/enrolments', {
      locationId: other.locationId,
      deviceName: 'B',
    });
    const tillHere = `Bearer ${((await enrol(here.code as string)).body as { token: string }).token}`;
    const tillThere = `Bearer ${((await enrol(there.code as string)).body as { token: string }).token}`;
    expect((await signIn(tillHere, ben, '0815')).body.refused).toBe('staff-unknown');
    expect((await signIn(tillThere, ben, '0815')).status).toBe(201);

    const closed = await request(shop.server.url)
      .delete(`/api/v1/locations/${other.locationId as string}`)
      .set('Cookie', shop.desk);
    expect(closed.status).toBe(204);
    expect((await signIn(tillThere, ben, '0815')).status).toBe(401);
  });
});
