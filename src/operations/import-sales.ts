import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { findImportMapping, insertImport, saveImportMapping } from '../../db/queries/import-queries.ts';
import { findMerchant } from '../../db/queries/merchant-queries.ts';
import type { GivenMapping, PartialMapping } from '../../pos-adapter/sales-file/mapping.ts';
import { planReading } from '../../pos-adapter/sales-file/plan-reading.ts';
import type { PlanRefusal, ReadingPlan } from '../../pos-adapter/sales-file/plan-reading.ts';
import type { Clock } from '../clock.ts';
import { currencyDigits } from '../loyalty/money.ts';
import { isTimeZone } from '../loyalty/wall-clock.ts';
import { appendAudit } from './append-audit.ts';
import { checkSalesFile } from './check-sales-file.ts';
import type { ImportReport } from './check-sales-file.ts';
import { loadImportTarget } from './import-target.ts';
import type { MappingIncomplete } from './import-target.ts';
import { createLocalTimeReader } from './read-local-time.ts';
import type { SalesFile } from './sales-file.ts';
import { writeSalesFile } from './write-sales-file.ts';

export const DEFAULT_SOURCE = 'file';
/** Sales of our own till are not imported. */
const TILL_SOURCE = 'till';

export interface ImportRequest {
  /** The file on this machine; read several times, so nobody may change it meanwhile. */
  path: string;
  /** As its owner knows it. For the record only: a renamed file is the same file. */
  fileName: string;
  /** Whose sales these are, such as `vending`; a sale is known by its source and its number or contents. */
  source: string;
  /** How to read it, as far as that is said. */
  given: GivenMapping;
  /** An id or a name; may be left out where there is only one. */
  location?: string | undefined;
  program?: string | undefined;
  /** Whether an item that is not on the menu earns stamps under a program that counts items. Yes when not said. */
  everyItemQualifies?: boolean | undefined;
  /** Leave out rows that nobody can read, instead of stopping. */
  skipFaults: boolean;
  /** Only say what would happen. */
  dryRun: boolean;
  onProgress?: ((progress: ImportProgress) => Promise<void> | void) | undefined;
}

/** `rowsDone` starts again with each step, and with writing when another write came in between. */
export interface ImportProgress {
  step: 'checking' | 'writing';
  rowsDone: number;
  rowCount: number;
}

export interface ImportOutcome extends ImportReport {
  dryRun: boolean;
  /** null when nothing was written: on a dry run, or when there was nothing new. */
  importId: string | null;
}

export type ImportRefusal =
  | MappingIncomplete
  | { refused: 'file-unreadable'; detail: string; line?: number }
  | { refused: 'rows-unreadable'; detail: string; faultCount: number; faults: ImportReport['faults'] };

/** How a source's files were read the last time, and where their sales went. */
interface SavedMapping extends PartialMapping {
  location?: string;
  program?: string;
  everyItemQualifies?: boolean;
}

/**
 * Takes in a file of sales: all of it or nothing. Customers it names get cards, their sales earn stamps and fill cards
 * as if they had been stamped at the till. Rows recorded before, from this file or another of the same source, are left
 * as they are, so importing a file again changes nothing.
 */
export const importSales =
  (db: Database, clock: Clock) =>
  async (
    { merchantId, staffId }: { merchantId: string; staffId: string | null },
    request: ImportRequest,
  ): Promise<ImportOutcome | ImportRefusal> => {
    const now = clock.now();
    const importId = uuid();
    const prepared = await prepare(db, { merchantId, request, now });
    if ('refused' in prepared) return prepared;
    const { file, saved } = prepared;
    const { rowCount } = file.plan;
    const reportOn = (step: ImportProgress['step']) => (rowsDone: number) =>
      request.onProgress?.({ step, rowsDone, rowCount });

    const report = await checkSalesFile(db, { ...file, onProgress: reportOn('checking') });
    if (request.dryRun) return { ...report, dryRun: true, importId: null };
    if (report.faultCount > 0 && !request.skipFaults) return refuseFaults(report);
    if (report.newSaleCount === 0 && report.newRefundCount === 0)
      return { ...report, dryRun: false, importId: null };

    const { source, fileName } = file;
    const written = await db.transact(async (tx) => {
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'sales.imported',
        subjectId: importId,
        details: { source, fileName, rowCount, skippedRows: report.faultCount },
      });
      const added = await writeSalesFile(tx, {
        ...file,
        staffId,
        skipFaults: request.skipFaults,
        onProgress: reportOn('writing'),
      });
      await insertImport(tx, {
        merchantId,
        importId,
        source,
        fileName,
        staffId,
        importedAt: now,
        rowCount,
        salesAdded: added.saleCount,
        cardsAdded: added.cardCount,
        totalMinor: added.totalMinor,
      });
      await saveImportMapping(tx, { merchantId, source, mapping: { ...saved }, savedAt: now });
      return added;
    });
    return {
      ...report,
      newSaleCount: written.saleCount,
      knownSaleCount: report.saleCount - written.saleCount,
      newTotalMinor: written.totalMinor,
      newCardCount: written.cardCount,
      newStampCount: written.stampCount,
      newRefundCount: written.refundCount,
      dryRun: false,
      importId,
    };
  };

