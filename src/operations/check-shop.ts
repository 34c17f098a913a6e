import type { Database } from '../../db/database.ts';
import type { MerchantRow } from '../../db/queries/merchant-queries.ts';
import { verifyAllowances } from './verify-allowances.ts';
import type { AllowanceFault } from './verify-allowances.ts';
import { verifyAuditChain } from './verify-audit-chain.ts';
import { verifyDraws } from './verify-draws.ts';
import type { DrawFault } from './verify-draws.ts';
import { verifyLedger } from './verify-ledger.ts';
import type { LedgerFault } from './verify-ledger.ts';

export type ShopFault =
  | LedgerFault
  | AllowanceFault
  | DrawFault
  /** A row of the audit log is not as it was written, or it or the one before it is gone. */
  | { fault: 'audit-changed'; sequence: number }
  /** A row cannot be read at all. */
  | { fault: 'unreadable'; part: 'ledger' | 'audit log' | 'allowances' | 'draws'; detail: string };

export interface ShopCheck {
  entryCount: number;
  cardCount: number;
  auditCount: number;
  counterCount: number;
  drawCount: number;
  /** The first that was found; null when everything is as it was written. */
  fault: ShopFault | null;
}

/**
 * Recomputes everything that a shop's books promise: the ledger's chain, every card's balance and rewards, the audit
 * log's chain, what the counters of the allowances say, and the chain of the draws. Tills go on meanwhile.
 */
export const checkShop =
  (db: Database) =>
  async ({ merchantId, weekStartsOn }: MerchantRow): Promise<ShopCheck> => {
    const found: ShopCheck = {
      entryCount: 0,
      cardCount: 0,
      auditCount: 0,
      counterCount: 0,
      drawCount: 0,
      fault: null,
    };
    const ledger = await orUnreadable('ledger', () => verifyLedger(db)({ merchantId }));
    Object.assign(found, ledger);
    if (found.fault) return found;
    const audit = await orUnreadable('audit log', () => verifyAuditChain(db)({ merchantId }));
    if ('fault' in audit) return { ...found, ...audit };
    found.auditCount = audit.rowCount;
    if (audit.brokenAt !== null)
      return { ...found, fault: { fault: 'audit-changed', sequence: audit.brokenAt } };
    const allowances = await orUnreadable('allowances', () =>
      verifyAllowances(db)({ merchantId, weekStartsOn }),
    );
    Object.assign(found, allowances);
    if (found.fault) return found;
    const draws = await orUnreadable('draws', () => verifyDraws(db, null)({ merchantId }));
    return { ...found, ...draws };
  };

/** A changed byte may also make a row that nobody can read: JSON that is none, an instant out of all time. */
async function orUnreadable<T>(
  part: (ShopFault & { fault: 'unreadable' })['part'],
  verify: () => Promise<T>,
): Promise<T | { fault: ShopFault }> {
  try {
    return await verify();
  } catch (error) {
    const { message, cause } = error as Error;
    if (isOutage(error)) throw error;
    const detail = cause instanceof Error ? cause.message : message;
    return { fault: { fault: 'unreadable', part, detail } };
  }
}

/** The database is not there, or busy: that says nothing about what is in it. */
function isOutage(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return /^(SQLITE_(BUSY|IOERR|FULL|CANTOPEN)|ECONN|ENOTFOUND|08|53|57)/.test(code ?? cause?.code ?? '');
}
