import { heldStamps, newestFirst } from './card.ts';
import type { CardEntry, OpenReward } from './card.ts';
import { coverItem } from './cover-item.ts';
import type { CoveredSale } from './cover-item.ts';
import type { Accepted } from './decision.ts';
import type { SaleLine } from './program.ts';

export type RewardStatus = 'open' | 'redeemed' | 'expired' | 'reversed';

export interface Reward extends OpenReward {
  status: RewardStatus;
  /** From this instant on it can't be redeemed; null for never. */
  expiresAt: Date | null;
  /** The one item a voucher is good for; of no other reward. */
  itemId?: string | null | undefined;
}

export interface Redemption extends Accepted {
  rewardId: string;
  entry: CardEntry;
  /** The sale with one item paid by the reward, when a sale was named. For its stamps see `computeForfeitedStamps`. */
  sale: ({ saleId: string } & CoveredSale) | null;
}

export type RedemptionRefusal =
  | { refused: 'card-blocked' }
  | { refused: 'card-not-full'; stampsOnCard: number; stampsRequired: number }
  | { refused: 'reward-unknown' }
  | { refused: 'reward-already-redeemed' }
  | { refused: 'reward-expired'; expiredAt: Date | null }
  | { refused: 'nothing-to-cover' };

interface RedeemableCard {
  isBlocked: boolean;
  stampsOnCard: number;
  stampsRequired: number;
}

interface RedemptionRequest {
  card: RedeemableCard;
  /** Every reward of the card, whatever its status. */
  rewards: readonly Reward[];
  rewardId?: string | undefined;
  now: Date;
  sale?: { saleId: string; lines: readonly SaleLine[] } | undefined;
}

/**
 * Spends a reward of a card: the one named, or else the oldest that is open. When a sale is named the reward pays
 * for its dearest qualifying item, a voucher for an item for one of those; without one the barista hands the reward over
 * by eye.
 */
export function decideRedemption(request: RedemptionRequest): Redemption | RedemptionRefusal {
  const { card, rewards, rewardId, now, sale } = request;
  if (card.isBlocked) return { refused: 'card-blocked' };
  const reward = rewardId ? rewards.find((known) => known.rewardId === rewardId) : chooseReward(request);
  if (!reward) return rewardId ? { refused: 'reward-unknown' } : refuseNotFull(card);
  const refusal = refuseReward({ reward, card, now });
  if (refusal) return refusal;

  const covered = sale ? coverItem(sale, reward) : null;
  if (sale && !covered) return { refused: 'nothing-to-cover' };
  return {
    rewardId: reward.rewardId,
    entry: { kind: 'redeemed', stamps: 0 - heldStamps(reward), rewardId: reward.rewardId },
    sale: sale && covered ? { saleId: sale.saleId, ...covered } : null,
  };
}

/**
 * When a reward expires: so many days of 24 hours after it was earned, or recorded if that was later, for until then
 * nobody could spend it; null for never.
 */
export function computeRewardExpiresAt({
  earnedAt,
  recordedAt = earnedAt,
  expiryDays,
}: {
  earnedAt: Date;
  recordedAt?: Date | undefined;
  expiryDays: number | null;
}): Date | null {
  if (expiryDays === null) return null;
  return new Date(Math.max(earnedAt.getTime(), recordedAt.getTime()) + expiryDays * 86_400_000);
}

/** The entries that write off open rewards whose time is over; their stamps are spent. */
export function computeExpiry(card: { rewards: readonly Reward[]; now: Date }): CardEntry[] {
  return card.rewards
    .filter((reward) => reward.status === 'open' && hasExpired(reward, card.now))
    .map((reward) => ({ kind: 'expired', stamps: 0 - heldStamps(reward), rewardId: reward.rewardId }));
}

function refuseReward({
  reward,
  card,
  now,
}: {
  reward: Reward;
  card: RedeemableCard;
  now: Date;
}): RedemptionRefusal | null {
  if (reward.status === 'redeemed') return { refused: 'reward-already-redeemed' };
  // A refund took its stamps back: the customer still sees a reward, the card isn't full any more.
  if (reward.status === 'reversed') {
    return reward.kind === 'stamps' ? refuseNotFull(card) : { refused: 'reward-unknown' };
  }
  if (reward.status === 'expired' || hasExpired(reward, now)) {
    return { refused: 'reward-expired', expiredAt: reward.expiresAt };
  }
  return null;
}

function refuseNotFull({ stampsOnCard, stampsRequired }: RedeemableCard): RedemptionRefusal {
  return { refused: 'card-not-full', stampsOnCard, stampsRequired };
}

/** The oldest that can pay for something of the sale, when there is one. */
function chooseReward({ rewards, now, sale }: RedemptionRequest): Reward | undefined {
  const payable = sale ? rewards.filter((reward) => coverItem(sale, reward)) : rewards;
  return findOldest(payable, now) ?? findOldest(rewards, now);
}

/** The oldest reward still good; failing that an open one whose time is over, so that the refusal can say so. */
function findOldest(rewards: readonly Reward[], now: Date): Reward | undefined {
  const open = newestFirst(rewards.filter((reward) => reward.status === 'open'));
  return open.findLast((reward) => !hasExpired(reward, now)) ?? open.at(-1);
}

/** Whether the time of a reward is over. */
export function hasExpired({ expiresAt }: Pick<Reward, 'expiresAt'>, now: Date): boolean {
  return expiresAt !== null && expiresAt <= now;
}
