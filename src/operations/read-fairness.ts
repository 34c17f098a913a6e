import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import {
  countSalesBefore,
  listCustomersByPhoneEnd,
  listGiven,
  listSalesRecorded,
  listStaffCustomers,
} from '../../db/queries/fairness-queries.ts';
import { findReportNames } from '../../db/queries/report-queries.ts';
import type { Clock } from '../clock.ts';
import { describeSpread, findAlarms } from '../evidence/fairness.ts';
import type { ServedVisit, SharedContact, Spread } from '../evidence/fairness.ts';
import { readWallClock } from '../loyalty/wall-clock.ts';
import type { Actor } from './actor.ts';
import { customerPseudonym } from './customer-pseudonym.ts';
import { firstIdAt } from './first-id-at.ts';

const DAY_MS = 86_400_000;
const MIRROR_DAYS = 60;
const PAGE_SALES = 2_000;
/** The most visits that are looked at: the earliest of a very large chain are left out. */
const MOST_VISITS = 200_000;
const MOST_GESTURES = 100_000;
const CUSTOMERS_PER_LOOKUP = 200;
const NEWCOMER_VISITS = 3;

export interface FairnessMirror extends Spread {
  /** The first day that is looked at. */
  from: string;
}

export interface FairnessAlarms {
  from: string;
  items: {
    kind: 'one-pair' | 'shared-contact' | 'before-closing';
    staffId: string;
    staffName: string;
    /** A pseudonym, never a name. */
    customer?: string;
    gestures: number;
    served?: number;
    expected?: number;
    by?: 'card' | 'phone';
    beforeClosing?: number;
    expectedShare?: number;
  }[];
}

/** How gestures spread over the last 60 days: to each member of staff their own, to the owner alarms alone. */
export const readFairness = (db: Database, clock: Clock) => ({
  /** The mirror of one member of staff. Nobody else sees it, and nobody is compared with anybody. */
  async mine({ merchantId, staffId }: Pick<Actor, 'merchantId' | 'staffId'>): Promise<FairnessMirror> {
    const since = startOf(clock.now());
    const visits = await readVisits(db, { merchantId, since });
    return {
      from: since.toISOString().slice(0, 10),
      ...describeSpread(visits.filter((visit) => visit.staffId === staffId)),
    };
  },

  /** What an owner is told of, with the numbers behind it. */
  async alarms({ merchantId }: Pick<Actor, 'merchantId'>): Promise<FairnessAlarms> {
    const since = startOf(clock.now());
    const visits = await readVisits(db, { merchantId, since });
    const { staff } = await db.read((queries) => findReportNames(queries, { merchantId }));
    const names = new Map(staff.map(({ staffId, name }) => [staffId, name]));
    const alarms = findAlarms(visits, await findShared(db, merchantId));
    return {
      from: since.toISOString().slice(0, 10),
      items: alarms.map((alarm) => {
        const staffName = names.get(alarm.staffId) ?? '';
        if (alarm.kind === 'before-closing') return { ...alarm, staffName };
        const { customerId, ...told } = alarm;
        return { ...told, staffName, customer: customerPseudonym({ merchantId, customerId }) };
      }),
    };
  },
});

const startOf = (now: Date): Date => new Date(now.getTime() - MIRROR_DAYS * DAY_MS);

