import type { Queries } from '../../db/database.ts';
import type { CardRow } from '../../db/queries/card-queries.ts';
import { findDraw, listStandingGestures } from '../../db/queries/draw-queries.ts';
import type { DrawRow } from '../../db/queries/draw-queries.ts';
import { findSeason } from '../../db/queries/season-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import type { GestureKind } from '../loyalty/gesture.ts';
import type { Place } from './actor.ts';
import { findCard } from './find-card.ts';
import { makeDraw, planDraw } from './make-draw.ts';
import type { DrawSituation } from './make-draw.ts';
import type { Sealer } from './seal.ts';

/** What the bonus draw said to a tap beyond the spent allowance; for the barista alone. */
export type BonusAnswer = { isGranted: true; drawId: string } | { isGranted: false };

export type DrawRefusal =
  | { refused: 'draw-unknown' }
  /** It was of another day or place, was planned for another kind, or something was given on it already. */
  | { refused: 'draw-not-good'; why: 'over' | 'other-kind' | 'given' };

/** Whether something may be given on a draw, and of which season it is: of this customer, here, today, and not used yet. */
export async function findGivableDraw(
  tx: Queries,
  {
    drawId,
    card,
    place,
    businessDay,
    kind,
  }: {
    drawId: string;
    card: CardRow;
    place: Place;
    businessDay: string;
    kind: GestureKind;
  },
): Promise<{ season: SeasonRow } | DrawRefusal> {
  const { merchantId, locationId } = place;
  const [draw] = await findDraw(tx, { merchantId, drawId });
  // One that did not say yes was told to nobody, so nobody can name it.
  if (!draw?.isDrawn) return { refused: 'draw-unknown' };
  const drawnFor = await findCard(tx, { merchantId, cardCode: draw.cardId });
  if (drawnFor?.cardId !== card.cardId) return { refused: 'draw-unknown' };
  if (draw.businessDay !== businessDay || draw.locationId !== locationId)
    return { refused: 'draw-not-good', why: 'over' };
  const season = await findSeason(tx, { merchantId, seasonId: draw.seasonId });
  if (!season) throw new Error(`Draw ${drawId} is of a season that is not there`);
  if (season.gestureKind && season.gestureKind !== kind)
    return { refused: 'draw-not-good', why: 'other-kind' };
  if (await isGiven(tx, draw, card)) return { refused: 'draw-not-good', why: 'given' };
  return { season };
}

/**
 * The bonus draw of a tap beyond the allowance: made at the first such tap of the day, and the same at the next.
 * null when no season draws for it, or what it granted was given already.
 */
export async function askBonus(
  tx: Queries,
  situation: DrawSituation,
  { kind, drawId, sealer }: { kind: GestureKind; drawId: string; sealer: Sealer },
): Promise<BonusAnswer | null> {
  const plan = await planDraw(tx, situation, ['bonus']);
  if (plan?.season?.kind !== 'bonus') return null;
  if (plan.season.gestureKind && plan.season.gestureKind !== kind) return null;
  if ('made' in plan && plan.made.locationId !== situation.actor.place.locationId) return null;
  const draw = 'made' in plan ? plan.made : await makeDraw(tx, situation, plan, { drawId, sealer });
  if (!draw) return null;
  if (!draw.isDrawn) return { isGranted: false };
  return (await isGiven(tx, draw, situation.card)) ? null : { isGranted: true, drawId: draw.drawId };
}

async function isGiven(
  tx: Queries,
  { merchantId, drawId, drawnAt }: DrawRow,
  { customerId }: CardRow,
): Promise<boolean> {
  const given = await listStandingGestures(tx, { merchantId, customerId, since: drawnAt });
  return given.some((gesture) => gesture.drawId === drawId);
}
