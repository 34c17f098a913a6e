import type { Database } from '../../db/database.ts';
import { listAllowances } from '../../db/queries/allowance-rule-queries.ts';
import type { AllowanceRow } from '../../db/queries/allowance-rule-queries.ts';
import type { AllowanceRule } from '../loyalty/allowance.ts';
import type { Actor } from './actor.ts';
import { pageOf } from './page-of.ts';
import type { Page } from './page-of.ts';

export interface AllowanceRuleView extends AllowanceRule {
  allowanceId: string;
}

/** What the tables say for everyone in a scope without a rule of their own. */
export const EVERYONE = '*';

/** The allowances the owner set. */
export const listAllowanceRules =
  (db: Database) =>
  ({ merchantId }: Actor, { cursor }: { cursor?: string | undefined }): Promise<Page<AllowanceRuleView>> =>
    db.read((queries) =>
      pageOf({ merchantId, cursor }, (asked) => listAllowances(queries, asked), {
        idOf: ({ allowanceId }) => allowanceId,
        present: presentAllowanceRule,
      }),
    );

export function presentAllowanceRule(row: AllowanceRow): AllowanceRuleView {
  const { allowanceId, scope, subjectId, period, gesturesLimit, costLimitMinor } = row;
  return {
    allowanceId,
    scope,
    subjectId: subjectId === EVERYONE ? null : subjectId,
    period,
    gesturesLimit,
    costLimitMinor,
  };
}
