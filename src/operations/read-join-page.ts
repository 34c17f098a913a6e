import type { Database } from '../../db/database.ts';
import { findJoinPlace, findProgramToJoin } from '../../db/queries/card-page-queries.ts';

/** What somebody who scanned the poster is offered. */
export interface JoinPage {
  merchantId: string;
  shopName: string;
  logoPictureId: string | null;
  locationName: string;
  /** Null when the shop gives out no cards at present. */
  program: {
    stampsRequired: number;
    rewardName: string;
    colour: string;
    pictureId: string | null;
  } | null;
}

/** The page behind a location's join link. Refused: `location-unknown`, also when the location has ended. */
export const readJoinPage =
  (db: Database) =>
  ({ joinCode }: { joinCode: string }): Promise<JoinPage | { refused: 'location-unknown' }> =>
    db.read(async (queries) => {
      const [place] = await findJoinPlace(queries, { joinCode });
      if (!place) return { refused: 'location-unknown' };
      const { merchantId, shopName, logoPictureId, locationName } = place;
      const [program] = await findProgramToJoin(queries, { merchantId });
      return { merchantId, shopName, logoPictureId, locationName, program: program ?? null };
    });
