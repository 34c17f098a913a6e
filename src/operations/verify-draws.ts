import type { Database } from '../../db/database.ts';
import { listDraws } from '../../db/queries/draw-queries.ts';
import type { DrawRow } from '../../db/queries/draw-queries.ts';
import { listSeasons } from '../../db/queries/season-queries.ts';
import { auditDraw } from '../evidence/draw.ts';
import type { DrawRule } from '../evidence/draw.ts';
import { computeDrawHash } from './append-draw.ts';
import { followChain } from './follow-chain.ts';
import type { Sealer } from './seal.ts';
import { hashSeasonKey, openSeasonKey, seasonHmac } from './season-key.ts';

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
      const key = season.revealedKey ?? (sealer && openSeasonKey(sealer, season));
      if (key === null) continue;
      const { seasonId, chanceMillionths } = season;
      if (hashSeasonKey(key) !== season.keyHash)
        return { drawCount: 0, redrawnCount: 0, fault: { fault: 'key-wrong', seasonId } };
      rules.set(seasonId, { chanceMillionths, hmac: seasonHmac(key) });
    }
    let redrawnCount = 0;
    const { count: drawCount, fault } = await followChain<DrawRow, DrawFault>(
      db,
      { merchantId, chain: 'draws' },
      {
        list: listDraws,
        hashOf: (previousHash, draw) => computeDrawHash({ previousHash, draw }),
        changed: (sequence) => ({ fault: 'draw-changed', sequence }),
        missing: (sequence) => ({ fault: 'draws-missing', sequence }),
        look(draw) {
          const { seasonId, drawId } = draw;
          const rule = rules.get(seasonId);
          if (!rule) return null;
          redrawnCount++;
          return auditDraw(draw, rule) ? null : { fault: 'draw-wrong', seasonId, drawId };
        },
      },
    );
    return { drawCount, redrawnCount, fault };
  };
