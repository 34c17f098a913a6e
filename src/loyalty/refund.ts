import { computeBalance, computeSettlement } from './card.ts';
import type { CardEntry, OpenReward } from './card.ts';
import type { Accepted } from './decision.ts';
import type { SaleLine } from './program.ts';

/** Part of a sale's money, and which of its lines (places in `lines`, from 0) if that is known; or all of it. */
export type Refund = { amountMinor: number; lineIndexes?: readonly number[] } | { wholeSale: true };

export interface RefundDecision extends Accepted {
  /** What this refund pays back. */
  amountMinor: number;
  /** All refunds of the sale together, this one included. */
  refundedMinor: number;
  isFullyRefunded: boolean;
  /** The stamps taken back by this refund, and all refunds together. */
  stampsToReverse: number;
  reversedStamps: number;
  /** Rewards that are open again. */
  rewardIdsToReopen: string[];
  entries: CardEntry[];
}

export interface RefundExceedsSale {
  refused: 'refund-exceeds-sale';
  refundableMinor: number;
}

/**
 * What a refund does to a card. The stamps taken back depend only on the money refunded in all, so that refunds end
 * the same in whatever order they arrive. Rewards spent on the sale are given back with it, or with the line they
 * paid for. Only what the sale `earned` is reversed: a gesture stays with the customer.
 * Throws `RangeError` when the amount is negative or not a whole number.
 */
export function decideRefund(request: {
  sale: { totalMinor: number; lines: readonly SaleLine[] };
  /** The stamps the sale earned, and how many of them earlier refunds took back. */
  earnedStamps: number;
  reversedStamps: number;
  /** What earlier refunds paid back. */
  refundedMinor: number;
  refund: Refund;
  /** Rewards redeemed on this sale and not given back yet. */
  rewardsSpentOnSale: readonly { rewardId: string; stamps: number }[];
}): RefundDecision | RefundExceedsSale {
  const { sale, refund } = request;
  const isWhole = 'wholeSale' in refund;
  const refundableMinor = sale.totalMinor - request.refundedMinor;
  const amountMinor = isWhole ? refundableMinor : refund.amountMinor;
  if (!Number.isInteger(amountMinor) || amountMinor < 0) throw new RangeError(`A refund of ${amountMinor}`);
  if (amountMinor > refundableMinor) return { refused: 'refund-exceeds-sale', refundableMinor };

  const refundedMinor = request.refundedMinor + amountMinor;
  // Nothing was paid for a sale of 0, so only someone saying so makes it wholly refunded.
  const isFullyRefunded = isWhole || (sale.totalMinor > 0 && refundedMinor === sale.totalMinor);
  const dueStamps = isFullyRefunded
    ? request.earnedStamps
    : computeReversedStamps({ ...sale, earnedStamps: request.earnedStamps, refundedMinor });
  // A sale of 0 that was wholly refunded stays so, whatever is said about its lines afterwards.
  const reversedStamps = Math.max(dueStamps, request.reversedStamps);
  const stampsToReverse = reversedStamps - request.reversedStamps;
  const givenBack = request.rewardsSpentOnSale.filter(
    ({ rewardId }) => isFullyRefunded || (!isWhole && namesLineOf(rewardId, sale.lines, refund.lineIndexes)),
  );
  return {
    amountMinor,
    refundedMinor,
    isFullyRefunded,
    stampsToReverse,
    reversedStamps,
    rewardIdsToReopen: givenBack.map((reward) => reward.rewardId),
    entries: [
      ...(stampsToReverse === 0 ? [] : [{ kind: 'reversed' as const, stamps: -stampsToReverse }]),
      ...givenBack.map(({ rewardId, stamps }) => ({ kind: 'reversed' as const, stamps, rewardId })),
    ],
  };
}

/** Whether there is anything left of a sale to refund: money, stamps, or a reward that was spent on it. */
export function isRefundable(sale: {
  totalMinor: number;
  refundedMinor: number;
  earnedStamps: number;
  reversedStamps: number;
  rewardsSpentCount: number;
}): boolean {
  return (
    sale.refundedMinor < sale.totalMinor ||
    sale.reversedStamps < sale.earnedStamps ||
    sale.rewardsSpentCount > 0
  );
}

export interface RefundPreview<Reward extends OpenReward> {
  /** Rewards the customer would have again. */
  reopened: Reward[];
  /** Rewards whose stamps would no longer all be there, so that nobody could spend them. */
  takenBack: Reward[];
  /** Below zero when a reward already spent could no longer be covered. */
  stampsOnCard: number;
  /** More or fewer than before when a reward of another version of the stamp card is taken back. */
  stampsRequired: number;
}

/**
 * What a refund that was decided would leave of the card, for whoever asks before it is made. `spentOnSale` are the
 * rewards that may come back, `openRewards` those open now; neither holds one whose time is over.
 */
export function previewRefund<Reward extends OpenReward>({
  decision,
  card,
  spentOnSale,
}: {
  decision: Pick<RefundDecision, 'entries' | 'rewardIdsToReopen'>;
  card: { balance: number; stampsRequired: number; openRewards: readonly Reward[] };
  spentOnSale: readonly Reward[];
}): RefundPreview<Reward> {
  const comeBack = spentOnSale.filter(({ rewardId }) => decision.rewardIdsToReopen.includes(rewardId));
  // One that has run out comes back and is written off at once.
  const entries = decision.entries.filter(
    ({ rewardId }) => !rewardId || comeBack.some((reward) => reward.rewardId === rewardId),
  );
  const openRewards = [...card.openRewards, ...comeBack];
  const { rewardIdsToReverse, stampsOnCard, stampsRequired } = computeSettlement({
    balance: card.balance + computeBalance(entries),
    openRewards,
    stampsRequired: card.stampsRequired,
  });
  const isTakenBack = ({ rewardId }: Reward): boolean => rewardIdsToReverse.includes(rewardId);
  return {
    reopened: comeBack.filter((reward) => !isTakenBack(reward)),
    takenBack: openRewards.filter(isTakenBack),
    stampsOnCard,
    stampsRequired,
  };
}

/** The same share of the stamps as of the money, rounded in the customer's favour. */
function computeReversedStamps(sale: {
  earnedStamps: number;
  totalMinor: number;
  refundedMinor: number;
}): number {
  if (sale.refundedMinor === 0) return 0;
  return Math.floor((sale.earnedStamps * sale.refundedMinor) / sale.totalMinor);
}

function namesLineOf(
  rewardId: string,
  lines: readonly SaleLine[],
  lineIndexes: readonly number[] = [],
): boolean {
  return lineIndexes.some((index) => lines[index]?.rewardId === rewardId);
}
