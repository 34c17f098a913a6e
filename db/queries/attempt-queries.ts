import { and, eq, like } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';

export type AttemptRow = Tables['attempts']['$inferSelect'];

export async function findAttempts(
  tx: Queries,
  { merchantId, subject }: { merchantId: string; subject: string },
): Promise<AttemptRow | undefined> {
  const rows = await tx.query((db, { attempts }) =>
    db
      .select()
      .from(attempts)
      .where(and(eq(attempts.merchantId, merchantId), eq(attempts.subject, subject))),
  );
  return rows[0];
}

export function saveAttempts(tx: Queries, row: AttemptRow) {
  const { failedCount, lockedUntil, lastFailedAt } = row;
  return tx.query((db, { attempts }) =>
    db
      .insert(attempts)
      .values(row)
      .onConflictDoUpdate({
        target: [attempts.merchantId, attempts.subject],
        set: { failedCount, lockedUntil, lastFailedAt },
      }),
  );
}

export function forgetAttempts(
  tx: Queries,
  { merchantId, subject }: { merchantId: string; subject: string },
) {
  return tx.query((db, { attempts }) =>
    db.delete(attempts).where(and(eq(attempts.merchantId, merchantId), eq(attempts.subject, subject))),
  );
}

/** Forgets somebody's wrong passwords in browsers that know them. `staffId` is one of our ids, so it holds no wildcard. */
export function forgetPasswordAttempts(
  tx: Queries,
  { merchantId, staffId }: { merchantId: string; staffId: string },
) {
  return tx.query((db, { attempts }) =>
    db
      .delete(attempts)
      .where(and(eq(attempts.merchantId, merchantId), like(attempts.subject, `password:${staffId}:%`))),
  );
}

/** Forgets somebody's wrong PINs on every till. `staffId` is one of our ids, so it holds no wildcard. */
export function forgetPinAttempts(
  tx: Queries,
  { merchantId, staffId }: { merchantId: string; staffId: string },
) {
  return tx.query((db, { attempts }) =>
    db
      .delete(attempts)
      .where(and(eq(attempts.merchantId, merchantId), like(attempts.subject, `pin:%:${staffId}`))),
  );
}
