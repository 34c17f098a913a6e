import type { Database } from '../../db/database.ts';
import { listRecentAudit } from '../../db/queries/audit-queries.ts';
import type { AuditRow } from '../../db/queries/audit-queries.ts';
import type { Actor } from './actor.ts';

const NEWEST = 2_147_483_647;

/** A page of the audit log, newest first. `before` is the sequence number the last page ended with. */
export const readAudit =
  (db: Database) =>
  async (actor: Actor, { before = NEWEST, limit }: { before?: number | undefined; limit: number }) => {
    const { merchantId } = actor;
    const rows: AuditRow[] = await db.read((queries) =>
      listRecentAudit(queries, { merchantId, beforeSequence: before, limit }),
    );
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return { items: rows, nextCursor: last ? String(last.sequence) : null };
  };
