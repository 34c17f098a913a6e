import { and, asc, count, desc, eq, gt, gte, isNotNull, isNull, lt, lte, or, sql } from 'drizzle-orm';
import type { Column, Placeholder, SQL } from 'drizzle-orm';
import { instantPlus } from '../columns.ts';
import { prepared } from '../database.ts';
import type { Builder, Database, Queries, Tables } from '../database.ts';
import { givenFor } from './placeholders.ts';

export type EvidenceReportRow = Tables['evidenceReports']['$inferSelect'];

const DAY_MS = 86_400_000;
/** As `src/evidence/outcome.ts` has them; the tests of the report reckon every draw by those. */
const OUTCOME_MS = 30 * DAY_MS;
const PLACEBO_FROM_MS = 58 * DAY_MS;
const PLACEBO_TO_MS = 28 * DAY_MS;

/** Some of a merchant's draws, whatever their season: from after one number up to another. */
interface SomeDraws {
  merchantId: string;
  afterSequence: number;
  toSequence: number;
}

const inRange = ({ draws }: Tables): SQL | undefined =>
  and(
    eq(draws.merchantId, sql.placeholder('merchantId')),
    gt(draws.sequence, sql.placeholder('afterSequence')),
    lte(draws.sequence, sql.placeholder('toSequence')),
  );

/** A season's first draw, or its last, by the clock of the tills. */
export async function findEndDraw(
  queries: Queries,
  { merchantId, seasonId, end }: { merchantId: string; seasonId: string; end: 'first' | 'last' },
): Promise<{ sequence: number } | undefined> {
  const rows = await queries.query((db, { draws }) =>
    db
      .select({ sequence: draws.sequence })
      .from(draws)
      .where(and(eq(draws.merchantId, merchantId), eq(draws.seasonId, seasonId)))
      .orderBy(end === 'first' ? asc(draws.drawnAt) : desc(draws.drawnAt))
      .limit(1),
  );
  return rows[0];
}

/**
 * The customers that turned out to be the same person as another, whose sales they now have. Few: beside each draw they
 * would be looked up 200,000 times.
 */
export const listJoins = prepared<{ merchantId: string }>()((db, { customers }) =>
  db
    .select({ customerId: customers.customerId, joinedIntoId: customers.joinedIntoId })
    .from(customers)
    .where(and(eq(customers.merchantId, sql.placeholder('merchantId')), isNotNull(customers.joinedIntoId))),
);

/** What is kept of each draw for the evidence, in order. */
export const listDrawFacts = prepared<SomeDraws>()((db, t) =>
  db
    .select({
      sequence: t.draws.sequence,
      seasonId: t.draws.seasonId,
      locationId: t.draws.locationId,
      customerId: t.draws.customerId,
      businessDay: t.draws.businessDay,
      drawnAt: t.draws.drawnAt,
      chanceMillionths: t.draws.chanceMillionths,
      u: t.draws.u,
      isDrawn: t.draws.isDrawn,
      covariates: t.draws.covariates,
    })
    .from(t.draws)
    .where(inRange(t))
    .orderBy(asc(t.draws.sequence)),
);

/** A sale's money, cut at the cap. Refunds are not in it: see `listRefundsSince`. */
const cutSale = ({ sales }: Tables): SQL =>
  sql`case when ${sales.totalMinor} > ${sql.placeholder('saleCapMinor')} then ${sql.placeholder('saleCapMinor')} else ${sales.totalMinor} end`;

/** Of one draw, in minor units. */
export interface DrawSums {
  sequence: number;
  spendMinor: number | null;
  saleCount: number | null;
  placeboMinor: number | null;
}

export type DrawSumColumns = Record<keyof DrawSums, Float64Array>;

/**
 * What customers spent around their draws: in the 30 days after the visit, and 58 to 28 days before it, which no draw can
 * have changed. One statement for many draws: each reads a stretch of `sales_by_customer`, and no sale. They come
 * grouped as `draws_by_customer` has them, so that nothing need be sorted when they are read by it.
 */
