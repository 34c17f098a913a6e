import { setImmediate as nextTurn } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import type { Queries } from '../../db/database.ts';
import { findProgramVersion } from '../../db/queries/card-queries.ts';
import {
  hasSalesOf,
  insertCustomerReferences,
  insertCustomers,
  insertEntries,
  insertSales,
  listCardsByReference,
  listOpenRewardsOfCards,
  listTakenShortCodes,
  saveCards,
  saveRewards,
} from '../../db/queries/import-queries.ts';
import type { CardTableRow, CustomerReferenceRow, CustomerRow } from '../../db/queries/import-queries.ts';
import { findChainHead, saveChainHead } from '../../db/queries/ledger-queries.ts';
import type { ProgramVersionRow } from '../../db/queries/program-queries.ts';
import type { SaleRow } from '../../db/queries/sale-queries.ts';
import type { Sale } from '../../pos-adapter/sale.ts';
import type { SalesFileRow } from '../../pos-adapter/sales-file/read-sales.ts';
import { computeBusinessDay } from '../loyalty/business-day.ts';
import { chainEntries, CHAIN_START } from './append-entries.ts';
import type { ChainLink } from './append-entries.ts';
import { makeShortCode } from './card-codes.ts';
import { postToState } from './card-state.ts';
import type { CardState, PendingRows } from './card-state.ts';
import { importRefund } from './import-refund.ts';
import { computeImportedStamps, toSaleLine } from './import-target.ts';
import type { ImportTarget } from './import-target.ts';
import { newCard, newCustomer } from './new-rows.ts';
import { findKnownSales, readInChunks, ROWS_PER_CHUNK } from './sales-file.ts';
import type { SalesFile } from './sales-file.ts';

export interface FileToWrite extends SalesFile {
  staffId: string | null;
  /** Leave out rows that nobody can read, instead of stopping. */
  skipFaults: boolean;
}

/** What was added. */
export interface FileWritten {
  saleCount: number;
  totalMinor: number;
  cardCount: number;
  stampCount: number;
  refundCount: number;
}

/** A customer's card while the file is read: what the database will hold once the chunk is saved. */
interface CardOfFile extends CardState {
  isChanged: boolean;
  /** It is not new, so its customer may have it open on a phone. */
  mayBeWatched: boolean;
}

/** The cards of a file's customers. Two customers of the file may be one by now, with one card. */
interface CardsOfFile {
  /** By what the file calls the customer. */
  byCustomer: Map<string, CardOfFile>;
  /** Those that were there before the file. */
  knownById: Map<string, CardOfFile>;
}

/** The rows one chunk of the file adds or changes. */
interface Pending extends PendingRows {
  customers: CustomerRow[];
  references: CustomerReferenceRow[];
  sales: SaleRow[];
  newCards: CardTableRow[];
}

/**
 * Writes the sales of a file, in its order, as they would have come from a till: cards for customers nobody knew,
 * stamps, rewards for full cards, the ledger. The rows go in many at a time; the rules are the till's own. Runs inside a
 * transaction, and from the start again when that does, so it makes ids as it goes and keeps nothing from before.
 *
 * @throws when the file is no longer what was checked
 */
export async function writeSalesFile(tx: Queries, file: FileToWrite): Promise<FileWritten> {
  const { merchantId } = file;
  const written: FileWritten = { saleCount: 0, totalMinor: 0, cardCount: 0, stampCount: 0, refundCount: 0 };
  let link = await holdLedger(tx, merchantId);
  const cards: CardsOfFile = { byCustomer: new Map(), knownById: new Map() };
  const isNewSource = !(await hasSalesOf(tx, file));
  let hasRefunds = false;
  let rowsDone = 0;
  for await (const rows of readInChunks(file)) {
    for (const row of rows) if (row.kind === 'fault' && !file.skipFaults) throw new FileChanged(row);
    hasRefunds ||= rows.some((row) => row.kind === 'refund');
    const sales = rows.flatMap((row) => (row.kind === 'sale' ? [row.sale] : []));
    const pending = await addSales(tx, { file, sales, cards, written, isNewSource });
    link = await save(tx, { merchantId, pending, link });
    rowsDone += rows.length;
    await file.onProgress?.(rowsDone);
  }
  await saveCardTotals(tx, [...new Set(cards.byCustomer.values())]);
  const { sequence, hash } = link;
  await saveChainHead(tx, { merchantId, chain: 'ledger', sequence, hash });
  if (hasRefunds) await writeRefunds(tx, { file, written });
  return written;
}

