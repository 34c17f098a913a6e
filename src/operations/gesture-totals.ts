import { countTouchedSales } from '../evidence/touch-sweep.ts';
import type { AttributionRule, Outcome } from '../evidence/touch-sweep.ts';
import type { GestureKind, GestureReason } from '../loyalty/gesture.ts';

const DAY_MS = 86_400_000;

/** Sums over gestures. Money is minor units. */
export interface GestureSums {
  gestures: number;
  priceMinor: number;
  costMinor: number;
  /** Gestures whose customer has come back within the window. */
  gesturesReturned: number;
  /** Different sales: one that several of these gestures share is one sale. */
  attributedSales: number;
  attributedSpendMinor: number;
}

/** Gestures whose window is over, and those for which more may come: never to be averaged with one another. */
export interface SplitSums {
  complete: GestureSums;
  maturing: GestureSums;
}

export interface GestureTotals extends SplitSums {
  /** `complete` and `maturing` together. */
  all: GestureSums;
  /**
   * Of the `complete` gestures, how many had seen their customer again within one day of 24 hours, within two, and so
   * on to the end of the window.
   */
  returnedWithinDays: number[];
  byKind: (SplitSums & { kind: GestureKind })[];
  byReason: (SplitSums & { reason: GestureReason })[];
  byStaff: (SplitSums & { staffId: string; staffName: string })[];
  byLocation: (SplitSums & { locationId: string; locationName: string })[];
  /** By the business week the gestures were given in, named by its first day. */
  byWeek: (SplitSums & { weekStart: string })[];
}

/** What a gesture is summed under. */
export interface SummedUnder {
  kind: GestureKind;
  reason: GestureReason;
  staffId: string;
  locationId: string;
  weekStart: string;
}

export interface SummedGesture {
  under: SummedUnder;
  outcome: Outcome;
}

export interface AddedGesture extends SummedGesture {
  givenAt: Date;
  priceMinor: number;
  costMinor: number;
}

type Group = 'total' | keyof SummedUnder;
type State = 'all' | 'complete' | 'maturing';

const GROUPS: readonly Group[] = ['total', 'kind', 'reason', 'staffId', 'locationId', 'weekStart'];

/**
 * Adds gestures up, page by page. `addCustomer` takes one customer's gestures of a page, and (for `linear`) those of
 * the same report that were added before and may share a sale with them; all in the order they were given.
 */
export class GestureSummer {
  readonly #sums = new Map<string, GestureSums>();
  readonly #rule: Pick<AttributionRule, 'model' | 'windowDays'>;
  /** By the day after the gesture, the first being 0, on which the customer came back. */
  readonly #returnedOnDay: number[];

  constructor(rule: Pick<AttributionRule, 'model' | 'windowDays'>) {
    this.#rule = rule;
    this.#returnedOnDay = new Array<number>(rule.windowDays).fill(0);
  }

  addCustomer({ before, added }: { before: readonly SummedGesture[]; added: readonly AddedGesture[] }): void {
    const bucketsAdded = new Map<string, AddedGesture[]>();
    for (const gesture of added) {
      this.#addReturn(gesture);
      for (const bucket of bucketsOf(gesture)) pushTo(bucketsAdded, bucket, gesture);
    }
    const bucketsBefore = new Map<string, SummedGesture[]>();
    for (const gesture of before)
      for (const bucket of bucketsOf(gesture))
        if (bucketsAdded.has(bucket)) pushTo(bucketsBefore, bucket, gesture);
    for (const [bucket, gestures] of bucketsAdded) {
      const sums = this.#sumsOf(bucket);
      for (const gesture of gestures) addGesture(sums, gesture);
      sums.attributedSales += this.#countNewSales(bucketsBefore.get(bucket) ?? [], gestures);
    }
  }

