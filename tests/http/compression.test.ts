import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import type { Database } from '../../db/database.ts';
import { createSqliteFile } from '../support/databases.ts';
import { startTestServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let db: Database;
let server: TestServer;
let drop: () => Promise<void>;
beforeAll(async () => {
  const file = await createSqliteFile();
  drop = file.drop;
  db = await openDatabase(file.url);
  server = await startTestServer({ db });
});
afterAll(async () => {
  await server.close();
  await db.close();
  await drop();
});

test('pages and what they are made of travel compressed; answers to tills do not', async () => {
  const till = await request(server.url).get('/till/');
  const [script] = /\/till\/assets\/[^"]+\.js/.exec(till.text)!;
  for (const path of [script, '/assets/card.css?colour=7a4a2b', '/api/openapi.json']) {
    const answer = await request(server.url).get(path).set('Accept-Encoding', 'gzip');
    const encoding = answer.headers['content-encoding'];
    expect({ path, status: answer.status, encoding }).toEqual({ path, status: 200, encoding: 'gzip' });
  }
  const answer = await request(server.url).get('/api/v1/till').set('Accept-Encoding', 'gzip');
  expect(answer.headers['content-encoding']).toBeUndefined();
});
