import { and, asc, desc, eq, gt, gte, inArray, like, lt } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';

export type AuditRow = Tables['auditLog']['$inferSelect'];

export function insertAudit(tx: Queries, row: AuditRow) {
  return tx.query((db, { auditLog }) => db.insert(auditLog).values(row));
}

/** A page of the log as it was written, from after `afterSequence`. */
export function listAudit(
  tx: Queries,
  { merchantId, afterSequence, limit }: { merchantId: string; afterSequence: number; limit: number },
): Promise<AuditRow[]> {
  return tx.query((db, { auditLog }) =>
    db
      .select()
      .from(auditLog)
      .where(and(eq(auditLog.merchantId, merchantId), gt(auditLog.sequence, afterSequence)))
      .orderBy(asc(auditLog.sequence))
      .limit(limit),
  );
}

/** What of the log is looked at. Of a person, of an action or all of its kind (`staff.`), within instants. */
export interface AuditFilter {
  staffId?: string | undefined;
  /** `staff.ended`, or `staff` for everything about staff; letters, dots and hyphens, so it holds no wildcard. */
  action?: string | undefined;
  from?: Date | undefined;
  /** Not itself. */
  to?: Date | undefined;
}

/** A page of the log with the newest first, from before `beforeSequence`, or the end, as far back as `fromSequence`. */
export function listRecentAudit(
  tx: Queries,
  {
    merchantId,
    fromSequence = 0,
    beforeSequence,
    limit,
    filter: { staffId, action, from, to } = {},
  }: {
    merchantId: string;
    fromSequence?: number;
    beforeSequence?: number | undefined;
    limit: number;
    filter?: AuditFilter;
  },
) {
  return tx.query((db, { auditLog }) =>
    db
      .select()
      .from(auditLog)
      .where(
        and(
          eq(auditLog.merchantId, merchantId),
          gte(auditLog.sequence, fromSequence),
          beforeSequence === undefined ? undefined : lt(auditLog.sequence, beforeSequence),
          staffId === undefined ? undefined : eq(auditLog.staffId, staffId),
          action === undefined
            ? undefined
            : action.includes('.')
              ? eq(auditLog.action, action)
              : like(auditLog.action, `${action}.%`),
          from && gte(auditLog.at, from),
          to && lt(auditLog.at, to),
        ),
      )
      .orderBy(desc(auditLog.sequence))
      .limit(limit),
  );
}

/** What ids that the log names are called: people, tills, locations, items, programs, customers and their cards. */
export async function findNames(
  tx: Queries,
  { merchantId, ids }: { merchantId: string; ids: string[] },
): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  if (ids.length === 0) return names;
  const found = [
    await tx.query((db, { staff }) =>
      db
        .select({ id: staff.staffId, name: staff.name })
        .from(staff)
        .where(and(eq(staff.merchantId, merchantId), inArray(staff.staffId, ids))),
    ),
    await tx.query((db, { devices }) =>
      db
        .select({ id: devices.deviceId, name: devices.name })
        .from(devices)
        .where(and(eq(devices.merchantId, merchantId), inArray(devices.deviceId, ids))),
    ),
    await tx.query((db, { locations }) =>
      db
        .select({ id: locations.locationId, name: locations.name })
        .from(locations)
        .where(and(eq(locations.merchantId, merchantId), inArray(locations.locationId, ids))),
    ),
    await tx.query((db, { items }) =>
      db
        .select({ id: items.itemId, name: items.name })
        .from(items)
        .where(and(eq(items.merchantId, merchantId), inArray(items.itemId, ids))),
    ),
    await tx.query((db, { programs }) =>
      db
        .select({ id: programs.programId, name: programs.name })
        .from(programs)
        .where(and(eq(programs.merchantId, merchantId), inArray(programs.programId, ids))),
    ),
    await tx.query((db, { customers }) =>
      db
        .select({ id: customers.customerId, name: customers.name })
        .from(customers)
        .where(and(eq(customers.merchantId, merchantId), inArray(customers.customerId, ids))),
    ),
    await tx.query((db, { cards, customers }) =>
      db
        .select({ id: cards.cardId, name: customers.name, code: cards.shortCode })
        .from(cards)
        .innerJoin(
          customers,
          and(eq(customers.merchantId, cards.merchantId), eq(customers.customerId, cards.customerId)),
        )
        .where(and(eq(cards.merchantId, merchantId), inArray(cards.cardId, ids))),
    ),
  ];
  const rows: { id: string; name: string | null; code?: string }[] = found.flat();
  for (const { id, name, code } of rows) {
    const known = name ?? code;
    if (known) names.set(id, known);
  }
  return names;
}

/** The row that says how a season began. Audit rows are few beside sales, and asked for this way in made-up shops only. */
export async function findStartOfSeason(
  tx: Queries,
  { merchantId, seasonId }: { merchantId: string; seasonId: string },
): Promise<AuditRow | undefined> {
  const rows = await tx.query((db, { auditLog }) =>
    db
      .select()
      .from(auditLog)
      .where(
        and(
          eq(auditLog.merchantId, merchantId),
          eq(auditLog.subjectId, seasonId),
          eq(auditLog.action, 'season.started'),
        ),
      )
      .limit(1),
  );
  return rows[0];
}

/** Whether something of this sort was written to the log after a row of it. */
export async function hasHappenedSince(
  tx: Queries,
  { merchantId, action, afterSequence }: { merchantId: string; action: string; afterSequence: number },
): Promise<boolean> {
  const rows = await tx.query((db, { auditLog }) =>
    db
      .select({ sequence: auditLog.sequence })
      .from(auditLog)
      .where(
        and(
          eq(auditLog.merchantId, merchantId),
          gt(auditLog.sequence, afterSequence),
          eq(auditLog.action, action),
        ),
      )
      .limit(1),
  );
  return rows.length > 0;
}
