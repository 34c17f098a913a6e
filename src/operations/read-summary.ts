import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Queries } from '../../db/database.ts';
import { listDevices } from '../../db/queries/device-queries.ts';
import { listMenuItems } from '../../db/queries/item-queries.ts';
import { listOpenKeptTaps } from '../../db/queries/kept-tap-queries.ts';
import { listOpenLocations } from '../../db/queries/location-queries.ts';
import type { LocationRow } from '../../db/queries/location-queries.ts';
import { findMerchant } from '../../db/queries/merchant-queries.ts';
import { listStaff } from '../../db/queries/staff-queries.ts';
import type { StaffRow } from '../../db/queries/staff-queries.ts';
import {
  findSaleStepEnd,
  hasCards,
  listPresent,
  listRedemptionsSince,
  sumGesturesOfDays,
  sumRefundsOfDays,
  sumSalesOfDays,
} from '../../db/queries/summary-queries.ts';
import type { SaleSum } from '../../db/queries/summary-queries.ts';
import type { Clock } from '../clock.ts';
import type { AllowanceLimit, AllowanceScope } from '../loyalty/allowance.ts';
import { addDays, computeBusinessDay, computeBusinessWeek } from '../loyalty/business-day.ts';
import type { GestureKind } from '../loyalty/gesture.ts';
import type { Actor } from './actor.ts';
import { businessDayOf, latestBusinessDay } from './business-day-of.ts';
import { firstIdAt } from './first-id-at.ts';
import { listWallOfThanks } from './list-thanks.ts';
import type { WallThanks } from './list-thanks.ts';
import { loadAllowance } from './load-allowance.ts';

/** Today and the thirteen days before: two weeks, to compare. */
const DAYS_SHOWN = 14;
/** Somewhere it is tomorrow already, and elsewhere still yesterday. */
const DAYS_OF_SLACK = 2;
const DAY_MS = 86_400_000;
/** A sign-in at a till lasts twelve hours at most. */
const SESSION_MS = 13 * 3_600_000;
/** More than anybody reads on a page that is looked at in passing. */
const MAX_LISTED = 100;
/** People, locations and items are all counted, so many at a time. */
const PAGE_ROWS = 100;
/** Sales that one statement looks at: some milliseconds' worth, then everybody else gets a turn. */
const STEP_SALES = 5_000;
/** Rewards that one statement looks at. */
const STEP_REDEMPTIONS = 2_000;

export interface DayFigures {
  businessDay: string;
  /** All sales, and those on a card. */
  saleCount: number;
  cardSaleCount: number;
  /** Of sales on a card, less refunds. */
  cardSalesMinor: number;
  /** Earned by sales, less those that refunds took back; gestures come on top. */
  stamps: number;
  gestures: { kind: GestureKind; count: number }[];
  gestureCount: number;
  gestureCostMinor: number;
  redeemedCount: number;
}

export interface Summary {
  asOf: Date;
  today: string;
  weekStart: string;
  /** Oldest first; a day on which nothing happened is there too. */
  days: DayFigures[];
  /** What everybody together may still give today; null when the owner set no limit. */
  gesturesLeftToday: number | null;
  present: { staffId: string; name: string; deviceName: string; locationName: string; signedInAt: Date }[];
  tills: {
    deviceId: string;
    name: string;
    locationName: string;
    lastSeenAt: Date | null;
    waitingCount: number | null;
  }[];
  /** What somebody should look at; 100 means 100 or more. */
  keptTapCount: number;
  /** Rewards of the last seven days handed over on somebody's word, without the live code. */
  vouchedCount: number;
  /** What customers said thank you for lately, the newest first. */
  thanks: WallThanks[];
  /** What a shop needs before its first stamp, and whether it is there. */
  start: { hasItems: boolean; hasGift: boolean; hasPin: boolean; hasTill: boolean; hasCards: boolean };
}

/**
 * How the shop does today and this week, at a glance. Each part is found by an index and bounded by two weeks of trade
 * (and what was brought in from files meanwhile), however old the shop is.
 */
