import { and, eq, gt, inArray, isNotNull, like } from 'drizzle-orm';
import type { Queries } from '../database.ts';

interface SomeCustomers {
  merchantId: string;
  customerIds: string[];
}

/** Every column that says who a customer is, when nobody knows. A new one belongs here: or else it is never forgotten. */
export const NAMELESS = {
  name: null,
  nameKey: null,
  phone: null,
  phoneEnd: null,
  email: null,
  pendingEmail: null,
  preferences: null,
};

/** Takes out who some customers are, also that they work here. */
export function clearCustomers(
  tx: Queries,
  { merchantId, customerIds, forgottenAt }: SomeCustomers & { forgottenAt: Date },
) {
  return tx.query((db, { customers }) =>
    db
      .update(customers)
      .set({ ...NAMELESS, staffId: null, forgottenAt })
      .where(and(eq(customers.merchantId, merchantId), inArray(customers.customerId, customerIds))),
  );
}

/** What their cards are opened by, so that no link and no QR leads there. */
export function closeCards(
  tx: Queries,
  { merchantId, cardIds, blockedAt }: { merchantId: string; cardIds: string[]; blockedAt: Date },
) {
  return tx.query((db, { cards }) =>
    db
      .update(cards)
      .set({ secretHash: null, codeHash: null, blockedAt })
      .where(and(eq(cards.merchantId, merchantId), inArray(cards.cardId, cardIds))),
  );
}

/** What a barista wrote beside a kindness may name the person. */
export function clearNotes(tx: Queries, { merchantId, customerIds }: SomeCustomers) {
  return tx.query((db, { gestures }) =>
    db
      .update(gestures)
      .set({ note: null })
      .where(
        and(
          eq(gestures.merchantId, merchantId),
          inArray(gestures.customerId, customerIds),
          isNotNull(gestures.note),
        ),
      ),
  );
}

export function deleteOneTimeCodes(tx: Queries, { merchantId, customerIds }: SomeCustomers) {
  return tx.query((db, { oneTimeCodes }) =>
    db
      .delete(oneTimeCodes)
      .where(and(eq(oneTimeCodes.merchantId, merchantId), inArray(oneTimeCodes.customerId, customerIds))),
  );
}

export function listReferences(tx: Queries, { merchantId, customerIds }: SomeCustomers) {
  return tx.query((db, { customerReferences }) =>
    db
      .select({ source: customerReferences.source, reference: customerReferences.reference })
      .from(customerReferences)
      .where(
        and(
          eq(customerReferences.merchantId, merchantId),
          inArray(customerReferences.customerId, customerIds),
        ),
      ),
  );
}

/** Puts something that says nothing in the place of what a file calls a customer. */
export function replaceReference(
  tx: Queries,
  {
    merchantId,
    source,
    reference,
    instead,
  }: { merchantId: string; source: string; reference: string; instead: string },
) {
  return tx.query((db, { customerReferences }) =>
    db
      .update(customerReferences)
      .set({ reference: instead })
      .where(
        and(
          eq(customerReferences.merchantId, merchantId),
          eq(customerReferences.source, source),
          eq(customerReferences.reference, reference),
        ),
      ),
  );
}

/** Answers that are kept to be given again show the card, with its name. `cardId` is one of ours: no wildcard. */
export function clearAnswersAbout(
  tx: Queries,
  { merchantId, cardId }: { merchantId: string; cardId: string },
) {
  return tx.query((db, { answers }) =>
    db
      .update(answers)
      .set({ body: null })
      .where(
        and(eq(answers.merchantId, merchantId), isNotNull(answers.body), like(answers.body, `%${cardId}%`)),
      ),
  );
}

/** Whether anybody, of whichever merchant, was forgotten after `after`. */
export async function hasForgottenSince(queries: Queries, { after }: { after: Date }): Promise<boolean> {
  const rows = await queries.query((db, { customers }) =>
    db
      .select({ customerId: customers.customerId })
      .from(customers)
      .where(gt(customers.forgottenAt, after))
      .limit(1),
  );
  return rows.length > 0;
}
