import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import type {
  CustomerGesture,
  GestureFilter,
  GesturePlace,
  ReportGesture,
} from '../../db/queries/report-queries.ts';
import { followGestures } from './follow-gestures.ts';
import type { Followed } from './follow-gestures.ts';
import type { GestureSummer, GestureTotals, SummedUnder } from './gesture-totals.ts';
import { listReportGestures } from './list-report-gestures.ts';
import type { ReportPlan } from './plan-report.ts';

/** Gestures that are followed together. More would hold more in memory, fewer would read the same sales more often. */
const PAGE_GESTURES = 200;

/** Follows every gesture of a report, the oldest first, some at a time, and adds them to the totals. */
export async function* followReport(
  db: Database,
  plan: ReportPlan,
  summer: GestureSummer,
): AsyncGenerator<{ gestures: ReportGesture[]; outcomes: Followed['outcomes'] }> {
  let after: GesturePlace | null = null;
  for (;;) {
    const place = { after, limit: PAGE_GESTURES, first: 'oldest' as const };
    const gestures = await listReportGestures(db, plan.filter, place);
    if (gestures.length === 0) return;
    const followed = await followGestures(db, plan, gestures);
    await nextTurn();
    addToTotals(plan, summer, gestures, followed);
    yield { gestures, outcomes: followed.outcomes };
    await nextTurn();
    after = gestures.at(-1)!;
    if (gestures.length < PAGE_GESTURES) return;
  }
}

/** What the totals are, with the names of people and locations. */
export function nameTotals(plan: ReportPlan, summer: GestureSummer): GestureTotals {
  return summer.totals(
    (group, id) => (group === 'staffId' ? plan.staff : plan.locations).get(id)?.name ?? '',
  );
}

function addToTotals(
  plan: ReportPlan,
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
  { weekOf }: ReportPlan,
  gesture: Pick<ReportGesture, 'kind' | 'reason' | 'staffId' | 'locationId' | 'businessDay'>,
): SummedUnder {
  const { kind, reason, staffId, locationId, businessDay } = gesture;
  return { kind, reason, staffId, locationId, weekStart: weekOf(businessDay) };
}
