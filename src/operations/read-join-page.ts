import type { Database } from '../../db/database.ts';
import { findCardBySecret, findJoinPlace, findProgramToJoin } from '../../db/queries/card-page-queries.ts';
import { hashOf } from './card-codes.ts';

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

/** Whether a secret that a browser kept still opens a card of this merchant. */
export const hasCardOf =
  (db: Database) =>
  ({ merchantId, secret }: { merchantId: string; secret: string }): Promise<boolean> =>
    db.read(async (queries) => {
      const [card] = await findCardBySecret(queries, { secretHash: hashOf(secret) });
      return card?.merchantId === merchantId;
    });