export const readSummary =
  (
    db: Database,
    clock: Clock,
    {
      stepSales = STEP_SALES,
      stepRedemptions = STEP_REDEMPTIONS,
    }: { stepSales?: number | undefined; stepRedemptions?: number | undefined } = {},
  ) =>
  ({ merchantId }: Actor): Promise<Summary> => {
    const now = clock.now();
    return db.read(async (queries) => {
      const firstOnes = { merchantId, after: '', limit: MAX_LISTED };
      const { weekStartsOn } = await findMerchant(queries, { merchantId });
      const locations = await listAll(
        (page) => listOpenLocations(queries, { merchantId, ...page }),
        ({ locationId }) => locationId,
      );
      const staff = await listAll(
        (page) => listStaff(queries, { merchantId, ...page }),
        ({ staffId }) => staffId,
      );
      const items = await listAll(
        (page) => listMenuItems(queries, { merchantId, ...page }),
        ({ itemId }) => itemId,
      );
      const devices = await listDevices(queries, firstOnes);
      const today = latestBusinessDay(locations, now);
      const nameOf = new Map(locations.map(({ locationId, name }) => [locationId, name]));
      const redemptions = await loadRedemptions(queries, { merchantId, locations, now, stepRedemptions });
      const present = await listPresent(queries, {
        merchantId,
        afterId: firstIdAt(new Date(now.getTime() - SESSION_MS)),
        now,
        limit: MAX_LISTED,
      });
      const kept = await listOpenKeptTaps(queries, { ...firstOnes, locationId: null });
      return {
        asOf: now,
        today,
        weekStart: computeBusinessWeek({ businessDay: today, weekStartsOn }),
        days: await loadDays(queries, {
          merchantId,
          today,
          now,
          redeemedByDay: redemptions.byDay,
          stepSales,
        }),
        gesturesLeftToday: await loadLeft(queries, { merchantId, staff, locations, weekStartsOn, now }),
        present: present.map(({ deviceId: _, locationId, ...person }) => ({
          ...person,
          locationName: nameOf.get(locationId) ?? '',
        })),
        tills: devices.map(({ deviceId, name, locationId, lastSeenAt, waitingCount }) => ({
          deviceId,
          name,
          locationName: nameOf.get(locationId) ?? '',
          lastSeenAt,
          waitingCount,
        })),
        keptTapCount: kept.length,
        vouchedCount: redemptions.vouchedCount,
        thanks: await listWallOfThanks(queries, { merchantId, now }),
        start: {
          hasItems: items.length > 0,
          hasGift: items.some(({ mayBeGiven }) => mayBeGiven),
          hasPin: staff.some(({ pinHash }) => pinHash !== null),
          hasTill: devices.length > 0,
          hasCards: await hasCards(queries, { merchantId }),
        },
      };
    });
  };

/** All rows of a list that is ordered by id, with a turn for everybody else between two pages. */
async function listAll<Row>(
  list: (page: { after: string; limit: number }) => Promise<Row[]>,
  idOf: (row: Row) => string,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const last = rows.at(-1);
    const page = await list({ after: last ? idOf(last) : '', limit: PAGE_ROWS });
    rows.push(...page);
    if (page.length < PAGE_ROWS) return rows;
    await nextTurn();
  }
}

async function loadDays(
  queries: Queries,
  asked: {
    merchantId: string;
    today: string;
    now: Date;
    redeemedByDay: ReadonlyMap<string, number>;
    stepSales: number;
  },
): Promise<DayFigures[]> {
  const { merchantId, today, now, redeemedByDay, stepSales } = asked;
  const since = new Date(now.getTime() - (DAYS_SHOWN + DAYS_OF_SLACK) * DAY_MS);
  const afterId = firstIdAt(since);
  const sold = await loadSold(queries, { merchantId, since, afterId, stepSales });
  const refunds = await sumRefundsOfDays(queries, { merchantId, afterId });
  const gestures = await sumGesturesOfDays(queries, { merchantId, since });
  return Array.from({ length: DAYS_SHOWN }, (_, index) => {
    const businessDay = addDays(today, index + 1 - DAYS_SHOWN);
    const isOfDay = (row: { businessDay: string }): boolean => row.businessDay === businessDay;
    const sales = sold.filter(isOfDay);
    const onCard = sales.filter(({ isOnCard }) => isOnCard);
    const refunded = refunds.find(isOfDay);
    const given = gestures.filter(isOfDay);
    return {
      businessDay,
      saleCount: total(sales, 'count'),
      cardSaleCount: total(onCard, 'count'),
      cardSalesMinor: total(onCard, 'totalMinor') - (refunded?.amountMinor ?? 0),
      stamps: total(onCard, 'stamps') - (refunded?.stamps ?? 0),
      gestures: given.map(({ kind, count }) => ({ kind, count })),
      gestureCount: given.reduce((sum, { count }) => sum + count, 0),
      gestureCostMinor: given.reduce((sum, { costMinor }) => sum + costMinor, 0),
      redeemedCount: redeemedByDay.get(businessDay) ?? 0,
    };
  });
}

