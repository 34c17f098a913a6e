import { join } from 'node:path';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { withDatabase } from '../../db/open.ts';
import { checkShop } from '../../src/operations/check-shop.ts';
import { listShops } from '../../src/operations/choose-merchant.ts';
import { countRows } from './count-rows.ts';
import type { Proof, Verdict } from './proof.ts';
import { findFreePort, openShop, startServerProcess } from './running-shop.ts';
import { openTillClient } from './till-client.ts';

const ALLOWANCE = 3;
const TAPS = 1_000;
const CARDS = 16;

interface TapOutcome {
  rounds: number;
  /** How many taps of all rounds got each status. */
  statuses: Record<number, number>;
  /** Rounds in which the answers, or the gestures in the database, were not exactly the allowance. */
  wrongRounds: number;
  /** What `check` found in the end; null when nothing. */
  fault: string | null;
}

/** A thousand taps at the same moment on one barista's allowance of three, spread over several server processes. */
export async function tapAtOnce({
  databaseUrl,
  folder,
  processes,
  rounds,
  taps = TAPS,
}: {
  databaseUrl: string;
  folder: string;
  processes: number;
  rounds: number;
  taps?: number;
}): Promise<TapOutcome> {
  return withDatabase(databaseUrl, async (db) => {
    const servers = await startAll({ databaseUrl, folder, processes });
    const statuses: Record<number, number> = {};
    let wrongRounds = 0;
    try {
      for (let round = 0; round < rounds; round++) {
        const shop = await openShop(db, { cardCount: CARDS, gesturesLimit: ALLOWANCE });
        const clients = servers.map(({ url }) => openTillClient(url, shop));
        const answers = await Promise.all(
          Array.from({ length: taps }, (_, tap) =>
            clients[tap % clients.length]!.send({
              path: '/api/v1/gestures',
              key: uuid(),
              body: JSON.stringify({
                cardCode: shop.cardCodes[tap % CARDS],
                kind: 'double_stamp',
                reason: 'long_wait',
              }),
            }),
          ),
        );
        for (const client of clients) client.close();
        for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
        const granted = answers.filter(({ status }) => status === 201).length;
        const refused = answers.filter(
          ({ status, body }) => status === 409 && body.includes('allowance-spent'),
        ).length;
        const written = await countRows(db, shop.merchantId, 'gestures');
        const isExact = granted === ALLOWANCE && written === ALLOWANCE && refused === taps - ALLOWANCE;
        if (!isExact) wrongRounds++;
      }
    } finally {
      for (const server of servers) await server.end('SIGTERM');
    }
    for (const merchant of await listShops(db)()) {
      const { fault } = await checkShop(db)(merchant);
      if (fault) return { rounds, statuses, wrongRounds, fault: JSON.stringify(fault) };
    }
    return { rounds, statuses, wrongRounds, fault: null };
  });
}

async function startAll({ processes, ...where }: { databaseUrl: string; folder: string; processes: number }) {
  const ports = await Promise.all(Array.from({ length: processes }, findFreePort));
  return Promise.all(ports.map((port) => startServerProcess({ ...where, port })));
}

/**
 * What would happen without the guard: the statement that looks right, and is not (`INSERT … WHERE count < 3`), by 50
 * connections of PostgreSQL at once. Answers with how many it granted.
 */
async function tapWithoutGuard(databaseUrl: string): Promise<number> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 50 });
  pool.on('error', () => undefined); // the database is dropped before the last connection has closed
  try {
    await pool.query('CREATE TABLE granted (id int PRIMARY KEY)');
    await Promise.all(Array.from({ length: 50 }, () => pool.query('SELECT pg_sleep(0.2)')));
    await Promise.all(
      Array.from({ length: TAPS }, (_, tap) =>
        pool.query('INSERT INTO granted SELECT $1 WHERE (SELECT count(*) FROM granted) < $2', [
          tap,
          ALLOWANCE,
        ]),
      ),
    );
    const { rows } = await pool.query<{ count: string }>('SELECT count(*) FROM granted');
    return Number(rows[0]!.count);
  } finally {
    await pool.end();
  }
}

const describeOutcome = ({ rounds, statuses, wrongRounds, fault }: TapOutcome): string => {
  const counts = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
  return `${rounds} rounds of ${TAPS} taps: ${counts.join(', ')}; ${wrongRounds} rounds not exact${fault ? `; check: ${fault}` : ''}`;
};

const isExact = ({ wrongRounds, fault }: TapOutcome): boolean => wrongRounds === 0 && fault === null;

const roundsOf = ({ isLong }: { isLong: boolean }): number => (isLong ? 50 : 2);

export const allowanceProofs: Proof[] = [
  ...[1, 4].map(
    (processes) =>
      ({
        name: processes === 1 ? 'allowance' : 'allowance-4',
        promise: `the allowance is exact, ${processes === 1 ? 'in one process' : 'in four processes on one SQLite file'}`,
        async run({ isLong, makeFolder }): Promise<Verdict> {
          const folder = makeFolder();
          const databaseUrl = join(folder, 'doublestamp.db');
          const found = await tapAtOnce({ databaseUrl, folder, processes, rounds: roundsOf({ isLong }) });
          return { figure: describeOutcome(found), holds: isExact(found) };
        },
      }) satisfies Proof,
  ),
  {
    name: 'allowance-pg',
    promise: 'the allowance is exact, in four processes on PostgreSQL',
    async run({ isLong, makeFolder, createPostgres }) {
      const found = await tapAtOnce({
        databaseUrl: await createPostgres(),
        folder: makeFolder(),
        processes: 4,
        rounds: roundsOf({ isLong }),
      });
      const unguarded = await tapWithoutGuard(await createPostgres());
      return {
        figure: `${describeOutcome(found)}; control without the guard: ${unguarded} granted`,
        holds: isExact(found) && unguarded > ALLOWANCE,
      };
    },
  },
];
