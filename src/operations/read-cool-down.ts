import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import { listRecentAudit } from '../../db/queries/audit-queries.ts';
import type { AuditRow } from '../../db/queries/audit-queries.ts';
import { findMerchant } from '../../db/queries/merchant-queries.ts';

/**
 * The cool-down, in days, that was in force at any instant from `since` on: it may have been changed. Each statement
 * looks at `stepRows` rows of the audit log, whatever they are: a large chain's holds a million sign-ins.
 */
export async function readCoolDown(
  db: Database,
  { merchantId, since, stepRows }: { merchantId: string; since: Date; stepRows: number },
): Promise<(at: Date) => number> {
  const { coolDownDays } = await db.read((queries) => findMerchant(queries, { merchantId }));
  const edits: AuditRow[] = [];
  let beforeSequence: number | undefined;
  for (;;) {
    const [newest] = await db.read((queries) =>
      listRecentAudit(queries, { merchantId, beforeSequence, limit: 1 }),
    );
    if (!newest || newest.at < since) break;
    const fromSequence = newest.sequence - stepRows + 1;
    const step = { merchantId, fromSequence, beforeSequence, limit: stepRows };
    const filter = { action: 'merchant.edited' };
    edits.push(...(await db.read((queries) => listRecentAudit(queries, { ...step, filter }))));
    beforeSequence = fromSequence;
    await nextTurn();
  }
  return (at) => {
    // The newest is the first, so this is the next one after that instant.
    const next = edits.findLast((edit) => edit.at > at)?.details as
      { from: { coolDownDays: number } } | undefined;
    return next ? next.from.coolDownDays : coolDownDays;
  };
}
