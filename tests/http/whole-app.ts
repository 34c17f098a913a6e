import type { Express } from 'express';
import { pino } from 'pino';
import type { Database } from '../../db/database.ts';
import { systemClock } from '../../src/clock.ts';
import { createApp } from '../../src/http/app.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import type { Route } from '../../src/http/route.ts';
import { createTokens } from '../../src/http/token.ts';
import { createMailer } from '../../src/mail.ts';
import { createPasswords } from '../../src/operations/passwords.ts';
import { createSealer } from '../../src/operations/seal.ts';
import { openCardStreams } from '../../src/pages/card/card-streams.ts';
import { createRoutes } from '../../src/routes.ts';
import { testSecrets } from '../support/server.ts';

/** The routes of the real server and the Express application made of them, to be looked at rather than asked. */
export function wholeApp(db: Database): { routes: Route[]; app: Express } {
  const log = pino({ level: 'silent' });
  const publicUrl = (): string => 'https://stamps.example.com';
  const metrics = createMetrics({ waitingTransactions: () => db.waitingCount, requestsUnderWay: () => 0 });
  const routes = createRoutes({
    db,
    clock: systemClock,
    tokens: createTokens(testSecrets.tokenKeys),
    passwords: createPasswords(testSecrets.pepper),
    pins: createPasswords(testSecrets.pepper),
    cardKey: testSecrets.cardKey,
    sealer: createSealer(testSecrets.sealKey),
    isSetupToken: () => false,
    publicUrl,
    metrics,
    cardStreams: openCardStreams(db, log, systemClock),
    eraseTraces: () => undefined,
    mailer: createMailer({ smtpUrl: undefined, from: undefined, folder: null }, log),
    log,
  });
  const app = createApp({
    routes,
    identify: async () => ({ kind: 'anonymous' }),
    publicUrl,
    log,
    trustedProxies: 0,
    staticFolders: [],
  });
  return { routes, app };
}