/**
 * Writes the ledger's last link again as it is. On PostgreSQL, whoever else wants to add to the ledger now waits for us;
 * otherwise one stamp given meanwhile would make all of this start again.
 */
async function holdLedger(tx: Queries, merchantId: string): Promise<ChainLink> {
  const [head] = await findChainHead(tx, { merchantId, chain: 'ledger' });
  const link = head ?? CHAIN_START;
  await saveChainHead(tx, { merchantId, chain: 'ledger', ...link });
  return link;
}

async function addSales(
  tx: Queries,
  {
    file,
    sales,
    cards,
    written,
    isNewSource,
  }: {
    file: FileToWrite;
    sales: Sale[];
    cards: CardsOfFile;
    written: FileWritten;
    isNewSource: boolean;
  },
): Promise<Pending> {
  const pending: Pending = {
    customers: [],
    references: [],
    sales: [],
    entries: [],
    newCards: [],
    rewards: new Map(),
  };
  if (sales.length === 0) return pending;
  const { merchantId, source } = file;
  const known = await findKnownSales(tx, { merchantId, source, sales, isNewSource });
  const added = sales.filter(({ saleId }) => !known.has(saleId));
  await findOrMakeCards(tx, { file, sales: added, cards, pending });
  written.cardCount += pending.customers.length;
  for (const sale of added) {
    const state = sale.customerRef === undefined ? undefined : cards.byCustomer.get(sale.customerRef);
    const row = toSaleRow(sale, { file, state });
    pending.sales.push(row);
    written.saleCount++;
    written.totalMinor += row.totalMinor;
    written.stampCount += row.stampsEarned;
    if (state) postSale(state, { sale: row, pending });
  }
  return pending;
}

function toSaleRow(
  sale: Sale,
  { file, state }: { file: FileToWrite; state: CardOfFile | undefined },
): SaleRow {
  const { merchantId, source, staffId, target, now } = file;
  const { locationId, timeZone, cutOffMinutes } = target.location;
  const { occurredAt, totalMinor } = sale;
  const lines = sale.lines.map((item) => toSaleLine(item, target));
  return {
    merchantId,
    saleId: uuid(),
    source,
    reference: sale.saleId,
    locationId,
    deviceId: null,
    staffId,
    customerId: state?.card.customerId ?? null,
    cardId: state?.card.cardId ?? null,
    occurredAt,
    // The location's first day after an edit of its clock is no bound here: these days are long over.
    businessDay: computeBusinessDay({ instant: occurredAt, timeZone, cutOffMinutes }),
    totalMinor,
    lines,
    stampsEarned: state
      ? computeImportedStamps(
          { accrual: state.version.accrual, blockedAt: state.card.blockedAt },
          { lines, totalMinor },
        )
      : 0,
    recordedAt: now,
  };
}

function postSale(state: CardOfFile, { sale, pending }: { sale: SaleRow; pending: Pending }): void {
  const { card } = state;
  const { merchantId, saleId, locationId, staffId, occurredAt: at, businessDay, stampsEarned } = sale;
  if (!card.lastVisitAt || card.lastVisitAt < at) card.lastVisitAt = at;
  state.isChanged = true;
  if (stampsEarned === 0) return;
  const context = { merchantId, locationId, deviceId: null, staffId, at, businessDay, saleId };
  postToState(state, { entries: [{ kind: 'earned', stamps: stampsEarned }], context, pending });
}

/** Puts the cards of these sales' customers among `cards`: those known to us, and new ones for the rest. */
async function findOrMakeCards(
  tx: Queries,
  {
    file,
    sales,
    cards: { byCustomer, knownById },
    pending,
  }: { file: FileToWrite; sales: Sale[]; cards: CardsOfFile; pending: Pending },
): Promise<void> {
  const { merchantId, source } = file;
  const named = new Set(sales.flatMap(({ customerRef }) => customerRef ?? []));
  const missing = [...named].filter((reference) => !byCustomer.has(reference));
  if (missing.length === 0) return;
  const known = await listCardsByReference(tx, { merchantId, source, references: missing });
  const cardIds = known.flatMap(({ card }) => (card.openRewardCount > 0 ? [card.cardId] : []));
  const rewards = cardIds.length === 0 ? [] : await listOpenRewardsOfCards(tx, { merchantId, cardIds });
  for (const { reference, card, version, currentVersion } of known) {
    const { cardId } = card;
    if (!knownById.has(cardId)) {
      const current = await findCurrentVersion(tx, { version, currentVersion });
      const openRewards = rewards.filter((reward) => reward.cardId === cardId);
      knownById.set(cardId, {
        card,
        version,
        current,
        openRewards,
        isChanged: false,
        mayBeWatched: true,
      });
    }
    byCustomer.set(reference, knownById.get(cardId)!);
  }
  const unknown = missing.filter((reference) => !byCustomer.has(reference));
  const shortCodes = await makeShortCodes(tx, { merchantId, count: unknown.length });
  for (const [place, reference] of unknown.entries()) {
    const state = makeCard({ file, shortCode: shortCodes[place]! });
    const { customerId, cardId, createdAt } = state.card;
    byCustomer.set(reference, state);
    pending.customers.push(newCustomer({ merchantId, customerId, createdAt }));
    pending.references.push({ merchantId, source, reference, customerId, cardId });
    // A copy: it is inserted empty, and its totals are written with everyone's at the end.
    pending.newCards.push({ ...state.card });
  }
}

