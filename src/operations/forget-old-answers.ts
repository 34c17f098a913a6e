import type { Database } from '../../db/database.ts';
import { forgetAnswers } from '../../db/queries/answer-queries.ts';
import type { Clock } from '../clock.ts';

/** A till that was offline for a long weekend still gets the answer it missed. */
const ANSWERS_KEPT_MS = 72 * 3_600_000;

/** Forgets what was answered more than 72 hours ago. That it was answered stays known, so nothing is done twice. */
export const forgetOldAnswers = (db: Database, clock: Clock) => (): Promise<void> => {
  const before = new Date(clock.now().getTime() - ANSWERS_KEPT_MS);
  return db.transact((tx) => forgetAnswers(tx, { before }));
};
