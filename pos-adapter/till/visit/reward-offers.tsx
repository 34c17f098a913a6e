import type { Card } from '../api-types.ts';
import { moment } from '../formats.ts';
import { Icon } from '../parts/icon.tsx';
import { findCoverable, isBusy, redeemOnSale } from '../state/serve.ts';
import { openSheet } from '../state/sheet.ts';
import { findRewardForSale } from '../state/visit.ts';
import type { Visit } from '../state/visit.ts';
import { texts } from '../texts.ts';

type Reward = Card['openRewards'][number];

/** Rewards waiting. One earned a moment ago can pay for what earned it; an older one is handed over. */
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
      {isNew ? <UseNew reward={reward} /> : <UseOld reward={reward} />}
    </section>
  );
}

function UseNew({ reward }: { reward: Reward }) {
  const item = findCoverable();
  if (!item) return <p class="reward-hint">{texts.visit.basketEmpty}</p>;
  return (
    <button type="button" disabled={isBusy.value} onClick={() => void redeemOnSale(reward.rewardId)}>
      {texts.reward.useNow}
    </button>
  );
}

function UseOld({ reward: { rewardId } }: { reward: Reward }) {
  return (
    <button type="button" disabled={isBusy.value} onClick={() => openSheet({ kind: 'reward', rewardId })}>
      {texts.reward.use}
    </button>
  );
}
