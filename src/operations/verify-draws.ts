import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import { listDraws } from '../../db/queries/draw-queries.ts';
import { findChainHead } from '../../db/queries/ledger-queries.ts';
import { listSeasons } from '../../db/queries/season-queries.ts';
import { auditDraw } from '../evidence/draw.ts';
import type { DrawRule } from '../evidence/draw.ts';
import { computeDrawHash } from './append-draw.ts';
import { CHAIN_START } from './append-entries.ts';
import type { ChainLink } from './append-entries.ts';
import type { Sealer } from './seal.ts';
import { hashSeasonKey, seasonHmac, tryOpenSeasonKey } from './season-key.ts';

const DRAWS_PER_PAGE = 1_000;

export type DrawFault =
  /** A draw is not as it was written, or the one before it is gone. */
  | { fault: 'draw-changed'; sequence: number }
  /** Draws at the end are gone: `sequence` is the last one that is there. */
  | { fault: 'draws-missing'; sequence: number }
  /** The season's key and chance do not yield this draw. */
  | { fault: 'draw-wrong'; seasonId: string; drawId: string }
  /** A key is not the one whose hash was published. */
  | { fault: 'key-wrong'; seasonId: string };

export interface DrawCheck {
  drawCount: number;
  /** Of them, those that were drawn once more from a season's key. */
  redrawnCount: number;
  fault: DrawFault | null;
}

/**
 * Follows a merchant's chain of draws from the first and draws every one of them again: of seasons that have ended from
 * the key that is out, of those that are on from the sealed one when `sealer` can open it. Tills go on meanwhile.
 */
export const verifyDraws =
  (db: Database, sealer: Sealer | null) =>
  async ({ merchantId }: { merchantId: string }): Promise<DrawCheck> => {
    const seasons = await db.read((queries) => listSeasons(queries, { merchantId }));
    const rules = new Map<string, DrawRule>();
    for (const season of seasons) {
      const key = season.revealedKey ?? (sealer && tryOpenSeasonKey(sealer, season));
      if (key === null) continue;
      const { seasonId, chanceMillionths } = season;
      if (hashSeasonKey(key) !== season.keyHash)
        return { drawCount: 0, redrawnCount: 0, fault: { fault: 'key-wrong', seasonId } };
      rules.set(seasonId, { chanceMillionths, hmac: seasonHmac(key) });
    }
    const head = await readHead(db, merchantId);
    let last: ChainLink = CHAIN_START;
    let redrawnCount = 0;
    const found = (fault: DrawFault | null): DrawCheck => ({ drawCount: last.sequence, redrawnCount, fault });
    for (;;) {
      const place = { merchantId, afterSequence: last.sequence, limit: DRAWS_PER_PAGE };
      const page = await db.read((queries) => listDraws(queries, place));
      for (const draw of page) {
        const { sequence, seasonId, drawId } = draw;
        const isNext = sequence === last.sequence + 1;
        if (!isNext || computeDrawHash({ previousHash: last.hash, draw }) !== draw.hash)
          return found({ fault: 'draw-changed', sequence });
        last = draw;
        // The one place that knows how far the chain went: one written anew from some draw on ends differently.
        if (sequence === head.sequence && last.hash !== head.hash)
          return found({ fault: 'draw-changed', sequence });
        const rule = rules.get(seasonId);
        if (!rule) continue;
        redrawnCount++;
        if (!auditDraw(draw, rule)) return found({ fault: 'draw-wrong', seasonId, drawId });
      }
      if (page.length < DRAWS_PER_PAGE) break;
      await nextTurn();
    }
    if (last.sequence < head.sequence) return found({ fault: 'draws-missing', sequence: last.sequence });
    const { sequence: known } = await readHead(db, merchantId);
    return found(last.sequence > known ? { fault: 'draw-changed', sequence: known + 1 } : null);
  };

async function readHead(db: Database, merchantId: string): Promise<ChainLink> {
  const [head] = await db.read((queries) => findChainHead(queries, { merchantId, chain: 'draws' }));
  return head ?? CHAIN_START;
}
