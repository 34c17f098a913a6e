import type { Database, Queries } from '../../db/database.ts';
import { listCardOwners, listItemNames, listOpenKeptTaps } from '../../db/queries/kept-tap-queries.ts';
import type { AnyActor } from './actor.ts';
import type { TapBody } from './keep-tap.ts';
import { pageOf } from './page-of.ts';
import type { Page } from './page-of.ts';

export interface KeptTapView {
  tapId: string;
  operation: string;
  body: Record<string, unknown>;
  refusal: string;
  tappedAt: Date;
  keptAt: Date;
  locationId: string;
  locationName: string;
  deviceName: string;
  /** Null when it is not known who tapped. */
  staffId: string | null;
  staffName: string | null;
  /** Null when it was about no card, or one that nobody knows. */
  card: {
    cardId: string;
    shortCode: string;
    customerId: string;
    customerName: string | null;
    isBlocked: boolean;
  } | null;
  /** What was sold or given; the name is null of an item that nobody knows. */
  items: { itemId: string; name: string | null; quantity: number }[];
}

/** What tills could not record and nobody has seen to yet, oldest first: at a till, that of its location. */
export const listKeptTaps =
  (db: Database) =>
  (
    { merchantId, place }: AnyActor,
    { cursor }: { cursor?: string | undefined },
  ): Promise<Page<KeptTapView>> => {
    const locationId = place?.locationId ?? null;
    return db.read(async (queries) => {
      const page = await pageOf(
        { merchantId, cursor },
        (asked) => listOpenKeptTaps(queries, { ...asked, locationId }),
        { idOf: ({ tap }) => tap.tapId, present: (row) => row },
      );
      const names = await findNames(queries, merchantId, page.items);
      return { ...page, items: page.items.map((row) => presentKeptTap(row, names)) };
    });
  };

type Row = Awaited<ReturnType<typeof listOpenKeptTaps>>[number];

interface Names {
  cards: Map<string, NonNullable<KeptTapView['card']>>;
  items: Map<string, string>;
}

async function findNames(queries: Queries, merchantId: string, rows: Row[]): Promise<Names> {
  const bodies = rows.map(({ tap }) => tap.body as TapBody);
  const cardIds = [...new Set(bodies.flatMap(({ cardCode }) => cardCode ?? []))];
  const itemIds = [...new Set(bodies.flatMap((body) => wantedOf(body).map(({ itemId }) => itemId)))];
  const cards = cardIds.length > 0 ? await listCardOwners(queries, { merchantId, cardIds }) : [];
  const items = itemIds.length > 0 ? await listItemNames(queries, { merchantId, itemIds }) : [];
  return {
    cards: new Map(
      cards.map(({ blockedAt, ...card }) => [card.cardId, { ...card, isBlocked: blockedAt !== null }]),
    ),
    items: new Map(items.map(({ itemId, name }) => [itemId, name])),
  };
}

function wantedOf({ lines, itemId }: TapBody): { itemId: string; quantity: number }[] {
  return lines ?? (itemId === undefined ? [] : [{ itemId, quantity: 1 }]);
}

function presentKeptTap({ tap, staffName, deviceName, locationName }: Row, names: Names): KeptTapView {
  const { tapId, operation, body, refusal, tappedAt, keptAt, locationId, staffId } = tap;
  const { cardCode } = body as TapBody;
  return {
    tapId,
    operation,
    body,
    refusal,
    tappedAt,
    keptAt,
    locationId,
    locationName,
    deviceName,
    staffId,
    staffName,
    card: (cardCode !== undefined && names.cards.get(cardCode)) || null,
    items: wantedOf(body as TapBody).map((wanted) => ({
      ...wanted,
      name: names.items.get(wanted.itemId) ?? null,
    })),
  };
}
