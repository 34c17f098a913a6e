import { hash } from 'node:crypto';
import type { Queries } from '../../db/database.ts';
import { findChainHead, insertEntry, saveChainHead } from '../../db/queries/ledger-queries.ts';
import type { EntryRow } from '../../db/queries/ledger-queries.ts';

export type NewEntry = Omit<EntryRow, 'merchantId' | 'sequence' | 'hash'>;

/** The last link of a chain; a merchant's first entry follows this one. */
export interface ChainLink {
  sequence: number;
  hash: string;
}

export const CHAIN_START: ChainLink = { sequence: 0, hash: '' };

/** Appends to the merchant's ledger, in order. The only way a stamp comes to be. */
export async function appendEntries(
  tx: Queries,
  { merchantId, entries }: { merchantId: string; entries: readonly NewEntry[] },
): Promise<void> {
  if (entries.length === 0) return;
  const [head] = await findChainHead(tx, { merchantId, chain: 'ledger' });
  const rows = chainEntries({ merchantId, entries, after: head ?? CHAIN_START });
  const { sequence, hash: lastHash } = rows.at(-1)!;
  // First, so that tills that append at once collide here, which is tried again, and not at a number that is taken.
  await saveChainHead(tx, { merchantId, chain: 'ledger', sequence, hash: lastHash });
  for (const row of rows) await insertEntry(tx, row);
}

/** Numbers entries and links each to the one before it. */
export function chainEntries({
  merchantId,
  entries,
  after,
}: {
  merchantId: string;
  entries: readonly NewEntry[];
  after: ChainLink;
}): EntryRow[] {
  let last = after;
  return entries.map((entry) => {
    const unlinked = { merchantId, sequence: last.sequence + 1, ...entry };
    const row = { ...unlinked, hash: computeEntryHash({ previousHash: last.hash, entry: unlinked }) };
    last = row;
    return row;
  });
}

/**
 * SHA-256, in hexadecimal, of the previous entry's hash and of this entry's columns in the order below; `at` in
 * milliseconds since 1970.
 */
export function computeEntryHash({
  previousHash,
  entry,
}: {
  previousHash: string;
  entry: Omit<EntryRow, 'hash'>;
}): string {
  return hash(
    'sha256',
    JSON.stringify([
      previousHash,
      entry.merchantId,
      entry.sequence,
      entry.cardId,
      entry.kind,
      entry.stamps,
      entry.saleId,
      entry.gestureId,
      entry.rewardId,
      entry.refundId,
      entry.staffId,
      entry.deviceId,
      entry.locationId,
      entry.at.getTime(),
      entry.businessDay,
    ]),
  );
}
