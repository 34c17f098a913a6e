import request from 'supertest';
import { v7 as uuid } from 'uuid';
import { beforeAll, expect, test } from 'vitest';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { useTestServer } from '../support/server.ts';
import { askFrom } from './a-set-up-shop.ts';
import type { Ask } from './a-set-up-shop.ts';

const now = new Date('2026-03-02T09:00:00Z');

forEachDatabase('people', (database) => {
  const clock = new FixedClock(now);
  const server = useTestServer(database, { clock });
  let shop: Shop;
  let other: Shop;
  let asOwner: Ask;
  let asManager: Ask;
  beforeAll(async () => {
    shop = await aShop(database.db, { now });
    other = await aShop(database.db, { now });
    asOwner = askFrom(server, await server.signInAtDesk(shop.owner));
    asManager = askFrom(server, await server.signInAtDesk(shop.manager));
  });

  const mo = { name: 'Mo', role: 'manager', email: 'Mo@Example.com', password: 'a cortado at noon' };

  test('a barista needs a PIN, a manager an address and a password', async () => {
    expect((await asOwner('post', '/staff', { name: 'Cy', role: 'barista' })).body.refused).toBe(
      'pin-needed',
    );
    expect((await asOwner('post', '/staff', { name: 'Mo', role: 'manager', pin: '1234' })).body.refused).toBe(
      'password-needed',
    );
    for (const pin of ['123', '123456789', '12a4'])
      expect((await asOwner('post', '/staff', { name: 'Cy', role: 'barista', pin })).status).toBe(400);
    const added = await asOwner('post', '/staff', mo);
    expect(added.status).toBe(201);
    expect(added.body).toEqual({
      staffId: added.body.staffId,
      name: 'Mo',
      role: 'manager',
      email: 'mo@example.com',
      locationId: null,
      hasPin: false,
      hasSecondFactor: false,
      endedAt: null,
    });
    expect((await asOwner('post', '/staff', { ...mo, name: 'Also Mo' })).body.refused).toBe('email-taken');
  });

  test('managers manage baristas, and nobody else', async () => {
    const cy = await asManager('post', '/staff', { name: 'Cy', role: 'barista', pin: '1234' });
    expect(cy.status).toBe(201);
    const path = `/staff/${cy.body.staffId as string}`;
    expect((await asManager('patch', path, { name: 'Cyrus', pin: '55555' })).body.name).toBe('Cyrus');
    expect((await asManager('patch', path, { role: 'owner' })).body.refused).toBe('owner-needed');
    expect((await asManager('post', '/staff', { ...mo, email: 'x@example.com' })).body.refused).toBe(
      'owner-needed',
    );
    expect((await asManager('patch', `/staff/${shop.owner.staffId}`, { name: 'X' })).body.refused).toBe(
      'owner-needed',
    );
    expect((await asManager('delete', `/staff/${shop.owner.staffId}`)).body.refused).toBe('owner-needed');
    // Nor do they make a barista of anybody, whom they could then manage.
    const una = await asOwner('post', '/staff', { ...mo, role: 'owner', email: 'una@example.com' });
    for (const { staffId } of [una.body as { staffId: string }, shop.manager])
      expect(
        (await asManager('patch', `/staff/${staffId}`, { role: 'barista', pin: '1234' })).body.refused,
      ).toBe('owner-needed');
    expect((await asOwner('delete', `/staff/${una.body.staffId as string}`)).status).toBe(204);
    expect((await asManager('delete', path)).status).toBe(204);
    expect((await asManager('get', '/audit')).status).toBe(403);
  });

  test('somebody who is a manager no more has a PIN at a till, and no desk', async () => {
    const credentials = { email: 'nell@example.com', password: 'a macchiato at three' };
    const nell = await asOwner('post', '/staff', { ...credentials, name: 'Nell', role: 'manager' });
    const signIn = () => request(server.url).post('/api/v1/sessions').send(credentials);
    const signedIn = await signIn();
    expect(signedIn.status).toBe(201);
    const cookie = signedIn.get('Set-Cookie')![0]!.split(';')[0]!;
    const whoIs = () => request(server.url).get('/api/v1/sessions/current').set('Cookie', cookie);
    expect((await whoIs()).status).toBe(200);
    const path = `/staff/${nell.body.staffId as string}`;
    expect((await asOwner('patch', path, { role: 'barista', pin: '1234' })).status).toBe(200);
    expect((await whoIs()).status).toBe(401);
    expect((await signIn()).body.refused).toBe('credentials-wrong');
    expect((await asOwner('patch', path, { role: 'manager' })).status).toBe(200);
    expect((await signIn()).status).toBe(201);
  });

  test('the last owner stays; when there are two, one may go', async () => {
    const path = `/staff/${shop.owner.staffId}`;
    expect((await asOwner('delete', path)).body.refused).toBe('last-owner');
    const demoted = await asOwner('patch', path, { role: 'barista', pin: '1234' });
    expect(demoted.body.refused).toBe('last-owner');
    const second = await asOwner('post', '/staff', { ...mo, role: 'owner', email: 'second@example.com' });
    expect((await asOwner('delete', `/staff/${second.body.staffId as string}`)).status).toBe(204);
    expect((await asOwner('delete', path)).body.refused).toBe('last-owner');
  });

  test('two owners who end each other at the same moment leave one', async () => {
    const merchant = await aShop(database.db, { now });
    const cookie = await server.signInAtDesk(merchant.owner);
    const ask = (method: 'post' | 'delete', path: string) =>
      request(server.url)[method](`/api/v1${path}`).set({ Cookie: cookie, 'Idempotency-Key': uuid() });
    const { body } = await ask('post', '/staff').send({ ...mo, role: 'owner', email: 'duel@example.com' });
    const rival = await server.signInAtDesk({ ...merchant.owner, staffId: body.staffId as string });
    const answers = await Promise.all([
      ask('delete', `/staff/${body.staffId as string}`),
      request(server.url).delete(`/api/v1/staff/${merchant.owner.staffId}`).set('Cookie', rival),
    ]);
    // The second is refused, or is no longer signed in, whichever way round they came.
    expect(answers.filter(({ status }) => status === 204).length).toBe(1);
  });

  test('a new PIN signs out of the tills, a new password everywhere but here', async () => {
    const till = await server.signInAtTill(shop.ada);
    const whoIs = (header: string, value: string) =>
      request(server.url).get('/api/v1/sessions/current').set(header, value);
    expect((await asOwner('patch', `/staff/${shop.ada.staffId}`, { pin: '2222' })).status).toBe(200);
    expect((await whoIs('Authorization', till)).status).toBe(401);

    const elsewhere = await server.signInAtDesk(shop.owner);
    const changed = await asOwner('patch', `/staff/${shop.owner.staffId}`, {
      email: 'olive@example.com',
      password: 'another flat white',
    });
    expect(changed.status).toBe(200);
    expect((await whoIs('Cookie', elsewhere)).status).toBe(401);
    expect((await asOwner('get', '/sessions/current')).status).toBe(200);
  });

  test('another location signs out of the tills', async () => {
    const path = `/staff/${shop.ben.staffId}`;
    expect((await asOwner('patch', path, { pin: '3333' })).status).toBe(200);
    const till = await server.signInAtTill(shop.ben);
    const whoIs = () => request(server.url).get('/api/v1/sessions/current').set('Authorization', till);
    expect((await whoIs()).status).toBe(200);
    const { body } = await asOwner('post', '/locations', { name: 'Station', timeZone: 'Europe/London' });
    expect((await asOwner('patch', path, { locationId: body.locationId as string })).status).toBe(200);
    expect((await whoIs()).status).toBe(401);
    expect((await asOwner('patch', path, { locationId: null })).status).toBe(200);
  });

  test('whoever forgot their password signs in with the one they are given, however often they guessed', async () => {
    const email = 'guido@example.com';
    const guido = await asOwner('post', '/staff', { ...mo, name: 'Guido', email });
    const signIn = (password: string) =>
      request(server.url).post('/api/v1/sessions').send({ email, password });
    for (let tries = 0; tries < 5; tries++) await signIn('was it this one?');
    expect((await signIn(mo.password)).body.refused).toBe('locked');
    const path = `/staff/${guido.body.staffId as string}`;
    expect((await asOwner('patch', path, { password: 'a ristretto at ten' })).status).toBe(200);
    expect((await signIn('a ristretto at ten')).status).toBe(201);
  });

  test('whoever finds the desk open can neither make an owner nor change a password or a PIN', async () => {
    clock.advance({ minutes: 5, seconds: 1 });
    const refusals = [
      asOwner('post', '/staff', { ...mo, email: 'late@example.com' }),
      asOwner('patch', `/staff/${shop.ada.staffId}`, { role: 'owner' }),
      asOwner('patch', `/staff/${shop.owner.staffId}`, { password: 'a stolen password' }),
      asOwner('patch', `/staff/${shop.owner.staffId}`, { pin: '9999' }),
    ];
    for (const { body } of await Promise.all(refusals)) expect(body.refused).toBe('fresh-sign-in-needed');
    const barista = await asOwner('post', '/staff', { name: 'Cy', role: 'barista', pin: '1234' });
    expect(barista.status).toBe(201);
  });

  test('another merchant’s people are not known here', async () => {
    const path = `/staff/${other.ada.staffId}`;
    expect((await asOwner('patch', path, { name: 'Mine' })).body.refused).toBe('staff-unknown');
    expect((await asOwner('delete', path)).body.refused).toBe('staff-unknown');
    const elsewhere = { locationId: other.locationId };
    expect((await asOwner('patch', `/staff/${shop.ada.staffId}`, elsewhere)).body.refused).toBe(
      'location-unknown',
    );
    const { items } = (await asOwner('get', '/staff')).body as { items: { staffId: string }[] };
    expect(items.map(({ staffId }) => staffId)).not.toContain(other.ada.staffId);
  });

  test('somebody who left is no longer listed or known, and their address is free again', async () => {
    const before = await asOwner('get', '/staff');
    const person = (before.body.items as { staffId: string; email: string | null }[]).find(
      ({ email }) => email === 'mo@example.com',
    )!;
    expect((await asOwner('delete', `/staff/${person.staffId}`)).status).toBe(204);
    expect((await asOwner('delete', `/staff/${person.staffId}`)).body.refused).toBe('staff-unknown');
    const after = await asOwner('get', '/staff');
    expect(after.body.items.length).toBe(before.body.items.length - 1);
    const { items } = (await asOwner('get', '/staff?ended=include')).body;
    expect(items.find(({ staffId }: typeof person) => staffId === person.staffId)).toMatchObject({
      name: 'Mo',
      email: null,
      endedAt: clock.now().toISOString(),
    });
    const { body } = await asOwner('get', '/audit?limit=1');
    expect(body.items[0]).toMatchObject({ action: 'staff.ended', subjectId: person.staffId });
    expect(JSON.stringify(body)).not.toContain('mo@example.com');
  });
});
