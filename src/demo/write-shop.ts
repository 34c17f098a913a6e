import type { Database, Queries } from '../../db/database.ts';
import { insertAllowance } from '../../db/queries/allowance-rule-queries.ts';
import {
  insertAllThanks,
  insertCounters,
  insertDrawCounters,
  insertDraws,
  insertGestures,
  insertRefunds,
} from '../../db/queries/demo-queries.ts';
import { insertDevice, insertEnrolment } from '../../db/queries/device-queries.ts';
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
import type { AuditEvent } from '../operations/append-audit.ts';
import { chainDraw } from '../operations/append-draw.ts';
import { chainEntries, CHAIN_START } from '../operations/append-entries.ts';
import { presentSeason } from '../operations/list-seasons.ts';
import type { Books } from './books.ts';
import type { FoundedShop } from './found-shop.ts';
import type { LuckySeason } from './lucky-season.ts';
import { tellFounding } from './tell-founding.ts';

/** Writes a shop and its books into a database that has no such merchant, all of it or nothing. */
export const writeShop =
  (db: Database) =>
  (shop: FoundedShop, books: Books, season: LuckySeason): Promise<void> => {
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
      await insertAllThanks(tx, books.thanks);
      await saveRewards(tx, [...books.rewards.values()]);
      await insertEntries(tx, entries);
      await insertCounters(tx, [...books.counters.values()]);
      const { sequence, hash } = entries.at(-1) ?? CHAIN_START;
      await saveChainHead(tx, { merchantId, chain: 'ledger', sequence, hash });
      await writeSeason(tx, season);
      const told = [...tellFounding(shop), tellSeason(season), ...books.audit];
      for (const event of told.toSorted((a, b) => a.at.getTime() - b.at.getTime()))
        await appendAudit(tx, event);
    });
  };

/** Also what really comes of a gesture: the report of a made-up shop says so. */
function tellSeason({ row, trueEffectMinor }: LuckySeason): AuditEvent {
  const { merchantId, seasonId, startedAt: at, startedBy: staffId } = row;
  const view = presentSeason(row, { draws: 0, drawn: 0 });
  const details = { ...view, startedAt: at.toISOString(), trueEffectMinor };
  return { merchantId, at, staffId, action: 'season.started', subjectId: seasonId, details };
}

/** The season with its draws. */
async function writeSeason(tx: Queries, season: LuckySeason): Promise<void> {
  const { row } = season;
  const { merchantId } = row;
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
}

async function writeFounding(tx: Queries, shop: FoundedShop): Promise<void> {
  const { merchant } = shop;
  const { merchantId } = merchant;
  await insertMerchant(tx, merchant);
  for (const chain of ['ledger', 'audit'] as const)
    await saveChainHead(tx, { merchantId, chain, ...CHAIN_START });
  for (const location of shop.locations) await insertLocation(tx, location);
  for (const person of shop.staff) await insertStaff(tx, person);
  for (const enrolment of shop.enrolments) await insertEnrolment(tx, enrolment);
  for (const device of shop.devices) await insertDevice(tx, device);
  await insertProgram(tx, shop.program);
  await insertProgramVersion(tx, shop.programVersion);
  for (const item of shop.items) await insertItem(tx, item);
  for (const rule of shop.allowances) await insertAllowance(tx, rule);
}
