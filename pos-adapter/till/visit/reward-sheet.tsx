import { SheetDialog } from '../parts/sheet-dialog.tsx';
import { isBusy } from '../state/recording.ts';
import { redeem } from '../state/redeem.ts';
import { visit } from '../state/visit.ts';
import { texts } from '../texts.ts';

/** Asks once before a reward is handed over: that can't be undone with a tap. */
export function RewardSheet({ rewardId }: { rewardId: string }) {
  const reward = visit.value?.card?.openRewards.find((one) => one.rewardId === rewardId);
  if (!reward) return null;
  return (
    <SheetDialog title={reward.name}>
      <p>{texts.reward.handOver}</p>
      <button
        type="button"
        class="big"
        disabled={isBusy.value}
        onClick={() => void redeem({ rewardId, isOnSale: false })}
      >
        {texts.reward.useNow}
      </button>
    </SheetDialog>
  );
}
