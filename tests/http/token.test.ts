import jwt from 'jsonwebtoken';
import request from 'supertest';
import { beforeAll, expect, test } from 'vitest';
import { createTokens, makeKeyRing } from '../../src/http/token.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { testSecrets, useTestServer } from '../support/server.ts';

const now = new Date('2026-03-02T09:00:00Z');
const key = testSecrets.tokenKeys[0];
const old = makeKeyRing(['an-older-secret-of-more-than-32-bytes-987654321'])[0];

test('a key that is no longer used to sign still verifies what it signed, until it is taken out', () => {
  const claims = {
    audience: 'till-device' as const,
    merchantId: 'm',
    subjectId: 'd',
    tokenId: 't',
    expiresAt: new Date('2026-04-01T00:00:00Z'),
  };
  const expected = { audiences: ['till-device'] as const, now };
  const before = createTokens([old]).signToken(claims, now);
  const rotated = createTokens([key, old]);
  expect(rotated.verifyToken(before, expected)).toEqual(claims);
  expect(createTokens([key]).verifyToken(before, expected)).toBeUndefined();
  expect(jwt.decode(rotated.signToken(claims, now), { complete: true })?.header.kid).toBe(key.keyId);
});

test('a token that was remembered as good still expires, and is still for one audience only', () => {
  const tokens = createTokens([key]);
  const expiresAt = new Date('2026-03-02T10:00:00Z');
  const claims = {
    audience: 'till-session' as const,
    merchantId: 'm',
    subjectId: 's',
    tokenId: 't',
    expiresAt,
  };
  const token = tokens.signToken(claims, now);
  expect(tokens.verifyToken(token, { audiences: ['till-session'], now })).toEqual(claims);
  expect(tokens.verifyToken(token, { audiences: ['desk-session'], now })).toBeUndefined();
  expect(tokens.verifyToken(token, { audiences: ['till-session'], now: expiresAt })).toBeUndefined();
});

forEachDatabase('a token', (database) => {
  const clock = new FixedClock(now);
  const server = useTestServer(database, { clock });
  let shop: Shop;
  let good: jwt.JwtPayload;
  beforeAll(async () => {
    shop = await aShop(database.db, { now });
    good = jwt.decode((await server.signInAtTill(shop.ada)).slice('Bearer '.length)) as jwt.JwtPayload;
  });

  const whoIs = (authorization: string) =>
    request(server.url).get('/api/v1/sessions/current').set('Authorization', authorization);
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

  test('that is ours is known', async () => {
    expect((await whoIs(await server.signInAtTill(shop.ada))).body).toMatchObject({
      name: 'Ada',
      role: 'barista',
    });
  });

  test('that is forged, for another use, or without an end is refused', async () => {
    const sign = (payload: object, secret: jwt.Secret = key.key, options: jwt.SignOptions = {}) =>
      jwt.sign(payload, secret, { algorithm: 'HS256', keyid: key.keyId, ...options });
    const without = (name: string) =>
      Object.fromEntries(Object.entries(good).filter(([one]) => one !== name));
    const header = { alg: 'none', typ: 'JWT', kid: key.keyId };
    const [head, body, signature] = sign(good).split('.');
    const forged: Record<string, string> = {
      'no algorithm': `${encode(header)}.${encode(good)}.`,
      'no algorithm, old signature': `${encode(header)}.${body}.${signature}`,
      'another secret': sign(good, 'another-secret-of-more-than-32-bytes-abcdefgh'),
      'another key id': sign(good, key.key, { keyid: 'deadbeef0000' }),
      'no key id': jwt.sign(good, key.key, { algorithm: 'HS256' }),
      'another algorithm': sign(good, key.key, { algorithm: 'HS512' }),
      'no expiry': sign(without('exp')),
      'an expiry that is over': sign({ ...good, exp: now.getTime() / 1000 - 1 }),
      'no id': sign(without('jti')),
      'no merchant': sign(without('mid')),
      'another issuer': sign({ ...good, iss: 'somebody' }),
      'no audience': sign(without('aud')),
      'the desk’s audience': sign({ ...good, aud: 'desk-session' }),
      'an unknown audience': sign({ ...good, aud: 'till' }),
      'several audiences': sign({ ...good, aud: ['till-session', 'desk-session'] }),
      'another merchant': sign({ ...good, mid: 'another' }),
      'a changed body': `${head}.${encode({ ...good, sub: 'another' })}.${signature}`,
      'far too long': `${head}.${'x'.repeat(10_000)}.${signature}`,
      'not a token': 'coffee',
    };
    for (const [what, token] of Object.entries(forged))
      expect([what, (await whoIs(`Bearer ${token}`)).status]).toEqual([what, 401]);
    expect((await whoIs(`Bearer ${sign(good)}`)).status).toBe(200);
    expect((await whoIs(`Basic ${sign(good)}`)).status).toBe(401);
    expect(
      (
        await request(server.url)
          .get('/api/v1/sessions/current')
          .set('Cookie', `doublestamp=${sign(good)}`)
      ).status,
    ).toBe(401);
  });

  test('of a session, a person or a till that is ended is worth nothing at once', async () => {
    const desk = await server.signInAtDesk(shop.owner);
    const end = (path: string) => request(server.url).delete(`/api/v1${path}`).set('Cookie', desk);
    const ada = await server.signInAtTill(shop.ada);
    const ben = await server.signInAtTill(shop.ben);
    const manager = await server.signInAtTill(shop.manager);
    const device = await server.signInDevice(shop.ada);
    const till = () => request(server.url).get('/api/v1/devices/current').set('Authorization', device);

    expect(
      (await request(server.url).delete('/api/v1/staff-sessions/current').set('Authorization', ada)).status,
    ).toBe(204);
    expect((await whoIs(ada)).status).toBe(401);
    expect((await whoIs(ben)).status).toBe(200);

    expect((await end(`/staff/${shop.ben.staffId}`)).status).toBe(204);
    expect((await whoIs(ben)).status).toBe(401);
    expect((await whoIs(manager)).status).toBe(200);

    expect((await till()).status).toBe(200);
    expect((await end(`/devices/${shop.deviceId}`)).status).toBe(204);
    expect((await whoIs(manager)).status).toBe(401);
    expect((await till()).status).toBe(401);
  });
});
