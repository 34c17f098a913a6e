import BetterSqlite3 from 'better-sqlite3';
import { fillPlaceholders } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Lifetime, Subscribers, UnderWay } from './database.ts';
import type { Build, Builder, BuildNumbers, CardChange, Database, Queries } from './database.ts';
import type { Tables } from './schema.ts';
import { sqliteTables } from './schema.sqlite.ts';
import { readSqliteColumns } from './sqlite-columns.ts';
import { eraseSqliteTraces } from './sqlite-erase.ts';
import { compileStatement } from './sqlite-statement.ts';
import type { RunStatement } from './sqlite-statement.ts';

/** Transactions that share one commit, at most: bounds how long the first waits for the last. */
const MAX_GROUP_SIZE = 256;
/** Turns of the event loop in which others may join the first one's commit. */
const MAX_GATHERING_TURNS = 8;
/** How long to wait for another process (a command line beside the server) to finish writing. */
const MAX_BUSY_MS = 10_000;
const BUSY_PAUSE_MS = 5;
/** The first release without the WAL corruption bug. */
const OLDEST_SQLITE = [3, 51, 3] as const;

interface Job {
  work(tx: Queries): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

const tables = sqliteTables as Tables;

/**
 * Opens a SQLite database: one writer with a queue and group commit, one read-only connection.
 *
 * @throws when SQLite is too old or the connection is not as durable as promised
 */
export function openSqlite(path: string): Database {
  const writer = openConnection(path, { isWriter: true });
  const reader = openConnection(path, { isWriter: false });
  const subscribers = new Subscribers();
  const readsUnderWay = new UnderWay();
  const waiting: Job[] = [];
  let draining: Promise<void> | undefined;

  async function drain(): Promise<void> {
    while (waiting.length > 0) await commitGroup(writer, waiting, subscribers);
    draining = undefined;
  }

  async function readOnce<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    const queries = new SqliteQueries(reader);
    try {
      return await work(queries);
    } finally {
      queries.end();
    }
  }

  function readColumns(build: BuildNumbers, values: Record<string, unknown>): Promise<Float64Array[]> {
    const { sql, params } = build(reader.builder, tables).toSQL();
    return readSqliteColumns(path, hideParameters(sql), fillPlaceholders(params, values));
  }

  return {
    dialect: 'sqlite',
    read: (work) => readsUnderWay.track(readOnce(work)),
    readColumns: (build, values) => readsUnderWay.track(readColumns(build, values)),
    transact<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        waiting.push({ work, resolve: resolve as Job['resolve'], reject });
        draining ??= drain();
      });
    },
    subscribe: (listener) => subscribers.add(listener),
    get waitingCount() {
      return waiting.length;
    },
    eraseTraces: () => readsUnderWay.track(eraseSqliteTraces(path)),
    async close() {
      while (draining) await draining;
      await readsUnderWay.settled();
      reader.client.close();
      writer.client.close();
    },
  };
}

interface Connection {
  client: BetterSqlite3.Database;
  builder: Builder;
  statements: Map<Build<unknown>, RunStatement>;
  begin: BetterSqlite3.Statement;
  commit: BetterSqlite3.Statement;
  rollback: BetterSqlite3.Statement;
  savepoint: BetterSqlite3.Statement;
  release: BetterSqlite3.Statement;
  rollbackToSavepoint: BetterSqlite3.Statement;
}

function openConnection(path: string, { isWriter }: { isWriter: boolean }): Connection {
  const client = new BetterSqlite3(path, { timeout: 0, readonly: !isWriter });
  try {
    requireVersion(client.prepare('SELECT sqlite_version()').pluck().get() as string);
    if (isWriter) client.pragma('journal_mode = WAL');
    client.pragma('synchronous = FULL');
    client.pragma('foreign_keys = ON');
    if (isWriter) client.pragma('secure_delete = ON'); // what a customer takes out is gone from the file as well
    client.pragma('cache_size = -65536'); // 64 MB
    requireDurability(client);
  } catch (error) {
    client.close();
    throw error;
  }
  return {
    client,
    builder: drizzle(withHiddenParameters(client), { casing: 'snake_case' }) as unknown as Builder,
    statements: new Map(),
    begin: client.prepare('BEGIN IMMEDIATE'),
    commit: client.prepare('COMMIT'),
    rollback: client.prepare('ROLLBACK'),
    savepoint: client.prepare('SAVEPOINT operation'),
    release: client.prepare('RELEASE operation'),
    rollbackToSavepoint: client.prepare('ROLLBACK TO operation'),
  };
}

/**
 * Asks after a first read, because only then WAL would have reset `synchronous` to NORMAL.
 *
 * @throws when a commit on this connection would not survive a power cut, or foreign keys are not checked
 */
export function requireDurability(client: BetterSqlite3.Database): void {
  client.prepare('SELECT count(*) FROM sqlite_schema').get();
  requirePragma(client, 'journal_mode', 'wal');
  requirePragma(client, 'synchronous', 2);
  requirePragma(client, 'foreign_keys', 1);
}

/**
 * SQLite built with STAT4, as ours is, plans a join (and whatever looks at a partial index) anew at every run, because
 * other parameters might deserve another plan: 21 µs where 6 would do. A parameter behind a unary plus, which does
 * nothing, is not looked at.
 */
function hideParameters(source: string): string {
  return /^\s*insert/i.test(source) ? source : source.replaceAll('?', '+?');
}

function withHiddenParameters(client: BetterSqlite3.Database): BetterSqlite3.Database {
  const prepare = (source: string): BetterSqlite3.Statement => client.prepare(hideParameters(source));
  return Object.create(client, { prepare: { value: prepare } }) as BetterSqlite3.Database;
}

