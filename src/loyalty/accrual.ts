import type { Accrual, SaleLine } from './program.ts';

/** More than any honest sale earns: a mistyped quantity can't fill a drawer of cards. */
export const MAX_STAMPS_PER_SALE = 50;

/**
 * The stamps a sale earns. What a reward or a gesture paid for earns none, and its value is not in the amount; a
 * sale nothing was paid for earns none. `totalMinor` is what the customer paid for the whole sale.
 */
export function computeEarnedStamps(sale: {
  accrual: Accrual;
  lines: readonly SaleLine[];
  totalMinor: number;
}): number {
  const stamps = Math.floor(countStamps(sale.accrual, sale));
  return Math.min(Math.max(stamps, 0), MAX_STAMPS_PER_SALE);
}

/**
 * The stamps a sale no longer earns once a reward from before it pays for one of its items. `stampsEarned` is what it
 * earned so far.
 */
export function computeForfeitedStamps(sale: {
  accrual: Accrual;
  stampsEarned: number;
  before: { lines: readonly SaleLine[]; totalMinor: number };
  after: { lines: readonly SaleLine[]; totalMinor: number };
}): number {
  const { accrual, before, after } = sale;
  const lost = computeEarnedStamps({ accrual, ...before }) - computeEarnedStamps({ accrual, ...after });
  return Math.min(Math.max(lost, 0), sale.stampsEarned);
}

function countStamps(accrual: Accrual, sale: { lines: readonly SaleLine[]; totalMinor: number }): number {
  switch (accrual.per) {
    case 'item':
      return sum(sale.lines.filter((line) => isPaid(line) && line.qualifies).map((line) => line.quantity));
    case 'sale': {
      const paidMinor = computePaid(sale);
      return paidMinor > 0 && paidMinor >= accrual.minimumMinor ? 1 : 0;
    }
    case 'amount':
      if (accrual.amountMinor <= 0) throw new RangeError(`A stamp per ${accrual.amountMinor} minor units`);
      return computePaid(sale) / accrual.amountMinor;
  }
}

/** A discount lowers the total below its lines; tax and tips lift it above. Only what both agree on earns stamps. */
function computePaid({ lines, totalMinor }: { lines: readonly SaleLine[]; totalMinor: number }): number {
  if (lines.length === 0) return totalMinor;
  return Math.min(totalMinor, sum(lines.filter(isPaid).map((line) => line.totalMinor)));
}

function isPaid(line: SaleLine): boolean {
  return line.paidBy === 'money';
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
