import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { insertEvidenceReport, listEvidenceReports } from '../../db/queries/evidence-queries.ts';
import { listMerchants } from '../../db/queries/merchant-queries.ts';
import { listSeasons } from '../../db/queries/season-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import type { Clock } from '../clock.ts';
import { OUTCOME_DAYS } from '../evidence/outcome.ts';
import { addDays, computeBusinessDayBounds } from '../loyalty/business-day.ts';
import { businessDayOf } from './business-day-of.ts';
import { storedPart } from './evidence-view.ts';
import { reportEvidence } from './report-evidence.ts';
import type { Sealer } from './seal.ts';
import { findSeasonClock } from './season-clock.ts';

const MOST_MERCHANTS = 1_000;
const DAY_MS = 86_400_000;
/** A season's last draws have matured so long after its end. */
const MATURED_MS = OUTCOME_DAYS * DAY_MS;
/** A last report that could not be stored by then is tried no more. */
const GIVEN_UP_MS = 90 * DAY_MS;

/**
 * Stores the evidence of every season that is on, or whose draws still mature, as it stood when the business day that
 * is over ended: once a day, by whichever process comes first, up to a first report in which all have matured. What it
 * was worked out from is hashed: the same instant worked out again gives the same report, unless cards were joined
 * since, and then another hash. Answers how many were stored.
 *
 * @throws AggregateError when some could not be stored; all others were
 */
export const storeEvidence = (db: Database, clock: Clock, sealer: Sealer) => {
  const store = storeReport(db, clock, sealer);
  return async (): Promise<number> => {
    const now = clock.now();
    let stored = 0;
    const failures: unknown[] = [];
    const merchants = await db.read((queries) => listMerchants(queries, { limit: MOST_MERCHANTS }));
    for (const { merchantId } of merchants) {
      const seasons = await db.read((queries) => listSeasons(queries, { merchantId }));
      for (const season of seasons) {
        if (season.endedAt && now.getTime() - season.endedAt.getTime() > GIVEN_UP_MS) continue;
        try {
          const due = await findDue(db, season, now);
          if (due && (await store(season, due))) stored++;
        } catch (error) {
          failures.push(error);
        }
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, 'The evidence of some seasons was not stored');
    return stored;
  };
};

/** Stores the report of one day; false when it is stored already. */
export const storeReport = (db: Database, clock: Clock, sealer: Sealer) => {
  // One for all of them: each has a thread of its own, which stays for a minute.
  const report = reportEvidence(db, clock, sealer);
  return async (
    { merchantId, seasonId }: Pick<SeasonRow, 'merchantId' | 'seasonId'>,
    { day, asOf }: { day: string; asOf: Date },
  ): Promise<boolean> => {
    const view = await report({ merchantId }, { seasonId, asOf });
    if ('refused' in view) throw new Error(`Season ${seasonId} could not be told: ${view.refused}`);
    const told = JSON.parse(JSON.stringify(storedPart(view))) as Record<string, unknown>;
    const row = {
      merchantId,
      reportId: uuid(),
      seasonId,
      day,
      asOf,
      inputsHash: view.inputsHash,
      report: told,
      storedAt: clock.now(),
    };
    const kept = await db.transact((tx) => insertEvidenceReport(tx, row));
    return kept.length > 0;
  };
};

/** The business day that is over and has no report yet, and when it ended. */
async function findDue(
  db: Database,
  { merchantId, seasonId, locationId, startedAt, endedAt }: SeasonRow,
  now: Date,
): Promise<{ day: string; asOf: Date } | null> {
  const clockOf = await findSeasonClock(db, { merchantId, locationId });
  if (!clockOf) return null;
  const today = businessDayOf(clockOf, now);
  const day = addDays(today, -1);
  const { timeZone, cutOffMinutes } = clockOf;
  const { endsAt: asOf } = computeBusinessDayBounds({ businessDay: day, timeZone, cutOffMinutes });
  if (asOf <= startedAt || asOf > now) return null;
  const [last] = await db.read((queries) => listEvidenceReports(queries, { merchantId, seasonId, limit: 1 }));
  const isTold = last && endedAt && last.asOf.getTime() >= endedAt.getTime() + MATURED_MS;
  return isTold || (last && last.day >= day) ? null : { day, asOf };
}
