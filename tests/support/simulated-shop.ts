// A made-up shop whose truth is known: what a gesture does to customers is written into it, so one can see whether the
// estimate finds it. Nothing in it is easy: customers come as often as they please, go through phases, stay away for
// good, order for a group, get refunds; and baristas are kind to those whose good phase begins, which no till sees.
import {
  buildColumns,
  decideEligibility,
  freezeCovariates,
  type Covariates,
  type CustomerSale,
} from '../../src/evidence/covariates.ts';
import type { EstimateInputs } from '../../src/evidence/estimate.ts';
import { computeOutcome, computeSaleCap, type VisitOutcome } from '../../src/evidence/outcome.ts';

export interface World {
  /** Places for customers; one who stays away for good is followed by a new one. */
  customers: number;
  /** Days before the season, in which nothing is drawn. */
  daysBefore: number;
  seasonDays: number;
  chance: number;
  /** How much more often a customer comes in the 30 days after a gesture: 0.1 is a tenth. */
  effect: number;
  /** The same for an offer, taken or not: a warmer word that comes with it. 0 in an honest world. */
  promptEffect: number;
  /** Whether what is given takes the place of something paid for, so that a given visit takes less money. */
  replacesPaid: boolean;
  /** How likely a gesture is to make somebody a daily guest for good. */
  changedForLife: number;
  /** How likely baristas are to be kind of their own accord, to somebody whose good phase begins and to anybody else. */
  kindness: { glad: number; other: number };
  /** How likely they are to pass a lucky moment on. */
  acceptance: { glad: number; other: number };
}

export const anEvenWorld: World = {
  customers: 300,
  daysBefore: 95,
  seasonDays: 210,
  chance: 0.1,
  effect: 0,
  promptEffect: 0,
  replacesPaid: false,
  changedForLife: 0,
  kindness: { glad: 0.25, other: 0.01 },
  acceptance: { glad: 0.9, other: 0.7 },
};

/** Gestures make people come more often: about a tenth more spend in 30 days, when all is counted (see `findTruth`). */
export const aTenthMore: World = { ...anEvenWorld, effect: 0.21 };

/** A smaller shop, for a year, in which nothing works; planned for half a year. */
export const aYearOfLooks: World & { plannedVisits: number } = {
  ...anEvenWorld,
  customers: 150,
  seasonDays: 365,
  plannedVisits: 2_400,
};

export interface SimulatedDraw {
  customerId: number;
  /** Days since the shop opened. */
  day: number;
  drawnAt: Date;
  z: 0 | 1;
  d: 0 | 1;
  covariates: Covariates;
  /** What a till would have read after the sale: the mistake. */
  lateCovariates: Covariates;
  outcome: VisitOutcome;
  /** What the draw changed for this very visit: the visit lived twice. Only when asked for. */
  truth: { spendMinor: number; gestures: number } | null;
}

export interface SimulatedShop {
  world: World;
  draws: SimulatedDraw[];
  /** Gestures of baristas' own accord and drawn ones, and what customers spent after them. */
  gestures: { customerId: number; givenAt: Date; outcome: VisitOutcome; covariates: Covariates }[];
  saleCapMinor: number;
}

const DAY_MS = 86_400_000;
const OPENED_MS = Date.parse('2025-01-01T00:00:00Z');
const VISIT_MINUTES = 30;
const ITEM_MINOR = 350;
const EFFECT_DAYS = 30;
const REST_DAYS = 14;
const WARM = 1.8;
const GLAD_DAYS = 10;
const PHASES = [0.4, 1, 1.7];
const SPARE_DAYS = 31;

/** What chance is asked for; each gets numbers of its own, so that a day lived twice differs in nothing else. */
const Ask = {
  rate: 1,
  rate2: 2,
  purse: 3,
  phaseTurns: 4,
  phase: 5,
  warms: 6,
  leaves: 7,
  hour: 8,
  comes: 9,
  amount: 10,
  group: 11,
  groupSize: 12,
  refund: 13,
  draw: 14,
  accept: 15,
  kind: 16,
  changed: 17,
} as const;

