import type { Queries } from '../../db/database.ts';
import { findAnswer, insertAnswer } from '../../db/queries/answer-queries.ts';

/** One attempt at an operation: the caller's id for it and a hash of what was asked. */
export interface Attempt {
  operationId: string;
  requestHash: string;
}

export interface Answered<Answer> {
  answer: Answer;
  /** `answer` as JSON text, the same to the byte however often it is asked for. */
  body: string;
  isReplay: boolean;
}

export type RepeatRefusal =
  { refused: 'operation-reused' } | { refused: 'operation-forgotten'; answeredAt: Date };

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
  const answer = await decide();
  const body = JSON.stringify(answer);
  await insertAnswer(tx, { merchantId, ...attempt, body, answeredAt: now });
  return { answer, body, isReplay: false };
}
