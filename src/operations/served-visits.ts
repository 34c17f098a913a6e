import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import { countSalesBefore, listGiven, listSalesRecorded } from '../../db/queries/fairness-queries.ts';
import { findReportNames } from '../../db/queries/report-queries.ts';
import type { ServedVisit } from '../evidence/fairness.ts';
import { readWallClock } from '../loyalty/wall-clock.ts';
import { firstIdAt } from './first-id-at.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const LOOK_BACK_DAYS = 60;
const PAGE_SALES = 2_000;
const PAGE_GESTURES = 2_000;
/** The most that is looked at, from the newest back: of a very large chain the days before are left out. */
const MOST_VISITS = 200_000;
const MOST_GESTURES = 100_000;
/** After every UUID. */
const AFTER_ALL = 'zzzz';
const CUSTOMERS_PER_LOOKUP = 200;
const NEWCOMER_VISITS = 3;

/** From when on the mirror and the alarms look at how gestures spread. */
export const startOfFairness = (now: Date): Date => new Date(now.getTime() - LOOK_BACK_DAYS * DAY_MS);

/**
 * The visits since an instant, a business day at a time, the earliest first: one for each customer, member of staff and
 * business day, of whoever sold them something, or gave them something. Of more than `mostVisits` the newest.
 */
export async function* readServedVisits(
  db: Database,
  {
    merchantId,
    since,
    mostVisits = MOST_VISITS,
    pageGestures = PAGE_GESTURES,
  }: {
    merchantId: string;
    since: Date;
    mostVisits?: number | undefined;
    pageGestures?: number | undefined;
  },
): AsyncGenerator<ServedVisit[]> {
  const { locations } = await db.read((queries) => findReportNames(queries, { merchantId }));
  const zones = new Map(locations.map(({ locationId, timeZone }) => [locationId, timeZone]));
  const visits = new Visits(zones);
  const given: Given[] = [];
  for await (const page of givenSince(db, { merchantId, since, limit: pageGestures })) {
    visits.noteGiven(page);
    given.push(...page);
  }
  let from = given.length < MOST_GESTURES ? since : given.at(-1)!.givenAt;
  for (let beforeSaleId = AFTER_ALL; beforeSaleId > firstIdAt(from);) {
    const place = { merchantId, beforeSaleId, limit: PAGE_SALES };
    const page = await db.read((queries) => listSalesRecorded(queries, place));
    for (const { source, staffId, customerId, locationId, businessDay, occurredAt, recordedAt } of page) {
      // Nobody served what came from a file, whoever brought it in.
      if (source !== 'till' || !staffId || !customerId || occurredAt < from) continue;
      visits.add({ staffId, customerId, locationId, businessDay }, { at: occurredAt, isAtTill: true });
      if (visits.count === mostVisits) from = recordedAt;
    }
    if (page.length < PAGE_SALES) break;
    beforeSaleId = page.at(-1)!.saleId;
    await nextTurn();
  }
  // What is given without anything being sold counts too. A voucher is sent from the desk, at whatever hour.
  for (const [place, one] of given.entries()) {
    if (one.givenAt >= from) visits.add(one, { at: one.givenAt, isAtTill: one.kind !== 'voucher' });
    if (place % PAGE_GESTURES === 0) await nextTurn();
  }
  const customers = [...visits.customers];
  for (const day of visits.present(await countVisitsBefore(db, { merchantId, before: from, customers }))) {
    yield day;
    await nextTurn();
  }
}

type Given = Awaited<ReturnType<typeof listGiven>>[number];

/** What was given, the newest first. */
async function* givenSince(
  db: Database,
  { merchantId, since, limit }: { merchantId: string; since: Date; limit: number },
): AsyncGenerator<Given[]> {
  let before: { at: Date; id: string } | null = null;
  for (let found = 0; found < MOST_GESTURES;) {
    const place = { merchantId, since, before, limit };
    const page: Given[] = await db.read((queries) => listGiven(queries, place));
    yield page;
    const last = page.at(-1);
    if (!last || page.length < limit) return;
    found += page.length;
    before = { at: last.givenAt, id: last.gestureId };
    await nextTurn();
  }
}

