import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { withDatabase } from '../../db/open.ts';
import { checkShop } from '../../src/operations/check-shop.ts';
import { listShops } from '../../src/operations/choose-merchant.ts';
import { countRows, listSaleIds } from './count-rows.ts';
import type { Proof } from './proof.ts';
import { findFreePort, openShop, startServerProcess } from './running-shop.ts';
import { openTillClient } from './till-client.ts';

const CLIENTS = 16;
const CARDS = 64;
/** How long a server lives before it is killed: from its first breath to the middle of a rush. */
const SHORTEST_LIFE_MS = 20;
const LONGEST_LIFE_MS = 900;
const READY_WITHIN_MS = 2_000;

interface KillOutcome {
  kills: number;
  /** Writes that were answered with 201. */
  acknowledged: number;
  /** Of these, not in the database. */
  lost: number;
  /** Sales more than there were writes. */
  doubled: number;
  /** Writes whose first answer was lost, and which were asked for again. */
  answeredAgain: number;
  /** What `check` found; null when nothing. */
  fault: string | null;
  /** The start after each kill, in order of length. */
  readyAfterMs: number[];
}

/**
 * Sixteen tills stamp while the server is killed with SIGKILL at random instants and started again. A till that gets
 * no answer asks again with the same key until it does.
 */
export async function killAServer({
  folder,
  kills,
}: {
  folder: string;
  kills: number;
}): Promise<KillOutcome> {
  const databaseUrl = join(folder, 'doublestamp.db');
  const shop = await withDatabase(databaseUrl, (db) => openShop(db, { cardCount: CARDS }));
  const server = { databaseUrl, folder, port: await findFreePort() };
  let running = await startServerProcess(server);
  const client = openTillClient(running.url, shop);
  const saleIds: string[] = [];
  let answeredAgain = 0;
  let isOver = false;
  const lines = [{ itemId: shop.flatWhite.itemId, quantity: 1 }];
  const stampAllDay = async (till: number): Promise<void> => {
    for (let turn = till; !isOver; turn++) {
      const body = JSON.stringify({ cardCode: shop.cardCodes[turn % CARDS], lines });
      const answer = await client.sendUntilAnswered({ path: '/api/v1/stamps', key: uuid(), body });
      if (answer.status !== 201) throw new Error(`A stamp was answered ${answer.status}: ${answer.body}`);
      if (answer.isReplay) answeredAgain++;
      saleIds.push((JSON.parse(answer.body) as { sale: { saleId: string } }).sale.saleId);
    }
  };
  const tills = Array.from({ length: CLIENTS }, (_, till) => stampAllDay(till));
  const stopped = Promise.all(tills).catch((error: unknown) => error as Error);
  const readyAfterMs: number[] = [];
  for (let killed = 0; killed < kills; killed++) {
    await sleep(SHORTEST_LIFE_MS + Math.random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS));
    await running.end('SIGKILL');
    running = await startServerProcess(server);
    readyAfterMs.push(running.readyAfterMs);
  }
  isOver = true;
  const failure = await stopped;
  client.close();
  await running.end('SIGKILL');
  if (failure instanceof Error) throw failure;
  return withDatabase(databaseUrl, async (db) => {
    const written = new Set(await listSaleIds(db, shop.merchantId));
    const [merchant] = await listShops(db)();
    const { fault } = await checkShop(db)(merchant!);
    return {
      kills,
      acknowledged: saleIds.length,
      lost: countMissing(saleIds, written),
      doubled: (await countRows(db, shop.merchantId, 'sales')) - new Set(saleIds).size,
      answeredAgain,
      fault: fault && JSON.stringify(fault),
      readyAfterMs: readyAfterMs.toSorted((a, b) => a - b),
    };
  });
}

/** How many of the acknowledged are not among the written. */
export function countMissing(acknowledged: readonly string[], written: ReadonlySet<string>): number {
  return acknowledged.filter((saleId) => !written.has(saleId)).length;
}

export const killProof: Proof = {
  name: 'kill',
  promise: 'an acknowledged write survives kill -9',
  async run({ isLong, makeFolder }) {
    const found = await killAServer({ folder: makeFolder(), kills: isLong ? 200 : 5 });
    const { kills, acknowledged, lost, doubled, answeredAgain, fault, readyAfterMs } = found;
    const noticed = countMissing(['a sale that nobody wrote'], new Set());
    return {
      figure:
        `${kills} kills, ${acknowledged} writes by ${CLIENTS} tills: ${lost} lost, ${doubled} doubled, ` +
        `${answeredAgain} answered again; open again after ${describeTimes(readyAfterMs)} with the tills knocking` +
        (fault ? `; check: ${fault}` : '; check: in order'),
      holds: lost === 0 && doubled === 0 && fault === null && acknowledged > 0 && noticed === 1,
    };
  },
};

export const readyProof: Proof = {
  name: 'ready',
  promise: 'a killed server is ready again in 2 s',
  async run({ isLong, makeFolder }) {
    const folder = makeFolder();
    const databaseUrl = join(folder, 'doublestamp.db');
    await withDatabase(databaseUrl, (db) => openShop(db, { cardCount: CARDS }));
    const server = { databaseUrl, folder, port: await findFreePort() };
    const load = loadavg()[0]!;
    const times: number[] = [];
    for (let start = 0; start < (isLong ? 50 : 5); start++) {
      const running = await startServerProcess(server);
      times.push(running.readyAfterMs);
      await running.end('SIGKILL');
    }
    times.sort((a, b) => a - b);
    const isInTime = medianOf(times) <= READY_WITHIN_MS;
    const isBusy = load > cpus().length / 2;
    return {
      figure:
        `${times.length} starts: ${describeTimes(times)}; load of this machine before ${load.toFixed(1)} on ` +
        `${cpus().length} cores${!isInTime && isBusy ? ': too busy with other things to say' : ''}`,
      holds: isInTime || !isBusy ? isInTime : null,
    };
  },
};

function describeTimes(sortedMs: readonly number[]): string {
  const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
  return `${seconds(medianOf(sortedMs))} s (median), ${seconds(sortedMs.at(-1)!)} s (worst)`;
}

function medianOf(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)]!;
}
