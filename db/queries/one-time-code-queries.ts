import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';
import type { CodePurpose } from '../schema.ts';

export type OneTimeCodeRow = Tables['oneTimeCodes']['$inferSelect'];

export function insertOneTimeCode(tx: Queries, code: OneTimeCodeRow) {
  return tx.query((db, { oneTimeCodes }) => db.insert(oneTimeCodes).values(code));
}

/** The codes made for a customer after `after`, the newest first. */
export function listOneTimeCodes(
  tx: Queries,
  asked: { merchantId: string; customerId: string; purpose: CodePurpose; after: Date; limit: number },
): Promise<OneTimeCodeRow[]> {
  const { merchantId, customerId, purpose, after, limit } = asked;
  return tx.query((db, { oneTimeCodes }) =>
    db
      .select()
      .from(oneTimeCodes)
      .where(
        and(
          eq(oneTimeCodes.merchantId, merchantId),
          eq(oneTimeCodes.customerId, customerId),
          eq(oneTimeCodes.purpose, purpose),
          gt(oneTimeCodes.createdAt, after),
        ),
      )
      .orderBy(desc(oneTimeCodes.createdAt), desc(oneTimeCodes.codeId))
      .limit(limit),
  );
}

export async function findOneTimeCode(
  tx: Queries,
  { merchantId, codeId }: { merchantId: string; codeId: string },
): Promise<OneTimeCodeRow | undefined> {
  const rows = await tx.query((db, { oneTimeCodes }) =>
    db
      .select()
      .from(oneTimeCodes)
      .where(and(eq(oneTimeCodes.merchantId, merchantId), eq(oneTimeCodes.codeId, codeId))),
  );
  return rows[0];
}

export function updateOneTimeCode(
  tx: Queries,
  {
    merchantId,
    codeId,
    ...change
  }: { merchantId: string; codeId: string; wrongCount: number; usedAt: Date | null },
) {
  return tx.query((db, { oneTimeCodes }) =>
    db
      .update(oneTimeCodes)
      .set(change)
      .where(and(eq(oneTimeCodes.merchantId, merchantId), eq(oneTimeCodes.codeId, codeId))),
  );
}

/** Customers who have proved this address (lower case), whoever is known the longest first. */
export function listCustomersByEmail(
  tx: Queries,
  { merchantId, email, limit }: { merchantId: string; email: string; limit: number },
) {
  return tx.query((db, { customers }) =>
    db
      .select({ customerId: customers.customerId })
      .from(customers)
      .where(
        and(
          eq(customers.merchantId, merchantId),
          eq(customers.email, email),
          isNull(customers.forgottenAt),
          isNull(customers.joinedIntoId),
        ),
      )
      .orderBy(customers.customerId)
      .limit(limit),
  );
}