/** Whose visit it was, by whom served, where and on which business day. */
interface Served {
  staffId: string;
  customerId: string;
  locationId: string;
  businessDay: string;
}

interface FoundVisit extends Pick<ServedVisit, 'staffId' | 'customerId' | 'minuteOfDay' | 'hasGesture'> {
  /** The location and business day whose closing it is measured against; empty when it was not at a till. */
  place: string;
  atMs: number;
}

const keyOf = ({ staffId, customerId, businessDay }: Served): string =>
  `${staffId} ${customerId} ${businessDay}`;

/** Visits as they are found, in any order, each once, and when the last of a day was at each location. */
class Visits {
  count = 0;
  readonly customers = new Set<string>();
  /** By business day. */
  readonly #found = new Map<string, Map<string, FoundVisit>>();
  readonly #zones: ReadonlyMap<string, string>;
  readonly #given = new Set<string>();
  readonly #closedMs = new Map<string, number>();

  constructor(zones: ReadonlyMap<string, string>) {
    this.#zones = zones;
  }

  /** All that was given is to be known before the first visit is added. */
  noteGiven(given: readonly Served[]): void {
    for (const one of given) this.#given.add(keyOf(one));
  }

  add(served: Served, { at, isAtTill }: { at: Date; isAtTill: boolean }): void {
    const { staffId, customerId, businessDay, locationId } = served;
    const key = keyOf(served);
    const place = isAtTill ? `${locationId} ${businessDay}` : '';
    const atMs = at.getTime();
    if (isAtTill) this.#closedMs.set(place, Math.max(this.#closedMs.get(place) ?? 0, atMs));
    let ofDay = this.#found.get(businessDay);
    if (!ofDay) this.#found.set(businessDay, (ofDay = new Map()));
    const known = ofDay.get(key);
    if (known && known.atMs <= atMs) return;
    if (!known) this.count++;
    this.customers.add(customerId);
    const wallMs = readWallClock({ timeZone: this.#zones.get(locationId) ?? 'UTC', instantMs: atMs });
    const minuteOfDay = Math.floor((wallMs % DAY_MS) / MINUTE_MS);
    const hasGesture = this.#given.has(key);
    ofDay.set(key, { staffId, customerId, minuteOfDay, hasGesture, place, atMs });
  }

  /** Day by day. `visitsSoFar`: how often each customer came before the first of these; it is counted on. */
  *present(visitsSoFar: Map<string, number>): Generator<ServedVisit[]> {
    for (const businessDay of [...this.#found.keys()].toSorted()) {
      const found = [...this.#found.get(businessDay)!.values()].toSorted((a, b) => a.atMs - b.atMs);
      yield found.map(({ place, atMs, ...visit }) => {
        const earlier = visitsSoFar.get(visit.customerId) ?? 0;
        visitsSoFar.set(visit.customerId, earlier + 1);
        const closedMs = this.#closedMs.get(place) ?? Infinity;
        return {
          ...visit,
          isNewcomer: earlier < NEWCOMER_VISITS,
          minutesBeforeClosing: Math.floor((closedMs - atMs) / MINUTE_MS),
        };
      });
    }
  }
}

/**
 * By sales, which an index alone answers: by days it takes twenty times as long, and only of somebody who came once or
 * twice, for several tickets, does it say anything else.
 */
async function countVisitsBefore(
  db: Database,
  { merchantId, before, customers }: { merchantId: string; before: Date; customers: readonly string[] },
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let place = 0; place < customers.length; place += CUSTOMERS_PER_LOOKUP) {
    const customerIds = customers.slice(place, place + CUSTOMERS_PER_LOOKUP);
    const rows = await db.read((queries) => countSalesBefore(queries, { merchantId, before, customerIds }));
    for (const { customerId, sales } of rows) counts.set(customerId!, sales);
    await nextTurn();
  }
  return counts;
}