function sumAround(
  db: Builder,
  tables: Tables,
  { which, whose }: { which: SQL | undefined; whose: Column | Placeholder },
) {
  const { draws, sales } = tables;
  const cut = cutSale(tables);
  const isAfter = gt(sales.occurredAt, instantPlus(draws.drawnAt, sql.placeholder('visitMs')));
  const isLongBefore = lt(sales.occurredAt, instantPlus(draws.drawnAt, -PLACEBO_TO_MS));
  const total = (amount: SQL): SQL<number | null> => sql<number | null>`sum(${amount})`.mapWith(Number);
  return db
    .select({
      sequence: draws.sequence,
      spendMinor: total(sql`case when ${isAfter} then ${cut} else 0 end`),
      saleCount: total(sql`case when ${isAfter} then 1 else 0 end`),
      placeboMinor: total(sql`case when ${isLongBefore} then ${cut} else 0 end`),
    })
    .from(draws)
    .innerJoin(
      sales,
      and(
        eq(sales.merchantId, draws.merchantId),
        eq(sales.customerId, whose),
        gte(sales.occurredAt, instantPlus(draws.drawnAt, -PLACEBO_FROM_MS)),
        lte(sales.occurredAt, instantPlus(draws.drawnAt, OUTCOME_MS)),
      ),
    )
    .where(which)
    .groupBy(draws.customerId, draws.businessDay, draws.sequence);
}

type OutcomeRule = { saleCapMinor: number; visitMs: number };

/**
 * A draw without a sale near it is not among them: it sums to nothing. Nor are the sales of customers that have joined
 * another: see `sumAroundDrawsOf`.
 */
export const sumAroundDraws = prepared<SomeDraws & OutcomeRule>()((db, t) =>
  sumAround(db, t, { which: inRange(t), whose: t.draws.customerId }),
);

/**
 * The same for all draws of a merchant: columns of their numbers, what was spent, how often, and what was spent before.
 * Customer by customer, as both indexes have them; a third faster than by number when there are very many.
 */
export async function sumAroundAllDraws(
  db: Database,
  values: { merchantId: string } & OutcomeRule,
): Promise<DrawSumColumns> {
  const [sequence, spendMinor, saleCount, placeboMinor] = await db.readColumns((builder, t) => {
    const which = eq(t.draws.merchantId, sql.placeholder('merchantId'));
    return sumAround(builder, t, { which, whose: t.draws.customerId });
  }, values);
  return { sequence: sequence!, spendMinor: spendMinor!, saleCount: saleCount!, placeboMinor: placeboMinor! };
}

/** The same for the draws of one customer, whose sales are now the root's: of who they joined, or their own. */
export const sumAroundDrawsOf = prepared<
  { merchantId: string; customerId: string; rootId: string } & OutcomeRule
>()((db, t) =>
  sumAround(db, t, {
    which: and(
      eq(t.draws.merchantId, sql.placeholder('merchantId')),
      eq(t.draws.customerId, sql.placeholder('customerId')),
    ),
    whose: sql.placeholder('rootId'),
  }),
);

const givenFacts = ({ gestures }: Tables) => ({
  gestureId: gestures.gestureId,
  customerId: gestures.customerId,
  locationId: gestures.locationId,
  businessDay: gestures.businessDay,
  givenAt: gestures.givenAt,
  costMinor: gestures.costMinor,
});

/** Whether a gesture stood at `asOf`, as far as it was known then. */
const stoodAt = ({ gestures }: Tables): SQL | undefined =>
  and(
    lte(gestures.recordedAt, givenFor(gestures.recordedAt, 'asOf')),
    or(isNull(gestures.undoneAt), gt(gestures.undoneAt, givenFor(gestures.undoneAt, 'asOf'))),
  );

