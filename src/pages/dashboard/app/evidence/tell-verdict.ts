import { formatMoney } from '../parts/money.tsx';
import { texts } from '../texts/evidence.ts';
import { boundsOf } from './effect-bounds.ts';
import type { Bounds } from './effect-bounds.ts';
import type { Evidence } from './evidence-types.ts';
import { signedMoney } from './signed.ts';

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

/** What a gesture brings, and between what the truth plausibly is; null while nothing bounds it. */
export function tellEstimate({ gesture, currency }: Evidence): string | null {
  const bounds = boundsOf(gesture);
  return bounds && texts.because.says(...moneyOf(bounds, currency));
}

/** The estimate, the least and the most that is plausible, each with its sign. */
export function moneyOf({ effect, low, high }: Bounds, currency: string): [string, string, string] {
  return [signedMoney(effect, currency), signedMoney(low, currency), signedMoney(high, currency)];
}
