/** No zone's clock has ever been farther from UTC than this. */
const FARTHEST_OFFSET_MS = 16 * 3_600_000;

/** More than there are time zones; names differ in case too, so there has to be an end to it. */
const FORMATTERS_KEPT = 1_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * The first instant (epoch ms) at which the clock on the wall shows `wallMs` or later. Wall times are written as
 * epoch ms, as if the zone were UTC. A time that a clock change skips is reached at the change; one it repeats is
 * reached the first time. Relies on no zone changing its clock twice within 32 hours: true of every zone since 1970.
 * Throws `RangeError` when the zone is unknown.
 */
export function findWallTime({ timeZone, wallMs }: { timeZone: string; wallMs: number }): number {
  const earliestMs = wallMs - FARTHEST_OFFSET_MS;
  const latestMs = wallMs + FARTHEST_OFFSET_MS;
  const offsetMs = computeOffset({ timeZone, instantMs: earliestMs });
  const laterOffsetMs = computeOffset({ timeZone, instantMs: latestMs });
  if (offsetMs === laterOffsetMs) return wallMs - offsetMs;

  const changeMs = findClockChange({ timeZone, earliestMs, latestMs });
  if (wallMs - offsetMs < changeMs) return wallMs - offsetMs;
  return Math.max(changeMs, wallMs - laterOffsetMs);
}

/** What the clock on the wall shows at an instant, written as epoch ms as if the zone were UTC. */
export function readWallClock({ timeZone, instantMs }: { timeZone: string; instantMs: number }): number {
  return instantMs + computeOffset({ timeZone, instantMs });
}

/** Whether `name` is a time zone this machine knows, such as `Europe/London`. */
export function isTimeZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Halves the span until one second is left: clocks change on whole seconds. Both ends must be whole seconds. */
function findClockChange(span: { timeZone: string; earliestMs: number; latestMs: number }): number {
  const { timeZone } = span;
  const offsetBeforeMs = computeOffset({ timeZone, instantMs: span.earliestMs });
  let beforeMs = span.earliestMs;
  let afterMs = span.latestMs;
  while (afterMs - beforeMs > 1_000) {
    const middleMs = Math.floor((beforeMs + afterMs) / 2_000) * 1_000;
    if (computeOffset({ timeZone, instantMs: middleMs }) === offsetBeforeMs) beforeMs = middleMs;
    else afterMs = middleMs;
  }
  return afterMs;
}

function computeOffset({ timeZone, instantMs }: { timeZone: string; instantMs: number }): number {
  const secondMs = Math.floor(instantMs / 1_000) * 1_000;
  const shown = formatterOf(timeZone).format(secondMs);
  const [month = NaN, day, year = NaN, hour, minute, second] = shown.split(/\D+/).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) - secondMs;
}

/** Writes `month/day/year, hour:minute:second`; reading that takes half the time of asking for its parts. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (formatters.size >= FORMATTERS_KEPT) formatters.clear();
  formatters.set(timeZone, formatter);
  return formatter;
}
