import type { Database, Tables } from '../../db/database.ts';
import { computeBusinessDay } from '../../src/loyalty/business-day.ts';
import { createSeededRandom } from '../../src/evidence/seeded-random.ts';
import { aShop } from './a-shop.ts';
import type { Shop, ShopOptions } from './a-shop.ts';

type Sale = Tables['sales']['$inferSelect'];
type Gesture = Tables['gestures']['$inferSelect'];
type Refund = Tables['refunds']['$inferSelect'];

const ROWS_AT_ONCE = 200;
const DAY_MS = 86_400_000;

/** Writes customers, each with a card, straight into the tables. */
export async function addCustomers(db: Database, shop: Shop, customerIds: readonly string[]): Promise<void> {
  const { merchantId, locationId, programId } = shop;
  const createdAt = new Date('2026-01-01T00:00:00Z');
  await insertInParts(db, customerIds, (tx, part) =>
    tx.query((d, { customers }) =>
      d.insert(customers).values(
        part.map((customerId) => ({
          merchantId,
          customerId,
          name: `Name of ${customerId}`,
          staffId: null,
          createdAt,
        })),
      ),
    ),
  );
  await insertInParts(db, customerIds, (tx, part) =>
    tx.query((d, { cards }) =>
      d.insert(cards).values(
        part.map((customerId) => ({
          merchantId,
          cardId: customerId,
          customerId,
          programId,
          programVersion: 1,
          locationId,
          secretHash: null,
          codeHash: null,
          shortCode: customerId,
          balance: 0,
          heldStamps: 0,
          openRewardCount: 0,
          lastVisitAt: null,
          createdAt,
          blockedAt: null,
        })),
      ),
    ),
  );
}

/** A sale of 3.50 to a customer, unless told otherwise. */
export function saleRow(
  shop: Shop,
  sale: Pick<Sale, 'saleId' | 'customerId' | 'occurredAt'> & Partial<Sale>,
): Sale {
  return {
    merchantId: shop.merchantId,
    source: 'till',
    reference: null,
    locationId: shop.locationId,
    deviceId: null,
    staffId: null,
    cardId: sale.customerId,
    businessDay: dayOf(sale.occurredAt),
    totalMinor: 350,
    lines: [],
    stampsEarned: 0,
    recordedAt: sale.occurredAt,
    ...sale,
  };
}

/** A flat white given by Ada after a long day, unless told otherwise. */
export function gestureRow(
  shop: Shop,
  gesture: Pick<Gesture, 'gestureId' | 'customerId' | 'givenAt'> & Partial<Gesture>,
): Gesture {
  return {
    merchantId: shop.merchantId,
    kind: 'free_item',
    cardId: gesture.customerId,
    staffId: shop.ada.staffId,
    locationId: shop.locationId,
    deviceId: null,
    businessDay: dayOf(gesture.givenAt),
    saleId: null,
    itemId: shop.flatWhite.itemId,
    itemName: shop.flatWhite.name,
    priceMinor: 350,
    costMinor: 80,
    reason: 'long_day',
    note: null,
    fundedBy: 'allowance',
    grantedBy: null,
    leaseId: null,
    drawId: null,
    isPast: false,
    recordedAt: gesture.givenAt,
    undoneAt: null,
    undoneBy: null,
    ...gesture,
  };
}

export function refundRow(
  shop: Shop,
  refund: Pick<Refund, 'refundId' | 'saleId' | 'refundedAt' | 'amountMinor'>,
): Refund {
  return {
    merchantId: shop.merchantId,
    reference: null,
    staffId: null,
    businessDay: dayOf(refund.refundedAt),
    reversedStamps: 0,
    recordedAt: refund.refundedAt,
    ...refund,
  };
}

export interface Rows {
  sales?: readonly Sale[];
  gestures?: readonly Gesture[];
  refunds?: readonly Refund[];
}

