import type { Database } from '../../db/database.ts';
import { findNames, listRecentAudit } from '../../db/queries/audit-queries.ts';
import type { AuditFilter, AuditRow } from '../../db/queries/audit-queries.ts';
import type { Actor } from './actor.ts';

export type { AuditFilter } from '../../db/queries/audit-queries.ts';

/** A line of the audit log, with what its ids are called now: who was forgotten has no name here either. */
export interface AuditLine extends Omit<AuditRow, 'merchantId'> {
  staffName: string | null;
  subjectName: string | null;
}

/** A page of the audit log, newest first. `before` is the sequence number the last page ended with. */
export const readAudit =
  (db: Database) =>
  async (
    { merchantId }: Actor,
    { before, limit, ...filter }: AuditFilter & { before?: number | undefined; limit: number },
  ): Promise<{ items: AuditLine[]; nextCursor: string | null }> =>
    db.read(async (queries) => {
      const asked = { merchantId, beforeSequence: before, limit: limit + 1, filter };
      const rows: AuditRow[] = await listRecentAudit(queries, asked);
      const shown = rows.slice(0, limit);
      const ids = shown.flatMap(({ staffId, subjectId }) => [staffId, subjectId]);
      const names = await findNames(queries, {
        merchantId,
        ids: [...new Set(ids.filter((id) => id !== null))],
      });
      const items = shown.map(({ merchantId: _, ...row }) => ({
        ...row,
        staffName: (row.staffId && names.get(row.staffId)) ?? null,
        subjectName: (row.subjectId && names.get(row.subjectId)) ?? null,
      }));
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return { items, nextCursor: last ? String(last.sequence) : null };
    });
