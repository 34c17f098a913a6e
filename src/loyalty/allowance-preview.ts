import type { AllowanceRule, AllowanceScope } from './allowance.ts';
import type { Period } from './business-day.ts';

/** A gesture that was given from somebody's allowance, and stayed given. */
export interface SpentGesture {
  staffId: string;
  locationId: string;
  businessDay: string;
  /** The first business day of its week. */
  weekStart: string;
  /** Minor units. */
  costMinor: number;
}

/** What one person, or one location, used of an allowance in one period. */
export interface PeriodUse {
  subjectId: string;
  /** The business day, or the first day of the week. */
  periodStart: string;
  gestures: number;
  costMinor: number;
}

export interface AllowancePreview {
  /** Gestures the rule would have applied to. */
  gestures: number;
  /** Those of them it would have refused. */
  wouldRefuse: number;
  /** The same by business day, the earliest first; days without any are left out. */
  refusedOn: { businessDay: string; gestures: number }[];
  /** The same by who gave them, the most first. */
  refusedOf: { staffId: string; gestures: number }[];
  /** The most that was really used at once, to see what the rule leaves room for; null when nothing was. */
  mostUsed: PeriodUse | null;
}

/** The mean length of a month of the Gregorian calendar, in days. */
const MONTH_DAYS = 365.2425 / 12;
const PERIODS_PER_MONTH: Record<Period, number> = { day: MONTH_DAYS, week: MONTH_DAYS / 7 };

/**
 * What a rule would have made of gestures that were given, in the order they were given: each is refused when it no
 * longer fits what its person or location may give in that period, and what is refused uses nothing up. Other rules
 * are left aside, but for `exceptions`: subjects with a rule of their own, to whom one for everybody does not apply.
 *
 * What nobody tried to give, because an allowance was spent, no books can tell: a rule that allows more refuses none.
 */
export function computeAllowancePreview({
  rule,
  exceptions,
  gestures,
}: {
  rule: AllowanceRule;
  exceptions: readonly string[];
  gestures: Iterable<SpentGesture>;
}): AllowancePreview {
  const excepted = new Set(rule.subjectId === null ? exceptions : []);
  const allowed = new Map<string, PeriodUse>();
  const used = new Map<string, PeriodUse>();
  const refusedOn = new Map<string, number>();
  const refusedOf = new Map<string, number>();
  let [count, wouldRefuse] = [0, 0];
  for (const gesture of gestures) {
    const subjectId = rule.scope === 'staff' ? gesture.staffId : gesture.locationId;
    if (rule.subjectId === null ? excepted.has(subjectId) : rule.subjectId !== subjectId) continue;
    const periodStart = rule.period === 'day' ? gesture.businessDay : gesture.weekStart;
    count++;
    add(useOf(used, { subjectId, periodStart }), gesture);
    const use = useOf(allowed, { subjectId, periodStart });
    if (fits(rule, use, gesture)) {
      add(use, gesture);
      continue;
    }
    wouldRefuse++;
    refusedOn.set(gesture.businessDay, (refusedOn.get(gesture.businessDay) ?? 0) + 1);
    refusedOf.set(gesture.staffId, (refusedOf.get(gesture.staffId) ?? 0) + 1);
  }
  return {
    gestures: count,
    wouldRefuse,
    refusedOn: [...refusedOn]
      .map(([businessDay, times]) => ({ businessDay, gestures: times }))
      .sort((a, b) => (a.businessDay < b.businessDay ? -1 : 1)),
    refusedOf: [...refusedOf]
      .map(([staffId, times]) => ({ staffId, gestures: times }))
      .sort((a, b) => b.gestures - a.gestures || (a.staffId < b.staffId ? -1 : 1)),
    mostUsed: findMost(used.values(), rule),
  };
}

/**
 * What a rule lets be given away in a month at the most, minor units: if everybody used it up every day, and gave the
 * dearest thing each time. Rounded up.
 */
export function computeMostPerMonth({
  rule: { period, gesturesLimit, costLimitMinor },
  subjectCount,
  dearestMinor,
}: {
  rule: Pick<AllowanceRule, 'period' | 'gesturesLimit' | 'costLimitMinor'>;
  /** How many people, or locations, it is for. */
  subjectCount: number;
  /** The most that one gesture may cost. */
  dearestMinor: number;
}): number {
  const byCount = gesturesLimit === null ? Infinity : gesturesLimit * dearestMinor;
  const perPeriodMinor = Math.min(byCount, costLimitMinor ?? Infinity);
  if (perPeriodMinor === Infinity) throw new RangeError('A rule limits gestures, or their cost');
  return Math.ceil(perPeriodMinor * subjectCount * PERIODS_PER_MONTH[period]);
}

/** Which of the rules of a scope and period is for one subject: to it, the one for everybody does not apply. */
export function listExceptions(
  rules: readonly AllowanceRule[],
  { scope, period }: { scope: AllowanceScope; period: Period },
): string[] {
  return rules.flatMap((rule) =>
    rule.scope === scope && rule.period === period && rule.subjectId !== null ? [rule.subjectId] : [],
  );
}

/** As `decideSpend` has it: what costs nothing is within any budget. */
function fits(rule: AllowanceRule, use: PeriodUse, { costMinor }: SpentGesture): boolean {
  if (rule.gesturesLimit !== null && use.gestures >= rule.gesturesLimit) return false;
  return costMinor === 0 || rule.costLimitMinor === null || use.costMinor + costMinor <= rule.costLimitMinor;
}

function useOf(
  uses: Map<string, PeriodUse>,
  { subjectId, periodStart }: Pick<PeriodUse, 'subjectId' | 'periodStart'>,
): PeriodUse {
  const key = `${subjectId}\n${periodStart}`;
  let use = uses.get(key);
  if (!use) {
    use = { subjectId, periodStart, gestures: 0, costMinor: 0 };
    uses.set(key, use);
  }
  return use;
}

function add(use: PeriodUse, { costMinor }: SpentGesture): void {
  use.gestures++;
  use.costMinor += costMinor;
}

/** By what the rule limits; the earlier period of two alike. */
function findMost(uses: Iterable<PeriodUse>, { gesturesLimit }: AllowanceRule): PeriodUse | null {
  const sizeOf = ({ gestures, costMinor }: PeriodUse): number =>
    gesturesLimit === null ? costMinor : gestures;
  let most: PeriodUse | null = null;
  for (const use of uses) {
    const isMore = most === null || sizeOf(use) > sizeOf(most);
    const isEarlier = most !== null && sizeOf(use) === sizeOf(most) && use.periodStart < most.periodStart;
    if (isMore || isEarlier) most = use;
  }
  return most;
}
