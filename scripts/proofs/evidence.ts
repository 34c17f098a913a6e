import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openDatabase } from '../../db/open.ts';
import { estimate } from '../../src/evidence/estimate.ts';
import type { Estimate } from '../../src/evidence/estimate.ts';
import { binomialTail, studentTQuantile } from '../../src/evidence/quantiles.ts';
import { coverShops, peekWeekly, redrawVisits } from '../../tests/support/evidence-trials.ts';
import { readRealVisits } from '../../tests/support/real-visits.ts';
import { replicateSeason } from '../../tests/support/replicated-season.ts';
import { aTenthMore, anEvenWorld, aYearOfLooks, findTruth } from '../../tests/support/simulated-shop.ts';
import type { World } from '../../tests/support/simulated-shop.ts';
import type { Proof, Verdict } from './proof.ts';

const TRUTH_SEED = 1_000_000;
const TRUTH_SHOPS = 60;
const LEAST_COVERAGE = 0.93;
const MOST_COVERAGE = 0.97;
const MOST_FALSE_CLAIMS = 0.05;
const DIGITS = 1e-8;

const coverage = (promise: string, world: World): Proof => ({
  name: 'evidence',
  promise,
  async run({ isLong }) {
    const truth = findTruth(world, { seed: TRUTH_SEED, shops: TRUTH_SHOPS });
    const shops = isLong ? 4_000 : 500;
    const found = coverShops(world, truth, { shops, seed: 1 });
    const share = found.covered / shops;
    return {
      figure:
        `${shops} made-up shops, ${Math.round(found.meanTreated)} treats each, truth ${money(truth.gestureMinor)} ` +
        `(${percent(truth.relative)} of 30-day spend): held by ${countOf(found.covered, shops)}; of the offer ` +
        `${countOf(found.offersCovered, shops)}; ${percent(found.claims / shops)} lay beyond 0; ` +
        `mean ${money(found.mean)} ± ${money(found.deviation / Math.sqrt(shops))}`,
      holds: share >= LEAST_COVERAGE && share <= MOST_COVERAGE,
    };
  },
});

const peeking: Proof = {
  name: 'evidence',
  promise: 'looking every week for a year finds an effect that is not there in at most 5 % of shops',
  async run({ isLong }) {
    const years = isLong ? 1_000 : 200;
    const { claims, careless } = peekWeekly(aYearOfLooks, { ...aYearOfLooks, years, seed: 1 });
    return {
      figure: `${countOf(claims, years)} years; control with 1.96: ${countOf(careless, years)}`,
      holds: claims / years <= MOST_FALSE_CLAIMS && careless / years > 2 * MOST_FALSE_CLAIMS,
    };
  },
};

const realSales: Proof = {
  name: 'evidence',
  promise:
    "a real shop's visits drawn anew: nothing is found where nothing was done, and half as much again is",
  async run({ isLong }) {
    const file = process.env['DOUBLESTAMP_SALES_FILE'];
    if (!file) return { figure: 'DOUBLESTAMP_SALES_FILE names no file of sales', holds: null };
    const redraws = isLong ? 10_000 : 1_000;
    const rule = { redraws, seed: 1, chance: 0.1, acceptance: 0.8, raise: 0.5 };
    const { visits, found, covered } = redrawVisits(readRealVisits(file), rule);
    return {
      figure: `${visits} visits: found in ${countOf(found, redraws)}, held in ${countOf(covered, redraws)}`,
      holds:
        found / redraws >= 0.03 &&
        found / redraws <= 0.07 &&
        covered / redraws >= LEAST_COVERAGE &&
        covered / redraws <= MOST_COVERAGE,
    };
  },
};

/** Small beside the others, because each of its visits is a scan, a sale and an account of both. */
const aSmallShop: World = { ...aTenthMore, customers: 60, daysBefore: 60, seasonDays: 120, chance: 0.4 };

const replication: Proof = {
  name: 'evidence',
  promise: 'a season lived through the real tills is reported to the digit as the pure functions weigh it',
  async run({ isLong, makeFolder }) {
    const db = await openDatabase(join(makeFolder(), 'season.db'));
    const world = isLong ? { ...aSmallShop, customers: 300, seasonDays: 210 } : aSmallShop;
    const { view, expected, draws, expectedDraws, check, counts } = await replicateSeason(db, world, 1);
    await db.close();
    const told = [view.offer, view.gesture?.effect, view.visits?.effect, view.acceptance, view.lights];
    const { spend, visits, lights } = expected;
    const weighed = [
      spend?.offer,
      spend?.gesture?.effect,
      visits?.gesture?.effect,
      spend?.acceptance,
      lights,
    ];
    return {
      figure:
        `${counts.visits} visits, ${draws.length} draws, ${counts.gestures} gestures, ${counts.refunds} refunds: ` +
        `${money(view.gesture?.effect ?? Number.NaN)} a gesture in the report, ` +
        `${money(spend?.gesture?.effect ?? Number.NaN)} in the account; ${check.redrawnCount} draws drawn again`,
      holds:
        check.fault === null &&
        isDeepStrictEqual(draws, expectedDraws) &&
        isDeepStrictEqual(told, weighed) &&
        view.verdict === expected.verdict,
    };
  },
};

