import { and, asc, eq, gt, isNull } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';

export type StaffRow = Tables['staff']['$inferSelect'];
export type StaffChange = Partial<Omit<StaffRow, 'merchantId' | 'staffId' | 'createdAt'>>;

export function insertStaff(tx: Queries, person: StaffRow) {
  return tx.query((db, { staff }) => db.insert(staff).values(person));
}

/** Somebody who still works here. */
export async function findStaff(
  tx: Queries,
  { merchantId, staffId }: { merchantId: string; staffId: string },
): Promise<StaffRow | undefined> {
  const rows = await tx.query((db, { staff }) =>
    db
      .select()
      .from(staff)
      .where(and(eq(staff.merchantId, merchantId), eq(staff.staffId, staffId), isNull(staff.endedAt))),
  );
  return rows[0];
}

/** By e-mail address alone: whose desk it is, only the sign-in itself can say. `email` in lower case. */
export async function findStaffByEmail(
  tx: Queries,
  { email }: { email: string },
): Promise<StaffRow | undefined> {
  const rows = await tx.query((db, { staff }) =>
    db
      .select()
      .from(staff)
      .where(and(eq(staff.email, email), isNull(staff.endedAt)))
      .orderBy(asc(staff.merchantId))
      .limit(1),
  );
  return rows[0];
}

/** Whether somebody of this merchant has the address. */
export async function isEmailTaken(
  tx: Queries,
  { merchantId, email }: { merchantId: string; email: string },
): Promise<boolean> {
  const rows = await tx.query((db, { staff }) =>
    db
      .select({ staffId: staff.staffId })
      .from(staff)
      .where(and(eq(staff.merchantId, merchantId), eq(staff.email, email)))
      .limit(1),
  );
  return rows.length > 0;
}

/** The people who work here; `withEnded` also those who have left. */
export function listStaff(
  tx: Queries,
  {
    merchantId,
    after,
    limit,
    withEnded = false,
  }: { merchantId: string; after: string; limit: number; withEnded?: boolean },
): Promise<StaffRow[]> {
  return tx.query((db, { staff }) =>
    db
      .select()
      .from(staff)
      .where(
        and(
          eq(staff.merchantId, merchantId),
          gt(staff.staffId, after),
          withEnded ? undefined : isNull(staff.endedAt),
        ),
      )
      .orderBy(asc(staff.staffId))
      .limit(limit),
  );
}

/** The ids of the owners, of whom there must always be one. */
export function listOwners(
  tx: Queries,
  { merchantId }: { merchantId: string },
): Promise<{ staffId: string }[]> {
  return tx.query((db, { staff }) =>
    db
      .select({ staffId: staff.staffId })
      .from(staff)
      .where(and(eq(staff.merchantId, merchantId), eq(staff.role, 'owner'), isNull(staff.endedAt))),
  );
}

export function updateStaff(
  tx: Queries,
  { merchantId, staffId, change }: { merchantId: string; staffId: string; change: StaffChange },
) {
  return tx.query((db, { staff }) =>
    db
      .update(staff)
      .set(change)
      .where(and(eq(staff.merchantId, merchantId), eq(staff.staffId, staffId))),
  );
}
