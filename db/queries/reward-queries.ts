import { and, asc, eq, sql } from 'drizzle-orm';
import type { RewardStatus } from '../../src/loyalty/reward.ts';
import { prepared } from '../database.ts';
import type { Tables } from '../database.ts';
import type { RedemptionProof } from '../schema.ts';
import { given, placeholders } from './placeholders.ts';

export type RewardRow = Tables['rewards']['$inferSelect'];

export const listRewardsOfCard = prepared<{ merchantId: string; cardId: string }>()((db, { rewards }) =>
  db
    .select()
    .from(rewards)
    .where(
      and(
        eq(rewards.merchantId, sql.placeholder('merchantId')),
        eq(rewards.cardId, sql.placeholder('cardId')),
      ),
    )
    .orderBy(asc(rewards.rewardId)),
);

export const listOpenRewards = prepared<{ merchantId: string; cardId: string }>()((db, { rewards }) =>
  db
    .select()
    .from(rewards)
    .where(
      and(
        eq(rewards.merchantId, sql.placeholder('merchantId')),
        eq(rewards.cardId, sql.placeholder('cardId')),
        eq(rewards.status, 'open'),
      ),
    )
    .orderBy(asc(rewards.rewardId)),
);

export const listRewardsSpentOnSale = prepared<{ merchantId: string; saleId: string }>()((db, { rewards }) =>
  db
    .select({ rewardId: rewards.rewardId, stamps: rewards.stamps })
    .from(rewards)
    .where(
      and(
        eq(rewards.merchantId, sql.placeholder('merchantId')),
        eq(rewards.saleId, sql.placeholder('saleId')),
        eq(rewards.status, 'redeemed'),
      ),
    ),
);

export const findVoucher = prepared<{ merchantId: string; cardId: string; gestureId: string }>()(
  (db, { rewards }) =>
    db
      .select({ rewardId: rewards.rewardId, status: rewards.status })
      .from(rewards)
      .where(
        and(
          eq(rewards.merchantId, sql.placeholder('merchantId')),
          eq(rewards.cardId, sql.placeholder('cardId')),
          eq(rewards.gestureId, sql.placeholder('gestureId')),
        ),
      ),
);

export const insertReward = prepared<RewardRow>()((db, { rewards }) =>
  db.insert(rewards).values(placeholders(rewards)),
);

/** Opens, redeems or reverses a reward; what it was spent on goes with the status. */
export const updateReward = prepared<{
  merchantId: string;
  rewardId: string;
  status: RewardStatus;
  redeemedAt: Date | null;
  saleId: string | null;
  coveredMinor: number | null;
  proof: RedemptionProof | null;
}>()((db, { rewards }) =>
  db
    .update(rewards)
    .set({
      status: given('status'),
      redeemedAt: given('redeemedAt'),
      saleId: given('saleId'),
      coveredMinor: given('coveredMinor'),
      proof: given('proof'),
    })
    .where(
      and(
        eq(rewards.merchantId, sql.placeholder('merchantId')),
        eq(rewards.rewardId, sql.placeholder('rewardId')),
      ),
    ),
);
