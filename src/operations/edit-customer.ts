import type { Database } from '../../db/database.ts';
import {
  findCustomer,
  isPhoneShared,
  listCardsOfCustomers,
  updateCustomer,
} from '../../db/queries/customer-queries.ts';
import type { CustomerChange } from '../../db/queries/customer-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { nameColumnsOf, phoneOf } from './contact-keys.ts';

/** What is given is changed; null takes it out. `phone` as people write it, and fit for `phoneOf`. */
export interface CustomerEdit {
  name?: string | null | undefined;
  phone?: string | null | undefined;
  preferences?: string | null | undefined;
}

export interface CustomerContact {
  customerId: string;
  name: string | null;
  phone: string | null;
  /** Somebody else here has this number too: a family with one phone, or one person with two cards. */
  phoneIsShared: boolean;
  preferences: string | null;
}

export type CustomerEditRefusal =
  | { refused: 'customer-unknown' }
  | { refused: 'customer-forgotten' }
  | { refused: 'customer-joined'; joinedIntoId: string }
  | { refused: 'phone-unreadable' };

/**
 * Changes what is known of a customer. The log says which part was changed, never to what. A number that somebody else
 * has is taken here as on the customer's own card, where a refusal would tell a stranger that it is known; it opens
 * nothing, and whoever looks for a card by it is shown them all. Only the desk is told.
 */
export const editCustomer =
  (db: Database, clock: Clock) =>
  (
    actor: Actor,
    { customerId, change }: { customerId: string; change: CustomerEdit },
  ): Promise<CustomerContact | CustomerEditRefusal> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      const customer = await findCustomer(tx, { merchantId, customerId });
      if (!customer) return { refused: 'customer-unknown' };
      if (customer.forgottenAt) return { refused: 'customer-forgotten' };
      if (customer.joinedIntoId) return { refused: 'customer-joined', joinedIntoId: customer.joinedIntoId };
      const columns = customerColumnsOf(change);
      if (!columns) return { refused: 'phone-unreadable' };
      const edited = { ...customer, ...columns };
      const parts = (['name', 'phone', 'preferences'] as const).filter(
        (part) => edited[part] !== customer[part],
      );
      if (parts.length > 0) {
        await updateCustomer(tx, { merchantId, customerId, change: columns });
        await appendAudit(tx, {
          merchantId,
          at: now,
          staffId,
          action: 'customer.edited',
          subjectId: customerId,
          details: { changed: parts },
        });
        // A card that is open greets by the new name.
        const cards = await listCardsOfCustomers(tx, { merchantId, customerIds: [customerId] });
        for (const { cardId } of cards) tx.announce({ merchantId, cardId });
      }
      const { name, phone, preferences } = edited;
      const phoneIsShared = phone !== null && (await isPhoneShared(tx, { merchantId, customerId, phone }));
      return { customerId, name, phone, phoneIsShared, preferences };
    });
  };

/** The columns that follow from what was given; undefined when the phone number is none. */
export function customerColumnsOf({ name, phone, preferences }: CustomerEdit): CustomerChange | undefined {
  const columns: CustomerChange = {};
  if (name !== undefined) Object.assign(columns, nameColumnsOf(name));
  if (preferences !== undefined) columns.preferences = preferences?.trim() || null;
  if (phone === undefined) return columns;
  if (!phone?.trim()) return { ...columns, phone: null, phoneEnd: null };
  const read = phoneOf(phone);
  return read ? { ...columns, ...read } : undefined;
}
