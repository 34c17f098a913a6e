import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Queries, Tables } from '../database.ts';
import type { Chain } from '../schema.ts';
import { placeholders } from './placeholders.ts';

export type EntryRow = Tables['entries']['$inferSelect'];

export const findChainHead = prepared<{ merchantId: string; chain: Chain }>()((db, { chainHeads }) =>
  db
    .select({ sequence: chainHeads.sequence, hash: chainHeads.hash })
    .from(chainHeads)
    .where(
      and(
        eq(chainHeads.merchantId, sql.placeholder('merchantId')),
        eq(chainHeads.chain, sql.placeholder('chain')),
      ),
    ),
);

export const saveChainHead = prepared<Tables['chainHeads']['$inferSelect']>()((db, { chainHeads }) =>
  db
    .insert(chainHeads)
    .values(placeholders(chainHeads))
    .onConflictDoUpdate({
      target: [chainHeads.merchantId, chainHeads.chain],
      set: { sequence: sql`excluded.sequence`, hash: sql`excluded.hash` },
    }),
);

export const insertEntry = prepared<EntryRow>()((db, { entries }) =>
  db.insert(entries).values(placeholders(entries)),
);

/** A page of a merchant's ledger in order, from after `afterSequence`. */
export const listEntries = async (
  queries: Queries,
  { merchantId, afterSequence, limit }: { merchantId: string; afterSequence: number; limit: number },
): Promise<EntryRow[]> =>
  queries.query((db, { entries }) =>
    db
      .select()
      .from(entries)
      .where(and(eq(entries.merchantId, merchantId), gt(entries.sequence, afterSequence)))
      .orderBy(asc(entries.sequence))
      .limit(limit),
  );
