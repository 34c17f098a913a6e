import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asSpreadsheet, vendingSales } from '../support/a-sales-file.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { useTestServer } from '../support/server.ts';

const IMPORT = '/api/v1/sales/import';
const text = asSpreadsheet(vendingSales);

// A folder of our own for files on their way in, so that other tests' are not taken for ours.
const usualFolder = tmpdir();
const ownFolder = mkdtempSync(join(usualFolder, 'doublestamp-spool-'));
beforeAll(() => void (process.env['TMPDIR'] = ownFolder));
afterAll(() => {
  process.env['TMPDIR'] = usualFolder;
  rmSync(ownFolder, { recursive: true, force: true });
});
async function expectNothingSpooled(): Promise<void> {
  const spooled = () => readdirSync(ownFolder).filter((name) => name.startsWith('doublestamp-import-'));
  await expect.poll(spooled).toEqual([]);
}

forEachDatabase('importing sales over HTTP', (database) => {
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  let shop: Shop;
  const server = useTestServer(database, { clock });
  beforeAll(async () => {
    shop = await aShop(database.db, { currency: 'UAH', timeZone: 'UTC' });
  });

  const send = async (query: string, body = text, as: 'owner' | 'manager' = 'owner') =>
    request(server.url)
      .post(`${IMPORT}?${query}`)
      .set('Cookie', await server.signInAtDesk(shop[as]))
      .type('text/csv')
      .send(body);

  test('says first what would happen, then does it when told to', async () => {
    const foreseen = await send('source=vending&timeZone=UTC');
    expect(foreseen.status).toBe(200);
    expect(foreseen.body).toMatchObject({
      dryRun: true,
      importId: null,
      newSaleCount: 10,
      newCardCount: 3,
      totalMinor: 33_896,
      mapping: { instant: 'datetime', amount: 'money', customer: 'card', item: 'coffee_name' },
      odd: [{ line: 6 }, { line: 7 }, { line: 8, effect: 'read as 2024-03-14 13:19:07.033' }, { line: 10 }],
    });
    const done = await send('source=vending&timeZone=UTC&dryRun=false&fileName=march.csv', text, 'manager');
    expect(done.body).toMatchObject({
      dryRun: false,
      fileName: 'march.csv',
      newSaleCount: 10,
      newCardCount: 3,
    });
    expect(done.body.importId).toBeTypeOf('string');
    const again = await send('source=vending&dryRun=false'); // the time zone is remembered
    expect(again.body).toMatchObject({ newSaleCount: 0, knownSaleCount: 10, importId: null });
    await expectNothingSpooled();
  });

  test('remembers how a source’s files are read', async () => {
    const cookie = await server.signInAtDesk(shop.owner);
    const ask = (source: string) =>
      request(server.url).get(`${IMPORT}/mappings/${source}`).set('Cookie', cookie);
    expect((await ask('vending')).body).toMatchObject({
      source: 'vending',
      mapping: { instant: 'datetime', timeZone: 'UTC', dateOrder: 'mdy' },
      savedAt: '2026-03-02T09:00:00.000Z',
    });
    expect(await ask('unheard-of')).toMatchObject({ status: 404, body: { refused: 'mapping-unknown' } });
  });

  test('tells a browser line by line how far it is', async () => {
    const rows = Array.from({ length: 600 }, (_, row) => `2025-01-01T10:00:00Z,${row + 1}`);
    const answer = await request(server.url)
      .post(`${IMPORT}?source=many&timeZone=UTC&dryRun=false`)
      .set('Cookie', await server.signInAtDesk(shop.owner))
      .set('Accept', 'application/x-ndjson')
      .type('text/csv')
      .buffer(true)
      .parse((response, done) => {
        let read = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (read += chunk));
        response.on('end', () => done(null, read));
      })
      .send(['datetime,amount', ...rows].join('\n'));
    const lines = (answer.body as string)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, object>);
    expect(lines.slice(0, -1).map(({ progress }) => progress)).toEqual(
      ['checking', 'writing'].flatMap((step) =>
        [128, 256, 384, 512, 600].map((rowsDone) => ({ step, rowsDone, rowCount: 600 })),
      ),
    );
    expect(lines.at(-1)).toMatchObject({ outcome: { newSaleCount: 600 } });
  });

  test('says what is wrong with a file, and where', async () => {
    const broken = 'datetime,amount\n2025-01-01 10:00,much\n';
    expect(await send('timeZone=UTC&dryRun=false', broken)).toMatchObject({
      status: 422,
      type: 'application/problem+json',
      body: { refused: 'rows-unreadable', faults: [{ line: 2, fault: '“much” is not an amount' }] },
    });
    expect(await send('', broken)).toMatchObject({
      status: 400,
      body: { refused: 'mapping-incomplete', part: 'timeZone' },
    });
    expect(await send('timeZone=UTC', '')).toMatchObject({
      status: 400,
      body: { refused: 'file-unreadable' },
    });
    expect(await send('timeZone=Nowhere')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/query/timeZone' }] },
    });
    expect(await send('timeZone=UTC&date=date')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/query/time' }] },
    });
    expect(await send('timeZone=UTC&colour=red')).toMatchObject({ status: 400 });
    await expectNothingSpooled();
  });

  test('takes files again once there is room for them, however often there was none', async () => {
    process.env['TMPDIR'] = join(ownFolder, 'no-such-folder');
    try {
      for (let tries = 0; tries < 3; tries++) expect((await send('source=vending')).status).toBe(500);
    } finally {
      process.env['TMPDIR'] = ownFolder;
    }
    expect((await send('source=vending&timeZone=UTC')).status).toBe(200);
    await expectNothingSpooled();
  });

  test('is for the owner and managers at the desk, and takes CSV only', async () => {
    const ask = () => request(server.url).post(IMPORT);
    expect((await ask().type('text/csv').send(text)).status).toBe(401);
    const ada = await server.signInAtTill(shop.ada);
    expect((await ask().set('Authorization', ada).type('text/csv').send(text)).status).toBe(403);
    const cookie = await server.signInAtDesk(shop.owner);
    expect((await ask().set('Cookie', cookie).send({ text })).status).toBe(415);
  });

  test('refuses more than 64 megabytes, whether or not the length is said first', async () => {
    const cookie = await server.signInAtDesk(shop.owner);
    const body = Buffer.alloc(65 * 1024 * 1024, '2025-01-01 10:00,1\n');
    const post = (length: Record<string, number | string>) =>
      new Promise((resolve, reject) => {
        const asked = httpRequest(`${server.url}${IMPORT}?timeZone=UTC`, {
          method: 'POST',
          headers: { Cookie: cookie, 'Content-Type': 'text/csv', ...length },
        });
        asked.on('response', (answer) => resolve(answer.statusCode));
        asked.on('error', reject); // after the answer nobody listens any more
        asked.end(body);
      });
    expect(await post({ 'Content-Length': body.length })).toBe(413);
    expect(await post({ 'Transfer-Encoding': 'chunked' })).toBe(413);
    await expectNothingSpooled();
  });
});
