import type { Database } from '../../db/database.ts';
import { forgetAttempts } from '../../db/queries/attempt-queries.ts';
import type { Clock } from '../clock.ts';
import { findCard } from './find-card.ts';
import { takeGuess } from './guess-limit.ts';
import type { Locked } from './guess-limit.ts';
import { joinCustomersIn } from './join-customers.ts';
import type { CustomersJoined, JoinRefusal } from './join-customers.ts';
import { deriveLiveKey, spendLiveCode } from './live-code.ts';
import type { LiveCodeRefusal } from './live-code.ts';
import { openCard } from './open-card.ts';

/**
 * "I have another card": whoever has this card's link, and the other card's live code on another phone, joins the two.
 * The card of the link goes on. A code that nobody has and one of a card that shows other digits are refused alike.
 */
export const joinCards =
  (db: Database, clock: Clock, cardKey: Uint8Array) =>
  ({
    secret,
    otherCode,
    liveCode,
  }: {
    secret: string;
    otherCode: string;
    liveCode: string;
  }): Promise<CustomersJoined | JoinRefusal | LiveCodeRefusal | Locked | { refused: 'card-unknown' }> => {
    const now = clock.now();
    return db.transact(async (tx) => {
      const card = await openCard(tx, secret);
      if (!card) return { refused: 'card-unknown' };
      const { merchantId, cardId, customerId } = card;
      const subject = `join-from:${cardId}`;
      const guess = await takeGuess(tx, { merchantId, subject, now });
      if ('refused' in guess) return guess;
      const other = await findCard(tx, { merchantId, cardCode: otherCode });
      if (!other) return { refused: 'live-code-wrong', triesLeft: guess.triesLeft };
      const unproved = await spendLiveCode(tx, {
        merchantId,
        cardId: other.cardId,
        liveKey: deriveLiveKey(cardKey, other),
        liveCode,
        shownAt: now,
        now,
        // Not under the card's own count: a stranger's guesses must not keep its owner from a reward.
        subject: `join:${other.cardId}`,
      });
      if (unproved) return unproved;
      await forgetAttempts(tx, { merchantId, subject });
      return joinCustomersIn(tx, {
        merchantId,
        customerId,
        otherCustomerId: other.customerId,
        staffId: null,
        now,
      });
    });
  };
