import { sql } from 'drizzle-orm';
import type { Covariates } from '../src/evidence/covariates.ts';
import type { AllowanceScope } from '../src/loyalty/allowance.ts';
import type { Period } from '../src/loyalty/business-day.ts';
import type { EntryKind, RewardKind } from '../src/loyalty/card.ts';
import type { Funding, GestureKind, GestureReason } from '../src/loyalty/gesture.ts';
import type { Accrual, SaleLine } from '../src/loyalty/program.ts';
import type { RewardStatus } from '../src/loyalty/reward.ts';
import type { Role } from '../src/loyalty/role.ts';
import type { Columns } from './columns.ts';

export type Chain = 'ledger' | 'audit' | 'draws';
/** How it was made sure that the person redeeming holds the card. */
export type RedemptionProof = 'live_code' | 'override';
/** The three ways of drawing at random that tell what gestures cause. */
export type DrawKind = 'lucky' | 'bonus' | 'suggestion';
export type CodePurpose = 'keep_safe' | 'find_card';
export type KeptTapEnd = 'applied' | 'dismissed';

/**
 * Every table, written once for both databases. Every primary, unique and foreign key begins with `merchantId`:
 * nothing is shared between merchants. Nothing cascades: a row is ended, not deleted.
 */
export function defineTables(columns: Columns) {
  const { table, text, integer, bigInteger, boolean, instant, json } = columns;
  const { primaryKey, foreignKey, index, uniqueIndex } = columns;

  const merchants = table('merchants', {
    merchantId: text().primaryKey(),
    name: text().notNull(),
    currency: text().notNull(),
    /** 0 Sunday to 6 Saturday. Chosen at set-up and never edited: a week in progress would be counted twice. */
    weekStartsOn: integer().notNull(),
    visitMinutes: integer().notNull(),
    coolDownDays: integer().notNull(),
    isMadeUp: boolean().notNull(),
    logoPictureId: text(),
    createdAt: instant().notNull(),
  });

  const locations = table(
    'locations',
    {
      merchantId: text().notNull(),
      locationId: text().notNull(),
      name: text().notNull(),
      timeZone: text().notNull(),
      cutOffMinutes: integer().notNull(),
      /** The business day on which zone or cut-off was last edited: days never go back before it. */
      dayFloor: text(),
      /** When that was; what happened before is of the day it would be without. */
      dayFloorAt: instant(),
      joinCode: text().notNull(),
      createdAt: instant().notNull(),
      endedAt: instant(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.locationId] }),
      foreignKey({ columns: [t.merchantId], foreignColumns: [merchants.merchantId] }),
      uniqueIndex('locations_by_join_code').on(t.merchantId, t.joinCode),
    ],
  );

  const staff = table(
    'staff',
    {
      merchantId: text().notNull(),
      staffId: text().notNull(),
      name: text().notNull(),
      role: text<Role>().notNull(),
      /** Lower case. Only owners and managers sign in by e-mail address. */
      email: text(),
      passwordHash: text(),
      pinHash: text(),
      /** The secret of the second factor, sealed with a key kept outside the database; null without one. */
      totpSecret: text(),
      /** When the first code from it was right: before, it is not asked for. */
      totpConfirmedAt: instant(),
      /** The last time step whose code was used: each works once. */
      totpLastStep: integer(),
      /** SHA-256 of the codes that stand in for a lost phone; each is taken out when it is used. */
      recoveryCodeHashes: json<string[]>(),
      /** The only location this person works at; null for all. */
      locationId: text(),
      createdAt: instant().notNull(),
      endedAt: instant(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.staffId] }),
      foreignKey({
        columns: [t.merchantId, t.locationId],
        foreignColumns: [locations.merchantId, locations.locationId],
      }),
      uniqueIndex('staff_by_email').on(t.merchantId, t.email),
    ],
  );

  const enrolments = table(
    'enrolments',
    {
      merchantId: text().notNull(),
      enrolmentId: text().notNull(),
      codeHash: text().notNull(),
      locationId: text().notNull(),
      deviceName: text().notNull(),
      createdBy: text().notNull(),
      createdAt: instant().notNull(),
      expiresAt: instant().notNull(),
      usedAt: instant(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.enrolmentId] }),
      foreignKey({
        columns: [t.merchantId, t.locationId],
        foreignColumns: [locations.merchantId, locations.locationId],
      }),
      index('enrolments_by_code').on(t.codeHash),
    ],
  );

  const devices = table(
    'devices',
    {
      merchantId: text().notNull(),
      deviceId: text().notNull(),
      locationId: text().notNull(),
      name: text().notNull(),
      /** The `jti` of the one token that speaks for this till. */
      tokenId: text().notNull(),
      enrolledAt: instant().notNull(),
      /** To a few minutes: it is not worth a write each time. */
      lastSeenAt: instant(),
      /** How many taps it said it had yet to send. */
      waitingCount: integer(),
      endedAt: instant(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.deviceId] }),
      foreignKey({
        columns: [t.merchantId, t.locationId],
        foreignColumns: [locations.merchantId, locations.locationId],
      }),
    ],
  );

  const sessions = table(
    'sessions',
    {
      merchantId: text().notNull(),
      sessionId: text().notNull(),
      staffId: text().notNull(),
      /** The till a PIN was entered on; null for a sign-in to the owner's desk. */
      deviceId: text(),
      /** What the browser calls itself, shortened: so that people know their own sessions. */
      userAgent: text(),
      signedInAt: instant().notNull(),
      expiresAt: instant().notNull(),
      endedAt: instant(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.sessionId] }),
      foreignKey({ columns: [t.merchantId, t.staffId], foreignColumns: [staff.merchantId, staff.staffId] }),
      foreignKey({
        columns: [t.merchantId, t.deviceId],
        foreignColumns: [devices.merchantId, devices.deviceId],
      }),
      index('sessions_by_staff').on(t.merchantId, t.staffId),
    ],
  );

  /** Wrong PINs and passwords, counted where a restart does not forget them. */
  const attempts = table(
    'attempts',
    {
      merchantId: text().notNull(),
      /** What is being guessed; src/operations/guess-limit.ts says how it is written. */
      subject: text().notNull(),
      failedCount: integer().notNull(),
      lockedUntil: instant(),
      lastFailedAt: instant().notNull(),
    },
    (t) => [primaryKey({ columns: [t.merchantId, t.subject] })],
  );

  const programs = table(
    'programs',
    {
      merchantId: text().notNull(),
      programId: text().notNull(),
      name: text().notNull(),
      currentVersion: integer().notNull(),
      createdAt: instant().notNull(),
      endedAt: instant(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.programId] }),
      foreignKey({ columns: [t.merchantId], foreignColumns: [merchants.merchantId] }),
    ],
  );

  const programVersions = table(
    'program_versions',
    {
      merchantId: text().notNull(),
      programId: text().notNull(),
      version: integer().notNull(),
      stampsRequired: integer().notNull(),
      rewardName: text().notNull(),
      /** What one reward costs the shop; null when the owner has not said. */
      rewardCostMinor: integer(),
      accrual: json<Accrual>().notNull(),
      /** Days of 24 hours until an open reward expires; null for never. */
      expiryDays: integer(),
      /** CSS colour of the card, `#rrggbb`. */
      colour: text().notNull(),
      pictureId: text(),
      createdAt: instant().notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.programId, t.version] }),
      foreignKey({
        columns: [t.merchantId, t.programId],
        foreignColumns: [programs.merchantId, programs.programId],
      }),
    ],
  );

  const items = table(
    'items',
    {
      merchantId: text().notNull(),
      itemId: text().notNull(),
      name: text().notNull(),
      priceMinor: integer().notNull(),
      costMinor: integer().notNull(),
      /** Buying one earns stamps under a program that counts items. */
      qualifies: boolean().notNull(),
      mayBeGiven: boolean().notNull(),
      createdAt: instant().notNull(),
      endedAt: instant(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.itemId] }),
      foreignKey({ columns: [t.merchantId], foreignColumns: [merchants.merchantId] }),
    ],
  );

  /** The only table that holds personal data of customers. */
  const customers = table(
    'customers',
    {
      merchantId: text().notNull(),
      customerId: text().notNull(),
      name: text(),
      /** The name as it is searched for: lower case, without accents. */
      nameKey: text(),
      /** Digits with a leading `+` when the country is known. */
      phone: text(),
      /** Its last four digits, by which a till finds it. */
      phoneEnd: text(),
      /** Lower case, and proved by a code that was sent to it. */
      email: text(),
      /** An address that a code is on its way to. */
      pendingEmail: text(),
      /** "Oat milk, no lid." */
      preferences: text(),
      /** The member of staff this customer is, if they are one: nobody treats their own card. */
      staffId: text(),
      /** The customer this one turned out to be the same person as. */
      joinedIntoId: text(),
      createdAt: instant().notNull(),
      /** When everything that says who this is was taken out. */
      forgottenAt: instant(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.customerId] }),
      foreignKey({ columns: [t.merchantId, t.staffId], foreignColumns: [staff.merchantId, staff.staffId] }),
      index('customers_by_name')
        .on(t.merchantId, t.nameKey)
        .where(sql`name_key is not null`),
      // Those of an older version, looked for at each start: nearly always none.
      index('customers_without_name_key')
        .on(t.merchantId, t.customerId)
        .where(sql`name is not null and name_key is null`),
      index('customers_by_phone_end')
        .on(t.merchantId, t.phoneEnd)
        .where(sql`phone_end is not null`),
      index('customers_by_email')
        .on(t.merchantId, t.email)
        .where(sql`email is not null`),
      // Few, and found without looking at every customer.
      index('customers_by_joined')
        .on(t.merchantId, t.joinedIntoId)
        .where(sql`joined_into_id is not null`),
    ],
  );

  const cards = table(
    'cards',
    {
      merchantId: text().notNull(),
      cardId: text().notNull(),
      customerId: text().notNull(),
      programId: text().notNull(),
      /** The version the stamps on the card now are collected under. */
      programVersion: integer().notNull(),
      locationId: text().notNull(),
      /** SHA-256 of the secret in the card's link; null until an imported card is handed to its customer. */
      secretHash: text(),
      /** SHA-256 of the code in the card's QR. */
      codeHash: text(),
      /** Eight letters and figures that staff can type when nothing scans. */
      shortCode: text().notNull(),
      /** The sum of the card's entries. */
      balance: integer().notNull(),
      /** The stamps of `balance` that open rewards hold; the rest are on the card now. */
      heldStamps: integer().notNull(),
      openRewardCount: integer().notNull(),
      lastVisitAt: instant(),
      /** The time step of the last live code that was used: each works once. */
      liveStep: integer(),
      /** The card this one was joined with: its link and its QR lead there. */
      joinedIntoId: text(),
      createdAt: instant().notNull(),
      blockedAt: instant(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.cardId] }),
      foreignKey({
        columns: [t.merchantId, t.customerId],
        foreignColumns: [customers.merchantId, customers.customerId],
      }),
      foreignKey({
        columns: [t.merchantId, t.programId, t.programVersion],
        foreignColumns: [programVersions.merchantId, programVersions.programId, programVersions.version],
      }),
      uniqueIndex('cards_by_code').on(t.merchantId, t.codeHash),
      uniqueIndex('cards_by_short_code').on(t.merchantId, t.shortCode),
      index('cards_by_customer').on(t.merchantId, t.customerId),
      index('cards_by_secret').on(t.secretHash),
    ],
  );

  /** What another system, or a file, calls a customer. */
  const customerReferences = table(
    'customer_references',
    {
      merchantId: text().notNull(),
      source: text().notNull(),
      reference: text().notNull(),
      customerId: text().notNull(),
      cardId: text().notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.source, t.reference] }),
      foreignKey({ columns: [t.merchantId, t.cardId], foreignColumns: [cards.merchantId, cards.cardId] }),
    ],
  );

  const sales = table(
    'sales',
    {
      merchantId: text().notNull(),
      saleId: text().notNull(),
      /** Where the sale comes from: `till`, or the name of an import or connection. */
      source: text().notNull(),
      /** What its source calls it; null for our own till, whose operation ids are unique already. */
      reference: text(),
      locationId: text().notNull(),
      deviceId: text(),
      staffId: text(),
      customerId: text(),
      cardId: text(),
      occurredAt: instant().notNull(),
      businessDay: text().notNull(),
      /** Gross: refunds are rows of their own. */
      totalMinor: integer().notNull(),
      lines: json<SaleLine[]>().notNull(),
      stampsEarned: integer().notNull(),
      recordedAt: instant().notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.saleId] }),
      foreignKey({
        columns: [t.merchantId, t.locationId],
        foreignColumns: [locations.merchantId, locations.locationId],
      }),
      uniqueIndex('sales_by_reference')
        .on(t.merchantId, t.source, t.reference)
        .where(sql`reference is not null`),
      // With the money: 200,000 outcomes of the evidence are summed without looking at a single sale.
      index('sales_by_customer').on(t.merchantId, t.customerId, t.occurredAt, t.totalMinor),
      // The sales of a day, for whoever looks for one. The day first, so that new rows go to the end.
      index('sales_by_day').on(t.merchantId, t.businessDay, t.locationId),
    ],
  );

  const refunds = table(
    'refunds',
    {
      merchantId: text().notNull(),
      refundId: text().notNull(),
      saleId: text().notNull(),
      reference: text(),
      staffId: text(),
      refundedAt: instant().notNull(),
      businessDay: text().notNull(),
      amountMinor: integer().notNull(),
      reversedStamps: integer().notNull(),
      recordedAt: instant().notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.refundId] }),
      foreignKey({ columns: [t.merchantId, t.saleId], foreignColumns: [sales.merchantId, sales.saleId] }),
      index('refunds_by_sale').on(t.merchantId, t.saleId),
    ],
  );

  const gestures = table(
    'gestures',
    {
      merchantId: text().notNull(),
      gestureId: text().notNull(),
      kind: text<GestureKind>().notNull(),
      cardId: text().notNull(),
      customerId: text().notNull(),
      staffId: text().notNull(),
      locationId: text().notNull(),
      deviceId: text(),
      givenAt: instant().notNull(),
      businessDay: text().notNull(),
      /** The sale it was given with, if one was being rung up. */
      saleId: text(),
      itemId: text(),
      itemName: text(),
      /** What the customer would have paid, and what it cost the shop. */
      priceMinor: integer().notNull(),
      costMinor: integer().notNull(),
      reason: text<GestureReason>().notNull(),
      note: text(),
      fundedBy: text<Funding>().notNull(),
      grantedBy: text(),
      leaseId: text(),
      /** The draw it was given on. */
      drawId: text(),
      /** Written down afterwards by an owner, outside the allowance. */
      isPast: boolean().notNull(),
      recordedAt: instant().notNull(),
      undoneAt: instant(),
      undoneBy: text(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.gestureId] }),
      foreignKey({ columns: [t.merchantId, t.cardId], foreignColumns: [cards.merchantId, cards.cardId] }),
      foreignKey({ columns: [t.merchantId, t.staffId], foreignColumns: [staff.merchantId, staff.staffId] }),
      index('gestures_by_customer').on(t.merchantId, t.customerId, t.givenAt),
      index('gestures_by_instant').on(t.merchantId, t.givenAt),
    ],
  );

  /** What customers said thank you for: once each, without a word that somebody would have to read first. */
  const thanks = table(
    'thanks',
    {
      merchantId: text().notNull(),
      gestureId: text().notNull(),
      thankedAt: instant().notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.gestureId] }),
      foreignKey({
        columns: [t.merchantId, t.gestureId],
        foreignColumns: [gestures.merchantId, gestures.gestureId],
      }),
      index('thanks_by_instant').on(t.merchantId, t.thankedAt),
    ],
  );

  const rewards = table(
    'rewards',
    {
      merchantId: text().notNull(),
      rewardId: text().notNull(),
      cardId: text().notNull(),
      kind: text<RewardKind>().notNull(),
      name: text().notNull(),
      /** The stamps it cost; 0 for a voucher. */
      stamps: integer().notNull(),
      status: text<RewardStatus>().notNull(),
      earnedAt: instant().notNull(),
      expiresAt: instant(),
      /** The voucher's gesture. */
      gestureId: text(),
      redeemedAt: instant(),
      /** The sale it was spent on, and what it took off that sale. */
      saleId: text(),
      coveredMinor: integer(),
      proof: text<RedemptionProof>(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.rewardId] }),
      foreignKey({ columns: [t.merchantId, t.cardId], foreignColumns: [cards.merchantId, cards.cardId] }),
      // With the id: without it SQLite reads all of a merchant's rewards to have them in order.
      index('rewards_by_card').on(t.merchantId, t.cardId, t.rewardId),
      index('rewards_by_sale')
        .on(t.merchantId, t.saleId)
        .where(sql`sale_id is not null`),
      // What was redeemed today and this week; most rewards of a merchant were long ago.
      index('rewards_by_redemption')
        .on(t.merchantId, t.redeemedAt)
        .where(sql`redeemed_at is not null`),
    ],
  );

  /** The ledger: append-only, hash-chained per merchant. Nothing in it names a person. */
  const entries = table(
    'entries',
    {
      merchantId: text().notNull(),
      sequence: integer().notNull(),
      cardId: text().notNull(),
      kind: text<EntryKind>().notNull(),
      stamps: integer().notNull(),
      saleId: text(),
      gestureId: text(),
      rewardId: text(),
      refundId: text(),
      staffId: text(),
      deviceId: text(),
      locationId: text().notNull(),
      at: instant().notNull(),
      businessDay: text().notNull(),
      /** SHA-256 of the entry before this one's hash and of this row. */
      hash: text().notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.sequence] }),
      foreignKey({ columns: [t.merchantId, t.cardId], foreignColumns: [cards.merchantId, cards.cardId] }),
      index('entries_by_card').on(t.merchantId, t.cardId, t.sequence),
    ],
  );

  const allowances = table(
    'allowances',
    {
      merchantId: text().notNull(),
      allowanceId: text().notNull(),
      scope: text<AllowanceScope>().notNull(),
      /** A member of staff or a location; `*` for everyone in the scope without a rule of their own. */
      subjectId: text().notNull(),
      period: text<Period>().notNull(),
      gesturesLimit: integer(),
      costLimitMinor: integer(),
      createdAt: instant().notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.allowanceId] }),
      uniqueIndex('allowances_by_subject').on(t.merchantId, t.scope, t.subjectId, t.period),
    ],
  );

  const allowanceCounters = table(
    'allowance_counters',
    {
      merchantId: text().notNull(),
      scope: text<AllowanceScope>().notNull(),
      subjectId: text().notNull(),
      period: text<Period>().notNull(),
      periodStart: text().notNull(),
      /** Gestures given, and those tills hold on lease: both count against the limit. */
      usedCount: integer().notNull(),
      leasedCount: integer().notNull(),
      usedCostMinor: bigInteger().notNull(),
    },
    (t) => [primaryKey({ columns: [t.merchantId, t.scope, t.subjectId, t.period, t.periodStart] })],
  );

  const leases = table(
    'leases',
    {
      merchantId: text().notNull(),
      leaseId: text().notNull(),
      staffId: text().notNull(),
      deviceId: text().notNull(),
      locationId: text().notNull(),
      businessDay: text().notNull(),
      count: integer().notNull(),
      usedCount: integer().notNull(),
      /** The most that each of its gestures may cost, set aside when it was handed out. */
      costEachMinor: integer().notNull(),
      leasedAt: instant().notNull(),
      /** The end of its business day, as the till was told it. */
      endsAt: instant(),
      returnedAt: instant(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.leaseId] }),
      foreignKey({ columns: [t.merchantId, t.staffId], foreignColumns: [staff.merchantId, staff.staffId] }),
      foreignKey({
        columns: [t.merchantId, t.deviceId],
        foreignColumns: [devices.merchantId, devices.deviceId],
      }),
    ],
  );

  /** One row for every till write that was ever answered: the id for ever, the answer for 72 hours. */
  const answers = table(
    'answers',
    {
      merchantId: text().notNull(),
      operationId: text().notNull(),
      requestHash: text().notNull(),
      body: text(),
      answeredAt: instant().notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.operationId] }),
      index('answers_to_forget')
        .on(t.answeredAt)
        .where(sql`body is not null`),
    ],
  );

  const imports = table(
    'imports',
    {
      merchantId: text().notNull(),
      importId: text().notNull(),
      source: text().notNull(),
      fileName: text().notNull(),
      staffId: text(),
      importedAt: instant().notNull(),
      rowCount: integer().notNull(),
      salesAdded: integer().notNull(),
      cardsAdded: integer().notNull(),
      totalMinor: bigInteger().notNull(),
    },
    (t) => [primaryKey({ columns: [t.merchantId, t.importId] })],
  );

  const importMappings = table(
    'import_mappings',
    {
      merchantId: text().notNull(),
      source: text().notNull(),
      mapping: json<Record<string, unknown>>().notNull(),
      savedAt: instant().notNull(),
    },
    (t) => [primaryKey({ columns: [t.merchantId, t.source] })],
  );

  /** Who changed, saw or took out what: append-only, hash-chained. */
  const auditLog = table(
    'audit_log',
    {
      merchantId: text().notNull(),
      sequence: integer().notNull(),
      at: instant().notNull(),
      /** The member of staff; null for the command line and the program itself. */
      staffId: text(),
      action: text().notNull(),
      subjectId: text(),
      details: json<Record<string, unknown>>().notNull(),
      hash: text().notNull(),
    },
    (t) => [primaryKey({ columns: [t.merchantId, t.sequence] })],
  );

  /** The last link of each chain. */
  const chainHeads = table(
    'chain_heads',
    {
      merchantId: text().notNull(),
      chain: text<Chain>().notNull(),
      sequence: integer().notNull(),
      hash: text().notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.chain] }),
      foreignKey({ columns: [t.merchantId], foreignColumns: [merchants.merchantId] }),
    ],
  );

  /** Logos and the pictures on stamp cards. */
  const pictures = table(
    'pictures',
    {
      merchantId: text().notNull(),
      pictureId: text().notNull(),
      mediaType: text().notNull(),
      /** Base64. */
      content: text().notNull(),
      createdAt: instant().notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.pictureId] }),
      foreignKey({ columns: [t.merchantId], foreignColumns: [merchants.merchantId] }),
    ],
  );

  /** Codes sent to customers; the address is on the customer. */
  const oneTimeCodes = table(
    'one_time_codes',
    {
      merchantId: text().notNull(),
      codeId: text().notNull(),
      customerId: text().notNull(),
      purpose: text<CodePurpose>().notNull(),
      codeHash: text().notNull(),
      wrongCount: integer().notNull(),
      createdAt: instant().notNull(),
      expiresAt: instant().notNull(),
      usedAt: instant(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.codeId] }),
      foreignKey({
        columns: [t.merchantId, t.customerId],
        foreignColumns: [customers.merchantId, customers.customerId],
      }),
      index('one_time_codes_by_customer').on(t.merchantId, t.customerId, t.createdAt),
    ],
  );

  /** What a till tapped while it was offline and the rules refused when it arrived: kept until a manager has seen it. */
  const keptTaps = table(
    'kept_taps',
    {
      merchantId: text().notNull(),
      /** The operation id of the tap. */
      tapId: text().notNull(),
      deviceId: text().notNull(),
      locationId: text().notNull(),
      staffId: text(),
      /** The route it was meant for, and what it said. */
      operation: text().notNull(),
      body: json<Record<string, unknown>>().notNull(),
      /** The name of the problem it was answered with. */
      refusal: text().notNull(),
      tappedAt: instant().notNull(),
      keptAt: instant().notNull(),
      endedAt: instant(),
      endedBy: text(),
      end: text<KeptTapEnd>(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.tapId] }),
      foreignKey({
        columns: [t.merchantId, t.deviceId],
        foreignColumns: [devices.merchantId, devices.deviceId],
      }),
    ],
  );

  /** A stretch of time in which one kind of draw is made by one rule. */
  const seasons = table(
    'seasons',
    {
      merchantId: text().notNull(),
      seasonId: text().notNull(),
      kind: text<DrawKind>().notNull(),
      /** The only location that draws; null for all. */
      locationId: text(),
      /** The chance of a draw, in millionths: 50,000 is 1 in 20. */
      chanceMillionths: integer().notNull(),
      /** The most that may be drawn at a location on a business day. */
      dailyCap: integer().notNull(),
      /** The one kind of gesture it was planned for; null for whichever the barista gives. */
      gestureKind: text<GestureKind>(),
      /** The key of its draws, sealed with a key kept outside the database. */
      sealedKey: text().notNull(),
      /** SHA-256 of the key, published from the first day. */
      keyHash: text().notNull(),
      /** The key, for everybody, once the season has ended. */
      revealedKey: text(),
      /** Frozen when it began: the draws it was planned for, and where a sale is cut for the estimate. */
      plannedDraws: integer().notNull(),
      saleCapMinor: integer().notNull(),
      /** The merchant's, as it was then: which sales belong to the visit itself. */
      visitMinutes: integer(),
      /** The smallest effect the owner cares about; null for the rule's own. */
      smallestEffectMinor: integer(),
      /** Gross margin of what is sold, in millionths. */
      marginMillionths: integer().notNull(),
      startedAt: instant().notNull(),
      startedBy: text().notNull(),
      endedAt: instant(),
      endedBy: text(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.seasonId] }),
      foreignKey({ columns: [t.merchantId, t.startedBy], foreignColumns: [staff.merchantId, staff.staffId] }),
      foreignKey({
        columns: [t.merchantId, t.locationId],
        foreignColumns: [locations.merchantId, locations.locationId],
      }),
    ],
  );

  /** Every draw, whatever came of it: append-only, hash-chained. */
  const draws = table(
    'draws',
    {
      merchantId: text().notNull(),
      sequence: integer().notNull(),
      drawId: text().notNull(),
      seasonId: text().notNull(),
      locationId: text().notNull(),
      businessDay: text().notNull(),
      customerId: text().notNull(),
      cardId: text().notNull(),
      staffId: text().notNull(),
      deviceId: text().notNull(),
      drawnAt: instant().notNull(),
      chanceMillionths: integer().notNull(),
      /** The draw itself, of 2^52. */
      u: bigInteger().notNull(),
      isDrawn: boolean().notNull(),
      covariates: json<Covariates>().notNull(),
      hash: text().notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.sequence] }),
      foreignKey({
        columns: [t.merchantId, t.seasonId],
        foreignColumns: [seasons.merchantId, seasons.seasonId],
      }),
      uniqueIndex('draws_by_id').on(t.merchantId, t.drawId),
      // One draw for a customer and a day, whatever is scanned again.
      uniqueIndex('draws_by_customer').on(t.merchantId, t.customerId, t.businessDay),
      index('draws_by_season').on(t.merchantId, t.seasonId, t.drawnAt),
    ],
  );

  const drawCounters = table(
    'draw_counters',
    {
      merchantId: text().notNull(),
      seasonId: text().notNull(),
      locationId: text().notNull(),
      businessDay: text().notNull(),
      drawnCount: integer().notNull(),
    },
    (t) => [primaryKey({ columns: [t.merchantId, t.seasonId, t.locationId, t.businessDay] })],
  );

  /** The evidence as it was told on a day, with what it was worked out from. */
  const evidenceReports = table(
    'evidence_reports',
    {
      merchantId: text().notNull(),
      reportId: text().notNull(),
      seasonId: text().notNull(),
      day: text().notNull(),
      asOf: instant().notNull(),
      inputsHash: text().notNull(),
      report: json<Record<string, unknown>>().notNull(),
      storedAt: instant().notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.merchantId, t.reportId] }),
      uniqueIndex('evidence_reports_by_day').on(t.merchantId, t.seasonId, t.day),
    ],
  );

  return {
    merchants,
    locations,
    staff,
    enrolments,
    devices,
    sessions,
    attempts,
    programs,
    programVersions,
    items,
    customers,
    cards,
    customerReferences,
    sales,
    refunds,
    gestures,
    thanks,
    rewards,
    entries,
    allowances,
    allowanceCounters,
    leases,
    answers,
    imports,
    importMappings,
    auditLog,
    chainHeads,
    pictures,
    oneTimeCodes,
    keptTaps,
    seasons,
    draws,
    drawCounters,
    evidenceReports,
  };
}

export type Tables = ReturnType<typeof defineTables>;
