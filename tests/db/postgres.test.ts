import { sql } from 'drizzle-orm';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database, Queries } from '../../db/database.ts';
import { openDatabase } from '../../db/open.ts';
import { openPostgres } from '../../db/postgres.ts';
import { createPostgresDatabase } from '../support/postgres.ts';
import type { PostgresDatabase } from '../support/postgres.ts';
import { hasOwnPostgres, startPostgres } from '../support/postgres-server.ts';
import { aCounter, addOneSlowly, findCounter, insertCounter, tapOnce, usedCountOf } from './rows.ts';

let own: PostgresDatabase;
let url: string;
let db: Database;
beforeAll(async () => {
  own = await createPostgresDatabase();
  url = own.url;
  db = await openDatabase(url);
});
afterAll(async () => {
  await db.close();
  await own.drop();
});

async function query<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

const CUT = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE datname = current_database() AND pid <> pg_backend_pid()`;

/** What a restart of PostgreSQL, or a cut cable, looks like from here. */
async function cutEveryConnection(): Promise<void> {
  await query(CUT);
}

/** The same, and when this returns nothing here has heard of it yet. */
function cutEveryConnectionUnnoticed(): void {
  const script = `import pg from 'pg';
    const client = new pg.Client({ connectionString: process.argv[1] });
    await client.connect();
    await client.query(process.argv[2]);
    await client.end();`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', script, url, CUT]);
}

test('seven servers tap one allowance of three: three are given, none fails', async () => {
  const servers = await Promise.all(Array.from({ length: 6 }, () => openDatabase(url)));
  const all = [db, ...servers];
  const counter = aCounter();
  const taps = Array.from({ length: 1_000 }, (_, place) =>
    all[place % all.length]!.transact(async (tx) => (await tapOnce(tx, { ...counter, limit: 3 })).length),
  );
  const outcomes = await Promise.allSettled(taps);
  await Promise.all(servers.map((server) => server.close()));
  expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
  const granted = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value === 1);
  expect(granted).toHaveLength(3);
  expect(await usedCountOf(db, counter.merchantId)).toBe(3);
});

test(
  'seven servers that read and then write the same row get through, all of them',
  { timeout: 120_000 },
  async () => {
    const servers = await Promise.all(Array.from({ length: 6 }, () => openDatabase(url)));
    const all = [db, ...servers];
    const counter = aCounter();
    await db.transact((tx) => insertCounter(tx, counter));
    const runs = new Map<number, number>();
    const additions = Array.from({ length: 500 }, (_, place) =>
      all[place % all.length]!.transact((tx) => {
        runs.set(place, (runs.get(place) ?? 0) + 1);
        return addOneSlowly(tx, counter.merchantId);
      }),
    );
    const outcomes = await Promise.allSettled(additions);
    await Promise.all(servers.map((server) => server.close()));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await usedCountOf(db, counter.merchantId)).toBe(500);
    expect(Math.max(...runs.values())).toBeLessThan(100); // the limit of tries is far
  },
);

test('what looks for a row, finds none and then meets that of another server is run again, and finds it', async () => {
  const other = await openDatabase(url);
  const counter = aCounter();
  const outcome = await db.transact(async (tx) => {
    if ((await findCounter(tx, counter)).length > 0) return 'found';
    await other.transact((another) => insertCounter(another, counter)); // without looking: that is a unique violation
    await insertCounter(tx, counter);
    return 'written';
  });
  await other.close();
  expect(outcome).toBe('found');
});

test('a server that would lose what it acknowledged in a power cut is not opened', async () => {
  if (!hasOwnPostgres) return; // nobody else's server is started with fewer promises
  const careless = await startPostgres(['fsync=off']);
  try {
    await expect(openDatabase(careless.url)).rejects.toThrow('fsync off');
  } finally {
    await careless.stop();
  }
}, 120_000);

test('a database that is set to commit carelessly commits as carefully as any', async () => {
  const careless = new URL(url);
  careless.searchParams.set('options', '-c synchronous_commit=off');
  const opened = await openDatabase(careless.href);
  const show = (queries: Queries) =>
    queries.query((builder) => builder.execute(sql`SHOW synchronous_commit`));
  expect((await opened.read(show)).rows).toEqual([{ synchronous_commit: 'off' }]);
  expect((await opened.transact(show)).rows).toEqual([{ synchronous_commit: 'on' }]);
  await opened.close();
});

test('another server hears of a change on a card', async () => {
  const other = await openDatabase(url);
  const heard: unknown[] = [];
  other.subscribe((change) => heard.push(change));
  await db.transact(async (tx) => tx.announce({ merchantId: 'm', cardId: 'c' }));
  await until(() => heard.length > 0);
  await other.close();
  expect(heard).toEqual([{ merchantId: 'm', cardId: 'c' }]);
});

test('a connection lost in the middle fails that one request and tells why, and the next one works', async () => {
  const counter = aCounter();
  const interrupted = db.transact(async (tx) => {
    await insertCounter(tx, counter);
    await cutEveryConnection();
    await findCounter(tx, counter);
  });
  // Not "ROLLBACK failed", which would hide what happened.
  await expect(interrupted).rejects.toThrow(/select/);
  expect(await usedCountOf(db, counter.merchantId)).toBeUndefined();
  await db.transact((tx) => insertCounter(tx, counter));
  expect(await usedCountOf(db, counter.merchantId)).toBe(0);
});

test('connections that were lost while they lay idle fail nobody', async () => {
  const counters = Array.from({ length: 8 }, aCounter);
  const readAll = (): Promise<(number | undefined)[]> =>
    Promise.all(counters.map(({ merchantId }) => usedCountOf(db, merchantId)));
  await Promise.all(counters.map((counter) => db.transact((tx) => insertCounter(tx, counter))));
  await readAll();
  cutEveryConnectionUnnoticed();
  expect(await readAll()).toEqual(counters.map(() => 0));
  cutEveryConnectionUnnoticed();
  const added = counters.map(({ merchantId }) => db.transact((tx) => addOneSlowly(tx, merchantId)));
  expect(await Promise.allSettled(added)).toEqual(
    counters.map(() => expect.objectContaining({ status: 'fulfilled' })),
  );
  expect(await readAll()).toEqual(counters.map(() => 1));
});

const LATER_CHANGE = { merchantId: 'm', cardId: 'later' };

/** What a subscriber hears after the connection was lost: first by itself, then of a change. */
async function hearAfter(lose: () => void | Promise<void>, other: Database): Promise<unknown[]> {
  const heard: unknown[] = [];
  other.subscribe((change) => heard.push(change));
  await lose();
  await until(() => heard.length > 0);
  await db.transact(async (tx) => tx.announce(LATER_CHANGE));
  await until(() => heard.length > 1);
  await other.close();
  return heard;
}

test('after the connection was lost, subscribers hear that they missed something, and hear again', async () => {
  const other = await openDatabase(url);
  expect(await hearAfter(cutEveryConnection, other)).toEqual(['any', LATER_CHANGE]);
});

/** Between a server and PostgreSQL, as a firewall is: it can forget a connection, and then tells neither of the two. */
async function aForgetfulFirewall() {
  const { hostname, port } = new URL(url);
  const sockets: Socket[] = [];
  const known = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.push(from);
      known.add(from);
      from.on('error', () => undefined);
      from.on('data', (piece) => known.has(from) && to.write(piece));
      from.on('close', () => known.has(from) && to.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const through = new URL(url);
  through.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const close = () => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: through.href, forget: () => known.clear(), close };
}

test('after the connection was forgotten on the way, and nobody told of it, subscribers hear again', async () => {
  const firewall = await aForgetfulFirewall();
  const other = await openPostgres(firewall.url, 2_000);
  expect(await hearAfter(firewall.forget, other)).toEqual(['any', LATER_CHANGE]);
  firewall.close();
});

test('an ordinary error costs no connection', async () => {
  const connections = async (): Promise<number[]> => {
    const rows = await query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    return rows.map(({ pid }) => pid);
  };
  const work = () => db.transact(async (tx) => findCounter(tx, aCounter()));
  await work();
  const before = await connections();
  for (let time = 0; time < 5; time++)
    await expect(db.transact(() => Promise.reject(new Error('a mistake of ours')))).rejects.toThrow(
      'a mistake',
    );
  await work();
  // One that was lost would have been replaced. Those of the tests before may go meanwhile.
  expect(before).toEqual(expect.arrayContaining(await connections()));
});

async function until(isTrue: () => boolean): Promise<void> {
  await expect.poll(isTrue, { interval: 20 }).toBe(true);
}
