import type { Database } from '../../db/database.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { followReport, nameTotals } from './follow-report.ts';
import { GestureSummer } from './gesture-totals.ts';
import type { GestureTotals } from './gesture-totals.ts';
import { KeptTotals } from './kept-totals.ts';
import { planReport } from './plan-report.ts';
import type {
  GestureReportHead,
  GestureReportRefusal,
  GestureReportRequest,
  ReportPlan,
} from './plan-report.ts';

export interface GestureReportTotals {
  head: GestureReportHead;
  totals: GestureTotals;
}

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

async function sumReport(db: Database, plan: ReportPlan): Promise<GestureTotals> {
  const summer = new GestureSummer(plan.rule);
  const pages = followReport(db, plan, summer);
  while (!(await pages.next()).done);
  return nameTotals(plan, summer);
}
