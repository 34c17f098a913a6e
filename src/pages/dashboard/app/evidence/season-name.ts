import { formatDay } from '../parts/day.tsx';
import { texts } from '../texts/evidence.ts';
import type { Season } from './evidence-types.ts';

/** What is drawn, and from which day to which. */
export function seasonName({ kind, gestureKind, startedAt, endedAt }: Season): string {
  const dayOf = (instant: string): string => formatDay(instant.slice(0, 10));
  return texts.seasonName(kind, gestureKind, dayOf(startedAt), endedAt === null ? null : dayOf(endedAt));
}
