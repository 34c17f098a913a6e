import { and, between, count, eq, isNull, sum } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';

export type CounterRow = Tables['allowanceCounters']['$inferSelect'];
export type LeaseRow = Tables['leases']['$inferSelect'];

/** What a member of staff gave out of the allowance at a location on a business day, less what was undone. */
export interface GivenSum {
  staffId: string;
  locationId: string;
  businessDay: string;
  count: number;
  costMinor: number;
}

/** Every business day on which something was given, leased or counted. */
export async function listAllowanceDays(
  queries: Queries,
  { merchantId }: { merchantId: string },
): Promise<string[]> {
  const given = await queries.query((db, { gestures }) =>
    db
      .selectDistinct({ day: gestures.businessDay })
      .from(gestures)
      .where(and(eq(gestures.merchantId, merchantId), eq(gestures.fundedBy, 'allowance'))),
  );
  const leased = await queries.query((db, { leases }) =>
    db.selectDistinct({ day: leases.businessDay }).from(leases).where(eq(leases.merchantId, merchantId)),
  );
  const counted = await queries.query((db, { allowanceCounters }) =>
    db
      .selectDistinct({ day: allowanceCounters.periodStart })
      .from(allowanceCounters)
      .where(eq(allowanceCounters.merchantId, merchantId)),
  );
  return [...new Set([...given, ...leased, ...counted].map(({ day }) => day))].toSorted();
}

interface Days {
  merchantId: string;
  /** Business days, both included. */
  from: string;
  to: string;
}

export const sumGivenOutOfAllowance = (
  queries: Queries,
  { merchantId, from, to }: Days,
): Promise<GivenSum[]> =>
  queries.query((db, { gestures }) =>
    db
      .select({
        staffId: gestures.staffId,
        locationId: gestures.locationId,
        businessDay: gestures.businessDay,
        count: count(),
        costMinor: sum(gestures.costMinor).mapWith(Number),
      })
      .from(gestures)
      .where(
        and(
          eq(gestures.merchantId, merchantId),
          eq(gestures.fundedBy, 'allowance'),
          isNull(gestures.undoneAt),
          between(gestures.businessDay, from, to),
        ),
      )
      .groupBy(gestures.staffId, gestures.locationId, gestures.businessDay),
  ) as Promise<GivenSum[]>;

/** Leases whose gestures are still set aside: never given back, of whatever day. */
export const listOpenLeases = (queries: Queries, { merchantId, from, to }: Days): Promise<LeaseRow[]> =>
  queries.query((db, { leases }) =>
    db
      .select()
      .from(leases)
      .where(
        and(
          eq(leases.merchantId, merchantId),
          isNull(leases.returnedAt),
          between(leases.businessDay, from, to),
        ),
      ),
  );

/** The counters whose day, or first day of the week, is one of these. */
export const listCountersOfDays = (queries: Queries, { merchantId, from, to }: Days): Promise<CounterRow[]> =>
  queries.query((db, { allowanceCounters }) =>
    db
      .select()
      .from(allowanceCounters)
      .where(
        and(eq(allowanceCounters.merchantId, merchantId), between(allowanceCounters.periodStart, from, to)),
      ),
  );
