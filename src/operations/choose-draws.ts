import type { SeasonRow } from '../../db/queries/season-queries.ts';
import type { SeasonDraws } from './season-draws.ts';

const WEEK_MS = 7 * 86_400_000;
const PACE_WEEKS = 4;

/** Matured draws as `weighSeason` takes them: all of a season, or those of one location. */
export interface ChosenDraws {
  /** Its number in the columns; null for all. */
  location: number | null;
  /** Of all matured draws. */
  share: number;
  draws: {
    z: Float64Array;
    p: Float64Array;
    d: Float64Array;
    spendMinor: Float64Array;
    saleCount: Float64Array;
    placeboMinor: Float64Array;
    week: Float64Array;
    x: Float64Array[];
    cluster: { codes: Int32Array; count: number };
  };
}

/** The matured draws of all locations, or of one; shared with the season's columns where that can be, not copied. */
export function chooseDraws(season: SeasonDraws, locationId: string | null): ChosenDraws {
  const { maturedCount, columns } = season;
  const location = locationId === null ? null : season.locationIds.indexOf(locationId);
  const places =
    location === null
      ? null
      : Uint32Array.from(
          columns.location
            .first(maturedCount)
            .keys()
            .filter((place) => columns.location.get(place) === location),
        );
  const pick = (column: { first(count: number): Float64Array }): Float64Array => {
    const all = column.first(maturedCount);
    return places === null ? all : Float64Array.from(places, (place) => all[place]!);
  };
  const { z, p, d, spendMinor, saleCount, placeboMinor, week, cluster } = columns;
  return {
    location,
    share: places === null ? 1 : places.length / Math.max(1, maturedCount),
    draws: {
      z: pick(z),
      p: pick(p),
      d: pick(d),
      spendMinor: pick(spendMinor),
      saleCount: pick(saleCount),
      placeboMinor: pick(placeboMinor),
      week: pick(week),
      x: season.x.map(pick),
      cluster: numberAgain(pick(cluster), season.customerCount),
    },
  };
}

/** Customers of matured draws by number, without gaps. */
function numberAgain(customers: Float64Array, customerCount: number): { codes: Int32Array; count: number } {
  const numbers = new Int32Array(customerCount).fill(-1);
  const codes = new Int32Array(new SharedArrayBuffer(4 * customers.length));
  let count = 0;
  for (let place = 0; place < customers.length; place++) {
    const customer = customers[place]!;
    if (numbers[customer] === -1) numbers[customer] = count++;
    codes[place] = numbers[customer]!;
  }
  return { codes, count };
}

export interface Pace {
  /** Draws made so far, matured or not. */
  drawsMade: number;
  /** Over the last four weeks; 0 when the season has ended. */
  drawsPerWeek: number;
}

/** How many draws there are, and how fast they come, as of an instant. */
export function computePace(
  draws: SeasonDraws,
  {
    asOf,
    season,
    location,
  }: { asOf: Date; season: Pick<SeasonRow, 'startedAt' | 'endedAt'>; location: number | null },
): Pace {
  const asOfMs = asOf.getTime();
  const weeks = Math.min(PACE_WEEKS, Math.max(1 / 7, (asOfMs - season.startedAt.getTime()) / WEEK_MS));
  let [drawsMade, lately] = [0, 0];
  for (let place = 0; place < draws.count; place++) {
    if (location !== null && draws.columns.location.get(place) !== location) continue;
    drawsMade++;
    if (draws.columns.drawnMs.get(place) > asOfMs - weeks * WEEK_MS) lately++;
  }
  return { drawsMade, drawsPerWeek: season.endedAt && season.endedAt <= asOf ? 0 : lately / weeks };
}
