/** How a sale earns stamps. Amounts are minor units of the merchant's currency. */
export type Accrual =
  { per: 'item' } | { per: 'sale'; minimumMinor: number } | { per: 'amount'; amountMinor: number };

/** One line of a sale, as it was rung up. */
export interface SaleLine {
  itemId: string | null;
  name: string;
  quantity: number;
  /** What the customer pays for the whole line; 0 when a reward or a gesture pays. */
  totalMinor: number;
  /** Whether buying this item earns stamps under a program that counts items, and whether a reward may cover it. */
  qualifies: boolean;
  paidBy: 'money' | 'reward' | 'gesture';
  /** The reward that paid, and the price it covered. */
  rewardId?: string;
  coveredMinor?: number;
}

/** What one stamp costs the shop, whole minor units: a reward's cost over the stamps it takes; 0 if not known. */
export function computeStampCost(version: {
  rewardCostMinor: number | null;
  stampsRequired: number;
}): number {
  return Math.round((version.rewardCostMinor ?? 0) / version.stampsRequired);
}
