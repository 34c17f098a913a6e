import type { Database } from '../../db/database.ts';
import { findMerchant } from '../../db/queries/merchant-queries.ts';
import { findReportNames } from '../../db/queries/report-queries.ts';
import type { GestureFilter } from '../../db/queries/report-queries.ts';
import type { Clock } from '../clock.ts';
import type { AttributionModel, AttributionRule } from '../evidence/touch-sweep.ts';
import { computeBusinessWeek } from '../loyalty/business-day.ts';
import type { GestureKind, GestureReason } from '../loyalty/gesture.ts';
import type { Actor } from './actor.ts';

/** Days of 24 hours a report may follow a gesture for. */
export const WINDOW_DAYS = [7, 30, 60, 90] as const;
export const ATTRIBUTION_MODELS = ['last', 'first', 'linear'] as const satisfies readonly AttributionModel[];

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
  /** Report what had happened by this instant, as it is known today; now when not given. */
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
  /** Only the gestures given here, by this person, of this kind, for this reason: null for any. */
  locationId: string | null;
  locationName: string | null;
  staffId: string | null;
  staffName: string | null;
  kind: GestureKind | null;
  reason: GestureReason | null;
  includeUndone: boolean;
}

export type GestureReportRefusal =
  { refused: 'location-unknown' } | { refused: 'staff-unknown' } | { refused: 'report-of-the-future' };

/** A request that was looked through: what to list, how to count it, and what things are called. */
export interface ReportPlan {
  merchantId: string;
  filter: GestureFilter;
  rule: AttributionRule;
  head: GestureReportHead;
  /** The first business day of a day's week. */
  weekOf: (businessDay: string) => string;
  locations: Map<string, { name: string; timeZone: string }>;
  staff: Map<string, { name: string }>;
}

/** Works out what a report takes, once for all of it: its rules stay the same from the first row to the last. */
export async function planReport(
  db: Database,
  clock: Clock,
  { merchantId }: Pick<Actor, 'merchantId'>,
  request: GestureReportRequest,
): Promise<ReportPlan | GestureReportRefusal> {
  const now = clock.now();
  const { windowDays, model, includeUndone = false, asOf = now, ...narrowed } = request;
  if (asOf > now) return { refused: 'report-of-the-future' };
  const merchant = await db.read((queries) => findMerchant(queries, { merchantId }));
  const { currency, visitMinutes, weekStartsOn, isMadeUp } = merchant;
  const names = await db.read((queries) => findReportNames(queries, { merchantId }));
  const locations = new Map(names.locations.map((location) => [location.locationId, location]));
  const staff = new Map(names.staff.map((person) => [person.staffId, person]));
  const { from = null, to = null, locationId = null, staffId = null, kind = null, reason = null } = narrowed;
  const location = locationId === null ? null : locations.get(locationId);
  if (location === undefined) return { refused: 'location-unknown' };
  const person = staffId === null ? null : staff.get(staffId);
  if (person === undefined) return { refused: 'staff-unknown' };
  const rule = { windowDays, visitMinutes, model, asOf };
  return {
    merchantId,
    filter: { ...narrowed, merchantId, includeUndone, asOf },
    rule,
    head: {
      from,
      to,
      ...rule,
      currency,
      isMadeUp,
      locationId,
      locationName: location?.name ?? null,
      staffId,
      staffName: person?.name ?? null,
      kind,
      reason,
      includeUndone,
    },
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
