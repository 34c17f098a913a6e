import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import { findMerchant } from '../../db/queries/merchant-queries.ts';
import { findReportNames, listCustomerGestures, listCustomerSales } from '../../db/queries/report-queries.ts';
import type {
  CustomerGesture,
  GestureFilter,
  GesturePlace,
  ReportGesture,
} from '../../db/queries/report-queries.ts';
import type { Clock } from '../clock.ts';
import { sweepTouches } from '../evidence/touch-sweep.ts';
import type { AttributionModel, AttributionRule, Outcome } from '../evidence/touch-sweep.ts';
import { computeBusinessWeek } from '../loyalty/business-day.ts';
import type { Funding, GestureKind, GestureReason } from '../loyalty/gesture.ts';
import { readWallClock } from '../loyalty/wall-clock.ts';
import type { Actor } from './actor.ts';
import { customerPseudonym } from './customer-pseudonym.ts';
import { GestureSummer } from './gesture-totals.ts';
import type { GestureTotals, SummedUnder } from './gesture-totals.ts';
import { KeptTotals } from './kept-totals.ts';
import { listReportGestures } from './list-report-gestures.ts';
import { walkByCustomer } from './walk-by-customer.ts';

/** Days of 24 hours a report may follow a gesture for. */
export const WINDOW_DAYS = [7, 30, 60, 90] as const;
export const ATTRIBUTION_MODELS = ['last', 'first', 'linear'] as const satisfies readonly AttributionModel[];

/** Gestures that are followed together. More would hold more in memory, fewer would read the same sales more often. */
const PAGE_GESTURES = 200;

const DAY_MS = 86_400_000;

export interface GestureReportRequest {
  /** Business days, `YYYY-MM-DD`, both included. */
  from?: string | undefined;
  to?: string | undefined;
  windowDays: (typeof WINDOW_DAYS)[number];
  model: AttributionModel;
  locationId?: string | undefined;
  staffId?: string | undefined;
  kind?: GestureKind | undefined;
  reason?: GestureReason | undefined;
  /** Also show gestures that were taken back. Nothing is counted to them, and they are in no total. */
  includeUndone?: boolean | undefined;
  /** Report what could be known at this instant; now when not given. */
  asOf?: Date | undefined;
}

/** What a report was asked for, and by which rules it counts. */
export interface GestureReportHead {
  from: string | null;
  to: string | null;
  windowDays: number;
  visitMinutes: number;
  model: AttributionModel;
  asOf: Date;
  currency: string;
  /** A made-up shop, for trying things out. */
  isMadeUp: boolean;
}

export interface GestureReportRow {
  gestureId: string;
  givenAt: Date;
  /** What the clock on the shop's wall showed: `2026-03-02T09:30:00`. */
  givenAtLocal: string;
  timeZone: string;
  businessDay: string;
  /** The first business day of its week. */
  weekStart: string;
  locationId: string;
  locationName: string;
  staffId: string;
  staffName: string;
  kind: GestureKind;
  itemId: string | null;
  itemName: string | null;
  reason: GestureReason;
  fundedBy: Funding;
  /** Written down afterwards by an owner. */
  isPast: boolean;
  isUndone: boolean;
  priceMinor: number;
  costMinor: number;
  /** A pseudonym, never a name. */
  customer: string;
  laterVisits: number;
  /** Days of 24 hours until the first later sale, to two decimals; null while there is none. */
  daysToReturn: number | null;
  attributedSales: number;
  /** Net of refunds. */
  attributedSpendMinor: number;
  window: 'complete' | 'open';
}

export type GestureReportRefusal =
  { refused: 'location-unknown' } | { refused: 'staff-unknown' } | { refused: 'report-of-the-future' };

export interface GestureReportPage {
  head: GestureReportHead;
  /** The newest first. */
  items: GestureReportRow[];
  next: GesturePlace | null;
}

export interface GestureReportTotals {
  head: GestureReportHead;
  totals: GestureTotals;
}

export interface GestureReportStream {
  head: GestureReportHead;
  /** All rows in the order the gestures were given, some at a time. Read once. */
  pages: AsyncIterable<GestureReportRow[]>;
  /** Once every page has been read. */
  totals: () => GestureTotals;
}

