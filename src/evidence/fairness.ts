import { binomialTail } from './quantiles.ts';

/** A customer that a member of staff served: one scan, with or without a gesture. */
export interface ServedVisit {
  staffId: string;
  customerId: string;
  /** Minutes after local midnight. */
  minuteOfDay: number;
  /** Whole minutes until the last that was sold or given there that day. */
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
  const perCustomer = [...Map.groupBy(given, ({ customerId }) => customerId).values()]
    .map(({ length }) => length)
    .sort((a, b) => b - a);
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

/**
 * What the alarms go by, counted from every visit of a shop: in as many goes as the caller likes, for a large chain has
 * hundreds of thousands.
 */
export class ServedCounts {
  visits = 0;
  gestures = 0;
  /** By member of staff, and by customer. */
  readonly pairs = new Map<string, Map<string, { served: number; gestures: number }>>();
  pairCount = 0;
  /** By member of staff; late is just before closing. */
  readonly staff = new Map<
    string,
    { given: number; givenLate: number; others: number; othersLate: number }
  >();

  add(visits: readonly ServedVisit[]): void {
    for (const visit of visits) {
      this.visits++;
      if (visit.hasGesture) this.gestures++;
      this.#addToPair(visit);
      this.#addToStaff(visit);
    }
  }

  #addToPair({ staffId, customerId, hasGesture }: ServedVisit): void {
    let customers = this.pairs.get(staffId);
    if (!customers) this.pairs.set(staffId, (customers = new Map()));
    let pair = customers.get(customerId);
    if (!pair) {
      customers.set(customerId, (pair = { served: 0, gestures: 0 }));
      this.pairCount++;
    }
    pair.served++;
    if (hasGesture) pair.gestures++;
  }

  #addToStaff({ staffId, hasGesture, minutesBeforeClosing }: ServedVisit): void {
    let counts = this.staff.get(staffId);
    if (!counts) this.staff.set(staffId, (counts = { given: 0, givenLate: 0, others: 0, othersLate: 0 }));
    const late = minutesBeforeClosing < CLOSING_MINUTES ? 1 : 0;
    counts[hasGesture ? 'given' : 'others']++;
    counts[hasGesture ? 'givenLate' : 'othersLate'] += late;
  }
}

/** Everything an owner is told of, from every visit of the shop and the contacts staff share with customers. */
export const findAlarms = (counts: ServedCounts, shared: readonly SharedContact[]): Alarm[] => [
  ...findPairs(counts),
  ...findSharedContacts(counts, shared),
  ...findBeforeClosing(counts),
];

/**
 * One pair far above the rest: at least 5 gestures, 3 times what everybody else's pace makes of the visits the two had
 * together, and a binomial count so large has a chance under 0.001 over all pairs (Bonferroni).
 */
function findPairs({ pairs, pairCount, visits, gestures: allGestures }: ServedCounts): Alarm[] {
  const alarms: Alarm[] = [];
  for (const [staffId, customers] of pairs)
    for (const [customerId, { served, gestures }] of customers) {
      const othersServed = visits - served;
      if (gestures < LEAST_GESTURES || othersServed === 0) continue;
      const pace = (allGestures - gestures) / othersServed;
      const expected = pace * served;
      if (gestures < LEAST_TIMES * expected) continue;
      if (binomialTail(gestures, served, pace) * pairCount >= ALARM_CHANCE) continue;
      alarms.push({ kind: 'one-pair', staffId, customerId, served, gestures, expected });
    }
  return alarms;
}

/** Gestures to a customer who shares a card or a phone number with the member of staff who gave them: any at all. */
function findSharedContacts({ pairs }: ServedCounts, shared: readonly SharedContact[]): Alarm[] {
  return shared.flatMap((contact): Alarm[] => {
    const gestures = pairs.get(contact.staffId)?.get(contact.customerId)?.gestures ?? 0;
    return gestures === 0 ? [] : [{ kind: 'shared-contact', ...contact, gestures }];
  });
}

/**
 * Gestures in the last quarter of an hour before closing: at least 5, 3 times their share of the visits that the member
 * of staff served without a gesture, and a binomial count so large has a chance under 0.001 over all staff.
 */
function findBeforeClosing({ staff }: ServedCounts): Alarm[] {
  return [...staff].flatMap(([staffId, { given, givenLate, others, othersLate }]): Alarm[] => {
    if (givenLate < LEAST_GESTURES) return [];
    // One visit is added to either side, so that somebody who never serves late has a share to compare with.
    const expectedShare = (othersLate + 1) / (others + 2);
    if (givenLate / given < LEAST_TIMES * expectedShare) return [];
    if (binomialTail(givenLate, given, expectedShare) * staff.size >= ALARM_CHANCE) return [];
    return [{ kind: 'before-closing', staffId, gestures: given, beforeClosing: givenLate, expectedShare }];
  });
}

function partOfDay({ minuteOfDay }: ServedVisit): PartOfDay {
  if (minuteOfDay < MIDDAY_FROM) return 'morning';
  if (minuteOfDay < AFTERNOON_FROM) return 'midday';
  return minuteOfDay < EVENING_FROM ? 'afternoon' : 'evening';
}
