import { buildColumns, decideEligibility, freezeCovariates, restDaysOf } from './covariates.ts';
import type { Covariates, CustomerSale } from './covariates.ts';
import { OUTCOME_DAYS, computeOutcome, computeSaleCap } from './outcome.ts';
import { LEAST_TREATED_DRAWS } from './refusals.ts';
import { buildBasis, dot, residualise } from './residualise.ts';
import { PLANNED_MULTIPLIER } from './verdict.ts';

/** One customer's past: the sales, and when something was given, oldest first. */
export interface CustomerHistory {
  sales: readonly CustomerSale[];
  givenAt?: readonly Date[];
}

/** Which visits of the past are looked at, and the merchant's settings they go by. */
export interface HistoryRule {
  from: Date;
  asOf: Date;
  visitMinutes: number;
  coolDownDays: number;
}

/** What a shop's own past says about an experiment it has not begun. */
export interface HistoryFigures {
  /** CVr: how far 30-day spend lies from what past spend foretells (standard deviation), over its mean. */
  residualVariation: number;
  /** Mean 30-day spend after an eligible visit, minor units. */
  meanSpendMinor: number;
  /** Eligible visits a week, before anything is drawn: see `forecastPace`. */
  eligiblePerWeek: number;
  /** How many of them come in the rest after one, on average: when something is given on it, they are not drawn for. */
  visitsAtRest: number;
  /** Where a sale will be cut: the 99.5th percentile. */
  saleCapMinor: number;
}

export interface SeasonForecast {
  /** Treats, drawn and offered, that an answer will take. */
  treats: number;
  /** Draws, Z = 0 and 1 together: n*, to be frozen when the season begins. */
  plannedDraws: number;
  /** Until the answer, the 30 days included that the last draw takes to mature; null when nobody is eligible. */
  weeks: number | null;
  /** What the treats will cost, minor units, if as many are taken as assumed. */
  costMinor: number;
}

const POWER_QUANTILE = 0.84;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const MINUTE_MS = 60_000;
/** Fewer visits say too little about spread to promise anything. */
const LEAST_VISITS = 50;

/**
 * treats = ((k + 0.84) CVr / (a ρ))² / (1 − p), k = 3.035: how many treats until an effect of ρ times the mean spend would
 * show, with a chance of 80 %, on a report that may be looked at on any day.
 *
 * @throws RangeError when acceptance, effect or chance is not above 0, or the chance not below 1
 */
export function forecastTreats({
  residualVariation,
  acceptance,
  relativeEffect,
  chance,
}: {
  residualVariation: number;
  /** a: gestures more per offer. */
  acceptance: number;
  /** ρ: 0.1 is a tenth more. */
  relativeEffect: number;
  /** p. */
  chance: number;
}): number {
  if (!(acceptance > 0 && relativeEffect > 0 && chance > 0 && chance < 1))
    throw new RangeError('A forecast needs an acceptance, an effect, and a chance between 0 and 1');
  const root = ((PLANNED_MULTIPLIER + POWER_QUANTILE) * residualVariation) / (acceptance * relativeEffect);
  return Math.ceil(root ** 2 / (1 - chance));
}

/**
 * Draws a week, n: the eligible visits E on the season's share of the days, less the v that follow each treat of its own
 * while its customer rests. n = share (E − a p n v).
 */
export function forecastPace(
  { eligiblePerWeek, visitsAtRest }: Pick<HistoryFigures, 'eligiblePerWeek' | 'visitsAtRest'>,
  {
    share,
    chance,
    acceptance,
  }: {
    /** Of the days; below 1 when other kinds of draws are on. */
    share: number;
    chance: number;
    acceptance: number;
  },
): number {
  return (share * eligiblePerWeek) / (1 + share * acceptance * chance * visitsAtRest);
}

/** How many treats, draws and weeks an answer will take, and what it will cost: never fewer treats than a verdict asks for. */
export function forecastSeason({
  residualVariation,
  drawsPerWeek,
  acceptance,
  relativeEffect,
  chance,
  gestureCostMinor,
}: {
  residualVariation: number;
  drawsPerWeek: number;
  acceptance: number;
  relativeEffect: number;
  chance: number;
  gestureCostMinor: number;
}): SeasonForecast {
  const treats = Math.max(
    LEAST_TREATED_DRAWS,
    forecastTreats({ residualVariation, acceptance, relativeEffect, chance }),
  );
  const plannedDraws = Math.ceil(treats / chance);
  const weeks = drawsPerWeek > 0 ? Math.ceil(plannedDraws / drawsPerWeek + OUTCOME_DAYS / 7) : null;
  return { treats, plannedDraws, weeks, costMinor: Math.round(treats * acceptance * gestureCostMinor) };
}