  /** `nameOf` says what a member of staff or a location is called. */
  totals(nameOf: (group: 'staffId' | 'locationId', id: string) => string): GestureTotals {
    const sumsOf = (group: Group, value: string, state: State) =>
      this.#sums.get(bucketName(group, value, state)) ?? noSums();
    const split = (group: Group, value: string): SplitSums => ({
      complete: sumsOf(group, value, 'complete'),
      maturing: sumsOf(group, value, 'maturing'),
    });
    const valuesOf = (group: Group): string[] =>
      [...this.#sums.keys()]
        .map((bucket) => bucket.split('\n'))
        .filter(([one, , state]) => one === group && state === 'all')
        .map(([, value]) => value!)
        .sort();
    const byName = <Row extends { name: string }>(rows: Row[]): Row[] =>
      rows.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const named = (group: 'staffId' | 'locationId') =>
      byName(valuesOf(group).map((id) => ({ id, name: nameOf(group, id) })));
    return {
      all: sumsOf('total', '', 'all'),
      returnedWithinDays: runningSums(this.#returnedOnDay),
      ...split('total', ''),
      byKind: valuesOf('kind').map((kind) => ({ kind: kind as GestureKind, ...split('kind', kind) })),
      byReason: valuesOf('reason').map((reason) => ({
        reason: reason as GestureReason,
        ...split('reason', reason),
      })),
      byStaff: named('staffId').map(({ id, name }) => ({
        staffId: id,
        staffName: name,
        ...split('staffId', id),
      })),
      byLocation: named('locationId').map(({ id, name }) => ({
        locationId: id,
        locationName: name,
        ...split('locationId', id),
      })),
      byWeek: valuesOf('weekStart').map((weekStart) => ({ weekStart, ...split('weekStart', weekStart) })),
    };
  }

  /** A gesture whose window is open is left out: a customer who has yet to come back is not one who stayed away. */
  #addReturn({ givenAt, outcome: { returnedAt, isComplete } }: AddedGesture): void {
    if (!returnedAt || !isComplete) return;
    this.#returnedOnDay[Math.ceil((returnedAt.getTime() - givenAt.getTime()) / DAY_MS) - 1]!++;
  }

  /**
   * Under `first` and `last` a sale counts to one gesture, so the outcomes add up. Under `linear` its touches share
   * it, and it must not be counted again for each.
   */
  #countNewSales(before: readonly SummedGesture[], added: readonly AddedGesture[]): number {
    if (this.#rule.model !== 'linear')
      return added.reduce((sum, { outcome }) => sum + outcome.attributedSales, 0);
    const earlier = before.map(({ outcome }) => outcome.touches);
    const all = [...earlier, ...added.map(({ outcome }) => outcome.touches)];
    return countTouchedSales(all) - countTouchedSales(earlier);
  }

  #sumsOf(bucket: string): GestureSums {
    let sums = this.#sums.get(bucket);
    if (!sums) {
      sums = noSums();
      this.#sums.set(bucket, sums);
    }
    return sums;
  }
}

function addGesture(sums: GestureSums, { priceMinor, costMinor, outcome }: AddedGesture): void {
  sums.gestures++;
  sums.priceMinor += priceMinor;
  sums.costMinor += costMinor;
  if (outcome.returnedAt) sums.gesturesReturned++;
  sums.attributedSpendMinor += outcome.attributedMinor;
}

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

function* bucketsOf({ under, outcome }: SummedGesture): Generator<string> {
  for (const group of GROUPS) {
    const value = group === 'total' ? '' : under[group];
    yield bucketName(group, value, 'all');
    yield bucketName(group, value, outcome.isComplete ? 'complete' : 'maturing');
  }
}

function bucketName(group: Group, value: string, state: State): string {
  return `${group}\n${value}\n${state}`;
}

function noSums(): GestureSums {
  return {
    gestures: 0,
    priceMinor: 0,
    costMinor: 0,
    gesturesReturned: 0,
    attributedSales: 0,
    attributedSpendMinor: 0,
  };
}

function pushTo<Value>(groups: Map<string, Value[]>, key: string, value: Value): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}
