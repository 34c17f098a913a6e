import type { Database, Queries } from '../../db/database.ts';
import { findCardById } from '../../db/queries/card-queries.ts';
import { updateCardSecret } from '../../db/queries/customer-queries.ts';
import { closeLinks } from '../../db/queries/join-card-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { computeCardCode, hashOf, makeCardSecret } from './card-codes.ts';

/**
 * Makes a link for a card: the first for one that came from a file, another for a customer who lost theirs. The link
 * and the QR there were before open nothing from then on, nor do those of cards that were joined with it: the lost phone
 * may have been that one. Only the hash is kept: the secret is told this once.
 *
 * A forgotten customer's card stays closed; one that was joined with another has no link of its own any more.
 */
export const renewCardLink =
  (db: Database, clock: Clock) =>
  (
    { merchantId, staffId }: Actor,
    { cardId }: { cardId: string },
  ): Promise<
    | { secret: string }
    | { refused: 'card-unknown' }
    | { refused: 'customer-forgotten' }
    | { refused: 'card-joined'; joinedIntoId: string }
  > => {
    const now = clock.now();
    const secret = makeCardSecret();
    return db.transact(async (tx) => {
      const [card] = await findCardById(tx, { merchantId, cardId });
      if (!card) return { refused: 'card-unknown' };
      if (card.forgottenAt) return { refused: 'customer-forgotten' };
      if (card.joinedIntoId) return { refused: 'card-joined', joinedIntoId: card.joinedIntoId };
      await renewLinkIn(tx, { merchantId, cardId, customerId: card.customerId, secret, staffId, now });
      return { secret };
    });
  };

/** Gives a card another secret, inside a transaction that may do more. `staffId` is null when its customer asks. */
export async function renewLinkIn(
  tx: Queries,
  {
    merchantId,
    cardId,
    customerId,
    secret,
    staffId,
    now,
  }: {
    merchantId: string;
    cardId: string;
    customerId: string;
    secret: string;
    staffId: string | null;
    now: Date;
  },
): Promise<void> {
  const codeHash = hashOf(computeCardCode(secret));
  await updateCardSecret(tx, { merchantId, cardId, secretHash: hashOf(secret), codeHash });
  await closeLinks(tx, { merchantId, cardIds: [cardId], customerIds: [customerId] });
  await appendAudit(tx, {
    merchantId,
    at: now,
    staffId,
    action: 'card.link-renewed',
    subjectId: cardId,
    details: staffId === null ? { by: 'customer' } : {},
  });
  tx.announce({ merchantId, cardId });
}
