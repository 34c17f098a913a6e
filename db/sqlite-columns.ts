import { Worker } from 'node:worker_threads';

/** Runs one statement on a read-only connection in a thread of its own: others neither wait for it nor are waited for. */
export function readSqliteColumns(path: string, sql: string, params: unknown[]): Promise<Float64Array[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./sqlite-columns-worker.ts', import.meta.url), {
      workerData: { path, sql, params },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The reader of columns ended with ${code}`)));
  });
}
