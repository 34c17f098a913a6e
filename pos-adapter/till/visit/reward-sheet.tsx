import { SheetDialog } from '../parts/sheet-dialog.tsx';
import { isBusy, redeemByHand } from '../state/serve.ts';
import { closeSheet } from '../state/sheet.ts';
import { proofOf, visit } from '../state/visit.ts';
import { texts } from '../texts.ts';

/** Asks once before a reward is handed over: that can't be undone with a tap. */
export function RewardSheet({ rewardId }: { rewardId: string }) {
  const reward = visit.value?.card?.openRewards.find((one) => one.rewardId === rewardId);
  if (!reward) return null;

  async function use(): Promise<void> {
    await redeemByHand(rewardId);
    closeSheet();
  }

  return (
    <SheetDialog title={reward.name}>
      <p>{texts.reward.handOver}</p>
      {visit.value && 'override' in proofOf(visit.value) && <p>{texts.reward.withoutLiveCode}</p>}
      <button type="button" class="big" disabled={isBusy.value} onClick={() => void use()}>
        {texts.reward.useNow}
      </button>
    </SheetDialog>
  );
}
