import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  max,
  ne,
  or,
  sql,
  sum,
} from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';
import { refundedOfSale } from './refunded-of-sale.ts';
import { versionOfCard } from './version-of-card.ts';

export type CustomerRow = Tables['customers']['$inferSelect'];
export type CustomerChange = Partial<Omit<CustomerRow, 'merchantId' | 'customerId' | 'createdAt'>>;

/** What customers are searched for by; of several, any may fit. Without one: everybody. */
export interface CustomerSearch {
  /** Begins a name, or a word of one; from `nameKeyOf`, so it holds no wildcard. */
  nameKey?: string | undefined;
  /** The last figures of a phone number, and its last four. */
  phone?: { digits: string; phoneEnd: string } | undefined;
  /** Begins an e-mail address; lower case, without wildcards. */
  email?: string | undefined;
  /** The customer of a card whose code was given. */
  customerId?: string | undefined;
}

/** Customers who fit, whoever was here last first; after the one seen at `before.at`. */
export function searchCustomers(
  tx: Queries,
  {
    merchantId,
    search,
    before,
    limit,
  }: {
    merchantId: string;
    search: CustomerSearch | null;
    before: { at: Date; id: string } | null;
    limit: number;
  },
) {
  return tx.query((db, { customers, cards }) => {
    // A card nobody has used yet counts from when it was made, so that nothing here is null.
    const lastSeen = sql`max(coalesce(${cards.lastVisitAt}, ${cards.createdAt}))`;
    const at = before && sql.param(before.at, cards.createdAt);
    // First of all, or SQLite reads every card to look at its customer.
    const found = db
      .select({ customerId: customers.customerId })
      .from(customers)
      .where(
        search ? and(eq(customers.merchantId, merchantId), or(...fitting(customers, search))) : undefined,
      );
    return db
      .select({
        customerId: customers.customerId,
        name: customers.name,
        phoneEnd: customers.phoneEnd,
        email: customers.email,
        preferences: customers.preferences,
        seenAt: lastSeen.mapWith(cards.createdAt) as SQL<Date>,
        lastVisitAt: max(cards.lastVisitAt),
      })
      .from(customers)
      .innerJoin(
        cards,
        and(eq(cards.merchantId, customers.merchantId), eq(cards.customerId, customers.customerId)),
      )
      .where(
        and(
          eq(customers.merchantId, merchantId),
          isNull(customers.forgottenAt),
          isNull(customers.joinedIntoId),
          search ? inArray(customers.customerId, found) : undefined,
        ),
      )
      .groupBy(customers.merchantId, customers.customerId)
      .having(
        before
          ? sql`(${lastSeen} < ${at} or (${lastSeen} = ${at} and ${customers.customerId} < ${before.id}))`
          : undefined,
      )
      .orderBy(desc(lastSeen), desc(customers.customerId))
      .limit(limit);
  });
}

/** A search for nothing fits nobody. */
function fitting(customers: Tables['customers'], search: CustomerSearch): SQL[] {
  const { nameKey, phone, email, customerId } = search;
  const conditions = [
    nameKey && hasNamePart(customers, nameKey),
    phone && and(eq(customers.phoneEnd, phone.phoneEnd), like(customers.phone, `%${phone.digits}`)),
    email && sql`${customers.email} like ${`${withoutWildcards(email)}%`} escape '!'`,
    customerId && eq(customers.customerId, customerId),
  ].filter((condition) => typeof condition === 'object');
  return conditions.length > 0 ? conditions : [eq(customers.customerId, '')];
}

/** An address may hold what is a wildcard to `like`: `ada_b@example.com`. */
function withoutWildcards(text: string): string {
  return text.replaceAll(/[!%_]/g, '!$&');
}

/** Whether a name, or a word of it, begins so; `nameKey` holds no wildcard. */
export function hasNamePart(customers: Tables['customers'], nameKey: string): SQL | undefined {
  return or(like(customers.nameKey, `${nameKey}%`), like(customers.nameKey, `% ${nameKey}%`));
}

/** Whatever became of them: forgotten and joined customers too. */
export async function findCustomer(
  tx: Queries,
  { merchantId, customerId }: { merchantId: string; customerId: string },
): Promise<CustomerRow | undefined> {
  const rows = await tx.query((db, { customers }) =>
    db
      .select()
      .from(customers)
      .where(and(eq(customers.merchantId, merchantId), eq(customers.customerId, customerId))),
  );
  return rows[0];
}

