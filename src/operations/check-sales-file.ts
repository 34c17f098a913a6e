import type { Database } from '../../db/database.ts';
import {
  MAX_SALES_PER_LOOKUP,
  hasSalesOf,
  listCardsByReference,
  listRefundsOfSales,
  listSalesByReference,
} from '../../db/queries/import-queries.ts';
import type { SalesMapping } from '../../pos-adapter/sales-file/mapping.ts';
import { readSales } from '../../pos-adapter/sales-file/read-sales.ts';
import type { Oddity, SalesFileRow } from '../../pos-adapter/sales-file/read-sales.ts';
import { isKnownRefund } from './import-refund.ts';
import { computeImportedStamps, toSaleLine } from './import-target.ts';
import { findKnownSales, readInChunks } from './sales-file.ts';
import type { SalesFile } from './sales-file.ts';

/** Odd rows and faults that are named one by one; all are counted. */
const MAX_NAMED = 1_000;
/** Refunds are kept in memory until their sales were seen. */
const MAX_REFUNDS = 20_000;

/** Besides what the file itself shows, what only our own records do. */
export interface OddityNamed extends Omit<Oddity, 'kind'> {
  kind: Oddity['kind'] | 'card-blocked';
}

/** What a file holds, and what importing it does, or did. */
export interface ImportReport {
  source: string;
  fileName: string;
  mapping: SalesMapping;
  locationId: string;
  programId: string;
  /** Rows under the heading, blank ones not counted. */
  rowCount: number;
  saleCount: number;
  /** Sales that are new to us, and those recorded before. */
  newSaleCount: number;
  knownSaleCount: number;
  /** All sales of the file, and only the new ones, in minor units. */
  totalMinor: number;
  newTotalMinor: number;
  /** Customers with at least one sale in the file, and those of them who get a card now. */
  customerCount: number;
  newCardCount: number;
  newStampCount: number;
  newRefundCount: number;
  knownRefundCount: number;
  firstSaleAt: Date | null;
  lastSaleAt: Date | null;
  /** Rows about which something is odd, with what will happen to them; the first 1,000 by name. */
  oddCount: number;
  odd: ({ line: number } & OddityNamed)[];
  /** Rows nobody can read: they stop the import, or are left out if the owner says so. */
  faultCount: number;
  faults: { line: number; fault: string }[];
}

type SaleInFile = Extract<SalesFileRow, { kind: 'sale' }>;
type RefundRow = Extract<SalesFileRow, { kind: 'refund' }>;

/** Reads a file of sales to its end and says what importing it would do. Writes nothing. */
export async function checkSalesFile(db: Database, file: SalesFile): Promise<ImportReport> {
  const report = emptyReport(file);
  const customers: CustomersSeen = { all: new Set(), getACard: new Set() };
  const refunds: RefundRow[] = [];
  const isNewSource = !(await db.read((queries) => hasSalesOf(queries, file)));
  let rowsDone = 0;
  for await (const rows of readInChunks(file)) {
    for (const row of rows) noteRow(report, row, refunds);
    const sales = rows.filter((row) => row.kind === 'sale');
    await checkSales(db, { file, report, sales, customers, isNewSource });
    rowsDone += rows.length;
    await file.onProgress?.(rowsDone);
  }
  report.customerCount = customers.all.size;
  report.newCardCount = customers.getACard.size;
  if (refunds.length > 0) await checkRefunds(db, { file, report, refunds });
  // What only our records show came last; whoever mends the file goes through it from the top.
  for (const named of [report.odd, report.faults]) named.sort((a, b) => a.line - b.line);
  return report;
}

function emptyReport({ source, fileName, plan, target }: SalesFile): ImportReport {
  return {
    source,
    fileName,
    mapping: plan.mapping,
    locationId: target.location.locationId,
    programId: target.version.programId,
    rowCount: 0,
    saleCount: 0,
    newSaleCount: 0,
    knownSaleCount: 0,
    totalMinor: 0,
    newTotalMinor: 0,
    customerCount: 0,
    newCardCount: 0,
    newStampCount: 0,
    newRefundCount: 0,
    knownRefundCount: 0,
    firstSaleAt: null,
    lastSaleAt: null,
    oddCount: 0,
    odd: [],
    faultCount: 0,
    faults: [],
  };
}

function noteRow(report: ImportReport, row: SalesFileRow, refunds: RefundRow[]): void {
  report.rowCount++;
  noteOddities(report, row.line, row.oddities);
  switch (row.kind) {
    case 'fault':
      return noteFault(report, row);
    case 'left-out':
      return;
    case 'refund':
      if (refunds.length < MAX_REFUNDS) refunds.push(row);
      else noteFault(report, { line: row.line, fault: `more than ${MAX_REFUNDS} refunds in one file` });
      return;
    case 'sale': {
      const { occurredAt, totalMinor } = row.sale;
      report.saleCount++;
      report.totalMinor += totalMinor;
      if (!report.firstSaleAt || occurredAt < report.firstSaleAt) report.firstSaleAt = occurredAt;
      if (!report.lastSaleAt || occurredAt > report.lastSaleAt) report.lastSaleAt = occurredAt;
    }
  }
}

