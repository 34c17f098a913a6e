import { findFirst } from './find-first.ts';

/** `first` and `last` count a sale to one gesture; `linear` shares it out among every gesture that touched it. */
export type AttributionModel = 'first' | 'last' | 'linear';

/** Which sales a gesture touches, and how a sale that several touched is counted. */
export interface AttributionRule {
  /** Days of 24 hours after the gesture in which a sale is still counted, the last millisecond included. */
  windowDays: number;
  /** Minutes after the gesture that still belong to the same visit, the last millisecond included; 0 for none. */
  visitMinutes: number;
  model: AttributionModel;
  /** Sales after it are not counted, and a window that ends after it is still open. */
  asOf: Date;
}

export interface SweptGesture {
  givenAt: Date;
  /** The sale it was given with, which never counts to it; null when there was none. */
  saleId: string | null;
}

export interface SweptSale {
  saleId: string;
  occurredAt: Date;
  /** Minor units, less what was refunded. */
  netMinor: number;
}

/** What came after a gesture. */
export interface Outcome {
  /** Visits in the window after the gesture's own: its touched sales, with no pause longer than `visitMinutes` in one. */
  laterVisits: number;
  /** When the first touched sale was made; null while there is none. */
  returnedAt: Date | null;
  /** Sales counted to it; under `linear`, every touched sale, since it has a share in each. */
  attributedSales: number;
  /** Minor units; the outcomes of all gestures add up to the net of the touched sales, whatever the model. */
  attributedMinor: number;
  /** Whether nothing can be added any more, but for refunds. */
  isComplete: boolean;
  touches: TouchedRange;
}

/** The sales a gesture touched: places in the order they were swept, `from` up to but not including `to`. */
export interface TouchedRange {
  from: number;
  to: number;
  /** The gesture's own sale, when it lies in the range; it is not touched. */
  ownSale: number | null;
}

