import { formatMoney } from '../parts/money.tsx';
import { texts } from '../texts/evidence.ts';
import type { Evidence } from './evidence-types.ts';

/** The verdict in words; where even the most that is plausible is below the cost, that is not called open. */
export function tellVerdict({ verdict, gesture, cost }: Evidence): string {
  const isBelowCost = gesture?.high != null && gesture.high < cost.breakEvenMinor;
  return verdict === 'bring-people-back' && isBelowCost ? texts.lessThanCost : texts.verdicts[verdict];
}

/** How much is missing for a verdict; null when there is one, or it can't be told. */
export function tellMissing({ kind, stillNeeded, smallestEffectMinor, currency }: Evidence): string | null {
  if (stillNeeded === null) return null;
  const { treats, weeks } = stillNeeded;
  return weeks === 0 && smallestEffectMinor !== null
    ? texts.enough(formatMoney(Math.round(smallestEffectMinor), currency))
    : texts.missing(kind, treats, weeks);
}