/** Prints what R's own packages say of data that come with them, and the data, so that nothing has to be carried here. */
const IN_R = `
suppressMessages({library(AER); library(sandwich)})
row <- function(name, values) cat(name, paste(format(as.numeric(values), digits = 17), collapse = " "), "\\n")
data(PetersenCL); fit <- lm(y ~ x, PetersenCL)
row("petersen", c(coef(fit)["x"], sqrt(vcovCL(fit, cluster = ~firm)["x", "x"])))
row("y", PetersenCL$y); row("x", PetersenCL$x); row("firm", PetersenCL$firm)
data(CigarettesSW); s <- subset(CigarettesSW, year == "1995")
s <- with(s, data.frame(y = log(packs), d = log(price / cpi), z = (taxs - tax) / cpi, w = log(income / population / cpi)))
iv <- ivreg(y ~ d + w | w + z, data = s)
row("cigarettes", c(coef(iv)["d"], sqrt(vcovHC(iv, type = "HC1")["d", "d"])))
beyond <- function(b) { fit <- lm(I(y - b * d) ~ w + z, s)
  abs(coef(fit)["z"]) / sqrt(vcovHC(fit, "HC1")["z", "z"]) - qt(0.975, 45) }
ends <- c(uniroot(beyond, c(-5, -1.2), tol = 1e-14)$root, uniroot(beyond, c(-1.1, 3), tol = 1e-14)$root)
row("set", ends)
for (name in names(s)) row(paste0("cigarette_", name), s[[name]])
`;

const agreement: Proof = {
  name: 'evidence',
  promise: "R says the same of Petersen's panel and of the cigarette taxes of 1995",
  run: async () => {
    const { status, stdout } = spawnSync('Rscript', ['-e', IN_R], { encoding: 'utf8' });
    if (status !== 0) return { figure: 'R with AER and sandwich is not at hand', holds: null };
    const rows = new Map(
      stdout.split('\n').map((line) => {
        const [name, ...values] = line.trim().split(/\s+/);
        return [name!, values.map(Number)];
      }),
    );
    return compareWithR((name) => rows.get(name)!);
  },
};

function compareWithR(of: (name: string) => number[]): Verdict {
  const firms = of('firm');
  const ones = firms.map(() => 1);
  const panel = { y: of('y'), d: of('x'), z: of('x'), p: 0, x: [ones], cluster: firms };
  const petersen = estimate(panel, { multiplier: 2 })!;
  const states = of('cigarette_y').map((_, state) => state);
  const taxes = estimate(
    {
      y: of('cigarette_y'),
      d: of('cigarette_d'),
      z: of('cigarette_z'),
      p: 0,
      x: [states.map(() => 1), of('cigarette_w')],
      cluster: states,
    },
    { multiplier: studentTQuantile(0.975, 45) },
  )!;
  const figures: [name: string, ours: number[], theirs: number[]][] = [
    ["Petersen's panel", effectOf(petersen), of('petersen')],
    ['cigarette taxes', effectOf(taxes), of('cigarettes')],
    ['their set', taxes.set.isBounded ? [taxes.set.low, taxes.set.high] : [], of('set')],
  ];
  return {
    figure: figures
      .map(([name, ours]) => `${name} ${ours.map((figure) => figure.toFixed(6)).join(', ')}`)
      .join('; '),
    holds: figures.every(([, ours, theirs]) =>
      theirs.every((figure, place) => Math.abs(figure - ours[place]!) < DIGITS),
    ),
  };
}

const effectOf = ({ gesture }: Estimate): number[] => [gesture!.effect, gesture!.standardError];

export const evidenceProofs: Proof[] = [
  coverage('95 % sets hold the truth in 93 to 97 % of shops, where gestures do nothing', anEvenWorld),
  coverage('…and where they bring in a tenth more', aTenthMore),
  peeking,
  replication,
  realSales,
  agreement,
];

const money = (minor: number): string => (minor / 100).toFixed(2);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A count, its share, and the 95 % interval that so many trials leave (Clopper and Pearson). */
function countOf(count: number, trials: number): string {
  const low = count === 0 ? 0 : findChance((chance) => binomialTail(count, trials, chance) > 0.025);
  const high =
    count === trials ? 1 : findChance((chance) => 1 - binomialTail(count + 1, trials, chance) < 0.025);
  return `${count} of ${trials} (${percent(count / trials)}; ${(100 * low).toFixed(1)} to ${percent(high)})`;
}

/** The chance from which on something holds. */
function findChance(holds: (chance: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let halving = 0; halving < 40; halving++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
