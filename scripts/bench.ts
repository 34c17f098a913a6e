import BetterSqlite3 from 'better-sqlite3';
import express from 'express';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open.ts';
import { systemClock } from '../src/clock.ts';
import { computeEntryHash } from '../src/operations/append-entries.ts';
import { computeCardCode, hashOf, makeCardSecret } from '../src/operations/card-codes.ts';
import { issueCardIn } from '../src/operations/issue-card.ts';
import { aShop } from '../tests/support/a-shop.ts';
import type { Shop } from '../tests/support/a-shop.ts';
import { startTestServer } from '../tests/support/server.ts';
import type { Load, LoadResult } from './bench-client.ts';
import { benchEvidence } from './bench-evidence.ts';
import { readNumber, readOptions } from './read-options.ts';

/*
 * What a stamp costs, as a ratio to what it cannot do without. In one server process and one run, in turn:
 *   echo   an Express route that parses the same request and answers the same JSON;
 *   raw    the same rows written by bare prepared statements, a group to a durable commit, without HTTP;
 *   stamp  POST /api/v1/stamps, the whole product, durable.
 * limit is what a server could do that did nothing but both: 1/limit = 1/echo + 1/raw.
 */
const CONNECTIONS = 64;
const CARD_COUNT = 5_000;
const TARGET = 0.8;
const USAGE = 'npm run bench -- [--rounds NUMBER] [--seconds NUMBER], or: npm run bench -- evidence';

// The evidence of a large chain is a measure of its own: it writes some gigabytes first.
if (process.argv[2] === 'evidence') {
  await benchEvidence(process.argv.slice(3));
  process.exit();
}

const { values: options } = readOptions(USAGE, {
  // Many short turns: a machine's moods last for seconds, and then all three have had the same of them.
  options: { rounds: { type: 'string', default: '21' }, seconds: { type: 'string', default: '0.5' } },
});
const rounds = Math.ceil(readNumber('rounds', options.rounds, USAGE));
const seconds = readNumber('seconds', options.seconds, USAGE);

const folder = mkdtempSync(join(tmpdir(), 'doublestamp-bench-'));
const db = await openDatabase(join(folder, 'stamp.db'));
try {
  await run(db);
} finally {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
}

async function run(stampDb: Database): Promise<void> {
  const shop = await aShop(stampDb, { now: new Date(), stampsRequired: 10 });
  const bodies = await issueCards(stampDb, shop);
  const server = await startTestServer({ db: stampDb });
  const headers = { authorization: await server.signInAtTill(shop.ada) };
  const url = `${server.url}/api/v1/stamps`;
  const answer = await askOnce(url, headers, bodies[0]!);
  const echo = await startEcho(answer);
  const raw = await openRaw(answer);
  const clients = startClients();
  const load = (address: string, howLong: number): Promise<LoadResult> =>
    clients.run({ url: address, seconds: howLong, connections: CONNECTIONS, headers, bodies });

  await load(echo.url, 1);
  await load(url, 1);
  const results: Rates[] = [];
  console.log('round     echo/s      raw/s    stamp/s   p50 ms   p99 ms   stamp÷limit   stamp÷echo');
  for (let round = 1; round <= rounds; round++) {
    const result = { echo: 0, raw: 0, stamp: 0, p50: 0, p99: 0 };
    const measures = [
      async () => {
        result.echo = (await load(echo.url, seconds)).perSecond;
      },
      async () => {
        const { perSecond, p50, p99, failed } = await load(url, seconds);
        if (failed > 0) throw new Error(`${failed} stamps were not answered with 201`);
        Object.assign(result, { stamp: perSecond, p50, p99 });
      },
      async () => {
        result.raw = raw.measure(seconds);
      },
    ];
    // In turn, each first once: what one writes, the disk is still busy with while the next begins.
    for (let turn = 0; turn < measures.length; turn++) await measures[(round + turn) % measures.length]!();
    results.push(result);
    printRow(String(round), result, { toLimit: toLimit(result), toEcho: result.stamp / result.echo });
  }
  const middle = (pick: (result: Rates) => number): number =>
    results.map(pick).toSorted((a, b) => a - b)[Math.floor(results.length / 2)]!;
  const median = {
    echo: middle((one) => one.echo),
    raw: middle((one) => one.raw),
    stamp: middle((one) => one.stamp),
    p50: middle((one) => one.p50),
    p99: middle((one) => one.p99),
  };
  const ratio = middle(toLimit);
  printRow('median', median, { toLimit: ratio, toEcho: middle((one) => one.stamp / one.echo) });
  console.log(
    `\nA stamp runs at ${ratio.toFixed(2)} of the limit (wanted: ${TARGET} or more${ratio < TARGET ? ', NOT reached' : ''}).`,
  );
  clients.close();
  await server.close();
  await echo.close();
  raw.close();
}

/** Each a second, and milliseconds. */
interface Rates {
  echo: number;
  raw: number;
  stamp: number;
  p50: number;
  p99: number;
}

/** What a stamp reaches of the limit. */
function toLimit({ echo, raw, stamp }: Rates): number {
  return stamp * (1 / echo + 1 / raw);
}