/** Lives through a shop's days. The same seed, the same shop; `tellsTruth` also lives every drawn visit twice. */
export function simulateShop(world: World, seed: number, tellsTruth = false): SimulatedShop {
  const lives = Array.from({ length: world.customers }, (_, place) =>
    meetCustomers(world, seed, place),
  ).flat();
  const before = lives.map((life) => liveUntil(life, world, world.daysBefore));
  const saleCapMinor = computeSaleCap(before.flatMap(({ sales }) => sales.map(({ netMinor }) => netMinor)))!;
  const lastDay = world.daysBefore + world.seasonDays;
  const asOf = new Date(OPENED_MS + lastDay * DAY_MS);
  const rule = { saleCapMinor, visitMinutes: VISIT_MINUTES, asOf };
  const shop: SimulatedShop = { world, draws: [], gestures: [], saleCapMinor };
  for (const past of before) {
    const { life } = past;
    const visits: Visit[] = [];
    for (let day = Math.max(world.daysBefore, life.firstDay); day < life.endDay; day++) {
      const visit = liveDay(past, world, day);
      if (!visit) continue;
      visits.push(visit);
      if (tellsTruth && visit.isDrawnFor) visit.truth = liveTwice(life, visit, { world, saleCapMinor });
    }
    for (const visit of visits) {
      if (!visit.isDrawnFor && visit.d === 0) continue;
      const { at, covariates, d, z } = visit;
      const outcome = computeOutcome(at, past.sales, rule);
      if (!outcome.isMatured) continue;
      const customerId = life.id;
      if (d === 1) shop.gestures.push({ customerId, givenAt: at, outcome, covariates });
      if (!visit.isDrawnFor) continue;
      const lateCovariates = {
        ...covariates,
        spend28Minor: covariates.spend28Minor + visit.netMinor,
        spend90Minor: covariates.spend90Minor + visit.netMinor,
      };
      const { day, truth } = visit;
      shop.draws.push({ customerId, day, drawnAt: at, z, d, covariates, lateCovariates, outcome, truth });
    }
  }
  return shop;
}

/** What somebody pays on a visit, and what of it they get back. */
interface Bill {
  paidMinor: number;
  refundMinor: number;
}

/** One of the people of such a shop, for whoever serves them instead: day by day, in order. */
export interface SimulatedPerson {
  customerId: number;
  firstDay: number;
  /** Up to, not including. */
  endDay: number;
  /** Their visit on a day; null when they stay away. */
  comesOn(day: number): ({ at: Date } & Bill) | null;
  /** Whether the barista is kind on that visit, who was offered a lucky moment or not; it works from then on. */
  isGivenTo(visit: { day: number; at: Date; isOffered: boolean }): boolean;
}

/** The people of a made-up shop, without the shop. The same seed, the same people as `simulateShop` has. */
export const meetPeople = (world: World, seed: number): SimulatedPerson[] =>
  Array.from({ length: world.customers }, (_, place) => meetCustomers(world, seed, place))
    .flat()
    .map((life) => {
      const past = liveUntil(life, world, life.firstDay);
      return {
        customerId: life.id,
        firstDay: life.firstDay,
        endDay: life.endDay,
        comesOn: (day) =>
          comes(past, world, day) ? { at: timeOf(life, day), ...billOf(life, { day, isLess: false }) } : null,
        isGivenTo({ day, at, isOffered }) {
          const z = isOffered ? 1 : 0;
          const d = isGivenTo(past, world, { day, z });
          remember(past, world, { day, at, z, d });
          return d === 1;
        },
      };
    });

/** The columns that `estimate` takes, of some of the draws. */
export function columnsOf(
  draws: readonly SimulatedDraw[],
  world: Pick<World, 'chance'>,
): EstimateInputs & { placebo: Float64Array; visits: Float64Array; x: Float64Array[] } {
  const of = (value: (draw: SimulatedDraw) => number) => Float64Array.from(draws, value);
  return {
    y: of(({ outcome }) => outcome.spendMinor),
    visits: of(({ outcome }) => outcome.saleCount),
    placebo: of(({ outcome }) => outcome.placeboMinor),
    d: of(({ d }) => d),
    z: of(({ z }) => z),
    p: world.chance,
    x: buildColumns(draws.map(({ covariates }) => covariates)),
    cluster: draws.map(({ customerId }) => customerId),
  };
}

/** What an offer and a gesture truly do in such a world, minor units in 30 days, from every drawn visit lived twice. */
export function findTruth(
  world: World,
  { seed, shops }: { seed: number; shops: number },
): { offerMinor: number; gestureMinor: number; relative: number } {
  let [spend, gestures, visits, undrawn, undrawnVisits] = [0, 0, 0, 0, 0];
  for (let shop = 0; shop < shops; shop++)
    for (const { truth, outcome, z } of simulateShop(world, seed + shop, true).draws) {
      spend += truth!.spendMinor;
      gestures += truth!.gestures;
      visits++;
      if (z === 0) {
        undrawn += outcome.spendMinor;
        undrawnVisits++;
      }
    }
  const gestureMinor = spend / gestures;
  return { offerMinor: spend / visits, gestureMinor, relative: gestureMinor / (undrawn / undrawnVisits) };
}

/** What is decided for a customer by nature, whatever the shop does. */
interface Life {
  id: number;
  seed: number;
  firstDay: number;
  /** Up to, not including. */
  endDay: number;
  /** How often they come, per day, by day since `firstDay`. */
  rate: Float64Array;
  /** Whether they are in the first days of a good phase: they tell the barista of the new job round the corner. */
  isGlad: Uint8Array;
  purse: number;
}

