import type { EvidenceReportRow } from '../../db/queries/evidence-queries.ts';
import type { MerchantRow } from '../../db/queries/merchant-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import type { DrawKind } from '../../db/schema.ts';
import { OUTCOME_DAYS } from '../evidence/outcome.ts';
import type { Estimate } from '../evidence/estimate.ts';
import type { Light } from '../evidence/refusals.ts';
import type { StillNeeded, Verdict } from '../evidence/verdict.ts';
import type { SeasonEvidence } from '../evidence/weigh-season.ts';
import type { GestureKind } from '../loyalty/gesture.ts';
import type { ChosenDraws, Pace } from './choose-draws.ts';
import type { SeasonDraws } from './season-draws.ts';
import { visitMinutesOf } from './visit-minutes-of.ts';

/** An effect with what it may plausibly be. Minor units, or sales; with their fractions. */
export interface Effect {
  effect: number;
  /** null when not bounded: then the data say nothing about one gesture, only about an offer. */
  low: number | null;
  high: number | null;
  standardError: number;
}

/** What was told on a day. */
export interface ToldBefore {
  day: string;
  effect: number | null;
  low: number | null;
  high: number | null;
  matured: number;
}

export interface EvidenceView {
  seasonId: string;
  kind: DrawKind;
  gestureKind: GestureKind | null;
  seasonLocationId: string | null;
  locationId: string | null;
  locationName: string | null;
  startedAt: Date;
  endedAt: Date | null;
  chanceMillionths: number;
  plannedDraws: number;
  keyHash: string;
  revealedKey: string | null;
  asOf: Date;
  currency: string;
  isMadeUp: boolean;
  /** In a made-up shop the truth is known: what a gesture really causes, minor units. */
  trueEffectMinor: number | null;
  verdict: Verdict;
  draws: {
    made: number;
    perWeek: number;
    matured: number;
    maturedCustomers: number;
    treated: number;
    treatedCustomers: number;
    /** Visits that were drawn and on which something was given. */
    accepted: number;
  };
  /** What a gesture causes in 30 days: spend, and the early answer, visits. null while nothing can be estimated. */
  gesture: Effect | null;
  visits: Effect | null;
  /** What an offer causes, taken or not. */
  offer: Effect | null;
  acceptance: { rate: number; standardError: number } | null;
  cost: {
    gestureMinor: number;
    totalMinor: number;
    marginMillionths: number;
    breakEvenMinor: number;
    /** Visits of usual size that pay for one gesture; null when none is known. */
    breakEvenVisits: number | null;
  };
  meanUndrawnMinor: number | null;
  smallestEffectMinor: number | null;
  stillNeeded: StillNeeded | null;
  lights: Light[];
  /** p of the re-randomisation test, asked below 200 treated draws. Never shown to owners. */
  randomisationP: number | null;
  rule: { outcomeDays: number; saleCapMinor: number; visitMinutes: number; multiplier: number | null };
  /** What was told before, the oldest first, and today. */
  series: ToldBefore[];
  /** What has changed about the draws of the last stored report since it was stored; null when nothing. */
  restated: { since: string; spendMinor: number; sales: number; gestures: number } | null;
  /** Sums of what was counted, by which the next report tells what has changed. */
  sums: { spendMinor: number; sales: number; gestures: number };
  /** The locations that drew, each with what it has so far. */
  locations: { locationId: string; locationName: string; made: number; treated: number }[];
  inputsHash: string;
}

/** What of a report is stored: everything but what was told on other days. */
export type StoredEvidence = Omit<EvidenceView, 'series' | 'restated' | 'locations'>;