/** How files of a source were read the last time. */
export const readImportMapping =
  (db: Database) =>
  async ({ merchantId }: { merchantId: string }, source: string) => {
    const saved = await db.read((queries) => findImportMapping(queries, { merchantId, source }));
    return saved ?? ({ refused: 'mapping-unknown' } as const);
  };

/** Settles how the file is read and where its sales go. */
async function prepare(
  db: Database,
  { merchantId, request, now }: { merchantId: string; request: ImportRequest; now: Date },
): Promise<{ file: SalesFile; saved: SavedMapping } | ImportRefusal> {
  const { path, fileName, source, given } = request;
  if (source === TILL_SOURCE)
    return incomplete('source', `Sales of the source “${TILL_SOURCE}” are our own till's`);
  const { merchant, last } = await db.read(async (queries) => ({
    merchant: await findMerchant(queries, { merchantId }),
    last: (await findImportMapping(queries, { merchantId, source }))?.mapping as SavedMapping | undefined,
  }));
  const { currency } = merchant;
  if (given.currency !== undefined && given.currency !== currency)
    return incomplete('currency', `This shop takes ${currency}, not ${given.currency}`);
  const timeZone = given.timeZone ?? last?.timeZone;
  if (timeZone !== undefined && !isTimeZone(timeZone))
    return incomplete('timeZone', `There is no time zone “${timeZone}”; write it as Europe/Kyiv or UTC`);
  const minorDigits = currencyDigits(currency);
  const plan = await planReading(path, { given, saved: last, currency, minorDigits });
  if ('refused' in plan) return describe(plan);
  const conflict = last && findIdentityConflict(last, plan);
  if (conflict) return conflict;

  const everyItemQualifies = request.everyItemQualifies ?? last?.everyItemQualifies ?? true;
  const target = await db.read((queries) =>
    loadImportTarget(queries, {
      merchantId,
      location: request.location,
      program: request.program,
      last,
      everyItemQualifies,
    }),
  );
  if ('refused' in target) return target;
  const toInstant = createLocalTimeReader(plan.mapping.timeZone);
  const { locationId: location } = target.location;
  const { programId: program } = target.version;
  // What a file did not need is not kept for the next one, whose dates may be written in another way.
  const { dateOrder } = plan.needsDateOrder ? plan.mapping : (last ?? {});
  return {
    file: { merchantId, path, fileName, source, plan, target, now, minorDigits, toInstant },
    saved: { ...plan.mapping, dateOrder, location, program, everyItemQualifies },
  };
}

/** A source whose sales were known by their numbers cannot be told by their contents next time, or all would be new. */
function findIdentityConflict(last: SavedMapping, { mapping }: ReadingPlan): MappingIncomplete | undefined {
  const { saleId } = last;
  if (Boolean(saleId) === Boolean(mapping.saleId)) return undefined;
  const how = saleId ? `by the column “${saleId}”` : 'by what they say, without a number';
  return incomplete(
    'saleId',
    `Sales of this source are known ${how} since the last import. Known in another way they would all be counted again: read them as before, or name another source`,
  );
}

function refuseFaults({ faultCount, faults }: ImportReport): ImportRefusal {
  const rows = faultCount === 1 ? 'One row' : `${faultCount} rows`;
  return {
    refused: 'rows-unreadable',
    detail: `${rows} cannot be read. Mend the file, or leave such rows out`,
    faultCount,
    faults,
  };
}

function describe(refusal: PlanRefusal): ImportRefusal {
  switch (refusal.refused) {
    case 'unreadable': {
      const { detail, line } = refusal;
      return { refused: 'file-unreadable', detail, ...(line === undefined ? {} : { line }) };
    }
    case 'too-many-rows':
      return {
        refused: 'file-unreadable',
        detail: `There are more than ${refusal.maxRows} rows: import the file in parts`,
      };
    case 'column-missing':
      return incomplete(refusal.part, `There is no column “${refusal.column}”`, { header: refusal.header });
    case 'column-twice':
      return incomplete(refusal.part, `There are several columns “${refusal.column}”`, {
        header: refusal.header,
      });
    case 'column-not-found':
      return incomplete(
        refusal.part,
        refusal.part === 'amount'
          ? 'Say which column is the amount'
          : 'Say which column is the date and time',
        { header: refusal.header },
      );
    case 'time-zone-missing':
      return incomplete(
        'timeZone',
        'Say which time zone the clock of this file shows, such as Europe/Kyiv or UTC',
      );
    case 'date-order-unclear':
      return incomplete(
        'dateOrder',
        `Dates such as “${refusal.example}” can be read in two ways: say whether the day comes first (dmy) or the month (mdy)`,
      );
  }
}

function incomplete(part: string, detail: string, more: object = {}): MappingIncomplete {
  return { refused: 'mapping-incomplete', part, detail, ...more };
}
