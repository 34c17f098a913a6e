import BetterSqlite3 from 'better-sqlite3';
import { openDatabase } from '../db/open.ts';
import { aShop } from '../tests/support/a-shop.ts';
import type { Shop } from '../tests/support/a-shop.ts';
import type { Covariates } from '../src/evidence/covariates.ts';
import { computeDraw } from '../src/evidence/draw.ts';
import type { SeasonHmac } from '../src/evidence/draw.ts';
import { createSeededRandom } from '../src/evidence/seeded-random.ts';
import type { Sealer } from '../src/operations/seal.ts';
import { makeSeasonKey, openSeasonKey, seasonHmac } from '../src/operations/season-key.ts';

const DAY_MS = 86_400_000;
const YEARS = 3;
const SEASON_MS = 100 * DAY_MS;
const LOCATIONS = 40;
const SALES_PER_CUSTOMER = 33;
const CARD_SHARE = 0.64;
const REFUND_SHARE = 0.006;
const CHANCE_MILLIONTHS = 50_000;

export interface LargeChain {
  shop: Shop;
  seasonId: string;
  /** When it is now, in the chain's books. */
  now: Date;
  /** Somebody whose outcome one more sale changes, and a time that is in the window of their matured draw. */
  lateSale: { customerId: string; occurredAt: Date };
}

/** Who and where, of the books that are being written. */
interface Chain extends Pick<Shop, 'merchantId' | 'deviceId' | 'programId'> {
  staffId: string;
  seasonId: string;
  locationIds: string[];
  /** Each customer has one card, of the same id. */
  customerIds: string[];
  startMs: number;
  nowMs: number;
}

/**
 * Writes the books of a chain of 40 shops over three years into a new SQLite file, by bare statements: so many sales,
 * about two thirds of them on cards, and so many draws of which every one has matured.
 */
export async function writeLargeChain(
  path: string,
  { sales, draws, sealer }: { sales: number; draws: number; sealer: Sealer },
): Promise<LargeChain> {
  const nowMs = Date.parse('2026-10-01T12:00:00Z');
  const startMs = nowMs - YEARS * 365 * DAY_MS;
  const db = await openDatabase(path);
  const shop = await aShop(db, { now: new Date(startMs) });
  await db.close();
  const customerCount = Math.max(100, Math.round(sales / SALES_PER_CUSTOMER));
  const chain: Chain = {
    ...shop,
    staffId: shop.ada.staffId,
    seasonId: idAt(nowMs - SEASON_MS, 0, 3),
    locationIds: Array.from({ length: LOCATIONS }, (_, place) => idAt(startMs, place, 1)),
    customerIds: Array.from({ length: customerCount }, (_, place) => idAt(startMs, place, 2)),
    startMs,
    nowMs,
  };
  const key = makeSeasonKey(sealer, chain);
  const hmac = seasonHmac(openSeasonKey(sealer, { ...chain, sealedKey: key.sealedKey })!);
  const client = openUnsafely(path);
  // Written once at the end: ten million times in between would take many times as long.
  const index = client.prepare(`SELECT sql FROM sqlite_schema WHERE name = 'sales_by_customer'`).pluck();
  const makeIndex = index.get() as string;
  client.exec('DROP INDEX sales_by_customer');
  client.transaction(() => {
    writePeople(client, chain);
    writeSeason(client, chain, { key, draws });
    writeVisits(client, chain, { sales, draws, hmac });
  })();
  client.exec(makeIndex);
  const last = client
    .prepare(`SELECT customer_id AS customerId, drawn_at AS ms FROM draws ORDER BY sequence DESC LIMIT 1`)
    .get() as { customerId: string; ms: number };
  client.close();
  const lateSale = { customerId: last.customerId, occurredAt: new Date(last.ms + 20 * DAY_MS) };
  return { shop, seasonId: chain.seasonId, now: new Date(nowMs), lateSale };
}

/** For a file that is thrown away when it is not finished: nothing is made sure of. */
function openUnsafely(path: string): BetterSqlite3.Database {
  const client = new BetterSqlite3(path);
  client.pragma('journal_mode = DELETE');
  client.pragma('journal_mode = OFF');
  client.pragma('synchronous = OFF');
  client.pragma('foreign_keys = OFF');
  client.pragma('cache_size = -1000000');
  return client;
}

