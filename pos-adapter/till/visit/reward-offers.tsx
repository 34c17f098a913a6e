import type { Card } from '../api-types.ts';
import { moment } from '../formats.ts';
import { Icon } from '../parts/icon.tsx';
import { isBusy } from '../state/recording.ts';
import { findCoverable, redeem } from '../state/redeem.ts';
import { openSheet } from '../state/sheet.ts';
import { findRewardForSale, proofOf } from '../state/visit.ts';
import type { Visit } from '../state/visit.ts';
import { texts } from '../texts.ts';

type Reward = Card['openRewards'][number];

/** Rewards waiting. What was tapped is rung up and one item of it free; otherwise the reward is handed over. */
export function RewardOffers({ card, visit }: { card: Card; visit: Visit }) {
  const [reward, ...others] = card.openRewards;
  if (!reward || card.isBlocked) return null;
  if (findRewardForSale(visit)) return null; // the result of the sale offers it, larger
  const isNew = !visit.rewardIdsBefore.includes(reward.rewardId);
  return (
    <section class="reward">
      <Icon name="gift" />
      <p class="reward-name">
        <strong>{reward.name}</strong>
        <span>
          {others.length > 0
            ? texts.reward.many(others.length + 1)
            : reward.expiresAt && texts.reward.expires(moment(reward.expiresAt))}
        </span>
      </p>
      <Use reward={reward} isNew={isNew} hasProof={proofOf(visit) !== null} />
    </section>
  );
}

interface UseProps {
  reward: Reward;
  isNew: boolean;
  hasProof: boolean;
}

function Use({ reward: { rewardId, kind }, isNew, hasProof }: UseProps) {
  if (kind === 'stamps' && findCoverable()) {
    return (
      <button type="button" disabled={isBusy.value} onClick={() => void redeem({ rewardId, isOnSale: true })}>
        {texts.reward.useNow}
      </button>
    );
  }
  if (isNew) return <p class="reward-hint">{texts.visit.basketEmpty}</p>;
  return (
    <button
      type="button"
      disabled={isBusy.value}
      // Whoever is asked for proof has been asked.
      onClick={() =>
        hasProof ? openSheet({ kind: 'reward', rewardId }) : void redeem({ rewardId, isOnSale: false })
      }
    >
      {texts.reward.use}
    </button>
  );
}