/** The customers who turned out to be this one. */
export function listJoinedCustomers(
  tx: Queries,
  { merchantId, customerId }: { merchantId: string; customerId: string },
) {
  return tx.query((db, { customers }) =>
    db
      .select({ customerId: customers.customerId })
      .from(customers)
      .where(and(eq(customers.merchantId, merchantId), eq(customers.joinedIntoId, customerId))),
  );
}

export function updateCustomer(
  tx: Queries,
  { merchantId, customerId, change }: { merchantId: string; customerId: string; change: CustomerChange },
) {
  return tx.query((db, { customers }) =>
    db
      .update(customers)
      .set(change)
      .where(and(eq(customers.merchantId, merchantId), eq(customers.customerId, customerId))),
  );
}

/** Customers with a name and no key to find it by, in the order of their ids. */
export function listNamedWithoutKey(
  tx: Queries,
  { merchantId, after, limit }: { merchantId: string; after: string; limit: number },
) {
  return tx.query((db, { customers }) =>
    db
      .select({ customerId: customers.customerId, name: customers.name })
      .from(customers)
      .where(
        and(
          eq(customers.merchantId, merchantId),
          isNotNull(customers.name),
          isNull(customers.nameKey),
          gt(customers.customerId, after),
        ),
      )
      .orderBy(asc(customers.customerId))
      .limit(limit),
  );
}

/** Gives a name its key, unless it is another name by now. */
export function fillNameKey(
  tx: Queries,
  {
    merchantId,
    customerId,
    name,
    nameKey,
  }: { merchantId: string; customerId: string; name: string; nameKey: string },
) {
  return tx.query((db, { customers }) =>
    db
      .update(customers)
      .set({ nameKey })
      .where(
        and(
          eq(customers.merchantId, merchantId),
          eq(customers.customerId, customerId),
          eq(customers.name, name),
        ),
      ),
  );
}

interface SomeCustomers {
  merchantId: string;
  customerIds: string[];
}

/** The cards of some customers with the rule their stamps are collected under; the oldest first. */
export function listCardsOfCustomers(tx: Queries, { merchantId, customerIds }: SomeCustomers) {
  return tx.query((db, { cards, locations, programs, programVersions }) =>
    db
      .select({
        cardId: cards.cardId,
        customerId: cards.customerId,
        shortCode: cards.shortCode,
        balance: cards.balance,
        heldStamps: cards.heldStamps,
        openRewardCount: cards.openRewardCount,
        lastVisitAt: cards.lastVisitAt,
        createdAt: cards.createdAt,
        blockedAt: cards.blockedAt,
        joinedIntoId: cards.joinedIntoId,
        secretHash: cards.secretHash,
        locationId: cards.locationId,
        locationName: locations.name,
        programName: programs.name,
        stampsRequired: programVersions.stampsRequired,
        rewardName: programVersions.rewardName,
        colour: programVersions.colour,
      })
      .from(cards)
      .innerJoin(
        locations,
        and(eq(locations.merchantId, cards.merchantId), eq(locations.locationId, cards.locationId)),
      )
      .innerJoin(
        programs,
        and(eq(programs.merchantId, cards.merchantId), eq(programs.programId, cards.programId)),
      )
      .innerJoin(programVersions, versionOfCard({ cards, programVersions }))
      .where(and(eq(cards.merchantId, merchantId), inArray(cards.customerId, customerIds)))
      .orderBy(asc(cards.cardId)),
  );
}

/** What some customers bought here: sales, and what they paid. */
export async function sumSalesOfCustomers(
  tx: Queries,
  { merchantId, customerIds }: SomeCustomers,
): Promise<{ saleCount: number; totalMinor: number }> {
  const rows = await tx.query((db, { sales }) =>
    db
      .select({ saleCount: count(), totalMinor: sum(sales.totalMinor).mapWith(Number) })
      .from(sales)
      .where(and(eq(sales.merchantId, merchantId), inArray(sales.customerId, customerIds))),
  );
  return { saleCount: rows[0]?.saleCount ?? 0, totalMinor: rows[0]?.totalMinor ?? 0 };
}

