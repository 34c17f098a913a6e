import type { Database } from '../../db/database.ts';
import { findGestureToThankFor, insertThanks } from '../../db/queries/thanks-queries.ts';
import type { Clock } from '../clock.ts';
import { openCard } from './open-card.ts';

/**
 * A customer says thank you for a gesture, on their own card. Without a word, so that nobody has to read it first; said
 * again it changes nothing. Refused: `card-unknown`; `gesture-unknown` also for one that was undone.
 */
export const thankForGesture =
  (db: Database, clock: Clock) =>
  ({
    secret,
    gestureId,
  }: {
    secret: string;
    gestureId: string;
  }): Promise<{ gestureId: string } | { refused: 'card-unknown' } | { refused: 'gesture-unknown' }> => {
    const thankedAt = clock.now();
    return db.transact(async (tx) => {
      const card = await openCard(tx, secret);
      if (!card) return { refused: 'card-unknown' };
      const { merchantId, cardId, customerId } = card;
      const [gesture] = await findGestureToThankFor(tx, { merchantId, customerId, cardId, gestureId });
      if (!gesture) return { refused: 'gesture-unknown' };
      await insertThanks(tx, { merchantId, gestureId, thankedAt });
      tx.announce({ merchantId, cardId });
      return { gestureId };
    });
  };
