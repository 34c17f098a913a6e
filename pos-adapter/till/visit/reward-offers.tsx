import { moment } from '../formats.ts';
import { Icon } from '../parts/icon.tsx';
import { isBusy } from '../state/recording.ts';
import { findCoverable, redeem } from '../state/redeem.ts';
import { openSheet } from '../state/sheet.ts';
import { listWaitingRewards, proofOf } from '../state/visit.ts';
import type { Visit, WaitingReward } from '../state/visit.ts';
import { texts } from '../texts.ts';

/**
 * Rewards waiting: one in a row of its own, several beside each other, which takes no more room. What was tapped is rung
 * up and one item of it free; otherwise a reward is handed over.
 */
export function RewardOffers({ visit }: { visit: Visit }) {
  const waiting = listWaitingRewards(visit);
  const [only] = waiting;
  if (!only) return null;
  if (waiting.length === 1) {
    const use = findUse(only, visit);
    return (
      <section class="reward">
        <Icon name="gift" />
        <p class="reward-name">
          <strong>{nameOf(only)}</strong>
          <span>{only.reward.expiresAt && texts.reward.expires(moment(only.reward.expiresAt))}</span>
        </p>
        {use ? (
          <button type="button" disabled={isBusy.value} onClick={use.onTap}>
            {use.label}
          </button>
        ) : (
          <p class="reward-hint">{texts.visit.basketEmpty}</p>
        )}
      </section>
    );
  }
  return (
    <ul class="rewards">
      {waiting.map((one) => (
        <li key={one.reward.rewardId}>
          <RewardTile waiting={one} visit={visit} />
        </li>
      ))}
    </ul>
  );
}

function RewardTile({ waiting, visit }: { waiting: WaitingReward; visit: Visit }) {
  const use = findUse(waiting, visit);
  const { expiresAt } = waiting.reward;
  return (
    <button type="button" class="reward-tile" disabled={!use || isBusy.value} onClick={use?.onTap}>
      <strong>{nameOf(waiting)}</strong>
      <span>{use?.label ?? texts.visit.basketEmpty}</span>
      {expiresAt && <span>{texts.reward.expires(moment(expiresAt, { isShort: true }))}</span>}
    </button>
  );
}

/** `2 × Croissant` */
function nameOf({ reward: { name }, count }: WaitingReward): string {
  return count > 1 ? `${count} × ${name}` : name;
}

/** What a tap on a reward does; null for a card filled just now, which waits for what it is to pay for. */
function findUse({ reward }: WaitingReward, visit: Visit): { label: string; onTap: () => void } | null {
  const { rewardId, kind } = reward;
  if (kind === 'stamps' && findCoverable())
    return { label: texts.reward.useNow, onTap: () => void redeem({ rewardId, isOnSale: true }) };
  if (kind === 'stamps' && !visit.rewardIdsBefore.includes(rewardId)) return null;
  // Whoever is asked for proof has been asked.
  const handOver = () =>
    proofOf(visit) ? openSheet({ kind: 'reward', rewardId }) : void redeem({ rewardId, isOnSale: false });
  return { label: texts.reward.use, onTap: handOver };
}
