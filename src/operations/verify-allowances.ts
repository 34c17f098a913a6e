import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Queries } from '../../db/database.ts';
import {
  listAllowanceDays,
  listCountersOfDays,
  listOpenLeases,
  sumGivenOutOfAllowance,
} from '../../db/queries/allowance-sum-queries.ts';
import { computeCounterKeys, NO_CHANGE } from '../loyalty/allowance.ts';
import type { CounterChange, CounterKey } from '../loyalty/allowance.ts';
import { addDays, computeBusinessWeek, isDay } from '../loyalty/business-day.ts';
import { isSameJson } from './canonical-json.ts';

const DAYS_PER_WEEK = 7;

export type AllowanceFault =
  /** A counter does not say what was given and is on lease. */
  | { fault: 'counter-wrong'; counter: CounterKey; counted: CounterChange; given: CounterChange }
  /** Something was given, leased or counted on a day that is not in the calendar. */
  | { fault: 'day-wrong'; businessDay: string };

export interface AllowanceCheck {
  counterCount: number;
  /** The first that was found; null when every counter says what was given. */
  fault: AllowanceFault | null;
}

/**
 * Compares every counter of a merchant's allowances with the gestures and leases it counts. A week at a time, each in
 * one transaction, so that no gesture comes in between and no till waits long.
 */
export const verifyAllowances =
  (db: Database) =>
  async ({
    merchantId,
    weekStartsOn,
  }: {
    merchantId: string;
    weekStartsOn: number;
  }): Promise<AllowanceCheck> => {
    const days = await db.read((queries) => listAllowanceDays(queries, { merchantId }));
    const businessDay = days.find((day) => !isDay(day));
    if (businessDay !== undefined) return { counterCount: 0, fault: { fault: 'day-wrong', businessDay } };
    const weeks = new Set(days.map((day) => computeBusinessWeek({ businessDay: day, weekStartsOn })));
    let counterCount = 0;
    for (const weekStart of weeks) {
      const week = await db.transact((tx) => verifyWeek(tx, { merchantId, weekStart }));
      counterCount += week.counterCount;
      if (week.fault) return { counterCount, fault: week.fault };
      await nextTurn();
    }
    return { counterCount, fault: null };
  };

async function verifyWeek(
  tx: Queries,
  { merchantId, weekStart }: { merchantId: string; weekStart: string },
): Promise<AllowanceCheck> {
  const days = { merchantId, from: weekStart, to: addDays(weekStart, DAYS_PER_WEEK - 1) };
  const given = new Map<string, { key: CounterKey; sums: CounterChange }>();
  const add = (
    where: { staffId: string; locationId: string; businessDay: string },
    change: CounterChange,
  ): void => {
    for (const key of computeCounterKeys({ ...where, weekStart })) {
      const { sums } = given.get(nameOf(key)) ?? { sums: NO_CHANGE };
      given.set(nameOf(key), { key, sums: addUp(sums, change) });
    }
  };
  for (const sum of await sumGivenOutOfAllowance(tx, days))
    add(sum, { usedCount: sum.count, leasedCount: 0, usedCostMinor: sum.costMinor });
  for (const lease of await listOpenLeases(tx, days)) {
    const leasedCount = lease.count - lease.usedCount;
    add(lease, { usedCount: 0, leasedCount, usedCostMinor: leasedCount * lease.costEachMinor });
  }
  const counters = await listCountersOfDays(tx, days);
  for (const { merchantId: _, scope, subjectId, period, periodStart, ...counted } of counters) {
    const key = { scope, subjectId, period, periodStart };
    const sums = given.get(nameOf(key))?.sums ?? NO_CHANGE;
    given.delete(nameOf(key));
    if (!isSameJson(counted, sums))
      return {
        counterCount: counters.length,
        fault: { fault: 'counter-wrong', counter: key, counted, given: sums },
      };
  }
  const [uncounted] = [...given.values()].filter(({ sums }) => !isSameJson(sums, NO_CHANGE));
  return {
    counterCount: counters.length,
    fault: uncounted
      ? { fault: 'counter-wrong', counter: uncounted.key, counted: NO_CHANGE, given: uncounted.sums }
      : null,
  };
}

function nameOf({ scope, subjectId, period, periodStart }: CounterKey): string {
  return [scope, subjectId, period, periodStart].join(' ');
}

function addUp(one: CounterChange, other: CounterChange): CounterChange {
  return {
    usedCount: one.usedCount + other.usedCount,
    leasedCount: one.leasedCount + other.leasedCount,
    usedCostMinor: one.usedCostMinor + other.usedCostMinor,
  };
}
