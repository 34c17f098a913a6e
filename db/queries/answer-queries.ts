import { and, eq, isNotNull, lt, sql } from 'drizzle-orm';
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

/** Drops the bodies of answers older than `before`; their ids stay, so a late repeat is still known. */
export async function forgetAnswers(tx: Queries, { before }: { before: Date }): Promise<void> {
  await tx.query((db, { answers }) =>
    db
      .update(answers)
      .set({ body: null })
      .where(and(isNotNull(answers.body), lt(answers.answeredAt, before))),
  );
}
