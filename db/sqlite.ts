import BetterSqlite3 from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Subscribers, TransactionEnded } from './database.ts';
import type { Build, Builder, CardChange, Database, Queries } from './database.ts';
import type { Tables } from './schema.ts';
import { sqliteTables } from './schema.sqlite.ts';

/** Transactions that share one commit, at most: bounds how long the first waits for the last. */
const MAX_GROUP_SIZE = 256;
/** How long to wait for another process (a command line beside the server) to finish writing. */
const MAX_BUSY_MS = 10_000;
const BUSY_PAUSE_MS = 5;
/** The first release without the WAL corruption bug. */
const OLDEST_SQLITE = [3, 51, 3] as const;

interface PreparedStatement {
  execute(values: Record<string, unknown>): { sync(): unknown };
}

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
  const waiting: Job[] = [];
  let draining: Promise<void> | undefined;

  async function drain(): Promise<void> {
    // One turn of the event loop lets every request that has already arrived join the group.
    await nextTurn();
    while (waiting.length > 0) {
      await commitGroup(writer, waiting.splice(0, MAX_GROUP_SIZE), subscribers);
      await nextTurn();
    }
    draining = undefined;
  }

  return {
    dialect: 'sqlite',
    async read(work) {
      const queries = new SqliteQueries(reader);
      try {
        return await work(queries);
      } finally {
        queries.end();
      }
    },
    transact<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        waiting.push({ work, resolve: resolve as Job['resolve'], reject });
        draining ??= drain();
      });
    },
    subscribe: (listener) => subscribers.add(listener),
    async close() {
      while (draining) await draining;
      reader.client.close();
      writer.client.close();
    },
  };
}

interface Connection {
  client: BetterSqlite3.Database;
  builder: Builder;
  statements: Map<Build<unknown>, PreparedStatement>;
  begin: BetterSqlite3.Statement;
  commit: BetterSqlite3.Statement;
  rollback: BetterSqlite3.Statement;
  savepoint: BetterSqlite3.Statement;
  release: BetterSqlite3.Statement;
  rollbackToSavepoint: BetterSqlite3.Statement;
}

function openConnection(path: string, { isWriter }: { isWriter: boolean }): Connection {
  const client = new BetterSqlite3(path, { timeout: 0, readonly: !isWriter });
  requireVersion(client);
  if (isWriter) client.pragma('journal_mode = WAL');
  client.pragma('synchronous = FULL');
  client.pragma('foreign_keys = ON');
  client.pragma('cache_size = -65536'); // 64 MB
  client.prepare('SELECT count(*) FROM sqlite_schema').get();
  requirePragma(client, 'journal_mode', 'wal');
  requirePragma(client, 'synchronous', 2); // asserted after the first read: WAL would have reset it to NORMAL
  requirePragma(client, 'foreign_keys', 1);
  return {
    client,
    builder: drizzle(client, { casing: 'snake_case' }) as unknown as Builder,
    statements: new Map(),
    begin: client.prepare('BEGIN IMMEDIATE'),
    commit: client.prepare('COMMIT'),
    rollback: client.prepare('ROLLBACK'),
    savepoint: client.prepare('SAVEPOINT operation'),
    release: client.prepare('RELEASE operation'),
    rollbackToSavepoint: client.prepare('ROLLBACK TO operation'),
  };
}

function requireVersion(client: BetterSqlite3.Database): void {
  const { version } = client.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  const parts = version.split('.').map(Number);
  const firstDifference = OLDEST_SQLITE.findIndex((part, place) => parts[place] !== part);
  if (firstDifference === -1 || parts[firstDifference]! > OLDEST_SQLITE[firstDifference]!) return;
  throw new Error(`SQLite ${version} can corrupt its write-ahead log; ${OLDEST_SQLITE.join('.')} is needed`);
}

function requirePragma(client: BetterSqlite3.Database, name: string, expected: string | number): void {
  const actual: unknown = client.pragma(name, { simple: true });
  if (actual !== expected) throw new Error(`SQLite has ${name} = ${String(actual)}, not ${expected}`);
}

/** Runs the jobs one after another, each in a savepoint of its own, and settles them after their one commit. */
async function commitGroup(writer: Connection, jobs: readonly Job[], subscribers: Subscribers): Promise<void> {
  const settle: (() => void)[] = [];
  const changes: CardChange[] = [];
  try {
    await beginWhenFree(writer);
    for (const job of jobs) settle.push(await runInSavepoint(writer, job, changes));
    writer.commit.run();
  } catch (error) {
    if (writer.client.inTransaction) writer.rollback.run();
    for (const job of jobs) job.reject(error);
    return;
  }
  for (const settleOne of settle) settleOne();
  subscribers.tell(changes);
}

async function beginWhenFree(writer: Connection): Promise<void> {
  const deadline = performance.now() + MAX_BUSY_MS;
  for (;;) {
    try {
      writer.begin.run();
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || performance.now() > deadline) throw error;
      await sleep(BUSY_PAUSE_MS);
    }
  }
}

async function runInSavepoint(writer: Connection, job: Job, changes: CardChange[]): Promise<() => void> {
  const tx = new SqliteQueries(writer);
  writer.savepoint.run();
  try {
    const value = await job.work(tx);
    tx.end();
    writer.release.run();
    changes.push(...tx.changes);
    return () => job.resolve(value);
  } catch (error) {
    tx.end();
    // A full disk or an I/O error has already rolled back the whole transaction: then nobody is acknowledged.
    if (!writer.client.inTransaction) throw error;
    writer.rollbackToSavepoint.run();
    writer.release.run();
    return () => job.reject(error);
  }
}

class SqliteQueries implements Queries {
  readonly #connection: Connection;
  #isOpen = true;
  readonly changes: CardChange[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  end(): void {
    this.#isOpen = false;
  }

  async run<Result>(build: Build<Result>, values: Record<string, unknown>): Promise<Result> {
    this.#requireOpen();
    const { statements, builder } = this.#connection;
    let statement = statements.get(build);
    if (!statement) {
      statement = build(builder, tables).prepare('') as PreparedStatement;
      statements.set(build, statement);
    }
    return statement.execute(values).sync() as Result;
  }

  async query<Result>(build: (db: Builder, tables: Tables) => PromiseLike<Result>): Promise<Result> {
    this.#requireOpen();
    return build(this.#connection.builder, tables);
  }

  announce(change: CardChange): void {
    this.changes.push(change);
  }

  #requireOpen(): void {
    if (!this.#isOpen) throw new TransactionEnded();
  }
}