function printRow(name: string, row: Rates, ratios: { toLimit: number; toEcho: number }): void {
  const cells = [
    name.padEnd(6),
    ...[row.echo, row.raw, row.stamp].map((rate) => Math.round(rate).toString().padStart(10)),
    ...[row.p50, row.p99].map((ms) => ms.toFixed(1).padStart(8)),
    ratios.toLimit.toFixed(2).padStart(13),
    ratios.toEcho.toFixed(2).padStart(12),
  ];
  console.log(cells.join(' '));
}

async function issueCards(stampDb: Database, shop: Shop): Promise<string[]> {
  const secrets = Array.from({ length: CARD_COUNT }, makeCardSecret);
  const issue = (secret: string) =>
    stampDb.transact((tx) => issueCardIn(tx, { ...shop, secret }, systemClock.now()));
  await Promise.all(secrets.map(issue));
  const lines = [{ itemId: shop.flatWhite.itemId, quantity: 1 }];
  return secrets.map((secret) => JSON.stringify({ cardCode: computeCardCode(secret), lines }));
}

async function askOnce(url: string, headers: Record<string, string>, body: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': uuid() },
    body,
  });
  const text = await response.text();
  if (response.status !== 201) throw new Error(`The first stamp was answered ${response.status}: ${text}`);
  return text;
}

interface Clients {
  run(load: Load): Promise<LoadResult>;
  close(): void;
}

/** The clients are a process of their own, on another core, so that the server pays for the server only. */
function startClients(): Clients {
  const clients = fork(join(import.meta.dirname, 'bench-client.ts'));
  return {
    async run(load) {
      clients.send(load);
      const [result] = (await once(clients, 'message')) as [LoadResult];
      return result;
    },
    close: () => clients.disconnect(),
  };
}

async function startEcho(answer: string): Promise<{ url: string; close(): Promise<void> }> {
  const app = express();
  const body: unknown = JSON.parse(answer);
  app.post('/api/v1/stamps', express.json(), (_request, response) => {
    response.status(201).json(body);
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/stamps`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A second file with the same schema and the same cards, written without the product. */
async function openRaw(answer: string): Promise<{ measure(howLong: number): number; close(): void }> {
  const path = join(folder, 'raw.db');
  const rawDb = await openDatabase(path);
  const shop = await aShop(rawDb, { now: new Date() });
  await issueCards(rawDb, shop);
  await rawDb.close();
  const client = new BetterSqlite3(path);
  client.pragma('synchronous = FULL');
  client.pragma('foreign_keys = ON');
  client.pragma('cache_size = -65536');
  const cards = client.prepare('SELECT card_id, customer_id FROM cards').all() as {
    card_id: string;
    customer_id: string;
  }[];
  const insertSale = client.prepare(
    `INSERT INTO sales VALUES (?, ?, 'till', NULL, ?, ?, ?, ?, ?, ?, ?, 350, ?, 1, ?)`,
  );
  const insertEntry = client.prepare(
    `INSERT INTO entries VALUES (?, ?, ?, 'earned', 1, ?, NULL, NULL, NULL, ?, ?, ?, ?, ?, ?)`,
  );
  const saveHead = client.prepare(
    `INSERT INTO chain_heads VALUES (?, 'ledger', ?, ?)
     ON CONFLICT (merchant_id, chain) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash`,
  );
  const updateCard = client.prepare(
    `UPDATE cards SET program_version = 1, balance = balance + 1, held_stamps = 0, open_reward_count = 0, last_visit_at = ?
     WHERE merchant_id = ? AND card_id = ?`,
  );
  const insertAnswer = client.prepare(`INSERT INTO answers VALUES (?, ?, ?, ?, ?)`);
  const { merchantId, locationId, deviceId, ada } = shop;
  const { staffId } = ada;
  const businessDay = '2026-03-02';
  const requestHash = hashOf('a request');
  const lines = JSON.stringify((JSON.parse(answer) as { sale: { lines: unknown } }).sale.lines);
  let sequence = 0;
  let previousHash = '';

  function writeOne(): void {
    const { card_id: cardId, customer_id: customerId } = cards[sequence % cards.length]!;
    const at = new Date();
    const now = at.getTime();
    const saleId = uuid();
    const common = { merchantId, cardId, saleId, staffId, deviceId, locationId, at, businessDay };
    const entry = {
      ...common,
      kind: 'earned' as const,
      stamps: 1,
      gestureId: null,
      rewardId: null,
      refundId: null,
    };
    sequence++;
    const hash = computeEntryHash({ previousHash, entry: { ...entry, sequence } });
    insertSale.run(
      merchantId,
      saleId,
      locationId,
      deviceId,
      staffId,
      customerId,
      cardId,
      now,
      businessDay,
      lines,
      now,
    );
    insertEntry.run(
      merchantId,
      sequence,
      cardId,
      saleId,
      staffId,
      deviceId,
      locationId,
      now,
      businessDay,
      hash,
    );
    saveHead.run(merchantId, sequence, hash);
    updateCard.run(now, merchantId, cardId);
    insertAnswer.run(merchantId, uuid(), requestHash, answer, now);
    previousHash = hash;
  }

  const writeGroup = client.transaction(() => {
    for (let count = 0; count < CONNECTIONS; count++) writeOne();
  });

  return {
    measure(howLong) {
      const startedAt = performance.now();
      let written = 0;
      while (performance.now() - startedAt < howLong * 1000) {
        writeGroup.immediate();
        written += CONNECTIONS;
      }
      return written / ((performance.now() - startedAt) / 1000);
    },
    close: () => client.close(),
  };
}
