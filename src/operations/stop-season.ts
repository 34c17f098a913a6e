import type { Database, Queries } from '../../db/database.ts';
import { findSeason, markSeasonEnded } from '../../db/queries/season-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
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
      return endSeason(tx, { season, staffId, now, sealer });
    });
  };

/** Ends a season that is on, inside a transaction that may do more. */
export async function endSeason(
  tx: Queries,
  { season, staffId, now, sealer }: { season: SeasonRow; staffId: string; now: Date; sealer: Sealer },
): Promise<EndedSeason> {
  const { merchantId, seasonId, keyHash } = season;
  const revealedKey = openSeasonKey(sealer, season);
  await markSeasonEnded(tx, { merchantId, seasonId, endedAt: now, endedBy: staffId, revealedKey });
  await appendAudit(tx, {
    merchantId,
    at: now,
    staffId,
    action: 'season.ended',
    subjectId: seasonId,
    details: { keyHash, revealedKey },
  });
  return { seasonId, keyHash, endedAt: now, revealedKey };
}
