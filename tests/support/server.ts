import { eq } from 'drizzle-orm';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll } from 'vitest';
import type { Database } from '../../db/database.ts';
import { insertSession } from '../../db/queries/session-queries.ts';
import { systemClock } from '../../src/clock.ts';
import type { Clock } from '../../src/clock.ts';
import type { Actor, TillActor } from '../../src/operations/actor.ts';
import { makeSecrets } from '../../src/secrets.ts';
import { startServer } from '../../src/server.ts';
import type { RunningServer } from '../../src/server.ts';
import type { TestDatabase } from './databases.ts';

export const testSecrets = makeSecrets({
  tokenSecrets: ['a-test-secret-of-more-than-32-bytes-0123456789'],
  pepper: 'a-test-pepper-of-more-than-32-bytes-0123456789',
});

const SESSION_HOURS = 12;

export interface TestServer extends RunningServer {
  /** `Bearer …`, for the Authorization header of somebody who entered their PIN at a till. */
  signInAtTill(actor: TillActor): Promise<string>;
  /** `Bearer …` of the till itself, on which nobody has entered a PIN. */
  signInDevice(actor: TillActor): Promise<string>;
  /** The Cookie header of somebody at the owner's desk. */
  signInAtDesk(actor: Actor): Promise<string>;
}

export interface ServerOptions {
  clock?: Clock;
  publicUrl?: string;
  /** Where mail is written; a folder of its own when not given, null for none. */
  mailFolder?: string | null;
  trustedProxies?: number;
}

/** As `startTestServer`, for all tests of a file or a `describe`. */
export function useTestServer(database: TestDatabase, options: ServerOptions = {}): TestServer {
  const server: Partial<TestServer> = {};
  beforeAll(async () => {
    Object.assign(server, await startTestServer({ db: database.db, ...options }));
  });
  afterAll(() => server.close?.());
  return server as TestServer;
}

/**
 * The whole application on a real port of 127.0.0.1, with a database you opened and a clock you may hold still.
 *
 *     const shop = await aShop(db);
 *     const server = await startTestServer({ db, clock });
 *     await request(server.url)                                         // supertest
 *       .post('/api/v1/stamps')
 *       .set('Authorization', await server.signInAtTill(shop.ada))       // or signInDevice(shop.ada)
 *       .set('Idempotency-Key', 'one')
 *       .send({ … });
 *     await request(server.url).get('/api/v1/staff').set('Cookie', await server.signInAtDesk(shop.owner));
 *     await server.close();                                             // the database stays open
 *
 * In Playwright give the cookie as a header: `browser.newContext({ extraHTTPHeaders: { Cookie: … } })`.
 */
export async function startTestServer({
  db,
  clock = systemClock,
  publicUrl,
  mailFolder,
  trustedProxies = 0,
}: ServerOptions & { db: Database }): Promise<TestServer> {
  const ownFolder = join(tmpdir(), `doublestamp-mail-${uuid()}`);
  const server = await startServer({
    db,
    clock,
    publicUrl,
    trustedProxies,
    secrets: testSecrets,
    log: pino({ level: 'silent' }),
    host: '127.0.0.1',
    port: 0,
    mail: { smtpUrl: undefined, from: undefined, folder: mailFolder === undefined ? ownFolder : mailFolder },
  });

  async function sign(actor: Actor, deviceId: string | null): Promise<string> {
    const now = clock.now();
    const { merchantId, staffId } = actor;
    const sessionId = uuid();
    const expiresAt = new Date(now.getTime() + SESSION_HOURS * 3_600_000);
    await db.transact((tx) =>
      insertSession(tx, {
        merchantId,
        sessionId,
        staffId,
        deviceId,
        signedInAt: now,
        expiresAt,
        userAgent: null,
        endedAt: null,
      }),
    );
    const audience = deviceId === null ? 'desk-session' : 'till-session';
    return server.tokens.signToken(
      { audience, merchantId, subjectId: sessionId, tokenId: uuid(), expiresAt },
      now,
    );
  }

  return {
    ...server,
    async close() {
      await server.close();
      rmSync(ownFolder, { recursive: true, force: true });
    },
    signInAtTill: async (actor) => `Bearer ${await sign(actor, actor.place.deviceId)}`,
    signInAtDesk: async (actor) =>
      `${publicUrl?.startsWith('https:') ? '__Host-doublestamp' : 'doublestamp'}=${await sign(actor, null)}`,
    async signInDevice({ merchantId, place: { deviceId } }) {
      const now = clock.now();
      const [device] = await db.read((queries) =>
        queries.query((d, { devices }) =>
          d.select({ tokenId: devices.tokenId }).from(devices).where(eq(devices.deviceId, deviceId)),
        ),
      );
      const expiresAt = new Date(now.getTime() + 365 * 86_400_000);
      const claims = { audience: 'till-device' as const, merchantId, subjectId: deviceId, expiresAt };
      return `Bearer ${server.tokens.signToken({ ...claims, tokenId: device!.tokenId }, now)}`;
    },
  };
}
