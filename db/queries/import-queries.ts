import { and, desc, eq, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';
import { insertMany } from './insert-many.ts';
import { versionOfCard } from './version-of-card.ts';

export type CardTableRow = Tables['cards']['$inferSelect'];
export type CustomerRow = Tables['customers']['$inferSelect'];
export type CustomerReferenceRow = Tables['customerReferences']['$inferSelect'];
export type ImportRow = Tables['imports']['$inferSelect'];

/**
 * Sales looked up by one statement. For many more, a PostgreSQL that has not counted a new table yet would rather read
 * all of the merchant's sales each time.
 */
export const MAX_SALES_PER_LOOKUP = 50;

/** Which of these sales of a source are recorded already; at most `MAX_SALES_PER_LOOKUP`. */
export const listSalesByReference = (
  queries: Queries,
  { merchantId, source, references }: { merchantId: string; source: string; references: string[] },
) =>
  queries.query((db, { sales }) =>
    db
      .select({ reference: sales.reference, saleId: sales.saleId, totalMinor: sales.totalMinor })
      .from(sales)
      .where(
        and(eq(sales.merchantId, merchantId), eq(sales.source, source), inArray(sales.reference, references)),
      ),
  );

/** Whether anything was ever imported from a source. */
export async function hasSalesOf(
  queries: Queries,
  { merchantId, source }: { merchantId: string; source: string },
): Promise<boolean> {
  const rows = await queries.query((db, { sales }) =>
    db
      .select({ saleId: sales.saleId })
      .from(sales)
      .where(and(eq(sales.merchantId, merchantId), eq(sales.source, source), isNotNull(sales.reference)))
      .limit(1),
  );
  return rows.length > 0;
}

/** What was paid back of these sales, and what their source calls each time. */
export const listRefundsOfSales = (
  queries: Queries,
  { merchantId, saleIds }: { merchantId: string; saleIds: string[] },
) =>
  queries.query((db, { refunds }) =>
    db
      .select({ saleId: refunds.saleId, reference: refunds.reference, amountMinor: refunds.amountMinor })
      .from(refunds)
      .where(and(eq(refunds.merchantId, merchantId), inArray(refunds.saleId, saleIds))),
  );

/** The cards of customers a source has named before, with the rule their stamps are collected under. */
export const listCardsByReference = (
  queries: Queries,
  { merchantId, source, references }: { merchantId: string; source: string; references: string[] },
) =>
  queries.query((db, { customerReferences, cards, programs, programVersions }) =>
    db
      .select({
        reference: customerReferences.reference,
        card: cards,
        version: programVersions,
        currentVersion: programs.currentVersion,
      })
      .from(customerReferences)
      .innerJoin(
        cards,
        and(eq(cards.merchantId, customerReferences.merchantId), eq(cards.cardId, customerReferences.cardId)),
      )
      .innerJoin(
        programs,
        and(eq(programs.merchantId, cards.merchantId), eq(programs.programId, cards.programId)),
      )
      .innerJoin(programVersions, versionOfCard({ cards, programVersions }))
      .where(
        and(
          eq(customerReferences.merchantId, merchantId),
          eq(customerReferences.source, source),
          inArray(customerReferences.reference, references),
        ),
      ),
  );

export const listOpenRewardsOfCards = (
  queries: Queries,
  { merchantId, cardIds }: { merchantId: string; cardIds: string[] },
) =>
  queries.query((db, { rewards }) =>
    db
      .select()
      .from(rewards)
      .where(
        and(eq(rewards.merchantId, merchantId), inArray(rewards.cardId, cardIds), eq(rewards.status, 'open')),
      ),
  );

export const listTakenShortCodes = (
  queries: Queries,
  { merchantId, shortCodes }: { merchantId: string; shortCodes: string[] },
) =>
  queries.query((db, { cards }) =>
    db
      .select({ shortCode: cards.shortCode })
      .from(cards)
      .where(and(eq(cards.merchantId, merchantId), inArray(cards.shortCode, shortCodes))),
  );

export const insertCustomers = insertMany('customers');
export const insertCustomerReferences = insertMany('customerReferences');
export const insertSales = insertMany('sales');
export const insertEntries = insertMany('entries');

/** Adds new cards and brings the totals of known ones up to date. */
export const saveCards = insertMany('cards', ({ merchantId, cardId }) => ({
  target: [merchantId, cardId],
  set: {
    programVersion: sql`excluded.program_version`,
    balance: sql`excluded.balance`,
    heldStamps: sql`excluded.held_stamps`,
    openRewardCount: sql`excluded.open_reward_count`,
    lastVisitAt: sql`excluded.last_visit_at`,
  },
}));

/** Adds new rewards and the changed status of known ones. */
export const saveRewards = insertMany('rewards', ({ merchantId, rewardId }) => ({
  target: [merchantId, rewardId],
  set: { status: sql`excluded.status` },
}));

export const insertImport = (tx: Queries, row: ImportRow) =>
  tx.query((db, { imports }) => db.insert(imports).values(row));

/** Imports of the past with who made them, the newest first; ids are in time order. */
export const listImports = (
  queries: Queries,
  { merchantId, before, limit }: { merchantId: string; before: string; limit: number },
) =>
  queries.query((db, { imports, staff }) =>
    db
      .select({
        importId: imports.importId,
        source: imports.source,
        fileName: imports.fileName,
        staffName: staff.name,
        importedAt: imports.importedAt,
        rowCount: imports.rowCount,
        salesAdded: imports.salesAdded,
        cardsAdded: imports.cardsAdded,
        totalMinor: imports.totalMinor,
      })
      .from(imports)
      .leftJoin(staff, and(eq(staff.merchantId, imports.merchantId), eq(staff.staffId, imports.staffId)))
      .where(
        and(eq(imports.merchantId, merchantId), before === '' ? undefined : lt(imports.importId, before)),
      )
      .orderBy(desc(imports.importId))
      .limit(limit),
  );

/** How files of a source were read the last time. */
export async function findImportMapping(
  queries: Queries,
  { merchantId, source }: { merchantId: string; source: string },
): Promise<{ mapping: Record<string, unknown>; savedAt: Date } | undefined> {
  const rows = await queries.query((db, { importMappings }) =>
    db
      .select({ mapping: importMappings.mapping, savedAt: importMappings.savedAt })
      .from(importMappings)
      .where(and(eq(importMappings.merchantId, merchantId), eq(importMappings.source, source))),
  );
  return rows[0];
}

export const saveImportMapping = (tx: Queries, row: Tables['importMappings']['$inferSelect']) =>
  tx.query((db, { importMappings }) =>
    db
      .insert(importMappings)
      .values(row)
      .onConflictDoUpdate({
        target: [importMappings.merchantId, importMappings.source],
        set: { mapping: row.mapping, savedAt: row.savedAt },
      }),
  );
