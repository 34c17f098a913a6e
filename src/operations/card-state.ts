import { v7 as uuid } from 'uuid';
import type { CardTableRow } from '../../db/queries/import-queries.ts';
import type { ProgramVersionRow } from '../../db/queries/program-queries.ts';
import type { RewardRow } from '../../db/queries/reward-queries.ts';
import { computeSettlement } from '../loyalty/card.ts';
import type { CardEntry } from '../loyalty/card.ts';
import { computeExpiry } from '../loyalty/reward.ts';
import type { NewEntry } from './append-entries.ts';
import { newStampReward } from './new-rows.ts';
import { toLedger } from './post-to-card.ts';
import type { EntryContext } from './post-to-card.ts';

/** A card in memory while many things happen to it: what the database will hold once they are written. */
export interface CardState {
  card: CardTableRow;
  version: ProgramVersionRow;
  /** The version that the next card is collected under. */
  current: ProgramVersionRow;
  openRewards: RewardRow[];
}

/** The rows that what happens to cards adds or changes; rewards by id. */
export interface PendingRows {
  entries: NewEntry[];
  rewards: Map<string, RewardRow>;
}

/** As `postToCard`, on a card in memory: writes off what is over, adds the entries, settles, and brings the totals up. */
export function postToState(
  state: CardState,
  {
    entries,
    context,
    pending,
    makeId = uuid,
  }: { entries: readonly CardEntry[]; context: EntryContext; pending: PendingRows; makeId?: () => string },
): void {
  const { card } = state;
  const expiry = computeExpiry({ rewards: state.openRewards, now: context.at });
  for (const { rewardId } of expiry) closeReward(state, { rewardId: rewardId!, status: 'expired', pending });
  for (const entry of [...expiry, ...entries]) {
    pending.entries.push(toLedger(entry, card.cardId, context));
    card.balance += entry.stamps;
  }
  settle(state, { at: context.at, pending, makeId });
  card.heldStamps = state.openRewards.reduce((total, reward) => total + reward.stamps, 0);
  card.openRewardCount = state.openRewards.length;
}

/** One reward at a time: after each full card the next one is collected under the program's current version. */
function settle(
  state: CardState,
  { at, pending, makeId }: { at: Date; pending: PendingRows; makeId: () => string },
): void {
  const { card } = state;
  for (;;) {
    const settlement = computeSettlement({
      balance: card.balance,
      openRewards: state.openRewards,
      stampsRequired: state.version.stampsRequired,
    });
    for (const rewardId of settlement.rewardIdsToReverse)
      closeReward(state, { rewardId, status: 'reversed', pending });
    if (settlement.rewardsToIssue === 0) return;
    const reward = newStampReward({
      merchantId: card.merchantId,
      cardId: card.cardId,
      rewardId: makeId(),
      version: state.version,
      earnedAt: at,
    });
    pending.rewards.set(reward.rewardId, reward);
    state.openRewards = [...state.openRewards, reward];
    state.version = state.current;
    card.programVersion = state.version.version;
  }
}

/** Takes a reward off the open ones; the stamps it held are no longer held. */
export function closeReward(
  state: CardState,
  {
    rewardId,
    status,
    pending,
  }: { rewardId: string; status: 'expired' | 'reversed'; pending: Pick<PendingRows, 'rewards'> },
): void {
  const reward = state.openRewards.find((one) => one.rewardId === rewardId)!;
  pending.rewards.set(rewardId, { ...reward, status });
  state.openRewards = state.openRewards.filter((one) => one !== reward);
}
