import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import { listSeasonDraws } from '../../db/queries/draw-queries.ts';
import { findPublicSeason } from '../../db/queries/season-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import { auditDraw } from '../evidence/draw.ts';
import { csvLines } from './csv-lines.ts';
import { findSeasonClock } from './season-clock.ts';
import { hashSeasonKey, seasonHmac } from './season-key.ts';

const DRAWS_PER_PAGE = 1_000;
const MOST_KEPT = 100;

export interface PublicSeason extends Pick<
  SeasonRow,
  'seasonId' | 'kind' | 'chanceMillionths' | 'startedAt' | 'endedAt' | 'keyHash' | 'revealedKey'
> {
  merchantName: string;
  /** Where it draws. */
  timeZone: string;
  /** Once the season has ended: every draw, drawn once more from the key. */
  audit: { draws: number; drawn: number; mismatched: number; isKeyRight: boolean } | null;
}

/** What everybody may know of a season: its key's hash from the first day, and once it has ended the key and its draws. */
export const readPublicSeason = (db: Database) => {
  const audits = new Map<string, Promise<PublicSeason['audit']>>();
  return async ({
    seasonId,
  }: {
    seasonId: string;
  }): Promise<PublicSeason | { refused: 'season-unknown' }> => {
    const season = await db.read((queries) => findPublicSeason(queries, { seasonId }));
    if (!season) return { refused: 'season-unknown' };
    const { merchantId, merchantName, kind, chanceMillionths, startedAt, endedAt, keyHash, revealedKey } =
      season;
    let audit = audits.get(seasonId);
    if (revealedKey && !audit) {
      // What has ended does not change: whoever asks next is told the same.
      audit = auditSeason(db, { merchantId, seasonId, chanceMillionths, revealedKey, keyHash });
      if (audits.size >= MOST_KEPT) audits.clear();
      audits.set(seasonId, audit);
      audit.catch(() => audits.delete(seasonId));
    }
    return {
      seasonId,
      merchantName,
      timeZone: (await findSeasonClock(db, season))?.timeZone ?? 'UTC',
      kind,
      chanceMillionths,
      startedAt,
      endedAt,
      keyHash,
      revealedKey,
      audit: (await audit) ?? null,
    };
  };
};

async function auditSeason(
  db: Database,
  season: Pick<SeasonRow, 'merchantId' | 'seasonId' | 'chanceMillionths' | 'keyHash'> & {
    revealedKey: string;
  },
): Promise<NonNullable<PublicSeason['audit']>> {
  const { chanceMillionths } = season;
  const rule = { chanceMillionths, hmac: seasonHmac(season.revealedKey) };
  const isKeyRight = hashSeasonKey(season.revealedKey) === season.keyHash;
  const audit = { draws: 0, drawn: 0, mismatched: 0, isKeyRight };
  for await (const page of pagesOf(db, season))
    for (const draw of page) {
      audit.draws++;
      if (draw.isDrawn) audit.drawn++;
      if (!auditDraw(draw, rule)) audit.mismatched++;
    }
  return audit;
}

/** Every draw of a season that has ended, as CSV: all it takes to draw again. Names nobody. */
export const streamSeasonDraws =
  (db: Database) =>
  async ({
    seasonId,
  }: {
    seasonId: string;
  }): Promise<AsyncIterable<string> | { refused: 'season-unknown' }> => {
    const season = await db.read((queries) => findPublicSeason(queries, { seasonId }));
    if (!season?.revealedKey) return { refused: 'season-unknown' };
    const { merchantId } = season;
    return (async function* () {
      yield csvLines([['location', 'customer', 'business_day', 'chance_millionths', 'u', 'is_drawn']]);
      for await (const page of pagesOf(db, { merchantId, seasonId }))
        yield csvLines(
          page.map(({ locationId, customerId, businessDay, chanceMillionths, u, isDrawn }) => [
            locationId,
            customerId,
            businessDay,
            String(chanceMillionths),
            String(u),
            isDrawn ? '1' : '0',
          ]),
        );
    })();
  };

async function* pagesOf(db: Database, season: { merchantId: string; seasonId: string }) {
  let afterSequence = 0;
  for (;;) {
    const { merchantId, seasonId } = season;
    const place = { merchantId, seasonId, afterSequence, limit: DRAWS_PER_PAGE };
    const page = await db.read((queries) => listSeasonDraws(queries, place));
    if (page.length > 0) yield page;
    if (page.length < DRAWS_PER_PAGE) return;
    afterSequence = page.at(-1)!.sequence;
    await nextTurn();
  }
}