/** What the shop and the customer have done with each other so far. */
interface Past extends Memory {
  life: Life;
  sales: CustomerSale[];
}

/** Days on which something still works on the customer, and when they last had a gesture. */
interface Memory {
  effectUntil: number;
  promptUntil: number;
  isChanged: boolean;
  lastGestureDay: number;
  lastGestureAt: Date | null;
}

interface Visit {
  day: number;
  at: Date;
  netMinor: number;
  covariates: Covariates;
  isDrawnFor: boolean;
  z: 0 | 1;
  d: 0 | 1;
  truth: SimulatedDraw['truth'];
  /** What was remembered before the visit. */
  before: Memory;
}

/** The customers who hold one place, one after the other. */
function meetCustomers(world: World, seed: number, place: number): Life[] {
  const lastDay = world.daysBefore + world.seasonDays;
  const lives: Life[] = [];
  for (let firstDay = 0; firstDay < lastDay;) {
    const id = place * 1_000 + lives.length;
    const ask = (day: number, what: number) => uniform(seed, id, day, what);
    // A sum of two exponentials: most come now and then, some every other day.
    const often = 0.06 * -Math.log((1 - ask(0, Ask.rate)) * (1 - ask(0, Ask.rate2)));
    const days = lastDay + SPARE_DAYS - firstDay;
    const life: Life = {
      id,
      seed,
      firstDay,
      endDay: lastDay,
      rate: new Float64Array(days),
      isGlad: new Uint8Array(days),
      purse: 0.7 + 0.8 * ask(0, Ask.purse),
    };
    let phase = PHASES[Math.floor(3 * ask(0, Ask.phase))]!;
    let isWarm = false;
    let warmDays = 0;
    for (let day = firstDay; day < firstDay + days; day++) {
      if (ask(day, Ask.phaseTurns) < 1 / 45) phase = PHASES[Math.floor(3 * ask(day, Ask.phase))]!;
      isWarm = ask(day, Ask.warms) < (isWarm ? 0.975 : 0.012);
      life.rate[day - firstDay] = often * phase * (isWarm ? WARM : 1);
      warmDays = isWarm ? warmDays + 1 : 0;
      life.isGlad[day - firstDay] = isWarm && warmDays <= GLAD_DAYS ? 1 : 0;
      if (ask(day, Ask.leaves) < 1 / 250) {
        life.rate.fill(0, day - firstDay + 1);
        life.endDay = Math.min(lastDay, day + 1);
        break;
      }
    }
    lives.push(life);
    firstDay = life.endDay;
  }
  return lives;
}

/** Everything before the season: gestures of baristas' own accord, and no draws. */
function liveUntil(life: Life, world: World, endDay: number): Past {
  const past: Past = {
    life,
    sales: [],
    effectUntil: -1,
    promptUntil: -1,
    isChanged: false,
    lastGestureDay: Number.NEGATIVE_INFINITY,
    lastGestureAt: null,
  };
  for (let day = life.firstDay; day < Math.min(endDay, life.endDay); day++) liveDay(past, world, day);
  return past;
}

/** One day: perhaps a visit, a draw, a gesture and a sale. */
function liveDay(past: Past, world: World, day: number): Visit | null {
  const { life } = past;
  const ask = (what: number) => uniform(life.seed, life.id, day, what);
  if (!comes(past, world, day)) return null;
  const at = timeOf(life, day);
  const covariates = freezeCovariates({
    sales: past.sales,
    scannedAt: at,
    visitMinutes: VISIT_MINUTES,
    stamps: past.sales.length % 10,
  });
  const ineligibility = decideEligibility({
    covariates,
    hasEarlierVisit: past.sales.length > 0,
    isStaff: false,
    lastGestureAt: past.lastGestureAt,
    coolDownDays: 0,
    scannedAt: at,
    isSeasonOn: day >= world.daysBefore,
    usedToday: 0,
    dailyCap: 1,
  });
  const { effectUntil, promptUntil, isChanged, lastGestureDay, lastGestureAt } = past;
  const before = { effectUntil, promptUntil, isChanged, lastGestureDay, lastGestureAt };
  const isDrawnFor = ineligibility === null;
  const z = isDrawnFor && ask(Ask.draw) < world.chance ? 1 : 0;
  const d = isGivenTo(past, world, { day, z });
  const netMinor = spendOf(life, { day, isLess: world.replacesPaid && d === 1 });
  past.sales.push({ saleId: `${life.id}-${day}`, occurredAt: at, netMinor });
  const visit: Visit = { day, at, netMinor, covariates, isDrawnFor, z, d, truth: null, before };
  remember(past, world, visit);
  return visit;
}

