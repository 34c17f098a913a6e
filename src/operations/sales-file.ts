import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Queries } from '../../db/database.ts';
import { listSalesByReference, MAX_SALES_PER_LOOKUP } from '../../db/queries/import-queries.ts';
import type { Sale } from '../../pos-adapter/sale.ts';
import { readSales } from '../../pos-adapter/sales-file/read-sales.ts';
import type { SalesFileRow, SalesReading } from '../../pos-adapter/sales-file/read-sales.ts';
import type { ImportTarget } from './import-target.ts';

/** Rows between two turns of the event loop: about 20 ms of writing on SQLite. */
export const ROWS_PER_CHUNK = 128;

/** A file of sales, how it is to be read, and where its sales belong. */
export interface SalesFile extends SalesReading {
  merchantId: string;
  path: string;
  fileName: string;
  /** What the file's own till is called: its references are unique within it. */
  source: string;
  target: ImportTarget;
  onProgress?: ((rowsDone: number) => Promise<void> | void) | undefined;
}

/** The rows of a file in groups, with a turn of the event loop after each, so that the tills are served in between. */
export async function* readInChunks(file: SalesFile): AsyncGenerator<SalesFileRow[]> {
  let chunk: SalesFileRow[] = [];
  for await (const row of readSales(file.path, file)) {
    if (chunk.push(row) < ROWS_PER_CHUNK) continue;
    yield chunk;
    chunk = [];
    await nextTurn();
  }
  if (chunk.length > 0) yield chunk;
}

/** The ids, among these sales of a file, of those that are recorded already. Nothing is looked up for a new source. */
export async function findKnownSales(
  queries: Queries,
  {
    merchantId,
    source,
    sales,
    isNewSource,
  }: { merchantId: string; source: string; sales: readonly Sale[]; isNewSource: boolean },
): Promise<Set<string | null>> {
  const known = new Set<string | null>();
  if (isNewSource) return known;
  for (let place = 0; place < sales.length; place += MAX_SALES_PER_LOOKUP) {
    const references = sales.slice(place, place + MAX_SALES_PER_LOOKUP).map(({ saleId }) => saleId);
    for (const { reference } of await listSalesByReference(queries, { merchantId, source, references }))
      known.add(reference);
  }
  return known;
}
