import { binomialTail } from './quantiles.ts';

/** A customer that a member of staff served: one scan, with or without a gesture. */
export interface ServedVisit {
  staffId: string;
  customerId: string;
  /** Minutes after local midnight. */
  minuteOfDay: number;
  /** Minutes until the location closed that day; its last sale, where no hours are set. */
  minutesBeforeClosing: number;
  /** Whether the customer had been there fewer than three times before. */
  isNewcomer: boolean;
  hasGesture: boolean;
}

export type PartOfDay = 'morning' | 'midday' | 'afternoon' | 'evening';

/** A part of what somebody served, and of the gestures they gave. Shares of 1; null when there is nothing to share. */
export interface Share {
  served: number;
  gestures: number;
  ofServed: number | null;
  ofGestures: number | null;
}

/** How one member of staff's gestures spread, for their own eyes. Nothing here says who did better. */
export interface Spread {
  served: number;
  gestures: number;
  customersServed: number;
  customersGivenTo: number;
  newcomers: Share;
  regulars: Share;
  partsOfDay: Record<PartOfDay, Share>;
  /** Gestures to the three customers who got most, as a share of all; null without gestures. */
  sameThreeShare: number | null;
}

/** What an owner is told of, with the numbers behind it. Never a judgement: there may be a good reason. */
export type Alarm =
  | {
      kind: 'one-pair';
      staffId: string;
      customerId: string;
      gestures: number;
      served: number;
      /** Gestures there would be at the pace of everybody else. */
      expected: number;
    }
  | {
      kind: 'shared-contact';
      staffId: string;
      customerId: string;
      gestures: number;
      by: 'card' | 'phone';
    }
  | {
      kind: 'before-closing';
      staffId: string;
      gestures: number;
      beforeClosing: number;
      /** Share of the visits they served then, when nothing was given. */
      expectedShare: number;
    };

export interface SharedContact {
  staffId: string;
  customerId: string;
  by: 'card' | 'phone';
}

const MIDDAY_FROM = 11 * 60;
const AFTERNOON_FROM = 14 * 60;
const EVENING_FROM = 17 * 60;
const SAME_PEOPLE = 3;
/** An alarm needs as many gestures, however unlikely they are. */
const LEAST_GESTURES = 5;
const LEAST_TIMES = 3;
/** How unlikely it must be, for all pairs or all staff taken together. */
const ALARM_CHANCE = 0.001;
const CLOSING_MINUTES = 15;

/** The mirror of one member of staff, from the visits they served. Pass only theirs. */
export function describeSpread(visits: readonly ServedVisit[]): Spread {
  const given = visits.filter(({ hasGesture }) => hasGesture);
  const share = (belongs: (visit: ServedVisit) => boolean): Share => {
    const [served, gestures] = [visits.filter(belongs).length, given.filter(belongs).length];
    const shareOf = (part: number, whole: number) => (whole === 0 ? null : part / whole);
    return {
      served,
      gestures,
      ofServed: shareOf(served, visits.length),
      ofGestures: shareOf(gestures, given.length),
    };
  };
  const perCustomer = [...countBy(given, ({ customerId }) => customerId).values()].sort((a, b) => b - a);
  const most = perCustomer.slice(0, SAME_PEOPLE).reduce((sum, count) => sum + count, 0);
  return {
    served: visits.length,
    gestures: given.length,
    customersServed: new Set(visits.map(({ customerId }) => customerId)).size,
    customersGivenTo: perCustomer.length,
    newcomers: share(({ isNewcomer }) => isNewcomer),
    regulars: share(({ isNewcomer }) => !isNewcomer),
    partsOfDay: {
      morning: share((visit) => partOfDay(visit) === 'morning'),
      midday: share((visit) => partOfDay(visit) === 'midday'),
      afternoon: share((visit) => partOfDay(visit) === 'afternoon'),
      evening: share((visit) => partOfDay(visit) === 'evening'),
    },
    sameThreeShare: given.length === 0 ? null : most / given.length,
  };
}

