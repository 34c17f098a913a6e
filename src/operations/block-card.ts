import type { Database } from '../../db/database.ts';
import { findCardById } from '../../db/queries/card-queries.ts';
import { updateBlock } from '../../db/queries/customer-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';

/**
 * Blocks a card, so that nothing more is put on it and no reward is used, or lifts the block. A refund still takes its
 * stamps off. Done twice, it is done once.
 */
export const blockCard =
  (db: Database, clock: Clock) =>
  (
    { merchantId, staffId }: Actor,
    { cardId, isBlocked }: { cardId: string; isBlocked: boolean },
  ): Promise<
    | { cardId: string; blockedAt: Date | null }
    | { refused: 'card-unknown' }
    | { refused: 'customer-forgotten' }
    | { refused: 'card-joined'; joinedIntoId: string }
  > => {
    const now = clock.now();
    return db.transact(async (tx) => {
      const [card] = await findCardById(tx, { merchantId, cardId });
      if (!card) return { refused: 'card-unknown' };
      // Closed for good: nobody's card is opened again.
      if (!isBlocked && card.forgottenAt) return { refused: 'customer-forgotten' };
      // Its link and its code lead to the other card, which would still be open.
      if (card.joinedIntoId) return { refused: 'card-joined', joinedIntoId: card.joinedIntoId };
      if ((card.blockedAt !== null) === isBlocked) return { cardId, blockedAt: card.blockedAt };
      const blockedAt = isBlocked ? now : null;
      await updateBlock(tx, { merchantId, cardId, blockedAt });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: isBlocked ? 'card.blocked' : 'card.unblocked',
        subjectId: cardId,
        details: {},
      });
      tx.announce({ merchantId, cardId });
      return { cardId, blockedAt };
    });
  };
