import type { SaleLine } from './program.ts';

export interface CoveredSale {
  /** The covered unit is a line of its own, at the end, so that the other lines keep their places. */
  lines: SaleLine[];
  /** What comes off the sale. */
  coveredMinor: number;
}

/**
 * Lets a reward pay for one unit of the dearest qualifying item the customer was going to pay for; null when there
 * is none. When a line does not divide evenly the odd minor unit is the customer's.
 */
export function coverDearestItem(sale: { lines: readonly SaleLine[]; rewardId: string }): CoveredSale | null {
  const dearest = findDearest(sale.lines);
  if (!dearest) return null;
  const coveredMinor = Math.ceil(unitPriceMinor(dearest));
  const covered: SaleLine = {
    ...dearest,
    quantity: 1,
    totalMinor: 0,
    paidBy: 'reward',
    rewardId: sale.rewardId,
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
    .filter((line) => line.qualifies && line.paidBy === 'money' && line.quantity >= 1 && line.totalMinor > 0)
    .reduce<SaleLine | null>(
      (best, line) => (best && unitPriceMinor(best) >= unitPriceMinor(line) ? best : line),
      null,
    );
}

function unitPriceMinor(line: SaleLine): number {
  return line.totalMinor / line.quantity;
}
