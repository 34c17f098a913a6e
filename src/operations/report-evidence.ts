import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import { findStartOfSeason, hasHappenedSince } from '../../db/queries/audit-queries.ts';
import { findChainHead } from '../../db/queries/ledger-queries.ts';
import { listEvidenceReports } from '../../db/queries/evidence-queries.ts';
import { findMerchant } from '../../db/queries/merchant-queries.ts';
import { findReportNames } from '../../db/queries/report-queries.ts';
import { findSeason, listSeasons } from '../../db/queries/season-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import type { Clock } from '../clock.ts';
import type { SeasonHmac } from '../evidence/draw.ts';
import type { SeasonEvidence, SeasonPlan } from '../evidence/weigh-season.ts';
import type { Actor } from './actor.ts';
import { chooseDraws, computePace } from './choose-draws.ts';
import type { ChosenDraws, Pace } from './choose-draws.ts';
import { countUndrawn } from './count-undrawn.ts';
import type { Completeness } from './count-undrawn.ts';
import { presentEvidence } from './evidence-view.ts';
import type { EvidenceView } from './evidence-view.ts';
import { findDay } from './find-day.ts';
import { readPrices } from './plan-season.ts';
import type { Sealer } from './seal.ts';
import { SeasonData } from './season-data.ts';
import type { SeasonDraws } from './season-draws.ts';
import { openSeasonKey, seasonHmac } from './season-key.ts';
import { createWeigher } from './weigh-in-worker.ts';

const MILLION = 1_000_000;
/** Seasons whose columns are kept in memory: the ones that are on, as a rule. */
const MOST_KEPT = 4;
const MOST_SERIES = 800;
/** How long the light of completeness may be old: it reads a few thousand sales. */
const COMPLETENESS_MS = 15 * 60_000;

export interface EvidenceRequest {
  /** The newest that is on, or else the newest, when not given. */
  seasonId?: string | undefined;
  /** Narrows it to one location; a location's answer needs as many draws of its own. */
  locationId?: string | undefined;
  /** Report what was known at this instant; now when not given. */
  asOf?: Date | undefined;
}

export type EvidenceRefusal =
  { refused: 'season-unknown' } | { refused: 'location-unknown' } | { refused: 'report-of-the-future' };

interface Kept {
  data: SeasonData;
  /** Weighed at this version of the data and this cost of a gesture, by location. */
  weighed: Map<
    string,
    { version: number; gestureCostMinor: number; evidence: SeasonEvidence; chosen: ChosenDraws }
  >;
  completeness: { at: Date; found: Completeness } | null;
  countedHash: { version: number; hash: string } | null;
  /** Up to where the audit log was when it was first read: customers who join later change whose draws they are. */
  auditedTo: number | null;
  /** What is under way: one at a time. */
  turn: Promise<unknown>;
}

interface Asked {
  asOf: Date;
  locationId: string | null;
  names: Awaited<ReturnType<typeof findReportNames>>;
  isLive: boolean;
}

interface Weighed {
  evidence: SeasonEvidence;
  chosen: ChosenDraws;
  pace: Pace;
  /** SHA-256 of what was weighed. */
  inputsHash: string;
}

/**
 * The evidence of a season: what gestures caused, with its doubt, its lights and its verdict. The first time reads all
 * of the season's draws; after that only what was written since. As of an instant of the past, it is what could be
 * known then.
 */
