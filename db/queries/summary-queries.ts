import { and, asc, count, desc, eq, gt, gte, isNotNull, isNull, lte, or, sum } from 'drizzle-orm';
import type { GestureKind } from '../../src/loyalty/gesture.ts';
import type { Queries } from '../database.ts';

interface Since {
  merchantId: string;
  since: Date;
}

export interface SaleSum {
  businessDay: string;
  isOnCard: boolean;
  count: number;
  totalMinor: number;
  stamps: number;
}

/**
 * The sale as far as which one statement should look: that so many were recorded after an id. Undefined when there are
 * fewer. Found in the index alone.
 */
export async function findSaleStepEnd(
  queries: Queries,
  { merchantId, afterId, count: sales }: { merchantId: string; afterId: string; count: number },
): Promise<string | undefined> {
  const rows = await queries.query((db, t) =>
    db
      .select({ saleId: t.sales.saleId })
      .from(t.sales)
      .where(and(eq(t.sales.merchantId, merchantId), gt(t.sales.saleId, afterId)))
      .orderBy(asc(t.sales.saleId))
      .limit(1)
      .offset(sales - 1),
  );
  return rows[0]?.saleId;
}

/**
 * Sales since an instant that were recorded after an id, and up to another, by day, on a card or not. A sale is never
 * recorded before it happened, and ids are in time order; but one from a file may have happened long before.
 */
export const sumSalesOfDays = (
  queries: Queries,
  { merchantId, since, afterId, upToId }: Since & { afterId: string; upToId: string | undefined },
): Promise<SaleSum[]> =>
  queries.query((db, { sales }) => {
    const isOnCard = isNotNull(sales.cardId);
    return db
      .select({
        businessDay: sales.businessDay,
        isOnCard: isOnCard.mapWith(Boolean),
        count: count(),
        totalMinor: sum(sales.totalMinor).mapWith(Number),
        stamps: sum(sales.stampsEarned).mapWith(Number),
      })
      .from(sales)
      .where(
        and(
          eq(sales.merchantId, merchantId),
          gt(sales.saleId, afterId),
          upToId === undefined ? undefined : lte(sales.saleId, upToId),
          gte(sales.occurredAt, since),
        ),
      )
      .groupBy(sales.businessDay, isOnCard);
  }) as Promise<SaleSum[]>;

/** What was refunded since then of sales with a card, by the day of the sale. */
export const sumRefundsOfDays = (
  queries: Queries,
  { merchantId, afterId }: { merchantId: string; afterId: string },
): Promise<{ businessDay: string; amountMinor: number; stamps: number }[]> =>
  queries.query((db, { refunds, sales }) =>
    db
      .select({
        businessDay: sales.businessDay,
        amountMinor: sum(refunds.amountMinor).mapWith(Number),
        stamps: sum(refunds.reversedStamps).mapWith(Number),
      })
      .from(refunds)
      .innerJoin(sales, and(eq(sales.merchantId, refunds.merchantId), eq(sales.saleId, refunds.saleId)))
      .where(
        and(
          eq(refunds.merchantId, merchantId),
          gt(refunds.refundId, afterId),
          gt(sales.saleId, afterId),
          isNotNull(sales.cardId),
        ),
      )
      .groupBy(sales.businessDay),
  ) as Promise<{ businessDay: string; amountMinor: number; stamps: number }[]>;

/** Gestures that stand, by day and kind. */
export const sumGesturesOfDays = (
  queries: Queries,
  { merchantId, since }: Since,
): Promise<{ businessDay: string; kind: GestureKind; count: number; costMinor: number }[]> =>
  queries.query((db, { gestures }) =>
    db
      .select({
        businessDay: gestures.businessDay,
        kind: gestures.kind,
        count: count(),
        costMinor: sum(gestures.costMinor).mapWith(Number),
      })
      .from(gestures)
      .where(
        and(eq(gestures.merchantId, merchantId), gte(gestures.givenAt, since), isNull(gestures.undoneAt)),
      )
      .groupBy(gestures.businessDay, gestures.kind),
  ) as Promise<{ businessDay: string; kind: GestureKind; count: number; costMinor: number }[]>;

/**
 * A page of the rewards redeemed since then, after the one at `after`, in the order they were redeemed: when, how it was
 * made sure of, and the day of the sale each paid for, if it was spent on one.
 */
export const listRedemptionsSince = (
  queries: Queries,
  { merchantId, since, after, limit }: Since & { after: { at: Date; id: string } | null; limit: number },
) =>
  queries.query((db, { rewards, sales }) =>
    db
      .select({
        rewardId: rewards.rewardId,
        redeemedAt: rewards.redeemedAt,
        businessDay: sales.businessDay,
        proof: rewards.proof,
      })
      .from(rewards)
      .leftJoin(sales, and(eq(sales.merchantId, rewards.merchantId), eq(sales.saleId, rewards.saleId)))
      .where(
        and(
          eq(rewards.merchantId, merchantId),
          gte(rewards.redeemedAt, after?.at ?? since),
          after ? or(gt(rewards.redeemedAt, after.at), gt(rewards.rewardId, after.id)) : undefined,
        ),
      )
      .orderBy(asc(rewards.redeemedAt), asc(rewards.rewardId))
      .limit(limit),
  );

/** Whether somebody has a card on their phone. One that came from a file has no code until its link is made. */
export async function hasCards(queries: Queries, { merchantId }: { merchantId: string }): Promise<boolean> {
  const rows = await queries.query((db, { cards }) =>
    db
      .select({ cardId: cards.cardId })
      .from(cards)
      .where(and(eq(cards.merchantId, merchantId), gt(cards.codeHash, '')))
      .limit(1),
  );
  return rows.length > 0;
}

/** Who entered their PIN at a till, is still signed in there, and did so since an id of that moment was the newest. */
export const listPresent = (
  queries: Queries,
  { merchantId, afterId, now, limit }: { merchantId: string; afterId: string; now: Date; limit: number },
) =>
  queries.query((db, { sessions, staff, devices }) =>
    db
      .select({
        staffId: sessions.staffId,
        name: staff.name,
        deviceId: devices.deviceId,
        deviceName: devices.name,
        locationId: devices.locationId,
        signedInAt: sessions.signedInAt,
      })
      .from(sessions)
      .innerJoin(staff, and(eq(staff.merchantId, sessions.merchantId), eq(staff.staffId, sessions.staffId)))
      .innerJoin(
        devices,
        and(eq(devices.merchantId, sessions.merchantId), eq(devices.deviceId, sessions.deviceId)),
      )
      .where(
        and(
          eq(sessions.merchantId, merchantId),
          gt(sessions.sessionId, afterId),
          gt(sessions.expiresAt, now),
          isNull(sessions.endedAt),
          isNull(staff.endedAt),
          isNull(devices.endedAt),
        ),
      )
      .orderBy(desc(sessions.sessionId))
      .limit(limit),
  );
