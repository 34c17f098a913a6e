/** What a list shows at most at once. */
const PAGE_SIZE = 200;

export interface PageRequest {
  merchantId: string;
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined;
}

export interface Page<T> {
  items: T[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/** Where a page of a list ended that is ordered by an instant, and by an id where that is the same. */
export interface InstantCursor {
  at: Date;
  id: string;
}

export function writeInstantCursor({ at, id }: InstantCursor): string {
  return `${at.getTime()}_${id}`;
}

/** null, the first page, for a cursor that nobody gave out. */
export function readInstantCursor(cursor: string | undefined): InstantCursor | null {
  const [, milliseconds, id] = /^(\d{1,15})_(.+)$/.exec(cursor ?? '') ?? [];
  return milliseconds && id ? { at: new Date(Number(milliseconds)), id } : null;
}

/** One page of a list that is ordered by id, as its query gives it when asked for one row more than fits. */
export async function pageOf<Row, T>(
  { merchantId, cursor }: PageRequest,
  list: (asked: { merchantId: string; after: string; limit: number }) => Promise<Row[]>,
  { idOf, present }: { idOf: (row: Row) => string; present: (row: Row) => T },
): Promise<Page<T>> {
  const rows = await list({ merchantId, after: cursor ?? '', limit: PAGE_SIZE + 1 });
  const shown = rows.slice(0, PAGE_SIZE);
  return { items: shown.map(present), nextCursor: rows.length > PAGE_SIZE ? idOf(shown.at(-1)!) : null };
}
