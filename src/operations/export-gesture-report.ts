import type { Database } from '../../db/database.ts';
import type { Clock } from '../clock.ts';
import { appendAudit } from './append-audit.ts';
import { streamGestureReport } from './stream-gesture-report.ts';
import type { GestureReportRefusal, GestureReportRequest } from './plan-report.ts';
import type { GestureReportStream } from './stream-gesture-report.ts';

/**
 * The gesture report on its way out of the shop: as `streamGestureReport`, and the audit log says who took it. For
 * owners; `staffId` is null for the command line.
 */
export const exportGestureReport =
  (db: Database, clock: Clock) =>
  async (
    { merchantId, staffId }: { merchantId: string; staffId: string | null },
    request: GestureReportRequest,
    format: 'csv' | 'xlsx' | 'json',
  ): Promise<GestureReportStream | GestureReportRefusal> => {
    const stream = await streamGestureReport(db, clock)({ merchantId }, request);
    if ('refused' in stream) return stream;
    const at = clock.now();
    const asked = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
    const details = { ...asked, asOf: stream.head.asOf.toISOString(), format };
    await db.transact((tx) =>
      appendAudit(tx, {
        merchantId,
        at,
        staffId,
        action: 'gesture-report.exported',
        subjectId: null,
        details,
      }),
    );
    return stream;
  };