/** One page of the gesture report, the newest gesture first: what it takes is what it shows. For owners and managers. */
export const reportGestures =
  (db: Database, clock: Clock) =>
  async (
    actor: Pick<Actor, 'merchantId'>,
    request: GestureReportRequest,
    { after, limit }: { after: GesturePlace | null; limit: number },
  ): Promise<GestureReportPage | GestureReportRefusal> => {
    const plan = await planReport(db, clock, actor, request);
    if ('refused' in plan) return plan;
    const place = { after, limit: limit + 1, first: 'newest' as const };
    const found = await listReportGestures(db, plan.filter, place);
    const gestures = found.slice(0, limit);
    const followed = await followGestures(db, plan, gestures.toReversed());
    const last = found.length > limit ? gestures.at(-1) : undefined;
    return {
      head: plan.head,
      items: gestures.map((gesture) => presentRow(plan, gesture, followed)),
      next: last ? { givenAt: last.givenAt, gestureId: last.gestureId } : null,
    };
  };

/**
 * What all gestures of a report add up to: every one of them is followed, some at a time. Totals that took long are
 * kept for a while, as of when they were made. For owners and managers.
 */
export const totalGestures =
  (db: Database, clock: Clock, kept: KeptTotals = new KeptTotals()) =>
  async (
    actor: Pick<Actor, 'merchantId'>,
    request: GestureReportRequest,
  ): Promise<GestureReportTotals | GestureReportRefusal> => {
    const plan = await planReport(db, clock, actor, request);
    if ('refused' in plan) return plan;
    // The head says by which rules, in which currency: when they change, so does what was kept.
    const { asOf, ...rules } = plan.head;
    const asked = { ...plan.filter, ...rules, asOf: request.asOf ? asOf : 'now' };
    return kept.find(JSON.stringify(asked), async () => ({
      head: plan.head,
      totals: await sumReport(db, plan),
    }));
  };

/** The whole gesture report as a stream, in bounded memory: for files. */
export const streamGestureReport =
  (db: Database, clock: Clock) =>
  async (
    actor: Pick<Actor, 'merchantId'>,
    request: GestureReportRequest,
  ): Promise<GestureReportStream | GestureReportRefusal> => {
    const plan = await planReport(db, clock, actor, request);
    if ('refused' in plan) return plan;
    const summer = new GestureSummer(plan.rule);
    async function* pages(): AsyncGenerator<GestureReportRow[]> {
      for await (const { gestures, followed } of followReport(db, plan as Plan, summer))
        yield gestures.map((gesture) => presentRow(plan as Plan, gesture, followed));
    }
    return { head: plan.head, pages: pages(), totals: () => nameTotals(plan, summer) };
  };

/** What locations and people a report can be narrowed to. */
export const readReportNames = (db: Database) => (actor: Pick<Actor, 'merchantId'>) =>
  db.read((queries) => findReportNames(queries, actor));

interface Plan {
  merchantId: string;
  filter: GestureFilter;
  rule: AttributionRule;
  head: GestureReportHead;
  /** The first business day of a day's week. */
  weekOf: (businessDay: string) => string;
  locations: Map<string, { name: string; timeZone: string }>;
  staff: Map<string, { name: string }>;
}

async function planReport(
  db: Database,
  clock: Clock,
  { merchantId }: Pick<Actor, 'merchantId'>,
  request: GestureReportRequest,
): Promise<Plan | GestureReportRefusal> {
  const now = clock.now();
  const { windowDays, model, includeUndone = false, asOf = now, ...narrowed } = request;
  if (asOf > now) return { refused: 'report-of-the-future' };
  const merchant = await db.read((queries) => findMerchant(queries, { merchantId }));
  const { currency, visitMinutes, weekStartsOn, isMadeUp } = merchant;
  const names = await db.read((queries) => findReportNames(queries, { merchantId }));
  const locations = new Map(names.locations.map((location) => [location.locationId, location]));
  const staff = new Map(names.staff.map((person) => [person.staffId, person]));
  if (narrowed.locationId && !locations.has(narrowed.locationId)) return { refused: 'location-unknown' };
  if (narrowed.staffId && !staff.has(narrowed.staffId)) return { refused: 'staff-unknown' };
  const rule = { windowDays, visitMinutes, model, asOf };
  const { from = null, to = null } = narrowed;
  return {
    merchantId,
    filter: { ...narrowed, merchantId, includeUndone, asOf },
    rule,
    head: { from, to, ...rule, currency, isMadeUp },
    weekOf: rememberWeeks(weekStartsOn),
    locations,
    staff,
  };
}

