import { and, asc, desc, eq, isNull, lt, or, sql } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Builder, Queries, Tables } from '../database.ts';
import { given, placeholders } from './placeholders.ts';
import { versionOfCard } from './version-of-card.ts';

function selectCards(db: Builder, { cards, customers, programs, programVersions }: Tables) {
  return db
    .select({
      cardId: cards.cardId,
      customerId: cards.customerId,
      programId: cards.programId,
      locationId: cards.locationId,
      shortCode: cards.shortCode,
      secretHash: cards.secretHash,
      balance: cards.balance,
      heldStamps: cards.heldStamps,
      openRewardCount: cards.openRewardCount,
      lastVisitAt: cards.lastVisitAt,
      blockedAt: cards.blockedAt,
      joinedIntoId: cards.joinedIntoId,
      createdAt: cards.createdAt,
      customerName: customers.name,
      customerStaffId: customers.staffId,
      preferences: customers.preferences,
      forgottenAt: customers.forgottenAt,
      currentVersion: programs.currentVersion,
      version: programVersions.version,
      stampsRequired: programVersions.stampsRequired,
      rewardName: programVersions.rewardName,
      rewardCostMinor: programVersions.rewardCostMinor,
      accrual: programVersions.accrual,
      expiryDays: programVersions.expiryDays,
    })
    .from(cards)
    .innerJoin(
      customers,
      and(eq(customers.merchantId, cards.merchantId), eq(customers.customerId, cards.customerId)),
    )
    .innerJoin(
      programs,
      and(eq(programs.merchantId, cards.merchantId), eq(programs.programId, cards.programId)),
    )
    .innerJoin(programVersions, versionOfCard({ cards, programVersions }));
}

export const findCardByCode = prepared<{ merchantId: string; codeHash: string }>()((db, t) =>
  selectCards(db, t).where(
    and(
      eq(t.cards.merchantId, sql.placeholder('merchantId')),
      eq(t.cards.codeHash, sql.placeholder('codeHash')),
    ),
  ),
);

export const findCardByShortCode = prepared<{ merchantId: string; shortCode: string }>()((db, t) =>
  selectCards(db, t).where(
    and(
      eq(t.cards.merchantId, sql.placeholder('merchantId')),
      eq(t.cards.shortCode, sql.placeholder('shortCode')),
    ),
  ),
);

export const findCardById = prepared<{ merchantId: string; cardId: string }>()((db, t) =>
  selectCards(db, t).where(
    and(eq(t.cards.merchantId, sql.placeholder('merchantId')), eq(t.cards.cardId, sql.placeholder('cardId'))),
  ),
);

/** A card with its customer, and the version of the program its stamps are collected under. */
export type CardRow = Awaited<ReturnType<typeof findCardById>>[number];

export const findProgramVersion = prepared<{ merchantId: string; programId: string; version: number }>()(
  (db, { programVersions }) =>
    db
      .select()
      .from(programVersions)
      .where(
        and(
          eq(programVersions.merchantId, sql.placeholder('merchantId')),
          eq(programVersions.programId, sql.placeholder('programId')),
          eq(programVersions.version, sql.placeholder('version')),
        ),
      ),
);

/** The versions of a program that have such a reward, the newest first. */
export const listVersionsWithReward = prepared<{
  merchantId: string;
  programId: string;
  stampsRequired: number;
  rewardName: string;
}>()((db, { programVersions }) =>
  db
    .select()
    .from(programVersions)
    .where(
      and(
        eq(programVersions.merchantId, sql.placeholder('merchantId')),
        eq(programVersions.programId, sql.placeholder('programId')),
        eq(programVersions.stampsRequired, sql.placeholder('stampsRequired')),
        eq(programVersions.rewardName, sql.placeholder('rewardName')),
      ),
    )
    .orderBy(desc(programVersions.version)),
);

/** The merchant's programs that still give out cards, the oldest first. */
export const listOpenPrograms = prepared<{ merchantId: string }>()((db, { programs }) =>
  db
    .select()
    .from(programs)
    .where(and(eq(programs.merchantId, sql.placeholder('merchantId')), isNull(programs.endedAt)))
    .orderBy(asc(programs.programId)),
);

export const insertCustomer = prepared<Tables['customers']['$inferSelect']>()((db, { customers }) =>
  db.insert(customers).values(placeholders(customers)),
);

export const insertCard = prepared<Tables['cards']['$inferSelect']>()((db, { cards }) =>
  db.insert(cards).values(placeholders(cards)),
);

export const updateCardTotals = prepared<{
  merchantId: string;
  cardId: string;
  programVersion: number;
  balance: number;
  heldStamps: number;
  openRewardCount: number;
  lastVisitAt: Date | null;
}>()((db, { cards }) =>
  db
    .update(cards)
    .set({
      programVersion: given('programVersion'),
      balance: given('balance'),
      heldStamps: given('heldStamps'),
      openRewardCount: given('openRewardCount'),
      lastVisitAt: given('lastVisitAt'),
    })
    .where(
      and(eq(cards.merchantId, sql.placeholder('merchantId')), eq(cards.cardId, sql.placeholder('cardId'))),
    ),
);

/** Uses up a card's live codes to this time step; no row when this step, or a later one, was used before. */
export const moveLiveStep = (
  tx: Queries,
  { merchantId, cardId, step }: { merchantId: string; cardId: string; step: number },
) =>
  tx.query((db, { cards }) =>
    db
      .update(cards)
      .set({ liveStep: step })
      .where(
        and(
          eq(cards.merchantId, merchantId),
          eq(cards.cardId, cardId),
          or(isNull(cards.liveStep), lt(cards.liveStep, step)),
        ),
      )
      .returning({ cardId: cards.cardId }),
  );
