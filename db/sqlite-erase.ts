import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** Rewriting takes about 5 ms for each megabyte, in which writers wait; a larger file keeps tills waiting too long. */
const MAX_REWRITTEN_BYTES = 1_000_000_000;

/**
 * Takes what was deleted or overwritten out of a SQLite file and its write-ahead log. `secure_delete` already zeroes
 * nearly all of it, but not the copies that are left in a page when its rows move to another (29 of 2,000 in a trial);
 * writing the file anew does. In a thread of its own: reads go on, and writes wait a moment.
 */
export function eraseSqliteTraces(path: string): Promise<void> {
  const isRewritten = statSync(path).size <= MAX_REWRITTEN_BYTES;
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./sqlite-erase-worker.ts', import.meta.url), {
      workerData: { path, isRewritten },
    });
    worker.once('message', () => resolve());
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The eraser ended with ${code}`)));
  });
}
