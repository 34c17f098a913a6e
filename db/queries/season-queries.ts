import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Queries, Tables } from '../database.ts';

export type SeasonRow = Tables['seasons']['$inferSelect'];

/** The seasons that are on, the oldest first. */
export const listOpenSeasons = prepared<{ merchantId: string }>()((db, { seasons }) =>
  db
    .select()
    .from(seasons)
    .where(and(eq(seasons.merchantId, sql.placeholder('merchantId')), isNull(seasons.endedAt)))
    .orderBy(asc(seasons.seasonId)),
);

/** Every season there was, the oldest first. */
export const listSeasons = (queries: Queries, { merchantId }: { merchantId: string }) =>
  queries.query((db, { seasons }) =>
    db.select().from(seasons).where(eq(seasons.merchantId, merchantId)).orderBy(asc(seasons.seasonId)),
  );

export async function findSeason(
  queries: Queries,
  { merchantId, seasonId }: { merchantId: string; seasonId: string },
): Promise<SeasonRow | undefined> {
  const rows = await queries.query((db, { seasons }) =>
    db
      .select()
      .from(seasons)
      .where(and(eq(seasons.merchantId, merchantId), eq(seasons.seasonId, seasonId))),
  );
  return rows[0];
}

/** A season by the id in a public address, whoever's it is. */
export async function findPublicSeason(
  queries: Queries,
  { seasonId }: { seasonId: string },
): Promise<(SeasonRow & { merchantName: string }) | undefined> {
  const rows = await queries.query((db, { seasons, merchants }) =>
    db
      .select({ season: seasons, merchantName: merchants.name })
      .from(seasons)
      .innerJoin(merchants, eq(merchants.merchantId, seasons.merchantId))
      .where(eq(seasons.seasonId, seasonId))
      .limit(1),
  );
  return rows[0] && { ...rows[0].season, merchantName: rows[0].merchantName };
}

export const insertSeason = (tx: Queries, season: SeasonRow) =>
  tx.query((db, { seasons }) => db.insert(seasons).values(season));

/** Ends a season and gives its key to everybody. */
export const markSeasonEnded = (
  tx: Queries,
  {
    merchantId,
    seasonId,
    ...end
  }: { merchantId: string; seasonId: string; endedAt: Date; endedBy: string; revealedKey: string | null },
) =>
  tx.query((db, { seasons }) =>
    db
      .update(seasons)
      .set(end)
      .where(
        and(eq(seasons.merchantId, merchantId), eq(seasons.seasonId, seasonId), isNull(seasons.endedAt)),
      ),
  );
