import { Temporal } from 'temporal-polyfill';
import { computeBusinessDay } from '../../src/loyalty/business-day.ts';
import type { Proof } from './proof.ts';

const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
const FROM_MS = Date.UTC(2020, 0, 1);
const TO_MS = Date.UTC(2036, 0, 1);
const CUT_OFFS_MINUTES = [0, 90, 150, 240];
/** Quarters of an hour from two days before a change of the clock to two days after it. */
const STEPS = 4 * 96;
const SHORT_ZONES = [
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'America/Santiago',
  'Asia/Gaza',
  'Pacific/Apia',
];

interface DayOutcome {
  zones: number;
  compared: number;
  mismatches: number;
  /** What "now minus the cut-off, as the wall shows it" would have got wrong. */
  naiveMismatches: number;
}

/**
 * Compares the business day with the clock on the wall, as another library shows it, every quarter of an hour around
 * every change of the clock from 2020 to 2035. The day is the latest that the wall has shown so far.
 */
function compareDays(zones: readonly string[]): DayOutcome {
  const outcome: DayOutcome = { zones: zones.length, compared: 0, mismatches: 0, naiveMismatches: 0 };
  for (const timeZone of zones)
    for (const changeMs of listChanges(timeZone)) {
      const instants = Array.from({ length: STEPS }, (_, step) => changeMs - 2 * DAY_MS + step * QUARTER_MS);
      const walls = instants.map((instant) => readWall(instant, timeZone));
      for (const cutOffMinutes of CUT_OFFS_MINUTES)
        compareOne(outcome, { timeZone, cutOffMinutes, instants, walls });
    }
  return outcome;
}

function compareOne(
  outcome: DayOutcome,
  {
    timeZone,
    cutOffMinutes,
    instants,
    walls,
  }: { timeZone: string; cutOffMinutes: number; instants: readonly number[]; walls: readonly number[] },
): void {
  let latest = '';
  for (const [step, instantMs] of instants.entries()) {
    const shown = dayOf(walls[step]! - cutOffMinutes * 60_000);
    if (shown > latest) latest = shown;
    const found = computeBusinessDay({ instant: new Date(instantMs), timeZone, cutOffMinutes });
    outcome.compared++;
    if (found !== latest) outcome.mismatches++;
    const earlier = instants.indexOf(instantMs - cutOffMinutes * 60_000);
    if (earlier !== -1 && dayOf(walls[earlier]!) !== latest) outcome.naiveMismatches++;
  }
}

/** When the clock of a zone changes; one ordinary day for a zone where it never does. */
function listChanges(timeZone: string): number[] {
  const changes: number[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(FROM_MS).toZonedDateTimeISO(timeZone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (!next || next.epochMilliseconds > TO_MS) break;
    changes.push(next.epochMilliseconds);
    at = next;
  }
  return changes.length > 0 ? changes : [Date.UTC(2026, 1, 3)];
}

/** What the wall shows, as if it were UTC. */
function readWall(instantMs: number, timeZone: string): number {
  const wall = Temporal.Instant.fromEpochMilliseconds(instantMs)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime();
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
}

function dayOf(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 10);
}

export const dayProof: Proof = {
  name: 'day',
  promise: "a day is the shop's day",
  async run({ isLong }) {
    const zones = isLong ? Intl.supportedValuesOf('timeZone') : SHORT_ZONES;
    const { compared, mismatches, naiveMismatches } = compareDays(zones);
    return {
      figure:
        `${zones.length} zones, every change of the clock 2020 to 2035, ${compared} quarters of an hour: ` +
        `${mismatches} mismatches; control "now minus the cut-off": ${naiveMismatches}`,
      holds: mismatches === 0 && naiveMismatches > 0,
    };
  },
};
