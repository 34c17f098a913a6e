import type { Database } from '../../db/database.ts';
import { listMerchants } from '../../db/queries/merchant-queries.ts';

/** How long a database that works may take to answer. */
const MAX_WAIT_MS = 2_000;

/**
 * Whether the database can be read, and a writer is to be had: a transaction that writes nothing gets its turn.
 * Asked while an answer is awaited, it waits for the same one, so nobody can pile up checks.
 */
export const checkReady = (db: Database) => {
  let current: Promise<boolean> | undefined;
  return (): Promise<boolean> => (current ??= check(db).finally(() => (current = undefined)));
};

async function check(db: Database): Promise<boolean> {
  const answered = Promise.all([
    db.read((queries) => listMerchants(queries, { limit: 1 })),
    db.transact(async () => undefined),
  ]);
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), MAX_WAIT_MS);
  });
  try {
    return await Promise.race([answered.then(() => true), tooLate]);
  } catch {
    return false; // what is wrong is told by every request that fails; this only says whether
  } finally {
    clearTimeout(timer);
  }
}
