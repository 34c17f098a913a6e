import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import type { Response } from 'express';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Database, Listener } from '../../db/database.ts';
import {
  MAX_STREAMS_PER_CARD,
  openCardStreams,
  WAIT_FOR_TURN_MS,
} from '../../src/pages/card/card-streams.ts';
import type { CardStreams, State } from '../../src/pages/card/card-streams.ts';

// Only who is told what, when: so the database is nothing but its announcements.

let server: Server;
let streams: CardStreams;

afterEach(() => {
  streams.close();
  server.closeAllConnections();
  server.close();
});

/** `find`: what takes a while between the request and the stream. */
async function open(
  load: () => Promise<State | undefined>,
  find: (response: Response) => Promise<unknown> = async () => undefined,
) {
  const listeners = new Set<Listener>();
  const db = {
    subscribe(listener: Listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as Pick<Database, 'subscribe'> as Database;
  streams = openCardStreams(db, pino({ level: 'silent' }), systemClock);
  const app = express();
  app.get('/:cardId', async (request, response) => {
    const { cardId } = request.params;
    const knownVersion = request.get('last-event-id');
    await find(response);
    streams.open({ merchantId: 'one', cardId, response, knownVersion, load });
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    listeners,
    change: (cardId: string) => {
      for (const listener of listeners) listener({ merchantId: 'one', cardId });
    },
    watch: (cardId: string, headers: Record<string, string> = {}) => watch(`${url}/${cardId}`, headers),
  };
}

async function watch(url: string, headers: Record<string, string>) {
  const response = await fetch(url, { headers });
  const heard = { text: '', isOver: false, headers: response.headers };
  void (async () => {
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) heard.text += piece;
    heard.isOver = true;
  })();
  return heard;
}

async function until(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { interval: 10 }).toBe(true);
}

test('a page hears the card as it is, then each change, through proxies too', async () => {
  let version = 'a';
  const { change, watch } = await open(async () => ({ version, data: `"${version}"` }));
  const page = await watch('card');
  expect(page.headers.get('content-type')).toContain('text/event-stream');
  expect(page.headers.get('x-accel-buffering')).toBe('no');
  await until(() => page.text.includes('id: a\ndata: "a"\n\n'));
  expect(page.text).toMatch(/^retry: \d{4}\n\n/);
  version = 'b';
  change('another card');
  change('card');
  await until(() => page.text.includes('id: b\ndata: "b"\n\n'));
  expect(page.text.match(/id: b/g)).toHaveLength(1);
});

test('a page that already shows the card as it is hears nothing twice', async () => {
  const { change, watch } = await open(async () => ({ version: 'a', data: '"a"' }));
  const page = await watch('card', { 'Last-Event-ID': 'a' });
  change('card');
  change('card');
  await sleep(100);
  expect(page.text).not.toContain('id:');
});

test('after the connection to the database was lost every page shows its card as it is now', async () => {
  let version = 'a';
  const { listeners, watch } = await open(async () => ({ version, data: `"${version}"` }));
  const pages = [await watch('card'), await watch('another card')];
  await until(() => pages.every(({ text }) => text.includes('id: a')));
  version = 'b';
  for (const listener of listeners) listener('any');
  await expect.poll(() => pages.filter(({ text }) => text.includes('id: b'))).toHaveLength(2);
});

test('a change that comes while the card is being read is not lost', async () => {
  const answers: ((state: State) => void)[] = [];
  const { change, watch } = await open(() => new Promise((resolve) => answers.push(resolve)));
  const page = await watch('card');
  await until(() => answers.length === 1);
  change('card');
  change('card');
  answers[0]!({ version: 'old', data: '1' });
  await until(() => answers.length === 2);
  answers[1]!({ version: 'new', data: '2' });
  await until(() => page.text.includes('id: new'));
  await sleep(50);
  expect(answers).toHaveLength(2);
});

test('a phone that is gone before its card was found is not told of changes for ever', async () => {
  let [loads, isOpened] = [0, false];
  const giveUp = new AbortController();
  const load = async () => {
    loads++;
    return { version: 'a', data: '1' };
  };
  const { change, url } = await open(load, async (response) => {
    giveUp.abort();
    await once(response, 'close');
    isOpened = true;
  });
  await expect(fetch(`${url}/card`, { signal: giveUp.signal })).rejects.toThrow('aborted');
  await until(() => isOpened);
  await new Promise((resolve) => setImmediate(resolve));
  expect(streams.count()).toBe(0);
  change('card');
  expect(loads).toBe(0);
});

test('one page too many of a card: the oldest gives way, and is told to come back when others had their turn', async () => {
  const { watch } = await open(async () => ({ version: 'a', data: '1' }));
  const pages: Awaited<ReturnType<typeof watch>>[] = [];
  for (let count = 0; count < MAX_STREAMS_PER_CARD; count++) pages.push(await watch('card'));
  const other = await watch('another card');
  expect(streams.count()).toBe(MAX_STREAMS_PER_CARD + 1);
  await watch('card');
  await until(() => pages[0]!.isOver);
  const [waitMs] = pages[0]!.text.match(/(?<=retry: )\d+(?=\n\n$)/)!;
  expect(Number(waitMs)).toBe(WAIT_FOR_TURN_MS);
  expect(streams.count()).toBe(MAX_STREAMS_PER_CARD + 1);
  expect([pages[1]!.isOver, other.isOver]).toEqual([false, false]);
});

test('when the card cannot be read the page is sent away, to come back later', async () => {
  const { watch } = await open(async () => {
    throw new Error('the database does not answer');
  });
  const page = await watch('card');
  await until(() => page.isOver);
  expect(page.text.match(/retry/g)).toHaveLength(1); // soon, as it was told at first
  expect(streams.count()).toBe(0);
});

test('who only asks what there is, by HEAD, is answered and not kept waiting', async () => {
  let loads = 0;
  const { url } = await open(async () => {
    loads++;
    return { version: 'a', data: '1' };
  });
  const answer = await fetch(`${url}/card`, { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ]);
  expect([streams.count(), loads]).toEqual([0, 0]);
});

test('closing ends every stream, and nothing listens any more', async () => {
  const { listeners, watch } = await open(async () => ({ version: 'a', data: '1' }));
  const page = await watch('card');
  await until(() => page.text.includes('id: a'));
  streams.close();
  await until(() => page.isOver);
  expect(listeners.size).toBe(0);
  expect(streams.count()).toBe(0);
});
