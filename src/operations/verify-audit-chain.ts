import type { Database } from '../../db/database.ts';
import { listAudit } from '../../db/queries/audit-queries.ts';
import { findChainHead } from '../../db/queries/ledger-queries.ts';
import { computeAuditHash } from './append-audit.ts';

const PAGE_SIZE = 1_000;

export interface AuditChainCheck {
  isIntact: boolean;
  rowCount: number;
  /** The first row that is not as it was written, or is missing. */
  brokenAt: number | null;
}

/** Recomputes every link of a merchant's audit log. Rows written meanwhile are checked by the next run. */
export const verifyAuditChain =
  (db: Database) =>
  ({ merchantId }: { merchantId: string }): Promise<AuditChainCheck> =>
    db.read(async (queries) => {
      const [head] = await findChainHead(queries, { merchantId, chain: 'audit' });
      let previousHash = '';
      let sequence = 0;
      while (sequence < (head?.sequence ?? 0)) {
        const rows = await listAudit(queries, { merchantId, afterSequence: sequence, limit: PAGE_SIZE });
        if (rows.length === 0) return { isIntact: false, rowCount: sequence, brokenAt: sequence + 1 };
        for (const row of rows) {
          if (sequence === head?.sequence) break;
          sequence++;
          if (row.sequence !== sequence || computeAuditHash({ previousHash, row }) !== row.hash)
            return { isIntact: false, rowCount: sequence - 1, brokenAt: sequence };
          previousHash = row.hash;
        }
      }
      const isIntact = previousHash === (head?.hash ?? '');
      return { isIntact, rowCount: sequence, brokenAt: isIntact ? null : sequence };
    });
