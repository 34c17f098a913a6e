import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Queries } from '../../db/database.ts';
import { findChainHead } from '../../db/queries/ledger-queries.ts';
import type { Chain } from '../../db/schema.ts';
import { CHAIN_START } from './append-entries.ts';
import type { ChainLink } from './append-entries.ts';

const LINKS_PER_PAGE = 1_000;

/**
 * Follows a chain of a merchant from its first link to its last, and ends at the first fault: a link that is `changed`,
 * or follows one that is gone; links at the end that are `missing` after the one that is named; or what `look` finds
 * about a link that is as it was written. Tills go on meanwhile. Answers how many links were right as well.
 */
export async function followChain<Link extends ChainLink, Fault>(
  db: Database,
  { merchantId, chain }: { merchantId: string; chain: Chain },
  {
    list,
    hashOf,
    changed,
    missing,
    look = () => null,
  }: {
    list: (
      queries: Queries,
      page: { merchantId: string; afterSequence: number; limit: number },
    ) => Promise<Link[]>;
    hashOf: (previousHash: string, link: Link) => string;
    changed: (sequence: number) => Fault;
    missing: (lastSequence: number) => Fault;
    look?: (link: Link) => Fault | null;
  },
): Promise<{ count: number; fault: Fault | null }> {
  const readHead = async (): Promise<ChainLink> => {
    const [head] = await db.read((queries) => findChainHead(queries, { merchantId, chain }));
    return head ?? CHAIN_START;
  };
  const head = await readHead();
  let last: ChainLink = CHAIN_START;
  const found = (fault: Fault | null) => ({ count: last.sequence, fault });
  for (;;) {
    const place = { merchantId, afterSequence: last.sequence, limit: LINKS_PER_PAGE };
    const page = await db.read((queries) => list(queries, place));
    for (const link of page) {
      const isNext = link.sequence === last.sequence + 1;
      if (!isNext || hashOf(last.hash, link) !== link.hash) return found(changed(link.sequence));
      last = link;
      // The one place that knows how far the chain went: one written anew from some link on ends differently.
      if (last.sequence === head.sequence && last.hash !== head.hash) return found(changed(last.sequence));
      const fault = look(link);
      if (fault) return found(fault);
    }
    if (page.length < LINKS_PER_PAGE) break;
    await nextTurn();
  }
  if (last.sequence < head.sequence) return found(missing(last.sequence));
  // Read again, it knows of every link that was seen, unless no operation wrote it.
  const { sequence: known } = await readHead();
  return found(last.sequence > known ? changed(known + 1) : null);
}
