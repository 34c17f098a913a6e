import { computeBusinessDayBounds } from '../loyalty/business-day.ts';
import { readWallClock } from '../loyalty/wall-clock.ts';
import { tasteFor } from './draw-people.ts';
import type { Person } from './draw-people.ts';
import type { Random } from './random.ts';
import { CLOSED_DATES, ICED, LOCATIONS, MENU } from './shop-plan.ts';
import type { LocationPlan, MenuPlan } from './shop-plan.ts';

/** Somebody comes in and buys something. */
export interface Visit {
  at: Date;
  /** In minutes after midnight, on the wall. */
  wallMinutes: number;
  location: number;
  /** null for somebody without a card. */
  person: Person | null;
  basket: { item: MenuPlan; quantity: number }[];
}

const GROUP_SHARE = 0.055;
/** A regular goes to the other place now and then. */
const WANDER_SHARE = 0.07;
const HABIT_SPREAD_MINUTES = 22;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * How busy a day is at each location, 1 on average: the weekday, the season, a little growth. `mayClose` is false for
 * days that somebody looking at the demo expects to find open.
 */
export function computeDemand({
  businessDay,
  yearShare,
  mayClose,
}: {
  businessDay: string;
  /** How much of the year has passed, 0 to 1. */
  yearShare: number;
  mayClose: boolean;
}): number[] {
  if (mayClose && CLOSED_DATES.has(businessDay.slice(5))) return LOCATIONS.map(() => 0);
  const season = 1 + 0.07 * Math.cos((2 * Math.PI * (dayOfYear(businessDay) + 20)) / 365);
  const holidays = businessDay.slice(5, 7) === '08' ? 0.9 : 1;
  const growth = 0.95 + 0.1 * yearShare;
  return LOCATIONS.map(({ weekdays }) => weekdays[weekdayOf(businessDay)]! * season * holidays * growth);
}

/** 0 Sunday to 6 Saturday. */
export function weekdayOf(businessDay: string): number {
  return new Date(`${businessDay}T00:00:00Z`).getUTCDay();
}

