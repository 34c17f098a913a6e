import type { Database } from '../../db/database.ts';
import { findSeason, markSeasonEnded } from '../../db/queries/season-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import type { Sealer } from './seal.ts';
import { openSeasonKey } from './season-key.ts';

export interface EndedSeason {
  seasonId: string;
  endedAt: Date;
  keyHash: string;
  /**
   * In hexadecimal. Its SHA-256 is the hash that was published on the first day. null when the secrets it was sealed
   * under are lost: then nobody can check the draws any more, and another season can begin all the same.
   */
  revealedKey: string | null;
}

/** Ends a season, on any day: nothing more is drawn, and its key is out, so that everybody can draw again and compare. */
export const stopSeason =
  (db: Database, clock: Clock, sealer: Sealer) =>
  (
    { merchantId, staffId }: Actor,
    { seasonId }: { seasonId: string },
  ): Promise<EndedSeason | { refused: 'season-unknown' } | { refused: 'season-ended' }> => {
    const now = clock.now();
    return db.transact(async (tx) => {
      const season = await findSeason(tx, { merchantId, seasonId });
      if (!season) return { refused: 'season-unknown' };
      if (season.endedAt) return { refused: 'season-ended' };
      const end = { endedAt: now, endedBy: staffId, revealedKey: openSeasonKey(sealer, season) };
      await markSeasonEnded(tx, { merchantId, seasonId, ...end });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'season.ended',
        subjectId: seasonId,
        details: { keyHash: season.keyHash, revealedKey: end.revealedKey },
      });
      return { seasonId, keyHash: season.keyHash, endedAt: now, revealedKey: end.revealedKey };
    });
  };
