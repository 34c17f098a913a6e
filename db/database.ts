import type { PgDatabase } from 'drizzle-orm/pg-core';
import type { NodePgQueryResultHKT } from 'drizzle-orm/node-postgres';
import type { Tables } from './schema.ts';

export type { Tables } from './schema.ts';

/** Drizzle, typed as PostgreSQL (the stricter), so that SQLite's synchronous methods do not compile. */
export type Builder = PgDatabase<NodePgQueryResultHKT, Record<string, never>>;

/** A Drizzle query before it is run. */
export interface Preparable<Result> extends PromiseLike<Result> {
  prepare(name: string): unknown;
}

export type Build<Result> = (db: Builder, tables: Tables) => Preparable<Result>;

/** Of numbers alone: everything it selects is a number, or nothing. */
export type BuildNumbers = (db: Builder, tables: Tables) => { toSQL(): { sql: string; params: unknown[] } };

/** Something on a card changed; told to subscribers after the commit. */
export interface CardChange {
  merchantId: string;
  cardId: string;
}

export type Listener = (change: CardChange | 'any') => void;

/**
 * What a transaction, or a reader, may do. Used after its end, it throws. A statement that fails ends it as well, on
 * both databases: also when the error is caught, nothing of the transaction is kept.
 */
export interface Queries {
  /** Runs a query that is prepared once per connection; `values` fill its placeholders. */
  run<Result>(build: Build<Result>, values: Record<string, unknown>): Promise<Result>;
  /** Builds and runs a query whose shape depends on the request. Slower: not for the stamp path. */
  query<Result>(build: (db: Builder, tables: Tables) => PromiseLike<Result>): Promise<Result>;
  /** Tells subscribers, once this is committed, that a card changed. */
  announce(change: CardChange): void;
}

export interface Database {
  readonly dialect: 'sqlite' | 'postgres';
  /** Reads committed data only. Each statement sees its own moment. */
  read<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /**
   * Reads so much that it takes seconds: a column of numbers for each thing the query selects, 0 for nothing. On SQLite
   * in a thread of its own, and so on a core of its own.
   */
  readColumns(build: BuildNumbers, values: Record<string, unknown>): Promise<Float64Array[]>;
  /**
   * Runs `work` as if alone: all of it or, when it throws, none. It may run again after a conflict, so it touches
   * nothing but `tx`. Do not call `transact` inside `work`: it would wait for itself.
   */
  transact<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
  /**
   * Calls `listener` after each commit that changed a card, by this process or, on PostgreSQL, another. Once a lost
   * connection to PostgreSQL is back, it hears of `'any'`: cards may have changed meanwhile. Returns the way to stop.
   */
  subscribe(listener: Listener): () => void;
  /** Transactions that wait for a writer: more than a few for more than a moment means overload. */
  readonly waitingCount: number;
  /**
   * Takes what was deleted or overwritten out of the files of the database as well, where it would lie until its place
   * is needed. Takes a while; others go on, though writes may wait for it.
   */
  eraseTraces(): Promise<void>;
  /** Waits for what is under way, then closes every connection. */
  close(): Promise<void>;
}

/**
 * A query prepared once per connection, as a function of a transaction and the values of its placeholders.
 * (Drizzle takes 80 to 100 µs to build a query and 3 to 25 µs to run it prepared.)
 */
export const prepared =
  <Values extends object>() =>
  <Result>(build: Build<Result>) =>
  (tx: Queries, values: Values): Promise<Result> =>
    tx.run(build, values as Record<string, unknown>);

export class TransactionEnded extends Error {
  constructor() {
    super('This transaction has ended: await everything inside transact() or read()');
    this.name = 'TransactionEnded';
  }
}

/** Whether a transaction may still be used: it ends, or a statement of it fails. */
export class Lifetime {
  #hasEnded = false;
  #failure: { error: unknown } | undefined;

  end(): void {
    this.#hasEnded = true;
  }

  requireOpen(): void {
    if (this.#hasEnded) throw new TransactionEnded();
    this.requireNoFailure();
  }

  /** @throws the error of the first statement that failed, also when `work` caught it */
  requireNoFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }

  /** As `watch`, of a statement that is done when it returns: without the turns that waiting for it would take. */
  watchSync<Result>(statement: () => Result): Promise<Result> {
    try {
      this.requireOpen();
    } catch (error) {
      return Promise.reject(error as Error);
    }
    try {
      return Promise.resolve(statement());
    } catch (error) {
      this.#failure ??= { error };
      return Promise.reject(error as Error);
    }
  }

  /** Runs a statement; when it fails, so does the whole transaction. */
  async watch<Result>(statement: () => Result | PromiseLike<Result>): Promise<Awaited<Result>> {
    this.requireOpen();
    try {
      return await statement();
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
  }
}

export class Subscribers {
  readonly #listeners = new Set<Listener>();

  add(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A listener that fails is reported as a warning: what it was told of is committed, and others wait to hear it. */
  tell(changes: readonly (CardChange | 'any')[]): void {
    for (const change of changes)
      for (const listener of this.#listeners) {
        try {
          listener(change);
        } catch (error) {
          process.emitWarning(error instanceof Error ? error : String(error));
        }
      }
  }
}

/** What has begun and has not ended, so that closing can wait for it. */
export class UnderWay {
  readonly #works = new Set<Promise<unknown>>();

  track<T>(work: Promise<T>): Promise<T> {
    const forget = (): unknown => this.#works.delete(work);
    this.#works.add(work);
    work.then(forget, forget);
    return work;
  }

  async settled(): Promise<void> {
    while (this.#works.size > 0) await Promise.allSettled(this.#works);
  }
}
