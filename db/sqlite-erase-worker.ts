import BetterSqlite3 from 'better-sqlite3';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** As long as somebody may be in the middle of a read or a group of writes. */
const MAX_BUSY_MS = 10_000;
const MAX_TRIES = 20;
/** SQLite does not wait for another checkpoint, such as that of the first stamp afterwards: it says no at once. */
const PAUSE_MS = 500;

const { path, isRewritten } = workerData as { path: string; isRewritten: boolean };
const client = new BetterSqlite3(path, { timeout: MAX_BUSY_MS });
try {
  client.pragma('synchronous = FULL');
  client.pragma('secure_delete = ON');
  if (isRewritten) client.exec('VACUUM');
  // What was written before is in the write-ahead log until that is emptied, which waits for whoever still reads it.
  let isEmptied = false;
  for (let tries = 0; !isEmptied && tries < MAX_TRIES; tries++) {
    const [result] = client.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    isEmptied = result?.busy === 0;
    if (!isEmptied) await sleep(PAUSE_MS);
  }
  if (!isEmptied) throw new Error('The write-ahead log is in use and could not be emptied');
} finally {
  client.close();
}
parentPort!.postMessage('done');
