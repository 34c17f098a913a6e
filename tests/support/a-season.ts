import { randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { insertSeason } from '../../db/queries/season-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import { createSealer } from '../../src/operations/seal.ts';
import { makeSeasonKey } from '../../src/operations/season-key.ts';
import type { Shop } from './a-shop.ts';

/** The sealer of a server, for one test file. */
export const testSealer = createSealer(randomBytes(32));

/** Next to certain: the draw says yes 999,999 times of a million. */
export const ALWAYS = 999_999;
/** Next to impossible. */
export const NEVER = 1;

/** A season that is on, of lucky moments unless told otherwise. */
export async function aSeason(db: Database, shop: Shop, season: Partial<SeasonRow> = {}): Promise<SeasonRow> {
  const seasonId = season.seasonId ?? uuid();
  const row: SeasonRow = {
    merchantId: shop.merchantId,
    seasonId,
    kind: 'lucky',
    locationId: null,
    chanceMillionths: 50_000,
    dailyCap: 10_000,
    gestureKind: null,
    ...makeSeasonKey(testSealer, { seasonId }),
    revealedKey: null,
    plannedDraws: 1_000,
    saleCapMinor: 5_000,
    visitMinutes: 30,
    smallestEffectMinor: null,
    marginMillionths: 700_000,
    startedAt: new Date('2026-03-01T00:00:00Z'),
    startedBy: shop.owner.staffId,
    endedAt: null,
    endedBy: null,
    ...season,
  };
  await db.transact((tx) => insertSeason(tx, row));
  return row;
}
