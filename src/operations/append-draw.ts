import { hash } from 'node:crypto';
import type { Queries } from '../../db/database.ts';
import { insertDraw } from '../../db/queries/draw-queries.ts';
import type { DrawRow } from '../../db/queries/draw-queries.ts';
import { findChainHead, saveChainHead } from '../../db/queries/ledger-queries.ts';
import { CHAIN_START } from './append-entries.ts';
import type { ChainLink } from './append-entries.ts';
import { canonicalJson } from './canonical-json.ts';

export type NewDraw = Omit<DrawRow, 'sequence' | 'hash'>;

/** Writes a draw, whichever way it fell, to the end of the merchant's chain of draws. */
export async function appendDraw(tx: Queries, draw: NewDraw): Promise<DrawRow> {
  const { merchantId } = draw;
  const [head] = await findChainHead(tx, { merchantId, chain: 'draws' });
  const row = chainDraw(draw, head ?? CHAIN_START);
  // First, so that tills that draw at once collide here, which is tried again, and not at a number that is taken.
  await saveChainHead(tx, { merchantId, chain: 'draws', sequence: row.sequence, hash: row.hash });
  await insertDraw(tx, row);
  return row;
}

/** Numbers a draw and links it to the one before it. */
export function chainDraw(draw: NewDraw, after: ChainLink): DrawRow {
  const unlinked = { ...draw, sequence: after.sequence + 1 };
  return { ...unlinked, hash: computeDrawHash({ previousHash: after.hash, draw: unlinked }) };
}

/**
 * SHA-256, in hexadecimal, of the previous draw's hash and of this draw's columns in the order below; `drawnAt` in
 * milliseconds since 1970, the covariates as JSON with sorted keys.
 */
export function computeDrawHash({
  previousHash,
  draw,
}: {
  previousHash: string;
  draw: Omit<DrawRow, 'hash'>;
}): string {
  return hash(
    'sha256',
    JSON.stringify([
      previousHash,
      draw.merchantId,
      draw.sequence,
      draw.drawId,
      draw.seasonId,
      draw.locationId,
      draw.businessDay,
      draw.customerId,
      draw.cardId,
      draw.staffId,
      draw.deviceId,
      draw.drawnAt.getTime(),
      draw.chanceMillionths,
      draw.u,
      draw.isDrawn,
      canonicalJson(draw.covariates),
    ]),
  );
}
