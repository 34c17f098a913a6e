import type { Database, Queries } from '../../db/database.ts';
import { listThanksSince } from '../../db/queries/thanks-queries.ts';
import type { Clock } from '../clock.ts';
import type { GestureKind, GestureReason } from '../loyalty/gesture.ts';
import type { TillActor } from './actor.ts';
import { firstNameOf } from './read-till.ts';

const DAY_MS = 86_400_000;
/** As long as a barista sees it at the till. */
const OWN_SHOWN_DAYS = 7;
const MAX_OWN = 20;
/** The wall of thanks: enough to be glad of, and no table to be ranked by. */
const WALL_SHOWN_DAYS = 28;
const MAX_ON_WALL = 6;

/** A thank-you, by what it was for. */
export interface OwnThanks {
  gestureId: string;
  thankedAt: Date;
  kind: GestureKind;
  itemName: string | null;
  reason: GestureReason;
}

/** With who gave it, by first name, and whose thanks it was, when their name is known. */
export interface WallThanks extends OwnThanks {
  giverName: string;
  customerName: string | null;
}

/** What customers thanked one member of staff for in the last seven days, the newest first; nobody is named. */
export const listOwnThanks =
  (db: Database, clock: Clock) =>
  ({ merchantId, staffId }: Pick<TillActor, 'merchantId' | 'staffId'>): Promise<{ items: OwnThanks[] }> => {
    const since = new Date(clock.now().getTime() - OWN_SHOWN_DAYS * DAY_MS);
    return db.read(async (queries) => {
      const rows = await listThanksSince(queries, { merchantId, staffId, since, limit: MAX_OWN });
      return { items: rows.map(({ giverName: _, customerName: __, ...own }) => own) };
    });
  };

/** The shop's last thank-yous, of four weeks at most, the newest first. */
export async function listWallOfThanks(
  queries: Queries,
  { merchantId, now }: { merchantId: string; now: Date },
): Promise<WallThanks[]> {
  const since = new Date(now.getTime() - WALL_SHOWN_DAYS * DAY_MS);
  const rows = await listThanksSince(queries, { merchantId, since, limit: MAX_ON_WALL });
  return rows.map((row) => ({
    ...row,
    giverName: firstNameOf(row.giverName),
    customerName: row.customerName && firstNameOf(row.customerName),
  }));
}
