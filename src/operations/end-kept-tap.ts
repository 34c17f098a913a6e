import { v7 as uuid } from 'uuid';
import type { Database, Queries } from '../../db/database.ts';
import { endKeptTap, findKeptTap } from '../../db/queries/kept-tap-queries.ts';
import type { KeptTapRow } from '../../db/queries/kept-tap-queries.ts';
import { findLocationClock } from '../../db/queries/sale-queries.ts';
import type { KeptTapEnd } from '../../db/schema.ts';
import type { Clock } from '../clock.ts';
import type { AnyActor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { findCard } from './find-card.ts';
import type { TapBody } from './keep-tap.ts';
import { recordSaleIn } from './record-sale.ts';
import type { SaleRecorded, SaleRefusal } from './record-sale.ts';

type TapUnknown = { refused: 'tap-unknown' };

/** A manager has seen a kept tap and leaves it at that. Dismissed twice is dismissed. */
export const dismissKeptTap =
  (db: Database, clock: Clock) =>
  (actor: AnyActor, { tapId }: { tapId: string }): Promise<TapUnknown | undefined> => {
    const now = clock.now();
    return db.transact(async (tx) => {
      const tap = await findTapFor(tx, actor, tapId);
      if (!tap) return { refused: 'tap-unknown' };
      if (!tap.endedAt) await end(tx, { tap, actor, now, how: 'dismissed' });
      return undefined;
    });
  };

export type ApplyRefusal =
  TapUnknown | SaleRefusal | { refused: 'tap-not-applicable' } | { refused: 'tap-ended' };

/**
 * Records a sale that was kept, at the moment it was tapped: what stood in its way is gone, or a manager's word is
 * enough (a session that was over, more than a week). The menu's rules hold as ever; of a card that nobody has, or that
 * is blocked, it is recorded without it: the money was taken all the same.
 */
export const applyKeptTap =
  (db: Database, clock: Clock) =>
  (actor: AnyActor, { tapId }: { tapId: string }): Promise<SaleRecorded | ApplyRefusal> => {
    const now = clock.now();
    const saleId = uuid();
    return db.transact(async (tx) => {
      const tap = await findTapFor(tx, actor, tapId);
      if (!tap) return { refused: 'tap-unknown' };
      const { cardCode, lines } = tap.body as TapBody;
      if (tap.operation !== 'sale' || !lines) return { refused: 'tap-not-applicable' };
      if (tap.endedAt) return { refused: 'tap-ended' };
      const { merchantId, deviceId, locationId, tappedAt } = tap;
      const [location] = await findLocationClock(tx, { merchantId, locationId });
      if (!location) throw new Error(`Tap ${tapId} was made nowhere`);
      const card = cardCode === undefined ? undefined : await findCard(tx, { merchantId, cardCode });
      const recorded = await recordSaleIn(tx, {
        staffId: tap.staffId ?? actor.staffId,
        place: { ...location, merchantId, deviceId },
        saleId,
        cardCode: card && !card.blockedAt ? card.cardId : undefined,
        lines,
        occurredAt: tappedAt,
        recordedAt: now,
      });
      if ('refused' in recorded) return recorded;
      await end(tx, { tap, actor, now, how: 'applied' });
      return recorded;
    });
  };

/** A manager at a till sees to the taps of that location. */
async function findTapFor(
  tx: Queries,
  { merchantId, place }: AnyActor,
  tapId: string,
): Promise<KeptTapRow | undefined> {
  const tap = await findKeptTap(tx, { merchantId, tapId });
  return place && tap?.locationId !== place.locationId ? undefined : tap;
}

async function end(
  tx: Queries,
  { tap, actor, now, how }: { tap: KeptTapRow; actor: AnyActor; now: Date; how: KeptTapEnd },
): Promise<void> {
  const { merchantId, tapId, operation, refusal } = tap;
  await endKeptTap(tx, { merchantId, tapId, endedAt: now, endedBy: actor.staffId, end: how });
  await appendAudit(tx, {
    merchantId,
    at: now,
    staffId: actor.staffId,
    action: `tap.${how}`,
    subjectId: tapId,
    details: { operation, refusal },
  });
}
