import { and, eq, isNull, lte, or, sql } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Tables } from '../database.ts';
import { given, placeholders } from './placeholders.ts';

export type LeaseRow = Tables['leases']['$inferSelect'];

export const findMerchantRules = prepared<{ merchantId: string }>()((db, { merchants }) =>
  db
    .select({ coolDownDays: merchants.coolDownDays, visitMinutes: merchants.visitMinutes })
    .from(merchants)
    .where(eq(merchants.merchantId, sql.placeholder('merchantId'))),
);

export const listAllowanceRules = prepared<{ merchantId: string }>()((db, { allowances }) =>
  db
    .select({
      scope: allowances.scope,
      subjectId: allowances.subjectId,
      period: allowances.period,
      gesturesLimit: allowances.gesturesLimit,
      costLimitMinor: allowances.costLimitMinor,
    })
    .from(allowances)
    .where(eq(allowances.merchantId, sql.placeholder('merchantId'))),
);

/** The counters of a member of staff and a location, for a business day and its week. */
export const listCounters = prepared<{
  merchantId: string;
  staffId: string;
  locationId: string;
  businessDay: string;
  weekStart: string;
}>()((db, { allowanceCounters }) =>
  db
    .select()
    .from(allowanceCounters)
    .where(
      and(
        eq(allowanceCounters.merchantId, sql.placeholder('merchantId')),
        or(
          and(
            eq(allowanceCounters.scope, 'staff'),
            eq(allowanceCounters.subjectId, sql.placeholder('staffId')),
          ),
          and(
            eq(allowanceCounters.scope, 'location'),
            eq(allowanceCounters.subjectId, sql.placeholder('locationId')),
          ),
        ),
        or(
          and(
            eq(allowanceCounters.period, 'day'),
            eq(allowanceCounters.periodStart, sql.placeholder('businessDay')),
          ),
          and(
            eq(allowanceCounters.period, 'week'),
            eq(allowanceCounters.periodStart, sql.placeholder('weekStart')),
          ),
        ),
      ),
    ),
);

/**
 * Adds to a counter, but never past its limits: no row comes back when that would happen. The guard is part of the
 * write, so it holds however many tills tap at once.
 */
export const addToCounter = prepared<
  Tables['allowanceCounters']['$inferSelect'] & { gesturesLimit: number; costLimitMinor: number }
>()((db, { allowanceCounters: counters }) =>
  db
    .insert(counters)
    .values(placeholders(counters))
    .onConflictDoUpdate({
      target: [
        counters.merchantId,
        counters.scope,
        counters.subjectId,
        counters.period,
        counters.periodStart,
      ],
      set: {
        usedCount: sql`${counters.usedCount} + excluded.used_count`,
        leasedCount: sql`${counters.leasedCount} + excluded.leased_count`,
        usedCostMinor: sql`${counters.usedCostMinor} + excluded.used_cost_minor`,
      },
      setWhere: and(
        lte(
          sql`${counters.usedCount} + ${counters.leasedCount} + excluded.used_count + excluded.leased_count`,
          sql.placeholder('gesturesLimit'),
        ),
        lte(sql`${counters.usedCostMinor} + excluded.used_cost_minor`, sql.placeholder('costLimitMinor')),
      ),
    })
    .returning({ usedCount: counters.usedCount }),
);

export const insertLease = prepared<LeaseRow>()((db, { leases }) =>
  db.insert(leases).values(placeholders(leases)),
);

export const findLease = prepared<{ merchantId: string; leaseId: string }>()((db, { leases }) =>
  db
    .select()
    .from(leases)
    .where(
      and(
        eq(leases.merchantId, sql.placeholder('merchantId')),
        eq(leases.leaseId, sql.placeholder('leaseId')),
      ),
    ),
);

export const updateLease = prepared<{
  merchantId: string;
  leaseId: string;
  usedCount: number;
  returnedAt: Date | null;
}>()((db, { leases }) =>
  db
    .update(leases)
    .set({ usedCount: given('usedCount'), returnedAt: given('returnedAt') })
    .where(
      and(
        eq(leases.merchantId, sql.placeholder('merchantId')),
        eq(leases.leaseId, sql.placeholder('leaseId')),
      ),
    ),
);

/** The cost prices of what may be given: the dearest bounds what a lease sets aside. */
export const listGiveableCosts = prepared<{ merchantId: string }>()((db, { items }) =>
  db
    .select({ costMinor: items.costMinor })
    .from(items)
    .where(
      and(
        eq(items.merchantId, sql.placeholder('merchantId')),
        eq(items.mayBeGiven, true),
        isNull(items.endedAt),
      ),
    ),
);
