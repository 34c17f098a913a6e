import { fillPlaceholders } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Lifetime, Subscribers, UnderWay } from './database.ts';
import type { Build, Builder, BuildNumbers, CardChange, Database, Queries } from './database.ts';
import { postgresTables } from './schema.postgres.ts';
import type { Tables } from './schema.ts';

/**
 * Connections that write at once. All writes of a merchant meet at the end of its ledger, so more of them only collide:
 * 32 callers of one merchant made 204 stamps a second with 2, 58 with 4 and 50 to 65 with 8, on a busy machine.
 */
const WRITER_COUNT = 2;
const READER_COUNT = 8;
/** Tries before a transaction gives up; with the pauses below about 20 s. */
const MAX_TRIES = 100;
const MAX_PAUSE_MS = 200;
/** serialization_failure and deadlock_detected: somebody else came first. */
const COLLISION_CODES = new Set(['40001', '40P01']);
/**
 * Two racing repeats may meet as this, at a key that neither looked for: both issue a card with the code that follows
 * from their one id. The second then finds what the first did. If not, it is no race but a mistake.
 */
const UNIQUE_VIOLATION = '23505';
const MAX_TRIES_IF_TAKEN = 3;
/** How long to wait before listening again after the connection was lost. */
const LISTEN_PAUSE_MS = 500;
/**
 * How often the connection that listens asks something, and how long it waits for an answer. It only ever hears: whether
 * a firewall has forgotten it, or the other computer is gone, nothing else would tell.
 */
const LISTEN_BEAT_MS = 30_000;
/** Whatever the server, the database, the user or the address is set to: what was answered must be on the disk. */
const BEGIN = 'BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL synchronous_commit = on';
const CHANNEL = 'doublestamp_cards';
/** Where something about a customer is overwritten when they are forgotten. */
const TABLES_TO_ERASE = ['customers', 'customer_references', 'one_time_codes', 'gestures', 'answers'];

interface PreparedStatement {
  execute(values: Record<string, unknown>): Promise<unknown>;
}

interface Connection {
  builder: Builder;
  statements: Map<Build<unknown>, PreparedStatement>;
}

/**
 * Opens a PostgreSQL database: serializable transactions, run again when they collide.
 *
 * @throws when the server cannot be reached or has `fsync` off
 */
export async function openPostgres(url: string, listenBeatMs = LISTEN_BEAT_MS): Promise<Database> {
  const writers = openPool({ connectionString: url, max: WRITER_COUNT });
  const readers = openPool({
    connectionString: url,
    max: READER_COUNT,
    options: '-c default_transaction_read_only=on',
  });
  const connections = new WeakMap<pg.PoolClient, Connection>();
  const subscribers = new Subscribers();
  const underWay = new UnderWay();
  const statementNames = new Map<Build<unknown>, string>();
  await requireDurability(url);
  const listener = await listen(url, subscribers, listenBeatMs);
  let isClosed = false;

  function connectionOf(client: pg.PoolClient): Connection {
    let connection = connections.get(client);
    if (!connection) {
      const builder = drizzle(client, { casing: 'snake_case' }) as unknown as Builder;
      connection = { builder, statements: new Map() };
      connections.set(client, connection);
    }
    return connection;
  }

  function nameOf(build: Build<unknown>): string {
    let name = statementNames.get(build);
    if (!name) {
      name = `doublestamp_${statementNames.size}`;
      statementNames.set(build, name);
    }
    return name;
  }

  /** Runs what only reads; again on another connection when the one it had was lost, as after a restart of PostgreSQL. */
  async function reading<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      const client = await readers.connect();
      let lost: Error | undefined;
      try {
        return await work(client);
      } catch (error) {
        lost = await rollBack(client);
        if (!lost || tries > READER_COUNT) throw error;
      } finally {
        client.release(lost);
      }
    }
  }

  async function readOn<T>(client: pg.PoolClient, work: (queries: Queries) => Promise<T>): Promise<T> {
    const queries = new PostgresQueries(connectionOf(client), nameOf);
    try {
      return await work(queries);
    } finally {
      queries.end();
    }
  }

  async function readColumnsOn(
    client: pg.PoolClient,
    build: BuildNumbers,
    values: Record<string, unknown>,
  ): Promise<Float64Array[]> {
    const { sql: text, params } = build(connectionOf(client).builder, postgresTables).toSQL();
    const query = { text, values: fillPlaceholders(params, values), rowMode: 'array' as const };
    const { rows, fields } = await client.query<(string | number | null)[]>(query);
    return fields.map((_, place) => Float64Array.from(rows, (row) => Number(row[place])));
  }

  /** A writer in a new transaction. One that was lost while it lay idle is found out here, where nothing is done yet. */
  async function beginOnWriter(): Promise<pg.PoolClient> {
    for (let tries = 1; ; tries++) {
      const client = await writers.connect();
      try {
        await client.query(BEGIN);
        return client;
      } catch (error) {
        client.release(error as Error);
        if (tries > WRITER_COUNT) throw error;
      }
    }
  }

  async function commitOn<T>(client: pg.PoolClient, work: (tx: Queries) => Promise<T>): Promise<T> {
    const tx = new PostgresQueries(connectionOf(client), nameOf);
    try {
      const value = await work(tx);
      tx.requireNoFailure();
      for (const change of tx.changes)
        await client.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify(change)]);
      tx.end();
      const { command } = await client.query('COMMIT');
      tx.requireNoFailure();
      // A transaction with a failed statement answers COMMIT with ROLLBACK, and calls it a success.
      if (command !== 'COMMIT') throw new Error(`PostgreSQL answered COMMIT with ${command}`);
      return value;
    } finally {
      tx.end();
    }
  }

  /** Its write-ahead log is the operator's. */
  async function eraseTracesOnce(): Promise<void> {
    for (const table of TABLES_TO_ERASE) await writers.query(`VACUUM ${table}`);
  }

  async function transactUntilDone<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
    const client = await beginOnWriter();
    let lost: Error | undefined;
    try {
      for (let tries = 1; ; tries++) {
        try {
          return await commitOn(client, work);
        } catch (error) {
          lost = await rollBack(client);
          if (lost || !mayTryAgain(error, tries)) throw error;
          await sleep(Math.random() * Math.min(MAX_PAUSE_MS, 2 ** Math.min(tries, 10)));
          await client.query(BEGIN);
        }
      }
    } finally {
      client.release(lost);
    }
  }

  function track<T>(begin: () => Promise<T>): Promise<T> {
    if (isClosed) return Promise.reject(new Error('The database is closed'));
    return underWay.track(begin());
  }

  return {
    dialect: 'postgres',
    read: (work) => track(() => reading((client) => readOn(client, work))),
    readColumns: (build, values) => track(() => reading((client) => readColumnsOn(client, build, values))),
    transact: (work) => track(() => transactUntilDone(work)),
    subscribe: (subscriber) => subscribers.add(subscriber),
    get waitingCount() {
      return writers.waitingCount;
    },
    eraseTraces: () => track(eraseTracesOnce),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await underWay.settled();
      await listener.end();
      await writers.end();
      await readers.end();
    },
  };
}

