import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { withDatabase } from '../../db/open.ts';
import { checkShop } from '../../src/operations/check-shop.ts';
import { listShops } from '../../src/operations/choose-merchant.ts';
import { listSaleIds } from './count-rows.ts';
import { countMissing } from './kill-a-server.ts';
import type { Proof } from './proof.ts';
import { findFreePort, openShop, startServerProcess } from './running-shop.ts';
import { openTillClient } from './till-client.ts';

const CLIENTS = 8;
const CARDS = 32;
const MOST_TRIES = 200;
const PAUSE_MS = 20;
/** Of the calls to the write-ahead log, those that fail: from the first to the last of these. Then there is space again. */
const FAILING = '20..50';

interface DiskOutcome {
  /** How many stamps got each status. */
  statuses: Record<number, number>;
  /** Cards that could be looked at, and that could not, just after a stamp was refused. */
  seen: number;
  unseen: number;
  /** Stamps that were acknowledged and are not there. */
  lost: number;
  fault: string | null;
}

/**
 * Stamps through a server whose writes to its write-ahead log, or whose waits for the disk, fail for a while as a full or
 * a broken disk would make them. A till tries again with the same key.
 */
async function failTheDisk({
  folder,
  stamps,
  systemCalls,
  error,
}: {
  folder: string;
  stamps: number;
  systemCalls: 'pwrite64' | 'fsync,fdatasync';
  error: 'ENOSPC' | 'EIO';
}): Promise<DiskOutcome> {
  const databaseUrl = join(folder, 'doublestamp.db');
  const shop = await withDatabase(databaseUrl, (db) => openShop(db, { cardCount: CARDS }));
  const server = await startServerProcess({
    databaseUrl,
    folder,
    port: await findFreePort(),
    wrapper: ['strace', '-D', '-f', '-qq', '-o', '/dev/null', '-P', `${databaseUrl}-wal`].concat(
      ['-e', `trace=${systemCalls}`],
      ['-e', `inject=${systemCalls}:error=${error}:when=${FAILING}`],
    ),
  });
  const client = openTillClient(server.url, shop);
  const lines = [{ itemId: shop.flatWhite.itemId, quantity: 1 }];
  const statuses: Record<number, number> = {};
  const acknowledged: string[] = [];
  let [seen, unseen] = [0, 0];
  const isSeen = (cardCode: string): Promise<boolean> =>
    client.look(cardCode).then(
      () => true,
      () => false,
    );
  const work = async (till: number): Promise<void> => {
    for (let turn = till; turn < stamps; turn += CLIENTS) {
      const body = JSON.stringify({ cardCode: shop.cardCodes[turn % CARDS], lines });
      const operation = { path: '/api/v1/stamps', key: uuid(), body };
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const answer = await client.send(operation);
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        if (answer.status !== 201) {
          if (await isSeen(shop.cardCodes[turn % CARDS]!)) seen++;
          else unseen++;
          await sleep(PAUSE_MS);
          continue;
        }
        acknowledged.push((JSON.parse(answer.body) as { sale: { saleId: string } }).sale.saleId);
        break;
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, till) => work(till)));
  client.close();
  await server.end('SIGKILL');
  return withDatabase(databaseUrl, async (db) => {
    const [merchant] = await listShops(db)();
    const { fault } = await checkShop(db)(merchant!);
    const written = new Set(await listSaleIds(db, shop.merchantId));
    const lost = countMissing(acknowledged, written);
    return { statuses, seen, unseen, lost, fault: fault && JSON.stringify(fault) };
  });
}

export const diskProof: Proof = {
  name: 'disk',
  promise: 'a full or broken disk is never acknowledged, and cards can be looked at meanwhile',
  async run({ isLong, makeFolder }) {
    if (spawnSync('strace', ['-D', '-f', '-qq', '-o', '/dev/null', 'true']).status !== 0)
      return { figure: 'not measured here: strace is not installed, or may not watch', holds: null };
    const stamps = isLong ? 5_000 : 400;
    const troubles = [
      { systemCalls: 'pwrite64', error: 'ENOSPC' },
      { systemCalls: 'pwrite64', error: 'EIO' },
      { systemCalls: 'fsync,fdatasync', error: 'EIO' },
    ] as const;
    const figures: string[] = [];
    let holds = true;
    for (const trouble of troubles) {
      const { statuses, seen, unseen, lost, fault } = await failTheDisk({
        folder: makeFolder(),
        stamps,
        ...trouble,
      });
      const counts = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
      figures.push(
        `${trouble.systemCalls} ${trouble.error}: ${counts.join(', ')}, ${lost} lost; cards looked at meanwhile: ${seen} of ${seen + unseen}${fault ? `, check: ${fault}` : ''}`,
      );
      const refusedOnly = Object.keys(statuses).every((status) => ['201', '503'].includes(status));
      holds &&=
        statuses[201] === stamps &&
        (statuses[503] ?? 0) > 0 &&
        refusedOnly &&
        unseen === 0 &&
        lost === 0 &&
        fault === null;
    }
    return { figure: figures.join('; '), holds };
  },
};
