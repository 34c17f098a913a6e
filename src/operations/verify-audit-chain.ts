import type { Database } from '../../db/database.ts';
import { listAudit } from '../../db/queries/audit-queries.ts';
import type { AuditRow } from '../../db/queries/audit-queries.ts';
import { computeAuditHash } from './append-audit.ts';
import { followChain } from './follow-chain.ts';

export interface AuditChainCheck {
  rowCount: number;
  /** The first row that is not as it was written, follows one that is gone, or is gone from the end; null for none. */
  brokenAt: number | null;
}

/** Recomputes every link of a merchant's audit log, and finds rows that were taken from its end or put there. */
export const verifyAuditChain =
  (db: Database) =>
  async ({ merchantId }: { merchantId: string }): Promise<AuditChainCheck> => {
    const { count: rowCount, fault: brokenAt } = await followChain<AuditRow, number>(
      db,
      { merchantId, chain: 'audit' },
      {
        list: listAudit,
        hashOf: (previousHash, row) => computeAuditHash({ previousHash, row }),
        changed: (sequence) => sequence,
        missing: (lastSequence) => lastSequence + 1,
      },
    );
    return { rowCount, brokenAt };
  };