export const reportEvidence = (db: Database, clock: Clock, sealer: Sealer) => {
  const kept = new Map<string, Kept>();
  const weigher = createWeigher();
  /** The report of a past instant that is under way: it reads a season from its start, so one at a time. */
  let pastTurn: Promise<unknown> = Promise.resolve();

  return async (
    { merchantId }: Pick<Actor, 'merchantId'>,
    request: EvidenceRequest,
  ): Promise<EvidenceView | EvidenceRefusal> => {
    const now = clock.now();
    const asOf = request.asOf ?? now;
    if (asOf > now) return { refused: 'report-of-the-future' };
    const season = await findWanted(db, { merchantId, seasonId: request.seasonId });
    if (!season) return { refused: 'season-unknown' };
    const names = await db.read((queries) => findReportNames(queries, { merchantId }));
    const { locationId = null } = request;
    if (locationId !== null && !names.locations.some((one) => one.locationId === locationId))
      return { refused: 'location-unknown' };
    const isLive = request.asOf === undefined;
    const asked = { asOf, locationId, names, isLive };
    if (!isLive) {
      const report = pastTurn.then(() => tell(season, newState(season, asOf), asked));
      pastTurn = report.catch(() => undefined);
      return report;
    }
    const state = keep(season);
    const report = state.turn.then(() => tell(season, state, asked));
    // What was read half-way would never be counted to the end.
    state.turn = report.catch(() => startAnew(season, state));
    return report;
  };

  function keep(season: SeasonRow): Kept {
    // An end changes how far its draws are read.
    const key = `${season.seasonId} ${season.endedAt ? 'ended' : 'on'}`;
    const known = kept.get(key);
    if (known) kept.delete(key);
    const state = known ?? newState(season, null);
    kept.set(key, state);
    for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
    return state;
  }

  function newState(season: SeasonRow, pinnedAt: Date | null): Kept {
    const data = new SeasonData(db, { season, hmac: hmacOf(sealer, season), pinnedAt });
    return {
      data,
      weighed: new Map(),
      completeness: null,
      countedHash: null,
      auditedTo: null,
      turn: Promise.resolve(),
    };
  }

  async function startAnewIfJoined(season: SeasonRow, state: Kept): Promise<void> {
    const { merchantId } = season;
    const afterSequence = state.auditedTo;
    const [head] = await db.read((queries) => findChainHead(queries, { merchantId, chain: 'audit' }));
    state.auditedTo = head?.sequence ?? 0;
    if (afterSequence === null || afterSequence === state.auditedTo) return;
    const joined = { merchantId, action: 'customers.joined', afterSequence };
    if (!(await db.read((queries) => hasHappenedSince(queries, joined)))) return;
    startAnew(season, state);
  }

  function startAnew(season: SeasonRow, state: Kept): void {
    state.data = newState(season, null).data;
    state.weighed.clear();
    state.countedHash = null;
  }

  async function tell(
    season: SeasonRow,
    state: Kept,
    { asOf, locationId, names, isLive }: Asked,
  ): Promise<EvidenceView> {
    await startAnewIfJoined(season, state);
    const { data } = state;
    if (data.draws.count === 0) {
      weigher.getReady();
      await nextTurn();
    }
    await data.bringUpToDate(asOf);
    const isFresh = state.completeness && asOf.getTime() - state.completeness.at.getTime() < COMPLETENESS_MS;
    if (!isFresh) {
      state.completeness = { at: asOf, found: await countUndrawn(db)(season, { asOf, isLive }) };
      state.weighed.clear();
    }
    const gestureCostMinor = await findGestureCost(season, data.draws, { asOf, locationId });
    const weighed = await weigh(season, state, { asOf, locationId, gestureCostMinor });
    await nextTurn();
    return presentEvidence({
      season,
      names,
      locationId,
      asOf,
      // The days of stored reports are such days too.
      today: await findDay(db)(season, asOf),
      draws: data.draws,
      gestureCostMinor,
      ...weighed,
      ...(await findToldBefore(season, { asOf, locationId })),
    });
  }

  /**
   * Weighs the chosen draws in another thread, unless they are as they were the last time; their hash is worked out
   * meanwhile. Each look at all of the draws takes milliseconds: others get a turn in between.
   */
  async function weigh(
    season: SeasonRow,
    state: Kept,
    {
      asOf,
      locationId,
      gestureCostMinor,
    }: { asOf: Date; locationId: string | null; gestureCostMinor: number },
  ): Promise<Weighed> {
    const { data } = state;
    const { version } = data;
    const completeness = state.completeness!.found;
    const wanted = locationId ?? '';
    const last = state.weighed.get(wanted);
    // Before the first treat, a gesture costs what others do by now: that changes without a draw.
    const isSame = last?.version === version && last.gestureCostMinor === gestureCostMinor;
    const known = isSame ? last : undefined;
    await nextTurn();
    const chosen = known?.chosen ?? chooseDraws(data.draws, locationId);
    await nextTurn();
    const pace = computePace(data.draws, { asOf, season, location: chosen.location });
    const weighing = known
      ? undefined
      : weigher.weigh({
          key: `${season.seasonId} ${wanted} ${data.draws.maturedCount}`,
          draws: chosen.draws,
          plan: planOf(season, {
            ...pace,
            plannedShare: chosen.share,
            gestureCostMinor,
            audit: data.audit,
            completeness,
          }),
        });
    await nextTurn();
    if (state.countedHash?.version !== version)
      state.countedHash = { version, hash: await data.hashCounted() };
    const evidence = known?.evidence ?? (await weighing!);
    state.weighed.set(wanted, { version, gestureCostMinor, evidence, chosen });
    // The lights decide the verdict too, by figures of their own.
    const inputs = [state.countedHash.hash, data.audit, completeness];
    return { evidence, chosen, pace, inputsHash: hash('sha256', JSON.stringify(inputs)) };
  }

  /** The reports of other days; and in a made-up shop, where it was written down at the start, the truth. */
  async function findToldBefore(
    { merchantId, seasonId }: SeasonRow,
    { asOf, locationId }: { asOf: Date; locationId: string | null },
  ) {
    const merchant = await db.read((queries) => findMerchant(queries, { merchantId }));
    const stored = await db.read((queries) =>
      listEvidenceReports(queries, { merchantId, seasonId, limit: MOST_SERIES }),
    );
    const started = merchant.isMadeUp
      ? await db.read((queries) => findStartOfSeason(queries, { merchantId, seasonId }))
      : undefined;
    return {
      merchant,
      stored: locationId === null ? stored.filter((row) => row.asOf < asOf) : [],
      knownTruth: started?.details['trueEffectMinor'] ?? null,
    };
  }

  /** What a treat of this season cost on average, there or anywhere; before the first, what gestures cost here. */
  async function findGestureCost(
    season: SeasonRow,
    draws: SeasonDraws,
    { asOf, locationId }: { asOf: Date; locationId: string | null },
  ): Promise<number> {
    const { costMinor, d, z, location } = draws.columns;
    const wanted = locationId === null ? null : draws.locationIds.indexOf(locationId);
    let [treats, cost] = [0, 0];
    for (let place = 0; place < draws.maturedCount; place++)
      if (d.get(place) === 1 && z.get(place) === 1 && (wanted === null || location.get(place) === wanted)) {
        treats++;
        cost += costMinor.get(place);
      }
    if (treats > 0) return cost / treats;
    const { merchantId, gestureKind } = season;
    return (await readPrices(db, { merchantId, gestureKind, asOf })).gestureCostMinor;
  }
};

