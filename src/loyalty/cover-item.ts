import type { SaleLine } from './program.ts';

export interface CoveredSale {
  /** The covered unit is a line of its own, at the end; what is left of its line, if anything, stays where it was. */
  lines: SaleLine[];
  /** What comes off the sale. */
  coveredMinor: number;
}

/**
 * Lets a reward pay for one unit of the dearest qualifying item the customer was going to pay for, or a voucher for the
 * item it is good for; null when there is none. When a line does not divide evenly the odd minor unit is the customer's.
 */
export function coverItem(
  sale: { lines: readonly SaleLine[] },
  reward: { rewardId: string; itemId?: string | null | undefined },
): CoveredSale | null {
  const { itemId } = reward;
  const dearest = findDearest(
    sale.lines.filter((line) => (itemId ? line.itemId === itemId : line.qualifies)),
  );
  if (!dearest) return null;
  const coveredMinor = Math.ceil(unitPriceMinor(dearest));
  const covered: SaleLine = {
    ...dearest,
    quantity: 1,
    totalMinor: 0,
    paidBy: 'reward',
    rewardId: reward.rewardId,
    coveredMinor,
  };
  const rest: SaleLine = {
    ...dearest,
    quantity: dearest.quantity - 1,
    totalMinor: dearest.totalMinor - coveredMinor,
  };
  const lines = sale.lines.flatMap((line) => (line !== dearest ? [line] : rest.quantity > 0 ? [rest] : []));
  return { lines: [...lines, covered], coveredMinor };
}

function findDearest(lines: readonly SaleLine[]): SaleLine | null {
  return lines
    .filter((line) => line.paidBy === 'money' && line.quantity >= 1 && line.totalMinor > 0)
    .reduce<SaleLine | null>(
      (best, line) => (best && unitPriceMinor(best) >= unitPriceMinor(line) ? best : line),
      null,
    );
}

function unitPriceMinor(line: SaleLine): number {
  return line.totalMinor / line.quantity;
}
