import { spawn } from 'node:child_process';
import { copyFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { withDatabase } from '../../db/open.ts';
import { listShops } from '../../src/operations/choose-merchant.ts';
import { countRows } from './count-rows.ts';
import type { Proof } from './proof.ts';
import { findFreePort, openShop, startServerProcess } from './running-shop.ts';
import { openTillClient } from './till-client.ts';

const CLIENTS = 8;
const CARDS = 32;
const RUSH_MS = 1_000;
const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');

interface BackupOutcome {
  /** Stamps that were answered before the backup began, and those in the shop that was restored from it. */
  acknowledged: number;
  restored: number;
  /** Those in a plain copy of the database file, made at the same moment; null when it does not even open. */
  copied: number | null;
  /** What `check` said of the restored shop. */
  checked: string;
}

/** Backs a shop up while eight tills stamp, and restores it into a new folder, with the commands an owner would use. */
async function backUpUnderLoad(folder: string): Promise<BackupOutcome> {
  const databaseUrl = join(folder, 'doublestamp.db');
  const shop = await withDatabase(databaseUrl, (db) => openShop(db, { cardCount: CARDS }));
  const server = await startServerProcess({ databaseUrl, folder, port: await findFreePort() });
  const client = openTillClient(server.url, shop);
  const lines = [{ itemId: shop.flatWhite.itemId, quantity: 1 }];
  const backup = join(folder, 'backup.db');
  let acknowledged = 0;
  let hasBegun = false;
  let isOver = false;
  const work = async (till: number): Promise<void> => {
    for (let turn = till; !isOver; turn++) {
      const body = JSON.stringify({ cardCode: shop.cardCodes[turn % CARDS], lines });
      const { status } = await client.send({ path: '/api/v1/stamps', key: uuid(), body });
      // The command takes a while to start: it has begun when there is a draft of its file.
      hasBegun ||= readdirSync(folder).some((name) => name.startsWith(basename(backup)));
      if (status === 201 && !hasBegun) acknowledged++;
    }
  };
  const tills = Promise.all(Array.from({ length: CLIENTS }, (_, till) => work(till)));
  await sleep(RUSH_MS);
  const copy = join(folder, 'copied.db');
  copyFileSync(databaseUrl, copy);
  await runCli(folder, 'backup', backup);
  isOver = true;
  await tills;
  client.close();
  await server.end('SIGTERM');
  const restoredFolder = join(folder, 'restored');
  const checked = await runCli(restoredFolder, 'restore', backup);
  return {
    acknowledged,
    restored: (await countSales(join(restoredFolder, 'doublestamp.db')))!,
    copied: await countSales(copy).catch(() => null),
    checked,
  };
}

async function countSales(path: string): Promise<number | null> {
  return withDatabase(path, async (db) => {
    const [merchant] = await listShops(db)();
    return merchant ? countRows(db, merchant.merchantId, 'sales') : null;
  });
}

/** Runs a command on a data folder; throws when it does not end with 0. */
function runCli(folder: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      env: { PATH: process.env['PATH'], DATA_FOLDER: folder },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (output += text.toString()));
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(output))));
  });
}

export const backupProof: Proof = {
  name: 'backup',
  promise: 'a backup made under load restores',
  async run({ isLong, makeFolder }) {
    const outcomes: BackupOutcome[] = [];
    for (let round = 0; round < (isLong ? 25 : 1); round++)
      outcomes.push(await backUpUnderLoad(makeFolder()));
    const isWhole = ({ acknowledged, restored, checked }: BackupOutcome): boolean =>
      acknowledged > 0 && restored >= acknowledged && checked.includes('everything is as it was written');
    const { acknowledged, restored, copied } = outcomes[0]!;
    const short = outcomes.filter(
      (outcome) => outcome.copied === null || outcome.copied < outcome.acknowledged,
    );
    return {
      figure:
        `${outcomes.filter(isWhole).length} of ${outcomes.length} whole (the first: ${acknowledged} acknowledged at its ` +
        `start, ${restored} restored, check in order); control with cp: ${short.length} of ${outcomes.length} short ` +
        `(${copied ?? 'unreadable'})`,
      holds: outcomes.every(isWhole) && short.length > 0,
    };
  },
};
