import { and, desc, eq, gte, isNull, sql } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Queries } from '../database.ts';
import { placeholders } from './placeholders.ts';

interface ThanksRow {
  merchantId: string;
  gestureId: string;
  thankedAt: Date;
}

/** Said a second time it stays as it was. */
export const insertThanks = prepared<ThanksRow>()((db, { thanks }) =>
  db
    .insert(thanks)
    .values(placeholders(thanks))
    .onConflictDoNothing({ target: [thanks.merchantId, thanks.gestureId] }),
);

/** The gesture, when it can be thanked for: of this card and its customer, and not undone. */
export const findGestureToThankFor = prepared<{
  merchantId: string;
  customerId: string;
  cardId: string;
  gestureId: string;
}>()((db, { gestures }) =>
  db
    .select({ gestureId: gestures.gestureId })
    .from(gestures)
    .where(
      and(
        eq(gestures.merchantId, sql.placeholder('merchantId')),
        eq(gestures.gestureId, sql.placeholder('gestureId')),
        eq(gestures.customerId, sql.placeholder('customerId')),
        eq(gestures.cardId, sql.placeholder('cardId')),
        isNull(gestures.undoneAt),
      ),
    ),
);

/** The newest since an instant, of one member of staff or of all, for gestures that were not undone. */
export const listThanksSince = (
  queries: Queries,
  { merchantId, staffId, since, limit }: { merchantId: string; staffId?: string; since: Date; limit: number },
) =>
  queries.query((db, { thanks, gestures, staff, customers }) =>
    db
      .select({
        gestureId: thanks.gestureId,
        thankedAt: thanks.thankedAt,
        kind: gestures.kind,
        itemName: gestures.itemName,
        reason: gestures.reason,
        giverName: staff.name,
        customerName: customers.name,
      })
      .from(thanks)
      .innerJoin(
        gestures,
        and(eq(gestures.merchantId, thanks.merchantId), eq(gestures.gestureId, thanks.gestureId)),
      )
      .innerJoin(staff, and(eq(staff.merchantId, gestures.merchantId), eq(staff.staffId, gestures.staffId)))
      .innerJoin(
        customers,
        and(eq(customers.merchantId, gestures.merchantId), eq(customers.customerId, gestures.customerId)),
      )
      .where(
        and(
          eq(thanks.merchantId, merchantId),
          gte(thanks.thankedAt, since),
          staffId === undefined ? undefined : eq(gestures.staffId, staffId),
          isNull(gestures.undoneAt),
        ),
      )
      .orderBy(desc(thanks.thankedAt), desc(thanks.gestureId))
      .limit(limit),
  );
