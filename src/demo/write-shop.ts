import type { Database, Queries } from '../../db/database.ts';
import { insertAllowance } from '../../db/queries/allowance-rule-queries.ts';
import { insertCounters, insertGestures, insertRefunds } from '../../db/queries/demo-queries.ts';
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
import { insertStaff } from '../../db/queries/staff-queries.ts';
import { appendAudit } from '../operations/append-audit.ts';
import { chainEntries, CHAIN_START } from '../operations/append-entries.ts';
import type { Books } from './books.ts';
import type { FoundedShop } from './found-shop.ts';

/** Writes a shop and its books into a database that has no such merchant, all of it or nothing. */
export const writeShop =
  (db: Database) =>
  (shop: FoundedShop, books: Books): Promise<void> => {
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
    });
  };

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
