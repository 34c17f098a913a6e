import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Rewriting takes about 5 ms for each megabyte, in which writers wait; a larger file keeps tills waiting too long. */
const MAX_REWRITTEN_BYTES = 1_000_000_000;

/** Writing it anew takes the file's size for the copy and again for the write-ahead log, and the tills go on meanwhile. */
const ROOM_IN_FILES = 2;
const ROOM_TO_SPARE_BYTES = 50_000_000;

/**
 * Takes what was deleted or overwritten out of a SQLite file and its write-ahead log. `secure_delete` already zeroes
 * nearly all of it, but not the copies that are left in a page when its rows move to another (29 of 2,000 in a trial);
 * writing the file anew does. In a thread of its own: reads go on, and writes wait a moment.
 *
 * @throws when the disk, with `freeBytes` left, has no room for the file to be written anew; the log is emptied all the same
 */
export async function eraseSqliteTraces(path: string, freeBytes = freeBytesBeside(path)): Promise<void> {
  const { size } = statSync(path);
  const isSmall = size <= MAX_REWRITTEN_BYTES;
  const needed = ROOM_IN_FILES * size + ROOM_TO_SPARE_BYTES;
  const hasRoom = freeBytes >= needed;
  await runEraser({ path, isRewritten: isSmall && hasRoom });
  if (isSmall && !hasRoom)
    throw new Error(
      `The database file was not written anew: that needs ${Math.ceil(needed / 1_000_000)} MB free beside it`,
    );
}

function freeBytesBeside(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize;
}

function runEraser(workerData: { path: string; isRewritten: boolean }): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./sqlite-erase-worker.ts', import.meta.url), { workerData });
    worker.once('message', () => resolve());
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The eraser ended with ${code}`)));
  });
}
