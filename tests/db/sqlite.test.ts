import BetterSqlite3 from 'better-sqlite3';
import { eq } from 'drizzle-orm';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { openDatabase } from '../../db/open.ts';
import { openSqlite, requireDurability, requireVersion } from '../../db/sqlite.ts';
import { eraseSqliteTraces } from '../../db/sqlite-erase.ts';
import { createSqliteFile } from '../support/databases.ts';
import { aCounter, insertCounter, usedCountOf } from './rows.ts';

let file: Awaited<ReturnType<typeof createSqliteFile>>;
let path: string;
let db: Database;
beforeAll(async () => {
  file = await createSqliteFile();
  path = file.url;
  db = await openDatabase(path);
});
afterAll(async () => {
  await db.close();
  await file.drop();
});

function committedCount(): number {
  const other = new BetterSqlite3(path, { readonly: true });
  try {
    return other.prepare('SELECT count(*) FROM allowance_counters').pluck().get() as number;
  } finally {
    other.close();
  }
}

test('taps that wait together share one commit, and one that fails among them takes no other with it', async () => {
  const [first, failing, last] = [aCounter(), aCounter(), aCounter()];
  const before = committedCount();
  let isFirstAnswered = false;
  const answers = await Promise.allSettled([
    db.transact((tx) => insertCounter(tx, first)).then(() => (isFirstAnswered = true)),
    db.transact(async (tx) => {
      await insertCounter(tx, failing);
      await insertCounter(tx, failing);
    }),
    db.transact(async (tx) => {
      await insertCounter(tx, last);
      return { committedMeanwhile: committedCount() - before, isFirstAnswered };
    }),
  ]);
  expect(answers[1]).toMatchObject({ status: 'rejected' });
  expect(String((answers[1] as PromiseRejectedResult).reason)).toMatch(/UNIQUE constraint failed/);
  // While the last one ran, the first was neither committed nor answered: all three were one group.
  expect(answers[2]).toEqual({
    status: 'fulfilled',
    value: { committedMeanwhile: 0, isFirstAnswered: false },
  });
  expect(committedCount() - before).toBe(2);
  expect(await usedCountOf(db, first.merchantId)).toBe(0);
  expect(await usedCountOf(db, failing.merchantId)).toBeUndefined();
});

test('another program that writes for a moment only delays a tap', async () => {
  const counter = aCounter();
  const other = new BetterSqlite3(path);
  other.exec('BEGIN IMMEDIATE');
  const tap = db.transact((tx) => insertCounter(tx, counter));
  await sleep(200);
  expect(await usedCountOf(db, counter.merchantId)).toBeUndefined(); // reading goes on
  other.exec('COMMIT');
  other.close();
  await tap;
  expect(await usedCountOf(db, counter.merchantId)).toBe(0);
});

test('who was forgotten is erased although another checkpoint has its turn at that moment', async () => {
  const writer = new BetterSqlite3(path);
  const probe = new BetterSqlite3(path);
  writer.exec('BEGIN IMMEDIATE');
  // Has its turn, and keeps it until the writer is done.
  const other = new Worker(
    `const { workerData } = require('node:worker_threads');
     const client = new (require('better-sqlite3'))(workerData, { timeout: 30_000 });
     client.pragma('wal_checkpoint(TRUNCATE)');
     client.close();`,
    { eval: true, workerData: path },
  );
  const ended = once(other, 'exit');
  await expect.poll(() => (probe.pragma('wal_checkpoint(PASSIVE)') as { busy: number }[])[0]!.busy).toBe(1);
  const eraser = new Worker(new URL('../../db/sqlite-erase-worker.ts', import.meta.url), {
    workerData: { path, isRewritten: false },
  });
  const erased = once(eraser, 'message'); // fails when the eraser does
  const soon = await Promise.race([erased.catch(() => 'gave up'), sleep(1_500, 'waits')]);
  writer.exec('COMMIT');
  expect(soon).toBe('waits');
  expect(await erased).toEqual(['done']);
  await ended;
  probe.close();
  writer.close();
});

