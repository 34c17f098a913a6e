import { v7 as uuid } from 'uuid';
import type { Database, Queries } from '../../db/database.ts';
import { listStandingGestures } from '../../db/queries/draw-queries.ts';
import type { DrawRow } from '../../db/queries/draw-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import type { Clock } from '../clock.ts';
import type { GestureKind } from '../loyalty/gesture.ts';
import type { TillActor } from './actor.ts';
import { businessDayOf } from './business-day-of.ts';
import { findCard } from './find-card.ts';
import { makeDraw, planDraw } from './make-draw.ts';
import type { DrawPlan, DrawSituation } from './make-draw.ts';
import { readCard } from './read-card.ts';
import type { CardAtTill } from './read-card.ts';
import type { Sealer } from './seal.ts';

/** What a draw put into the barista's hands: to give, or to let pass. */
export interface DrawOffer {
  drawId: string;
  /** `lucky`: the house pays. `suggestion`: a hint, paid from the allowance. */
  kind: 'lucky' | 'suggestion';
  /** The one kind of gesture it is for; null for whichever the barista likes. */
  gestureKind: GestureKind | null;
}

export interface CardScanned extends CardAtTill {
  /** null when nothing was drawn, or nothing came of it: which of the two is nobody's business. */
  draw: DrawOffer | null;
}

/** Draws that are made when a card is scanned. */
const AT_THE_SCAN = ['lucky', 'suggestion'] as const;

/**
 * What a barista sees when a card is scanned, and the draw of the day: made at the customer's first scan, when a season
 * is on and the visit is eligible, and written down whichever way it falls. Scanned again the same day, nothing is
 * drawn or written, and what was drawn is offered again until it is given.
 */
export const scanCard =
  (db: Database, clock: Clock, sealer: Sealer) =>
  async (
    actor: TillActor,
    { cardCode }: { cardCode: string },
  ): Promise<CardScanned | { refused: 'card-unknown' }> => {
    const now = clock.now();
    const drawId = uuid();
    const { merchantId, staffId } = actor;
    const seen = await readCard(db, clock)({ merchantId, staffId, cardCode });
    if ('refused' in seen) return seen;
    const businessDay = businessDayOf(actor.place, now);
    const plan = await db.read(async (queries) => {
      const situation = await situate(queries);
      return situation && planDraw(queries, situation, AT_THE_SCAN);
    });
    if (!plan) return { ...seen, draw: null };
    if ('made' in plan) return { ...seen, draw: await db.read((queries) => offerOf(queries, actor, plan)) };
    return {
      ...seen,
      draw: await db.transact(async (tx) => {
        const situation = await situate(tx);
        const again = situation && (await planDraw(tx, situation, AT_THE_SCAN));
        if (!again) return null;
        if ('made' in again) return offerOf(tx, actor, again);
        const made = await makeDraw(tx, situation, again, { drawId, sealer });
        return made && offerOf(tx, actor, { made, season: again.season });
      }),
    };

    async function situate(queries: Queries): Promise<DrawSituation | null> {
      const card = await findCard(queries, { merchantId, cardCode });
      return card ? { actor, card, now, businessDay } : null;
    }
  };

/** Offered where it was drawn, until something was given on that visit. */
async function offerOf(
  queries: Queries,
  { merchantId, place }: TillActor,
  { made, season }: DrawPlan & { made: DrawRow; season: SeasonRow | null },
): Promise<DrawOffer | null> {
  if (!made.isDrawn || !season || season.kind === 'bonus') return null;
  const { drawId, cardId, drawnAt, locationId } = made;
  if (locationId !== place.locationId) return null;
  // What was drawn and given went over with a card that was joined with another since.
  const card = await findCard(queries, { merchantId, cardCode: cardId });
  if (!card) return null;
  const { customerId } = card;
  const given = await listStandingGestures(queries, { merchantId, customerId, since: drawnAt });
  if (given.length > 0) return null;
  return { drawId, kind: season.kind, gestureKind: season.gestureKind };
}
