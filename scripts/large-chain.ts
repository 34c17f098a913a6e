import BetterSqlite3 from 'better-sqlite3';
import { openDatabase } from '../db/open.ts';
import { aShop } from '../tests/support/a-shop.ts';
import type { Shop } from '../tests/support/a-shop.ts';
import { computeDraw } from '../src/evidence/draw.ts';
import type { Sealer } from '../src/operations/seal.ts';
import { makeSeasonKey, openSeasonKey, seasonHmac } from '../src/operations/season-key.ts';

const DAY_MS = 86_400_000;
const LOCATIONS = 40;
const CARD_SHARE = 0.64;
const CHANCE_MILLIONTHS = 50_000;

export interface LargeChain {
  shop: Shop;
  seasonId: string;
  /** When it is now, in the chain's books. */
  now: Date;
  /** Somebody whose outcome one more sale changes, and a time that is in the window of their matured draw. */
  lateSale: { customerId: string; occurredAt: Date };
}

/**
 * Writes the books of a chain of 40 shops over three years into a new SQLite file, by bare statements: so many sales,
 * about two thirds of them on cards, and so many draws of which every one has matured.
 */
export async function writeLargeChain(
  path: string,
  { sales, draws, sealer }: { sales: number; draws: number; sealer: Sealer },
): Promise<LargeChain> {
  const now = new Date('2026-10-01T12:00:00Z');
  const start = now.getTime() - 3 * 365 * DAY_MS;
  const db = await openDatabase(path);
  const shop = await aShop(db, { now: new Date(start) });
  await db.close();
  const client = new BetterSqlite3(path);
  client.pragma('journal_mode = DELETE');
  client.pragma('journal_mode = OFF');
  client.pragma('synchronous = OFF');
  client.pragma('foreign_keys = OFF');
  client.pragma('cache_size = -1000000');
  const index = client
    .prepare(`SELECT sql FROM sqlite_schema WHERE name = 'sales_by_customer'`)
    .pluck()
    .get() as string;
  client.exec('DROP INDEX sales_by_customer');
  const { merchantId, deviceId } = shop;
  const staffId = shop.ada.staffId;
  const random = mulberry(7);
  const customers = Math.max(100, Math.round(sales / 33));
  const locationIds = Array.from({ length: LOCATIONS }, (_, place) => idAt(start, place, 1));
  const customerIds = Array.from({ length: customers }, (_, place) => idAt(start, place, 2));
  const seasonId = idAt(now.getTime() - 100 * DAY_MS, 0, 3);
  const key = makeSeasonKey(sealer, { seasonId });
  const hmac = seasonHmac(openSeasonKey(sealer, { seasonId, sealedKey: key.sealedKey }));
  client.transaction(() => {
    const insertLocation = client.prepare(
      `INSERT INTO locations (merchant_id, location_id, name, time_zone, cut_off_minutes, join_code, created_at) VALUES (?, ?, ?, 'Europe/London', 240, ?, ?)`,
    );
    for (const [place, id] of locationIds.entries())
      insertLocation.run(merchantId, id, `Shop ${place + 1}`, id, start);
    const insertCustomer = client.prepare(
      `INSERT INTO customers (merchant_id, customer_id, created_at) VALUES (?, ?, ?)`,
    );
    const insertCard = client.prepare(
      `INSERT INTO cards (merchant_id, card_id, customer_id, program_id, program_version, location_id, short_code, balance, held_stamps, open_reward_count, created_at)
       VALUES (?, ?, ?, ?, 1, ?, ?, 0, 0, 0, ?)`,
    );
    for (const [place, id] of customerIds.entries()) {
      insertCustomer.run(merchantId, id, start);
      const locationId = locationIds[place % LOCATIONS]!;
      insertCard.run(
        merchantId,
        id,
        id,
        shop.programId,
        locationId,
        place.toString(36).padStart(8, '0'),
        start,
      );
    }
    client
      .prepare(
        `INSERT INTO seasons (merchant_id, season_id, kind, chance_millionths, daily_cap, sealed_key, key_hash, planned_draws, sale_cap_minor, margin_millionths, started_at, started_by)
         VALUES (?, ?, 'lucky', ?, 50, ?, ?, ?, 1500, 700000, ?, ?)`,
      )
      .run(
        merchantId,
        seasonId,
        CHANCE_MILLIONTHS,
        key.sealedKey,
        key.keyHash,
        draws,
        now.getTime() - 100 * DAY_MS,
        staffId,
      );
    const insertSale = client.prepare(
      `INSERT INTO sales (merchant_id, sale_id, source, location_id, device_id, staff_id, customer_id, card_id, occurred_at, business_day, total_minor, lines, stamps_earned, recorded_at)
       VALUES (?, ?, 'till', ?, ?, ?, ?, ?, ?, ?, ?, '[]', 1, ?)`,
    );
    const insertRefund = client.prepare(
      `INSERT INTO refunds (merchant_id, refund_id, sale_id, refunded_at, business_day, amount_minor, reversed_stamps, recorded_at) VALUES (?, ?, ?, ?, ?, ?, 0, ?)`,
    );
    const insertGesture = client.prepare(
      `INSERT INTO gestures (merchant_id, gesture_id, kind, card_id, customer_id, staff_id, location_id, given_at, business_day, price_minor, cost_minor, reason, funded_by, is_past, recorded_at)
       VALUES (?, ?, 'free_item', ?, ?, ?, ?, ?, ?, 300, 80, 'other', 'lucky', 0, ?)`,
    );
    const insertDraw = client.prepare(
      `INSERT INTO draws (merchant_id, sequence, draw_id, season_id, location_id, business_day, customer_id, card_id, staff_id, device_id, drawn_at, chance_millionths, u, is_drawn, covariates, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'x')`,
    );
    const drawFrom = now.getTime() - 95 * DAY_MS;
    const drawTo = now.getTime() - 31 * DAY_MS;
    const step = (now.getTime() - start) / sales;
    const perSale = draws / ((sales * CARD_SHARE * (drawTo - drawFrom)) / (now.getTime() - start));
    let sequence = 0;
    const drawnToday = new Set<string>();
    let day = '';
    for (let place = 0; place < sales; place++) {
      const at = Math.floor(start + place * step);
      const today = at - (at % DAY_MS) === Date.parse(day) ? day : new Date(at).toISOString().slice(0, 10);
      if (today !== day) {
        day = today;
        drawnToday.clear();
      }
      const isCard = random() < CARD_SHARE;
      // A few come often, most now and then.
      const who = isCard ? Math.floor(customers * random() ** 1.6) : -1;
      const customerId = isCard ? customerIds[who]! : null;
      const saleId = idAt(at, place, 4);
      const locationId = locationIds[(isCard ? who : place) % LOCATIONS]!;
      const total = 250 + Math.floor(random() * 600);
      insertSale.run(
        merchantId,
        saleId,
        locationId,
        deviceId,
        staffId,
        customerId,
        customerId,
        at,
        day,
        total,
        at,
      );
      if (random() < 0.006)
        insertRefund.run(merchantId, saleId, saleId, at + 60_000, day, total, at + 60_000);
      if (!isCard || at < drawFrom || at > drawTo || sequence >= draws || drawnToday.has(customerId!))
        continue;
      if (random() > perSale * 1.03) continue;
      drawnToday.add(customerId!);
      sequence++;
      const unit = { locationId, customerId: customerId!, businessDay: day };
      const { u, isDrawn } = computeDraw({ ...unit, chanceMillionths: CHANCE_MILLIONTHS }, hmac);
      const visits90 = 1 + Math.floor(random() * 12);
      const covariates = {
        spend28Minor: Math.floor(visits90 * 150 * random()),
        spend90Minor: visits90 * 480,
        visits28: Math.floor(visits90 / 3),
        visits90,
        tenureDays: 100 + random() * 800,
        gapDays: random() * 30,
        stamps: Math.floor(random() * 10),
      };
      insertDraw.run(
        merchantId,
        sequence,
        saleId,
        seasonId,
        locationId,
        day,
        customerId,
        customerId,
        staffId,
        deviceId,
        at - 30_000,
        CHANCE_MILLIONTHS,
        u,
        isDrawn ? 1 : 0,
        JSON.stringify(covariates),
      );
      if (isDrawn ? random() < 0.8 : random() < 0.02)
        insertGesture.run(merchantId, saleId, customerId, customerId, staffId, locationId, at, day, at);
    }
    client
      .prepare(`INSERT INTO chain_heads (merchant_id, chain, sequence, hash) VALUES (?, 'draws', ?, 'x')`)
      .run(merchantId, sequence);
  })();
  client.exec(index);
  const [last] = client
    .prepare(
      `SELECT customer_id AS customerId, drawn_at AS drawnAt FROM draws ORDER BY sequence DESC LIMIT 1`,
    )
    .all() as { customerId: string; drawnAt: number }[];
  client.close();
  return {
    shop,
    seasonId,
    now,
    lateSale: { customerId: last!.customerId, occurredAt: new Date(last!.drawnAt + 20 * DAY_MS) },
  };
}

/** An id in the order of time, as UUIDv7 has it. */
function idAt(ms: number, place: number, kind: number): string {
  const time = ms.toString(16).padStart(12, '0');
  const rest = place.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${kind}00-8000-${rest}`;
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
