import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resetPassword } from '../../src/operations/reset-password.ts';
import { computeTimeCode, stepOf } from '../../src/operations/time-code.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { aSetUpShop, cookieOf, ownerSignIn } from './a-set-up-shop.ts';
import type { SetUpShop } from './a-set-up-shop.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

forEachDatabase('a second factor', (database) => {
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  let shop: SetUpShop;
  let secret: string;
  let recoveryCodes: string[];
  beforeAll(async () => {
    shop = await aSetUpShop({ db: database.db, clock });
  });
  afterAll(() => shop.server.close());

  /** What an authenticator app on the owner's phone shows. */
  function codeNow(): string {
    const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
    const key = Uint8Array.from(bits.match(/.{8}/g)!, (byte) => Number.parseInt(byte, 2));
    return computeTimeCode({ key, step: stepOf(clock.now()), digits: 6, algorithm: 'sha1' });
  }

  const wrongCode = () => String((Number(codeNow()) + 1) % 1_000_000).padStart(6, '0');
  const signIn = (code?: string, password = ownerSignIn.password) =>
    request(shop.server.url)
      .post('/api/v1/sessions')
      .send({ email: ownerSignIn.email, password, ...(code !== undefined && { code }) });
  const state = async () => (await shop.ask('get', '/account/second-factor')).body;

  test('is off at first, and asks for nothing until a first code was right', async () => {
    expect(await state()).toEqual({ isOn: false, since: null, recoveryCodesLeft: 0 });
    const begun = await shop.ask('post', '/account/second-factor');
    expect(begun.status).toBe(201);
    ({ secret } = begun.body as { secret: string });
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(begun.body.link).toBe(
      `otpauth://totp/Doublestamp%20The%20Kind%20Bean:olive%40example.com?secret=${secret}&issuer=Doublestamp%20The%20Kind%20Bean`,
    );
    const picture = await request(shop.server.url).get('/desk/second-factor.svg').set('Cookie', shop.desk);
    expect([picture.status, picture.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(String(picture.body)).toContain('<svg');
    expect((await signIn()).status).toBe(201);

    const wrong = await shop.ask('post', '/account/second-factor/confirm', { code: wrongCode() });
    expect([wrong.status, wrong.body.refused]).toEqual([401, 'second-factor-wrong']);
    expect((await state()).isOn).toBe(false);
    const confirmed = await shop.ask('post', '/account/second-factor/confirm', { code: codeNow() });
    expect(confirmed.status).toBe(201);
    ({ recoveryCodes } = confirmed.body as { recoveryCodes: string[] });
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(await state()).toEqual({ isOn: true, since: clock.now().toISOString(), recoveryCodesLeft: 10 });
  });

  test('the secret is not told again, and neither it nor a recovery code is in the database as it is', async () => {
    expect((await shop.ask('post', '/account/second-factor')).body.refused).toBe('second-factor-on');
    const picture = await request(shop.server.url).get('/desk/second-factor.svg').set('Cookie', shop.desk);
    expect(picture.body.refused).toBe('second-factor-not-begun');
    const everybody = await database.db.read((queries) =>
      queries.query((d, { staff }) => d.select().from(staff)),
    );
    const log = await database.db.read((queries) =>
      queries.query((d, { auditLog }) => d.select().from(auditLog)),
    );
    const kept = JSON.stringify([everybody, log]);
    expect(kept).not.toContain(secret);
    for (const code of recoveryCodes) expect(kept).not.toContain(code.replaceAll('-', ''));
  });

  test('a sign-in is two steps: first the password, then the code', async () => {
    clock.advance({ seconds: 30 });
    expect((await signIn(codeNow(), 'not this one')).body.refused).toBe('credentials-wrong');
    const first = await signIn();
    expect([first.status, first.body.refused]).toEqual([401, 'second-factor-needed']);
    expect(first.headers['set-cookie']).toBeUndefined();
    expect((await signIn(wrongCode())).body).toMatchObject({ refused: 'second-factor-wrong', triesLeft: 4 });
    const second = await signIn(`${codeNow().slice(0, 3)} ${codeNow().slice(3)}`);
    expect(second.status).toBe(201);
  });

  test('each code is good once, also for two who type it at the same moment', async () => {
    expect((await signIn(codeNow())).body.refused).toBe('second-factor-wrong');
    clock.advance({ seconds: 30 });
    const code = codeNow();
    const answers = await Promise.all([signIn(code), signIn(code), signIn(code)]);
    expect(answers.filter(({ status }) => status === 201).length).toBe(1);
    clock.advance({ seconds: 30 });
    const late = codeNow();
    clock.advance({ seconds: 60 });
    expect((await signIn(late)).body.refused).toBe('second-factor-wrong');
    clock.advance({ minutes: 20 });
    expect((await signIn(codeNow())).status).toBe(201);
  });

  test('a recovery code stands in for a lost phone, once, typed as people type', async () => {
    const [code] = recoveryCodes;
    expect((await signIn(code!.toLowerCase().replaceAll('-', ' '))).status).toBe(201);
    expect((await signIn(code)).body.refused).toBe('second-factor-wrong');
    expect((await state()).recoveryCodesLeft).toBe(9);
    clock.advance({ seconds: 30 });
    expect((await signIn(codeNow())).status).toBe(201);
  });

  test('five wrong codes lock the codes of this person, though the password is right', async () => {
    clock.advance({ seconds: 30 });
    for (let tries = 0; tries < 5; tries++)
      expect((await signIn(wrongCode())).body.refused).toBe('second-factor-wrong');
    const locked = await signIn(codeNow());
    expect([locked.status, locked.body.refused]).toEqual([429, 'locked']);
    clock.advance({ seconds: 30 });
    expect((await signIn(codeNow())).status).toBe(201);
  });

  test('what wants the password again wants the code as well', async () => {
    const confirm = (body: object) => shop.ask('post', '/sessions/current/confirm', body);
    const { password } = ownerSignIn;
    clock.advance({ minutes: 6 });
    expect((await shop.ask('post', '/account/second-factor/recovery-codes')).body.refused).toBe(
      'fresh-sign-in-needed',
    );
    expect((await confirm({ password })).body.refused).toBe('second-factor-needed');
    expect((await shop.ask('post', '/account/second-factor/recovery-codes')).status).toBe(403);
    expect((await confirm({ password, code: codeNow() })).status).toBe(200);
    const renewed = await shop.ask('post', '/account/second-factor/recovery-codes');
    expect(renewed.status).toBe(201);
    expect((await signIn(recoveryCodes[5])).body.refused).toBe('second-factor-wrong');
    ({ recoveryCodes } = renewed.body as { recoveryCodes: string[] });
  });

  test('turning it off needs the password and a code', async () => {
    const turnOff = (body: object) => shop.ask('post', '/account/second-factor/turn-off', body);
    const { password } = ownerSignIn;
    clock.advance({ seconds: 30 });
    expect((await turnOff({ password: 'wrong', code: codeNow() })).body.refused).toBe('credentials-wrong');
    expect((await turnOff({ password, code: wrongCode() })).body.refused).toBe('second-factor-wrong');
    expect((await turnOff({ password, code: recoveryCodes[0] })).status).toBe(204);
    expect((await state()).isOn).toBe(false);
    expect(cookieOf(await signIn())).toContain('doublestamp=');
  });

  test('an owner takes off that of somebody whose phone is lost, with a password entered just now, and not their own', async () => {
    const mo = { email: 'mo@example.com', password: 'a cortado at noon' };
    const { body: person } = await shop.ask('post', '/staff', { ...mo, name: 'Mo', role: 'owner' });
    const signInAsMo = (code?: string) =>
      request(shop.server.url)
        .post('/api/v1/sessions')
        .send({ ...mo, code });
    const desk = cookieOf(await signInAsMo());
    const asMo = (path: string, body?: object) =>
      request(shop.server.url).post(`/api/v1${path}`).set('Cookie', desk).send(body);
    ({ secret } = (await asMo('/account/second-factor')).body as { secret: string });
    await asMo('/account/second-factor/confirm', { code: codeNow() });
    expect((await signInAsMo()).body.refused).toBe('second-factor-needed');
    const listed = async () =>
      ((await shop.ask('get', '/staff')).body.items as { staffId: string; hasSecondFactor: boolean }[])
        .filter(({ hasSecondFactor }) => hasSecondFactor)
        .map(({ staffId }) => staffId);
    expect(await listed()).toEqual([person.staffId]);

    const takeOff = (staffId: string) => shop.ask('delete', `/staff/${staffId}/second-factor`);
    clock.advance({ minutes: 5, seconds: 1 });
    expect((await takeOff(person.staffId)).body.refused).toBe('fresh-sign-in-needed');
    await shop.ask('post', '/sessions/current/confirm', { password: ownerSignIn.password });
    const { staffId: ownId } = (await shop.ask('get', '/sessions/current')).body as { staffId: string };
    expect((await takeOff(ownId)).body.refused).toBe('second-factor-yours');
    expect((await takeOff(person.staffId)).status).toBe(204);
    expect((await takeOff(person.staffId)).status).toBe(204);
    expect(await listed()).toEqual([]);
    expect((await asMo('/account/second-factor')).body.refused).toBe('not-signed-in');
    expect((await signInAsMo()).status).toBe(201);
    const { items } = (await shop.ask('get', '/audit?action=second-factor.taken-off')).body;
    expect(items).toMatchObject([{ staffId: ownId, subjectId: person.staffId }]);
  });

  test('the command line can take it off for somebody who lost everything', async () => {
    clock.advance({ minutes: 1 });
    const { password } = ownerSignIn;
    await shop.ask('post', '/sessions/current/confirm', { password });
    ({ secret } = (await shop.ask('post', '/account/second-factor')).body as { secret: string });
    await shop.ask('post', '/account/second-factor/confirm', { code: codeNow() });
    const reset = resetPassword(database.db, clock, shop.server.passwords);
    await reset({ email: ownerSignIn.email, password });
    expect((await signIn()).body.refused).toBe('second-factor-needed');
    await reset({ email: ownerSignIn.email, password, removesSecondFactor: true });
    expect((await signIn()).status).toBe(201);
  });
});