function noteOddities(report: ImportReport, line: number, oddities: readonly OddityNamed[]): void {
  if (oddities.length > 0) report.oddCount++;
  for (const oddity of oddities) if (report.odd.length < MAX_NAMED) report.odd.push({ line, ...oddity });
}

function noteFault(report: ImportReport, { line, fault }: { line: number; fault: string }): void {
  report.faultCount++;
  if (report.faults.length < MAX_NAMED) report.faults.push({ line, fault });
}

interface CustomersSeen {
  all: Set<string>;
  getACard: Set<string>;
}

async function checkSales(
  db: Database,
  {
    file,
    report,
    sales,
    customers,
    isNewSource,
  }: {
    file: SalesFile;
    report: ImportReport;
    sales: SaleInFile[];
    customers: CustomersSeen;
    isNewSource: boolean;
  },
): Promise<void> {
  if (sales.length === 0) return;
  const { merchantId, source, target } = file;
  const names = [...new Set(sales.flatMap(({ sale }) => sale.customerRef ?? []))];
  const { known, cards } = await db.read(async (queries) => ({
    known: await findKnownSales(queries, {
      merchantId,
      source,
      sales: sales.map(({ sale }) => sale),
      isNewSource,
    }),
    cards:
      names.length === 0
        ? []
        : await listCardsByReference(queries, { merchantId, source, references: names }),
  }));
  const cardOf = new Map(cards.map((row) => [row.reference, row]));
  for (const { line, sale } of sales) {
    const name = sale.customerRef;
    const card = name === undefined ? undefined : cardOf.get(name);
    if (name !== undefined) customers.all.add(name);
    if (known.has(sale.saleId)) {
      report.knownSaleCount++;
      continue;
    }
    report.newSaleCount++;
    report.newTotalMinor += sale.totalMinor;
    if (name === undefined) continue;
    if (!card) customers.getACard.add(name);
    const blockedAt = card?.card.blockedAt ?? null;
    if (blockedAt)
      noteOddities(report, line, [
        {
          kind: 'card-blocked',
          what: 'the card of this customer is blocked',
          effect: 'imported without stamps',
        },
      ]);
    const lines = sale.lines.map((item) => toSaleLine(item, target));
    const { accrual } = card?.version ?? target.version;
    report.newStampCount += computeImportedStamps(
      { accrual, blockedAt },
      { lines, totalMinor: sale.totalMinor },
    );
  }
}

interface RefundedSale {
  totalMinor: number;
  refundedMinor: number;
  /** What was recorded before. */
  refunds: { reference: string | null }[];
}

async function checkRefunds(
  db: Database,
  { file, report, refunds }: { file: SalesFile; report: ImportReport; refunds: RefundRow[] },
): Promise<void> {
  const sales = await findRefundedSales(db, { file, refunds });
  for (const refund of refunds) {
    const { line, refundOf, amountMinor } = refund;
    const sale = sales.get(refundOf);
    if (!sale) {
      noteFault(report, {
        line,
        fault: `the sale ${refundOf} that was refunded is neither here nor recorded`,
      });
    } else if (isKnownRefund(refund, sale.refunds)) {
      report.knownRefundCount++;
    } else if (sale.refundedMinor + amountMinor > sale.totalMinor) {
      noteFault(report, { line, fault: `more is given back than was paid for the sale ${refundOf}` });
    } else {
      sale.refundedMinor += amountMinor;
      report.newRefundCount++;
    }
  }
}

/** The sales that refunds of the file are for: in the file itself, or recorded before. */
async function findRefundedSales(
  db: Database,
  { file, refunds }: { file: SalesFile; refunds: RefundRow[] },
): Promise<Map<string, RefundedSale>> {
  const { merchantId, source } = file;
  const wanted = new Set(refunds.map(({ refundOf }) => refundOf));
  const found = new Map<string, RefundedSale>();
  const add = (id: string, totalMinor: number) =>
    found.set(id, { totalMinor, refundedMinor: 0, refunds: [] });
  for await (const row of readSales(file.path, file))
    if (row.kind === 'sale' && wanted.has(row.sale.saleId)) add(row.sale.saleId, row.sale.totalMinor);
  const ids = [...wanted];
  for (let place = 0; place < ids.length; place += MAX_SALES_PER_LOOKUP) {
    const references = ids.slice(place, place + MAX_SALES_PER_LOOKUP);
    const { sales, earlier } = await db.read(async (queries) => {
      const recorded = await listSalesByReference(queries, { merchantId, source, references });
      const saleIds = recorded.map(({ saleId }) => saleId);
      return {
        sales: recorded,
        earlier: saleIds.length === 0 ? [] : await listRefundsOfSales(queries, { merchantId, saleIds }),
      };
    });
    for (const { reference, saleId, totalMinor } of sales) {
      add(reference!, totalMinor);
      const sale = found.get(reference!)!;
      for (const refund of earlier.filter((one) => one.saleId === saleId)) {
        sale.refundedMinor += refund.amountMinor;
        sale.refunds.push(refund);
      }
    }
  }
  return found;
}
