import type { ShopCheck, ShopFault } from '../operations/check-shop.ts';
import type { DrawFault } from '../operations/verify-draws.ts';

/** What was checked of a shop and found right, a line for each. */
export function describeCheck(name: string, check: ShopCheck): string {
  const count = (number: number, one: string, many: string) =>
    `${new Intl.NumberFormat('en').format(number)} ${number === 1 ? one : many}`;
  return [
    `${name}: everything is as it was written.`,
    `  ${count(check.entryCount, 'entry', 'entries')} of the ledger, each chained to the one before it`,
    `  ${count(check.cardCount, 'card', 'cards')}, each with the stamps and rewards its entries add up to`,
    `  ${count(check.auditCount, 'row', 'rows')} of the audit log, each chained to the one before it`,
    `  ${count(check.counterCount, 'counter', 'counters')} of allowances, each with the gestures it counts`,
    `  ${count(check.drawCount, 'draw', 'draws')}, each chained to the one before it`,
    '',
  ].join('\n');
}

/** The first thing that is not as it was written, in words. */
export function describeFault(found: ShopFault): string {
  switch (found.fault) {
    case 'entry-changed':
      return `entry ${found.sequence} of the ledger is not as it was written, or the one before it is gone`;
    case 'entries-missing':
      return `the ledger ends at entry ${found.sequence}; those after it are gone`;
    case 'balance-wrong':
      return `card ${found.cardId} says ${found.balance} stamps, and its entries add up to ${found.sumOfEntries}`;
    case 'open-rewards-wrong':
      return `card ${found.cardId} does not have the open rewards its totals say`;
    case 'reward-wrong':
      return `reward ${found.rewardId} of card ${found.cardId} is not in the state the ledger says`;
    case 'audit-changed':
      return `row ${found.sequence} of the audit log is not as it was written, or it or the one before it is gone`;
    case 'counter-wrong': {
      const { scope, subjectId, period, periodStart } = found.counter;
      const counter = `the allowance of ${scope} ${subjectId} for the ${period} of ${periodStart}`;
      const say = ({ usedCount, leasedCount, usedCostMinor }: typeof found.given) =>
        `${usedCount} given, ${leasedCount} on lease, cost ${usedCostMinor}`;
      return `${counter} says ${say(found.counted)}; the gestures say ${say(found.given)}`;
    }
    case 'day-wrong':
      return `something was given on ${found.businessDay}, which is no day of the calendar`;
    case 'draw-changed':
    case 'draws-missing':
    case 'draw-wrong':
    case 'key-wrong':
      return describeDrawFault(found);
    case 'unreadable':
      return `a row of the ${found.part} cannot be read: ${found.detail}`;
  }
}

/** What is wrong with a chain of draws, in words. */
export function describeDrawFault(found: DrawFault): string {
  switch (found.fault) {
    case 'draw-changed':
      return `draw ${found.sequence} is not as it was written, or the one before it is gone`;
    case 'draws-missing':
      return `the draws end at ${found.sequence}; those after it are gone`;
    case 'draw-wrong':
      return `draw ${found.drawId} of season ${found.seasonId} is not the one its key and its chance say`;
    case 'key-wrong':
      return `the key of season ${found.seasonId} is not the one whose hash was published`;
  }
}
