import { and, eq, isNotNull, like, lt, notLike, sql } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Queries, Tables } from '../database.ts';
import { placeholders } from './placeholders.ts';

export const findAnswer = prepared<{ merchantId: string; operationId: string }>()((db, { answers }) =>
  db
    .select({ requestHash: answers.requestHash, body: answers.body, answeredAt: answers.answeredAt })
    .from(answers)
    .where(
      and(
        eq(answers.merchantId, sql.placeholder('merchantId')),
        eq(answers.operationId, sql.placeholder('operationId')),
      ),
    ),
);

export const insertAnswer = prepared<Tables['answers']['$inferSelect']>()((db, { answers }) =>
  db.insert(answers).values(placeholders(answers)),
);

/** How the body of an answer begins that says no. */
const REFUSAL = '{"refused":%';

/** Drops the bodies of what was done and answered before; their ids stay, so a late repeat is still known. */
export async function forgetAnswers(tx: Queries, { before }: { before: Date }): Promise<void> {
  await tx.query((db, { answers }) =>
    db
      .update(answers)
      .set({ body: null })
      .where(and(isNotNull(answers.body), lt(answers.answeredAt, before), notLike(answers.body, REFUSAL))),
  );
}

/** Deletes what was refused before: nothing was done, so nothing is done twice. */
export async function deleteRefusals(tx: Queries, { before }: { before: Date }): Promise<void> {
  await tx.query((db, { answers }) =>
    db
      .delete(answers)
      .where(and(isNotNull(answers.body), lt(answers.answeredAt, before), like(answers.body, REFUSAL))),
  );
}
