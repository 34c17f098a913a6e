import { hash } from 'node:crypto';
import type { Queries } from '../../db/database.ts';
import { insertAudit } from '../../db/queries/audit-queries.ts';
import type { AuditRow } from '../../db/queries/audit-queries.ts';
import { findChainHead, saveChainHead } from '../../db/queries/ledger-queries.ts';
import { canonicalJson } from './canonical-json.ts';

/** What the log records; `subject.verb` in the past tense. */
export type AuditAction = `${string}.${string}`;

export interface AuditEvent {
  merchantId: string;
  at: Date;
  /** The member of staff who did it; null for the command line and the program itself. */
  staffId: string | null;
  action: AuditAction;
  /** What was changed, seen or taken out: an id. */
  subjectId: string | null;
  /** Plain JSON. Never a secret, a PIN, a password or a customer's name. */
  details: Record<string, unknown>;
}

/** Writes to the merchant's audit log, in the transaction of what it tells. Each row seals the one before it. */
export async function appendAudit(tx: Queries, event: AuditEvent): Promise<void> {
  const { merchantId } = event;
  const [head] = await findChainHead(tx, { merchantId, chain: 'audit' });
  const unsealed = { ...event, sequence: (head?.sequence ?? 0) + 1 };
  const row: AuditRow = {
    ...unsealed,
    hash: computeAuditHash({ previousHash: head?.hash ?? '', row: unsealed }),
  };
  // First, so that two that append at once collide here, which is tried again, and not at a number that is taken.
  await saveChainHead(tx, { merchantId, chain: 'audit', sequence: row.sequence, hash: row.hash });
  await insertAudit(tx, row);
}

/** SHA-256, in hexadecimal, of the previous row's hash and this row as JSON with sorted keys. */
export function computeAuditHash({
  previousHash,
  row,
}: {
  previousHash: string;
  row: Omit<AuditRow, 'hash'>;
}): string {
  const { merchantId, sequence, at, staffId, action, subjectId, details } = row;
  const sealed = { merchantId, sequence, at: at.toISOString(), staffId, action, subjectId, details };
  return hash('sha256', previousHash + canonicalJson(sealed));
}
