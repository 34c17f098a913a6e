import BetterSqlite3 from 'better-sqlite3';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** For whoever writes at that moment to be done. */
const MAX_BUSY_MS = 10_000;
/** While it waits for a reader nobody can write, and somebody may read for minutes: a backup, a check. */
const MAX_BUSY_EMPTYING_MS = 50;
const MAX_TRIES = 1_200;
/** SQLite does not wait for another checkpoint, such as that of the first stamp afterwards: it says no at once. */
const PAUSE_MS = 500;

const { path, isRewritten } = workerData as { path: string; isRewritten: boolean };
const client = new BetterSqlite3(path, { timeout: MAX_BUSY_MS });
try {
  client.pragma('synchronous = FULL');
  client.pragma('secure_delete = ON');
  try {
    if (isRewritten) client.exec('VACUUM');
  } finally {
    // Also of what found no room.
    await emptyLog();
  }
} finally {
  client.close();
}
parentPort!.postMessage('done');

/** What was written before is in the write-ahead log until that is emptied, which waits for whoever still reads it. */
async function emptyLog(): Promise<void> {
  client.pragma(`busy_timeout = ${MAX_BUSY_EMPTYING_MS}`);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const [result] = client.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    if (result?.busy === 0) return;
    await sleep(PAUSE_MS);
  }
  throw new Error('The write-ahead log is in use and could not be emptied');
}
