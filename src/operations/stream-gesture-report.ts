import type { Database } from '../../db/database.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { followReport, nameTotals } from './follow-report.ts';
import { presentReportRow } from './gesture-report-row.ts';
import type { GestureReportRow } from './gesture-report-row.ts';
import { GestureSummer } from './gesture-totals.ts';
import type { GestureTotals } from './gesture-totals.ts';
import { planReport } from './plan-report.ts';
import type {
  GestureReportHead,
  GestureReportRefusal,
  GestureReportRequest,
  ReportPlan,
} from './plan-report.ts';

export interface GestureReportStream {
  head: GestureReportHead;
  /** All rows in the order the gestures were given, some at a time. Read once. */
  pages: AsyncIterable<GestureReportRow[]>;
  /** Once every page has been read. */
  totals: () => GestureTotals;
}

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
    const pages = presentPages(db, plan, summer);
    return { head: plan.head, pages, totals: () => nameTotals(plan, summer) };
  };

async function* presentPages(
  db: Database,
  plan: ReportPlan,
  summer: GestureSummer,
): AsyncGenerator<GestureReportRow[]> {
  for await (const { gestures, outcomes } of followReport(db, plan, summer))
    yield gestures.map((gesture) => presentReportRow(plan, gesture, outcomes.get(gesture.gestureId)));
}
