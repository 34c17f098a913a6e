import type { Database } from '../../db/database.ts';
import { findJoinPlace } from '../../db/queries/card-page-queries.ts';
import type { Clock } from '../clock.ts';
import { makeCardSecret } from './card-codes.ts';
import { issueCardIn } from './issue-card.ts';
import type { CardIssueRefusal } from './issue-card.ts';

/**
 * Gives a stamp card to somebody who scanned the poster, and the secret that opens its page. Refused:
 * `location-unknown`, `program-unknown` when the shop gives out no cards at present.
 */
export const joinProgram =
  (db: Database, clock: Clock) =>
  ({
    joinCode,
    customerName,
  }: {
    joinCode: string;
    customerName?: string | undefined;
  }): Promise<{ merchantId: string; secret: string } | CardIssueRefusal> => {
    const now = clock.now();
    const secret = makeCardSecret();
    return db.transact(async (tx) => {
      const [place] = await findJoinPlace(tx, { joinCode });
      if (!place) return { refused: 'location-unknown' };
      const { merchantId, locationId } = place;
      const issued = await issueCardIn(tx, { merchantId, locationId, secret, customerName }, now);
      return 'refused' in issued ? issued : { merchantId, secret };
    });
  };
