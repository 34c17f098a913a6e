import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { insertLease } from '../../db/queries/allowance-queries.ts';
import type { Clock } from '../clock.ts';
import { decideLease } from '../loyalty/allowance.ts';
import type { AllowanceSpent } from '../loyalty/allowance.ts';
import { computeResetsAt } from '../loyalty/business-day.ts';
import type { TillActor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempt } from './answer-once.ts';
import { businessDayOf } from './business-day-of.ts';
import { findDearestGesture } from './gesture-costs.ts';
import { changeCounters, loadAllowance } from './load-allowance.ts';

export interface LeaseView {
  leaseId: string;
  count: number;
  /** The only business day on which its gestures may be given, and when that day ends. */
  businessDay: string;
  endsAt: Date;
}

export type LeaseRefusal = AllowanceSpent & { resetsAt: Date };

/** Hands a till some of a member of staff's gestures to give while it is offline; they count as used meanwhile. */
export const leaseGestures =
  (db: Database, clock: Clock) =>
  (actor: TillActor, { attempt, count }: { attempt: Attempt; count: number }) => {
    const now = clock.now();
    const leaseId = uuid();
    const { merchantId, staffId, place } = actor;
    const { locationId, deviceId, weekStartsOn } = place;
    const businessDay = businessDayOf(place, now);
    const giver = { merchantId, staffId, locationId, businessDay, weekStartsOn };
    return db.transact((tx) =>
      answerOnce<LeaseView | LeaseRefusal>(tx, { merchantId, attempt, now }, async () => {
        const allowance = await loadAllowance(tx, giver);
        const costEachMinor = await findDearestGesture(tx, merchantId);
        const decision = decideLease({ allowance, requested: count, costEachMinor });
        if (decision.refused)
          return {
            ...decision,
            resetsAt: computeResetsAt({ ...place, period: decision.period, businessDay }),
          };
        await changeCounters(tx, { giver, change: decision.change, allowance });
        const endsAt = computeResetsAt({ ...place, period: 'day', businessDay });
        await insertLease(tx, {
          merchantId,
          leaseId,
          staffId,
          deviceId,
          locationId,
          businessDay,
          count: decision.count,
          usedCount: 0,
          costEachMinor,
          leasedAt: now,
          endsAt,
          returnedAt: null,
        });
        return { leaseId, count: decision.count, businessDay, endsAt };
      }),
    );
  };
