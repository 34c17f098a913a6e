import type { Database, Queries } from '../../db/database.ts';
import { insertAllowance } from '../../db/queries/allowance-rule-queries.ts';
import {
  insertCounters,
  insertDrawCounters,
  insertDraws,
  insertGestures,
  insertRefunds,
} from '../../db/queries/demo-queries.ts';
import { insertDevice } from '../../db/queries/device-queries.ts';
import {
  insertCustomers,
  insertEntries,
  insertSales,
  saveCards,
  saveRewards,
} from '../../db/queries/import-queries.ts';
import { insertItem } from '../../db/queries/item-queries.ts';
import { saveChainHead } from '../../db/queries/ledger-queries.ts';
import { insertLocation } from '../../db/queries/location-queries.ts';
import { insertMerchant } from '../../db/queries/merchant-queries.ts';
import { insertProgram, insertProgramVersion } from '../../db/queries/program-queries.ts';
import { insertSeason } from '../../db/queries/season-queries.ts';
import { insertStaff } from '../../db/queries/staff-queries.ts';
import { appendAudit } from '../operations/append-audit.ts';
import { chainDraw } from '../operations/append-draw.ts';
import { chainEntries, CHAIN_START } from '../operations/append-entries.ts';
import type { Books } from './books.ts';
import type { FoundedShop } from './found-shop.ts';
import type { LuckySeason } from './lucky-season.ts';

/** Writes a shop and its books into a database that has no such merchant, all of it or nothing. */
export const writeShop =
  (db: Database) =>
  (shop: FoundedShop, books: Books, season?: LuckySeason): Promise<void> => {
    const { merchantId } = shop.merchant;
    const entries = chainEntries({ merchantId, entries: books.entries, after: CHAIN_START });
    return db.transact(async (tx) => {
      await writeFounding(tx, shop);
      await insertCustomers(
        tx,
        books.cards.map(({ customer }) => customer),
      );
      await saveCards(
        tx,
        books.cards.map(({ card }) => card),
      );
      await insertSales(tx, books.sales);
      await insertRefunds(tx, books.refunds);
      await insertGestures(tx, books.gestures);
      await saveRewards(tx, [...books.rewards.values()]);
      await insertEntries(tx, entries);
      await insertCounters(tx, [...books.counters.values()]);
      const { sequence, hash } = entries.at(-1) ?? CHAIN_START;
      await saveChainHead(tx, { merchantId, chain: 'ledger', sequence, hash });
      if (season) await writeSeason(tx, season);
    });
  };

/** The season with its draws, and in the audit log what really comes of a gesture: the report of a made-up shop says so. */
async function writeSeason(tx: Queries, season: LuckySeason): Promise<void> {
  const { row, trueEffectMinor } = season;
  const { merchantId, seasonId, startedAt, startedBy } = row;
  await insertSeason(tx, row);
  let last = CHAIN_START;
  const draws = season.draws.map((draw) => {
    const linked = chainDraw(draw, last);
    last = linked;
    return linked;
  });
  await insertDraws(tx, draws);
  await insertDrawCounters(tx, [...season.counters.values()]);
  await saveChainHead(tx, { merchantId, chain: 'draws', sequence: last.sequence, hash: last.hash });
  await appendAudit(tx, {
    merchantId,
    at: startedAt,
    staffId: startedBy,
    action: 'season.started',
    subjectId: seasonId,
    details: { kind: row.kind, keyHash: row.keyHash, trueEffectMinor },
  });
}

async function writeFounding(tx: Queries, shop: FoundedShop): Promise<void> {
  const { merchant, staff } = shop;
  const { merchantId, createdAt } = merchant;
  await insertMerchant(tx, merchant);
  for (const chain of ['ledger', 'audit'] as const)
    await saveChainHead(tx, { merchantId, chain, ...CHAIN_START });
  for (const location of shop.locations) await insertLocation(tx, location);
  for (const person of staff) await insertStaff(tx, person);
  for (const device of shop.devices) await insertDevice(tx, device);
  await insertProgram(tx, shop.program);
  await insertProgramVersion(tx, shop.programVersion);
  for (const item of shop.items) await insertItem(tx, item);
  for (const rule of shop.allowances) await insertAllowance(tx, rule);
  await appendAudit(tx, {
    merchantId,
    at: createdAt,
    staffId: staff[0]!.staffId,
    action: 'merchant.set-up',
    subjectId: merchantId,
    details: { currency: merchant.currency, weekStartsOn: merchant.weekStartsOn, isMadeUp: true },
  });
}
