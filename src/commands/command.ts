import type { Writable } from 'node:stream';
import type { Database } from '../../db/database.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';

/** What `npm run cli -- NAME …` can do. */
export interface Command {
  /** One line for the list of commands. */
  summary: string;
  /** What `--help` prints. */
  help: string;
  /**
   * Does it, and answers with the exit code: 0 when it did, 1 when it could not.
   *
   * @throws UsageError, or what `parseArgs` throws, when it was asked wrongly; CommandFailed when it could not be done
   */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}

export interface CommandContext {
  config: Config;
  clock: Clock;
  /** Works on the database that the environment names, or on another. */
  withDatabase: <Result>(work: (db: Database) => Promise<Result>, url?: string) => Promise<Result>;
  /** What was asked for, and nothing else: it may be a file or another program. */
  out: Writable;
  /** Whatever a person should know besides. */
  say: (line: string) => void;
}

/** The command line does not fit: the message says why. Exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** It could not be done, for a reason that a person understands without a stack trace. Exit code 1. */
export class CommandFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandFailed';
  }
}
