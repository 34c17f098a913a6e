import { and, asc, eq, gt } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';

export type AllowanceRow = Tables['allowances']['$inferSelect'];

export function insertAllowance(tx: Queries, allowance: AllowanceRow) {
  return tx.query((db, { allowances }) => db.insert(allowances).values(allowance));
}

export async function findAllowance(
  tx: Queries,
  { merchantId, allowanceId }: { merchantId: string; allowanceId: string },
): Promise<AllowanceRow | undefined> {
  const rows = await tx.query((db, { allowances }) =>
    db
      .select()
      .from(allowances)
      .where(and(eq(allowances.merchantId, merchantId), eq(allowances.allowanceId, allowanceId))),
  );
  return rows[0];
}

/** Whether there is a rule already for this subject and period. */
export async function isAllowanceTaken(
  tx: Queries,
  rule: Pick<AllowanceRow, 'merchantId' | 'scope' | 'subjectId' | 'period'>,
): Promise<boolean> {
  const rows = await tx.query((db, { allowances }) =>
    db
      .select({ allowanceId: allowances.allowanceId })
      .from(allowances)
      .where(
        and(
          eq(allowances.merchantId, rule.merchantId),
          eq(allowances.scope, rule.scope),
          eq(allowances.subjectId, rule.subjectId),
          eq(allowances.period, rule.period),
        ),
      ),
  );
  return rows.length > 0;
}

export function listAllowances(
  tx: Queries,
  { merchantId, after, limit }: { merchantId: string; after: string; limit: number },
): Promise<AllowanceRow[]> {
  return tx.query((db, { allowances }) =>
    db
      .select()
      .from(allowances)
      .where(and(eq(allowances.merchantId, merchantId), gt(allowances.allowanceId, after)))
      .orderBy(asc(allowances.allowanceId))
      .limit(limit),
  );
}

export function updateAllowance(
  tx: Queries,
  {
    merchantId,
    allowanceId,
    change,
  }: {
    merchantId: string;
    allowanceId: string;
    change: Partial<Pick<AllowanceRow, 'gesturesLimit' | 'costLimitMinor'>>;
  },
) {
  return tx.query((db, { allowances }) =>
    db
      .update(allowances)
      .set(change)
      .where(and(eq(allowances.merchantId, merchantId), eq(allowances.allowanceId, allowanceId))),
  );
}

/** What it said stays in the audit log. */
export function deleteAllowance(
  tx: Queries,
  { merchantId, allowanceId }: { merchantId: string; allowanceId: string },
) {
  return tx.query((db, { allowances }) =>
    db
      .delete(allowances)
      .where(and(eq(allowances.merchantId, merchantId), eq(allowances.allowanceId, allowanceId))),
  );
}
