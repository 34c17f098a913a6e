import { and, asc, desc, eq, gt, lt } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';

export type AuditRow = Tables['auditLog']['$inferSelect'];

export function insertAudit(tx: Queries, row: AuditRow) {
  return tx.query((db, { auditLog }) => db.insert(auditLog).values(row));
}

/** A page of the log as it was written, from after `afterSequence`. */
export function listAudit(
  tx: Queries,
  { merchantId, afterSequence, limit }: { merchantId: string; afterSequence: number; limit: number },
): Promise<AuditRow[]> {
  return tx.query((db, { auditLog }) =>
    db
      .select()
      .from(auditLog)
      .where(and(eq(auditLog.merchantId, merchantId), gt(auditLog.sequence, afterSequence)))
      .orderBy(asc(auditLog.sequence))
      .limit(limit),
  );
}

/** A page of the log with the newest first, from before `beforeSequence`. */
export function listRecentAudit(
  tx: Queries,
  { merchantId, beforeSequence, limit }: { merchantId: string; beforeSequence: number; limit: number },
): Promise<AuditRow[]> {
  return tx.query((db, { auditLog }) =>
    db
      .select()
      .from(auditLog)
      .where(and(eq(auditLog.merchantId, merchantId), lt(auditLog.sequence, beforeSequence)))
      .orderBy(desc(auditLog.sequence))
      .limit(limit),
  );
}
