import type { Database } from '../../db/database.ts';
import { findSale, putSaleOnCard, sumRefunds } from '../../db/queries/sale-queries.ts';
import type { Clock } from '../clock.ts';
import { computeEarnedStamps } from '../loyalty/accrual.ts';
import type { TillActor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempt } from './answer-once.ts';
import { businessDayOf } from './business-day-of.ts';
import { findCard } from './find-card.ts';
import { postToCard } from './post-to-card.ts';
import { presentSale } from './record-sale.ts';
import type { SaleRecorded } from './record-sale.ts';
import { tappedAt } from './tapped-at.ts';

export type ClaimRefusal =
  | { refused: 'card-unknown' }
  | { refused: 'card-blocked' }
  | { refused: 'sale-unknown' }
  | { refused: 'sale-has-card' }
  | { refused: 'sale-refunded' };

/** Puts a sale that was rung up without a card on the card the customer shows now, with the stamps it earned. */
export const claimSale =
  (db: Database, clock: Clock) =>
  (actor: TillActor, request: { attempt: Attempt; cardCode: string; saleId: string }) => {
    const now = clock.now();
    const { merchantId, staffId, place } = actor;
    const { attempt, cardCode, saleId } = request;
    const claimedAt = tappedAt(attempt, now);
    return db.transact((tx) =>
      answerOnce<SaleRecorded | ClaimRefusal>(tx, { merchantId, attempt, now }, async () => {
        const card = await findCard(tx, { merchantId, cardCode });
        if (!card) return { refused: 'card-unknown' };
        if (card.blockedAt) return { refused: 'card-blocked' };
        const [sale] = await findSale(tx, { merchantId, saleId });
        if (!sale || sale.locationId !== place.locationId) return { refused: 'sale-unknown' };
        if (sale.cardId) return { refused: 'sale-has-card' };
        const [refunded] = await sumRefunds(tx, { merchantId, saleId });
        if (refunded?.refundedMinor) return { refused: 'sale-refunded' };
        const stampsEarned = computeEarnedStamps({ ...sale, accrual: card.accrual });
        const { cardId, customerId } = card;
        await putSaleOnCard(tx, { merchantId, saleId, cardId, customerId, stampsEarned });
        const view = await postToCard(tx, {
          card,
          entries: stampsEarned > 0 ? [{ kind: 'earned', stamps: stampsEarned }] : [],
          context: {
            merchantId,
            locationId: place.locationId,
            deviceId: place.deviceId,
            staffId,
            at: claimedAt,
            businessDay: businessDayOf(place, claimedAt),
            saleId,
          },
          recordedAt: now,
          isVisit: true,
        });
        return { sale: presentSale({ ...sale, stampsEarned }), card: view };
      }),
    );
  };
