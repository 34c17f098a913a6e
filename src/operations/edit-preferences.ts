import type { Database } from '../../db/database.ts';
import { updateCustomer } from '../../db/queries/customer-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { findCard } from './find-card.ts';

/** Writes down how a customer likes it: "oat milk, no lid". They are the customer's, whichever card is shown. */
export const editPreferences =
  (db: Database, clock: Clock) =>
  (
    { merchantId, staffId }: Actor,
    { cardCode, preferences }: { cardCode: string; preferences: string | null },
  ): Promise<{ preferences: string | null } | { refused: 'card-unknown' }> => {
    const now = clock.now();
    return db.transact(async (tx) => {
      const card = await findCard(tx, { merchantId, cardCode });
      if (!card) return { refused: 'card-unknown' };
      const { customerId, cardId } = card;
      const written = preferences?.trim() || null;
      if (written === card.preferences) return { preferences: written };
      await updateCustomer(tx, { merchantId, customerId, change: { preferences: written } });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'customer.preferences-edited',
        subjectId: customerId,
        details: { isEmpty: written === null },
      });
      tx.announce({ merchantId, cardId });
      return { preferences: written };
    });
  };
