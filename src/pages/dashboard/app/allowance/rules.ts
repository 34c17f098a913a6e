import type * as z from 'zod';
import type { allowancePreviewSchema } from '../../../../http/routes/allowance-rule-routes.ts';
import { ask, askUnlessDone } from '../api.ts';
import type { AllowanceRule, Location, Staff } from '../api-types.ts';
import { onlyChanged } from '../only-changed.ts';
import { formatMoney } from '../parts/money.tsx';
import { texts } from '../texts/allowance.ts';

export type AllowancePreview = z.infer<typeof allowancePreviewSchema>;
export type NewAllowanceRule = Omit<AllowanceRule, 'allowanceId'>;

/** Whom an allowance can be for. */
export interface Subjects {
  staff: readonly Staff[];
  locations: readonly Location[];
}

/** Whom a rule is for, in words. */
export function nameOf(
  rule: Pick<AllowanceRule, 'scope' | 'subjectId'>,
  { staff, locations }: Subjects,
): string {
  const { scope, subjectId } = rule;
  if (subjectId === null) return scope === 'staff' ? texts.eachPerson : texts.eachLocation;
  if (scope === 'staff') return staff.find(({ staffId }) => staffId === subjectId)?.name ?? texts.unknown;
  return locations.find(({ locationId }) => locationId === subjectId)?.name ?? texts.unknownLocation;
}

/** “3 gestures, up to £5.00 of cost a day” */
export function amountOf({ gesturesLimit, costLimitMinor, period }: AllowanceRule): string {
  return texts.amount(gesturesLimit, costLimitMinor === null ? null : formatMoney(costLimitMinor), period);
}

/** “3 gestures, up to £5.00 of cost”, over whatever time */
export function limitsOf({
  gesturesLimit,
  costLimitMinor,
}: Pick<AllowanceRule, 'gesturesLimit' | 'costLimitMinor'>): string {
  return texts.limits(gesturesLimit, costLimitMinor === null ? null : formatMoney(costLimitMinor));
}

/** Throws a Problem, as the three below do. */
export const addRule = (rule: NewAllowanceRule) => ask<AllowanceRule>('POST', '/allowances', rule);

/** Changes what of its limits differs between these. */
export const editRule = (
  allowanceId: string,
  { from, to: { gesturesLimit, costLimitMinor } }: { from: NewAllowanceRule; to: NewAllowanceRule },
) =>
  ask<AllowanceRule>(
    'PATCH',
    `/allowances/${allowanceId}`,
    onlyChanged({ gesturesLimit, costLimitMinor }, from),
  );

export const removeRule = (allowanceId: string) =>
  askUnlessDone('allowance-unknown', 'DELETE', `/allowances/${allowanceId}`);

/** What a rule would have done in the last weeks. */
export const previewRule = (rule: NewAllowanceRule) =>
  ask<AllowancePreview>('POST', '/allowances/preview', rule);