function writePeople(client: BetterSqlite3.Database, chain: Chain): void {
  const { merchantId, programId, locationIds, customerIds, startMs } = chain;
  const insertLocation = client.prepare(
    `INSERT INTO locations (merchant_id, location_id, name, time_zone, cut_off_minutes, join_code, created_at) VALUES (?, ?, ?, 'Europe/London', 240, ?, ?)`,
  );
  for (const [place, id] of locationIds.entries())
    insertLocation.run(merchantId, id, `Shop ${place + 1}`, id, startMs);
  const insertCustomer = client.prepare(
    `INSERT INTO customers (merchant_id, customer_id, created_at) VALUES (?, ?, ?)`,
  );
  const insertCard = client.prepare(
    `INSERT INTO cards (merchant_id, card_id, customer_id, program_id, program_version, location_id, short_code, balance, held_stamps, open_reward_count, created_at)
     VALUES (?, ?, ?, ?, 1, ?, ?, 0, 0, 0, ?)`,
  );
  for (const [place, id] of customerIds.entries()) {
    const shortCode = place.toString(36).padStart(8, '0');
    insertCustomer.run(merchantId, id, startMs);
    insertCard.run(merchantId, id, id, programId, locationIds[place % LOCATIONS]!, shortCode, startMs);
  }
}

function writeSeason(
  client: BetterSqlite3.Database,
  { merchantId, seasonId, staffId, nowMs }: Chain,
  { key, draws }: { key: ReturnType<typeof makeSeasonKey>; draws: number },
): void {
  const startedMs = nowMs - SEASON_MS;
  client
    .prepare(
      `INSERT INTO seasons (merchant_id, season_id, kind, chance_millionths, daily_cap, sealed_key, key_hash, planned_draws, sale_cap_minor, margin_millionths, started_at, started_by)
       VALUES (?, ?, 'lucky', ?, 50, ?, ?, ?, 1500, 700000, ?, ?)`,
    )
    .run(merchantId, seasonId, CHANCE_MILLIONTHS, key.sealedKey, key.keyHash, draws, startedMs, staffId);
}

/** One after another, at the same pace for three years; some of those in the season make draws. */
function writeVisits(
  client: BetterSqlite3.Database,
  chain: Chain,
  { sales, draws, hmac }: { sales: number; draws: number; hmac: SeasonHmac },
): void {
  const { merchantId, locationIds, customerIds, startMs, nowMs } = chain;
  const random = createSeededRandom(7);
  const writeSale = saleWriter(client, chain, random);
  const writeDraw = drawWriter(client, chain, { hmac, random });
  const drawFromMs = nowMs - 95 * DAY_MS;
  const drawToMs = nowMs - 31 * DAY_MS;
  const lengthMs = nowMs - startMs;
  const drawShare = (1.03 * draws) / ((sales * CARD_SHARE * (drawToMs - drawFromMs)) / lengthMs);
  let sequence = 0;
  const drawnToday = new Set<string>();
  let businessDay = '';
  for (let place = 0; place < sales; place++) {
    const ms = Math.floor(startMs + (place * lengthMs) / sales);
    if (ms - (ms % DAY_MS) !== Date.parse(businessDay)) {
      businessDay = new Date(ms).toISOString().slice(0, 10);
      drawnToday.clear();
    }
    const isOnCard = random() < CARD_SHARE;
    // A few come often, most now and then.
    const who = isOnCard ? Math.floor(customerIds.length * random() ** 1.6) : -1;
    const customerId = customerIds[who] ?? null;
    const locationId = locationIds[(isOnCard ? who : place) % LOCATIONS]!;
    const saleId = idAt(ms, place, 4);
    writeSale({ saleId, customerId, locationId, businessDay, ms });
    const mayDraw = ms >= drawFromMs && ms <= drawToMs && sequence < draws;
    if (customerId === null || !mayDraw || drawnToday.has(customerId) || random() > drawShare) continue;
    drawnToday.add(customerId);
    writeDraw(++sequence, { saleId, customerId, locationId, businessDay, ms });
  }
  client
    .prepare(`INSERT INTO chain_heads (merchant_id, chain, sequence, hash) VALUES (?, 'draws', ?, 'x')`)
    .run(merchantId, sequence);
}

