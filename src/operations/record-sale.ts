import { randomUUIDv7 } from 'node:crypto';
import type { Database, Queries } from '../../db/database.ts';
import { findMenuItem } from '../../db/queries/item-queries.ts';
import { insertSale } from '../../db/queries/sale-queries.ts';
import type { SaleRow } from '../../db/queries/sale-queries.ts';
import type { Clock } from '../clock.ts';
import { computeEarnedStamps } from '../loyalty/accrual.ts';
import type { SaleLine } from '../loyalty/program.ts';
import type { Place, TillActor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempt } from './answer-once.ts';
import { businessDayOf } from './business-day-of.ts';
import type { CardView } from './card-view.ts';
import { findCard } from './find-card.ts';
import { postToCard } from './post-to-card.ts';
import { tappedAt } from './tapped-at.ts';

export interface SaleRequest {
  attempt: Attempt;
  /** The customer's card, if one was shown. */
  cardCode?: string | undefined;
  /** Items of the menu, at the menu's prices. */
  lines: readonly { itemId: string; quantity: number }[];
}

export interface SaleView {
  saleId: string;
  occurredAt: Date;
  businessDay: string;
  totalMinor: number;
  lines: SaleLine[];
  stampsEarned: number;
}

export interface SaleRecorded {
  sale: SaleView;
  card: CardView | null;
}

export type SaleRefusal =
  | { refused: 'card-unknown' }
  | { refused: 'card-blocked' }
  | { refused: 'item-unknown'; itemId: string }
  | { refused: 'sale-too-large'; maxTotalMinor: number };

/** PostgreSQL's integers end a little above; fifty times fifty of a mistyped price would pass them. */
const MAX_TOTAL_MINOR = 2_000_000_000;

/** Records what a customer bought at the till and puts the stamps it earned on their card. */
export const recordSale =
  (db: Database, clock: Clock) =>
  ({ merchantId, staffId, place }: TillActor, { attempt, cardCode, lines }: SaleRequest) => {
    const now = clock.now();
    const saleId = randomUUIDv7(); // not the package's: docs/decisions/008
    const occurredAt = tappedAt(attempt, now);
    return db.transact((tx) =>
      answerOnce<SaleRecorded | SaleRefusal>(tx, { merchantId, attempt, now }, () =>
        recordSaleIn(tx, { staffId, place, saleId, cardCode, lines, occurredAt, recordedAt: now }),
      ),
    );
  };

/** As `recordSale`, inside a transaction that does more. */
export async function recordSaleIn(
  tx: Queries,
  request: {
    staffId: string;
    place: Place;
    saleId: string;
    cardCode: string | undefined;
    lines: SaleRequest['lines'];
    occurredAt: Date;
    recordedAt: Date;
  },
): Promise<SaleRecorded | SaleRefusal> {
  const { staffId, place, saleId, cardCode, occurredAt, recordedAt } = request;
  const { merchantId, deviceId, locationId } = place;
  const card = cardCode === undefined ? undefined : await findCard(tx, { merchantId, cardCode });
  if (cardCode !== undefined && !card) return { refused: 'card-unknown' };
  if (card?.blockedAt) return { refused: 'card-blocked' };
  const lines = await priceLines(tx, { merchantId, wanted: request.lines });
  if ('refused' in lines) return lines;
  const totalMinor = lines.reduce((total, line) => total + line.totalMinor, 0);
  if (totalMinor > MAX_TOTAL_MINOR) return { refused: 'sale-too-large', maxTotalMinor: MAX_TOTAL_MINOR };
  const stampsEarned = card ? computeEarnedStamps({ accrual: card.accrual, lines, totalMinor }) : 0;
  const businessDay = businessDayOf(place, occurredAt);
  const sale: SaleRow = {
    merchantId,
    saleId,
    source: 'till',
    reference: null,
    locationId,
    deviceId,
    staffId,
    customerId: card?.customerId ?? null,
    cardId: card?.cardId ?? null,
    occurredAt,
    businessDay,
    totalMinor,
    lines,
    stampsEarned,
    recordedAt,
  };
  await insertSale(tx, sale);
  if (!card) return { sale: presentSale(sale), card: null };
  const view = await postToCard(tx, {
    card,
    entries: stampsEarned > 0 ? [{ kind: 'earned', stamps: stampsEarned }] : [],
    context: { merchantId, locationId, deviceId, staffId, at: occurredAt, businessDay, saleId },
    recordedAt,
    isVisit: true,
  });
  return { sale: presentSale(sale), card: view };
}

export function presentSale(sale: SaleRow): SaleView {
  const { saleId, occurredAt, businessDay, totalMinor, lines, stampsEarned } = sale;
  return { saleId, occurredAt, businessDay, totalMinor, lines, stampsEarned };
}

async function priceLines(
  tx: Queries,
  { merchantId, wanted }: { merchantId: string; wanted: SaleRequest['lines'] },
): Promise<SaleLine[] | { refused: 'item-unknown'; itemId: string }> {
  const lines: SaleLine[] = [];
  for (const { itemId, quantity } of wanted) {
    const [item] = await findMenuItem(tx, { merchantId, itemId });
    if (!item) return { refused: 'item-unknown', itemId };
    const { name, priceMinor, qualifies } = item;
    lines.push({ itemId, name, quantity, totalMinor: priceMinor * quantity, qualifies, paidBy: 'money' });
  }
  return lines;
}
