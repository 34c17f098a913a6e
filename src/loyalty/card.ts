export type EntryKind = 'earned' | 'gesture' | 'redeemed' | 'reversed' | 'adjusted' | 'expired';

/** What a decision adds to a card's ledger. `redeemed` and `expired` take stamps off, so theirs are negative or 0. */
export interface CardEntry {
  kind: EntryKind;
  stamps: number;
  /** The reward redeemed, given back or expired. */
  rewardId?: string;
}

export type RewardKind = 'stamps' | 'voucher';

/** An open reward. A full card's reward holds the stamps it cost until it is redeemed; a voucher holds none. */
export interface OpenReward {
  rewardId: string;
  kind: RewardKind;
  stamps: number;
  earnedAt: Date;
}

export interface Settlement {
  /** New rewards to open now, each at the cost of `stampsRequired`. */
  rewardsToIssue: number;
  /**
   * Open rewards whose stamps were taken back before anybody spent them, the newest first; their stamps are on the card
   * again, which is collected under the version of the last of them.
   */
  rewardIdsToReverse: string[];
  /** Afterwards. Below zero when a reward already spent can't be covered: the debt is never forgotten. */
  stampsOnCard: number;
  /** What a full card costs afterwards: as much as the reward that is collected again, or as before. */
  stampsRequired: number;
}

/** A card's balance is the sum of its entries, nothing else. */
export function computeBalance(entries: readonly Pick<CardEntry, 'stamps'>[]): number {
  return entries.reduce((total, entry) => total + entry.stamps, 0);
}

/** The stamps on the card now: its balance less what open rewards hold. */
export function computeStampsOnCard(card: { balance: number; openRewards: readonly OpenReward[] }): number {
  return card.openRewards.reduce((stamps, reward) => stamps - heldStamps(reward), card.balance);
}

/**
 * What has to happen to a card's rewards after its entries changed: open one for every full card, and take back the
 * newest while the stamps don't cover them. `stampsRequired` is that of the version the card is collected under.
 * Settling twice changes nothing.
 */
export function computeSettlement(card: {
  balance: number;
  openRewards: readonly OpenReward[];
  stampsRequired: number;
}): Settlement {
  let { stampsRequired } = card;
  if (!Number.isInteger(stampsRequired) || stampsRequired < 1) {
    throw new RangeError(`A card needs at least one stamp, not ${stampsRequired}`);
  }
  let stampsOnCard = computeStampsOnCard(card);
  const rewardIdsToReverse: string[] = [];
  for (const reward of newestFirst(card.openRewards)) {
    if (stampsOnCard >= 0) break;
    if (heldStamps(reward) === 0) continue;
    rewardIdsToReverse.push(reward.rewardId);
    stampsOnCard += reward.stamps;
    stampsRequired = reward.stamps;
  }
  const rewardsToIssue = Math.max(0, Math.floor(stampsOnCard / stampsRequired));
  stampsOnCard -= rewardsToIssue * stampsRequired;
  return { rewardsToIssue, rewardIdsToReverse, stampsOnCard, stampsRequired };
}

/** The stamps that a reward holds until it is spent; a voucher holds none. */
export function heldStamps(reward: OpenReward): number {
  return reward.kind === 'stamps' ? reward.stamps : 0;
}

/** Ids are in time order, so they decide between rewards of the same sale. */
export function newestFirst<Reward extends OpenReward>(rewards: readonly Reward[]): Reward[] {
  return rewards.toSorted(
    (a, b) => b.earnedAt.getTime() - a.earnedAt.getTime() || (a.rewardId < b.rewardId ? 1 : -1),
  );
}
