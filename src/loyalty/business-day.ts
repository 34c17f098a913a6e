import { findWallTime, readWallClock } from './wall-clock.ts';

/** A business day or business week, over which allowances are counted. */
export type Period = 'day' | 'week';

/** Where a shop's days begin: its zone, and the minutes after midnight on the wall clock (0 to 1439). */
export interface DayClock {
  timeZone: string;
  cutOffMinutes: number;
}

interface Day {
  businessDay: string;
  startsAtMs: number;
  endsAtMs: number;
}

const DAY_MS = 86_400_000;
const MINUTES_PER_DAY = 1_440;

/** The last day found is kept for each zone and cut-off, so that all but a day's first call is a comparison. */
const ZONES_KEPT = 1_000;
const CUT_OFFS_KEPT = 100;
const lastDays = new Map<string, Map<number, Day>>();

/**
 * The business day (`YYYY-MM-DD`) an instant belongs to. Day D starts at the first instant at which the shop's wall
 * clock shows D at the cut-off, or anything later: days never go backwards, so a clock put back across the cut-off
 * does not reopen the day before, and one put forward across it starts the day at the change.
 *
 * `notBefore` is the day that was current when zone or cut-off were last edited: an edit can't reopen a day either.
 * Throws `RangeError` for an unknown zone, a cut-off outside 0 to 1439 or an invalid instant.
 */
export function computeBusinessDay({
  instant,
  timeZone,
  cutOffMinutes,
  notBefore,
}: DayClock & { instant: Date; notBefore?: string | null | undefined }): string {
  const { businessDay } = findDay(instant.getTime(), { timeZone, cutOffMinutes });
  return notBefore && notBefore > businessDay ? notBefore : businessDay;
}

/**
 * When a business day starts, and when the next one does (which is no longer part of it). A day whose every moment
 * the zone skipped, as Apia did 30 December 2011, is empty. Throws `RangeError` as `computeBusinessDay` does, and
 * for a day that isn't in the calendar.
 */
export function computeBusinessDayBounds({ businessDay, ...clock }: DayClock & { businessDay: string }): {
  startsAt: Date;
  endsAt: Date;
} {
  const startsAtMs = findStart(businessDay, clock);
  const endsAtMs = findStart(addDays(businessDay, 1), clock);
  return { startsAt: new Date(startsAtMs), endsAt: new Date(endsAtMs) };
}

/** The day on which the week of `businessDay` starts. `weekStartsOn`: 0 for Sunday to 6 for Saturday. */
export function computeBusinessWeek(week: { businessDay: string; weekStartsOn: number }): string {
  const { businessDay, weekStartsOn } = week;
  if (!Number.isInteger(weekStartsOn) || weekStartsOn < 0 || weekStartsOn > 6) {
    throw new RangeError(`weekStartsOn is 0 to 6, not ${weekStartsOn}`);
  }
  const weekday = new Date(parseDay(businessDay)).getUTCDay();
  return addDays(businessDay, -((weekday - weekStartsOn + 7) % 7));
}

/** Whether a text is a day of the calendar, `YYYY-MM-DD`: the 30th of February is none. */
export function isDay(text: string): boolean {
  return !Number.isNaN(readDay(text));
}

/** The day `count` calendar days after `businessDay`; before it when negative. */
export function addDays(businessDay: string, count: number): string {
  return formatDay(parseDay(businessDay) + count * DAY_MS);
}

/** The instant at which a business day, or the week it is in, ends and its allowance is new. */
export function computeResetsAt({
  period,
  businessDay,
  weekStartsOn,
  ...clock
}: DayClock & { period: Period; businessDay: string; weekStartsOn: number }): Date {
  const nextStart =
    period === 'day'
      ? addDays(businessDay, 1)
      : addDays(computeBusinessWeek({ businessDay, weekStartsOn }), 7);
  return new Date(findStart(nextStart, clock));
}

function findDay(instantMs: number, clock: DayClock): Day {
  const days = lastDays.get(clock.timeZone);
  const last = days?.get(clock.cutOffMinutes);
  if (last && instantMs >= last.startsAtMs && instantMs < last.endsAtMs) return last;
  const day = computeDay(instantMs, clock);
  keepDay(day, clock);
  return day;
}

function keepDay(day: Day, { timeZone, cutOffMinutes }: DayClock): void {
  if (lastDays.size >= ZONES_KEPT) lastDays.clear();
  const days = lastDays.get(timeZone) ?? new Map<number, Day>();
  if (days.size >= CUT_OFFS_KEPT) days.clear();
  lastDays.set(timeZone, days.set(cutOffMinutes, day));
}

/** What the wall clock shows has been reached, so the guess is never too late; put back, it may be too early. */
function computeDay(instantMs: number, clock: DayClock): Day {
  const wallMs = readWallClock({ timeZone: clock.timeZone, instantMs });
  let businessDay = formatDay(wallMs - clock.cutOffMinutes * 60_000);
  let startsAtMs = findStart(businessDay, clock);
  for (;;) {
    const nextDay = addDays(businessDay, 1);
    const endsAtMs = findStart(nextDay, clock);
    if (instantMs < endsAtMs) return { businessDay, startsAtMs, endsAtMs };
    businessDay = nextDay;
    startsAtMs = endsAtMs;
  }
}

function findStart(businessDay: string, { timeZone, cutOffMinutes }: DayClock): number {
  if (!Number.isInteger(cutOffMinutes) || cutOffMinutes < 0 || cutOffMinutes >= MINUTES_PER_DAY) {
    throw new RangeError(`cutOffMinutes is 0 to ${MINUTES_PER_DAY - 1}, not ${cutOffMinutes}`);
  }
  return findWallTime({ timeZone, wallMs: parseDay(businessDay) + cutOffMinutes * 60_000 });
}

function parseDay(businessDay: string): number {
  const ms = readDay(businessDay);
  if (Number.isNaN(ms)) throw new RangeError(`Not a day of the calendar: ${businessDay}`);
  return ms;
}

/** NaN when it is not a day of the calendar. */
function readDay(text: string): number {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && formatDay(ms) === text ? ms : NaN;
}

function formatDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
