import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { withDatabase } from '../../db/open.ts';
import { fillEveryTable } from '../../tests/db/fill.ts';
import {
  readPostgres,
  readSqlite,
  rebuildOfCustomers,
  writeMigrations,
} from '../../tests/db/next-migration.ts';
import type { Contents, Dialect } from '../../tests/db/next-migration.ts';
import type { Proof, ProofBench } from './proof.ts';

const MOST_STATEMENTS = 200;

interface MigrationOutcome {
  kills: number;
  /** Kills that left the database as it was, and as it was to be. */
  old: number;
  new: number;
  /** Kills that left something in between. */
  between: number;
}

/** Migrates a database with a row in every table, killed before its first statement, its second, and so on. */
async function killMigrations(dialect: Dialect, bench: ProofBench): Promise<MigrationOutcome> {
  const folder = bench.makeFolder();
  const migrations = join(folder, 'migrations');
  mkdirSync(migrations);
  writeMigrations(migrations, { dialect, statements: rebuildOfCustomers(dialect) });
  const filled = dialect === 'sqlite' ? join(folder, 'filled.db') : await bench.createPostgres();
  await withDatabase(filled, fillEveryTable);
  const read = (url: string): Promise<Contents> | Contents =>
    dialect === 'sqlite' ? readSqlite(url) : readPostgres(url);
  const before = await read(filled);
  const outcome: MigrationOutcome = { kills: 0, old: 0, new: 0, between: 0 };
  for (let place = 1; place < MOST_STATEMENTS; place++) {
    // PostgreSQL rolls back by itself, so the same database serves until it is migrated.
    const url = dialect === 'sqlite' ? join(folder, `killed-${place}.db`) : filled;
    if (dialect === 'sqlite') copyFileSync(filled, url);
    const worker = join(import.meta.dirname, 'migrate-and-die.ts');
    const { signal, status, stderr } = spawnSync(process.execPath, [worker, url, migrations, String(place)], {
      encoding: 'utf8',
    });
    if (signal !== 'SIGKILL' && status !== 0) throw new Error(stderr);
    const after = await read(url);
    const lostNothing = isDeepStrictEqual(after.rows, before.rows);
    const isOld = isDeepStrictEqual(after.schema, before.schema);
    if (signal !== 'SIGKILL') {
      if (isOld || !lostNothing)
        throw new Error('The migration that nobody killed did not do what it should');
      return outcome;
    }
    outcome.kills++;
    if (!lostNothing || !(isOld || hasNickname(after))) outcome.between++;
    else if (isOld) outcome.old++;
    else outcome.new++;
  }
  throw new Error(`The migration has more than ${MOST_STATEMENTS} statements`);
}

/** What the migration is for. */
function hasNickname({ schema }: Contents): boolean {
  const text = JSON.stringify(schema);
  return text.includes('nickname') && !text.includes('__new_customers');
}

export const migrationProof: Proof = {
  name: 'migration',
  promise: 'a migration is all or nothing',
  async run(bench) {
    const found = [
      ['SQLite', await killMigrations('sqlite', bench)],
      ['PostgreSQL', await killMigrations('postgres', bench)],
    ] as const;
    return {
      figure: found
        .map(
          ([name, { kills, old, new: migrated, between }]) =>
            `${name} killed at each of ${kills} statements: ${old} × old, ${migrated} × new, ${between} × in between`,
        )
        .join('; '),
      holds: found.every(([, { kills, between }]) => kills > 5 && between === 0),
    };
  },
};