/** @throws when this version of SQLite, such as 3.51.3, has the WAL corruption bug */
export function requireVersion(version: string): void {
  const parts = version.split('.').map(Number);
  const firstDifference = OLDEST_SQLITE.findIndex((part, place) => parts[place] !== part);
  if (firstDifference === -1 || parts[firstDifference]! > OLDEST_SQLITE[firstDifference]!) return;
  throw new Error(`SQLite ${version} can corrupt its write-ahead log; ${OLDEST_SQLITE.join('.')} is needed`);
}

function requirePragma(client: BetterSqlite3.Database, name: string, expected: string | number): void {
  const actual: unknown = client.pragma(name, { simple: true });
  if (actual !== expected) throw new Error(`SQLite has ${name} = ${String(actual)}, not ${expected}`);
}

/** What to do after the commit: whom to tell what. */
interface Outcome {
  settle: (() => void)[];
  changes: CardChange[];
}

/** Runs jobs that wait one after another and settles them after their one commit. */
async function commitGroup(writer: Connection, waiting: Job[], subscribers: Subscribers): Promise<void> {
  const jobs: Job[] = [];
  let outcome: Outcome;
  try {
    outcome = (await runTogether(writer, waiting, jobs)) ?? (await runApart(writer, jobs));
  } catch (error) {
    for (const job of jobs) job.reject(error);
    rollBack(writer);
    return;
  }
  for (const settleOne of outcome.settle) settleOne();
  subscribers.tell(outcome.changes);
}

/**
 * Takes jobs from `waiting` into `jobs` and runs them, until a turn of the event loop brings no more: so requests that
 * have already arrived share a commit, and the work is done while others are still arriving.
 *
 * Nearly always every job succeeds. Undefined when one did not: then nothing was done, and all are run again, apart.
 * A savepoint for each from the start would make SQLite keep a copy of every page that a job changes.
 */
async function runTogether(writer: Connection, waiting: Job[], jobs: Job[]): Promise<Outcome | undefined> {
  const outcome: Outcome = { settle: [], changes: [] };
  jobs.push(waiting.shift()!);
  await beginWhenFree(writer);
  let next = 0;
  for (let turns = 0; turns < MAX_GATHERING_TURNS; turns++) {
    jobs.push(...waiting.splice(0, MAX_GROUP_SIZE - jobs.length));
    if (next === jobs.length) break;
    for (; next < jobs.length; next++) {
      const job = jobs[next]!;
      const tx = new SqliteQueries(writer);
      try {
        const value = await runJob(job, tx);
        outcome.settle.push(() => job.resolve(value));
        outcome.changes.push(...tx.changes);
      } catch (error) {
        if (jobs.length === 1) throw error;
        if (writer.client.inTransaction) writer.rollback.run();
        return undefined;
      }
    }
    await nextTurn();
  }
  writer.commit.run();
  return outcome;
}

/** Each job in a savepoint of its own, so that one that fails leaves its neighbours untouched. */
async function runApart(writer: Connection, jobs: readonly Job[]): Promise<Outcome> {
  const outcome: Outcome = { settle: [], changes: [] };
  await beginWhenFree(writer);
  for (const job of jobs) {
    const tx = new SqliteQueries(writer);
    writer.savepoint.run();
    try {
      const value = await runJob(job, tx);
      writer.release.run();
      outcome.settle.push(() => job.resolve(value));
      outcome.changes.push(...tx.changes);
    } catch (error) {
      // A full disk or an I/O error has already rolled back the whole transaction: then nobody is acknowledged.
      if (!writer.client.inTransaction) throw error;
      writer.rollbackToSavepoint.run();
      writer.release.run();
      outcome.settle.push(() => job.reject(error));
    }
  }
  writer.commit.run();
  return outcome;
}

async function runJob(job: Job, tx: SqliteQueries): Promise<unknown> {
  try {
    const value = await job.work(tx);
    tx.requireNoFailure();
    return value;
  } finally {
    tx.end();
  }
}

/** When even this fails, the next group finds the transaction still open, fails, and tries again. */
function rollBack(writer: Connection): void {
  try {
    if (writer.client.inTransaction) writer.rollback.run();
  } catch (error) {
    process.emitWarning(error as Error);
  }
}

async function beginWhenFree(writer: Connection): Promise<void> {
  const deadline = performance.now() + MAX_BUSY_MS;
  for (;;) {
    try {
      writer.begin.run();
      return;
    } catch (error) {
      const isBusy = (error as { code?: string }).code?.startsWith('SQLITE_BUSY');
      if (!isBusy || performance.now() > deadline) throw error;
      await sleep(BUSY_PAUSE_MS);
    }
  }
}

class SqliteQueries implements Queries {
  readonly #connection: Connection;
  readonly #lifetime = new Lifetime();
  readonly changes: CardChange[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  end(): void {
    this.#lifetime.end();
  }

  requireNoFailure(): void {
    this.#lifetime.requireNoFailure();
  }

  run<Result>(build: Build<Result>, values: Record<string, unknown>): Promise<Awaited<Result>> {
    return this.#lifetime.watchSync(() => {
      const { statements, builder } = this.#connection;
      let statement = statements.get(build);
      if (!statement) {
        statement = compileStatement(build(builder, tables).prepare(''));
        statements.set(build, statement);
      }
      return statement(values) as Awaited<Result>;
    });
  }

  query<Result>(build: (db: Builder, tables: Tables) => PromiseLike<Result>): Promise<Awaited<Result>> {
    return this.#lifetime.watch(() => build(this.#connection.builder, tables));
  }

  announce(change: CardChange): void {
    this.#lifetime.requireOpen();
    this.changes.push(change);
  }
}