/** Rows come in the order of their days: the same few weeks are asked for again and again. */
function rememberWeeks(weekStartsOn: number): (businessDay: string) => string {
  const weeks = new Map<string, string>();
  return (businessDay) => {
    let week = weeks.get(businessDay);
    if (week === undefined) {
      week = computeBusinessWeek({ businessDay, weekStartsOn });
      weeks.set(businessDay, week);
    }
    return week;
  };
}

async function sumReport(db: Database, plan: Plan): Promise<GestureTotals> {
  const summer = new GestureSummer(plan.rule);
  const pages = followReport(db, plan, summer);
  while (!(await pages.next()).done);
  return nameTotals(plan, summer);
}

function nameTotals(plan: Plan, summer: GestureSummer): GestureTotals {
  return summer.totals(
    (group, id) => (group === 'staffId' ? plan.staff : plan.locations).get(id)?.name ?? '',
  );
}

/** What became of some gestures, by gesture and by customer. */
interface Followed {
  outcomes: Map<string, Outcome>;
  /** Everything these customers were given around that time, in the order it was given. */
  given: Map<string, CustomerGesture[]>;
}

async function* followReport(
  db: Database,
  plan: Plan,
  summer: GestureSummer,
): AsyncGenerator<{ gestures: ReportGesture[]; followed: Followed }> {
  let after: GesturePlace | null = null;
  for (;;) {
    const place = { after, limit: PAGE_GESTURES, first: 'oldest' as const };
    const gestures = await listReportGestures(db, plan.filter, place);
    if (gestures.length === 0) return;
    const followed = await followGestures(db, plan, gestures);
    await nextTurn();
    addToTotals(plan, summer, gestures, followed);
    yield { gestures, followed };
    await nextTurn();
    after = gestures.at(-1)!;
    if (gestures.length < PAGE_GESTURES) return;
  }
}

/**
 * Follows gestures that were given one after another. All that their customers were given up to a window before or
 * after counts too, whatever the report shows: a sale's last touch may be a gesture outside the filter.
 */
async function followGestures(
  db: Database,
  plan: Plan,
  gestures: readonly ReportGesture[],
): Promise<Followed> {
  const outcomes = new Map<string, Outcome>();
  const given = new Map<string, CustomerGesture[]>();
  const standing = gestures.filter(({ undoneAt }) => undoneAt === null);
  const [first, last] = [standing[0], standing.at(-1)];
  if (!first || !last) return { outcomes, given };

  const { merchantId, rule } = plan;
  const windowMs = rule.windowDays * DAY_MS;
  for (const { customerId } of standing) given.set(customerId, []);
  const customers = { merchantId, customerIds: [...given.keys()] };
  const to = new Date(Math.min(last.givenAt.getTime() + windowMs, rule.asOf.getTime()));
  await walkByCustomer(
    db,
    customers,
    (queries, page) =>
      listCustomerGestures(queries, page, { from: new Date(first.givenAt.getTime() - windowMs), to }),
    (gesture, customerId) => given.get(customerId)?.push(gesture),
  );

  const sweeps = new Map(
    [...given].map(([customerId, received]) => [
      customerId,
      sweepTouches(
        received.map(({ at, saleId }) => ({ givenAt: at, saleId })),
        rule,
      ),
    ]),
  );
  await walkByCustomer(
    db,
    customers,
    (queries, page) => listCustomerSales(queries, page, { from: first.givenAt, to, asOf: rule.asOf }),
    (sale, customerId) =>
      sweeps.get(customerId)?.add({
        saleId: sale.id,
        occurredAt: sale.at,
        netMinor: sale.totalMinor - (sale.refundedMinor ?? 0),
      }),
  );
  for (const [customerId, sweep] of sweeps) {
    const received = given.get(customerId)!;
    sweep.finish().forEach((outcome, place) => outcomes.set(received[place]!.id, outcome));
  }
  return { outcomes, given };
}