async function findCurrentVersion(
  tx: Queries,
  { version, currentVersion }: { version: ProgramVersionRow; currentVersion: number },
): Promise<ProgramVersionRow> {
  if (version.version === currentVersion) return version;
  const { merchantId, programId } = version;
  const [current] = await findProgramVersion(tx, { merchantId, programId, version: currentVersion });
  if (!current) throw new Error(`Program ${programId} has no version ${currentVersion}`);
  return current;
}

/** A card nobody holds yet: it has no link until it is handed to its customer. */
function makeCard({ file, shortCode }: { file: FileToWrite; shortCode: string }): CardOfFile {
  const { version, location }: ImportTarget = file.target;
  const card = newCard({
    merchantId: file.merchantId,
    cardId: uuid(),
    customerId: uuid(),
    programId: version.programId,
    programVersion: version.version,
    locationId: location.locationId,
    secretHash: null,
    codeHash: null,
    shortCode,
    createdAt: file.now,
  });
  return { card, version, current: version, openRewards: [], isChanged: false, mayBeWatched: false };
}

/** Codes that no card has: among 100,000 random ones, two are the same once in about 220 times. */
async function makeShortCodes(
  tx: Queries,
  { merchantId, count }: { merchantId: string; count: number },
): Promise<string[]> {
  const codes = new Set<string>();
  while (codes.size < count) {
    const fresh = Array.from({ length: count - codes.size }, makeShortCode);
    const taken = await listTakenShortCodes(tx, { merchantId, shortCodes: fresh });
    for (const code of fresh) if (!taken.some(({ shortCode }) => shortCode === code)) codes.add(code);
  }
  return [...codes];
}

/** Writes the rows of a chunk and links its entries to the ledger; answers with the new last link. */
async function save(
  tx: Queries,
  { merchantId, pending, link }: { merchantId: string; pending: Pending; link: ChainLink },
): Promise<ChainLink> {
  await insertCustomers(tx, pending.customers);
  await saveCards(tx, pending.newCards);
  await insertCustomerReferences(tx, pending.references);
  await insertSales(tx, pending.sales);
  await saveRewards(tx, [...pending.rewards.values()]);
  const entries = chainEntries({ merchantId, entries: pending.entries, after: link });
  await insertEntries(tx, entries);
  return entries.at(-1) ?? link;
}

/** Once for each card, however many sales it had: PostgreSQL is slow at a row changed often by one transaction. */
async function saveCardTotals(tx: Queries, states: readonly CardOfFile[]): Promise<void> {
  const changed = states.filter(({ isChanged }) => isChanged);
  for (let place = 0; place < changed.length; place += ROWS_PER_CHUNK) {
    await saveCards(
      tx,
      changed.slice(place, place + ROWS_PER_CHUNK).map(({ card }) => card),
    );
    await nextTurn();
  }
  for (const { card, mayBeWatched } of changed)
    if (mayBeWatched) tx.announce({ merchantId: card.merchantId, cardId: card.cardId });
}

/** After all sales, because an export with the newest first has a refund before its sale. */
async function writeRefunds(
  tx: Queries,
  { file, written }: { file: FileToWrite; written: FileWritten },
): Promise<void> {
  for await (const rows of readInChunks(file)) {
    for (const row of rows) {
      if (row.kind !== 'refund') continue;
      const outcome = await importRefund(tx, { file, refund: row });
      if (outcome === 'added') written.refundCount++;
      else if (outcome !== 'known' && !file.skipFaults) throw new FileChanged(row);
    }
  }
}

class FileChanged extends Error {
  constructor({ line }: Pick<SalesFileRow, 'line'>) {
    super(`Line ${line} of the file is not what it was when it was checked; nothing was imported`);
    this.name = 'FileChanged';
  }
}
