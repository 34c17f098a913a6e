import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, lte, or, sql, sum } from 'drizzle-orm';
import type { Queries } from '../database.ts';
import type { GestureKind, GestureReason } from '../schema.ts';

/** Which gestures a report shows. Days are business days, both included. */
export interface GestureFilter {
  merchantId: string;
  from?: string | undefined;
  to?: string | undefined;
  locationId?: string | undefined;
  staffId?: string | undefined;
  kind?: GestureKind | undefined;
  reason?: GestureReason | undefined;
  includeUndone: boolean;
  asOf: Date;
}

/** Where a page ended. */
export interface GesturePlace {
  givenAt: Date;
  gestureId: string;
}

export type ReportGesture = Awaited<ReturnType<typeof listGestures>>[number];
export type CustomerGesture = Awaited<ReturnType<typeof listCustomerGestures>>[number];
export type CustomerSale = Awaited<ReturnType<typeof listCustomerSales>>[number];

/** A business day begins within this many days of the calendar's, whatever the zone, the cut-off and their edits. */
const DAY_SLACK_MS = 4 * 86_400_000;

export type GestureOrder = 'oldest' | 'newest';

/** Gestures in the order they were given, or the other way round, after `after`. */
export function listGestures(
  queries: Queries,
  filter: GestureFilter,
  { after, limit, first = 'oldest' }: { after: GesturePlace | null; limit: number; first?: GestureOrder },
) {
  const [inOrder, orAt, beyond] = first === 'oldest' ? [asc, gte, gt] : [desc, lte, lt];
  const { merchantId, from, to, locationId, staffId, kind, reason, includeUndone, asOf } = filter;
  return queries.query((db, { gestures }) =>
    db
      .select({
        gestureId: gestures.gestureId,
        kind: gestures.kind,
        customerId: gestures.customerId,
        staffId: gestures.staffId,
        locationId: gestures.locationId,
        givenAt: gestures.givenAt,
        businessDay: gestures.businessDay,
        itemId: gestures.itemId,
        itemName: gestures.itemName,
        priceMinor: gestures.priceMinor,
        costMinor: gestures.costMinor,
        reason: gestures.reason,
        fundedBy: gestures.fundedBy,
        isPast: gestures.isPast,
        undoneAt: gestures.undoneAt,
      })
      .from(gestures)
      .where(
        and(
          eq(gestures.merchantId, merchantId),
          lte(gestures.givenAt, asOf),
          from === undefined ? undefined : gte(gestures.businessDay, from),
          to === undefined ? undefined : lte(gestures.businessDay, to),
          // The same days again, roughly, as instants: those are in the index.
          from === undefined ? undefined : gte(gestures.givenAt, new Date(Date.parse(from) - DAY_SLACK_MS)),
          to === undefined ? undefined : lte(gestures.givenAt, new Date(Date.parse(to) + DAY_SLACK_MS)),
          locationId === undefined ? undefined : eq(gestures.locationId, locationId),
          staffId === undefined ? undefined : eq(gestures.staffId, staffId),
          kind === undefined ? undefined : eq(gestures.kind, kind),
          reason === undefined ? undefined : eq(gestures.reason, reason),
          includeUndone ? undefined : isNull(gestures.undoneAt),
          after === null ? undefined : orAt(gestures.givenAt, after.givenAt),
          after === null
            ? undefined
            : or(beyond(gestures.givenAt, after.givenAt), beyond(gestures.gestureId, after.gestureId)),
        ),
      )
      .orderBy(inOrder(gestures.givenAt), inOrder(gestures.gestureId))
      .limit(limit),
  );
}

/** Part of what some customers received or bought: customer by customer, oldest first. */
export interface CustomerPage {
  merchantId: string;
  customerIds: readonly string[];
  /** Where the page before ended; then `customerIds` names only that page's last customer. */
  after: { at: Date; id: string } | null;
  limit: number;
}

/** What these customers were given in a span of time, its ends included, and did not lose again. */
export function listCustomerGestures(
  queries: Queries,
  { merchantId, customerIds, after, limit }: CustomerPage,
  { from, to }: { from: Date; to: Date },
) {
  return queries.query((db, { gestures }) =>
    db
      .select({
        customerId: gestures.customerId,
        at: gestures.givenAt,
        id: gestures.gestureId,
        saleId: gestures.saleId,
        kind: gestures.kind,
        staffId: gestures.staffId,
        locationId: gestures.locationId,
        businessDay: gestures.businessDay,
        reason: gestures.reason,
      })
      .from(gestures)
      .where(
        and(
          eq(gestures.merchantId, merchantId),
          inArray(gestures.customerId, [...customerIds]),
          gte(gestures.givenAt, after?.at ?? from),
          lte(gestures.givenAt, to),
          isNull(gestures.undoneAt),
          after === null ? undefined : or(gt(gestures.givenAt, after.at), gt(gestures.gestureId, after.id)),
        ),
      )
      .orderBy(asc(gestures.customerId), asc(gestures.givenAt), asc(gestures.gestureId))
      .limit(limit),
  );
}

/** What these customers bought after `from` and up to `to`, with what was refunded of it by `asOf`. */
export function listCustomerSales(
  queries: Queries,
  { merchantId, customerIds, after, limit }: CustomerPage,
  { from, to, asOf }: { from: Date; to: Date; asOf: Date },
) {
  return queries.query((db, { sales, refunds }) => {
    const refunded = db
      .select({ amountMinor: sum(refunds.amountMinor) })
      .from(refunds)
      .where(
        and(
          eq(refunds.merchantId, sales.merchantId),
          eq(refunds.saleId, sales.saleId),
          lte(refunds.refundedAt, asOf),
        ),
      );
    return db
      .select({
        customerId: sales.customerId,
        at: sales.occurredAt,
        id: sales.saleId,
        totalMinor: sales.totalMinor,
        refundedMinor: sql<number | null>`(${refunded})`.mapWith(Number),
      })
      .from(sales)
      .where(
        and(
          eq(sales.merchantId, merchantId),
          inArray(sales.customerId, [...customerIds]),
          after === null ? gt(sales.occurredAt, from) : gte(sales.occurredAt, after.at),
          lte(sales.occurredAt, to),
          after === null ? undefined : or(gt(sales.occurredAt, after.at), gt(sales.saleId, after.id)),
        ),
      )
      .orderBy(asc(sales.customerId), asc(sales.occurredAt), asc(sales.saleId))
      .limit(limit);
  });
}

/** What the shop's locations and people are called, those that are gone too. */
export async function findReportNames(queries: Queries, { merchantId }: { merchantId: string }) {
  const locations = await queries.query((db, { locations: table }) =>
    db
      .select({ locationId: table.locationId, name: table.name, timeZone: table.timeZone })
      .from(table)
      .where(eq(table.merchantId, merchantId)),
  );
  const staff = await queries.query((db, { staff: table }) =>
    db
      .select({ staffId: table.staffId, name: table.name })
      .from(table)
      .where(eq(table.merchantId, merchantId)),
  );
  return { locations, staff };
}
