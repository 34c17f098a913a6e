import type { Database } from '../../db/database.ts';
import { findCustomer, updateCustomer } from '../../db/queries/customer-queries.ts';
import type { CustomerChange } from '../../db/queries/customer-queries.ts';
import type { Clock } from '../clock.ts';
import { appendAudit } from './append-audit.ts';
import { customerColumnsOf } from './edit-customer.ts';
import { openCard } from './open-card.ts';

/** What is given is changed; empty takes it out. An e-mail address can only be taken out here: a new one is proved first. */
export interface OwnCardChange {
  name?: string | undefined;
  /** As people write it. */
  phone?: string | undefined;
  preferences?: string | undefined;
  email?: '' | undefined;
}

/**
 * Changes what a customer says about themselves, on their own card. What is said again as it was is not written down:
 * the audit log keeps every line for ever, and this is a page that anybody may have.
 */
export const editOwnCard =
  (db: Database, clock: Clock) =>
  ({
    secret,
    change,
  }: {
    secret: string;
    change: OwnCardChange;
  }): Promise<{ cardId: string } | { refused: 'card-unknown' } | { refused: 'phone-unreadable' }> => {
    const now = clock.now();
    const columns = columnsOf(change);
    return db.transact(async (tx) => {
      const card = await openCard(tx, secret);
      if (!card) return { refused: 'card-unknown' };
      if (!columns) return { refused: 'phone-unreadable' };
      const { merchantId, cardId, customerId } = card;
      const customer = await findCustomer(tx, { merchantId, customerId });
      if (!customer) throw new Error(`Card ${cardId} is nobody's`);
      const after = { ...customer, ...columns };
      const changed = PARTS.filter((part) => after[part] !== customer[part]);
      if (changed.length === 0) return { cardId };
      await updateCustomer(tx, { merchantId, customerId, change: columns });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId: null,
        action: 'customer.edited',
        subjectId: customerId,
        details: { by: 'customer', changed },
      });
      tx.announce({ merchantId, cardId });
      return { cardId };
    });
  };

const PARTS = ['name', 'phone', 'preferences', 'email', 'pendingEmail'] as const;

function columnsOf({ email, ...said }: OwnCardChange): CustomerChange | undefined {
  const columns = customerColumnsOf(said);
  return columns && email !== undefined ? { ...columns, email: null, pendingEmail: null } : columns;
}
