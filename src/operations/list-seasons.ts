import type { Database } from '../../db/database.ts';
import { countDrawnOfSeasons, countDraws } from '../../db/queries/draw-queries.ts';
import { listSeasons as listSeasonRows } from '../../db/queries/season-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import type { Actor } from './actor.ts';

/** A season as the desk shows it. Of its key only the hash, until it has ended. */
export type SeasonView = Omit<SeasonRow, 'merchantId' | 'sealedKey'> & {
  /** Draws made, and those of them that said yes. */
  draws: number;
  drawn: number;
};

/** Every season there was, the newest first. */
export const listSeasons =
  (db: Database) =>
  ({ merchantId }: Pick<Actor, 'merchantId'>): Promise<SeasonView[]> =>
    db.read(async (queries) => {
      const seasons = await listSeasonRows(queries, { merchantId });
      if (seasons.length === 0) return [];
      const draws = new Map(
        (await countDraws(queries, { merchantId })).map((row) => [row.seasonId, row.draws]),
      );
      const drawn = new Map(
        (await countDrawnOfSeasons(queries, { merchantId })).map((row) => [row.seasonId, row.drawn]),
      );
      return seasons
        .map((season) =>
          presentSeason(season, {
            draws: draws.get(season.seasonId) ?? 0,
            drawn: drawn.get(season.seasonId) ?? 0,
          }),
        )
        .reverse();
    });

export function presentSeason(season: SeasonRow, counts: { draws: number; drawn: number }): SeasonView {
  const { merchantId: _merchant, sealedKey: _sealed, ...shown } = season;
  return { ...shown, ...counts };
}
