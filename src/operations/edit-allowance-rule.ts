import { v7 as uuid } from 'uuid';
import type { Database, Queries } from '../../db/database.ts';
import {
  deleteAllowance,
  findAllowance,
  insertAllowance,
  isAllowanceTaken,
  updateAllowance,
} from '../../db/queries/allowance-rule-queries.ts';
import { findOpenLocation } from '../../db/queries/location-queries.ts';
import { findStaff } from '../../db/queries/staff-queries.ts';
import type { Clock } from '../clock.ts';
import { setsLimit } from '../loyalty/allowance.ts';
import type { AllowanceRule } from '../loyalty/allowance.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { isSameJson } from './canonical-json.ts';
import { EVERYONE, presentAllowanceRule } from './list-allowance-rules.ts';
import type { AllowanceRuleView } from './list-allowance-rules.ts';

export type SubjectUnknown = { refused: 'staff-unknown' } | { refused: 'location-unknown' };
type AllowanceUnknown = { refused: 'allowance-unknown' };

/** Sets an allowance for everyone in a scope, or for one person or location. */
export const addAllowanceRule =
  (db: Database, clock: Clock) =>
  (
    actor: Actor,
    rule: AllowanceRule,
  ): Promise<AllowanceRuleView | SubjectUnknown | { refused: 'allowance-exists' }> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    const subjectId = rule.subjectId ?? EVERYONE;
    const row = { merchantId, allowanceId: uuid(), ...rule, subjectId, createdAt: now };
    return db.transact(async (tx) => {
      const refusal = await refuseSubject(tx, merchantId, rule);
      if (refusal) return refusal;
      if (await isAllowanceTaken(tx, row)) return { refused: 'allowance-exists' };
      await insertAllowance(tx, row);
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'allowance.added',
        subjectId: row.allowanceId,
        details: { ...rule },
      });
      return presentAllowanceRule(row);
    });
  };

/** Changes how much: the limits that are given, and null takes one off. What was given already stays counted. */
export const editAllowanceRule =
  (db: Database, clock: Clock) =>
  (
    actor: Actor,
    request: {
      allowanceId: string;
      gesturesLimit?: number | null | undefined;
      costLimitMinor?: number | null | undefined;
    },
  ): Promise<AllowanceRuleView | AllowanceUnknown | { refused: 'limit-needed' }> => {
    const { merchantId, staffId } = actor;
    const { allowanceId, ...change } = request;
    const now = clock.now();
    return db.transact(async (tx) => {
      const rule = await findAllowance(tx, { merchantId, allowanceId });
      if (!rule) return { refused: 'allowance-unknown' };
      const before = { gesturesLimit: rule.gesturesLimit, costLimitMinor: rule.costLimitMinor };
      const { gesturesLimit = before.gesturesLimit, costLimitMinor = before.costLimitMinor } = change;
      const edited = { gesturesLimit, costLimitMinor };
      if (!setsLimit(edited)) return { refused: 'limit-needed' };
      if (isSameJson(edited, before)) return presentAllowanceRule(rule);
      await updateAllowance(tx, { merchantId, allowanceId, change: edited });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'allowance.edited',
        subjectId: allowanceId,
        details: { from: before, to: edited },
      });
      return presentAllowanceRule({ ...rule, ...edited });
    });
  };

/** Takes a rule away; without any there is no limit. */
export const removeAllowanceRule =
  (db: Database, clock: Clock) =>
  (actor: Actor, { allowanceId }: { allowanceId: string }): Promise<AllowanceUnknown | undefined> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      const rule = await findAllowance(tx, { merchantId, allowanceId });
      if (!rule) return { refused: 'allowance-unknown' };
      await deleteAllowance(tx, { merchantId, allowanceId });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'allowance.removed',
        subjectId: allowanceId,
        details: { ...presentAllowanceRule(rule) },
      });
      return undefined;
    });
  };

/** Why a rule can't be for this person or location; undefined when it can. */
export async function refuseSubject(
  tx: Queries,
  merchantId: string,
  { scope, subjectId }: AllowanceRule,
): Promise<SubjectUnknown | undefined> {
  if (subjectId === null) return undefined;
  if (scope === 'staff')
    return (await findStaff(tx, { merchantId, staffId: subjectId }))
      ? undefined
      : { refused: 'staff-unknown' };
  const location = await findOpenLocation(tx, { merchantId, locationId: subjectId });
  return location ? undefined : { refused: 'location-unknown' };
}
