import { formatMoney } from '../parts/money.tsx';
import { texts } from '../texts/evidence.ts';
import type { Evidence } from './evidence-types.ts';

/** How much is missing for a verdict; null when there is one, or it can't be told. */
export function tellMissing({ kind, stillNeeded, smallestEffectMinor, currency }: Evidence): string | null {
  if (stillNeeded === null) return null;
  const { treats, weeks } = stillNeeded;
  return weeks === 0 && smallestEffectMinor !== null
    ? texts.enough(formatMoney(Math.round(smallestEffectMinor), currency))
    : texts.missing(kind, treats, weeks);
}
