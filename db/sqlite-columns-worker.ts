import BetterSqlite3 from 'better-sqlite3';
import { parentPort, workerData } from 'node:worker_threads';

const { path, sql, params } = workerData as { path: string; sql: string; params: unknown[] };
const client = new BetterSqlite3(path, { readonly: true });
try {
  client.pragma('cache_size = -65536'); // 64 MB, gone with the thread
  const statement = client.prepare(sql).raw();
  const columns: number[][] = statement.columns().map(() => []);
  // Row by row: all of them at once would be 200,000 objects.
  for (const row of statement.iterate(...params) as Iterable<(number | null)[]>)
    for (let place = 0; place < columns.length; place++) columns[place]!.push(row[place] ?? 0);
  const read = columns.map((column) => Float64Array.from(column));
  parentPort!.postMessage(
    read,
    read.map(({ buffer }) => buffer),
  );
} finally {
  client.close();
}
