import type { Queries } from '../../db/database.ts';
import { listVersionsWithReward } from '../../db/queries/card-queries.ts';
import type { CardRow } from '../../db/queries/card-queries.ts';
import type { ProgramVersionRow } from '../../db/queries/program-queries.ts';
import type { RewardRow } from '../../db/queries/reward-queries.ts';

/**
 * The version of its program that a full card was collected under, by the reward it opened: of those with such a reward
 * the one that was in force when the card was begun, which was when it was issued or when the reward before was opened.
 * `rewards` are all of the card's, the oldest first.
 */
export async function findVersionOfReward(
  tx: Queries,
  {
    card,
    rewards,
    reward: { merchantId, rewardId, name, stamps },
  }: { card: CardRow; rewards: readonly RewardRow[]; reward: RewardRow },
): Promise<ProgramVersionRow> {
  const { programId } = card;
  const before = rewards.findLast(
    (other) => other.rewardId < rewardId && other.kind === 'stamps' && other.status !== 'reversed',
  );
  const begunAt = before?.earnedAt ?? card.createdAt;
  const versions = await listVersionsWithReward(tx, {
    merchantId,
    programId,
    stampsRequired: stamps,
    rewardName: name,
  });
  // History that was imported is older than every version.
  const version = versions.find(({ createdAt }) => createdAt <= begunAt) ?? versions.at(-1);
  if (!version) throw new Error(`No version of program ${programId} has the reward ${rewardId}`);
  return version;
}