/** What was paid back of what they bought. */
export async function sumRefundsOfCustomers(
  tx: Queries,
  { merchantId, customerIds }: SomeCustomers,
): Promise<number> {
  const rows = await tx.query((db, { sales, refunds }) =>
    db
      .select({ amountMinor: sum(refunds.amountMinor).mapWith(Number) })
      .from(sales)
      .innerJoin(refunds, and(eq(refunds.merchantId, sales.merchantId), eq(refunds.saleId, sales.saleId)))
      .where(and(eq(sales.merchantId, merchantId), inArray(sales.customerId, customerIds))),
  );
  return rows[0]?.amountMinor ?? 0;
}

/** Gestures they were given and that were not undone: how many, what they cost, and the last. */
export async function sumGesturesOfCustomers(
  tx: Queries,
  { merchantId, customerIds }: SomeCustomers,
): Promise<{ gestureCount: number; costMinor: number; lastGivenAt: Date | null }> {
  const rows = await tx.query((db, { gestures }) =>
    db
      .select({
        gestureCount: count(),
        costMinor: sum(gestures.costMinor).mapWith(Number),
        lastGivenAt: max(gestures.givenAt),
      })
      .from(gestures)
      .where(
        and(
          eq(gestures.merchantId, merchantId),
          inArray(gestures.customerId, customerIds),
          isNull(gestures.undoneAt),
        ),
      ),
  );
  const { gestureCount = 0, costMinor = 0, lastGivenAt = null } = rows[0] ?? {};
  return { gestureCount, costMinor: costMinor ?? 0, lastGivenAt };
}

/** A page of the ledger of some cards with what each entry was for, the newest first, from before `beforeSequence`. */
export function listHistory(
  tx: Queries,
  {
    merchantId,
    cardIds,
    beforeSequence,
    limit,
  }: { merchantId: string; cardIds: string[]; beforeSequence: number; limit: number },
) {
  return tx.query((db, { entries, gestures, locations, rewards, refunds, sales, staff, thanks }) =>
    db
      .select({
        sequence: entries.sequence,
        cardId: entries.cardId,
        kind: entries.kind,
        stamps: entries.stamps,
        at: entries.at,
        locationName: locations.name,
        timeZone: locations.timeZone,
        cutOffMinutes: locations.cutOffMinutes,
        dayFloor: locations.dayFloor,
        dayFloorAt: locations.dayFloorAt,
        staffName: staff.name,
        saleId: entries.saleId,
        saleTotalMinor: sales.totalMinor,
        saleLines: sales.lines,
        saleStampsEarned: sales.stampsEarned,
        rewardName: rewards.name,
        rewardKind: rewards.kind,
        refundMinor: refunds.amountMinor,
        gestureId: entries.gestureId,
        gestureKind: gestures.kind,
        gestureReason: gestures.reason,
        gestureNote: gestures.note,
        gestureItemName: gestures.itemName,
        gestureUndoneAt: gestures.undoneAt,
        gestureDay: gestures.businessDay,
        gestureIsPast: gestures.isPast,
        gestureRecordedAt: gestures.recordedAt,
        thankedAt: thanks.thankedAt,
      })
      .from(entries)
      .innerJoin(
        locations,
        and(eq(locations.merchantId, entries.merchantId), eq(locations.locationId, entries.locationId)),
      )
      .leftJoin(staff, and(eq(staff.merchantId, entries.merchantId), eq(staff.staffId, entries.staffId)))
      .leftJoin(sales, and(eq(sales.merchantId, entries.merchantId), eq(sales.saleId, entries.saleId)))
      .leftJoin(
        rewards,
        and(eq(rewards.merchantId, entries.merchantId), eq(rewards.rewardId, entries.rewardId)),
      )
      .leftJoin(
        refunds,
        and(eq(refunds.merchantId, entries.merchantId), eq(refunds.refundId, entries.refundId)),
      )
      .leftJoin(
        gestures,
        and(eq(gestures.merchantId, entries.merchantId), eq(gestures.gestureId, entries.gestureId)),
      )
      .leftJoin(
        thanks,
        and(eq(thanks.merchantId, entries.merchantId), eq(thanks.gestureId, entries.gestureId)),
      )
      .where(
        and(
          eq(entries.merchantId, merchantId),
          inArray(entries.cardId, cardIds),
          lt(entries.sequence, beforeSequence),
        ),
      )
      .orderBy(desc(entries.sequence))
      .limit(limit),
  );
}

