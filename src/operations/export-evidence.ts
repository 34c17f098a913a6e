import type { Database } from '../../db/database.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import type { EvidenceView } from './evidence-view.ts';
import type { EvidenceRefusal, EvidenceRequest, reportEvidence } from './report-evidence.ts';

/** The evidence on its way out of the shop: as the report, and the audit log says who took it. */
export const exportEvidence =
  (db: Database, clock: Clock, report: ReturnType<typeof reportEvidence>) =>
  async (
    { merchantId, staffId }: Actor,
    request: EvidenceRequest,
    format: 'csv' | 'xlsx',
  ): Promise<EvidenceView | EvidenceRefusal> => {
    const view = await report({ merchantId }, request);
    if ('refused' in view) return view;
    const at = clock.now();
    await db.transact((tx) =>
      appendAudit(tx, {
        merchantId,
        at,
        staffId,
        action: 'evidence.exported',
        subjectId: view.seasonId,
        details: { asOf: view.asOf.toISOString(), locationId: view.locationId, format },
      }),
    );
    return view;
  };
