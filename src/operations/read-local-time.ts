import type { LocalTime } from '../../pos-adapter/sales-file/read-sales.ts';
import { findWallTime, readWallClock } from '../loyalty/wall-clock.ts';

const DAY_MS = 86_400_000;
/** No zone changes its clock by more than a day. */
const LONGEST_CHANGE_MS = DAY_MS;

/**
 * Reads times of a zone's wall clock as instants. A time that was skipped is read as the moment of the change, one that
 * came twice as its first time: the same every time the file is read.
 */
export function createLocalTimeReader(timeZone: string): (wallMs: number) => LocalTime {
  // Nearly all days have one offset from beginning to end, and files are in order of time: the last day is kept.
  let steadyDay: number | undefined;
  let steadyOffsetMs = 0;
  return (wallMs) => {
    const day = Math.floor(wallMs / DAY_MS);
    if (day === steadyDay) return { instant: new Date(wallMs - steadyOffsetMs) };
    const startMs = (day - 1) * DAY_MS;
    const offsets = [startMs, startMs + 3 * DAY_MS].map(
      (instantMs) => readWallClock({ timeZone, instantMs }) - instantMs,
    );
    if (offsets[0] === offsets[1]) {
      steadyDay = day;
      steadyOffsetMs = offsets[0]!;
      return { instant: new Date(wallMs - steadyOffsetMs) };
    }
    return readNearChange(timeZone, wallMs);
  };
}

function readNearChange(timeZone: string, wallMs: number): LocalTime {
  const instantMs = findWallTime({ timeZone, wallMs });
  const instant = new Date(instantMs);
  if (readWallClock({ timeZone, instantMs }) !== wallMs) return { instant, doubt: 'skipped' };
  const laterMs = instantMs + LONGEST_CHANGE_MS;
  const againMs = wallMs - (readWallClock({ timeZone, instantMs: laterMs }) - laterMs);
  const isAgain = againMs > instantMs && readWallClock({ timeZone, instantMs: againMs }) === wallMs;
  return isAgain ? { instant, doubt: 'twice' } : { instant };
}
