import type { Queries } from '../../db/database.ts';
import { findAnswer, insertAnswer } from '../../db/queries/answer-queries.ts';
import { MAX_TAPPED_AGO_MS } from './tapped-at.ts';

/** One attempt at an operation: the caller's id for it and a hash of what was asked. */
export interface Attempt {
  operationId: string;
  requestHash: string;
  /** How long ago it was tapped, for what a till kept while it was offline; see `tappedAt`. */
  tappedAgoMs?: number | undefined;
}

export interface Answered<Answer> {
  answer: Answer;
  /** `answer` as JSON text, the same to the byte however often it is asked for. */
  body: string;
  isReplay: boolean;
}

export type RepeatRefusal =
  | { refused: 'operation-reused' }
  | { refused: 'operation-forgotten'; answeredAt: Date }
  | { refused: 'tap-too-old' };

/**
 * Decides an operation once. The id, the ledger rows that `decide` appends and the answer are one transaction, so a
 * repeat finds all of them or none. A refusal is an answer too, and is repeated as it was.
 */
export async function answerOnce<Answer extends object>(
  tx: Queries,
  { merchantId, attempt, now }: { merchantId: string; attempt: Attempt; now: Date },
  decide: () => Promise<Answer>,
): Promise<Answered<Answer> | RepeatRefusal> {
  const [earlier] = await findAnswer(tx, { merchantId, operationId: attempt.operationId });
  if (earlier) {
    if (earlier.requestHash !== attempt.requestHash) return { refused: 'operation-reused' };
    if (earlier.body === null) return { refused: 'operation-forgotten', answeredAt: earlier.answeredAt };
    return { answer: JSON.parse(earlier.body) as Answer, body: earlier.body, isReplay: true };
  }
  // Only now: what was recorded long ago, and its answer lost, is not to be refused.
  if ((attempt.tappedAgoMs ?? 0) > MAX_TAPPED_AGO_MS) return { refused: 'tap-too-old' };
  const answer = await decide();
  const body = JSON.stringify(answer);
  const { operationId, requestHash } = attempt;
  await insertAnswer(tx, { merchantId, operationId, requestHash, body, answeredAt: now });
  return { answer, body, isReplay: false };
}
