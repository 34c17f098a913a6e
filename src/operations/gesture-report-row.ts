import type { ReportGesture } from '../../db/queries/report-queries.ts';
import type { Outcome } from '../evidence/touch-sweep.ts';
import type { Funding, GestureKind, GestureReason } from '../loyalty/gesture.ts';
import { readWallClock } from '../loyalty/wall-clock.ts';
import { customerPseudonym } from './customer-pseudonym.ts';
import type { ReportPlan } from './plan-report.ts';

const DAY_MS = 86_400_000;

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

/** `outcome` is undefined for a gesture that was undone: nothing is counted to it. */
export function presentReportRow(
  plan: ReportPlan,
  gesture: ReportGesture,
  outcome: Outcome | undefined,
): GestureReportRow {
  const { gestureId, givenAt, businessDay, locationId, staffId, customerId } = gesture;
  const { merchantId, locations, staff, weekOf, rule } = plan;
  const location = locations.get(locationId);
  const timeZone = location?.timeZone ?? 'UTC';
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
