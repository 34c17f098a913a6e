import type { Database } from '../../db/database.ts';
import { listStaff as listStaffRows } from '../../db/queries/staff-queries.ts';
import type { StaffRow } from '../../db/queries/staff-queries.ts';
import type { Role } from '../loyalty/role.ts';
import type { Actor } from './actor.ts';
import { pageOf } from './page-of.ts';
import type { Page } from './page-of.ts';

export interface StaffView {
  staffId: string;
  name: string;
  role: Role;
  email: string | null;
  /** The only location they work at; null for all. */
  locationId: string | null;
  /** Whether they can sign in at a till. */
  hasPin: boolean;
  /** Whether their sign-in at the desk asks for a code as well. */
  hasSecondFactor: boolean;
  /** When they left; null while they work here. */
  endedAt: Date | null;
}

/** The people who work here; `withEnded` also those who have left, whose name stays with what they did. */
export const listStaff =
  (db: Database) =>
  (
    { merchantId }: Actor,
    { cursor, withEnded = false }: { cursor?: string | undefined; withEnded?: boolean },
  ): Promise<Page<StaffView>> =>
    db.read((queries) =>
      pageOf({ merchantId, cursor }, (asked) => listStaffRows(queries, { ...asked, withEnded }), {
        idOf: ({ staffId }) => staffId,
        present: presentStaff,
      }),
    );

/** Never a hash. */
export function presentStaff(row: StaffRow): StaffView {
  const { staffId, name, role, email, locationId, pinHash, totpConfirmedAt, endedAt } = row;
  const hasSecondFactor = totpConfirmedAt !== null;
  return { staffId, name, role, email, locationId, hasPin: pinHash !== null, hasSecondFactor, endedAt };
}