/** A page of what was given in a span of time, its ends included, in order. */
export const listGesturesBetween = prepared<{
  merchantId: string;
  from: Date;
  afterGestureId: string;
  to: Date;
  asOf: Date;
  limit: number;
}>()((db, t) =>
  db
    .select(givenFacts(t))
    .from(t.gestures)
    .where(
      and(
        eq(t.gestures.merchantId, sql.placeholder('merchantId')),
        gte(t.gestures.givenAt, givenFor(t.gestures.givenAt, 'from')),
        lte(t.gestures.givenAt, givenFor(t.gestures.givenAt, 'to')),
        or(
          gt(t.gestures.givenAt, givenFor(t.gestures.givenAt, 'from')),
          gt(t.gestures.gestureId, sql.placeholder('afterGestureId')),
        ),
        stoodAt(t),
      ),
    )
    .orderBy(asc(t.gestures.givenAt), asc(t.gestures.gestureId))
    .limit(sql.placeholder('limit')),
);

/** Everything a customer was given. */
export const listGesturesOf = prepared<{ merchantId: string; customerId: string; asOf: Date }>()((db, t) =>
  db
    .select(givenFacts(t))
    .from(t.gestures)
    .where(
      and(
        eq(t.gestures.merchantId, sql.placeholder('merchantId')),
        eq(t.gestures.customerId, sql.placeholder('customerId')),
        stoodAt(t),
      ),
    ),
);

/** A page of the sales written since, on cards: what came late may belong to a time that was counted already. */
export const listSalesSince = prepared<{ merchantId: string; afterId: string; limit: number }>()(
  (db, { sales }) =>
    db
      .select({
        saleId: sales.saleId,
        customerId: sales.customerId,
        occurredAt: sales.occurredAt,
        totalMinor: sales.totalMinor,
        recordedAt: sales.recordedAt,
      })
      .from(sales)
      .where(
        and(
          eq(sales.merchantId, sql.placeholder('merchantId')),
          gt(sales.saleId, sql.placeholder('afterId')),
        ),
      )
      .orderBy(asc(sales.saleId))
      .limit(sql.placeholder('limit')),
);

/** A page of the refunds written since, with the sales they paid back. */
export const listRefundsSince = prepared<{ merchantId: string; afterId: string; limit: number }>()(
  (db, { refunds, sales }) =>
    db
      .select({
        refundId: refunds.refundId,
        saleId: refunds.saleId,
        amountMinor: refunds.amountMinor,
        refundedAt: refunds.refundedAt,
        recordedAt: refunds.recordedAt,
        customerId: sales.customerId,
        occurredAt: sales.occurredAt,
        totalMinor: sales.totalMinor,
        saleRecordedAt: sales.recordedAt,
      })
      .from(refunds)
      .innerJoin(sales, and(eq(sales.merchantId, refunds.merchantId), eq(sales.saleId, refunds.saleId)))
      .where(
        and(
          eq(refunds.merchantId, sql.placeholder('merchantId')),
          gt(refunds.refundId, sql.placeholder('afterId')),
        ),
      )
      .orderBy(asc(refunds.refundId))
      .limit(sql.placeholder('limit')),
);

/** A page of the gestures written since, also those undone. */
export const listGesturesSince = prepared<{ merchantId: string; afterId: string; limit: number }>()(
  (db, { gestures }) =>
    db
      .select({
        gestureId: gestures.gestureId,
        customerId: gestures.customerId,
        givenAt: gestures.givenAt,
        recordedAt: gestures.recordedAt,
        undoneAt: gestures.undoneAt,
      })
      .from(gestures)
      .where(
        and(
          eq(gestures.merchantId, sql.placeholder('merchantId')),
          gt(gestures.gestureId, sql.placeholder('afterId')),
        ),
      )
      .orderBy(asc(gestures.gestureId))
      .limit(sql.placeholder('limit')),
);

/**
 * The oldest of so many sales that were recorded before one, as far back as one statement should look. None when there
 * are fewer. Found in the index alone.
 */
export const findSaleStepBack = prepared<{ merchantId: string; beforeSaleId: string; others: number }>()(
  (db, { sales }) =>
    db
      .select({ saleId: sales.saleId, recordedAt: sales.recordedAt })
      .from(sales)
      .where(
        and(
          eq(sales.merchantId, sql.placeholder('merchantId')),
          lt(sales.saleId, sql.placeholder('beforeSaleId')),
        ),
      )
      .orderBy(desc(sales.saleId))
      .limit(1)
      .offset(sql.placeholder('others')),
);

