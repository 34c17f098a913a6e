import type { Database } from '../../db/database.ts';
import { forgetAttempts } from '../../db/queries/attempt-queries.ts';
import type { Clock } from '../clock.ts';
import { findCard } from './find-card.ts';
import { takeGuess } from './guess-limit.ts';
import type { Locked } from './guess-limit.ts';
import { joinCustomersIn } from './join-customers.ts';
import type { CustomersJoined, JoinRefusal } from './join-customers.ts';
import { isJoiningCode } from './joining-code.ts';
import { openCard } from './open-card.ts';

export type JoiningCodeRefusal = { refused: 'joining-code-wrong'; triesLeft: number };

/**
 * "I have another card": whoever has this card's link, and the other card's joining code on another phone, joins the two.
 * The card of the link goes on. A code that nobody has and one of a card that shows other digits are refused alike.
 */
export const joinCards =
  (db: Database, clock: Clock, cardKey: Uint8Array) =>
  ({
    secret,
    otherCode,
    joiningCode,
  }: {
    secret: string;
    otherCode: string;
    joiningCode: string;
  }): Promise<CustomersJoined | JoinRefusal | JoiningCodeRefusal | Locked | { refused: 'card-unknown' }> => {
    const now = clock.now();
    return db.transact(async (tx) => {
      const card = await openCard(tx, secret);
      if (!card) return { refused: 'card-unknown' };
      const { merchantId, cardId, customerId } = card;
      const subject = `join-from:${cardId}`;
      const guess = await takeGuess(tx, { merchantId, subject, now });
      if ('refused' in guess) return guess;
      const other = await findCard(tx, { merchantId, cardCode: otherCode });
      if (!other) return { refused: 'joining-code-wrong', triesLeft: guess.triesLeft };
      const ofOther = { merchantId, subject: `join:${other.cardId}` };
      const guessOfOther = await takeGuess(tx, { ...ofOther, now });
      if ('refused' in guessOfOther) return guessOfOther;
      if (!isJoiningCode(cardKey, other, joiningCode, now))
        return { refused: 'joining-code-wrong', triesLeft: guessOfOther.triesLeft };
      await forgetAttempts(tx, ofOther);
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
