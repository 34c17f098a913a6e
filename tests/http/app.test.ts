import express from 'express';
import type { RequestHandler, Response } from 'express';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import request from 'supertest';
import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import { catchErrors } from '../../src/http/problem.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { createSqliteFile, forEachDatabase } from '../support/databases.ts';
import { startTestServer, useTestServer } from '../support/server.ts';
import { rowsOf } from '../support/shop-settings.ts';

forEachDatabase('the server', (database) => {
  const server = useTestServer(database);
  let shop: Shop;
  let token: string;
  beforeAll(async () => {
    shop = await aShop(database.db);
    token = await server.signInAtTill(shop.ada);
  });

  function post(path: string) {
    return request(server.url).post(path).set('Authorization', token).set('Idempotency-Key', uuid());
  }

  test('whoever may not do something is told so before their request is read', async () => {
    const answer = await request(server.url)
      .post('/api/v1/sales?token=secret')
      .set('Content-Type', 'application/json')
      .send('{ this is not JSON');
    expect(answer.status).toBe(401);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: '/api/problems#not-signed-in',
      title: 'Please sign in',
      status: 401,
      instance: '/api/v1/sales',
      refused: 'not-signed-in',
    });
  });

  test.each([
    ['is not JSON', '{ not JSON', 'application/json', 400, 'request-invalid'],
    ['is no object', '"text"', 'application/json', 400, 'request-invalid'],
    ['is of another type', 'a=1', 'application/x-www-form-urlencoded', 415, 'wrong-media-type'],
    ['is in another alphabet', '{}', 'application/json; charset=latin1', 415, 'wrong-media-type'],
    ['holds a NUL', String.raw`{"customerName":"Zo\u0000e"}`, 'application/json', 400, 'request-invalid'],
    [
      'cuts an emoji in two',
      String.raw`{"customerName":"Zoe \ud83d"}`,
      'application/json',
      400,
      'request-invalid',
    ],
    ['is too large', `{"customerName":"${'x'.repeat(70_000)}"}`, 'application/json', 413, 'too-large'],
    ['says too much', '{"customerName":"Zoë","isRich":true}', 'application/json', 400, 'request-invalid'],
  ])('a request that %s is refused, and says why', async (_what, body, type, status, refused) => {
    const answer = await post('/api/v1/cards').set('Content-Type', type).send(body);
    expect(answer.body).toMatchObject({ status, refused });
    expect(answer.status).toBe(status);
  });

  test('a request that says it is packed and is not is refused, and nothing in it is our fault', async () => {
    for (const packing of ['gzip', 'deflate', 'br']) {
      const answer = await post('/api/v1/cards')
        .set('Content-Type', 'application/json')
        .set('Content-Encoding', packing)
        .send('{}');
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ refused: 'request-invalid' });
    }
  });

  test('what is packed in a way nobody here unpacks, or has a key that cannot be kept, is told what would do', async () => {
    const packed = await post('/api/v1/cards').set('Content-Encoding', 'zstd-of-mine').send({});
    expect(packed.status).toBe(415);
    expect(packed.body).toMatchObject({ detail: expect.stringContaining('gzip, deflate or br') });
    for (const key of ['two words', 'x'.repeat(129)]) {
      const keyed = await post('/api/v1/cards').set('Idempotency-Key', key).send({});
      expect(keyed.status).toBe(400);
      expect(keyed.body).toMatchObject({
        refused: 'operation-id-missing',
        detail: expect.stringContaining('1 to 128'),
      });
    }
  });

  test('an emoji written as JSON may write it arrives whole', async () => {
    const answer = await post('/api/v1/cards')
      .set('Content-Type', 'application/json')
      .send(String.raw`{"customerName":"Zoe \ud83d\ude00 \\ud83d"}`);
    expect(answer.body).toMatchObject({ card: { customerName: String.raw`Zoe 😀 \ud83d` } });
  });

  test('a year that nobody meant, as a half-typed date is one, is asked about like any other', async () => {
    const cookie = await server.signInAtDesk(shop.owner);
    const cursor = (givenAt: number) => Buffer.from(`0 ${givenAt} x`).toString('base64url');
    for (const asked of [
      '/audit?from=0000-01-01T00:00:00Z',
      '/audit?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z',
      '/reports/gestures?from=0000-01-01',
      '/reports/gestures?from=0001-01-01&to=9999-12-31',
      '/reports/gestures/totals?from=0000-01-01&to=0000-01-02',
      '/reports/gestures/totals?asOf=0000-01-01T00:00:00Z',
      `/reports/gestures?cursor=${cursor(999_999_999_999_999)}`,
      `/reports/gestures?cursor=${cursor(-999_999_999_999_999)}`,
      '/customers?cursor=999999999999999_x',
      `/sales?locationId=${shop.locationId}&cursor=999999999999999_x`,
    ]) {
      const { status } = await request(server.url).get(`/api/v1${asked}`).set('Cookie', cookie);
      expect({ asked, status }).toEqual({ asked, status: 200 });
    }
  });

  test('a NUL or a broken code in an address is refused as well', async () => {
    for (const code of ['%00', 'a%00b', '%E0%A4%A', '%']) {
      const answer = await request(server.url).get(`/api/v1/cards/${code}`).set('Authorization', token);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ refused: 'request-invalid' });
    }
  });

  test('nor does a NUL in a form find anything', async () => {
    const [location] = await rowsOf(database.db, shop, 'locations');
    const form = await request(server.url)
      .post(`/find/${location!.joinCode}`)
      .type('form')
      .send({ challenge: 'a\0b', code: '123456' });
    expect([form.status, form.type]).toEqual([200, 'text/html']);
  });

  test('what does not fit is named by where it is', async () => {
    const answer = await post('/api/v1/sales').send({
      lines: [{ itemId: shop.flatWhite.itemId, quantity: 0 }],
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ pointer: '/body/lines/0/quantity' }] });
  });

  test('nor is it otherwise where a request may be written in two ways', async () => {
    const { itemId } = shop.flatWhite;
    for (const [path, sent, pointers] of [
      ['/stamps', { cardCode: 'x', lines: [{ itemId, quantity: 1.5 }] }, ['/body/lines/0/quantity']],
      ['/stamps', { saleId: 'x' }, ['/body/cardCode']],
      ['/stamps', {}, ['/body/cardCode', '/body/lines']],
      ['/sales/x/refunds', { amountMinor: '350' }, ['/body/amountMinor']],
    ] as const) {
      const { body } = await post(`/api/v1${path}`).send(sent);
      expect(body).toMatchObject({ status: 400, refused: 'request-invalid' });
      expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
    }
  });

  test('letters of any alphabet arrive as they were sent', async () => {
    const answer = await post('/api/v1/cards').send({ customerName: 'Zoë 日本 👩🏽‍🍳' });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ card: { customerName: 'Zoë 日本 👩🏽‍🍳' } });
  });

  test('a sale asked for twice is recorded once and answered the same to the byte', async () => {
    const body = { lines: [{ itemId: shop.flatWhite.itemId, quantity: 2 }] };
    const key = uuid();
    const ask = () => post('/api/v1/sales').set('Idempotency-Key', key).send(body);
    const answers = await Promise.all(Array.from({ length: 10 }, ask));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const replayed = answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true');
    expect(replayed).toHaveLength(9);
    const other = await post('/api/v1/sales')
      .set('Idempotency-Key', key)
      .send({ ...body, lines: [{ ...body.lines[0], quantity: 3 }] });
    expect(other.status).toBe(422);
    expect(other.body).toMatchObject({ refused: 'operation-reused' });
  });

  test.each(['', ' ', 'x'.repeat(129), 'ä'])('an Idempotency-Key of %j is none', async (key) => {
    const { status, refused } = await rawPost(server.url, '/api/v1/sales', {
      authorization: token,
      'content-type': 'application/json',
      'idempotency-key': key,
    });
    expect({ status, refused }).toEqual({ status: 400, refused: 'operation-id-missing' });

    async function rawPost(url: string, path: string, headers: Record<string, string>) {
      const sent = httpRequest(url + path, { method: 'POST', headers });
      sent.end(JSON.stringify({ lines: [{ itemId: shop.flatWhite.itemId }] }));
      const response = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const problem = JSON.parse(Buffer.concat(chunks).toString()) as { refused: string };
      return { status: response.statusCode, refused: problem.refused };
    }
  });

  test('answers of the API are for nobody’s cache and load nothing, however the address is written', async () => {
    for (const path of ['/api/v1/allowance', '/API/V1/Allowance']) {
      const answer = await request(server.url).get(path).set('Authorization', token);
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
      });
      expect(answer.headers).not.toHaveProperty('x-powered-by');
    }
  });

  test('a page runs our own scripts alone, in nobody’s frame, and does not say where it was opened', async () => {
    for (const path of ['/sign-in', '/till/', '/api', '/nowhere']) {
      const { headers } = await request(server.url).get(path).set('Accept', 'text/html');
      expect(headers).toMatchObject({
        'content-type': expect.stringMatching(/^text\/html/),
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=31536000',
        'x-content-type-options': 'nosniff',
      });
      expect(headers['content-security-policy']!.split(';').toSorted()).toEqual([
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data: blob:",
        "manifest-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "worker-src 'self'",
      ]);
    }
  });

  test('the program is up, and can work', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const answer = await request(server.url).get(path);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({ status: 'ok' });
    }
  });

  test('a program whose database takes no writes is up, but not ready; then it is again', async () => {
    const letGo = Promise.withResolvers<void>();
    // Somebody keeps every writer there is.
    const holding = Array.from({ length: 20 }, () => database.db.transact(() => letGo.promise));
    const ready = await request(server.url).get('/readyz');
    expect(ready.status).toBe(503);
    expect(ready.body).toMatchObject({ refused: 'not-ready' });
    expect((await request(server.url).get('/healthz')).status).toBe(200);
    letGo.resolve();
    await Promise.all(holding);
    await sleep(20);
    expect((await request(server.url).get('/readyz')).status).toBe(200);
  });

  test('the counters name routes and statuses, never an address that is a secret', async () => {
    await request(server.url).get('/c/abcdefghijklmnopqrstuvwx23');
    await request(server.url).get('/no/such/page');
    const { text, type, status } = await request(server.url).get('/metrics');
    expect(status).toBe(200);
    expect(type).toBe('text/plain');
    expect(text).toMatch(/_count\{method="POST",route="\/api\/v1\/sales",status="2xx"\} 10\n/);
    expect(text).toMatch(/_bucket\{method="POST",route="\/api\/v1\/sales",status="2xx",le="\+Inf"\} 10\n/);
    expect(text).toMatch(/_count\{method="GET",route="\/c\/:secret",status="4xx"\} 1\n/);
    expect(text).toMatch(/_count\{method="GET",route="none",status="4xx"\} \d+\n/);
    expect(text).toMatch(/\ndoublestamp_waiting_transactions 0\n/);
    // The one that asks.
    expect(text).toMatch(/\ndoublestamp_http_requests_under_way 1\n/);
    expect(text).not.toContain('abcdefghijklmnopqrstuvwx23');
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.+\})? [0-9.e+-]+)$/);
  });

  test('the counters are not for the world that a proxy on this machine lets in', async () => {
    const answer = await request(server.url).get('/metrics').set('X-Forwarded-For', '203.0.113.7');
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ refused: 'route-unknown' });
  });

  test('the reference explains every route and every “no”, and loads nothing from elsewhere', async () => {
    const page = await request(server.url).get('/api');
    const explained = await request(server.url).get('/api/problems');
    const document = (await request(server.url).get('/api/openapi.json')).body as {
      paths: Record<string, Record<string, { operationId: string; 'x-refusals': string[] }>>;
    };
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
    // This server speaks no https, so its cookie is the plain one.
    expect(page.text).toContain('Cookie: doublestamp=$TOKEN');
    expect(page.text).not.toContain('__Host-doublestamp=$TOKEN');
    const idsOn = (text: string) => [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
    const ids = { api: idsOn(page.text), problems: idsOn(explained.text) };
    for (const list of Object.values(ids)) expect(list).toEqual([...new Set(list)]);
    expect(operations.map(({ operationId }) => operationId).filter((id) => !ids.api.includes(id))).toEqual(
      [],
    );
    const refusals = operations.flatMap((operation) => operation['x-refusals']);
    expect(refusals.filter((name) => !ids.problems.includes(name))).toEqual([]);
    for (const { text } of [page, explained]) {
      const loaded = [...text.matchAll(/(?:src|href)="([^"#][^"]*)"/g)].map(([, address]) => address!);
      expect(loaded.filter((address) => !address.startsWith('/'))).toEqual([]);
      expect(text).not.toMatch(/<script|<style| style=| on\w+=/);
      const lost = [...text.matchAll(/href="#([^"]+)"/g)].filter(([, id]) => !idsOn(text).includes(id!));
      expect(lost).toEqual([]);
    }
    expect((await request(server.url).get('/assets/reference.css')).type).toBe('text/css');
  });
});

test('whoever never finishes asking is hung up on, so that many of them keep nobody out', async () => {
  const file = await createSqliteFile();
  const db = await openDatabase(file.url);
  const server = await startTestServer({ db });
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write('GET /healthz HTTP/1.1\r\nHost: the-kind-bean.example\r\n');
  // After ten seconds; where nobody sets a limit, after more than a minute.
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
  await server.close();
  await db.close();
  await file.drop();
}, 45_000);

describe('of requests that do not wait for each other’s answers', () => {
  /** What the server says to so many requests in one packet, until it hangs up. */
  async function sayAtOnce(count: number): Promise<string> {
    const file = await createSqliteFile();
    const db = await openDatabase(file.url);
    const server = await startTestServer({ db });
    const asked = 'GET /healthz HTTP/1.1\r\nHost: the-kind-bean.example\r\n';
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`${asked}\r\n`.repeat(count - 1) + `${asked}Connection: close\r\n\r\n`);
    const answers = await text(socket).catch(() => '');
    await server.close();
    await db.close();
    await file.drop();
    return answers;
  }

  test('a few are all answered', async () => {
    expect((await sayAtOnce(5)).match(/HTTP\/1\.1 200 /g)).toHaveLength(5);
  });

  test('a flood is hung up on, so that its answers are not made and kept', async () => {
    expect(await sayAtOnce(200)).not.toContain('HTTP/1.1 200');
  });
});

