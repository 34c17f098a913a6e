import type { Location } from '../api-types.ts';
import { formatDay } from '../parts/day.tsx';
import { texts } from '../texts/evidence.ts';
import type { Season } from './evidence-types.ts';
import { seasonDays } from './season-days.ts';

/** What is drawn, and from which day to which. */
export function seasonName(season: Season, locations: readonly Location[]): string {
  const { from, to } = seasonDays(season, locations);
  return texts.seasonName(season.kind, season.gestureKind, formatDay(from), to && formatDay(to));
}