async function findWanted(
  db: Database,
  { merchantId, seasonId }: { merchantId: string; seasonId: string | undefined },
): Promise<SeasonRow | undefined> {
  if (seasonId !== undefined) return db.read((queries) => findSeason(queries, { merchantId, seasonId }));
  const seasons = await db.read((queries) => listSeasons(queries, { merchantId }));
  return seasons.findLast(({ endedAt }) => endedAt === null) ?? seasons.at(-1);
}

/** The key that is out, or the sealed one. One that this server cannot open yields no draw, and the audit says so. */
function hmacOf(sealer: Sealer, season: SeasonRow): SeasonHmac {
  const key = season.revealedKey ?? openSeasonKey(sealer, season);
  return key === null ? () => '' : seasonHmac(key);
}

/** `plannedShare`: of the season's planned draws, those that the chosen ones stand for. */
function planOf(
  season: SeasonRow,
  {
    plannedShare,
    ...found
  }: Pick<SeasonPlan, 'gestureCostMinor' | 'drawsMade' | 'drawsPerWeek' | 'audit' | 'completeness'> & {
    plannedShare: number;
  },
): SeasonPlan {
  return {
    ...found,
    plannedDraws: Math.max(1, Math.round(season.plannedDraws * plannedShare)),
    chance: season.chanceMillionths / MILLION,
    marginMillionths: season.marginMillionths,
    smallestEffectMinor: season.smallestEffectMinor,
    // The first digits of the hash of its key: the same for the same season, and nobody chose it.
    seed: Number.parseInt(season.keyHash.slice(0, 8), 16) || 1,
  };
}
