import { drizzle } from 'drizzle-orm/node-postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Subscribers, TransactionEnded } from './database.ts';
import type { Build, Builder, CardChange, Database, Queries } from './database.ts';
import { postgresTables } from './schema.postgres.ts';
import type { Tables } from './schema.ts';

/** Connections that write at once. More only makes serializable transactions collide more often. */
const WRITER_COUNT = 8;
const READER_COUNT = 8;
/** Tries before a transaction gives up; with the pauses below about 20 s. */
const MAX_TRIES = 100;
const MAX_PAUSE_MS = 200;
/** serialization_failure, deadlock_detected, and the unique_violation that two racing repeats may meet. */
const RETRIED_CODES = new Set(['40001', '40P01', '23505']);
const CHANNEL = 'doublestamp_cards';

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
export async function openPostgres(url: string): Promise<Database> {
  const writers = new pg.Pool({ connectionString: url, max: WRITER_COUNT });
  const readers = new pg.Pool({ connectionString: url, max: READER_COUNT });
  // A connection lost while idle is replaced by the pool; without a listener it would end the process.
  writers.on('error', () => undefined);
  readers.on('error', () => undefined);
  const connections = new WeakMap<pg.PoolClient, Connection>();
  const subscribers = new Subscribers();
  const statementNames = new Map<Build<unknown>, string>();
  await requireDurability(readers);
  const listener = await listen(url, subscribers);

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

  async function tryOnce<T>(client: pg.PoolClient, work: (tx: Queries) => Promise<T>): Promise<T> {
    await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
    const tx = new PostgresQueries(connectionOf(client), nameOf);
    try {
      const value = await work(tx);
      for (const change of tx.changes)
        await client.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify(change)]);
      tx.end();
      await client.query('COMMIT');
      return value;
    } catch (error) {
      tx.end();
      await client.query('ROLLBACK');
      throw error;
    }
  }

  return {
    dialect: 'postgres',
    async read(work) {
      const client = await readers.connect();
      const queries = new PostgresQueries(connectionOf(client), nameOf);
      try {
        return await work(queries);
      } finally {
        queries.end();
        client.release();
      }
    },
    async transact<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
      const client = await writers.connect();
      let broken: Error | undefined;
      try {
        for (let tries = 1; ; tries++) {
          try {
            return await tryOnce(client, work);
          } catch (error) {
            if (!RETRIED_CODES.has(codeOf(error)) || tries >= MAX_TRIES) throw error;
            await sleep(Math.random() * Math.min(MAX_PAUSE_MS, 2 ** Math.min(tries, 10)));
          }
        }
      } catch (error) {
        if (isConnectionLost(error)) broken = error as Error;
        throw error;
      } finally {
        client.release(broken);
      }
    },
    subscribe: (subscriber) => subscribers.add(subscriber),
    async close() {
      await listener.end();
      await writers.end();
      await readers.end();
    },
  };
}

/** Drizzle wraps the driver's error; the SQLSTATE is on the error itself or on its cause. */
function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return code ?? cause?.code ?? '';
}

function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  return code.startsWith('08') || code.startsWith('57P') || code === 'ECONNRESET' || code === 'EPIPE' || code === '';
}

async function requireDurability(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ fsync: string }>('SHOW fsync');
  if (rows[0]?.fsync !== 'on') throw new Error('PostgreSQL runs with fsync off and would lose acknowledged writes');
}

async function listen(url: string, subscribers: Subscribers): Promise<{ end(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  client.on('notification', ({ payload }) => {
    if (payload) subscribers.tell([JSON.parse(payload) as CardChange]);
  });
  await client.connect();
  await client.query(`LISTEN ${CHANNEL}`);
  return client;
}

class PostgresQueries implements Queries {
  readonly #connection: Connection;
  readonly #nameOf: (build: Build<unknown>) => string;
  #isOpen = true;
  readonly changes: CardChange[] = [];

  constructor(connection: Connection, nameOf: (build: Build<unknown>) => string) {
    this.#connection = connection;
    this.#nameOf = nameOf;
  }

  end(): void {
    this.#isOpen = false;
  }

  async run<Result>(build: Build<Result>, values: Record<string, unknown>): Promise<Result> {
    this.#requireOpen();
    const { statements, builder } = this.#connection;
    let statement = statements.get(build);
    if (!statement) {
      statement = build(builder, postgresTables).prepare(this.#nameOf(build)) as PreparedStatement;
      statements.set(build, statement);
    }
    return statement.execute(values) as Promise<Result>;
  }

  async query<Result>(build: (db: Builder, tables: Tables) => PromiseLike<Result>): Promise<Result> {
    this.#requireOpen();
    return build(this.#connection.builder, postgresTables);
  }

  announce(change: CardChange): void {
    this.changes.push(change);
  }

  #requireOpen(): void {
    if (!this.#isOpen) throw new TransactionEnded();
  }
}
