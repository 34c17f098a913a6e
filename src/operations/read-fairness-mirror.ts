import type { Database } from '../../db/database.ts';
import type { Clock } from '../clock.ts';
import { describeSpread } from '../evidence/fairness.ts';
import type { ServedVisit, Spread } from '../evidence/fairness.ts';
import type { Actor } from './actor.ts';
import { readServedVisits, startOfFairness } from './served-visits.ts';

export interface FairnessMirror extends Spread {
  /** The first day that is looked at, `YYYY-MM-DD`. */
  from: string;
}

/** How the gestures of one member of staff spread. Nobody else sees it, and nobody is compared with anybody. */
export const readFairnessMirror =
  (db: Database, clock: Clock) =>
  async ({ merchantId, staffId }: Pick<Actor, 'merchantId' | 'staffId'>): Promise<FairnessMirror> => {
    const since = startOfFairness(clock.now());
    const own: ServedVisit[] = [];
    for await (const visits of readServedVisits(db, { merchantId, since }))
      own.push(...visits.filter((visit) => visit.staffId === staffId));
    return {
      from: since.toISOString().slice(0, 10),
      ...describeSpread(own),
    };
  };
