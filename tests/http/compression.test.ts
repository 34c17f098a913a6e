import request from 'supertest';
import { expect, test } from 'vitest';
import { useDatabase } from '../support/databases.ts';
import { useTestServer } from '../support/server.ts';

const server = useTestServer(useDatabase());

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

test('the large pages of the reference are packed once, and not for each who asks', async () => {
  for (const path of ['/api', '/api/problems', '/api/openapi.json']) {
    const packed = await request(server.url).get(path).set('Accept-Encoding', 'gzip');
    const plain = await request(server.url).get(path).set('Accept-Encoding', 'identity');
    // What is packed while it is sent has a length that nobody knows before.
    expect(Number(packed.headers['content-length'])).toBeLessThan(Number(plain.headers['content-length']));
    expect(packed.text).toBe(plain.text);
  }
});
