import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  computeBusinessDay,
  computeBusinessDayBounds,
  computeBusinessWeek,
  computeResetsAt,
  isDay,
} from '../../src/loyalty/business-day.ts';
import { isTimeZone } from '../../src/loyalty/wall-clock.ts';

const ZONES = [
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'Pacific/Apia',
];
const CUT_OFFS_MINUTES = [0, 90, 120, 150, 240];
const LONDON = { timeZone: 'Europe/London', cutOffMinutes: 240 };
const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;

const dayAt = (instant: string, clock = LONDON) =>
  computeBusinessDay({ instant: new Date(instant), ...clock });

const readWall = (instantMs: number, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone).toPlainDateTime();

const startOnTheWall = (businessDay: string, cutOffMinutes: number) =>
  Temporal.PlainDateTime.from(businessDay).add({ minutes: cutOffMinutes });

it('knows a day of the calendar from a text that only looks like one', () => {
  expect(['2026-02-28', '2024-02-29', '2026-12-31'].map(isDay)).toEqual([true, true, true]);
  const others = ['2026-02-30', '2025-02-29', '2026-13-01', '2026-1-05', '2026-01-05T00:00', 'today', ''];
  expect(others.filter(isDay)).toEqual([]);
});

describe('a business day', () => {
  it('goes on after midnight until the cut-off', () => {
    expect(dayAt('2026-01-10T03:59:59.999Z')).toBe('2026-01-09');
    expect(dayAt('2026-01-10T04:00:00.000Z')).toBe('2026-01-10');
    expect(dayAt('2026-01-10T04:00:00.001Z')).toBe('2026-01-10');
  });

  it("is the shop's, not the server's", () => {
    expect(dayAt('2026-07-01T03:30:00Z')).toBe('2026-07-01'); // 04:30 in London in summer
    expect(dayAt('2026-07-01T03:30:00Z', { timeZone: 'America/New_York', cutOffMinutes: 240 })).toBe(
      '2026-06-30',
    );
  });

  it('starts at the change when the clock skips the cut-off', () => {
    const newYork = { timeZone: 'America/New_York', cutOffMinutes: 150 }; // 02:30 does not exist on 8 March 2026
    expect(dayAt('2026-03-08T06:59:59.999Z', newYork)).toBe('2026-03-07');
    expect(dayAt('2026-03-08T07:00:00.000Z', newYork)).toBe('2026-03-08');
  });

  it('does not reopen the day before when the clock is put back across the cut-off', () => {
    const newYork = { timeZone: 'America/New_York', cutOffMinutes: 90 }; // 01:30 comes twice on 1 November 2026
    expect(dayAt('2026-11-01T05:29:00Z', newYork)).toBe('2026-10-31');
    expect(dayAt('2026-11-01T05:30:00Z', newYork)).toBe('2026-11-01');
    dayAt('2026-06-01T12:00:00Z', newYork); // so that the day is found again
    expect(dayAt('2026-11-01T06:00:00Z', newYork)).toBe('2026-11-01'); // the wall shows 01:00 again
  });

  it('that the zone skipped is empty, and the days around it meet', () => {
    const apia = { timeZone: 'Pacific/Apia', cutOffMinutes: 0 };
    const skipped = computeBusinessDayBounds({ businessDay: '2011-12-30', ...apia });
    expect(skipped.startsAt).toEqual(skipped.endsAt);
    expect(dayAt('2011-12-30T09:59:59.999Z', apia)).toBe('2011-12-29');
    expect(dayAt('2011-12-30T10:00:00.000Z', apia)).toBe('2011-12-31');
  });

  it('can not be reopened by an edit of the zone or the cut-off', () => {
    const instant = new Date('2026-01-10T05:00:00Z');
    expect(computeBusinessDay({ instant, ...LONDON })).toBe('2026-01-10');
    const edited = { instant, timeZone: 'Europe/London', cutOffMinutes: 600 };
    expect(computeBusinessDay(edited)).toBe('2026-01-09');
    expect(computeBusinessDay({ ...edited, notBefore: '2026-01-10' })).toBe('2026-01-10');
    const nextMorning = { ...edited, instant: new Date('2026-01-11T10:00:00Z') };
    expect(computeBusinessDay({ ...nextMorning, notBefore: '2026-01-10' })).toBe('2026-01-11');
  });

  it.each(ZONES)('agrees with the clock on the wall around every clock change in %s', (timeZone) => {
    const differences = clockChanges(timeZone).flatMap((changeMs) => compareWithWall({ timeZone, changeMs }));
    expect(differences).toEqual([]);
  });

  it('starts at the first moment its cut-off is reached, in any zone with any cut-off', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const instants = fc.date({
      min: new Date('1975-01-01'),
      max: new Date('2037-01-01'),
      noInvalidDate: true,
    });
    const cutOffs = fc.integer({ min: 0, max: 1_439 });
    const earlier = fc.integer({ min: 1, max: 36 * 3_600_000 });
    fc.assert(
      fc.property(zones, instants, cutOffs, earlier, (timeZone, instant, cutOffMinutes, earlierMs) => {
        const clock = { timeZone, cutOffMinutes };
        const businessDay = computeBusinessDay({ instant, ...clock });
        const { startsAt, endsAt } = computeBusinessDayBounds({ businessDay, ...clock });
        expect(startsAt <= instant && instant < endsAt).toBe(true);
        const due = startOnTheWall(businessDay, cutOffMinutes);
        const isReached = (instantMs: number) =>
          Temporal.PlainDateTime.compare(readWall(instantMs, timeZone), due) >= 0;
        expect(isReached(startsAt.getTime())).toBe(true);
        expect(isReached(startsAt.getTime() - 1)).toBe(false);
        expect(isReached(startsAt.getTime() - earlierMs)).toBe(false);
        const before = computeBusinessDay({ instant: new Date(instant.getTime() - earlierMs), ...clock });
        expect(before <= businessDay).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('of an unknown zone, an impossible cut-off or an impossible date is a mistake', () => {
    expect(() => dayAt('2026-01-10T05:00:00Z', { timeZone: 'Europe/Nowhere', cutOffMinutes: 0 })).toThrow(
      RangeError,
    );
    for (const cutOffMinutes of [-1, 1_440, 1.5, NaN]) {
      expect(() => dayAt('2026-01-10T05:00:00Z', { timeZone: 'UTC', cutOffMinutes })).toThrow(RangeError);
    }
    expect(() => computeBusinessDayBounds({ businessDay: '2026-02-30', ...LONDON })).toThrow(RangeError);
    expect(() => dayAt('never')).toThrow(RangeError);
    expect(isTimeZone('Europe/London')).toBe(true);
    expect(isTimeZone('Europe/Nowhere')).toBe(false);
    expect(isTimeZone('')).toBe(false);
  });
});

describe('a business week', () => {
  it('starts on the weekday the owner chose', () => {
    const sunday = '2026-03-01';
    expect(computeBusinessWeek({ businessDay: sunday, weekStartsOn: 0 })).toBe(sunday);
    expect(computeBusinessWeek({ businessDay: sunday, weekStartsOn: 1 })).toBe('2026-02-23');
    expect(computeBusinessWeek({ businessDay: sunday, weekStartsOn: 6 })).toBe('2026-02-28');
    expect(() => computeBusinessWeek({ businessDay: sunday, weekStartsOn: 7 })).toThrow(RangeError);
  });

  it('has seven days across months, years and leap days', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2025-12-31', 1)).toBe('2026-01-01');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  });

  it('resets the allowance when it ends, as a day does, also when the clock changes in it', () => {
    const shop = { ...LONDON, businessDay: '2026-03-26', weekStartsOn: 1 }; // summer time starts on Sunday the 29th
    expect(computeResetsAt({ period: 'day', ...shop })).toEqual(new Date('2026-03-27T04:00:00Z'));
    expect(computeResetsAt({ period: 'week', ...shop })).toEqual(new Date('2026-03-30T03:00:00Z'));
  });
});

function clockChanges(timeZone: string): number[] {
  const end = Temporal.Instant.from('2021-01-01T00:00Z').epochMilliseconds;
  const changes = [Temporal.Instant.from('2026-02-03T00:00Z').epochMilliseconds]; // an ordinary day too
  let at = Temporal.Instant.from('2010-01-01T00:00Z').toZonedDateTimeISO(timeZone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (!next || next.epochMilliseconds > end) return changes;
    changes.push(next.epochMilliseconds);
    at = next;
  }
}

/** Walks through the days around a clock change; the day is the latest that the wall has shown so far. */
function compareWithWall({ timeZone, changeMs }: { timeZone: string; changeMs: number }): string[] {
  const steps = Array.from({ length: 4 * 96 }, (_, step) => changeMs - 2 * DAY_MS + step * QUARTER_MS);
  const walls = steps.map((atMs) => readWall(atMs, timeZone).toZonedDateTime('UTC').epochMilliseconds);
  return CUT_OFFS_MINUTES.flatMap((cutOffMinutes) => {
    const expected: string[] = [];
    for (const wallMs of walls) {
      const shown = new Date(wallMs - cutOffMinutes * 60_000).toISOString().slice(0, 10);
      const latest = expected.at(-1) ?? shown;
      expected.push(shown > latest ? shown : latest);
    }
    const dayOn = (atMs: number) => {
      // Close to the change, ask about another season first: the day must be found without having been kept.
      const isClose = Math.abs(atMs - changeMs) < 3 * 3_600_000;
      if (isClose) computeBusinessDay({ instant: new Date(atMs - 90 * DAY_MS), timeZone, cutOffMinutes });
      return computeBusinessDay({ instant: new Date(atMs), timeZone, cutOffMinutes });
    };
    // Every day begins on a quarter of an hour, so the millisecond before is still the quarter before.
    const isDifferent = (atMs: number, step: number) =>
      dayOn(atMs) !== expected[step] || (step > 0 && dayOn(atMs - 1) !== expected[step - 1]);
    return steps.filter(isDifferent).map((atMs) => `${cutOffMinutes} ${new Date(atMs).toISOString()}`);
  });
}
