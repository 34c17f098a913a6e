import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Tables } from '../database.ts';
import { given, placeholders } from './placeholders.ts';

export type GestureRow = Tables['gestures']['$inferSelect'];

export const insertGesture = prepared<GestureRow>()((db, { gestures }) =>
  db.insert(gestures).values(placeholders(gestures)),
);

export const findGesture = prepared<{ merchantId: string; gestureId: string }>()((db, { gestures }) =>
  db
    .select()
    .from(gestures)
    .where(
      and(
        eq(gestures.merchantId, sql.placeholder('merchantId')),
        eq(gestures.gestureId, sql.placeholder('gestureId')),
      ),
    ),
);

/** The customer's last gesture that was not undone. */
export const findLastGesture = prepared<{ merchantId: string; customerId: string }>()((db, { gestures }) =>
  db
    .select({ givenAt: gestures.givenAt })
    .from(gestures)
    .where(
      and(
        eq(gestures.merchantId, sql.placeholder('merchantId')),
        eq(gestures.customerId, sql.placeholder('customerId')),
        isNull(gestures.undoneAt),
      ),
    )
    .orderBy(desc(gestures.givenAt))
    .limit(1),
);

export const markGestureUndone = prepared<{
  merchantId: string;
  gestureId: string;
  undoneAt: Date;
  undoneBy: string;
}>()((db, { gestures }) =>
  db
    .update(gestures)
    .set({ undoneAt: given('undoneAt'), undoneBy: given('undoneBy') })
    .where(
      and(
        eq(gestures.merchantId, sql.placeholder('merchantId')),
        eq(gestures.gestureId, sql.placeholder('gestureId')),
      ),
    ),
);

/** A member of staff who gave something, working here still or not. */
export const findGiver = prepared<{ merchantId: string; staffId: string }>()((db, { staff }) =>
  db
    .select({ staffId: staff.staffId, role: staff.role })
    .from(staff)
    .where(
      and(eq(staff.merchantId, sql.placeholder('merchantId')), eq(staff.staffId, sql.placeholder('staffId'))),
    ),
);