export async function addRows(
  db: Database,
  { sales = [], gestures = [], refunds = [] }: Rows,
): Promise<void> {
  await insertInParts(db, sales, (tx, part) => tx.query((d, t) => d.insert(t.sales).values(part)));
  await insertInParts(db, gestures, (tx, part) => tx.query((d, t) => d.insert(t.gestures).values(part)));
  await insertInParts(db, refunds, (tx, part) => tx.query((d, t) => d.insert(t.refunds).values(part)));
}

export interface BusyShop extends Shop {
  rows: Required<Rows>;
}

/**
 * A made-up shop with a second location, 400 days of sales, gestures and refunds, the same for the same numbers: few
 * customers, so that their gestures overlap, and times on a coarse grid, so that some fall together.
 */
export async function aBusyShop(
  db: Database,
  {
    customerCount,
    saleCount,
    gestureCount,
    ...options
  }: ShopOptions & { customerCount: number; saleCount: number; gestureCount: number },
): Promise<BusyShop> {
  const shop = await aShop(db, options);
  const { merchantId, ada, ben, manager } = shop;
  const stationId = `station-${merchantId}`;
  await db.transact((tx) =>
    tx.query((d, { locations }) =>
      d.insert(locations).values({
        merchantId,
        locationId: stationId,
        name: 'Station',
        timeZone: 'America/New_York',
        cutOffMinutes: 240,
        dayFloor: null,
        joinCode: stationId,
        createdAt: new Date('2025-01-01T00:00:00Z'),
        endedAt: null,
      }),
    ),
  );
  const random = createSeededRandom(42);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const at = (days: number): Date =>
    new Date(Date.parse('2025-02-01T06:00:00Z') + Math.floor(random() * days * 48) * (DAY_MS / 48));
  const customers = Array.from({ length: customerCount }, (_, index) => `customer-${index}`);
  await addCustomers(db, shop, customers);
  const sales = Array.from({ length: saleCount }, (_, index) =>
    saleRow(shop, {
      saleId: `sale-${index}`,
      customerId: random() < 0.05 ? null : pick(customers),
      occurredAt: at(400),
      totalMinor: Math.floor(random() * 1_200),
    }),
  );
  const refunds = sales
    .filter(() => random() < 0.08)
    .flatMap((sale, index) =>
      [1, 20].map((days) =>
        refundRow(shop, {
          refundId: `refund-${index}-${days}`,
          saleId: sale.saleId,
          refundedAt: new Date(sale.occurredAt.getTime() + days * DAY_MS),
          amountMinor: Math.floor(sale.totalMinor * random() * 0.5),
        }),
      ),
    );
  const gestures = Array.from({ length: gestureCount }, (_, index) => {
    const own = random() < 0.4 ? pick(sales.filter(({ customerId }) => customerId !== null)) : null;
    const givenAt = own ? new Date(own.occurredAt.getTime() - pick([0, 0, 20_000, 3_600_000])) : at(400);
    return gestureRow(shop, {
      gestureId: `gesture-${String(gestureCount - index).padStart(6, '0')}`,
      customerId: own?.customerId ?? pick(customers),
      givenAt,
      saleId: own?.saleId ?? null,
      kind: pick(['double_stamp', 'free_item', 'voucher'] as const),
      reason: pick(['long_day', 'regular', 'other'] as const),
      staffId: pick([ada, ben, manager]).staffId,
      locationId: pick([shop.locationId, stationId]),
      fundedBy: pick(['allowance', 'grant'] as const),
      isPast: random() < 0.1,
      undoneAt: random() < 0.1 ? new Date(givenAt.getTime() + 9_000) : null,
    });
  });
  const rows = { sales, gestures, refunds };
  await addRows(db, rows);
  return { ...shop, rows };
}

async function insertInParts<Row>(
  db: Database,
  rows: readonly Row[],
  insert: (tx: Parameters<Parameters<Database['transact']>[0]>[0], part: Row[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    await db.transact((tx) => insert(tx, rows.slice(start, start + ROWS_AT_ONCE)));
}

function dayOf(instant: Date): string {
  return computeBusinessDay({ instant, timeZone: 'Europe/London', cutOffMinutes: 240 });
}
