import type { Request } from 'express';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import type { Clock } from './clock.ts';
import { createApp } from './http/app.ts';
import { identify } from './http/identify.ts';
import { createMetrics } from './http/metrics.ts';
import type { Metrics } from './http/metrics.ts';
import { createTokens } from './http/token.ts';
import type { Tokens } from './http/token.ts';
import { createEraser } from './operations/erase-traces.ts';
import { createMailer } from './mail.ts';
import type { MailOptions } from './mail.ts';
import { findCallingDevice, findCallingStaff, findTappingStaff } from './operations/find-caller.ts';
import { createPasswords } from './operations/passwords.ts';
import type { Passwords } from './operations/passwords.ts';
import { isSameText } from './operations/same-text.ts';
import { createSealer } from './operations/seal.ts';
import { storeEvidence } from './operations/store-evidence.ts';
import { startNightly } from './nightly.ts';
import { openCardStreams } from './pages/card/card-streams.ts';
import { renderRefusalPage } from './pages/card/render-sorry-page.ts';
import { createRoutes } from './routes.ts';
import type { Secrets } from './secrets.ts';

/**
 * Headers must be there in 10 s, so that a slow-loris gives its connection back; the whole request in two minutes,
 * because an owner on a slow line sends a year of sales in one.
 */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 120_000;
const CONNECTIONS_CHECKED_EVERY_MS = 2_000;
const KEEP_ALIVE_MS = 65_000;
/** What is under way at a shutdown may take this long; the process has 10 s in all. */
const DRAIN_MS = 7_000;
const IDLE_CHECKED_EVERY_MS = 50;
const SLOW_MS = 1_000;
/**
 * Requests of one connection that may be under way together. Browsers and proxies wait for each answer; who sends
 * thousands in one packet, and reads none of the answers, would have all of them made and kept.
 */
const MAX_PIPELINED = 8;
const DIST = join(import.meta.dirname, '..', 'dist');

export interface ServerOptions {
  db: Database;
  clock: Clock;
  secrets: Secrets;
  log: Logger;
  host: string;
  /** 0 for any that is free. */
  port: number;
  /** The address customers and tills use, if it is not the one listened on. */
  publicUrl?: string | undefined;
  trustedProxies?: number;
  mail: MailOptions;
}

export interface RunningServer {
  /** Where it listens: `http://127.0.0.1:4747`. */
  url: string;
  publicUrl: string;
  /** Good for one set-up, while there is no merchant; a new one at each start. */
  setupToken: string;
  tokens: Tokens;
  passwords: Passwords;
  /**
   * Stops accepting, ends event streams, lets requests under way finish and cuts off what still is not done after
   * 7 s; then waits for mail on its way, 2 s at most. Does not close the database, which was the caller's to open.
   */
  close(): Promise<void>;
}

/** Listens. The one place where operations, routes and the HTTP server are put together; throws as `listen` does. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { db, clock, secrets, log } = options;
  const tokens = createTokens(secrets.tokenKeys);
  const passwords = createPasswords(secrets.pepper);
  // In a queue of their own: whoever floods the sign-in of the desk, from anywhere, keeps no barista waiting.
  const pins = createPasswords(secrets.pepper);
  const setupToken = randomBytes(24).toString('base64url');
  const answering = new Set<ServerResponse>();
  const metrics = createMetrics({
    waitingTransactions: () => db.waitingCount,
    requestsUnderWay: () => answering.size,
  });
  const cardStreams = openCardStreams(db, log, clock);
  const sealer = createSealer(secrets.sealKey);
  const stopNightly = startNightly(storeEvidence(db, clock, sealer), { log, what: 'storing the evidence' });
  const eraser = createEraser(db, log);
  const mailer = createMailer(options.mail, log);
  let publicUrl = options.publicUrl ?? '';
  const app = createApp({
    routes: createRoutes({
      db,
      clock,
      tokens,
      passwords,
      pins,
      cardKey: secrets.cardKey,
      sealer,
      isSetupToken: (token) => isSameText(token, setupToken),
      publicUrl: () => publicUrl,
      metrics,
      cardStreams,
      mailer,
      log,
      eraseTraces(customerId) {
        mailer.forget(customerId);
        eraser.soon();
      },
    }),
    identify: identify({
      clock,
      tokens,
      publicUrl: () => publicUrl,
      findCallingDevice: findCallingDevice(db),
      findCallingStaff: findCallingStaff(db),
      findTappingStaff: findTappingStaff(db),
    }),
    publicUrl: () => publicUrl,
    log,
    trustedProxies: options.trustedProxies ?? 0,
    staticFolders: [
      { path: '/till', folder: join(DIST, 'till') },
      { path: '/assets/desk', folder: join(DIST, 'desk') },
    ],
    sorryPage: renderRefusalPage,
  });
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: CONNECTIONS_CHECKED_EVERY_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  watchRequests(server, { answering, metrics, log });
  server.on('request', limitPipelining(app));
  const port = await listen(server, options);
  const url = `http://${formatHost(options.host)}:${port}`;
  publicUrl ||= `http://${formatHost(reachableHost(options.host))}:${port}`;
  const close = async () => {
    cardStreams.close();
    eraser.close();
    await Promise.all([drain(server), stopNightly()]);
    await mailer.close(); // only now: what was just answered may have sent one
  };
  return { url, publicUrl, setupToken, tokens, passwords, close };
}

/** Throws as `startServer` would when it cannot listen there, for whoever has long work to do first. */
export async function requireFreePort(address: { host: string; port: number }): Promise<void> {
  const server = createServer();
  await listen(server, address);
  await new Promise((resolve) => server.close(resolve));
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Hangs up on a connection with too many requests under way. */
function limitPipelining(handle: RequestListener): RequestListener {
  const counts = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    const count = counts.get(socket) ?? 0;
    if (count >= MAX_PIPELINED) return void socket.destroy();
    counts.set(socket, count + 1);
    response.once('close', () => counts.set(socket, counts.get(socket)! - 1));
    handle(request, response);
  };
}

/**
 * Keeps in `answering` which answers are under way, counts each in the metrics when it is done, and logs slow ones by
 * their route: a path may hold the secret of a card.
 */
function watchRequests(
  server: Server,
  { answering, metrics, log }: { answering: Set<ServerResponse>; metrics: Metrics; log: Logger },
): void {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const startedAt = performance.now();
    answering.add(response);
    response.once('close', () => {
      answering.delete(response);
      const tookMs = performance.now() - startedAt;
      const isStream = isEventStream(response); // open for hours on purpose
      metrics.count(request as Request, response, isStream ? null : tookMs / 1_000);
      if (tookMs < SLOW_MS || isStream) return;
      const route = (request as Request).route as { path?: string } | undefined;
      log.warn(
        {
          method: request.method,
          route: route?.path,
          status: response.statusCode,
          tookMs: Math.round(tookMs),
        },
        'slow request',
      );
    });
  });
}

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type') ?? '').startsWith('text/event-stream');
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // A kept-alive connection that was answering when the door closed becomes idle only afterwards.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECKED_EVERY_MS);
  const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}

function formatHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** The host a till or a phone in the shop can ask for: a server that listens everywhere has no address of its own. */
function reachableHost(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? 'localhost';
}