/**
 * Reads off a shop's past what a forecast needs, by pretending that every visit of it had been looked at as a draw: the
 * first of the day that is eligible, its covariates, and the 30 days after it. Null when fewer than 50 such visits are
 * known. O(visits × sales before them) time, so pass no more of the past than the covariates look at.
 */
export function readHistory(
  histories: Iterable<CustomerHistory>,
  { asOf, from, visitMinutes, coolDownDays }: HistoryRule,
): HistoryFigures | null {
  const kept = [...histories];
  const saleCapMinor = computeSaleCap(kept.flatMap(({ sales }) => sales.map(({ netMinor }) => netMinor)));
  if (saleCapMinor === null) return null;
  let firstSaleMs = Infinity;
  for (const { sales } of kept)
    firstSaleMs = Math.min(firstSaleMs, sales[0]?.occurredAt.getTime() ?? Infinity);
  // A shop that opened a month ago has had a month for its visits, and not all of the time asked about.
  const lookedAtMs = asOf.getTime() - Math.max(from.getTime(), firstSaleMs);
  const covariates: Covariates[] = [];
  const spend: number[] = [];
  let [eligible, atRest] = [0, 0];
  for (const { sales, givenAt } of kept) {
    const visits = [...eligibleVisits(sales, { from, asOf, visitMinutes, coolDownDays, givenAt })];
    for (const [place, visit] of visits.entries()) {
      eligible++;
      const rule = { saleCapMinor, visitMinutes, asOf };
      const { isMatured, spendMinor } = computeOutcome(visit.at, sales, rule);
      if (!isMatured) continue;
      covariates.push(visit.covariates);
      spend.push(spendMinor);
      const restsUntilMs = visit.at.getTime() + restDaysOf(coolDownDays) * DAY_MS;
      for (let next = place + 1; next < visits.length && visits[next]!.at.getTime() < restsUntilMs; next++)
        atRest++;
    }
  }
  if (spend.length < LEAST_VISITS) return null;
  const basis = buildBasis(buildColumns(covariates));
  const left = residualise(spend, basis);
  const meanSpendMinor = spend.reduce((sum, minor) => sum + minor, 0) / spend.length;
  if (!(meanSpendMinor > 0)) return null;
  const deviation = Math.sqrt(dot(left, left) / (spend.length - basis.columns.length));
  return {
    residualVariation: deviation / meanSpendMinor,
    meanSpendMinor,
    eligiblePerWeek: eligible / (lookedAtMs / WEEK_MS),
    visitsAtRest: atRest / spend.length,
    saleCapMinor,
  };
}

/** The visits from `from` to `asOf` that would have been eligible: at most one in 24 hours. */
export function* eligibleVisits(
  sales: readonly CustomerSale[],
  {
    from,
    asOf,
    visitMinutes,
    coolDownDays,
    givenAt = [],
  }: HistoryRule & { givenAt?: readonly Date[] | undefined },
): Generator<{ at: Date; covariates: Covariates }> {
  let lastMs = Number.NEGATIVE_INFINITY;
  let visitedMs = Number.NEGATIVE_INFINITY;
  for (const { occurredAt } of sales) {
    const soldMs = occurredAt.getTime();
    const startsVisit = soldMs - lastMs > visitMinutes * MINUTE_MS;
    lastMs = soldMs;
    if (!startsVisit || occurredAt < from || occurredAt > asOf || soldMs - visitedMs < DAY_MS) continue;
    const covariates = freezeCovariates({ sales, scannedAt: occurredAt, visitMinutes, stamps: 0 });
    // What is given just before a sale is given at its visit, after the scan.
    const lastGestureAt = givenAt.findLast((at) => at.getTime() < soldMs - visitMinutes * MINUTE_MS) ?? null;
    const refusal = decideEligibility({
      covariates,
      hasEarlierVisit: covariates.tenureDays > 0,
      isStaff: false,
      lastGestureAt,
      coolDownDays,
      scannedAt: occurredAt,
      isSeasonOn: true,
      usedToday: 0,
      dailyCap: 1,
    });
    if (refusal !== null) continue;
    visitedMs = soldMs;
    yield { at: occurredAt, covariates };
  }
}
