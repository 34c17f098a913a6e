import request from 'supertest';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import { guessedByStranger } from '../../src/operations/guess-limit.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { startTestServer } from '../support/server.ts';
import { aSetUpShop, cookieOf, ownerSignIn } from './a-set-up-shop.ts';
import type { SetUpShop } from './a-set-up-shop.ts';

forEachDatabase('signing in at the desk', (database) => {
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  let shop: SetUpShop;
  beforeAll(async () => {
    shop = await aSetUpShop({ db: database.db, clock });
  });
  afterAll(() => shop.server.close());

  const signIn = (body: object, url = shop.server.url) => request(url).post('/api/v1/sessions').send(body);
  const whoIs = (cookie: string) =>
    request(shop.server.url).get('/api/v1/sessions/current').set('Cookie', cookie);

  test('the owner signs in, is known by a cookie no script can read, and signs out for good', async () => {
    const answer = await signIn({ ...ownerSignIn, email: ' OLIVE@example.com' });
    expect(answer.status).toBe(201);
    const [header] = answer.headers['set-cookie'] as unknown as string[];
    expect(header).toMatch(/^doublestamp=.*; Path=\/; .*HttpOnly; SameSite=Lax/);
    const cookie = cookieOf(answer);
    expect((await whoIs(cookie)).body).toMatchObject({ name: 'Olive Owner', role: 'owner' });
    const out = await request(shop.server.url).delete('/api/v1/sessions/current').set('Cookie', cookie);
    expect(out.status).toBe(204);
    expect((await whoIs(cookie)).status).toBe(401);
  });

  test('on a full disk signing out says that it was not recorded, and this browser is signed out all the same', async () => {
    const cookie = cookieOf(await signIn(ownerSignIn));
    const full = Object.assign(new Error('the disk is full'), { code: 'SQLITE_FULL' });
    const db = { ...database.db, transact: () => Promise.reject(full) };
    const server = await startTestServer({ db, clock });
    const out = await request(server.url).delete('/api/v1/sessions/current').set('Cookie', cookie);
    expect(out.body).toMatchObject({ status: 503, refused: 'storage-full' });
    expect(out.headers['set-cookie']).toEqual([
      expect.stringMatching(/^doublestamp=; .*Expires=Thu, 01 Jan 1970/),
    ]);
    await server.close();
  });

  test('a sign-in lasts twelve hours', async () => {
    const cookie = cookieOf(await signIn(ownerSignIn));
    clock.advance({ hours: 11, minutes: 59 });
    expect((await whoIs(cookie)).status).toBe(200);
    clock.advance({ minutes: 1 });
    expect((await whoIs(cookie)).status).toBe(401);
  });

  test('behind https the cookie belongs to this host alone', async () => {
    const server = await startTestServer({ db: database.db, clock, publicUrl: 'https://stamps.example.com' });
    const answer = await signIn(ownerSignIn, server.url);
    const [header] = answer.headers['set-cookie'] as unknown as string[];
    expect(header).toMatch(/^__Host-doublestamp=.*; Path=\/; .*HttpOnly; Secure; SameSite=Lax/);
    const plain = cookieOf(answer).replace('__Host-', '');
    const answered = await request(server.url).get('/api/v1/sessions/current').set('Cookie', plain);
    expect(answered.status).toBe(401);
    await server.close();
  });

  test('what a page asks for one person is refused when its browser is signed in as another', async () => {
    const signedIn = await signIn(ownerSignIn);
    const rename = (deskOf: string) =>
      request(shop.server.url)
        .patch('/api/v1/merchant')
        .set({ Cookie: cookieOf(signedIn), 'Desk-Of': deskOf })
        .send({ visitMinutes: 45 });
    const refused = await rename(uuid());
    expect([refused.status, refused.body.refused]).toEqual([409, 'signed-in-as-another']);
    expect((await rename(signedIn.body.staffId)).status).toBe(200);
    // Whoever is about to sign in is not refused.
    expect((await signIn(ownerSignIn).set({ Cookie: cookieOf(signedIn), 'Desk-Of': uuid() })).status).toBe(
      201,
    );
  });

  test('another site can change nothing, even in a signed-in browser', async () => {
    const cookie = cookieOf(await signIn(ownerSignIn));
    for (const site of ['cross-site', 'same-site']) {
      const answer = await request(shop.server.url)
        .patch('/api/v1/merchant')
        .set('Cookie', cookie)
        .set('Sec-Fetch-Site', site)
        .send({ name: 'Stolen' });
      expect([answer.status, answer.body.refused]).toEqual([403, 'cross-site']);
    }
    const form = await request(shop.server.url)
      .patch('/api/v1/merchant')
      .set('Cookie', cookie)
      .type('form')
      .send({ name: 'Stolen' });
    expect(form.status).toBe(415);
  });

  test('entering the password again makes a sign-in fresh, a wrong one does not', async () => {
    const cookie = cookieOf(await signIn(ownerSignIn));
    const confirm = (password: string) =>
      request(shop.server.url)
        .post('/api/v1/sessions/current/confirm')
        .set('Cookie', cookie)
        .send({ password });
    clock.advance({ minutes: 6 });
    const addManager = () =>
      request(shop.server.url)
        .post('/api/v1/staff')
        .set({ Cookie: cookie, 'Idempotency-Key': uuid() })
        .send({ name: 'Mo', role: 'manager', email: 'mo@example.com', password: 'a cortado at noon' });
    expect((await addManager()).body.refused).toBe('fresh-sign-in-needed');
    expect((await confirm('not this one')).body).toMatchObject({
      refused: 'credentials-wrong',
      triesLeft: 4,
    });
    expect((await confirm(ownerSignIn.password)).body).toEqual({ signedInAt: clock.now().toISOString() });
    expect((await addManager()).status).toBe(201);
  });

  test('five wrong passwords lock, longer each time, for known and unknown addresses alike', async () => {
    for (const email of ['mo@example.com', 'nobody@example.com']) {
      const tried = [];
      for (let n = 0; n < 5; n++) tried.push((await signIn({ email, password: 'wrong' })).body);
      expect(tried.map(({ refused, triesLeft }) => [refused, triesLeft])).toEqual(
        [4, 3, 2, 1, 0].map((left) => ['credentials-wrong', left]),
      );
      const firstWait = new Date(clock.now().getTime() + 30_000).toISOString();
      expect(tried[4].retryAt).toBe(firstWait);
      const locked = await signIn({ email, password: 'a cortado at noon' });
      expect([locked.status, locked.body.refused, locked.body.retryAt]).toEqual([429, 'locked', firstWait]);
      clock.advance({ seconds: 30 });
      const again = await signIn({ email, password: 'wrong' });
      expect(again.body.retryAt).toBe(new Date(clock.now().getTime() + 60_000).toISOString());
    }
  });

  test('a lock survives a restart, and ends by itself', async () => {
    const reopened = await openDatabase(database.url);
    const server = await startTestServer({ db: reopened, clock });
    const right = { email: 'mo@example.com', password: 'a cortado at noon' };
    expect((await signIn(right, server.url)).body.refused).toBe('locked');
    clock.advance({ minutes: 2 });
    expect((await signIn(right, server.url)).status).toBe(201);
    await server.close();
    await reopened.close();
  });

  test('thirty guesses at the same moment are still five', async () => {
    const email = 'olive@example.com';
    const guesses = Array.from({ length: 30 }, () => signIn({ email, password: 'wrong' }));
    const answers = await Promise.all(guesses);
    const checked = answers.filter(({ body }) => body.refused === 'credentials-wrong');
    expect(checked.length).toBe(5);
    clock.advance({ minutes: 1 });
    const cookie = cookieOf(await signIn(ownerSignIn));
    const audit = await request(shop.server.url).get('/api/v1/audit').set('Cookie', cookie);
    const actions = (audit.body.items as { action: string }[]).map(({ action }) => action);
    expect(actions.slice(0, 2)).toEqual(['session.started', 'password.locked']);
  });

  test('a stranger who guesses keeps the owner out of no browser they signed in with before', async () => {
    clock.advance({ hours: 1 });
    const answer = await signIn(ownerSignIn);
    const [desk, browser] = cookiesOf(answer);
    const wrong = { ...ownerSignIn, password: 'wrong' };
    for (let n = 0; n < 5; n++) await signIn(wrong);
    expect((await signIn(ownerSignIn)).body.refused).toBe('locked');
    const again = await signIn(ownerSignIn).set('Cookie', browser!);
    expect(again.status).toBe(201);
    // Who is signed in is no stranger either.
    const confirm = request(shop.server.url).post('/api/v1/sessions/current/confirm').set('Cookie', desk!);
    expect((await confirm.send({ password: ownerSignIn.password })).status).toBe(200);

    // There the guesses are counted too, and the browser opens nothing by itself.
    for (let n = 0; n < 5; n++) await signIn(wrong).set('Cookie', browser!);
    expect((await signIn(ownerSignIn).set('Cookie', cookiesOf(again)[1]!)).body.refused).toBe('locked');
    expect((await whoIs(browser!)).status).toBe(401);
    expect((await whoIs(browser!.replace('doublestamp-browser', 'doublestamp'))).status).toBe(401);
    const bearer = `Bearer ${browser!.split('=')[1]!}`;
    const asTill = await request(shop.server.url).get('/api/v1/devices/current').set('Authorization', bearer);
    expect(asTill.status).toBe(401);
    clock.advance({ hours: 1 });
  });

  test('a browser that is known for one person is a stranger to all others', async () => {
    const [, browser] = cookiesOf(await signIn(ownerSignIn));
    const email = 'mo@example.com';
    for (let n = 0; n < 5; n++) await signIn({ email, password: 'wrong' });
    const right = { email, password: 'a cortado at noon' };
    expect((await signIn(right).set('Cookie', browser!)).body.refused).toBe('locked');
    clock.advance({ hours: 1 });
  });

  test('from one network two hundred try in an hour; browsers that are known are counted apart', async () => {
    const [, browser] = cookiesOf(await signIn(ownerSignIn));
    const nobody = { email: 'nobody-else@example.com', password: 'wrong' };
    let tries = 1;
    let answer;
    while (tries < 250 && answer?.body.refused !== 'too-many-requests') {
      answer = await signIn(nobody);
      tries++;
    }
    expect([answer!.status, tries]).toEqual([429, 201]);
    expect((await signIn(ownerSignIn)).body.refused).toBe('too-many-requests');
    expect((await signIn(ownerSignIn).set('Cookie', browser!)).status).toBe(201);
    clock.advance({ hours: 1 });
    expect((await signIn(ownerSignIn)).status).toBe(201);
  });

  test('a browser that is known gets so many tries too, and takes none from the others of its network', async () => {
    const [, browser] = cookiesOf(await signIn(ownerSignIn));
    const nobody = { email: 'nobody-at-all@example.com', password: 'wrong' };
    let answer;
    for (let n = 0; n < 250 && answer?.body.refused !== 'too-many-requests'; n++)
      answer = await signIn(nobody).set('Cookie', browser!);
    expect(answer!.status).toBe(429);
    expect(answer!.body.refused).toBe('too-many-requests');
    expect((await signIn(ownerSignIn)).status).toBe(201);
    clock.advance({ hours: 1 });
  });

  test('guesses at one address say nothing of whether another is known', async () => {
    const boxOf = (email: string) => guessedByStranger(email).subject;
    const told = [];
    for (const email of ['olive@example.com', 'somebody@example.com']) {
      let n = 0;
      while (boxOf(`${n}@example.com`) !== boxOf(email)) n++;
      await signIn({ email: `${n}@example.com`, password: 'wrong' });
      const { refused, triesLeft, retryAt } = (await signIn({ email, password: 'wrong' })).body;
      told.push({ refused, triesLeft, retryAt });
    }
    expect(told[0]).toEqual(told[1]);
    expect((await signIn(ownerSignIn)).status).toBe(201);
  });

  test('a wrong password of yesterday is not in a row with one of today', async () => {
    const email = 'late@example.com';
    for (let n = 0; n < 4; n++) await signIn({ email, password: 'wrong' });
    clock.advance({ hours: 24 });
    expect((await signIn({ email, password: 'wrong' })).body.triesLeft).toBe(4);
  });
});

/** What a browser would send back: of the desk, and of the browser itself. */
function cookiesOf(answer: request.Response): string[] {
  const cookies = answer.headers['set-cookie'] as unknown as string[];
  return cookies.map((cookie) => cookie.split(';', 1)[0]!);
}
