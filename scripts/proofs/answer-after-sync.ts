import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { v7 as uuid } from 'uuid';
import { withDatabase } from '../../db/open.ts';
import type { Proof } from './proof.ts';
import { findFreePort, openShop, startServerProcess } from './running-shop.ts';
import { openTillClient } from './till-client.ts';

const CLIENTS = 8;
const CARDS = 32;
/** What reads a request, everything that writes to a file or a socket, and everything that waits for the disk. */
const SYSTEM_CALLS = 'read,pwrite64,pwritev,write,writev,sendto,sendmsg,fsync,fdatasync';

interface SyncOutcome {
  answers: number;
  /**
   * Answers that left while something in the write-ahead log was not yet on the disk, or before anything was written
   * there since they were asked for.
   */
  early: number;
}

/** Stamps through a server of which every system call is written down, and reads in which order they came. */
async function watchSystemCalls({
  folder,
  stamps,
  nodeOptions = [],
}: {
  folder: string;
  stamps: number;
  nodeOptions?: string[];
}): Promise<SyncOutcome> {
  const databaseUrl = join(folder, 'doublestamp.db');
  const trace = join(folder, 'trace.txt');
  const shop = await withDatabase(databaseUrl, (db) => openShop(db, { cardCount: CARDS }));
  const server = await startServerProcess({
    databaseUrl,
    folder,
    port: await findFreePort(),
    nodeOptions,
    // -D: the server stays our own child; -y: names the file or socket behind a number.
    wrapper: ['strace', '-D', '-f', '-qq', '-y', '-o', trace, '-e', `trace=${SYSTEM_CALLS}`],
  });
  const client = openTillClient(server.url, shop);
  const lines = [{ itemId: shop.flatWhite.itemId, quantity: 1 }];
  const work = async (till: number): Promise<void> => {
    for (let turn = till; turn < stamps; turn += CLIENTS) {
      const body = JSON.stringify({ cardCode: shop.cardCodes[turn % CARDS], lines });
      const { status } = await client.send({ path: '/api/v1/stamps', key: uuid(), body });
      if (status !== 201) throw new Error(`A stamp was answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, till) => work(till)));
  client.close();
  await server.end('SIGTERM');
  return readTrace(trace);
}

/** A write counts from when it began; a sync counts once it is over. */
async function readTrace(path: string): Promise<SyncOutcome> {
  const outcome: SyncOutcome = { answers: 0, early: 0 };
  const syncing = new Set<string>();
  /** Sockets on which a stamp was asked for that the log can't hold yet. */
  const unwritten = new Set<string>();
  let isUnsynced = false;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const thread = line.split(' ', 1)[0]!;
    const isSync = /\bf(data)?sync\(\d+<[^>]*-wal>/.test(line);
    const [, socket, sent] =
      /\b(?:read|write|writev|sendto|sendmsg)\((\d+<(?:socket|TCP)[^>]*>)(.*)/.exec(line) ?? [];
    if (/\bpwrite(64|v)\(\d+<[^>]*-wal>/.test(line)) {
      isUnsynced = true;
      unwritten.clear();
    } else if (isSync && line.includes('<unfinished')) syncing.add(thread);
    else if (isSync || (syncing.has(thread) && /<\.\.\. f(data)?sync resumed>/.test(line))) {
      syncing.delete(thread);
      isUnsynced = false;
    } else if (socket && sent!.includes('POST /')) unwritten.add(socket);
    else if (socket && sent!.includes('HTTP/1.1 201')) {
      outcome.answers++;
      if (isUnsynced || unwritten.has(socket)) outcome.early++;
    }
  }
  return outcome;
}

export const syncProof: Proof = {
  name: 'sync',
  promise: 'an answer leaves only when its write is on the disk',
  async run({ isLong, makeFolder }) {
    const works = spawnSync('strace', ['-D', '-f', '-qq', '-o', '/dev/null', 'true']).status === 0;
    if (!works)
      return { figure: 'not measured here: strace is not installed, or may not watch', holds: null };
    const stamps = isLong ? 10_000 : 1_000;
    const found = await watchSystemCalls({ folder: makeFolder(), stamps });
    const control = await watchSystemCalls({
      folder: makeFolder(),
      stamps: 100,
      nodeOptions: ['--import', join(import.meta.dirname, 'lose-sync.ts')],
    });
    return {
      figure:
        `${found.answers - found.early} of ${found.answers} answers after their fsync; ` +
        `control with synchronous=NORMAL: ${control.early} of ${control.answers} too early`,
      holds: found.answers === stamps && found.early === 0 && control.early > 0,
    };
  },
};
