import type { Database } from '../../db/database.ts';
import type { GesturePlace } from '../../db/queries/report-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { followGestures } from './follow-gestures.ts';
import { presentReportRow } from './gesture-report-row.ts';
import type { GestureReportRow } from './gesture-report-row.ts';
import { listReportGestures } from './list-report-gestures.ts';
import { planReport } from './plan-report.ts';
import type { GestureReportHead, GestureReportRefusal, GestureReportRequest } from './plan-report.ts';

export interface GestureReportPage {
  head: GestureReportHead;
  /** The newest first. */
  items: GestureReportRow[];
  next: GesturePlace | null;
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
    const { outcomes } = await followGestures(db, plan, gestures.toReversed());
    const last = found.length > limit ? gestures.at(-1) : undefined;
    return {
      head: plan.head,
      items: gestures.map((gesture) => presentReportRow(plan, gesture, outcomes.get(gesture.gestureId))),
      next: last ? { givenAt: last.givenAt, gestureId: last.gestureId } : null,
    };
  };
