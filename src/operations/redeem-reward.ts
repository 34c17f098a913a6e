import type { Database, Queries } from '../../db/database.ts';
import { findMerchantRules } from '../../db/queries/allowance-queries.ts';
import type { CardRow } from '../../db/queries/card-queries.ts';
import { findGesture, findLastGesture } from '../../db/queries/gesture-queries.ts';
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
import { appendAudit } from './append-audit.ts';
import { businessDayOf } from './business-day-of.ts';
import type { CardView } from './card-view.ts';
import { findCard } from './find-card.ts';
import { findVersionOfReward } from './find-version-of-reward.ts';
import { deriveLiveKey, spendLiveCode } from './live-code.ts';
import type { LiveCodeRefusal } from './live-code.ts';
import { postToCard } from './post-to-card.ts';
import { presentSale } from './record-sale.ts';
import type { SaleView } from './record-sale.ts';

export interface RedeemRequest {
  attempt: Attempt;
  cardCode: string;
  /** The oldest open one when not given. */
  rewardId?: string | undefined;
  /** A sale just rung up, of which the reward pays for the dearest item that earns stamps, a voucher for its own. */
  saleId?: string | undefined;
  /** The six digits that the customer's phone showed beside the code that was scanned. */
  liveCode?: string | undefined;
  /** How long ago that was: a visit takes minutes, and the code belongs to the moment of the scan. */
  scannedAgoMs?: number | undefined;
  /** Whoever is at the till vouches for the customer instead; that is written down. */
  override?: true | undefined;
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
  | { refused: 'sale-refunded' }
  | LiveCodeRefusal;

/**
 * Spends a reward, once, even when two tills try at the same moment. The stamps of the sale it is spent on stay when
 * one of them earned it; an item paid for by a reward from before the visit, or by a voucher, earns none. The card's
 * live code shows that its customer is here; without one the barista vouches for them, which is logged.
 */
export const redeemReward =
  (db: Database, clock: Clock, cardKey: Uint8Array) => (actor: TillActor, request: RedeemRequest) => {
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
          // Of no money as well: that gave back a reward which was spent on it.
          if (refunded && refunded.refundedMinor !== null) return { refused: 'sale-refunded' };
        }
        const rewards = await listRewardsOfCard(tx, { merchantId, cardId });
        const goodFor = sale ? await listItemsOfVouchers(tx, rewards) : new Map<string, string | null>();
        const decision = decideRedemption({
          card: {
            isBlocked: card.blockedAt !== null,
            stampsOnCard: card.balance - card.heldStamps,
            stampsRequired: card.stampsRequired,
          },
          rewards: rewards.map((one) => ({ ...one, itemId: goodFor.get(one.rewardId) })),
          rewardId: request.rewardId,
          now,
          sale,
        });
        if (decision.refused) return decision;

        const unproved = request.override
          ? null
          : await spendLiveCode(tx, {
              merchantId,
              cardId,
              liveKey: deriveLiveKey(cardKey, card),
              liveCode: request.liveCode,
              shownAt: new Date(now.getTime() - (request.scannedAgoMs ?? 0)),
              now,
            });
        if (unproved) return unproved;

        const reward = rewards.find(({ rewardId }) => rewardId === decision.rewardId)!;
        const { rewardId, name } = reward;
        const coveredMinor = decision.sale?.coveredMinor ?? null;
        const covered =
          sale && decision.sale
            ? coverSale({
                sale,
                covered: decision.sale,
                reward,
                card: await findVersionOfSale(tx, { sale, card, rewards }),
                gestureAt: await findGestureOfVisit(tx, sale),
              })
            : null;
        const forfeited = covered ? sale!.stampsEarned - covered.stampsEarned : 0;
        await updateReward(tx, {
          merchantId,
          rewardId,
          status: 'redeemed',
          redeemedAt: now,
          saleId: sale?.saleId ?? null,
          coveredMinor,
          proof: request.override ? 'override' : 'live_code',
        });
        if (request.override)
          await appendAudit(tx, {
            merchantId,
            at: now,
            staffId,
            action: 'reward.overridden',
            subjectId: rewardId,
            details: { cardId, deviceId, locationId },
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
            saleId: sale?.saleId ?? null,
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

/** What the open vouchers among some rewards are good for; null for whatever earns stamps. */
async function listItemsOfVouchers(
  tx: Queries,
  rewards: readonly RewardRow[],
): Promise<Map<string, string | null>> {
  const items = new Map<string, string | null>();
  for (const { merchantId, rewardId, gestureId, status } of rewards) {
    if (!gestureId || status !== 'open') continue;
    const [gesture] = await findGesture(tx, { merchantId, gestureId });
    items.set(rewardId, gesture?.itemId ?? null);
  }
  return items;
}

/** When the customer was given something on the visit of a sale, before it was rung up; null when they were not. */
async function findGestureOfVisit(tx: Queries, sale: SaleRow): Promise<Date | null> {
  const { merchantId, customerId, occurredAt } = sale;
  const [gesture] = customerId ? await findLastGesture(tx, { merchantId, customerId }) : [];
  const [rules] = await findMerchantRules(tx, { merchantId });
  if (!gesture || !rules) return null;
  const minutesBefore = (occurredAt.getTime() - gesture.givenAt.getTime()) / 60_000;
  return minutesBefore <= rules.visitMinutes ? gesture.givenAt : null;
}

/** The version that the stamps of a sale were earned under: that of the first card filled since, if any was. */
async function findVersionOfSale(
  tx: Queries,
  { sale, card, rewards }: { sale: SaleRow; card: CardRow; rewards: readonly RewardRow[] },
): Promise<Pick<CardRow, 'accrual'>> {
  const filled = rewards.find(
    ({ kind, status, earnedAt }) => kind === 'stamps' && status !== 'reversed' && earnedAt >= sale.occurredAt,
  );
  return filled ? findVersionOfReward(tx, { card, rewards, reward: filled }) : card;
}

/**
 * The sale once a reward has paid for one of its items. A card that a gesture of the same visit filled counts as
 * filled by the sale, in whichever order the barista tapped the two.
 */
export function coverSale({
  sale,
  covered: { lines, coveredMinor },
  reward,
  card,
  gestureAt = null,
}: {
  sale: SaleRow;
  covered: CoveredSale;
  reward: RewardRow;
  card: Pick<CardRow, 'accrual'>;
  gestureAt?: Date | null;
}): SaleRow {
  const after = { ...sale, lines, totalMinor: sale.totalMinor - coveredMinor };
  const isOfThisVisit =
    reward.earnedAt >= sale.occurredAt || reward.earnedAt.getTime() === gestureAt?.getTime();
  if (reward.kind === 'stamps' && isOfThisVisit) return after;
  const { accrual } = card;
  const forfeited = computeForfeitedStamps({ ...sale, accrual, before: sale, after });
  return { ...after, stampsEarned: sale.stampsEarned - forfeited };
}
