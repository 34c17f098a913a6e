/** What is known about a customer at the scan, before anything is drawn. Money in minor units, times in days. */
export interface Covariates {
  /** Net of the refunds known at the scan. */
  spend28Minor: number;
  spend90Minor: number;
  visits28: number;
  visits90: number;
  /** Since the first earlier visit; 0 when there is none. */
  tenureDays: number;
  /** Since the latest earlier visit; 0 when there is none. */
  gapDays: number;
  /** On the card when it is drawn: before this visit's stamp, except where a bonus is asked for after it. */
  stamps: number;
}

/** A customer's sale at the merchant, net of the refunds known so far. */
export interface CustomerSale {
  saleId: string;
  occurredAt: Date;
  netMinor: number;
}

export interface CovariateInputs {
  /** Every sale of the customer at the merchant, oldest first; those not before the visit are passed over. */
  sales: readonly Pick<CustomerSale, 'occurredAt' | 'netMinor'>[];
  /** When the card was scanned, or a bonus asked for. */
  scannedAt: Date;
  /** Sales nearer to the scan than this belong to the same visit, and are not earlier; setting of the merchant. */
  visitMinutes: number;
  /** Stamps on the card at that moment. */
  stamps: number;
}

export type Ineligibility =
  'season-off' | 'staff' | 'first-visit' | 'long-away' | 'recent-gesture' | 'cap-reached';

export interface EligibilityInputs {
  covariates: Pick<Covariates, 'visits90'>;
  /** Whether an earlier visit is known at all. */
  hasEarlierVisit: boolean;
  isStaff: boolean;
  /** Null when the customer never had one, or all were undone. */
  lastGestureAt: Date | null;
  /** Setting of the merchant: for so long nobody is given anything again. */
  coolDownDays: number;
  scannedAt: Date;
  isSeasonOn: boolean;
  /** Gestures of the season already given at the location on this business day, and the most there may be. */
  usedToday: number;
  dailyCap: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SHORT_DAYS = 28;
/** How far back the covariates look, and within which a customer must have been here to be drawn for. */
export const LONG_DAYS = 90;
const LEAST_REST_DAYS = 14;
const LONGEST_GAP_DAYS = 180;
const NEARLY_FULL_STAMPS = 8;

/** After a gesture nothing is drawn for so long: what could not be given would be drawn in vain. */
export const restDaysOf = (coolDownDays: number): number => Math.max(LEAST_REST_DAYS, coolDownDays);

/**
 * Reads off the covariates from the sales before the visit, never after what the draw may change: that doubles the bias.
 * Visits are stretches of sales with no pause longer than `visitMinutes`; a visit counts to the 28 or 90 days its first
 * sale lies in.
 */
export function freezeCovariates({ sales, scannedAt, visitMinutes, stamps }: CovariateInputs): Covariates {
  const scannedMs = scannedAt.getTime();
  const visitMs = visitMinutes * MINUTE_MS;
  const covariates = { spend28Minor: 0, spend90Minor: 0, visits28: 0, visits90: 0 };
  let firstMs: number | null = null;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { occurredAt, netMinor } of sales) {
    const soldMs = occurredAt.getTime();
    if (soldMs >= scannedMs - visitMs) break;
    const startsVisit = soldMs - lastMs > visitMs ? 1 : 0;
    if (soldMs >= scannedMs - LONG_DAYS * DAY_MS) {
      covariates.spend90Minor += netMinor;
      covariates.visits90 += startsVisit;
    }
    if (soldMs >= scannedMs - SHORT_DAYS * DAY_MS) {
      covariates.spend28Minor += netMinor;
      covariates.visits28 += startsVisit;
    }
    firstMs ??= soldMs;
    lastMs = soldMs;
  }
  const tenureDays = firstMs === null ? 0 : (scannedMs - firstMs) / DAY_MS;
  const gapDays = firstMs === null ? 0 : (scannedMs - lastMs) / DAY_MS;
  return { ...covariates, tenureDays, gapDays, stamps };
}

/**
 * Whether a scan draws at all; null when it does. Decided before u is computed, from what was known before the scan: at
 * least one earlier visit, one within 90 days, not staff, no gesture in 14 days or in a longer cool-down, season on, cap
 * not reached.
 */
export function decideEligibility(inputs: EligibilityInputs): Ineligibility | null {
  if (!inputs.isSeasonOn) return 'season-off';
  if (inputs.isStaff) return 'staff';
  if (!inputs.hasEarlierVisit) return 'first-visit';
  if (inputs.covariates.visits90 < 1) return 'long-away';
  const { lastGestureAt, scannedAt } = inputs;
  const restMs = restDaysOf(inputs.coolDownDays) * DAY_MS;
  if (lastGestureAt !== null && scannedAt.getTime() - lastGestureAt.getTime() < restMs)
    return 'recent-gesture';
  return inputs.usedToday >= inputs.dailyCap ? 'cap-reached' : null;
}

/** The columns of x: 1, s28, s90, n28, n90, log1p(tenure), log1p(min(gap, 180)), stamps, stamps ≥ 8. */
export function buildColumns(covariates: readonly Covariates[]): Float64Array[] {
  const of = (value: (one: Covariates) => number): Float64Array => {
    const column = new Float64Array(covariates.length);
    for (let place = 0; place < column.length; place++) column[place] = value(covariates[place]!);
    return column;
  };
  return [
    of(() => 1),
    of(({ spend28Minor }) => spend28Minor),
    of(({ spend90Minor }) => spend90Minor),
    of(({ visits28 }) => visits28),
    of(({ visits90 }) => visits90),
    of(({ tenureDays }) => Math.log1p(tenureDays)),
    of(({ gapDays }) => Math.log1p(Math.min(gapDays, LONGEST_GAP_DAYS))),
    of(({ stamps }) => stamps),
    of(({ stamps }) => (stamps >= NEARLY_FULL_STAMPS ? 1 : 0)),
  ];
}