interface Visit {
  saleId: string;
  customerId: string | null;
  locationId: string;
  businessDay: string;
  ms: number;
}

/** Writes sales, and refunds of a few of them a minute later. */
function saleWriter(
  client: BetterSqlite3.Database,
  { merchantId, deviceId, staffId }: Chain,
  random: () => number,
): (visit: Visit) => void {
  const insertSale = client.prepare(
    `INSERT INTO sales (merchant_id, sale_id, source, location_id, device_id, staff_id, customer_id, card_id, occurred_at, business_day, total_minor, lines, stamps_earned, recorded_at)
     VALUES (@merchantId, @saleId, 'till', @locationId, @deviceId, @staffId, @customerId, @customerId, @ms, @businessDay, @totalMinor, '[]', 1, @ms)`,
  );
  const insertRefund = client.prepare(
    `INSERT INTO refunds (merchant_id, refund_id, sale_id, refunded_at, business_day, amount_minor, reversed_stamps, recorded_at)
     VALUES (@merchantId, @saleId, @saleId, @ms, @businessDay, @totalMinor, 0, @ms)`,
  );
  return (visit) => {
    const totalMinor = 250 + Math.floor(random() * 600);
    insertSale.run({ merchantId, deviceId, staffId, totalMinor, ...visit });
    if (random() < REFUND_SHARE)
      insertRefund.run({ merchantId, totalMinor, ...visit, ms: visit.ms + 60_000 });
  };
}

/** Writes draws half a minute before their sale, and gestures on most of those that say yes. */
function drawWriter(
  client: BetterSqlite3.Database,
  { merchantId, deviceId, staffId, seasonId }: Chain,
  { hmac, random }: { hmac: SeasonHmac; random: () => number },
): (sequence: number, visit: Visit & { customerId: string }) => void {
  const insertDraw = client.prepare(
    `INSERT INTO draws (merchant_id, sequence, draw_id, season_id, location_id, business_day, customer_id, card_id, staff_id, device_id, drawn_at, chance_millionths, u, is_drawn, covariates, hash)
     VALUES (@merchantId, @sequence, @saleId, @seasonId, @locationId, @businessDay, @customerId, @customerId, @staffId, @deviceId, @drawnMs, @chanceMillionths, @u, @isDrawn, @covariates, 'x')`,
  );
  const insertGesture = client.prepare(
    `INSERT INTO gestures (merchant_id, gesture_id, kind, card_id, customer_id, staff_id, location_id, given_at, business_day, price_minor, cost_minor, reason, funded_by, is_past, recorded_at)
     VALUES (@merchantId, @saleId, 'free_item', @customerId, @customerId, @staffId, @locationId, @ms, @businessDay, 300, 80, 'other', 'lucky', 0, @ms)`,
  );
  return (sequence, visit) => {
    const chanceMillionths = CHANCE_MILLIONTHS;
    const { u, isDrawn } = computeDraw({ ...visit, chanceMillionths }, hmac);
    insertDraw.run({
      merchantId,
      deviceId,
      staffId,
      seasonId,
      sequence,
      chanceMillionths,
      ...visit,
      drawnMs: visit.ms - 30_000,
      u,
      isDrawn: isDrawn ? 1 : 0,
      covariates: JSON.stringify(someCovariates(random)),
    });
    if (random() < (isDrawn ? 0.8 : 0.02)) insertGesture.run({ merchantId, staffId, ...visit });
  };
}

function someCovariates(random: () => number): Covariates {
  const visits90 = 1 + Math.floor(random() * 12);
  return {
    spend28Minor: Math.floor(visits90 * 150 * random()),
    spend90Minor: visits90 * 480,
    visits28: Math.floor(visits90 / 3),
    visits90,
    tenureDays: 100 + random() * 800,
    gapDays: random() * 30,
    stamps: Math.floor(random() * 10),
  };
}

/** An id in the order of time, as UUIDv7 has it. */
function idAt(ms: number, place: number, kind: number): string {
  const time = ms.toString(16).padStart(12, '0');
  const rest = place.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${kind}00-8000-${rest}`;
}
