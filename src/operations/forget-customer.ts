import type { Database } from '../../db/database.ts';
import {
  findCustomer,
  listCardsOfCustomers,
  listJoinedCustomers,
} from '../../db/queries/customer-queries.ts';
import {
  clearAnswersAbout,
  clearCustomers,
  clearNotes,
  closeCards,
  deleteOneTimeCodes,
  listReferences,
  replaceReference,
} from '../../db/queries/forget-queries.ts';
import type { Clock } from '../clock.ts';
import { appendAudit } from './append-audit.ts';

export interface ForgetRequest {
  merchantId: string;
  customerId: string;
  /** Who does it at the desk; null when customers do it themselves, on their card. */
  staffId: string | null;
}

export type ForgetRefusal =
  { refused: 'customer-unknown' } | { refused: 'customer-joined'; joinedIntoId: string };

/**
 * Takes out all that says who a customer is, and closes their cards for good: no link and no code opens them. What was
 * bought, stamped and given stays, by an id that leads to nobody, so no sum changes. Asked again it does nothing.
 *
 * `eraseTraces` is called afterwards: what was overwritten has to go from the files of the database too, and mail that
 * waits to be sent.
 */
export const forgetCustomer =
  (db: Database, clock: Clock, eraseTraces: (customerId: string) => void) =>
  async ({
    merchantId,
    customerId,
    staffId,
  }: ForgetRequest): Promise<{ customerId: string; forgottenAt: Date } | ForgetRefusal> => {
    const now = clock.now();
    const forgotten = await db.transact(async (tx) => {
      const customer = await findCustomer(tx, { merchantId, customerId });
      if (!customer) return { refused: 'customer-unknown' as const };
      const { forgottenAt, joinedIntoId } = customer;
      if (forgottenAt) return { customerId, forgottenAt };
      // What says who they are went over to the other, and would stay there.
      if (joinedIntoId) return { refused: 'customer-joined' as const, joinedIntoId };
      // Somebody with two cards: the other one is theirs as well.
      const joined = await listJoinedCustomers(tx, { merchantId, customerId });
      const customerIds = [customerId, ...joined.map((one) => one.customerId)];
      const cards = await listCardsOfCustomers(tx, { merchantId, customerIds });
      const cardIds = cards.map(({ cardId }) => cardId);

      await clearCustomers(tx, { merchantId, customerIds, forgottenAt: now });
      await closeCards(tx, { merchantId, cardIds, blockedAt: now });
      await clearNotes(tx, { merchantId, customerIds });
      await deleteOneTimeCodes(tx, { merchantId, customerIds });
      for (const [place, one] of (await listReferences(tx, { merchantId, customerIds })).entries())
        await replaceReference(tx, { merchantId, ...one, instead: `forgotten ${customerId} ${place}` });
      for (const cardId of cardIds) await clearAnswersAbout(tx, { merchantId, cardId });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'customer.forgotten',
        subjectId: customerId,
        details: { by: staffId ? 'staff' : 'customer', cardIds },
      });
      for (const cardId of cardIds) tx.announce({ merchantId, cardId });
      return { customerId, forgottenAt: now };
    });
    if (!('refused' in forgotten)) eraseTraces(customerId);
    return forgotten;
  };
