import type { Database } from '../../db/database.ts';
import { findCardBySecret, findJoinPlace } from '../../db/queries/card-page-queries.ts';
import type { Clock } from '../clock.ts';
import { deriveCardSecret, hashOf } from './card-codes.ts';
import { issueCardIn } from './issue-card.ts';
import type { CardIssueRefusal } from './issue-card.ts';

/**
 * Gives a stamp card to somebody who scanned the poster, and the secret that opens its page. What is sent a second time,
 * under the same `once` and name, by a second tap or a bad line, is given the same card. Refused: `location-unknown`,
 * `program-unknown` when the shop gives out no cards at present.
 */
export const joinProgram =
  (db: Database, clock: Clock, cardKey: Uint8Array) =>
  ({
    joinCode,
    once,
    customerName,
  }: {
    joinCode: string;
    /** Of the page that was filled in; nobody else knows it, or they would be given the card as well. */
    once: string;
    customerName?: string | undefined;
  }): Promise<{ merchantId: string; secret: string } | CardIssueRefusal> => {
    const now = clock.now();
    return db.transact(async (tx) => {
      const [place] = await findJoinPlace(tx, { joinCode });
      if (!place) return { refused: 'location-unknown' };
      const { merchantId, locationId } = place;
      const operationId = `join ${once} ${customerName ?? ''}`;
      const secret = deriveCardSecret(cardKey, { merchantId, operationId });
      const [given] = await findCardBySecret(tx, { secretHash: hashOf(secret) });
      if (given) return { merchantId, secret };
      const issued = await issueCardIn(tx, { merchantId, locationId, secret, customerName }, now);
      return 'refused' in issued ? issued : { merchantId, secret };
    });
  };
