import type { Period } from './business-day.ts';
import type { Accepted } from './decision.ts';

export type AllowanceScope = 'staff' | 'location';

/** Amounts are minor units; null for no limit of that sort. */
interface Limits {
  gesturesLimit: number | null;
  costLimitMinor: number | null;
}

/** What the owner set. */
export interface AllowanceRule extends Limits {
  scope: AllowanceScope;
  /** A member of staff or a location; null for everyone in the scope who has no rule of their own. */
  subjectId: string | null;
  period: Period;
}

/** Whether a rule limits anything. */
export function setsLimit({ gesturesLimit, costLimitMinor }: Limits): boolean {
  return gesturesLimit !== null || costLimitMinor !== null;
}

export interface CounterKey {
  scope: AllowanceScope;
  subjectId: string;
  period: Period;
  /** The business day, or the day the business week starts. */
  periodStart: string;
}

export interface AllowanceCounter extends CounterKey {
  usedCount: number;
  /** Gestures tills hold on lease: not given yet, and nobody else's to give. */
  leasedCount: number;
  /** The cost of the gestures used, and the most that those on lease may cost. */
  usedCostMinor: number;
}

/** What a decision adds to each of the four counters it touches. */
export type CounterChange = Pick<AllowanceCounter, 'usedCount' | 'leasedCount' | 'usedCostMinor'>;

/** One limit that applies, and how much of it is left. `remaining` is null when that side has no limit. */
export interface AllowanceLimit extends AllowanceCounter, Limits {
  remaining: number | null;
  remainingCostMinor: number | null;
}

export interface Allowance {
  limits: AllowanceLimit[];
  /** The "2 left today" of the till: the least of the limits; null for no limit. */
  remaining: number | null;
  remainingCostMinor: number | null;
}

export interface AllowanceSpent {
  refused: 'allowance-spent';
  scope: AllowanceScope;
  period: Period;
  spent: 'gestures' | 'cost';
  /** How many gestures of this cost are left: none. */
  remaining: 0;
}

interface Situation {
  staffId: string;
  locationId: string;
  businessDay: string;
  weekStart: string;
}

export const NO_CHANGE: CounterChange = { usedCount: 0, leasedCount: 0, usedCostMinor: 0 };

/**
 * The four counters every gesture is counted in, whichever rules there are today: a rule changed from day to week
 * must find what was used before it.
 */
export function computeCounterKeys({ staffId, locationId, businessDay, weekStart }: Situation): CounterKey[] {
  return [
    { scope: 'staff', subjectId: staffId, period: 'day', periodStart: businessDay },
    { scope: 'staff', subjectId: staffId, period: 'week', periodStart: weekStart },
    { scope: 'location', subjectId: locationId, period: 'day', periodStart: businessDay },
    { scope: 'location', subjectId: locationId, period: 'week', periodStart: weekStart },
  ];
}

/** What a member of staff may still give at a location. A counter that isn't there yet is at zero. */
export function computeAllowance({
  rules,
  counters,
  ...situation
}: Situation & { rules: readonly AllowanceRule[]; counters: readonly AllowanceCounter[] }): Allowance {
  const limits = computeCounterKeys(situation).flatMap((key) => {
    const rule = findRule(rules, key);
    return rule ? [computeLimit(rule, findCounter(counters, key))] : [];
  });
  return allowanceOf(limits);
}

/** What is left of an allowance once a decision is counted: all four counters change alike. */
export function computeAllowanceAfter({ limits }: Allowance, change: CounterChange): Allowance {
  return allowanceOf(
    limits.map((limit) =>
      computeLimit(limit, {
        ...limit,
        usedCount: limit.usedCount + change.usedCount,
        leasedCount: limit.leasedCount + change.leasedCount,
        usedCostMinor: limit.usedCostMinor + change.usedCostMinor,
      }),
    ),
  );
}

/** Whether one more gesture of this cost is within the allowance, and what it then adds to the counters. */
export function decideSpend({
  allowance,
  costMinor,
}: {
  allowance: Allowance;
  costMinor: number;
}): (Accepted & { change: CounterChange }) | AllowanceSpent {
  requireCost(costMinor);
  const refusal = refuseSpend(allowance, costMinor);
  return refusal ?? { change: { usedCount: 1, leasedCount: 0, usedCostMinor: costMinor } };
}

