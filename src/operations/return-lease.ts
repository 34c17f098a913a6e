import type { Database, Queries } from '../../db/database.ts';
import { findLease, updateLease } from '../../db/queries/allowance-queries.ts';
import { findDevice } from '../../db/queries/device-queries.ts';
import type { Clock } from '../clock.ts';
import { decideLeaseReturn } from '../loyalty/lease.ts';
import type { Place } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempt } from './answer-once.ts';
import { changeCounters } from './load-allowance.ts';

export type ReturnRefusal = { refused: 'lease-unknown' } | { refused: 'lease-already-returned' };

/**
 * Takes back a lease from its till: what was not given is free again on the day it was set aside for. A tablet that was
 * ended at the desk and connected anew is another till now, so what an ended one took along is taken back from any.
 */
export const returnLease =
  (db: Database, clock: Clock) =>
  (place: Place, { attempt, leaseId }: { attempt: Attempt; leaseId: string }) => {
    const now = clock.now();
    const { merchantId } = place;
    return db.transact((tx) =>
      answerOnce<{ leaseId: string; unusedCount: number } | ReturnRefusal>(
        tx,
        { merchantId, attempt, now },
        async () => {
          const [lease] = await findLease(tx, { merchantId, leaseId });
          const isTheirs = lease?.deviceId === place.deviceId;
          if (!lease || !(isTheirs || (await isEnded(tx, lease)))) return { refused: 'lease-unknown' };
          const decision = decideLeaseReturn(lease);
          if (decision.refused) return decision;
          await updateLease(tx, { ...lease, returnedAt: now });
          await changeCounters(tx, {
            giver: { ...lease, weekStartsOn: place.weekStartsOn },
            change: decision.change,
            allowance: null,
          });
          return { leaseId, unusedCount: decision.unusedCount };
        },
      ),
    );
  };

async function isEnded(tx: Queries, till: { merchantId: string; deviceId: string }): Promise<boolean> {
  const device = await findDevice(tx, till);
  return device?.endedAt != null;
}
