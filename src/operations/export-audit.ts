import type { Database } from '../../db/database.ts';
import type { AuditFilter } from '../../db/queries/audit-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { BYTE_ORDER_MARK, csvLines } from './csv-lines.ts';
import { readAudit } from './read-audit.ts';
import type { AuditLine } from './read-audit.ts';
import { defuseFormula } from './spreadsheet-text.ts';

const ROWS_PER_PAGE = 500;
const HEADER = ['number', 'at', 'staffId', 'who', 'action', 'subjectId', 'subject', 'details', 'hash'];

/** The audit log as CSV, piece by piece, the newest line first. That it was taken out is its own line in the log. */
export const exportAudit = (db: Database, clock: Clock) => {
  const read = readAudit(db);

  return async (actor: Actor, filter: AuditFilter): Promise<AsyncGenerator<string>> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    await db.transact((tx) =>
      appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'audit.exported',
        subjectId: null,
        details: { ...filter },
      }),
    );
    return pieces(actor, filter);
  };

  async function* pieces(actor: Actor, filter: AuditFilter): AsyncGenerator<string> {
    yield BYTE_ORDER_MARK + csvLines([HEADER]);
    let before: number | undefined;
    for (;;) {
      const page = await read(actor, { ...filter, before, limit: ROWS_PER_PAGE });
      yield csvLines(page.items.map(toCells));
      if (page.nextCursor === null) return;
      before = Number(page.nextCursor);
    }
  }
};

function toCells(row: AuditLine): string[] {
  const { sequence, at, staffId, staffName, action, subjectId, subjectName, details, hash } = row;
  const cells = [
    String(sequence),
    at.toISOString(),
    staffId ?? '',
    staffName ?? '',
    action,
    subjectId ?? '',
    subjectName ?? '',
    JSON.stringify(details),
    hash,
  ];
  return cells.map(defuseFormula);
}
