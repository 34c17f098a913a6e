import type { Queries } from '../../db/database.ts';
import { addToCounter, listAllowanceRules, listCounters } from '../../db/queries/allowance-queries.ts';
import { computeAllowance, computeCounterKeys } from '../loyalty/allowance.ts';
import type { Allowance, AllowanceLimit, AllowanceRule, CounterChange } from '../loyalty/allowance.ts';
import { computeBusinessWeek, computeResetsAt } from '../loyalty/business-day.ts';
import type { Place } from './actor.ts';
import { EVERYONE } from './list-allowance-rules.ts';

/** No limit, as the guard of a counter writes it: the most that its column holds. */
const UNLIMITED_COUNT = 2_147_483_647;
const UNLIMITED_COST = Number.MAX_SAFE_INTEGER;

export interface Giver {
  merchantId: string;
  staffId: string;
  locationId: string;
  businessDay: string;
  weekStartsOn: number;
}

/** What a member of staff may still give at a place on a business day. */
export async function loadAllowance(tx: Queries, giver: Giver): Promise<Allowance> {
  const { merchantId, staffId, locationId, businessDay } = giver;
  const weekStart = computeBusinessWeek(giver);
  const rules = await loadRules(tx, merchantId);
  const counters = await listCounters(tx, { merchantId, staffId, locationId, businessDay, weekStart });
  return computeAllowance({
    rules,
    counters,
    staffId,
    locationId,
    businessDay,
    weekStart,
  });
}

/** The allowances the owner set. */
export async function loadRules(tx: Queries, merchantId: string): Promise<AllowanceRule[]> {
  const rules = await listAllowanceRules(tx, { merchantId });
  return rules.map((rule) => ({ ...rule, subjectId: rule.subjectId === EVERYONE ? null : rule.subjectId }));
}

/**
 * Adds what a decision changes to all four counters of a giver. Limits guard what is taken; what is given back is
 * always accepted, also when an edit has since lowered the limit.
 */
export async function changeCounters(
  tx: Queries,
  { giver, change, allowance }: { giver: Giver; change: CounterChange; allowance: Allowance | null },
): Promise<void> {
  if (change.usedCount === 0 && change.leasedCount === 0 && change.usedCostMinor === 0) return;
  const weekStart = computeBusinessWeek(giver);
  // What costs nothing is within any budget, also one that an edit has set below what was spent.
  const hasCost = change.usedCostMinor > 0;
  for (const key of computeCounterKeys({ ...giver, weekStart })) {
    const limit = allowance?.limits.find(({ scope, period }) => scope === key.scope && period === key.period);
    const added = await addToCounter(tx, {
      merchantId: giver.merchantId,
      ...key,
      ...change,
      gesturesLimit: limit?.gesturesLimit ?? UNLIMITED_COUNT,
      costLimitMinor: (hasCost ? limit?.costLimitMinor : null) ?? UNLIMITED_COST,
    });
    if (added.length === 0) throw new Error(`Counter ${key.scope} ${key.period} was about to pass its limit`);
  }
}

/** "2 left today": the limit that is reached first. */
export interface AllowanceView {
  /** null when the owner set no limit. */
  limit: number | null;
  used: number;
  leased: number;
  remaining: number | null;
  /** What may still be given away at cost price; null when the owner set no limit of cost. */
  remainingCostMinor: number | null;
  period: 'day' | 'week';
  resetsAt: Date;
}

/** What is left of an allowance, as tills show it. `businessDay` is the day at `place` that it is for. */
export function presentAllowance(
  allowance: Allowance,
  place: Pick<Place, 'timeZone' | 'cutOffMinutes' | 'weekStartsOn'>,
  businessDay: string,
): AllowanceView {
  const tightest = findTightest(allowance);
  const period = tightest?.period ?? 'day';
  const { timeZone, cutOffMinutes, weekStartsOn } = place;
  return {
    limit: tightest?.gesturesLimit ?? null,
    used: tightest?.usedCount ?? 0,
    leased: tightest?.leasedCount ?? 0,
    remaining: allowance.remaining,
    remainingCostMinor: allowance.remainingCostMinor,
    period,
    resetsAt: computeResetsAt({ period, businessDay, weekStartsOn, timeZone, cutOffMinutes }),
  };
}

/** Of several limits reached at once, the one that resets last. Budgets count when there is no limit of gestures. */
function findTightest({ limits, remaining, remainingCostMinor }: Allowance): AllowanceLimit | undefined {
  const reached = limits.filter((limit) =>
    remaining === null
      ? limit.remainingCostMinor !== null && limit.remainingCostMinor === remainingCostMinor
      : limit.remaining === remaining,
  );
  return reached.find(({ period }) => period === 'week') ?? reached[0];
}
