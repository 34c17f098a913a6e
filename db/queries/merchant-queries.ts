import { eq } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';

export type MerchantRow = Tables['merchants']['$inferSelect'];

/** The first merchants of this installation: for set-up, which asks whether there is any. */
export function listMerchants(tx: Queries, { limit }: { limit: number }): Promise<MerchantRow[]> {
  return tx.query((db, { merchants }) =>
    db.select().from(merchants).orderBy(merchants.merchantId).limit(limit),
  );
}

export async function findMerchant(
  tx: Queries,
  { merchantId }: { merchantId: string },
): Promise<MerchantRow> {
  const rows = await tx.query((db, { merchants }) =>
    db.select().from(merchants).where(eq(merchants.merchantId, merchantId)),
  );
  if (!rows[0]) throw new Error(`There is no merchant ${merchantId}`);
  return rows[0];
}

export function insertMerchant(tx: Queries, merchant: MerchantRow) {
  return tx.query((db, { merchants }) => db.insert(merchants).values(merchant));
}

export function updateMerchant(
  tx: Queries,
  {
    merchantId,
    ...change
  }: {
    merchantId: string;
    name?: string;
    visitMinutes?: number;
    coolDownDays?: number;
    logoPictureId?: string | null;
  },
) {
  return tx.query((db, { merchants }) =>
    db.update(merchants).set(change).where(eq(merchants.merchantId, merchantId)),
  );
}