function total(sums: readonly SaleSum[], figure: 'count' | 'totalMinor' | 'stamps'): number {
  return sums.reduce((sum, one) => sum + one[figure], 0);
}

/**
 * What was sold, a step at a time: after a file of sales was brought in, there may be half a million to look at, of
 * which most are of long ago.
 */
async function loadSold(
  queries: Queries,
  {
    merchantId,
    since,
    afterId,
    stepSales,
  }: { merchantId: string; since: Date; afterId: string; stepSales: number },
): Promise<SaleSum[]> {
  const sold: SaleSum[] = [];
  for (let from = afterId; ;) {
    const upToId = await findSaleStepEnd(queries, { merchantId, afterId: from, count: stepSales });
    sold.push(...(await sumSalesOfDays(queries, { merchantId, since, afterId: from, upToId })));
    if (upToId === undefined) return sold;
    from = upToId;
    await nextTurn();
  }
}

/**
 * The day of a redemption is that of the sale it paid for. One without a sale does not say where it was: its day is
 * that of the first location.
 */
async function loadRedemptions(
  queries: Queries,
  asked: { merchantId: string; locations: readonly LocationRow[]; now: Date; stepRedemptions: number },
): Promise<{ byDay: Map<string, number>; vouchedCount: number }> {
  const { merchantId, locations, now, stepRedemptions: limit } = asked;
  const since = new Date(now.getTime() - (DAYS_SHOWN + DAYS_OF_SLACK) * DAY_MS);
  const weekAgo = now.getTime() - 7 * DAY_MS;
  const { timeZone = 'UTC', cutOffMinutes = 0 } = locations[0] ?? {};
  const byDay = new Map<string, number>();
  let vouchedCount = 0;
  let after: { at: Date; id: string } | null = null;
  for (;;) {
    const place = { merchantId, since, after, limit };
    const page: Awaited<ReturnType<typeof listRedemptionsSince>> = await listRedemptionsSince(queries, place);
    for (const { redeemedAt, businessDay, proof } of page) {
      const day = businessDay ?? computeBusinessDay({ instant: redeemedAt!, timeZone, cutOffMinutes });
      byDay.set(day, (byDay.get(day) ?? 0) + 1);
      if (proof === 'override' && redeemedAt!.getTime() >= weekAgo) vouchedCount++;
    }
    const last = page.at(-1);
    if (!last || page.length < limit) return { byDay, vouchedCount };
    after = { at: last.redeemedAt!, id: last.rewardId };
    await nextTurn();
  }
}

/**
 * What everybody with a PIN may still give, each where they work, or at the first location; together no more than the
 * location still has.
 */
async function loadLeft(
  queries: Queries,
  asked: {
    merchantId: string;
    staff: readonly StaffRow[];
    locations: readonly LocationRow[];
    weekStartsOn: number;
    now: Date;
  },
): Promise<number | null> {
  const { merchantId, staff, locations, weekStartsOn, now } = asked;
  const people = staff
    .filter(({ pinHash }) => pinHash !== null)
    .map(({ staffId, locationId }) => ({
      staffId,
      location: locations.find((one) => one.locationId === locationId) ?? locations[0],
    }));
  let [left, peopleSeen] = [0, 0];
  for (const location of locations) {
    const { locationId } = location;
    let [ofPeople, ofLocation] = [0, Infinity];
    for (const { staffId } of people.filter((person) => person.location === location)) {
      const businessDay = businessDayOf(location, now);
      const giver = { merchantId, staffId, locationId, businessDay, weekStartsOn };
      const { limits } = await loadAllowance(queries, giver);
      ofPeople += leastLeft(limits, 'staff');
      ofLocation = leastLeft(limits, 'location');
      if (++peopleSeen % PAGE_ROWS === 0) await nextTurn();
    }
    left += Math.min(ofPeople, ofLocation);
  }
  return left === Infinity ? null : left;
}

/** Infinity without a limit. */
function leastLeft(limits: readonly AllowanceLimit[], scope: AllowanceScope): number {
  return Math.min(
    ...limits.filter((limit) => limit.scope === scope).map(({ remaining }) => remaining ?? Infinity),
  );
}
