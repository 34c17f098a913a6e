import type { SaleLine } from '../loyalty/program.ts';
import { isInCharge } from '../loyalty/role.ts';
import { businessDayOf } from '../operations/business-day-of.ts';
import { Books } from './books.ts';
import type { CardInBooks, Giver, GestureWish, Moment, Row } from './books.ts';
import { computeDemand, drawDay, weekdayOf } from './draw-day.ts';
import type { Visit } from './draw-day.ts';
import { drawConfidences, drawPeople } from './draw-people.ts';
import type { Person } from './draw-people.ts';
import { drawKindness } from './draw-kindness.ts';
import { drawThanks } from './draw-thanks.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import type { FoundedShop } from './found-shop.ts';
import type { LuckySeason } from './lucky-season.ts';
import { COOL_DOWN_DAYS, DAYS, LOCATIONS, STAFF } from './shop-plan.ts';

/** About how many sales a year has, and of how many customers, when nothing else is asked for. */
export const DEFAULT_SALES = 40_000;
const CUSTOMERS_PER_SALE = 1_500 / DEFAULT_SALES;
/** Of all sales, how many are on a card. */
const CARD_SHARE = 0.64;
const REFUND_SHARE = 0.006;
const UNDO_SHARE = 0.025;
/** How many spend a reward when they buy the next thing, and how many on the very sale that earned it. */
const REDEEM_SHARE = 0.72;
const REDEEM_AT_ONCE_SHARE = 0.35;
/** How often a manager who is there grants one more when the allowance is spent. */
const GRANT_SHARE = 0.35;
/** So many others within this time make a wait. */
const LONG_WAIT_VISITS = 2;
const BUSY_MS = 8 * 60_000;
const LUCKY_AFTER_MS = 15_000;
const PHONE_AFTER_MS = 3 * 60_000;
/** Staff ask how somebody likes it who is there for the third time. */
const VISITS_BEFORE_ASKED = 2;
const FIRST_PHONE = 123;
/** Shares no factor with the thousand numbers there are. */
const PHONE_STEP = 387;

export interface YearOptions {
  seed: number;
  /** How many sales in the year, about. */
  sales: number;
  /** The year ends here: the last day is as far as it has come. */
  now: Date;
  /** A season of lucky moments in it. */
  season: LuckySeason;
}

/** Something that follows from what happened, such as a refund. */
interface Later {
  at: Date;
  happen: (at: Date) => void;
}

/**
 * Lives through the shop's year until `now`: who comes in, what they buy, spend, bring back, and what they are given,
 * all of it decided by the shop's own rules. A gesture that a barista chose changes nothing about who comes back: what
 * the report shows afterwards would have come anyway. Of the lucky moments of `season`, some bring somebody back.
 */
export function liveAYear(shop: FoundedShop, { seed, sales, now, season }: YearOptions): Books {
  const random = createRandom(seed);
  const year = new Year(random, shop, { now, season });
  const days = shop.days.map((businessDay, day) => ({
    day,
    businessDay,
    demand: computeDemand({ businessDay, yearShare: day / DAYS, mayClose: day < shop.days.length - 2 }),
  }));
  const people = drawPeople(random, {
    count: Math.max(2, Math.round(sales * CUSTOMERS_PER_SALE)),
    visits: sales * CARD_SHARE,
    dayCount: days.length,
    demand: days.map(({ demand }) => demand),
    weekdayOf: (day) => weekdayOf(days[day]!.businessDay),
  });
  // Apart from the year's own draws: who tells something about themselves comes no more and no less often.
  drawConfidences(createRandom(seed + 2), people);
  const passersBy = (sales * (1 - CARD_SHARE)) / sumDemand(days.map(({ demand }) => demand));
  for (const today of days) {
    year.blockLostCards(people, today);
    for (const visit of drawDay(random, { ...today, people, passersBy })) year.welcome(visit);
  }
  year.finish();
  year.books.thanks.push(...drawThanks(createRandom(seed + 3), { gestures: year.books.gestures, now }));
  return year.books;
}

/** In days of average business at a location. */
function sumDemand(demands: readonly (readonly number[])[]): number {
  return demands.reduce(
    (total, demand) =>
      demand.reduce((sum, busyness, location) => sum + busyness * LOCATIONS[location]!.share, total),
    0,
  );
}

class Year {
  readonly books: Books;
  readonly #random: Random;
  readonly #shop: FoundedShop;
  readonly #now: Date;
  readonly #cards = new Map<Person, CardInBooks>();
  readonly #lately: Date[][];
  readonly #season: LuckySeason;
  #later: Later[] = [];
  #phonesGiven = 0;

  constructor(random: Random, shop: FoundedShop, { now, season }: Pick<YearOptions, 'now' | 'season'>) {
    this.#season = season;
    this.#random = random;
    this.#shop = shop;
    this.#now = now;
    this.#lately = shop.tills.map(() => []);
    this.books = new Books({
      merchantId: shop.merchant.merchantId,
      coolDownDays: COOL_DOWN_DAYS,
      allowances: shop.allowances.map((rule) => ({ ...rule, subjectId: null })),
      makeId: (at) => random.id(at),
    });
  }

