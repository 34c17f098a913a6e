import { decideRefund, previewRefund } from '../../../../loyalty/refund.ts';
import type { Refund } from '../../../../loyalty/refund.ts';
import { formatMoney } from '../parts/money.tsx';
import { texts } from '../texts/sales.ts';
import type { SaleDetails } from './sales-api.ts';

const words = texts.refund;

/** What a refund would do, in sentences: by the same rule that the server goes by. */
export function describeRefund(sale: SaleDetails, refund: Refund): string[] {
  const { refunds, rewardsSpent, card } = sale;
  const decision = decideRefund({
    sale,
    earnedStamps: sale.stampsEarned,
    reversedStamps: refunds.reduce((stamps, { reversedStamps }) => stamps + reversedStamps, 0),
    refundedMinor: sale.refundedMinor,
    refund,
    rewardsSpentOnSale: rewardsSpent,
  });
  if (decision.refused) return [];
  const { amountMinor, stampsToReverse, isFullyRefunded, rewardIdsToReopen } = decision;
  const money = formatMoney(amountMinor);
  const said = amountMinor > 0 ? [words.money(money)] : [];
  if (!card) return [...said, words.noCard];

  if (stampsToReverse > 0) said.push(words.stamps(stampsToReverse));
  else if (!isFullyRefunded && sale.stampsEarned > 0) said.push(words.noStamps);
  const comesBack = (reward: { rewardId: string }) => rewardIdsToReopen.includes(reward.rewardId);
  for (const reward of rewardsSpent)
    if (!comesBack(reward)) said.push(words.staysUsed(reward.name));
    else if (reward.hasRunOut) said.push(words.hasRunOut(reward.name));
  const { reopened, takenBack, stampsOnCard, stampsRequired } = previewRefund({
    decision,
    card: { ...card, openRewards: card.openRewards.map(withInstant) },
    spentOnSale: rewardsSpent.filter(({ hasRunOut }) => !hasRunOut).map(withInstant),
  });
  said.push(...reopened.map(({ name }) => words.reopened(name)));
  said.push(...takenBack.map(({ name }) => words.takenBack(name)));
  said.push(stampsOnCard < 0 ? words.short(-stampsOnCard) : words.cardThen(stampsOnCard, stampsRequired));
  if (sale.lines.some(({ paidBy }) => paidBy === 'gesture')) said.push(words.gift);
  if (amountMinor > 0) said.push(words.spend(money));
  return said;
}

function withInstant<Reward extends { earnedAt: string }>(reward: Reward) {
  return { ...reward, earnedAt: new Date(reward.earnedAt) };
}