export interface TouchSweep {
  /** Counts the customer's next sale. @throws RangeError when it was made before the one counted last */
  add(sale: SweptSale): void;
  /** One outcome per gesture, in the order the gestures were given in. */
  finish(): Outcome[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Counts one customer's later sales to gestures: bookkeeping, no claim of cause. `gestures` are sorted by instant, equal
 * instants by id; sales come one at a time, oldest first, so that nobody has to hold them all: n sales and m gestures
 * cost O(n + m) time and O(m) memory.
 *
 * The gestures that touch a sale are neighbours: both ends of "given more than a visit and at most a window before"
 * only ever move forward. So a sale's share is written at the two ends of that stretch, and summed up at the end.
 */
export function sweepTouches(gestures: readonly SweptGesture[], rule: AttributionRule): TouchSweep {
  const count = gestures.length;
  const givenMs = gestures.map(({ givenAt }) => givenAt.getTime());
  const gesturesOfSale = Map.groupBy(givenMs.keys(), (gesture) => gestures[gesture]!.saleId);
  const visitMs = rule.visitMinutes * MINUTE_MS;
  const windowMs = rule.windowDays * DAY_MS;
  const asOfMs = rule.asOf.getTime();

  /** Gestures before `expired` touch no later sale; those from `expired` up to `eligible` touch this one. */
  let expired = 0;
  let eligible = 0;
  let saleCount = 0;
  let visit = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  let lastButOneMs = Number.NEGATIVE_INFINITY;
  /** Gestures whose own sale was the last one swept: only the next sale tells what leaving it out changes. */
  let leftOut: number[] = [];

  const from = new Array<number>(count).fill(0);
  const to = new Array<number>(count).fill(0);
  const visitsFrom = new Array<number>(count).fill(0);
  const laterVisits = new Array<number>(count).fill(0);
  const ownSale = new Array<number | null>(count).fill(null);
  const returnedMs = new Array<number | null>(count).fill(null);
  const sales = new Array<number>(count).fill(0);
  const minor = new Array<number>(count).fill(0);
  /** For `linear`: what each gesture gets more than the one before it. */
  const steps = new Array<number>(count + 1).fill(0);

  function add(sale: SweptSale): void {
    const soldMs = sale.occurredAt.getTime();
    if (soldMs < lastMs) throw new RangeError('Sales are swept in the order they were made');
    if (soldMs > asOfMs) return;
    const startsVisit = soldMs - lastMs > visitMs;
    const visitBefore = visit;
    if (startsVisit) visit++;
    const newlyEligible = eligible;
    while (eligible < count && givenMs[eligible]! + visitMs < soldMs) begin(eligible++, soldMs);
    while (expired < eligible && givenMs[expired]! + windowMs < soldMs) end(expired++, visitBefore);
    mendVisits(soldMs, startsVisit);
    const owners = (gesturesOfSale.get(sale.saleId) ?? []).filter((one) => one >= expired && one < eligible);
    for (const owner of owners) {
      ownSale[owner] = saleCount;
      if (owner >= newlyEligible) returnedMs[owner] = null;
    }
    leftOut = owners;
    share(sale.netMinor, owners);
    saleCount++;
    lastButOneMs = lastMs;
    lastMs = soldMs;
  }

  function begin(gesture: number, soldMs: number): void {
    from[gesture] = saleCount;
    visitsFrom[gesture] = visit;
    returnedMs[gesture] = soldMs;
  }

  function end(gesture: number, lastVisit: number): void {
    to[gesture] = saleCount;
    if (from[gesture] === saleCount) {
      returnedMs[gesture] = null; // it became eligible and expired between two sales
      return;
    }
    laterVisits[gesture]! += lastVisit - visitsFrom[gesture]! + 1;
    // Its own sale was the last of its range: that visit counts only if another sale of the range is part of it.
    if (ownSale[gesture] === saleCount - 1 && leftOut.includes(gesture)) {
      const isAlone = from[gesture] === saleCount - 1 || lastMs - lastButOneMs > visitMs;
      if (isAlone) laterVisits[gesture]!--;
    }
  }

  /** Takes the last sale out of the visits of those it was the own sale of, if this one is still in their range. */
  function mendVisits(soldMs: number, startsVisit: boolean): void {
    for (const gesture of leftOut) {
      if (gesture < expired) continue;
      if (from[gesture] === saleCount - 1) {
        returnedMs[gesture] = soldMs;
        if (startsVisit) laterVisits[gesture]!--;
      } else {
        const began = lastMs - lastButOneMs > visitMs ? 1 : 0;
        const begins = startsVisit ? 1 : 0;
        const beginsWithoutIt = soldMs - lastButOneMs > visitMs ? 1 : 0;
        laterVisits[gesture]! += beginsWithoutIt - began - begins;
      }
    }
  }

  function share(netMinor: number, owners: readonly number[]): void {
    const touchCount = eligible - expired - owners.length;
    if (touchCount === 0) return;
    if (rule.model === 'linear') shareAmongAll(netMinor, owners, touchCount);
    else {
      const gesture = rule.model === 'first' ? firstTouch(owners) : lastTouch(owners);
      sales[gesture]!++;
      minor[gesture]! += netMinor;
    }
  }

  function firstTouch(owners: readonly number[]): number {
    let gesture = expired;
    while (owners.includes(gesture)) gesture++;
    return gesture;
  }

  /** Of several at the latest instant, the one with the smallest id: they are sorted by it. */
  function lastTouch(owners: readonly number[]): number {
    let gesture = eligible - 1;
    while (owners.includes(gesture)) gesture--;
    for (let tied = gesture - 1; tied >= expired && givenMs[tied] === givenMs[gesture]; tied--)
      if (!owners.includes(tied)) gesture = tied;
    return gesture;
  }

  /** Equal whole minor units, and one more to as many of the earliest as it takes. */
  function shareAmongAll(netMinor: number, owners: readonly number[], touchCount: number): void {
    const equalMinor = Math.floor(netMinor / touchCount);
    let oneMoreUpTo = expired + (netMinor - equalMinor * touchCount);
    for (const owner of owners) if (owner < oneMoreUpTo) oneMoreUpTo++;
    steps[expired]! += equalMinor + 1;
    steps[oneMoreUpTo]! -= 1;
    steps[eligible]! -= equalMinor;
    for (const owner of owners) minor[owner]! -= equalMinor + (owner < oneMoreUpTo ? 1 : 0);
  }

  function finish(): Outcome[] {
    for (let gesture = eligible; gesture < count; gesture++) from[gesture] = to[gesture] = saleCount;
    while (expired < eligible) end(expired++, visit);
    let linearMinor = 0;
    return gestures.map((_, gesture) => {
      linearMinor += steps[gesture]!;
      const touches = { from: from[gesture]!, to: to[gesture]!, ownSale: ownSale[gesture]! };
      const returned = returnedMs[gesture];
      return {
        laterVisits: laterVisits[gesture]!,
        returnedAt: returned === null || returned === undefined ? null : new Date(returned),
        attributedSales: rule.model === 'linear' ? countRange(touches) : sales[gesture]!,
        attributedMinor: minor[gesture]! + linearMinor,
        isComplete: givenMs[gesture]! + windowMs <= asOfMs,
        touches,
      };
    });
  }

  return { add, finish };
}

/**
 * How many different sales these ranges touch; a sale that two gestures share is one sale. `ranges` are some or all of
 * one customer's, in the order of `finish()`.
 */
export function countTouchedSales(ranges: readonly TouchedRange[]): number {
  let covered = 0;
  let count = 0;
  for (const { from, to } of ranges) {
    count += Math.max(0, to - Math.max(from, covered));
    covered = Math.max(covered, to);
  }
  for (const [sale, owners] of Map.groupBy(ranges, ({ ownSale }) => ownSale))
    if (sale !== null && owners.length === countCovering(ranges, sale)) count--;
  return count;
}

/** The ranges that hold `sale` are neighbours, as both ends only grow: found by halving. */
function countCovering(ranges: readonly TouchedRange[], sale: number): number {
  const begun = findFirst(ranges.length, (place) => ranges[place]!.from > sale);
  const ended = findFirst(ranges.length, (place) => ranges[place]!.to > sale);
  return Math.max(0, begun - ended);
}

function countRange({ from, to, ownSale }: TouchedRange): number {
  return to - from - (ownSale === null ? 0 : 1);
}
