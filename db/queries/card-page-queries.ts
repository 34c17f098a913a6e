import { and, asc, desc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { prepared } from '../database.ts';
import type { Builder, Queries, Tables } from '../database.ts';
import { givenFor } from './placeholders.ts';
import { versionOfCard } from './version-of-card.ts';

/** Rows of a card's ledger, and gestures, that its page looks at. */
const MAX_ENTRIES = 60;
const MAX_GESTURES = 20;
const MAX_REWARDS = 20;

function selectCardPages(db: Builder, { cards, customers, locations, merchants, programVersions }: Tables) {
  return db
    .select({
      merchantId: cards.merchantId,
      cardId: cards.cardId,
      customerId: cards.customerId,
      joinedIntoId: cards.joinedIntoId,
      shortCode: cards.shortCode,
      secretHash: cards.secretHash,
      balance: cards.balance,
      heldStamps: cards.heldStamps,
      blockedAt: cards.blockedAt,
      createdAt: cards.createdAt,
      customerName: customers.name,
      email: customers.email,
      pendingEmail: customers.pendingEmail,
      phone: customers.phone,
      preferences: customers.preferences,
      shopName: merchants.name,
      currency: merchants.currency,
      logoPictureId: merchants.logoPictureId,
      timeZone: locations.timeZone,
      joinCode: locations.joinCode,
      stampsRequired: programVersions.stampsRequired,
      rewardName: programVersions.rewardName,
      colour: programVersions.colour,
      pictureId: programVersions.pictureId,
    })
    .from(cards)
    .innerJoin(merchants, eq(merchants.merchantId, cards.merchantId))
    .innerJoin(
      customers,
      and(eq(customers.merchantId, cards.merchantId), eq(customers.customerId, cards.customerId)),
    )
    .innerJoin(
      locations,
      and(eq(locations.merchantId, cards.merchantId), eq(locations.locationId, cards.locationId)),
    )
    .innerJoin(programVersions, versionOfCard({ cards, programVersions }));
}

/** Without `merchantId`: the secret in the link, of which this is the hash, says whose card it is. */
export const findCardBySecret = prepared<{ secretHash: string }>()((db, t) =>
  selectCardPages(db, t).where(eq(t.cards.secretHash, sql.placeholder('secretHash'))),
);

export type CardPageRow = Awaited<ReturnType<typeof findCardBySecret>>[number];

/** The card that another one was joined with. */
export const findCardPageById = prepared<{ merchantId: string; cardId: string }>()((db, t) =>
  selectCardPages(db, t).where(
    and(eq(t.cards.merchantId, sql.placeholder('merchantId')), eq(t.cards.cardId, sql.placeholder('cardId'))),
  ),
);

/** Open rewards, and those redeemed after `redeemedAfter`; the oldest first. */
export const listRewardsToShow = prepared<{ merchantId: string; cardId: string; redeemedAfter: Date }>()((
  db,
  { rewards },
) => {
  // Named as a parameter of the column: a bare placeholder would reach SQLite as a Date, which it cannot bind.
  const instantGiven = givenFor(rewards.redeemedAt, 'redeemedAfter');
  return db
    .select({
      rewardId: rewards.rewardId,
      kind: rewards.kind,
      name: rewards.name,
      stamps: rewards.stamps,
      status: rewards.status,
      expiresAt: rewards.expiresAt,
    })
    .from(rewards)
    .where(
      and(
        eq(rewards.merchantId, sql.placeholder('merchantId')),
        eq(rewards.cardId, sql.placeholder('cardId')),
        or(
          eq(rewards.status, 'open'),
          and(eq(rewards.status, 'redeemed'), gt(rewards.redeemedAt, instantGiven)),
        ),
      ),
    )
    .orderBy(asc(rewards.rewardId))
    .limit(MAX_REWARDS);
});

function selectRecentEntries(
  db: Builder,
  { entries, gestures, rewards, sales, staff }: Tables,
  isOfCard: SQL | undefined,
) {
  return db
    .select({
      cardId: entries.cardId,
      kind: entries.kind,
      stamps: entries.stamps,
      at: entries.at,
      saleId: entries.saleId,
      refundId: entries.refundId,
      saleLines: sales.lines,
      rewardName: rewards.name,
      rewardExpiresAt: rewards.expiresAt,
      gestureKind: gestures.kind,
      gestureReason: gestures.reason,
      gestureUndoneAt: gestures.undoneAt,
      giverName: staff.name,
    })
    .from(entries)
    .leftJoin(sales, and(eq(sales.merchantId, entries.merchantId), eq(sales.saleId, entries.saleId)))
    .leftJoin(
      rewards,
      and(eq(rewards.merchantId, entries.merchantId), eq(rewards.rewardId, entries.rewardId)),
    )
    .leftJoin(
      gestures,
      and(eq(gestures.merchantId, entries.merchantId), eq(gestures.gestureId, entries.gestureId)),
    )
    .leftJoin(staff, and(eq(staff.merchantId, gestures.merchantId), eq(staff.staffId, gestures.staffId)))
    .where(isOfCard)
    .orderBy(desc(entries.sequence))
    .limit(MAX_ENTRIES);
}

/** The last entries of a card with what they were for, the newest first. */
export const listRecentEntries = prepared<{ merchantId: string; cardId: string }>()((db, t) =>
  selectRecentEntries(
    db,
    t,
    and(
      eq(t.entries.merchantId, sql.placeholder('merchantId')),
      eq(t.entries.cardId, sql.placeholder('cardId')),
    ),
  ),
);

/** As `listRecentEntries`, of a card and those that were joined with it. */
export const listRecentEntriesOfCards = (
  queries: Queries,
  { merchantId, cardIds }: { merchantId: string; cardIds: string[] },
) =>
  queries.query((db, t) =>
    selectRecentEntries(db, t, and(eq(t.entries.merchantId, merchantId), inArray(t.entries.cardId, cardIds))),
  );

/** The last gestures to a card that were not undone, the newest first. */
export const listRecentGestures = prepared<{ merchantId: string; customerId: string; cardId: string }>()(
  (db, { gestures, staff, thanks }) =>
    db
      .select({
        gestureId: gestures.gestureId,
        kind: gestures.kind,
        reason: gestures.reason,
        itemName: gestures.itemName,
        givenAt: gestures.givenAt,
        giverName: staff.name,
        thankedAt: thanks.thankedAt,
      })
      .from(gestures)
      .innerJoin(staff, and(eq(staff.merchantId, gestures.merchantId), eq(staff.staffId, gestures.staffId)))
      .leftJoin(
        thanks,
        and(eq(thanks.merchantId, gestures.merchantId), eq(thanks.gestureId, gestures.gestureId)),
      )
      .where(
        and(
          eq(gestures.merchantId, sql.placeholder('merchantId')),
          eq(gestures.customerId, sql.placeholder('customerId')),
          eq(gestures.cardId, sql.placeholder('cardId')),
          isNull(gestures.undoneAt),
        ),
      )
      .orderBy(desc(gestures.givenAt), desc(gestures.gestureId))
      .limit(MAX_GESTURES),
);

/** Without `merchantId`: the code on the poster says which shop it hangs in, or hung in. */
export const findJoinPlace = prepared<{ joinCode: string }>()((db, { locations, merchants }) =>
  db
    .select({
      merchantId: locations.merchantId,
      locationId: locations.locationId,
      shopName: merchants.name,
      logoPictureId: merchants.logoPictureId,
      locationName: locations.name,
      endedAt: locations.endedAt,
    })
    .from(locations)
    .innerJoin(merchants, eq(merchants.merchantId, locations.merchantId))
    .where(eq(locations.joinCode, sql.placeholder('joinCode')))
    .limit(1),
);