function comes(past: Past, world: World, day: number): boolean {
  const { life } = past;
  const often = past.isChanged ? 3 : life.rate[day - life.firstDay]!;
  const moved =
    (day <= past.effectUntil ? 1 + world.effect : 1) * (day <= past.promptUntil ? 1 + world.promptEffect : 1);
  return uniform(life.seed, life.id, day, Ask.comes) < 1 - Math.exp(-often * moved);
}

/** Whether there is a gesture: a lucky moment passed on, or the barista's own idea. */
function isGivenTo(
  { life, lastGestureDay }: Past,
  world: World,
  { day, z }: { day: number; z: 0 | 1 },
): 0 | 1 {
  const ask = (what: number) => uniform(life.seed, life.id, day, what);
  const mood = life.isGlad[day - life.firstDay] === 1 ? 'glad' : 'other';
  if (z === 1 && ask(Ask.accept) < world.acceptance[mood]) return 1;
  const isRested = day - lastGestureDay >= REST_DAYS;
  return isRested && ask(Ask.kind) < world.kindness[mood] ? 1 : 0;
}

function remember(
  past: Past,
  world: World,
  { day, at, z, d }: { day: number; at: Date; z: 0 | 1; d: 0 | 1 },
): void {
  if (z === 1) past.promptUntil = day + EFFECT_DAYS;
  if (d === 0) return;
  past.effectUntil = day + EFFECT_DAYS;
  past.lastGestureDay = day;
  past.lastGestureAt = at;
  if (uniform(past.life.seed, past.life.id, day, Ask.changed) < world.changedForLife) past.isChanged = true;
}

/** Net of refunds, minor units; an item less when that was given. */
function spendOf(life: Life, when: { day: number; isLess: boolean }): number {
  const { paidMinor, refundMinor } = billOf(life, when);
  return paidMinor - refundMinor;
}

function billOf({ seed, id, purse }: Life, { day, isLess }: { day: number; isLess: boolean }): Bill {
  const ask = (what: number) => uniform(seed, id, day, what);
  const people = ask(Ask.group) < 0.03 ? 3 + Math.floor(6 * ask(Ask.groupSize)) : 1;
  const gross = Math.round(ITEM_MINOR * purse * (0.8 + 1.2 * ask(Ask.amount) ** 2) * people);
  const paidMinor = isLess ? Math.max(0, gross - ITEM_MINOR) : gross;
  const refund = ask(Ask.refund);
  const refundMinor = refund < 0.01 ? paidMinor : refund < 0.02 ? paidMinor - Math.round(paidMinor / 2) : 0;
  return { paidMinor, refundMinor };
}

const timeOf = ({ seed, id }: Life, day: number): Date =>
  new Date(OPENED_MS + day * DAY_MS + (7 + 10 * uniform(seed, id, day, Ask.hour)) * 3_600_000);

/** Lives the 30 days after a drawn visit as if it had been drawn, and as if it had not; all else by the same chance. */
function liveTwice(
  life: Life,
  { day, at, before }: Visit,
  { world, saleCapMinor }: { world: World; saleCapMinor: number },
): { spendMinor: number; gestures: number } {
  const endMs = at.getTime() + EFFECT_DAYS * DAY_MS;
  const live = (z: 0 | 1) => {
    const fork: Past = { ...before, life, sales: [] };
    const d = isGivenTo(fork, world, { day, z });
    remember(fork, world, { day, at, z, d });
    let spendMinor = 0;
    for (let later = day + 1; later <= day + EFFECT_DAYS; later++) {
      const laterAt = timeOf(life, later);
      if (laterAt.getTime() > endMs || !comes(fork, world, later)) continue;
      const restedMs =
        fork.lastGestureAt === null ? Infinity : laterAt.getTime() - fork.lastGestureAt.getTime();
      const isEligible = restedMs >= REST_DAYS * DAY_MS;
      const drawn = isEligible && uniform(life.seed, life.id, later, Ask.draw) < world.chance ? 1 : 0;
      const given = isGivenTo(fork, world, { day: later, z: drawn });
      spendMinor += Math.min(
        saleCapMinor,
        spendOf(life, { day: later, isLess: world.replacesPaid && given === 1 }),
      );
      remember(fork, world, { day: later, at: laterAt, z: drawn, d: given });
    }
    return { spendMinor, d };
  };
  const [drawn, undrawn] = [live(1), live(0)];
  return { spendMinor: drawn.spendMinor - undrawn.spendMinor, gestures: drawn.d - undrawn.d };
}

/** Chance by place instead of by turn (MurmurHash3 of the four words): from 0 up to, not including, 1. */
function uniform(seed: number, customer: number, day: number, what: number): number {
  let hash = seed | 0;
  for (const word of [customer, day, what]) {
    let mixed = Math.imul(word, 0xcc9e2d51);
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    hash ^= mixed;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
