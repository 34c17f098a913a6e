import { v7 as uuid } from 'uuid';
import type { Database, Queries } from '../../db/database.ts';
import { findCardById } from '../../db/queries/card-queries.ts';
import { listRewardsSpentOnSale } from '../../db/queries/reward-queries.ts';
import { findLocationClock, findSale, insertRefund, sumRefunds } from '../../db/queries/sale-queries.ts';
import type { SaleRow } from '../../db/queries/sale-queries.ts';
import type { Clock } from '../clock.ts';
import { decideRefund } from '../loyalty/refund.ts';
import type { Refund, RefundExceedsSale } from '../loyalty/refund.ts';
import type { AnyActor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempt } from './answer-once.ts';
import { businessDayOf } from './business-day-of.ts';
import type { CardView } from './card-view.ts';
import { changeReward, postToCard } from './post-to-card.ts';
import { tappedAt } from './tapped-at.ts';

export interface RefundRequest {
  attempt: Attempt;
  saleId: string;
  refund: Refund;
}

export interface SaleRefunded {
  refundId: string;
  saleId: string;
  amountMinor: number;
  refundedMinor: number;
  isFullyRefunded: boolean;
  reversedStamps: number;
  /** Rewards the customer has again; not one that the stamps taken back no longer cover, or whose time is over. */
  reopenedRewardIds: string[];
  /** null when the sale was on no card. */
  card: CardView | null;
}

export type RefundRefusal =
  | RefundExceedsSale
  | { refused: 'sale-unknown' }
  | { refused: 'line-unknown'; lineIndex: number }
  | { refused: 'sale-refunded' };

/**
 * Pays back a sale or a part of it: the stamps it earned go back in proportion, a reward spent on it is the customer's
 * again, and what was a gift stays one. At a till, only a sale of the same location; at the desk, which is never
 * offline, one of any, and the audit log tells of it.
 */
export const refundSale = (db: Database, clock: Clock) => (actor: AnyActor, request: RefundRequest) => {
  const now = clock.now();
  const refundId = uuid();
  const { merchantId, staffId, place } = actor;
  const { attempt, saleId, refund } = request;
  const refundedAt = place ? tappedAt(attempt, now) : now;
  return db.transact((tx) =>
    answerOnce<SaleRefunded | RefundRefusal>(tx, { merchantId, attempt, now }, async () => {
      const [sale] = await findSale(tx, { merchantId, saleId });
      if (!sale || (place && place.locationId !== sale.locationId)) return { refused: 'sale-unknown' };
      const lineIndex = 'lineIndexes' in refund && refund.lineIndexes?.find((index) => !sale.lines[index]);
      // A reward that was spent on the line that was meant would stay spent.
      if (typeof lineIndex === 'number') return { refused: 'line-unknown', lineIndex };
      const [location] = await findLocationClock(tx, { merchantId, locationId: sale.locationId });
      const outcome = await applyRefund(tx, {
        sale,
        refund,
        refundId,
        reference: null,
        staffId,
        deviceId: place?.deviceId ?? null,
        refundedAt,
        businessDay: businessDayOf(location!, refundedAt),
        recordedAt: now,
      });
      if ('refused' in outcome || place) return outcome;
      const { amountMinor, reversedStamps, reopenedRewardIds } = outcome;
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'sale.refunded',
        subjectId: saleId,
        details: { refundId, amountMinor, reversedStamps, reopenedRewardIds },
      });
      return outcome;
    }),
  );
};

/** Pays back a sale inside a transaction that does more. */
export async function applyRefund(
  tx: Queries,
  request: {
    sale: SaleRow;
    refund: Refund;
    refundId: string;
    /** What its source calls the refund; null for our own till. */
    reference: string | null;
    staffId: string | null;
    deviceId: string | null;
    refundedAt: Date;
    businessDay: string;
    recordedAt: Date;
  },
): Promise<SaleRefunded | RefundExceedsSale | { refused: 'sale-refunded' }> {
  const { sale, refundId, reference, staffId, deviceId, refundedAt, businessDay, recordedAt } = request;
  const { merchantId, saleId } = sale;
  const [refunded] = await sumRefunds(tx, { merchantId, saleId });
  const decision = decideRefund({
    sale,
    earnedStamps: sale.stampsEarned,
    reversedStamps: refunded?.reversedStamps ?? 0,
    refundedMinor: refunded?.refundedMinor ?? 0,
    refund: request.refund,
    rewardsSpentOnSale: await listRewardsSpentOnSale(tx, { merchantId, saleId }),
  });
  if (decision.refused) return decision;
  const { amountMinor, rewardIdsToReopen } = decision;
  if (amountMinor === 0 && decision.entries.length === 0) return { refused: 'sale-refunded' };

  await insertRefund(tx, {
    merchantId,
    refundId,
    saleId,
    reference,
    staffId,
    refundedAt,
    businessDay,
    amountMinor,
    reversedStamps: decision.stampsToReverse,
    recordedAt,
  });
  for (const rewardId of rewardIdsToReopen) await changeReward(tx, { merchantId, rewardId, status: 'open' });
  const [card] = sale.cardId ? await findCardById(tx, { merchantId, cardId: sale.cardId }) : [];
  const view =
    card &&
    (await postToCard(tx, {
      card,
      entries: decision.entries,
      context: {
        merchantId,
        locationId: sale.locationId,
        deviceId,
        staffId,
        at: refundedAt,
        businessDay,
        saleId,
        refundId,
      },
      hasTouchedRewards: rewardIdsToReopen.length > 0,
    }));
  return {
    refundId,
    saleId,
    amountMinor,
    refundedMinor: decision.refundedMinor,
    isFullyRefunded: decision.isFullyRefunded,
    reversedStamps: decision.stampsToReverse,
    reopenedRewardIds: rewardIdsToReopen.filter((reopened) =>
      view?.openRewards.some(({ rewardId }) => rewardId === reopened),
    ),
    card: view ?? null,
  };
}