test(
  'while a backup reads, who was forgotten is not yet erased, and stamps go on meanwhile',
  { timeout: 20_000 }, // each stamp would wait for ten seconds
  async () => {
    const backup = new BetterSqlite3(path, { readonly: true });
    backup.exec('BEGIN');
    backup.prepare('SELECT count(*) FROM sqlite_schema').get();
    let isErased = false;
    const erased = db.eraseTraces().then(() => (isErased = true));
    for (let stamp = 0; stamp < 3; stamp++) {
      await sleep(600); // longer than the eraser rests between two tries
      await db.transact((tx) => insertCounter(tx, aCounter()));
    }
    expect(isErased).toBe(false);
    backup.exec('COMMIT');
    await erased;
    backup.close();
    expect(statSync(`${path}-wal`).size).toBe(0);
  },
);

test('what is deleted is overwritten in the file', async () => {
  const counter = { ...aCounter(), subjectId: 'somebody who is gone' };
  await db.transact((tx) => insertCounter(tx, counter));
  const client = new BetterSqlite3(path);
  const isThere = (): boolean => {
    client.pragma('wal_checkpoint(TRUNCATE)');
    return readFileSync(path, 'latin1').includes(counter.subjectId);
  };
  expect(isThere()).toBe(true);
  await db.transact((tx) =>
    tx.query((d, { allowanceCounters }) =>
      d.delete(allowanceCounters).where(eq(allowanceCounters.merchantId, counter.merchantId)),
    ),
  );
  expect(isThere()).toBe(false);
  client.close();
});

test('a disk without room for the file to be written anew is not filled, and what is in the log is erased', async () => {
  const client = new BetterSqlite3(path);
  const freeCount = () => client.pragma('freelist_count', { simple: true }) as number;
  client.exec('CREATE TABLE gone (text); INSERT INTO gone VALUES (zeroblob(100000)); DROP TABLE gone');
  const before = freeCount();
  expect(before).toBeGreaterThan(0);
  const { size } = statSync(path);
  await expect(eraseSqliteTraces(path, 50_000_000 + 2 * size - 1)).rejects.toThrow('MB free');
  expect(freeCount()).toBe(before);
  expect(statSync(`${path}-wal`).size).toBe(0);
  await eraseSqliteTraces(path);
  expect(freeCount()).toBe(0);
  client.close();
});

test('when the file cannot be written anew, what that left in the log is taken out', async () => {
  const client = new BetterSqlite3(path);
  client.function('known_here_alone', { deterministic: true }, (text) => text);
  client.exec('CREATE TABLE odd (text); CREATE INDEX odd_text ON odd (known_here_alone(text))');
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
  await expect(eraseSqliteTraces(path)).rejects.toThrow('known_here_alone');
  expect(statSync(`${path}-wal`).size).toBe(0);
  client.exec('DROP TABLE odd');
  client.close();
});

test('a database that could forget a confirmed tap in a power cut is not opened', () => {
  const client = new BetterSqlite3(path);
  client.pragma('foreign_keys = ON');
  client.pragma('synchronous = FULL');
  expect(() => requireDurability(client)).not.toThrow();
  client.pragma('synchronous = NORMAL');
  expect(() => requireDurability(client)).toThrow('synchronous = 1, not 2');
  client.pragma('synchronous = FULL');
  client.pragma('foreign_keys = OFF');
  expect(() => requireDurability(client)).toThrow('foreign_keys = 0, not 1');
  client.close();
  expect(() => openSqlite(':memory:')).toThrow('journal_mode = memory, not wal');
});

test('a SQLite that can corrupt its write-ahead log is not used', () => {
  for (const version of ['3.51.3', '3.51.10', '3.52.0', '4.0.0']) requireVersion(version);
  for (const version of ['3.51.2', '3.50.9', '3.7.17', '2.99.99'])
    expect(() => requireVersion(version)).toThrow(`SQLite ${version} can corrupt its write-ahead log`);
});