function addToTotals(
  plan: Plan,
  summer: GestureSummer,
  gestures: readonly ReportGesture[],
  { outcomes, given }: Followed,
): void {
  const added = new Map<string, ReportGesture[]>();
  for (const gesture of gestures) {
    const { customerId, gestureId } = gesture;
    if (!outcomes.has(gestureId)) continue; // undone, perhaps only since it was listed
    const received = added.get(customerId);
    if (received) received.push(gesture);
    else added.set(customerId, [gesture]);
  }
  const first = gestures[0]!;
  const isBefore = ({ at, id }: CustomerGesture): boolean =>
    at < first.givenAt || (at.getTime() === first.givenAt.getTime() && id < first.gestureId);
  for (const [customerId, received] of added) {
    const before =
      plan.rule.model === 'linear'
        ? given.get(customerId)!.filter((gesture) => isBefore(gesture) && isShown(plan.filter, gesture))
        : [];
    summer.addCustomer({
      before: before.map((gesture) => ({
        under: summedUnder(plan, gesture),
        outcome: outcomes.get(gesture.id)!,
      })),
      added: received.map(({ gestureId, priceMinor, costMinor, ...gesture }) => ({
        under: summedUnder(plan, gesture),
        outcome: outcomes.get(gestureId)!,
        givenAt: gesture.givenAt,
        priceMinor,
        costMinor,
      })),
    });
  }
}

/** Whether `listGestures` would list it. */
function isShown(filter: GestureFilter, gesture: CustomerGesture): boolean {
  return (
    (filter.from === undefined || gesture.businessDay >= filter.from) &&
    (filter.to === undefined || gesture.businessDay <= filter.to) &&
    (filter.locationId === undefined || gesture.locationId === filter.locationId) &&
    (filter.staffId === undefined || gesture.staffId === filter.staffId) &&
    (filter.kind === undefined || gesture.kind === filter.kind) &&
    (filter.reason === undefined || gesture.reason === filter.reason)
  );
}

function summedUnder(
  { weekOf }: Plan,
  gesture: Pick<ReportGesture, 'kind' | 'reason' | 'staffId' | 'locationId' | 'businessDay'>,
): SummedUnder {
  const { kind, reason, staffId, locationId, businessDay } = gesture;
  return { kind, reason, staffId, locationId, weekStart: weekOf(businessDay) };
}

function presentRow(plan: Plan, gesture: ReportGesture, { outcomes }: Followed): GestureReportRow {
  const { gestureId, givenAt, businessDay, locationId, staffId, customerId } = gesture;
  const { merchantId, locations, staff, weekOf, rule } = plan;
  const location = locations.get(locationId);
  const timeZone = location?.timeZone ?? 'UTC';
  const outcome = outcomes.get(gestureId);
  const givenMs = givenAt.getTime();
  const isComplete = givenMs + rule.windowDays * DAY_MS <= rule.asOf.getTime();
  const returnedMs = outcome?.returnedAt?.getTime();
  return {
    gestureId,
    givenAt,
    givenAtLocal: new Date(readWallClock({ timeZone, instantMs: givenMs })).toISOString().slice(0, 19),
    timeZone,
    businessDay,
    weekStart: weekOf(businessDay),
    locationId,
    locationName: location?.name ?? '',
    staffId,
    staffName: staff.get(staffId)?.name ?? '',
    kind: gesture.kind,
    itemId: gesture.itemId,
    itemName: gesture.itemName,
    reason: gesture.reason,
    fundedBy: gesture.fundedBy,
    isPast: gesture.isPast,
    isUndone: gesture.undoneAt !== null,
    priceMinor: gesture.priceMinor,
    costMinor: gesture.costMinor,
    customer: customerPseudonym({ merchantId, customerId }),
    laterVisits: outcome?.laterVisits ?? 0,
    daysToReturn: returnedMs === undefined ? null : Math.round(((returnedMs - givenMs) / DAY_MS) * 100) / 100,
    attributedSales: outcome?.attributedSales ?? 0,
    attributedSpendMinor: outcome?.attributedMinor ?? 0,
    window: isComplete ? 'complete' : 'open',
  };
}
