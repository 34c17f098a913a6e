import type { Database, Queries } from '../../db/database.ts';
import { findCardById } from '../../db/queries/card-queries.ts';
import {
  findNamesOfSale,
  listRefundsOfSale,
  listRewardsSpentOnSales,
} from '../../db/queries/day-sale-queries.ts';
import { listOpenRewards } from '../../db/queries/reward-queries.ts';
import { findSale } from '../../db/queries/sale-queries.ts';
import type { Clock } from '../clock.ts';
import type { RewardKind } from '../loyalty/card.ts';
import { isRefundable } from '../loyalty/refund.ts';
import { computeExpiry, hasExpired } from '../loyalty/reward.ts';
import { presentCustomer, whoRangUp } from './list-sales.ts';
import type { CustomerOfSale } from './list-sales.ts';
import type { SaleView } from './record-sale.ts';
import { presentSale } from './record-sale.ts';

interface SaleReward {
  rewardId: string;
  kind: RewardKind;
  name: string;
  stamps: number;
  earnedAt: Date;
}

/** A sale with all that a refund of it would touch. Money is minor units. */
export interface SaleDetails extends SaleView {
  /** `till`, or the name of a file or connection. */
  source: string;
  locationName: string;
  /** IANA name: of the location's own clock. */
  timeZone: string;
  staffName: string | null;
  /** null when the sale was on no card. */
  customer: CustomerOfSale | null;
  /** All refunds of it so far, and whether anything is left to refund. */
  refundedMinor: number;
  mayRefund: boolean;
  /** In the order they were made. */
  refunds: {
    refundId: string;
    refundedAt: Date;
    amountMinor: number;
    reversedStamps: number;
    staffName: string | null;
  }[];
  /** Rewards that paid for a part of it and were not given back; one whose time is over does not come back. */
  rewardsSpent: (SaleReward & { hasRunOut: boolean })[];
  /** The card as it is now: what its entries add up to, and what of it open rewards hold. */
  card: { balance: number; stampsRequired: number; openRewards: SaleReward[] } | null;
}

/** A sale as the desk shows it before a refund. */
export const readSale =
  (db: Database, clock: Clock) =>
  (
    { merchantId }: { merchantId: string },
    { saleId }: { saleId: string },
  ): Promise<SaleDetails | { refused: 'sale-unknown' }> => {
    const now = clock.now();
    return db.read(async (queries) => {
      const [sale] = await findSale(queries, { merchantId, saleId });
      const names = sale && (await findNamesOfSale(queries, { merchantId, saleId }));
      if (!names) return { refused: 'sale-unknown' };
      const { source, customerId, cardId } = sale;
      const { customerName, shortCode, staffName, ...where } = names;
      const refunds = await listRefundsOfSale(queries, { merchantId, saleId });
      const rewards = await listRewardsSpentOnSales(queries, { merchantId, saleIds: [saleId] });
      const refundedMinor = refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      return {
        ...presentSale(sale),
        source,
        refundedMinor,
        mayRefund: isRefundable({
          totalMinor: sale.totalMinor,
          refundedMinor,
          earnedStamps: sale.stampsEarned,
          reversedStamps: refunds.reduce((sum, { reversedStamps }) => sum + reversedStamps, 0),
          rewardsSpentCount: rewards.length,
        }),
        ...where,
        staffName: whoRangUp({ source, staffName }),
        customer: presentCustomer({ customerId, customerName, shortCode }),
        refunds: refunds
          .toSorted((a, b) => (a.refundId < b.refundId ? -1 : 1))
          // What has a number of another's came in a file: whoever brought that in did not pay it back.
          .map(({ reference, ...refund }) => (reference === null ? refund : { ...refund, staffName: null })),
        rewardsSpent: rewards.map(({ saleId: _, expiresAt, ...reward }) => ({
          ...reward,
          hasRunOut: hasExpired({ expiresAt }, now),
        })),
        card: cardId === null ? null : await loadCard(queries, { merchantId, cardId, now }),
      };
    });
  };

/** As the next entry would find it: rewards whose time is over are written off by then. */
async function loadCard(
  queries: Queries,
  { merchantId, cardId, now }: { merchantId: string; cardId: string; now: Date },
): Promise<SaleDetails['card']> {
  const [card] = await findCardById(queries, { merchantId, cardId });
  if (!card) return null;
  const rewards = await listOpenRewards(queries, { merchantId, cardId });
  const expiry = computeExpiry({ rewards, now });
  return {
    balance: expiry.reduce((balance, entry) => balance + entry.stamps, card.balance),
    stampsRequired: card.stampsRequired,
    openRewards: rewards
      .filter(({ rewardId }) => !expiry.some((entry) => entry.rewardId === rewardId))
      .map(({ rewardId, kind, name, stamps, earnedAt }) => ({ rewardId, kind, name, stamps, earnedAt })),
  };
}