/**
 * A connection that is lost is told to whoever waits for an answer on it, and the pool makes another. Without these
 * listeners, the one for idle connections and the other for those in use, it would also end the process.
 */
function openPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config);
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Returns an error when the connection is lost, so that the one that led here is not hidden by it. */
async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function mayTryAgain(error: unknown, tries: number): boolean {
  const code = codeOf(error);
  if (code === UNIQUE_VIOLATION) return tries < MAX_TRIES_IF_TAKEN;
  return COLLISION_CODES.has(code) && tries < MAX_TRIES;
}

/** Drizzle wraps the driver's error; the SQLSTATE is on the error itself or on its cause. */
function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return code ?? cause?.code ?? '';
}

async function requireDurability(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    const { rows } = await client.query<{ fsync: string }>('SHOW fsync');
    if (rows[0]?.fsync !== 'on')
      throw new Error('PostgreSQL runs with fsync off and would lose acknowledged writes');
  } finally {
    await client.end();
  }
}

/** Hears what every process announces; after a lost connection, again, and then says that something was missed. */
async function listen(
  url: string,
  subscribers: Subscribers,
  beatMs: number,
): Promise<{ end(): Promise<void> }> {
  let hasEnded = false;
  let client = await connect();

  async function connect(): Promise<pg.Client> {
    const next = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: beatMs,
      query_timeout: beatMs,
    });
    next.on('error', () => undefined); // `end` follows
    next.on('notification', ({ payload }) => {
      if (payload) subscribers.tell([JSON.parse(payload) as CardChange]);
    });
    try {
      await next.connect();
      await next.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      await next.end();
      throw error;
    }
    const beat = setInterval(() => void next.query('SELECT 1').catch(() => next.end()), beatMs).unref();
    next.once('end', () => {
      clearInterval(beat);
      void connectAgain();
    });
    return next;
  }

  async function connectAgain(): Promise<void> {
    while (!hasEnded) {
      await sleep(LISTEN_PAUSE_MS, undefined, { ref: false });
      try {
        client = await connect();
        if (hasEnded) await client.end();
        else subscribers.tell(['any']);
        return;
      } catch {
        // PostgreSQL is not back yet
      }
    }
  }

  return {
    async end() {
      hasEnded = true;
      await client.end();
    },
  };
}

class PostgresQueries implements Queries {
  readonly #connection: Connection;
  readonly #nameOf: (build: Build<unknown>) => string;
  readonly #lifetime = new Lifetime();
  readonly changes: CardChange[] = [];

  constructor(connection: Connection, nameOf: (build: Build<unknown>) => string) {
    this.#connection = connection;
    this.#nameOf = nameOf;
  }

  end(): void {
    this.#lifetime.end();
  }

  requireNoFailure(): void {
    this.#lifetime.requireNoFailure();
  }

  run<Result>(build: Build<Result>, values: Record<string, unknown>): Promise<Awaited<Result>> {
    return this.#lifetime.watch(() => {
      const { statements, builder } = this.#connection;
      let statement = statements.get(build);
      if (!statement) {
        statement = build(builder, postgresTables).prepare(this.#nameOf(build)) as PreparedStatement;
        statements.set(build, statement);
      }
      return statement.execute(values) as Promise<Result>;
    });
  }

  query<Result>(build: (db: Builder, tables: Tables) => PromiseLike<Result>): Promise<Awaited<Result>> {
    return this.#lifetime.watch(() => build(this.#connection.builder, postgresTables));
  }

  announce(change: CardChange): void {
    this.#lifetime.requireOpen();
    this.changes.push(change);
  }
}