/**
 * A page of the sales on cards that were rung up at a till, the newest first, each with the draws of its customer's day
 * (one at most) and whether the customer works here. It looks back as far as `fromSaleId`, for those of a large file may
 * lie between them.
 */
export const listSalesAtTills = prepared<{
  merchantId: string;
  fromSaleId: string;
  beforeSaleId: string;
  limit: number;
}>()((db, { sales, draws, customers }) => {
  const drawsOfDay = db
    .select({ draws: count() })
    .from(draws)
    .where(
      and(
        eq(draws.merchantId, sales.merchantId),
        eq(draws.customerId, sales.customerId),
        eq(draws.businessDay, sales.businessDay),
      ),
    );
  return db
    .select({
      saleId: sales.saleId,
      customerId: customers.customerId,
      staffId: customers.staffId,
      locationId: sales.locationId,
      businessDay: sales.businessDay,
      occurredAt: sales.occurredAt,
      recordedAt: sales.recordedAt,
      drawsOfDay: sql<number>`(${drawsOfDay})`.mapWith(Number),
    })
    .from(sales)
    .innerJoin(
      customers,
      and(eq(customers.merchantId, sales.merchantId), eq(customers.customerId, sales.customerId)),
    )
    .where(
      and(
        eq(sales.merchantId, sql.placeholder('merchantId')),
        gte(sales.saleId, sql.placeholder('fromSaleId')),
        lt(sales.saleId, sql.placeholder('beforeSaleId')),
        eq(sales.source, 'till'),
      ),
    )
    .orderBy(desc(sales.saleId))
    .limit(sql.placeholder('limit'));
});

/** When a customer was last given something before an instant, standing or not yet undone then. */
export const findGestureBefore = prepared<{ merchantId: string; customerId: string; before: Date }>()(
  (db, { gestures }) =>
    db
      .select({ givenAt: gestures.givenAt })
      .from(gestures)
      .where(
        and(
          eq(gestures.merchantId, sql.placeholder('merchantId')),
          eq(gestures.customerId, sql.placeholder('customerId')),
          lt(gestures.givenAt, givenFor(gestures.givenAt, 'before')),
          isNull(gestures.undoneAt),
        ),
      )
      .orderBy(desc(gestures.givenAt))
      .limit(1),
);

/** Where and when a season's cap was reached. */
export const listFullDays = (
  queries: Queries,
  { merchantId, seasonId, dailyCap }: { merchantId: string; seasonId: string; dailyCap: number },
) =>
  queries.query((db, { drawCounters }) =>
    db
      .select({ locationId: drawCounters.locationId, businessDay: drawCounters.businessDay })
      .from(drawCounters)
      .where(
        and(
          eq(drawCounters.merchantId, merchantId),
          eq(drawCounters.seasonId, seasonId),
          gte(drawCounters.drawnCount, dailyCap),
        ),
      ),
  );

/** What was told of a season, day by day. */
export const listEvidenceReports = (
  queries: Queries,
  { merchantId, seasonId, limit }: { merchantId: string; seasonId: string; limit: number },
): Promise<EvidenceReportRow[]> =>
  queries.query((db, { evidenceReports }) =>
    db
      .select()
      .from(evidenceReports)
      .where(and(eq(evidenceReports.merchantId, merchantId), eq(evidenceReports.seasonId, seasonId)))
      .orderBy(desc(evidenceReports.day))
      .limit(limit),
  );

/** Keeps the report of a day; the first that is kept stays, and no row comes back for another. */
export const insertEvidenceReport = (tx: Queries, row: EvidenceReportRow) =>
  tx.query((db, { evidenceReports }) =>
    db
      .insert(evidenceReports)
      .values(row)
      .onConflictDoNothing({
        target: [evidenceReports.merchantId, evidenceReports.seasonId, evidenceReports.day],
      })
      .returning({ reportId: evidenceReports.reportId }),
  );
