import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import BetterSqlite3 from 'better-sqlite3';
import { v7 as uuid } from 'uuid';
import { openDatabase } from '../db/open.ts';
import { insertSale } from '../db/queries/sale-queries.ts';
import { createSealer } from '../src/operations/seal.ts';
import type { Sealer } from '../src/operations/seal.ts';
import { reportEvidence } from '../src/operations/report-evidence.ts';
import { writeLargeChain } from './large-chain.ts';
import type { LargeChain } from './large-chain.ts';
import { readNumber, readOptions } from './read-options.ts';

/*
 * The evidence report of a chain: 10,000,000 sales, of which 200,000 draws have matured.
 *   cold      the first report of a server that has just started, everything read from the database;
 *   again     after one more sale was rung up;
 *   late      after one more sale that belongs to the past, as a till that was offline sends it: one customer's
 *             outcomes change, and everything is weighed again.
 *
 * With `--file` the books are written there when they are not there yet, left as they were, and read again the next
 * time: writing them takes minutes.
 */
const COLD_WITHIN_MS = 5_000;
const AGAIN_WITHIN_MS = 200;
const STALL_WITHIN_MS = 50;
const MB = 1024 * 1024;
const USAGE = 'npm run bench -- evidence [--sales NUMBER] [--draws NUMBER] [--file PATH]';

export async function benchEvidence(args: readonly string[]): Promise<void> {
  const { values } = readOptions(USAGE, {
    args: [...args],
    options: {
      sales: { type: 'string', default: '10000000' },
      draws: { type: 'string', default: '200000' },
      file: { type: 'string' },
    },
  });
  const size = {
    sales: readNumber('sales', values.sales, USAGE),
    draws: readNumber('draws', values.draws, USAGE),
  };
  if (values.file) {
    await measure(values.file, size);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'doublestamp-bench-'));
  try {
    await measure(join(folder, 'chain.db'), size);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The books in the file, written unless they are there, with what is known of them beside it. */
async function openBooks(
  path: string,
  { sealer, ...size }: { sales: number; draws: number; sealer: Sealer },
): Promise<LargeChain> {
  const about = `${path}.json`;
  if (existsSync(about)) {
    const known = JSON.parse(readFileSync(about, 'utf8')) as LargeChain;
    const { now, lateSale } = known;
    return {
      ...known,
      now: new Date(now),
      lateSale: { ...lateSale, occurredAt: new Date(lateSale.occurredAt) },
    };
  }
  console.log(`Writing the books of a chain with ${size.sales} sales …`);
  const chain = await writeLargeChain(path, { ...size, sealer });
  writeFileSync(about, JSON.stringify(chain));
  return chain;
}

async function measure(path: string, size: { sales: number; draws: number }): Promise<void> {
  const sealer = createSealer(Buffer.alloc(32, 7));
  const chain = await openBooks(path, { ...size, sealer });
  console.log(`${Math.round(statSync(path).size / MB)} MB. Reading its evidence:`);
  const { merchantId } = chain.shop;
  const db = await openDatabase(path);
  const clock = { now: () => chain.now };
  const report = reportEvidence(db, clock, sealer);
  const before = process.memoryUsage().rss;
  const ask = async (name: string, withinMs: number): Promise<void> => {
    const stalls = monitorEventLoopDelay({ resolution: 5 });
    stalls.enable();
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    const view = await report({ merchantId }, {});
    const tookMs = performance.now() - startedAt;
    const cpu = process.cpuUsage(cpuBefore);
    stalls.disable();
    if ('refused' in view) throw new Error(view.refused);
    const stallMs = stalls.max / 1e6;
    const memory = Math.round((process.memoryUsage().rss - before) / MB);
    console.log(
      `${name.padEnd(6)} ${Math.round(tookMs).toString().padStart(6)} ms (wanted: ${withinMs})   ` +
        `${Math.round((cpu.user + cpu.system) / 1000)} ms of processor   ` +
        `longest stall ${Math.round(stallMs)} ms (wanted: ${STALL_WITHIN_MS})   ` +
        `${memory} MB more   ${view.draws.matured} matured draws, effect ${view.gesture?.effect.toFixed(1)}, ` +
        `${view.verdict}${tookMs > withinMs ? '   NOT reached' : ''}`,
    );
  };
  const saleIds: string[] = [];
  try {
    await ask('cold', COLD_WITHIN_MS);
    const sale = {
      merchantId,
      saleId: uuid({ msecs: chain.now.getTime() }),
      source: 'till',
      reference: null,
      locationId: chain.shop.locationId,
      deviceId: chain.shop.deviceId,
      staffId: chain.shop.ada.staffId,
      customerId: chain.lateSale.customerId,
      cardId: chain.lateSale.customerId,
      occurredAt: chain.now,
      businessDay: chain.now.toISOString().slice(0, 10),
      totalMinor: 400,
      lines: [],
      stampsEarned: 1,
      recordedAt: chain.now,
    };
    saleIds.push(sale.saleId);
    await db.transact((tx) => insertSale(tx, sale));
    await ask('again', AGAIN_WITHIN_MS);
    const { occurredAt } = chain.lateSale;
    const late = { ...sale, saleId: uuid({ msecs: chain.now.getTime() }), occurredAt };
    saleIds.push(late.saleId);
    await db.transact((tx) => insertSale(tx, late));
    await ask('late', AGAIN_WITHIN_MS);
  } finally {
    await db.close();
    takeBack(path, merchantId, saleIds);
  }
}

/** Leaves the books as they were found. */
function takeBack(path: string, merchantId: string, saleIds: readonly string[]): void {
  const client = new BetterSqlite3(path);
  for (const saleId of saleIds)
    client.prepare('DELETE FROM sales WHERE merchant_id = ? AND sale_id = ?').run(merchantId, saleId);
  client.close();
}