/** Puts together what the report says. */
export function presentEvidence({
  season,
  merchant,
  names,
  locationId,
  asOf,
  today,
  draws: seasonDraws,
  chosen,
  pace,
  evidence,
  gestureCostMinor,
  inputsHash,
  stored,
  knownTruth,
}: {
  season: SeasonRow;
  merchant: MerchantRow;
  names: { locations: { locationId: string; name: string }[] };
  locationId: string | null;
  asOf: Date;
  /** The shop's business day at `asOf`. */
  today: string;
  draws: SeasonDraws;
  chosen: ChosenDraws;
  pace: Pace;
  evidence: SeasonEvidence;
  gestureCostMinor: number;
  inputsHash: string;
  stored: readonly EvidenceReportRow[];
  knownTruth: unknown;
}): EvidenceView {
  const { draws } = chosen;
  const nameOf = (id: string): string => names.locations.find((one) => one.locationId === id)?.name ?? '';
  const sums = sumUp(draws, draws.z.length);
  const { spend } = evidence;
  const saleMinor = sums.sales > 0 ? sums.spendMinor / sums.sales : null;
  const gesture = effectOf(spend);
  const counts = countByLocation(seasonDraws);
  // A season of one location is told of it, asked for or not.
  const place = locationId ?? season.locationId;
  return {
    seasonId: season.seasonId,
    kind: season.kind,
    gestureKind: season.gestureKind,
    seasonLocationId: season.locationId,
    locationId,
    locationName: place === null ? null : nameOf(place),
    startedAt: season.startedAt,
    endedAt: season.endedAt,
    chanceMillionths: season.chanceMillionths,
    plannedDraws: season.plannedDraws,
    keyHash: season.keyHash,
    revealedKey: season.revealedKey,
    asOf,
    currency: merchant.currency,
    isMadeUp: merchant.isMadeUp,
    trueEffectMinor: typeof knownTruth === 'number' ? knownTruth : null,
    verdict: evidence.verdict,
    draws: {
      made: pace.drawsMade,
      perWeek: pace.drawsPerWeek,
      matured: draws.z.length,
      maturedCustomers: draws.cluster.count,
      treated: evidence.treatedDraws,
      treatedCustomers: evidence.treatedCustomers,
      accepted: draws.z.reduce((sum, one, place) => sum + one * draws.d[place]!, 0),
    },
    gesture,
    visits: effectOf(evidence.visits),
    offer: spend && { ...spend.offer },
    acceptance: spend && { ...spend.acceptance },
    cost: {
      gestureMinor: gestureCostMinor,
      totalMinor: costOf(seasonDraws, chosen.location),
      marginMillionths: season.marginMillionths,
      breakEvenMinor: evidence.breakEvenMinor,
      breakEvenVisits: saleMinor === null || saleMinor <= 0 ? null : evidence.breakEvenMinor / saleMinor,
    },
    meanUndrawnMinor: evidence.meanUndrawnMinor,
    smallestEffectMinor: evidence.smallestEffectMinor,
    stillNeeded: evidence.stillNeeded,
    lights: evidence.lights,
    randomisationP: evidence.randomisationP,
    rule: {
      outcomeDays: OUTCOME_DAYS,
      saleCapMinor: season.saleCapMinor,
      visitMinutes: visitMinutesOf(season),
      multiplier: spend?.multiplier ?? null,
    },
    series: [
      ...stored.map(({ day, report }) => toldOf(day, report as unknown as StoredEvidence)).toReversed(),
      toldOf(today, { gesture, draws: { matured: draws.z.length } }),
    ],
    restated: stored[0] ? findRestated(stored[0], draws) : null,
    sums,
    locations: seasonDraws.locationIds.map((id, place) => ({
      locationId: id,
      locationName: nameOf(id),
      ...counts[place]!,
    })),
    inputsHash,
  };
}

/** What of a report is kept when the day is over. */
export function storedPart({
  series: _s,
  restated: _r,
  locations: _l,
  ...kept
}: EvidenceView): StoredEvidence {
  return kept;
}

function effectOf(estimate: Estimate | null): Effect | null {
  if (!estimate?.gesture) return null;
  const { set } = estimate;
  const ends = set.isBounded ? { low: set.low, high: set.high } : { low: null, high: null };
  return { ...estimate.gesture, ...ends };
}

function toldOf(
  day: string,
  { gesture, draws }: { gesture: Effect | null; draws: { matured: number } },
): ToldBefore {
  return {
    day,
    effect: gesture?.effect ?? null,
    low: gesture?.low ?? null,
    high: gesture?.high ?? null,
    matured: draws.matured,
  };
}

/** The draws of an earlier report are the first of those of a later one: added up again, they tell what has changed. */
function findRestated(
  { day, report }: EvidenceReportRow,
  draws: ChosenDraws['draws'],
): EvidenceView['restated'] {
  const before = report as unknown as StoredEvidence;
  const now = sumUp(draws, Math.min(before.draws.matured, draws.z.length));
  const change = {
    spendMinor: now.spendMinor - before.sums.spendMinor,
    sales: now.sales - before.sums.sales,
    gestures: now.gestures - before.sums.gestures,
  };
  const hasChanged = Object.values(change).some((amount) => amount !== 0);
  return hasChanged ? { since: day, ...change } : null;
}

function sumUp(draws: ChosenDraws['draws'], count: number): EvidenceView['sums'] {
  const sums = { spendMinor: 0, sales: 0, gestures: 0 };
  for (let place = 0; place < count; place++) {
    sums.spendMinor += draws.spendMinor[place]!;
    sums.sales += draws.saleCount[place]!;
    sums.gestures += draws.d[place]!;
  }
  return sums;
}

function costOf({ columns, maturedCount }: SeasonDraws, location: number | null): number {
  const { costMinor, z, location: locations } = columns;
  let total = 0;
  for (let place = 0; place < maturedCount; place++)
    if (z.get(place) === 1 && (location === null || locations.get(place) === location))
      total += costMinor.get(place);
  return total;
}

/** Draws made at each location, and those of them that were drawn. */
function countByLocation({ columns, count, locationIds }: SeasonDraws): { made: number; treated: number }[] {
  const counts = locationIds.map(() => ({ made: 0, treated: 0 }));
  for (let place = 0; place < count; place++) {
    const here = counts[columns.location.get(place)]!;
    here.made++;
    here.treated += columns.z.get(place);
  }
  return counts;
}
