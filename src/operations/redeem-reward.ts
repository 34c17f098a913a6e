import type { Database } from '../../db/database.ts';
import type { CardRow } from '../../db/queries/card-queries.ts';
import { listRewardsOfCard, updateReward } from '../../db/queries/reward-queries.ts';
import type { RewardRow } from '../../db/queries/reward-queries.ts';
import { findSale, sumRefunds, updateSaleLines } from '../../db/queries/sale-queries.ts';
import type { SaleRow } from '../../db/queries/sale-queries.ts';
import type { Clock } from '../clock.ts';
import { computeForfeitedStamps } from '../loyalty/accrual.ts';
import type { CoveredSale } from '../loyalty/cover-item.ts';
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

export type RedeemRefusal =
  | RedemptionRefusal
  | { refused: 'card-unknown' }
  | { refused: 'sale-unknown' }
  | { refused: 'sale-refunded' };

/**
 * Spends a reward, once, even when two tills try at the same moment. The stamps of the sale it is spent on stay when
 * one of them earned it; an item paid for by a reward from before the sale, or by a voucher, earns none.
 */
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
      if (saleId) {
        if (!sale || sale.cardId !== cardId || sale.locationId !== locationId)
          return { refused: 'sale-unknown' };
        const [refunded] = await sumRefunds(tx, { merchantId, saleId });
        if (refunded?.refundedMinor) return { refused: 'sale-refunded' };
      }
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

      const reward = rewards.find(({ rewardId }) => rewardId === decision.rewardId)!;
      const { rewardId, name } = reward;
      const coveredMinor = decision.sale?.coveredMinor ?? null;
      const covered =
        sale && decision.sale ? coverSale({ sale, covered: decision.sale, reward, card }) : null;
      const forfeited = covered ? sale!.stampsEarned - covered.stampsEarned : 0;
      await updateReward(tx, {
        merchantId,
        rewardId,
        status: 'redeemed',
        redeemedAt: now,
        saleId: sale?.saleId ?? null,
        coveredMinor,
      });
      if (covered) await updateSaleLines(tx, covered);
      const view = await postToCard(tx, {
        card,
        entries: [
          decision.entry,
          ...(forfeited > 0 ? [{ kind: 'reversed' as const, stamps: -forfeited }] : []),
        ],
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
      return {
        reward: { rewardId, name, coveredMinor },
        sale: covered ? presentSale(covered) : null,
        card: view,
      };
    }),
  );
};

/** The sale once a reward has paid for one of its items. */
export function coverSale({
  sale,
  covered: { lines, coveredMinor },
  reward,
  card,
}: {
  sale: SaleRow;
  covered: CoveredSale;
  reward: RewardRow;
  card: Pick<CardRow, 'accrual'>;
}): SaleRow {
  const after = { ...sale, lines, totalMinor: sale.totalMinor - coveredMinor };
  const isOfThisSale = reward.kind === 'stamps' && reward.earnedAt >= sale.occurredAt;
  if (isOfThisSale) return after;
  const { accrual } = card;
  const forfeited = computeForfeitedStamps({ ...sale, accrual, before: sale, after });
  return { ...after, stampsEarned: sale.stampsEarned - forfeited };
}
