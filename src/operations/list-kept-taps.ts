import type { Database } from '../../db/database.ts';
import { listOpenKeptTaps } from '../../db/queries/kept-tap-queries.ts';
import type { KeptTapRow } from '../../db/queries/kept-tap-queries.ts';
import type { Actor, Place } from './actor.ts';
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
  deviceName: string;
  /** Null when it is not known who tapped. */
  staffId: string | null;
  staffName: string | null;
}

/** What tills could not record and nobody has seen to yet, oldest first: at a till, that of its location. */
export const listKeptTaps =
  (db: Database) =>
  (
    { merchantId, place }: Actor & { place?: Place },
    { cursor }: { cursor?: string | undefined },
  ): Promise<Page<KeptTapView>> => {
    const locationId = place?.locationId ?? null;
    return db.read((queries) =>
      pageOf({ merchantId, cursor }, (asked) => listOpenKeptTaps(queries, { ...asked, locationId }), {
        idOf: ({ tap }) => tap.tapId,
        present: presentKeptTap,
      }),
    );
  };

function presentKeptTap(row: { tap: KeptTapRow; staffName: string | null; deviceName: string }): KeptTapView {
  const { tapId, operation, body, refusal, tappedAt, keptAt, locationId, staffId } = row.tap;
  const { staffName, deviceName } = row;
  return { tapId, operation, body, refusal, tappedAt, keptAt, locationId, deviceName, staffId, staffName };
}
