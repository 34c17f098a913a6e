import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import { findNames, listRecentAudit } from '../../db/queries/audit-queries.ts';
import type { AuditFilter, AuditRow } from '../../db/queries/audit-queries.ts';
import { findChainHead } from '../../db/queries/ledger-queries.ts';
import type { Actor } from './actor.ts';
import type { Page } from './page-of.ts';

export type { AuditFilter } from '../../db/queries/audit-queries.ts';

/** Rows that one statement looks at, whether they were asked for or not: a large chain's log holds a million sign-ins. */
const STEP_ROWS = 5_000;

/** A line of the audit log, with what its ids are called now: who was forgotten has no name here either. */
export interface AuditLine extends Omit<AuditRow, 'merchantId'> {
  staffName: string | null;
  subjectName: string | null;
}

/** A page of the audit log, newest first. `before` is the sequence number the last page ended with. */
export const readAudit =
  (db: Database, { stepRows = STEP_ROWS }: { stepRows?: number } = {}) =>
  async (
    { merchantId }: Pick<Actor, 'merchantId'>,
    { before = Infinity, limit, ...filter }: AuditFilter & { before?: number | undefined; limit: number },
  ): Promise<Page<AuditLine>> => {
    const [head] = await db.read((queries) => findChainHead(queries, { merchantId, chain: 'audit' }));
    const rows: AuditRow[] = [];
    let beforeSequence = Math.min(before, (head?.sequence ?? 0) + 1);
    while (beforeSequence > 1 && rows.length <= limit) {
      const fromSequence = beforeSequence - stepRows;
      const step = { merchantId, fromSequence, beforeSequence, limit: limit + 1 - rows.length, filter };
      rows.push(...(await db.read((queries) => listRecentAudit(queries, step))));
      beforeSequence = fromSequence;
      await nextTurn();
    }
    const shown = rows.slice(0, limit);
    const ids = shown.flatMap(({ staffId, subjectId }) => [staffId, subjectId]);
    const named = { merchantId, ids: [...new Set(ids.filter((id) => id !== null))] };
    const names = await db.read((queries) => findNames(queries, named));
    const items = shown.map(({ merchantId: _, ...row }) => ({
      ...row,
      staffName: (row.staffId && names.get(row.staffId)) ?? null,
      subjectName: (row.subjectId && names.get(row.subjectId)) ?? null,
    }));
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { items, nextCursor: last ? String(last.sequence) : null };
  };
