import type { Database } from '../../db/database.ts';
import { listRewardsOfCard, updateReward } from '../../db/queries/reward-queries.ts';
import { findSale, updateSaleLines } from '../../db/queries/sale-queries.ts';
import type { Clock } from '../clock.ts';
import { decideRedemption } from '../loyalty/reward.ts';
import type { RedemptionRefusal } from '../loyalty/reward.ts';
import type { TillActor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempt } from './answer-once.ts';
import { businessDayOf } from './business-day-of.ts';
import type { CardView } from './card-view.ts';
import { findCard } from './find-card.ts';
import { postToCard } from './post-to-card.ts';
import { presentSale } from './record-sale.ts';
import type { SaleView } from './record-sale.ts';

export interface RedeemRequest {
  attempt: Attempt;
  cardCode: string;
  /** The oldest open one when not given. */
  rewardId?: string | undefined;
  /** A sale just rung up, of which the reward pays for the dearest item that earns stamps. */
  saleId?: string | undefined;
}

export interface RewardRedeemed {
  reward: { rewardId: string; name: string; coveredMinor: number | null };
  sale: SaleView | null;
  card: CardView;
}

export type RedeemRefusal = RedemptionRefusal | { refused: 'card-unknown' } | { refused: 'sale-unknown' };

/** Spends a reward, once, even when two tills try at the same moment. */
export const redeemReward = (db: Database, clock: Clock) => (actor: TillActor, request: RedeemRequest) => {
  const now = clock.now();
  const { merchantId, staffId, place } = actor;
  const { locationId, deviceId } = place;
  const businessDay = businessDayOf(place, now);
  const { attempt, cardCode, saleId } = request;
  return db.transact((tx) =>
    answerOnce<RewardRedeemed | RedeemRefusal>(tx, { merchantId, attempt, now }, async () => {
      const card = await findCard(tx, { merchantId, cardCode });
      if (!card) return { refused: 'card-unknown' };
      const { cardId } = card;
      const [sale] = saleId ? await findSale(tx, { merchantId, saleId }) : [];
      if (saleId && sale?.cardId !== cardId) return { refused: 'sale-unknown' };
      const rewards = await listRewardsOfCard(tx, { merchantId, cardId });
      const decision = decideRedemption({
        card: {
          cardId,
          isBlocked: card.blockedAt !== null,
          stampsOnCard: card.balance - card.heldStamps,
          stampsRequired: card.stampsRequired,
        },
        rewards,
        rewardId: request.rewardId,
        now,
        sale,
      });
      if (decision.refused) return decision;

      const { rewardId } = decision;
      const coveredMinor = decision.sale?.coveredMinor ?? null;
      await updateReward(tx, {
        merchantId,
        rewardId,
        status: 'redeemed',
        redeemedAt: now,
        saleId: sale?.saleId ?? null,
        coveredMinor,
      });
      const view = await postToCard(tx, {
        card,
        entries: [decision.entry],
        context: {
          merchantId,
          locationId,
          deviceId,
          staffId,
          at: now,
          businessDay,
          ...(sale && { saleId: sale.saleId }),
        },
        hasTouchedRewards: true,
      });
      const covered = sale && decision.sale ? coverSale(sale, decision.sale) : null;
      if (covered) await updateSaleLines(tx, covered);
      const name = rewards.find((reward) => reward.rewardId === rewardId)!.name;
      return {
        reward: { rewardId, name, coveredMinor },
        sale: covered ? presentSale(covered) : null,
        card: view,
      };
    }),
  );
};

function coverSale<Sale extends { totalMinor: number; lines: unknown }>(
  sale: Sale,
  { lines, coveredMinor }: { lines: Sale['lines']; coveredMinor: number },
): Sale {
  return { ...sale, lines, totalMinor: sale.totalMinor - coveredMinor };
}