/**
 * How many gestures, of those it asks for, a till may take along to give while it is offline. They count as used until
 * given back, and so does `costEachMinor` of each: the most that one of them may then cost.
 */
export function decideLease({
  allowance,
  requested,
  costEachMinor,
}: {
  allowance: Allowance;
  requested: number;
  costEachMinor: number;
}): (Accepted & { count: number; change: CounterChange }) | AllowanceSpent {
  if (!Number.isInteger(requested) || requested < 1) throw new RangeError(`${requested} gestures to lease`);
  requireCost(costEachMinor);
  const refusal = refuseSpend(allowance, costEachMinor);
  if (refusal) return refusal;
  const count = Math.min(
    requested,
    allowance.remaining ?? Infinity,
    costEachMinor > 0 ? Math.floor((allowance.remainingCostMinor ?? Infinity) / costEachMinor) : Infinity,
  );
  return { count, change: { usedCount: 0, leasedCount: count, usedCostMinor: count * costEachMinor } };
}

/** Of several limits in the way, names the one that resets last: until then there is nothing to give. */
function refuseSpend(allowance: Allowance, costMinor: number): AllowanceSpent | null {
  const inTheWay = allowance.limits.filter((limit) => whyNot(limit, costMinor) !== null);
  const limit = inTheWay.find(({ period }) => period === 'week') ?? inTheWay[0];
  const spent = limit && whyNot(limit, costMinor);
  if (!limit || !spent) return null;
  return { refused: 'allowance-spent', scope: limit.scope, period: limit.period, spent, remaining: 0 };
}

function whyNot(limit: AllowanceLimit, costMinor: number): 'gestures' | 'cost' | null {
  if (limit.remaining !== null && limit.remaining < 1) return 'gestures';
  // A gesture that costs nothing is never in the way of a budget, not even of one already overspent by an edit.
  if (costMinor > 0 && limit.remainingCostMinor !== null && costMinor > limit.remainingCostMinor)
    return 'cost';
  return null;
}

function findRule(rules: readonly AllowanceRule[], key: CounterKey): AllowanceRule | undefined {
  const candidates = rules.filter((rule) => rule.scope === key.scope && rule.period === key.period);
  return (
    candidates.find((rule) => rule.subjectId === key.subjectId) ??
    candidates.find((rule) => rule.subjectId === null)
  );
}

function findCounter(counters: readonly AllowanceCounter[], key: CounterKey): AllowanceCounter {
  const found = counters.find(
    (counter) =>
      counter.scope === key.scope &&
      counter.subjectId === key.subjectId &&
      counter.period === key.period &&
      counter.periodStart === key.periodStart,
  );
  return found ?? { ...key, ...NO_CHANGE };
}

function allowanceOf(limits: AllowanceLimit[]): Allowance {
  return {
    limits,
    remaining: leastOf(limits.map((limit) => limit.remaining)),
    remainingCostMinor: leastOf(limits.map((limit) => limit.remainingCostMinor)),
  };
}

/** An edit may set a limit below what was used: then nothing remains, and nothing is owed. */
function computeLimit({ gesturesLimit, costLimitMinor }: Limits, counter: AllowanceCounter): AllowanceLimit {
  const takenCount = counter.usedCount + counter.leasedCount;
  return {
    ...counter,
    gesturesLimit,
    costLimitMinor,
    remaining: gesturesLimit === null ? null : Math.max(0, gesturesLimit - takenCount),
    remainingCostMinor: costLimitMinor === null ? null : Math.max(0, costLimitMinor - counter.usedCostMinor),
  };
}

function leastOf(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce((least, amount) => {
    if (least === null || amount === null) return least ?? amount;
    return Math.min(least, amount);
  }, null);
}

function requireCost(costMinor: number): void {
  if (!Number.isInteger(costMinor) || costMinor < 0)
    throw new RangeError(`A gesture can't cost ${costMinor}`);
}
