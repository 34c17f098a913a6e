import type { Random } from './random.ts';
import { ICED, LOCATIONS, MENU, NAMES, PREFERENCES, STAFF, WITHOUT_MILK } from './shop-plan.ts';
import type { MenuPlan } from './shop-plan.ts';

/** A made-up customer: when they come and what they like. Days are counted from the first of the year, 0. */
export interface Person {
  name: string | null;
  /** Which member of staff this is, by place in `STAFF`. */
  staff: number | null;
  /** The first visit, on which they get their card. */
  firstDay: number;
  lastDay: number;
  /** Loses the card after the last day, and has it blocked. */
  losesCard: boolean;
  home: number;
  taste: Taste;
  /** When they mostly come, in minutes after midnight on a workday; null for any time. */
  habitMinutes: number | null;
  favourite: MenuPlan;
  /** Chance of a visit on a day of average business. */
  dailyChance: number;
  /** Writes a phone number on their card when they have it. */
  givesPhone: boolean;
  /** What they say once they are asked how they like it. */
  preferences: string | null;
}

type Taste = 'any' | 'workdays' | 'weekends';

/** The heavy tail of coffee: below 1, and most come seldom while a few come most days. */
const RATE_SHAPE = 0.55;
const MEAN_LIFETIME_DAYS = 120;
const STAYING_SHARE = 0.45;
const MAX_DAILY_CHANCE = 0.9;
/** Of those who gave a name. */
const PHONE_SHARE = 0.25;
const PREFERENCES_SHARE = 0.35;

/** How much of a person's visits fall on this weekday, 0 Sunday to 6 Saturday. */
const TASTES: Record<Taste, (weekday: number) => number> = {
  any: () => 1,
  workdays: (weekday) => (weekday === 0 || weekday === 6 ? 0.15 : 1.3),
  weekends: (weekday) => (weekday === 0 || weekday === 6 ? 2.6 : 0.35),
};

export function tasteFor(person: Pick<Person, 'taste'>, weekday: number): number {
  return TASTES[person.taste](weekday);
}

/**
 * Draws the customers of a year, whose visits will be about `visits` in all. Some knew the shop before it had cards and
 * take one in its first weeks; newcomers follow all year; many stop coming without a word.
 */
export function drawPeople(
  random: Random,
  plan: {
    count: number;
    visits: number;
    dayCount: number;
    /** How busy each day is at each location, 1 on average; 0 when closed. */
    demand: readonly (readonly number[])[];
    weekdayOf: (day: number) => number;
  },
): Person[] {
  const people = Array.from({ length: plan.count }, (_, place) => drawPerson(random, { ...plan, place }));
  const expected = people.reduce((total, person) => total + expectVisits(person, plan), 0);
  const scale = (plan.visits - plan.count) / expected;
  for (const person of people) person.dailyChance = Math.min(person.dailyChance * scale, MAX_DAILY_CHANCE);
  return people;
}

/** What some of those with a name tell about themselves. Changes nothing about when they come or what they buy. */
export function drawConfidences(random: Random, people: readonly Person[]): void {
  for (const person of people) {
    if (person.name === null) continue;
    person.givesPhone = random.chance(PHONE_SHARE);
    const { milky, black } = PREFERENCES;
    if (random.chance(PREFERENCES_SHARE))
      person.preferences = random.pick(WITHOUT_MILK.has(person.favourite.name) ? black : milky);
  }
}

function drawPerson(random: Random, { place, dayCount }: { place: number; dayCount: number }): Person {
  const isEarly = random.chance(0.38);
  const firstDay = isEarly
    ? Math.min(Math.floor(random.exponential(9)), 40, dayCount - 1)
    : random.integer(0, dayCount - 1);
  const stays = random.chance(STAYING_SHARE);
  const lifetime = Math.ceil(random.exponential(MEAN_LIFETIME_DAYS));
  const home = random.chance(LOCATIONS[0]!.share) ? 0 : 1;
  const taste = random.pickWeighted<Taste>([
    ['any', 4],
    ['workdays', home === 0 ? 4 : 9],
    ['weekends', home === 0 ? 2 : 0.5],
  ]);
  const person: Person = {
    name: random.chance(0.7) ? random.pick(NAMES) : null,
    staff: null,
    firstDay,
    lastDay: stays ? dayCount : Math.min(firstDay + lifetime, dayCount),
    losesCard: false,
    home,
    taste,
    habitMinutes: random.chance(0.6) ? drawHabit(random) : null,
    favourite: random.pickWeighted(MENU.map((item) => [item, item.name === ICED ? 0 : item.liked])),
    dailyChance: random.gamma(RATE_SHAPE) * (isEarly ? 1.5 : 1),
    givesPhone: false,
    preferences: null,
  };
  return special(person, { place, dayCount });
}

/** One customer works here, and one loses the card: both come often enough to be found. */
function special(person: Person, { place, dayCount }: { place: number; dayCount: number }): Person {
  const often = { firstDay: 3, dailyChance: 1.6, taste: 'any' as const };
  const staff = STAFF.findIndex(({ name }) => name === 'Ben');
  if (place === 0)
    return { ...person, ...often, staff, name: STAFF[staff]!.name, lastDay: dayCount, home: 1 };
  if (place === 1) return { ...person, ...often, losesCard: true, lastDay: Math.floor(dayCount * 0.85) };
  return person;
}

function drawHabit(random: Random): number {
  const centre = random.pickWeighted([
    [8 * 60, 5],
    [10 * 60 + 30, 2],
    [12 * 60 + 30, 2],
    [15 * 60, 2],
  ] as const);
  return Math.round(centre + random.normal() * 40);
}

function expectVisits(
  person: Person,
  {
    dayCount,
    demand,
    weekdayOf,
  }: { dayCount: number; demand: readonly (readonly number[])[]; weekdayOf: (day: number) => number },
): number {
  let total = 0;
  for (let day = person.firstDay + 1; day <= Math.min(person.lastDay, dayCount - 1); day++)
    total += demand[day]![person.home]! * tasteFor(person, weekdayOf(day));
  return total * person.dailyChance;
}
