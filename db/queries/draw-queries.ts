import { and, asc, count, eq, gt, gte, isNull, lt, sql, sum } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Queries, Tables } from '../database.ts';
import { givenFor, placeholders } from './placeholders.ts';
import { refundedOfSale } from './refunded-of-sale.ts';

export type DrawRow = Tables['draws']['$inferSelect'];

/** The customer's draw on a business day: there is one at most. */
export const findDrawOfDay = prepared<{ merchantId: string; customerId: string; businessDay: string }>()(
  (db, { draws }) =>
    db
      .select()
      .from(draws)
      .where(
        and(
          eq(draws.merchantId, sql.placeholder('merchantId')),
          eq(draws.customerId, sql.placeholder('customerId')),
          eq(draws.businessDay, sql.placeholder('businessDay')),
        ),
      ),
);

export const findDraw = prepared<{ merchantId: string; drawId: string }>()((db, { draws }) =>
  db
    .select()
    .from(draws)
    .where(
      and(eq(draws.merchantId, sql.placeholder('merchantId')), eq(draws.drawId, sql.placeholder('drawId'))),
    ),
);

export const insertDraw = prepared<DrawRow>()((db, { draws }) =>
  db.insert(draws).values(placeholders(draws)),
);

/** How many were drawn at a location on a business day. */
export const findDrawnCount = prepared<{
  merchantId: string;
  seasonId: string;
  locationId: string;
  businessDay: string;
}>()((db, { drawCounters }) =>
  db
    .select({ drawnCount: drawCounters.drawnCount })
    .from(drawCounters)
    .where(
      and(
        eq(drawCounters.merchantId, sql.placeholder('merchantId')),
        eq(drawCounters.seasonId, sql.placeholder('seasonId')),
        eq(drawCounters.locationId, sql.placeholder('locationId')),
        eq(drawCounters.businessDay, sql.placeholder('businessDay')),
      ),
    ),
);

/** Counts one more drawn, but never past the cap: no row comes back when that would happen. */
export const countDrawn = prepared<Tables['drawCounters']['$inferSelect'] & { dailyCap: number }>()(
  (db, { drawCounters: counters }) =>
    db
      .insert(counters)
      .values(placeholders(counters))
      .onConflictDoUpdate({
        target: [counters.merchantId, counters.seasonId, counters.locationId, counters.businessDay],
        set: { drawnCount: sql`${counters.drawnCount} + 1` },
        setWhere: lt(counters.drawnCount, sql.placeholder('dailyCap')),
      })
      .returning({ drawnCount: counters.drawnCount }),
);

/** What a customer bought since an instant, with what was paid back of it since: the newest last. */
export const listRecentSales = prepared<{ merchantId: string; customerId: string; since: Date }>()(
  (db, { sales, refunds }) =>
    db
      .select({
        occurredAt: sales.occurredAt,
        businessDay: sales.businessDay,
        recordedAt: sales.recordedAt,
        totalMinor: sales.totalMinor,
        refundedMinor: refundedOfSale(db, { sales, refunds }),
      })
      .from(sales)
      .where(
        and(
          eq(sales.merchantId, sql.placeholder('merchantId')),
          eq(sales.customerId, sql.placeholder('customerId')),
          gte(sales.occurredAt, givenFor(sales.occurredAt, 'since')),
        ),
      )
      .orderBy(asc(sales.occurredAt)),
);

/** When a customer bought something for the first time. */
export const findFirstSale = prepared<{ merchantId: string; customerId: string }>()((db, { sales }) =>
  db
    .select({ occurredAt: sales.occurredAt })
    .from(sales)
    .where(
      and(
        eq(sales.merchantId, sql.placeholder('merchantId')),
        eq(sales.customerId, sql.placeholder('customerId')),
      ),
    )
    .orderBy(asc(sales.occurredAt))
    .limit(1),
);

/** What a customer was given since an instant and did not lose again. */
export const listStandingGestures = prepared<{ merchantId: string; customerId: string; since: Date }>()(
  (db, { gestures }) =>
    db
      .select({ drawId: gestures.drawId })
      .from(gestures)
      .where(
        and(
          eq(gestures.merchantId, sql.placeholder('merchantId')),
          eq(gestures.customerId, sql.placeholder('customerId')),
          gte(gestures.givenAt, givenFor(gestures.givenAt, 'since')),
          isNull(gestures.undoneAt),
        ),
      ),
);

/** A page of a merchant's draws in order, from after `afterSequence`. */
export const listDraws = (
  queries: Queries,
  { merchantId, afterSequence, limit }: { merchantId: string; afterSequence: number; limit: number },
): Promise<DrawRow[]> =>
  queries.query((db, { draws }) =>
    db
      .select()
      .from(draws)
      .where(and(eq(draws.merchantId, merchantId), gt(draws.sequence, afterSequence)))
      .orderBy(asc(draws.sequence))
      .limit(limit),
  );

/** A page of a season's draws in order. */
export const listSeasonDraws = (
  queries: Queries,
  {
    merchantId,
    seasonId,
    afterSequence,
    limit,
  }: { merchantId: string; seasonId: string; afterSequence: number; limit: number },
): Promise<DrawRow[]> =>
  queries.query((db, { draws }) =>
    db
      .select()
      .from(draws)
      .where(
        and(
          eq(draws.merchantId, merchantId),
          eq(draws.seasonId, seasonId),
          gt(draws.sequence, afterSequence),
        ),
      )
      .orderBy(asc(draws.sequence))
      .limit(limit),
  );

/** How many draws each season has made. */
export const countDraws = (queries: Queries, { merchantId }: { merchantId: string }) =>
  queries.query((db, { draws }) =>
    db
      .select({ seasonId: draws.seasonId, draws: count() })
      .from(draws)
      .where(eq(draws.merchantId, merchantId))
      .groupBy(draws.seasonId),
  );

/** How many draws of each season said yes. */
export const countDrawnOfSeasons = (queries: Queries, { merchantId }: { merchantId: string }) =>
  queries.query((db, { drawCounters }) =>
    db
      .select({ seasonId: drawCounters.seasonId, drawn: sum(drawCounters.drawnCount).mapWith(Number) })
      .from(drawCounters)
      .where(eq(drawCounters.merchantId, merchantId))
      .groupBy(drawCounters.seasonId),
  );
