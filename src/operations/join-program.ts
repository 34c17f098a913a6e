import type { Database } from '../../db/database.ts';
import { findCardBySecret, findJoinPlace } from '../../db/queries/card-page-queries.ts';
import type { Clock } from '../clock.ts';
import { deriveCardSecret, hashOf, makeCardSecret } from './card-codes.ts';
import { issueCardIn } from './issue-card.ts';
import type { CardIssueRefusal } from './issue-card.ts';

/** Later than that it is somebody else, to whom a shared tablet, or a proxy, shows a page that it kept. */
const MAX_AGAIN_MS = 60_000;

/**
 * Gives a stamp card to somebody who scanned the poster, and the secret that opens its page. What is sent a second time
 * within a minute, under the same `once` and name, by a second tap or a bad line, is given the same card. Refused:
 * `location-unknown`, `program-unknown` when the shop gives out no cards at present.
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
      if (!place || place.endedAt) return { refused: 'location-unknown' };
      const { merchantId, locationId } = place;
      const operationId = `join ${once} ${customerName ?? ''}`;
      const derived = deriveCardSecret(cardKey, { merchantId, operationId });
      const [given] = await findCardBySecret(tx, { secretHash: hashOf(derived) });
      if (given && now.getTime() - given.createdAt.getTime() <= MAX_AGAIN_MS)
        return { merchantId, secret: derived };
      const secret = given ? makeCardSecret() : derived;
      const issued = await issueCardIn(tx, { merchantId, locationId, secret, customerName }, now);
      return 'refused' in issued ? issued : { merchantId, secret };
    });
  };