describe('an error nobody expected', () => {
  /** An application of one route, where it is asked, and what it logs. */
  async function serveOne(handle: RequestHandler) {
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    const app = express().all('/c/:secret', handle).use(catchErrors(log));
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    return { server, url: `http://127.0.0.1:${port}/c/mysecret`, logged: () => lines.join('') };
  }

  async function failing(error: unknown, { isHalfSent = false } = {}) {
    const { server, url, logged } = await serveOne((_request, response) => {
      if (isHalfSent) response.write('half');
      throw error;
    });
    const answer = await fetch(url)
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch((failure: Error) => ({ status: 0, text: failure.message }));
    server.close();
    return { ...answer, logged: logged() };
  }

  /** What is logged when whoever asks this goes away as soon as `moment` has come. */
  async function leaving(
    handle: (...parts: [...Parameters<RequestHandler>, reached: () => void]) => Promise<void>,
    { upload }: { upload?: string } = {},
  ): Promise<string> {
    const moment = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const { server, url, logged } = await serveOne(async (...parts) => {
      try {
        await handle(...parts, moment.resolve);
      } finally {
        setImmediate(over.resolve);
      }
    });
    const asking = httpRequest(url, upload === undefined ? {} : { method: 'POST' });
    asking
      .on('error', () => undefined)
      .on('response', (answer) => answer.on('error', () => undefined).resume());
    if (upload === undefined) asking.end();
    else asking.write(upload);
    await moment.promise;
    asking.destroy();
    await over.promise;
    server.close();
    return logged();
  }

  async function* endless() {
    for (;;) yield 'line\n'.repeat(1_000);
  }

  test('is none when whoever asked for a file goes away in the middle of it', async () => {
    const logged = await leaving(async (_request, response, _next, reached) => {
      response.once('pipe', (source: Readable) => source.once('data', reached));
      await pipeline(Readable.from(endless()), response);
    });
    expect(logged).toBe('');
  });

  test('is none when they go away before it begins', async () => {
    const left = (response: Response) => new Promise((resolve) => response.once('close', resolve));
    for (const isAlreadyPiping of [true, false]) {
      const logged = await leaving(async (_request, response, _next, reached) => {
        reached();
        if (!isAlreadyPiping) await left(response);
        async function* late() {
          await left(response);
          yield 'line';
        }
        await pipeline(Readable.from(late()), response);
      });
      expect(logged).toBe('');
    }
  });

  test('is none when whoever sends a file breaks off', async () => {
    const logged = await leaving(
      async (request, _response, _next, reached) => {
        request.once('data', reached);
        await pipeline(request, new PassThrough().resume());
      },
      { upload: 'datetime,amount' },
    );
    expect(logged).toBe('');
  });

  test('is logged in full, and shown with nothing but a number to ask for', async () => {
    const { status, text, logged } = await failing(new Error('a very private reason'));
    expect(status).toBe(500);
    const problem = JSON.parse(text) as { refused: string; requestId: string };
    expect(problem.refused).toBe('server-error');
    expect(text).not.toContain('private');
    expect(logged).toContain('a very private reason');
    expect(logged).toContain(problem.requestId);
    expect(logged).not.toContain('mysecret');
  });

  test('leaves no name of a customer in the log', async () => {
    const cause = Object.assign(new Error('duplicate key value violates unique constraint'), {
      code: '23505',
      detail: 'Key (email)=(zoe@example.com) already exists.',
    });
    const error = Object.assign(new Error('Failed query: insert\nparams: zoe@example.com', { cause }), {
      query: 'insert into staff values ($1)',
      params: ['zoe@example.com'],
    });
    const { logged } = await failing(error);
    expect(logged).not.toContain('zoe@example.com');
    expect(logged).toContain('unique constraint');
    expect(logged).toContain('insert into staff');
  });

  test.each([
    ['SQLITE_FULL', 'storage-full'],
    ['SQLITE_IOERR_FSYNC', 'storage-full'],
    ['53100', 'storage-full'],
    ['ECONNREFUSED', 'not-ready'],
    ['ENOTFOUND', 'not-ready'],
    ['EAI_AGAIN', 'not-ready'],
    ['EHOSTUNREACH', 'not-ready'],
    ['ETIMEDOUT', 'not-ready'],
    ['57P01', 'not-ready'],
    ['08006', 'not-ready'],
    ['23505', 'server-error'],
  ])('of the kind %s is told as %s, also when another error wraps it', async (code, refused) => {
    const cause = Object.assign(new Error('inside'), { code });
    for (const error of [cause, new Error('outside', { cause })]) {
      const { status, text } = await failing(error);
      expect(status).toBe(refused === 'server-error' ? 500 : 503);
      expect(JSON.parse(text)).toMatchObject({ refused });
    }
  });

  test.each([
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
  ])('of the database, “%s”, is told as not ready', async (words) => {
    const { status } = await failing(new Error('Failed query: select', { cause: new Error(words) }));
    expect(status).toBe(503);
  });

  test('in the middle of an answer cuts it off, so that it does not look whole', async () => {
    const { status, logged } = await failing(new Error('too late'), { isHalfSent: true });
    expect(status).toBe(0);
    expect(logged).toContain('too late');
  });
});
