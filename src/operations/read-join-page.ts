import type { Database } from '../../db/database.ts';
import { findJoinPlace } from '../../db/queries/card-page-queries.ts';
import { listCurrentPrograms } from '../../db/queries/program-queries.ts';
import type { ProgramVersionRow } from '../../db/queries/program-queries.ts';

/** What somebody who scanned the poster is offered. */
export interface JoinPage {
  merchantId: string;
  shopName: string;
  logoPictureId: string | null;
  locationName: string;
  /** A closed location gives out no cards. One that was lost is still found by its code, which stands in a mail. */
  hasEnded: boolean;
  /** Null when the shop gives out no cards at present. */
  program: Pick<ProgramVersionRow, 'stampsRequired' | 'rewardName' | 'colour' | 'pictureId'> | null;
}

/** The page behind a location's join link. Refused: `location-unknown`. */
export const readJoinPage =
  (db: Database) =>
  ({ joinCode }: { joinCode: string }): Promise<JoinPage | { refused: 'location-unknown' }> =>
    db.read(async (queries) => {
      const [place] = await findJoinPlace(queries, { joinCode });
      if (!place) return { refused: 'location-unknown' };
      const { endedAt, ...shop } = place;
      // A new card is of the oldest program that still gives out cards.
      const [current] = await listCurrentPrograms(queries, {
        merchantId: shop.merchantId,
        after: '',
        limit: 1,
      });
      return { ...shop, hasEnded: endedAt !== null, program: current?.version ?? null };
    });
