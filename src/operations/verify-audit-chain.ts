import type { Database } from '../../db/database.ts';
import { listAudit } from '../../db/queries/audit-queries.ts';
import { findChainHead } from '../../db/queries/ledger-queries.ts';
import { computeAuditHash } from './append-audit.ts';
import { CHAIN_START } from './append-entries.ts';

const PAGE_SIZE = 1_000;

export interface AuditChainCheck {
  rowCount: number;
  /** The first row that is not as it was written, or is missing; null when all are there and right. */
  brokenAt: number | null;
}

/** Recomputes every link of a merchant's audit log, and finds rows that were taken from its end or put there. */
export const verifyAuditChain =
  (db: Database) =>
  ({ merchantId }: { merchantId: string }): Promise<AuditChainCheck> =>
    db.read(async (queries) => {
      let last = CHAIN_START;
      const found = (brokenAt: number | null): AuditChainCheck => ({ rowCount: last.sequence, brokenAt });
      for (;;) {
        // Read before the rows: those it counts are there, and those written meanwhile make it count more.
        const [head = CHAIN_START] = await findChainHead(queries, { merchantId, chain: 'audit' });
        const afterSequence = last.sequence;
        const rows = await listAudit(queries, { merchantId, afterSequence, limit: PAGE_SIZE });
        for (const row of rows) {
          const isNext = row.sequence === last.sequence + 1;
          if (!isNext || computeAuditHash({ previousHash: last.hash, row }) !== row.hash)
            return found(last.sequence + 1);
          last = row;
        }
        if (rows.length > 0) continue;
        if (head.sequence !== last.sequence) return found(Math.min(head.sequence, last.sequence) + 1);
        if (head.hash !== last.hash) return found(last.sequence);
        return found(null);
      }
    });
