import type { Database } from '../../db/database.ts';
import { deleteRefusals, forgetAnswers } from '../../db/queries/answer-queries.ts';
import type { Clock } from '../clock.ts';
import { MAX_TAPPED_AGO_MS } from './tapped-at.ts';

/** A till that was offline for a long weekend still gets the answer it missed. */
const ANSWERS_KEPT_MS = 72 * 3_600_000;

/**
 * Forgets what was answered more than 72 hours ago. That it was done stays known, so nothing is done twice. A refusal is
 * kept until the tap it answers is too old anyway: a till that missed it must not take it for done.
 */
export const forgetOldAnswers = (db: Database, clock: Clock) => (): Promise<void> => {
  const nowMs = clock.now().getTime();
  return db.transact(async (tx) => {
    await forgetAnswers(tx, { before: new Date(nowMs - ANSWERS_KEPT_MS) });
    await deleteRefusals(tx, { before: new Date(nowMs - MAX_TAPPED_AGO_MS) });
  });
};
