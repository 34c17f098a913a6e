import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { withDatabase } from '../../db/open.ts';
import { checkShop } from '../../src/operations/check-shop.ts';
import { listShops } from '../../src/operations/choose-merchant.ts';
import { countRows } from './count-rows.ts';
import type { Proof } from './proof.ts';
import { findFreePort, openShop, startServerProcess } from './running-shop.ts';
import type { OpenShop } from './running-shop.ts';
import { openTillClient } from './till-client.ts';
import type { Answer, Operation, TillClient } from './till-client.ts';

const CLIENTS = 16;
const CARDS = 40;
const TIMES = 3;
/** Of every ten operations. */
const STAMPS = 6;
const GESTURES = 2;

interface RepeatOutcome {
  operations: number;
  /** Rows in the database more, or fewer, than operations that were answered with 201. */
  doubled: number;
  /** Operations whose three answers were not the same to the byte, or not once new and twice repeated. */
  unlike: number;
  /** How many operations got each status. */
  statuses: Record<number, number>;
  /** Statuses of: no key, the same key for something else. */
  misuse: [missingKey: number, otherBody: number];
  fault: string | null;
}

/** Sends every operation three times, all of them in one shuffled heap, from sixteen tills at once. */
export async function repeatEverything({
  databaseUrl,
  folder,
  operations: count,
}: {
  databaseUrl: string;
  folder: string;
  operations: number;
}): Promise<RepeatOutcome> {
  return withDatabase(databaseUrl, async (db) => {
    const shop = await openShop(db, { cardCount: CARDS, gesturesLimit: 20 });
    const server = await startServerProcess({ databaseUrl, folder, port: await findFreePort() });
    const client = openTillClient(server.url, shop);
    try {
      const operations = Array.from({ length: count }, (_, turn) => makeOperation(shop, turn));
      const answers = await sendShuffled(client, operations);
      const misuse = await misuseKeys(client, operations[0]!);
      const statuses: Record<number, number> = {};
      let unlike = 0;
      const done = { stamps: 0, gestures: 0, redemptions: 0 };
      for (const operation of operations) {
        const [first, ...others] = answers.get(operation.key)!;
        statuses[first!.status] = (statuses[first!.status] ?? 0) + 1;
        const isAlike = others.every(({ status, body }) => status === first!.status && body === first!.body);
        const isNewOnce = [first!, ...others].filter(({ isReplay }) => !isReplay).length === 1;
        if (!isAlike || !isNewOnce) unlike++;
        if (first!.status === 201) done[operation.path.split('/').at(-1) as keyof typeof done]++;
      }
      const { merchantId } = shop;
      const redeemed = (await countRows(db, merchantId, 'rewards')) - (await countOpen(client, shop));
      const differences = [
        (await countRows(db, merchantId, 'sales')) - done.stamps,
        (await countRows(db, merchantId, 'gestures')) - done.gestures,
        (await countRows(db, merchantId, 'answers')) - count,
        redeemed - done.redemptions,
      ];
      const [merchant] = await listShops(db)();
      const { fault } = await checkShop(db)(merchant!);
      return {
        operations: count,
        doubled: differences.reduce((total, difference) => total + Math.abs(difference), 0),
        unlike,
        statuses,
        misuse,
        fault: fault && JSON.stringify(fault),
      };
    } finally {
      client.close();
      await server.end('SIGTERM');
    }
  });
}

function makeOperation({ cardCodes, flatWhite }: OpenShop, turn: number): Operation {
  const cardCode = cardCodes[turn % CARDS];
  const kind = turn % 10;
  const key = uuid();
  if (kind < STAMPS) {
    const lines = [{ itemId: flatWhite.itemId, quantity: 1 + (turn % 3) }];
    return { path: '/api/v1/stamps', key, body: JSON.stringify({ cardCode, lines }) };
  }
  if (kind < STAMPS + GESTURES)
    return {
      path: '/api/v1/gestures',
      key,
      body: JSON.stringify({ cardCode, kind: 'double_stamp', reason: 'regular' }),
    };
  return { path: '/api/v1/redemptions', key, body: JSON.stringify({ cardCode, override: true }) };
}

async function sendShuffled(
  client: TillClient,
  operations: readonly Operation[],
): Promise<Map<string, Answer[]>> {
  const heap = operations.flatMap((operation) => Array.from({ length: TIMES }, () => operation));
  for (let last = heap.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [heap[last], heap[other]] = [heap[other]!, heap[last]!];
  }
  const answers = new Map<string, Answer[]>();
  const work = async (): Promise<void> => {
    for (let next = heap.pop(); next; next = heap.pop()) {
      const answer = await client.send(next);
      answers.set(next.key, [...(answers.get(next.key) ?? []), answer]);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, work));
  return answers;
}

async function misuseKeys(client: TillClient, operation: Operation): Promise<[number, number]> {
  const body = JSON.stringify({ ...(JSON.parse(operation.body) as object), lines: [] });
  const other = JSON.stringify({ ...(JSON.parse(operation.body) as object), cardCode: 'AAAA-AAAA' });
  const missing = await client.send({ ...operation, key: '', body });
  const reused = await client.send({ ...operation, body: other });
  return [missing.status, reused.status];
}

/** The open rewards of all cards, as a till sees them. */
async function countOpen(client: TillClient, { cardCodes }: OpenShop): Promise<number> {
  let open = 0;
  for (const cardCode of cardCodes) open += (await client.look(cardCode)).card.openRewards.length;
  return open;
}

export const repeatProof: Proof = {
  name: 'repeats',
  promise: 'a repeat changes nothing',
  async run({ isLong, makeFolder }) {
    const folder = makeFolder();
    const databaseUrl = join(folder, 'doublestamp.db');
    const found = await repeatEverything({ databaseUrl, folder, operations: isLong ? 25_000 : 2_500 });
    const { operations, doubled, unlike, statuses, misuse, fault } = found;
    const counts = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
    return {
      figure:
        `${operations} operations × ${TIMES}, shuffled (${counts.join(', ')}): ${doubled} doubled, ${unlike} not the same ` +
        `to the byte; without a key ${misuse[0]}, with another's ${misuse[1]}${fault ? `; check: ${fault}` : ''}`,
      holds: doubled === 0 && unlike === 0 && misuse[0] === 400 && misuse[1] === 422 && fault === null,
    };
  },
};