/** Everything an owner is told of, from every visit of the shop and the contacts staff share with customers. */
export const findAlarms = (visits: readonly ServedVisit[], shared: readonly SharedContact[]): Alarm[] => [
  ...findPairs(visits),
  ...findSharedContacts(visits, shared),
  ...findBeforeClosing(visits),
];

/**
 * One pair far above the rest: at least 5 gestures, 3 times what everybody else's pace makes of the visits the two had
 * together, and a binomial count so large has a chance under 0.001 over all pairs (Bonferroni).
 */
export function findPairs(visits: readonly ServedVisit[]): Alarm[] {
  const pairs = new Map<string, { staffId: string; customerId: string; served: number; gestures: number }>();
  for (const { staffId, customerId, hasGesture } of visits) {
    const name = JSON.stringify([staffId, customerId]);
    const pair = pairs.get(name) ?? { staffId, customerId, served: 0, gestures: 0 };
    pair.served++;
    if (hasGesture) pair.gestures++;
    pairs.set(name, pair);
  }
  const allGestures = visits.filter(({ hasGesture }) => hasGesture).length;
  return [...pairs.values()].flatMap((pair): Alarm[] => {
    const othersServed = visits.length - pair.served;
    if (pair.gestures < LEAST_GESTURES || othersServed === 0) return [];
    const pace = (allGestures - pair.gestures) / othersServed;
    const expected = pace * pair.served;
    if (pair.gestures < LEAST_TIMES * expected) return [];
    if (binomialTail(pair.gestures, pair.served, pace) * pairs.size >= ALARM_CHANCE) return [];
    return [{ kind: 'one-pair', ...pair, expected }];
  });
}

/** Gestures to a customer who shares a card or a phone number with the member of staff who gave them: any at all. */
export function findSharedContacts(
  visits: readonly ServedVisit[],
  shared: readonly SharedContact[],
): Alarm[] {
  return shared.flatMap((contact): Alarm[] => {
    const gestures = visits.filter(
      (visit) =>
        visit.hasGesture && visit.staffId === contact.staffId && visit.customerId === contact.customerId,
    ).length;
    return gestures === 0 ? [] : [{ kind: 'shared-contact', ...contact, gestures }];
  });
}

/**
 * Gestures in the last quarter of an hour before closing: at least 5, 3 times their share of the visits that the member
 * of staff served without a gesture, and a binomial count so large has a chance under 0.001 over all staff.
 */
export function findBeforeClosing(visits: readonly ServedVisit[]): Alarm[] {
  const byStaff = Map.groupBy(visits, ({ staffId }) => staffId);
  return [...byStaff].flatMap(([staffId, served]): Alarm[] => {
    const isLate = ({ minutesBeforeClosing }: ServedVisit) => minutesBeforeClosing <= CLOSING_MINUTES;
    const given = served.filter(({ hasGesture }) => hasGesture);
    const others = served.filter(({ hasGesture }) => !hasGesture);
    const beforeClosing = given.filter(isLate).length;
    if (beforeClosing < LEAST_GESTURES) return [];
    // One visit is added to either side, so that somebody who never serves late has a share to compare with.
    const expectedShare = (others.filter(isLate).length + 1) / (others.length + 2);
    if (beforeClosing / given.length < LEAST_TIMES * expectedShare) return [];
    if (binomialTail(beforeClosing, given.length, expectedShare) * byStaff.size >= ALARM_CHANCE) return [];
    return [{ kind: 'before-closing', staffId, gestures: given.length, beforeClosing, expectedShare }];
  });
}

function partOfDay({ minuteOfDay }: ServedVisit): PartOfDay {
  if (minuteOfDay < MIDDAY_FROM) return 'morning';
  if (minuteOfDay < AFTERNOON_FROM) return 'midday';
  return minuteOfDay < EVENING_FROM ? 'afternoon' : 'evening';
}

function countBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) + 1);
  return counts;
}
