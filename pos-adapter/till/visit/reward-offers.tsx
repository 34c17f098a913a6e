import type { Card } from '../api-types.ts';
import { moment } from '../formats.ts';
import { Icon } from '../parts/icon.tsx';
import { findCoverable, isBusy, redeemOnSale } from '../state/serve.ts';
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
        {'override' in proofOf(visit) && <span>{texts.reward.withoutLiveCode}</span>}
      </p>
      <Use reward={reward} isNew={isNew} />
    </section>
  );
}

function Use({ reward: { rewardId, kind }, isNew }: { reward: Reward; isNew: boolean }) {
  if (kind === 'stamps' && findCoverable()) {
    return (
      <button type="button" disabled={isBusy.value} onClick={() => void redeemOnSale(rewardId)}>
        {texts.reward.useNow}
      </button>
    );
  }
  if (isNew) return <p class="reward-hint">{texts.visit.basketEmpty}</p>;
  return (
    <button type="button" disabled={isBusy.value} onClick={() => openSheet({ kind: 'reward', rewardId })}>
      {texts.reward.use}
    </button>
  );
}