/** Everybody who comes on a business day, in the order they come. `passersBy` is how many without a card on average. */
export function drawDay(
  random: Random,
  {
    businessDay,
    day,
    demand,
    people,
    passersBy,
  }: {
    businessDay: string;
    day: number;
    demand: readonly number[];
    people: readonly Person[];
    passersBy: number;
  },
): Visit[] {
  const weather = Math.exp(0.09 * random.normal());
  const weekday = weekdayOf(businessDay);
  const visits: Visit[] = [];
  const midnights = LOCATIONS.map((plan) => findMidnight(plan, businessDay));
  const come = (location: number, person: Person | null): void => {
    if (demand[location] === 0) return;
    const midnight = midnights[location]!;
    visits.push(drawVisit(random, { businessDay, weekday, midnight, location, person }));
  };
  for (const person of people) {
    if (day < person.firstDay || day > person.lastDay) continue;
    const chance = person.dailyChance * demand[person.home]! * tasteFor(person, weekday) * weather;
    if (day !== person.firstDay && !random.chance(chance)) continue;
    come(random.chance(WANDER_SHARE) ? 1 - person.home : person.home, person);
  }
  for (const [location, busyness] of demand.entries()) {
    const mean = passersBy * busyness * LOCATIONS[location]!.share * weather;
    for (let left = random.poisson(mean); left > 0; left--) come(location, null);
  }
  return visits.sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** `at`, or as many whole hours later as it takes for the doors to be open. */
export function findOpenHour(plan: LocationPlan, at: Date): Date {
  let ms = at.getTime();
  while (!isOpen(plan, ms)) ms += HOUR_MS;
  return new Date(ms);
}

function isOpen(plan: LocationPlan, instantMs: number): boolean {
  const wall = new Date(readWallClock({ timeZone: plan.timeZone, instantMs }));
  const weekday = wall.getUTCDay();
  if (plan.weekdays[weekday] === 0 || CLOSED_DATES.has(wall.toISOString().slice(5, 10))) return false;
  return hoursOf(plan, weekday).some(([hour]) => hour === wall.getUTCHours());
}

function hoursOf({ workdayHours, weekendHours }: LocationPlan, weekday: number) {
  return isWorkday(weekday) ? workdayHours : weekendHours;
}

const isWorkday = (weekday: number): boolean => weekday >= 1 && weekday <= 5;

/** From where the wall's minutes count: clocks in these zones change before the day's cut-off, never during it. */
function findMidnight({ timeZone, cutOffMinutes }: LocationPlan, businessDay: string): number {
  const { startsAt } = computeBusinessDayBounds({ businessDay, timeZone, cutOffMinutes });
  return startsAt.getTime() - cutOffMinutes * MINUTE_MS;
}

function drawVisit(
  random: Random,
  place: { businessDay: string; weekday: number; midnight: number; location: number; person: Person | null },
): Visit {
  const { businessDay, weekday, midnight, location, person } = place;
  const plan = LOCATIONS[location]!;
  const wallMinutes = drawMinutes(random, {
    hours: hoursOf(plan, weekday),
    habit: isWorkday(weekday) ? (person?.habitMinutes ?? null) : null,
  });
  return {
    at: new Date(midnight + wallMinutes * MINUTE_MS + random.integer(0, 59) * 1_000),
    wallMinutes,
    location,
    person,
    basket: drawBasket(random, { person, wallMinutes, businessDay }),
  };
}

function drawMinutes(
  random: Random,
  { hours, habit }: { hours: LocationPlan['workdayHours']; habit: number | null },
): number {
  const opens = hours[0]![0] * 60;
  const closes = (hours.at(-1)![0] + 1) * 60;
  if (habit !== null && random.chance(0.7)) {
    const minutes = Math.round(habit + random.normal() * HABIT_SPREAD_MINUTES);
    if (minutes >= opens && minutes < closes) return minutes;
  }
  return random.pickWeighted(hours) * 60 + random.integer(0, 59);
}

function drawBasket(
  random: Random,
  { person, wallMinutes, businessDay }: { person: Person | null; wallMinutes: number; businessDay: string },
): Visit['basket'] {
  const quantities = new Map<MenuPlan, number>();
  const add = (item: MenuPlan): void => void quantities.set(item, (quantities.get(item) ?? 0) + 1);
  const warmth = warmthOf(businessDay);
  const heads = random.chance(GROUP_SHARE) ? random.integer(3, 6) : random.chance(0.14) ? 2 : 1;
  for (let head = 0; head < heads; head++) {
    const isOwn = head === 0 && person !== null && random.chance(0.78);
    add(isOwn ? iced(random, person.favourite, warmth) : drawDrink(random, warmth));
    for (const item of FOOD) if (random.chance(item.goesWith![partOfDay(wallMinutes)]!)) add(item);
  }
  return [...quantities].map(([item, quantity]) => ({ item, quantity }));
}

const FOOD = MENU.filter(({ goesWith }) => goesWith);
const DRINKS = MENU.filter(({ liked }) => liked > 0);
const ICED_DRINK = MENU.find(({ name }) => name === ICED)!;

function drawDrink(random: Random, warmth: number): MenuPlan {
  return random.pickWeighted(
    DRINKS.map((item) => [item, item === ICED_DRINK ? item.liked * 3 * warmth : item.liked]),
  );
}

/** On a warm day a latte is had iced. */
function iced(random: Random, favourite: MenuPlan, warmth: number): MenuPlan {
  return favourite.name === 'Latte' && random.chance(0.6 * warmth) ? ICED_DRINK : favourite;
}

/** 0 in January, 1 in July. */
function warmthOf(businessDay: string): number {
  return (1 - Math.cos((2 * Math.PI * (dayOfYear(businessDay) - 15)) / 365)) / 2;
}

function dayOfYear(businessDay: string): number {
  const ofYear =
    Date.parse(`${businessDay}T00:00:00Z`) - Date.parse(`${businessDay.slice(0, 4)}-01-01T00:00:00Z`);
  return ofYear / 86_400_000;
}

function partOfDay(wallMinutes: number): 0 | 1 | 2 {
  return wallMinutes < 11 * 60 + 30 ? 0 : wallMinutes < 14 * 60 + 30 ? 1 : 2;
}
