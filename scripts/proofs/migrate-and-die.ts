/*
 * Brings a database up to date and is killed before the statement of a number: `migrate-and-die.ts URL MIGRATIONS NUMBER`.
 * Ends with 0 when there were not that many.
 */
import BetterSqlite3 from 'better-sqlite3';
import pg from 'pg';
import { bringPostgresUpToDate, bringSqliteUpToDate } from '../../db/open.ts';

const [url, migrations, place] = process.argv.slice(2);
let left = Number(place);

/** Counts the calls of a method of every connection, and ends the process at the one it was told. */
function dieIn(prototype: Record<string, (...given: unknown[]) => unknown>, method: string): void {
  const original = prototype[method]!;
  prototype[method] = function counted(this: unknown, ...given: unknown[]): unknown {
    if (--left === 0) process.kill(process.pid, 'SIGKILL');
    return original.apply(this, given);
  };
}

if (url!.startsWith('postgres')) {
  dieIn(pg.Client.prototype as never, 'query');
  await bringPostgresUpToDate(url!, migrations);
} else {
  dieIn((BetterSqlite3 as unknown as { prototype: never }).prototype, 'exec');
  dieIn((BetterSqlite3 as unknown as { prototype: never }).prototype, 'prepare');
  dieIn((BetterSqlite3 as unknown as { prototype: never }).prototype, 'pragma');
  await bringSqliteUpToDate(url!, migrations);
}
