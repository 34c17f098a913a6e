import type { Logger } from 'pino';
import type { Database } from '../../db/database.ts';
import { hasForgottenSince } from '../../db/queries/forget-queries.ts';
import type { Clock } from '../clock.ts';

/** Erasing makes tills wait a moment; many who are forgotten in a row share it. */
const PAUSE_MS = 3_600_000;
/** Longer than a server is down between two days' housekeeping. */
const DAYS_BACK = 7;

/**
 * Returns what to call when somebody was forgotten: then, and at most once an hour, what they left in the files of the
 * database is erased. A failure is logged; the next housekeeping tries again.
 */
export function createEraser(db: Database, log: Logger): { soon(): void; close(): void } {
  let timer: NodeJS.Timeout | undefined;
  let erasedAt = Number.NEGATIVE_INFINITY;

  function erase(): void {
    timer = undefined;
    erasedAt = performance.now();
    db.eraseTraces().catch((error: unknown) => log.error({ err: error }, 'traces could not be erased'));
  }

  return {
    soon() {
      if (timer) return;
      timer = setTimeout(erase, Math.max(0, erasedAt + PAUSE_MS - performance.now()));
      timer.unref();
    },
    close() {
      clearTimeout(timer);
    },
  };
}

/** Erases what a server that was stopped too soon did not; for once a day and at the start. */
export const eraseOldTraces = (db: Database, clock: Clock) => async (): Promise<void> => {
  const after = new Date(clock.now().getTime() - DAYS_BACK * 86_400_000);
  if (await db.read((queries) => hasForgottenSince(queries, { after }))) await db.eraseTraces();
};
