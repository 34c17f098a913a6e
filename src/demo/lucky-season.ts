import { decideEligibility, freezeCovariates } from '../evidence/covariates.ts';
import { computeDraw } from '../evidence/draw.ts';
import type { SeasonHmac } from '../evidence/draw.ts';
import { computeSaleCap } from '../evidence/outcome.ts';
import { businessDayOf } from '../operations/business-day-of.ts';
import type { NewDraw } from '../operations/append-draw.ts';
import type { Sealer } from '../operations/seal.ts';
import { sealSeasonKey, seasonHmac } from '../operations/season-key.ts';
import type { CardInBooks, Moment, Row } from './books.ts';
import { findOpenHour } from './draw-day.ts';
import type { FoundedShop } from './found-shop.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import type { LocationPlan } from './shop-plan.ts';

/** The season began so many days ago, and goes on. */
const SEASON_DAYS = 150;
/** Before anybody opens, so that it is the same at any time of the same day. */
const STARTS = '04:00:00Z';
const CHANCE_MILLIONTHS = 100_000;
const DAILY_CAP = 12;
const PLANNED_DRAWS = 5_000;
const MARGIN_MILLIONTHS = 700_000;
/** How many take what the house offers, when the barista is told to. */
const ACCEPTED_SHARE = 0.85;
/** How many of those it was given to come once more because of it, and for what. */
const EXTRA_SHARE = 0.6;
/** Earns no stamp: a reward that comes sooner would take from the truth. */
const EXTRA_ITEM = 'Carrot cake';
/** Within the days in which nobody is drawn for again, also when the doors are shut for a few of them. */
const EXTRA_DAYS = [1, 10] as const;
const BEFORE_SALE_MS = 30_000;
const DAY_MS = 86_400_000;

/**
 * A season of lucky moments in the made-up year, of which the truth is known: some of those who are treated come once
 * more than they would have, and nothing else about anybody changes.
 */
export class LuckySeason {
  readonly row: Row<'seasons'>;
  readonly draws: NewDraw[] = [];
  readonly counters = new Map<string, Row<'drawCounters'>>();
  /** What a gesture really brings, minor units. */
  readonly trueEffectMinor: number;
  readonly #shop: FoundedShop;
  readonly #random: Random;
  readonly #hmac: SeasonHmac;
  readonly #bought = new Map<CardInBooks, { occurredAt: Date; netMinor: number; businessDay: string }[]>();
  readonly #totals: number[] = [];

  constructor(shop: FoundedShop, { seed, sealer }: { seed: number; sealer: Sealer }) {
    this.#shop = shop;
    // Its own, apart from the year's.
    this.#random = createRandom(seed + 1);
    const startedAt = new Date(`${shop.days.at(-1 - SEASON_DAYS)}T${STARTS}`);
    const seasonId = this.#random.id(startedAt);
    const key = Buffer.from(Array.from({ length: 32 }, () => this.#random.integer(0, 255))).toString('hex');
    this.#hmac = seasonHmac(key);
    this.trueEffectMinor = Math.round(EXTRA_SHARE * shop.itemOf(EXTRA_ITEM).priceMinor);
    this.row = {
      merchantId: shop.merchant.merchantId,
      seasonId,
      kind: 'lucky',
      locationId: null,
      chanceMillionths: CHANCE_MILLIONTHS,
      dailyCap: DAILY_CAP,
      gestureKind: null,
      ...sealSeasonKey(sealer, { seasonId, key }),
      revealedKey: null,
      plannedDraws: PLANNED_DRAWS,
      saleCapMinor: 0,
      visitMinutes: shop.merchant.visitMinutes,
      smallestEffectMinor: null,
      marginMillionths: MARGIN_MILLIONTHS,
      startedAt,
      startedBy: shop.staff[0]!.staffId,
      endedAt: null,
      endedBy: null,
    };
  }

  /** The draw that a scan before this sale makes; its id when it says yes. */
  draw({ at, till, by }: Moment, state: CardInBooks): string | null {
    const drawnAt = new Date(at.getTime() - BEFORE_SALE_MS);
    if (drawnAt < this.row.startedAt) return null;
    this.row.saleCapMinor ||= computeSaleCap(this.#totals) ?? 1;
    const businessDay = businessDayOf(till, drawnAt);
    const sales = this.#bought.get(state) ?? [];
    if (sales.some((sale) => sale.businessDay === businessDay)) return null;
    const { merchantId, seasonId, chanceMillionths, dailyCap, visitMinutes } = this.row;
    const counterKey = `${till.locationId} ${businessDay}`;
    const counter = this.counters.get(counterKey);
    const covariates = freezeCovariates({
      sales,
      scannedAt: drawnAt,
      visitMinutes: visitMinutes!,
      stamps: state.card.balance - state.card.heldStamps,
    });
    const ineligible = decideEligibility({
      covariates,
      hasEarlierVisit: covariates.tenureDays > 0,
      isStaff: state.customer.staffId !== null,
      lastGestureAt: state.gestures.findLast(({ undoneAt }) => undoneAt === null)?.givenAt ?? null,
      coolDownDays: this.#shop.merchant.coolDownDays,
      scannedAt: drawnAt,
      isSeasonOn: state.card.blockedAt === null,
      usedToday: counter?.drawnCount ?? 0,
      dailyCap,
    });
    if (ineligible) return null;
    const { locationId, deviceId } = till;
    const unit = { locationId, customerId: state.card.customerId, businessDay };
    const draw = computeDraw({ ...unit, chanceMillionths }, this.#hmac);
    const drawId = this.#random.id(drawnAt);
    this.draws.push({
      merchantId,
      drawId,
      seasonId,
      ...unit,
      cardId: state.card.cardId,
      staffId: by.staffId,
      deviceId,
      drawnAt,
      chanceMillionths,
      ...draw,
      covariates,
    });
    if (!draw.isDrawn) return null;
    this.counters.set(counterKey, {
      merchantId,
      seasonId,
      locationId,
      businessDay,
      drawnCount: (counter?.drawnCount ?? 0) + 1,
    });
    return this.#random.chance(ACCEPTED_SHARE) ? drawId : null;
  }

  /** Remembers what was bought: what is known of a customer at the next scan. */
  note(state: CardInBooks | null, { occurredAt, businessDay, totalMinor }: Row<'sales'>): void {
    if (occurredAt < this.row.startedAt) this.#totals.push(totalMinor);
    if (!state) return;
    const sales = this.#bought.get(state) ?? [];
    if (sales.length === 0) this.#bought.set(state, sales);
    sales.push({ occurredAt, businessDay, netMinor: totalMinor });
  }

  /** When somebody who was just treated comes once more than they would have; null for who does not. */
  comesAgain(at: Date, plan: LocationPlan): { at: Date; item: Row<'items'> } | null {
    if (!this.#random.chance(EXTRA_SHARE)) return null;
    const [least, most] = EXTRA_DAYS;
    // At another minute than the next regular visit may be at.
    const ms = this.#random.integer(least, most) * DAY_MS + this.#random.integer(1, 90) * 60_000;
    return {
      at: findOpenHour(plan, new Date(at.getTime() + ms)),
      item: this.#shop.itemOf(EXTRA_ITEM),
    };
  }

  /** Not an extra stamp, for the same reason. */
  chooseTreat(): Row<'items'> {
    return this.#random.pick(this.#shop.items.filter(({ mayBeGiven }) => mayBeGiven));
  }
}
