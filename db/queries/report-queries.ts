import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, lte, or } from 'drizzle-orm';
import type { GestureKind, GestureReason } from '../../src/loyalty/gesture.ts';
import type { Queries } from '../database.ts';
import { refundedOfSale } from './refunded-of-sale.ts';

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

/** A stretch of time, its ends included; one that is left out is open. */
export interface Span {
  earliest?: Date | undefined;
  latest?: Date | undefined;
}

/** The days of a report, roughly, as instants: those are in the index. */
export function spanOf({ from, to, asOf }: GestureFilter): Span {
  return overlapOf(
    { latest: asOf },
    {
      earliest: from === undefined ? undefined : new Date(Date.parse(from) - DAY_SLACK_MS),
      latest: to === undefined ? undefined : new Date(Date.parse(to) + DAY_SLACK_MS),
    },
  );
}

/** One stretch for several: of two lower ends in a statement, SQLite goes by whichever it likes. */
function overlapOf(...spans: readonly Span[]): Span {
  const ends = (name: keyof Span): Date[] => spans.flatMap(({ [name]: end }) => end ?? []);
  const last = (a: Date, b: Date): Date => (a > b ? a : b);
  const first = (a: Date, b: Date): Date => (a < b ? a : b);
  const [earliest, latest] = [ends('earliest'), ends('latest')];
  return {
    earliest: earliest.length > 0 ? earliest.reduce(last) : undefined,
    latest: latest.length > 0 ? latest.reduce(first) : undefined,
  };
}

export type GestureOrder = 'oldest' | 'newest';

/** Gestures in the order they were given, or the other way round, after `after` and `within` a stretch of time. */
export function listGestures(
  queries: Queries,
  filter: GestureFilter,
  {
    after,
    limit,
    first = 'oldest',
    within = {},
  }: { after: GesturePlace | null; limit: number; first?: GestureOrder; within?: Span },
) {
  const [inOrder, beyond] = first === 'oldest' ? [asc, gt] : [desc, lt];
  const { merchantId, from, to, locationId, staffId, kind, reason, includeUndone } = filter;
  const rest = after && { [first === 'oldest' ? 'earliest' : 'latest']: after.givenAt };
  const { earliest, latest } = overlapOf(spanOf(filter), within, rest ?? {});
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
          latest === undefined ? undefined : lte(gestures.givenAt, latest),
          earliest === undefined ? undefined : gte(gestures.givenAt, earliest),
          from === undefined ? undefined : gte(gestures.businessDay, from),
          to === undefined ? undefined : lte(gestures.businessDay, to),
          locationId === undefined ? undefined : eq(gestures.locationId, locationId),
          staffId === undefined ? undefined : eq(gestures.staffId, staffId),
          kind === undefined ? undefined : eq(gestures.kind, kind),
          reason === undefined ? undefined : eq(gestures.reason, reason),
          includeUndone ? undefined : isNull(gestures.undoneAt),
          after === null
            ? undefined
            : or(beyond(gestures.givenAt, after.givenAt), beyond(gestures.gestureId, after.gestureId)),
        ),
      )
      .orderBy(inOrder(gestures.givenAt), inOrder(gestures.gestureId))
      .limit(limit),
  );
}

/**
 * When the gesture was given that so many others were given before, from an instant on or back from it, whatever a
 * report shows: as far as one statement should look. Undefined when there are fewer. Found in the index alone.
 */
export async function findStepEnd(
  queries: Queries,
  {
    merchantId,
    from,
    first,
    count,
  }: { merchantId: string; from: Date | undefined; first: GestureOrder; count: number },
): Promise<Date | undefined> {
  const [inOrder, orAt] = first === 'oldest' ? [asc, gte] : [desc, lte];
  const rows = await queries.query((db, { gestures }) =>
    db
      .select({ givenAt: gestures.givenAt })
      .from(gestures)
      .where(
        and(
          eq(gestures.merchantId, merchantId),
          from === undefined ? undefined : orAt(gestures.givenAt, from),
        ),
      )
      .orderBy(inOrder(gestures.givenAt))
      .limit(1)
      .offset(count),
  );
  return rows[0]?.givenAt;
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
  return queries.query((db, { sales, refunds }) =>
    db
      .select({
        customerId: sales.customerId,
        at: sales.occurredAt,
        id: sales.saleId,
        totalMinor: sales.totalMinor,
        refundedMinor: refundedOfSale(db, { sales, refunds }, lte(refunds.refundedAt, asOf)),
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
      .limit(limit),
  );
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