/** One visit for each customer, member of staff and business day: of whoever sold them something, or gave them something. */
async function readVisits(
  db: Database,
  { merchantId, since }: { merchantId: string; since: Date },
): Promise<ServedVisit[]> {
  const { locations } = await db.read((queries) => findReportNames(queries, { merchantId }));
  const zones = new Map(locations.map(({ locationId, timeZone }) => [locationId, timeZone]));
  const given = await db.read((queries) => listGiven(queries, { merchantId, since, limit: MOST_GESTURES }));
  const keyOf = (one: { staffId: string; customerId: string; businessDay: string }) =>
    `${one.staffId} ${one.customerId} ${one.businessDay}`;
  const isGiven = new Set(given.map(keyOf));
  const visits: (ServedVisit & { place: string; atMs: number })[] = [];
  const seen = new Set<string>();
  const closing = new Map<string, number>();
  const add = (
    visit: { staffId: string; customerId: string; businessDay: string; locationId: string },
    { at, isAtTill }: { at: Date; isAtTill: boolean },
  ): void => {
    const { staffId, customerId, businessDay, locationId } = visit;
    const key = keyOf(visit);
    const place = isAtTill ? `${locationId} ${businessDay}` : '';
    const atMs = at.getTime();
    if (isAtTill) closing.set(place, Math.max(closing.get(place) ?? 0, atMs));
    if (seen.has(key)) return;
    seen.add(key);
    const wallMs = readWallClock({ timeZone: zones.get(locationId) ?? 'UTC', instantMs: atMs });
    visits.push({
      staffId,
      customerId,
      minuteOfDay: Math.floor((wallMs % DAY_MS) / 60_000),
      minutesBeforeClosing: 0,
      isNewcomer: false,
      hasGesture: isGiven.has(key),
      place,
      atMs,
    });
  };
  let afterSaleId = firstIdAt(since);
  while (visits.length < MOST_VISITS) {
    const page = await db.read((queries) =>
      listSalesRecorded(queries, { merchantId, afterSaleId, limit: PAGE_SALES }),
    );
    for (const { source, staffId, customerId, locationId, businessDay, occurredAt } of page) {
      // Nobody served what came from a file, whoever brought it in.
      if (source !== 'till' || !staffId || !customerId || occurredAt < since) continue;
      add({ staffId, customerId, locationId, businessDay }, { at: occurredAt, isAtTill: true });
    }
    if (page.length < PAGE_SALES) break;
    afterSaleId = page.at(-1)!.saleId;
    await nextTurn();
  }
  // What is given without anything being sold counts too. A voucher is sent from the desk, at whatever hour.
  for (const one of given) add(one, { at: one.givenAt, isAtTill: one.kind !== 'voucher' });
  const before = await countBefore(db, { merchantId, before: since, visits });
  visits.sort((a, b) => a.atMs - b.atMs);
  return visits.map(({ place, atMs, ...visit }) => {
    const earlier = before.get(visit.customerId) ?? 0;
    before.set(visit.customerId, earlier + 1);
    const closedMs = closing.get(place) ?? Infinity;
    return {
      ...visit,
      isNewcomer: earlier < NEWCOMER_VISITS,
      minutesBeforeClosing: Math.floor((closedMs - atMs) / 60_000),
    };
  });
}

async function countBefore(
  db: Database,
  { merchantId, before, visits }: { merchantId: string; before: Date; visits: readonly ServedVisit[] },
): Promise<Map<string, number>> {
  const customers = [...new Set(visits.map(({ customerId }) => customerId))];
  const counts = new Map<string, number>();
  for (let place = 0; place < customers.length; place += CUSTOMERS_PER_LOOKUP) {
    const customerIds = customers.slice(place, place + CUSTOMERS_PER_LOOKUP);
    const rows = await db.read((queries) => countSalesBefore(queries, { merchantId, before, customerIds }));
    for (const { customerId, sales } of rows) counts.set(customerId!, sales);
    await nextTurn();
  }
  return counts;
}

/** Customers who share a phone number with a member of staff's own card. */
async function findShared(db: Database, merchantId: string): Promise<SharedContact[]> {
  const own = await db.read((queries) => listStaffCustomers(queries, { merchantId }));
  const shared: SharedContact[] = own.map(({ customerId, staffId }) => ({
    staffId: staffId!,
    customerId,
    by: 'card',
  }));
  for (const { customerId, staffId, phone, phoneEnd } of own) {
    if (!phone || !phoneEnd) continue;
    const alike = await db.read((queries) => listCustomersByPhoneEnd(queries, { merchantId, phoneEnd }));
    for (const other of alike)
      if (other.customerId !== customerId && other.phone === phone)
        shared.push({ staffId: staffId!, customerId: other.customerId, by: 'phone' });
  }
  return shared;
}