/** What a customer bought that earned no stamp, the newest first, each with what was refunded of it. */
export function listSalesWithoutStamps(
  tx: Queries,
  { merchantId, customerId, limit }: { merchantId: string; customerId: string; limit: number },
) {
  return tx.query((db, { sales, refunds, locations }) =>
    db
      .select({
        saleId: sales.saleId,
        cardId: sales.cardId,
        at: sales.occurredAt,
        locationName: locations.name,
        totalMinor: sales.totalMinor,
        lines: sales.lines,
        refundedMinor: refundedOfSale(db, { sales, refunds }),
      })
      .from(sales)
      .innerJoin(
        locations,
        and(eq(locations.merchantId, sales.merchantId), eq(locations.locationId, sales.locationId)),
      )
      .where(
        and(eq(sales.merchantId, merchantId), eq(sales.customerId, customerId), eq(sales.stampsEarned, 0)),
      )
      .orderBy(desc(sales.occurredAt), desc(sales.saleId))
      .limit(limit),
  );
}

/** The draws at random that were made for some customers, the newest first. */
export function listDrawsOfCustomers(
  tx: Queries,
  { merchantId, customerIds, limit }: { merchantId: string; customerIds: string[]; limit: number },
) {
  return tx.query((db, { draws, seasons, locations }) =>
    db
      .select({
        drawnAt: draws.drawnAt,
        kind: seasons.kind,
        locationName: locations.name,
        isDrawn: draws.isDrawn,
        covariates: draws.covariates,
      })
      .from(draws)
      .innerJoin(seasons, and(eq(seasons.merchantId, draws.merchantId), eq(seasons.seasonId, draws.seasonId)))
      .innerJoin(
        locations,
        and(eq(locations.merchantId, draws.merchantId), eq(locations.locationId, draws.locationId)),
      )
      .where(and(eq(draws.merchantId, merchantId), inArray(draws.customerId, customerIds)))
      .orderBy(desc(draws.drawnAt), desc(draws.drawId))
      .limit(limit),
  );
}

/** The open rewards of some cards, the oldest first. */
export function listOpenRewardsToShow(
  tx: Queries,
  { merchantId, cardIds }: { merchantId: string; cardIds: string[] },
) {
  return tx.query((db, { rewards }) =>
    db
      .select({
        rewardId: rewards.rewardId,
        cardId: rewards.cardId,
        kind: rewards.kind,
        name: rewards.name,
        earnedAt: rewards.earnedAt,
        expiresAt: rewards.expiresAt,
      })
      .from(rewards)
      .where(
        and(eq(rewards.merchantId, merchantId), inArray(rewards.cardId, cardIds), eq(rewards.status, 'open')),
      )
      .orderBy(asc(rewards.rewardId)),
  );
}

/** Blocks a card at an instant, or lifts the block with null. */
export function updateBlock(
  tx: Queries,
  { merchantId, cardId, blockedAt }: { merchantId: string; cardId: string; blockedAt: Date | null },
) {
  return tx.query((db, { cards }) =>
    db
      .update(cards)
      .set({ blockedAt })
      .where(and(eq(cards.merchantId, merchantId), eq(cards.cardId, cardId))),
  );
}

/** Gives a card another secret: what opened it before opens nothing now. */
export function updateCardSecret(
  tx: Queries,
  {
    merchantId,
    cardId,
    secretHash,
    codeHash,
  }: { merchantId: string; cardId: string; secretHash: string; codeHash: string },
) {
  return tx.query((db, { cards }) =>
    db
      .update(cards)
      .set({ secretHash, codeHash })
      .where(and(eq(cards.merchantId, merchantId), eq(cards.cardId, cardId))),
  );
}

/** Whether somebody else here has this phone number too. */
export async function isPhoneShared(
  tx: Queries,
  { merchantId, customerId, phone }: { merchantId: string; customerId: string; phone: string },
): Promise<boolean> {
  const rows = await tx.query((db, { customers }) =>
    db
      .select({ customerId: customers.customerId })
      .from(customers)
      .where(
        and(
          eq(customers.merchantId, merchantId),
          eq(customers.phoneEnd, phone.slice(-4)),
          eq(customers.phone, phone),
          ne(customers.customerId, customerId),
          isNull(customers.joinedIntoId),
          isNotNull(customers.phone),
        ),
      )
      .limit(1),
  );
  return rows.length > 0;
}
