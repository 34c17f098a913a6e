import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import { findStepEnd, listGestures, spanOf } from '../../db/queries/report-queries.ts';
import type {
  GestureFilter,
  GestureOrder,
  GesturePlace,
  ReportGesture,
} from '../../db/queries/report-queries.ts';

/** Gestures that one statement looks at, whether the report shows them or not: some ten milliseconds' worth. */
const STEP_GESTURES = 5_000;

/**
 * The next gestures a report shows. One that shows few of many (vouchers, one person of a chain) is looked for a step
 * at a time: on SQLite a statement that reads a million rows to find none would keep everybody waiting.
 */
export async function listReportGestures(
  db: Database,
  filter: GestureFilter,
  {
    after,
    limit,
    first,
    stepGestures = STEP_GESTURES,
  }: { after: GesturePlace | null; limit: number; first: GestureOrder; stepGestures?: number },
): Promise<ReportGesture[]> {
  if (!isNarrow(filter)) return db.read((queries) => listGestures(queries, filter, { after, limit, first }));
  const { merchantId } = filter;
  const { earliest, latest } = spanOf(filter);
  const found: ReportGesture[] = [];
  let from = after?.givenAt ?? (first === 'oldest' ? earliest : latest);
  for (;;) {
    const upTo = await db.read((queries) =>
      findStepEnd(queries, { merchantId, from, first, count: stepGestures }),
    );
    const within = first === 'oldest' ? { earliest: from, latest: upTo } : { earliest: upTo, latest: from };
    const place = { after, limit: limit - found.length, first, within };
    found.push(...(await db.read((queries) => listGestures(queries, filter, place))));
    if (upTo === undefined || found.length === limit) return found;
    if (first === 'oldest' ? latest && upTo >= latest : earliest && upTo <= earliest) return found;
    // Everything at that very instant was looked at.
    from = new Date(upTo.getTime() + (first === 'oldest' ? 1 : -1));
    await nextTurn();
  }
}

/** Whether it may leave out most of what was given. */
function isNarrow({ locationId, staffId, kind, reason }: GestureFilter): boolean {
  return [locationId, staffId, kind, reason].some((part) => part !== undefined);
}
