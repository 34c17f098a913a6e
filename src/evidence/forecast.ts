import { buildColumns, decideEligibility, freezeCovariates } from './covariates.ts';
import type { Covariates, CustomerSale } from './covariates.ts';
import { OUTCOME_DAYS, computeOutcome, computeSaleCap } from './outcome.ts';
import { LEAST_TREATED_DRAWS } from './refusals.ts';
import { buildBasis, dot, residualise } from './residualise.ts';
import { PLANNED_MULTIPLIER } from './verdict.ts';

/** One customer's sales of the past, oldest first. */
export interface CustomerHistory {
  sales: readonly CustomerSale[];
}

/** What a shop's own past says about an experiment it has not begun. */
export interface HistoryFigures {
  /** CVr: how far 30-day spend lies from what past spend foretells (standard deviation), over its mean. */
  residualVariation: number;
  /** Mean 30-day spend after an eligible visit, minor units. */
  meanSpendMinor: number;
  /** Eligible visits a week: how many draws there will be. */
  eligiblePerWeek: number;
  /** Eligible visits that were looked at: those with 30 days after them. */
  visitCount: number;
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

/** How many treats, draws and weeks an answer will take, and what it will cost: never fewer treats than a verdict asks for. */
export function forecastSeason({
  history,
  acceptance,
  relativeEffect,
  chance,
  gestureCostMinor,
}: {
  history: Pick<HistoryFigures, 'residualVariation' | 'eligiblePerWeek'>;
  acceptance: number;
  relativeEffect: number;
  chance: number;
  gestureCostMinor: number;
}): SeasonForecast {
  const { residualVariation, eligiblePerWeek } = history;
  const treats = Math.max(
    LEAST_TREATED_DRAWS,
    forecastTreats({ residualVariation, acceptance, relativeEffect, chance }),
  );
  const plannedDraws = Math.ceil(treats / chance);
  const weeks = eligiblePerWeek > 0 ? Math.ceil(plannedDraws / eligiblePerWeek + OUTCOME_DAYS / 7) : null;
  return { treats, plannedDraws, weeks, costMinor: Math.round(treats * acceptance * gestureCostMinor) };
}

/**
 * Reads off a shop's past what a forecast needs, by pretending that every visit of it had been looked at as a draw: the
 * first of the day that is eligible, its covariates, and the 30 days after it. Null when fewer than 50 such visits are
 * known. O(visits × sales before them) time, so pass no more of the past than the covariates look at.
 */
export function readHistory(
  histories: Iterable<CustomerHistory>,
  { asOf, from, visitMinutes }: { asOf: Date; from: Date; visitMinutes: number },
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
  let eligible = 0;
  for (const { sales } of kept)
    for (const visit of eligibleVisits(sales, { from, asOf, visitMinutes })) {
      eligible++;
      const drawn = { drawnAt: visit.at, ownSaleIds: [] };
      const { isMatured, spendMinor } = computeOutcome(drawn, sales, { saleCapMinor, visitMinutes, asOf });
      if (!isMatured) continue;
      covariates.push(visit.covariates);
      spend.push(spendMinor);
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
    visitCount: spend.length,
    saleCapMinor,
  };
}

/** The visits from `from` to `asOf` that would have been eligible: at most one in 24 hours. */
export function* eligibleVisits(
  sales: readonly CustomerSale[],
  { from, asOf, visitMinutes }: { from: Date; asOf: Date; visitMinutes: number },
): Generator<{ at: Date; covariates: Covariates }> {
  let lastMs = Number.NEGATIVE_INFINITY;
  let visitedMs = Number.NEGATIVE_INFINITY;
  for (const { occurredAt } of sales) {
    const soldMs = occurredAt.getTime();
    const startsVisit = soldMs - lastMs > visitMinutes * MINUTE_MS;
    lastMs = soldMs;
    if (!startsVisit || occurredAt < from || occurredAt > asOf || soldMs - visitedMs < DAY_MS) continue;
    const covariates = freezeCovariates({ sales, scannedAt: occurredAt, visitMinutes, stamps: 0 });
    const refusal = decideEligibility({
      covariates,
      hasEarlierVisit: covariates.tenureDays > 0,
      isStaff: false,
      lastGestureAt: null,
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
