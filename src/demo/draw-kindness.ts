import type { GestureKind, GestureReason } from '../loyalty/gesture.ts';
import type { Random } from './random.ts';

export interface Kindness {
  kind: GestureKind;
  itemName: string | null;
  reason: GestureReason;
  note: string | null;
  /** How long after the sale it is given. */
  afterMs: number;
}

/** How often the kindest occasion leads to a gesture; chosen so that a year of 40,000 sales has about 1,200. */
const READINESS = 0.053;

const NOTES: Partial<Record<GestureReason, readonly string[]>> = {
  our_mistake: ['Milk was cold', 'Made it twice', 'Wrong size', 'Left the lid loose'],
  celebration: ['Birthday', 'New job', 'Passed the exam', 'Anniversary'],
  long_day: ['Off a night shift', 'Train was cancelled', 'Moving house'],
  other: ['Helped carry chairs in', 'Brought the umbrella back'],
};

/** What, if anything, somebody behind the counter gives on this occasion, and why. */
export function drawKindness(
  random: Random,
  occasion: {
    wallMinutes: number;
    /** Several came within minutes. */
    isQueueing: boolean;
    /** Visits before this one. */
    visits: number;
    stampsLeft: number;
    generosity: number;
  },
): Kindness | null {
  const { wallMinutes, isQueueing, visits, stampsLeft, generosity } = occasion;
  const isLate = wallMinutes >= 15 * 60;
  const reasons: [GestureReason, number][] = [
    ['long_wait', isQueueing ? 1.2 : 0.04],
    ['long_day', isLate ? 1.6 : wallMinutes < 8 * 60 ? 0.2 : 0.05],
    ['newcomer', visits < 3 ? 0.9 : 0],
    ['regular', visits >= 20 ? 0.35 : 0],
    ['our_mistake', 0.16],
    ['celebration', 0.07],
    ['other', 0.05],
  ];
  const occasions = reasons.reduce((total, [, weight]) => total + weight, 0);
  const isNearlyFull = stampsLeft === 1;
  if (!random.chance(READINESS * generosity * occasions * (isNearlyFull ? 2 : 1))) return null;
  const reason = random.pickWeighted(reasons);
  const kind = drawKind(random, reason, isNearlyFull);
  const isVoucher = kind === 'voucher';
  const notes = NOTES[reason];
  return {
    kind,
    itemName: kind === 'double_stamp' ? null : drawItem(random, wallMinutes, isVoucher),
    reason,
    note: isVoucher
      ? 'We are sorry about that one. Have the next one on us.'
      : notes && random.chance(0.4)
        ? random.pick(notes)
        : null,
    afterMs: isVoucher ? random.integer(20, 90) * 60_000 : random.integer(6, 45) * 1_000,
  };
}

function drawKind(random: Random, reason: GestureReason, isNearlyFull: boolean): GestureKind {
  if (reason === 'our_mistake')
    return random.pickWeighted([
      ['free_item', 5],
      ['double_stamp', 2],
      ['voucher', 3],
    ]);
  return random.pickWeighted([
    ['double_stamp', isNearlyFull ? 9 : reason === 'regular' || reason === 'celebration' ? 2 : 4],
    ['free_item', 2],
  ]);
}

/** Of what may be given. */
function drawItem(random: Random, wallMinutes: number, isDrink: boolean): string {
  if (isDrink) return random.pick(['Flat white', 'Breakfast tea']);
  const isMorning = wallMinutes < 11 * 60;
  return random.pickWeighted([
    ['Oat cookie', isMorning ? 2 : 6],
    ['Butter croissant', isMorning ? 3 : 1],
    ['Filter coffee', 3],
    ['Breakfast tea', 1],
    ['Flat white', 2],
    ['Espresso', 1],
  ]);
}
