import BetterSqlite3 from 'better-sqlite3';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withDatabase } from '../../db/open.ts';
import { copySqlite, findSqliteFault } from '../../db/sqlite-file.ts';
import { systemClock } from '../../src/clock.ts';
import { appendAudit } from '../../src/operations/append-audit.ts';
import { checkShop } from '../../src/operations/check-shop.ts';
import { listShops } from '../../src/operations/choose-merchant.ts';
import { aTill } from '../../tests/support/a-till.ts';
import type { Proof } from './proof.ts';
import { openShop } from './running-shop.ts';

const CARDS = 20;
const SALES = 300;
const AUDIT_ROWS = 100;
/** One byte for each column of the row, and of long ones two: more than the header of any of ours. */
const LONGEST_HEADER = 40;

interface CorruptionOutcome {
  flips: number;
  found: number;
  /** Flips that SQLite's own check noticed. */
  foundBySqlite: number;
  missed: string[];
}

/** Changes one byte in a row of the ledger or the audit log, in the file itself, and looks whether `check` says so. */
export async function flipBytes({
  folder,
  flips,
}: {
  folder: string;
  flips: number;
}): Promise<CorruptionOutcome> {
  const original = join(folder, 'original.db');
  await fillShop(join(folder, 'doublestamp.db'));
  await copySqlite({ from: join(folder, 'doublestamp.db'), to: original });
  if (!(await isRight(original))) throw new Error('The file is not right before anything was changed');
  const bytes = readFileSync(original);
  const rows = findRows(original, bytes);
  const outcome: CorruptionOutcome = { flips, found: 0, foundBySqlite: 0, missed: [] };
  for (let flip = 0; flip < flips; flip++) {
    const row = rows[Math.floor(Math.random() * rows.length)]!;
    const place = row.start + Math.floor(Math.random() * (row.end - row.start));
    const changed = Buffer.from(bytes);
    changed[place] = changed[place]! ^ (1 + Math.floor(Math.random() * 255));
    const path = join(folder, `flipped-${flip}.db`);
    writeFileSync(path, changed);
    if (findSqliteFault(path) !== null) outcome.foundBySqlite++;
    if (await isRight(path)) outcome.missed.push(`${row.table}, byte ${place - row.start} of its row`);
    else outcome.found++;
  }
  return outcome;
}

async function fillShop(path: string): Promise<void> {
  await withDatabase(path, async (db) => {
    const shop = await openShop(db, { cardCount: CARDS, gesturesLimit: 100 });
    const till = aTill(db, systemClock, shop);
    for (let turn = 0; turn < SALES; turn++) {
      const card = { cardCode: shop.cardCodes[turn % CARDS]! };
      await till.sell(card, 1 + (turn % 3));
      if (turn % 10 === 0) await till.give(card);
      if (turn % 15 === 0) await till.redeem(card);
    }
    for (let row = 0; row < AUDIT_ROWS; row++)
      await db.transact((tx) =>
        appendAudit(tx, {
          merchantId: shop.merchantId,
          at: new Date(),
          staffId: shop.owner.staffId,
          action: 'item.edited',
          subjectId: shop.flatWhite.itemId,
          details: { changed: ['priceMinor'], priceMinor: 350 + row },
        }),
      );
  });
}

interface RowBytes {
  table: string;
  start: number;
  end: number;
}

/**
 * Where rows lie in the file. A row is its header and then its columns one after another, of which the first is the
 * merchant and the last the hash. A hash that is there twice is left out: the last one's is kept at the head of the
 * chain too, and pages hold remains of rows that have moved to another.
 */
function findRows(path: string, bytes: Buffer): RowBytes[] {
  const client = new BetterSqlite3(path, { readonly: true });
  try {
    return ['entries', 'audit_log'].flatMap((table) => {
      const rows = client.prepare(`SELECT merchant_id, hash FROM ${table} ORDER BY sequence`).all() as {
        merchant_id: string;
        hash: string;
      }[];
      return rows.flatMap(({ merchant_id: merchantId, hash }) => {
        const hashStart = bytes.indexOf(hash);
        if (hashStart !== bytes.lastIndexOf(hash)) return [];
        const bodyStart = bytes.lastIndexOf(merchantId, hashStart);
        return [{ table, start: bodyStart - headerLength(bytes, bodyStart), end: hashStart + hash.length }];
      });
    });
  } finally {
    client.close();
  }
}

/** The first byte of a header is its length. */
function headerLength(bytes: Buffer, bodyStart: number): number {
  for (let length = 2; length <= LONGEST_HEADER; length++)
    if (bytes[bodyStart - length] === length) return length;
  throw new Error('A row without a header');
}

async function isRight(path: string): Promise<boolean> {
  if (findSqliteFault(path) !== null) return false;
  return withDatabase(path, async (db) => {
    for (const merchant of await listShops(db)())
      if ((await checkShop(db)(merchant)).fault !== null) return false;
    return true;
  });
}

export const corruptionProof: Proof = {
  name: 'corruption',
  promise: 'a changed byte in the ledger or the audit log is noticed',
  async run({ isLong, makeFolder }) {
    const { flips, found, foundBySqlite, missed } = await flipBytes({
      folder: makeFolder(),
      flips: isLong ? 2_000 : 100,
    });
    return {
      figure:
        `${found} of ${flips} found by check; by SQLite alone ${foundBySqlite}` +
        (missed.length > 0 ? `; missed: ${missed.slice(0, 5).join('; ')}` : ''),
      holds: found === flips && foundBySqlite < flips,
    };
  },
};