  welcome(visit: Visit): void {
    if (visit.at > this.#now) return;
    this.#catchUp(visit.at);
    const moment = this.#momentOf(visit);
    const state = visit.person && this.#cardOf(visit.person, moment);
    const hadReward = state !== null && state.openRewards.length > 0;
    const drawId = state && this.#season.draw(moment, state);
    const sale = this.books.recordSale(moment, { state, lines: this.#toLines(visit) });
    this.#season.note(state, sale);
    if (state) {
      const hasReward = state.openRewards.length > 0;
      const share = hadReward ? REDEEM_SHARE : REDEEM_AT_ONCE_SHARE;
      const spends = hasReward && this.#random.chance(share) && this.books.redeemReward(moment, state, sale);
      this.#getToKnow(visit.person!, moment, state);
      if (drawId) this.#treat(visit, moment, { state, sale, drawId });
      else if (!spends) this.#beKind(visit, moment, { state, sale });
      state.visits++;
    }
    if (this.#random.chance(REFUND_SHARE)) this.#planRefund(moment, { state, sale });
  }

  #getToKnow({ givesPhone, preferences }: Person, moment: Moment, state: CardInBooks): void {
    if (givesPhone && state.visits === 0)
      this.#plan(later(moment.at, PHONE_AFTER_MS), (at) =>
        this.books.editOwnCard(at, state, { phone: makeUpPhone(this.#phonesGiven++) }),
      );
    if (preferences && !state.customer.preferences && state.visits >= VISITS_BEFORE_ASKED)
      this.books.editPreferences(moment, state, preferences);
  }

  /** Whoever loses a card has it blocked, the morning after. */
  blockLostCards(
    people: readonly Person[],
    { day, businessDay }: { day: number; businessDay: string },
  ): void {
    for (const person of people)
      if (person.losesCard && person.lastDay + 1 === day) {
        const state = this.#cards.get(person);
        const [owner] = this.#shop.staff;
        if (state) this.books.blockCard({ at: new Date(`${businessDay}T09:15:00Z`), by: owner! }, state);
      }
  }

  /** What is still to follow, as far as it has followed by now. */
  finish(): void {
    this.#catchUp(this.#now);
  }

  #catchUp(until: Date): void {
    while (this.#later[0] && this.#later[0].at <= until) {
      const { at, happen } = this.#later.shift()!;
      happen(at);
    }
  }

  #plan(at: Date, happen: (at: Date) => void): void {
    this.#later.push({ at, happen });
    this.#later.sort((a, b) => a.at.getTime() - b.at.getTime());
  }

  #momentOf({ at, location }: Visit): Moment {
    const till = this.#shop.tills[location]!;
    return { at, till, by: this.#random.pick(this.#onShift(location, businessDayOf(till, at))) };
  }

  #onShift(location: number, businessDay: string): Giver[] {
    const weekday = weekdayOf(businessDay);
    const date = businessDay.slice(5);
    const here = STAFF.flatMap(({ shifts, holidays }, place) => {
      const shift = shifts.find(([where]) => where === location);
      const isAway = holidays.some(([from, to]) => from <= date && date <= to);
      return shift && !isAway ? [{ giver: this.#shop.staff[place]!, weekdays: shift[1] }] : [];
    });
    const onShift = here.filter(({ weekdays }) => weekdays.includes(weekday));
    // Somebody else who works there fills in.
    return (onShift.length > 0 ? onShift : here.slice(-1)).map(({ giver }) => giver);
  }

  #cardOf(person: Person, { at, till }: Moment): CardInBooks {
    const known = this.#cards.get(person);
    if (known) return known;
    const state = this.#shop.makeCard({
      customerId: this.#random.id(at),
      cardId: this.#random.id(at),
      name: person.name,
      staffId: person.staff === null ? null : this.#shop.staff[person.staff]!.staffId,
      locationId: till.locationId,
      createdAt: at,
    });
    this.books.cards.push(state);
    this.#cards.set(person, state);
    return state;
  }

  #toLines({ basket }: Visit): SaleLine[] {
    return basket.map(({ item: { name }, quantity }) => {
      const { itemId, priceMinor, qualifies } = this.#shop.itemOf(name);
      return { itemId, name, quantity, totalMinor: priceMinor * quantity, qualifies, paidBy: 'money' };
    });
  }

