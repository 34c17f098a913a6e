import type { Database } from '../../db/database.ts';
import { updateCustomer } from '../../db/queries/customer-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { findCard } from './find-card.ts';

export interface PreferencesChange {
  cardCode: string;
  preferences: string | null;
  /** What they were when they were shown to whoever changes them; undefined to write over whatever is there. */
  shown?: string | null | undefined;
}

/**
 * Writes down how a customer likes it: "oat milk, no lid". They are the customer's, whichever card is shown. What is
 * something else by now than what was shown, changed elsewhere meanwhile, stays.
 */
export const editPreferences =
  (db: Database, clock: Clock) =>
  (
    { merchantId, staffId }: Actor,
    { cardCode, preferences, shown }: PreferencesChange,
  ): Promise<
    | { preferences: string | null }
    | { refused: 'card-unknown' }
    | { refused: 'preferences-changed'; preferences: string | null }
  > => {
    const now = clock.now();
    return db.transact(async (tx) => {
      const card = await findCard(tx, { merchantId, cardCode });
      if (!card) return { refused: 'card-unknown' };
      const { customerId, cardId } = card;
      const written = preferences?.trim() || null;
      if (written === card.preferences) return { preferences: written };
      if (shown !== undefined && (shown?.trim() || null) !== card.preferences)
        return { refused: 'preferences-changed', preferences: card.preferences };
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