  #beKind(visit: Visit, moment: Moment, { state, sale }: { state: CardInBooks; sale: Row<'sales'> }): void {
    const place = this.#shop.staff.findIndex(({ staffId }) => staffId === moment.by.staffId);
    const kindness = drawKindness(this.#random, {
      wallMinutes: visit.wallMinutes,
      isQueueing: this.#countLately(visit) >= LONG_WAIT_VISITS,
      visits: state.visits,
      stampsLeft: state.version.stampsRequired - (state.card.balance - state.card.heldStamps),
      generosity: STAFF[place]!.generosity,
    });
    if (!kindness) return;
    const { kind, itemName, reason, note, afterMs } = kindness;
    const item = itemName === null ? null : this.#shop.itemOf(itemName);
    const wish = { card: state, kind, item, reason, note, sale: kind === 'voucher' ? null : sale };
    if (kind === 'voucher') this.#planVoucher(visit, { ...wish, granter: null }, afterMs);
    else this.#plan(later(moment.at, afterMs), (at) => this.#give({ ...moment, at }, visit, wish));
  }

  /** The house is treating: given at once, and some come once more because of it. */
  #treat(
    visit: Visit,
    moment: Moment,
    { state, sale, drawId }: { state: CardInBooks; sale: Row<'sales'>; drawId: string },
  ): void {
    this.#plan(later(moment.at, LUCKY_AFTER_MS), (at) => {
      const gesture = this.books.giveGesture(
        { ...moment, at },
        {
          card: state,
          kind: 'free_item',
          item: this.#season.chooseTreat(),
          reason: 'other',
          note: null,
          sale,
          granter: null,
          drawId,
        },
      );
      const again = 'refused' in gesture ? null : this.#season.comesAgain(at, LOCATIONS[visit.location]!);
      if (again)
        this.#plan(again.at, (when) => this.#comeAgain(visit, state, { at: when, item: again.item }));
    });
  }

  #comeAgain(
    { location }: Visit,
    state: CardInBooks,
    { at, item: { itemId, name, priceMinor, qualifies } }: { at: Date; item: Row<'items'> },
  ): void {
    const till = this.#shop.tills[location]!;
    if (state.card.blockedAt) return;
    const by = this.#onShift(location, businessDayOf(till, at))[0]!;
    const line: SaleLine = { itemId, name, quantity: 1, totalMinor: priceMinor, qualifies, paidBy: 'money' };
    const sale = this.books.recordSale({ at, till, by }, { state, lines: [line] });
    this.#season.note(state, sale);
    state.visits++;
  }

  #countLately({ at, location }: Visit): number {
    const lately = (this.#lately[location] = this.#lately[location]!.filter(
      (one) => at.getTime() - one.getTime() < BUSY_MS,
    ));
    lately.push(at);
    return lately.length - 1;
  }

  #give(moment: Moment, visit: Visit, wish: Omit<GestureWish, 'granter'>): void {
    let gesture = this.books.giveGesture(moment, { ...wish, granter: null });
    if ('refused' in gesture && gesture.refused === 'allowance-spent' && this.#random.chance(GRANT_SHARE)) {
      const granter = this.#whoIsInCharge(visit.location, moment);
      if (granter)
        gesture = this.books.giveGesture(moment, {
          ...wish,
          granter: { ...granter, merchantId: this.#shop.merchant.merchantId },
        });
    }
    if ('refused' in gesture || !this.#random.chance(UNDO_SHARE)) return;
    const given = gesture;
    this.#plan(later(moment.at, this.#random.integer(4, 25) * 1_000), (at) =>
      this.books.undoGesture({ ...moment, at }, wish.card, given),
    );
  }

  #whoIsInCharge(location: number, { till, at }: Moment): Giver | undefined {
    return this.#onShift(location, businessDayOf(till, at)).find(({ role }) => isInCharge(role));
  }

  /** The apology is the manager's, later that day; or the owner's, when no manager is there. */
  #planVoucher({ location, at }: Visit, wish: GestureWish, afterMs: number): void {
    const till = this.#shop.tills[location]!;
    const by = this.#whoIsInCharge(location, { at, till, by: this.#shop.staff[0]! }) ?? this.#shop.staff[0]!;
    this.#plan(later(at, afterMs), (when) => this.books.giveGesture({ at: when, till, by }, wish));
  }

  #planRefund(moment: Moment, { state, sale }: { state: CardInBooks | null; sale: Row<'sales'> }): void {
    const lineIndex = this.#random.integer(0, sale.lines.length - 1);
    const isWhole = sale.lines.length === 1 || this.#random.chance(0.4);
    const afterMs = this.#random.integer(90, 1_500) * 1_000;
    this.#plan(later(moment.at, afterMs), (at) => {
      const amountMinor = sale.lines[lineIndex]!.totalMinor;
      const refund = isWhole ? { wholeSale: true as const } : { amountMinor, lineIndexes: [lineIndex] };
      this.books.refundSale({ ...moment, at }, { state, sale, refund });
    });
  }
}

function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

/**
 * One of the thousand mobile numbers that are nobody's: kept for drama by Ofcom, "Telephone numbers for use in TV and
 * radio drama programmes". The first thousand people have one each.
 */
function makeUpPhone(place: number): string {
  return `07700 900${String((FIRST_PHONE + place * PHONE_STEP) % 1_000).padStart(3, '0')}`;
}
