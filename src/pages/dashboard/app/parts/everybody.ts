import { askAll } from '../api.ts';
import type { Location, Staff } from '../api-types.ts';
import { texts } from '../texts/shell.ts';
import type { Choice } from './choose.tsx';

const WITH_ENDED = { ended: 'include' };

/** Whose past may be asked about: whoever works here, then those who have left. */
export async function listEverybody(): Promise<Choice[]> {
  const people = await askAll<Staff>('/staff', WITH_ENDED);
  return endedLast(people).map(({ staffId, name, endedAt }) => ({
    value: staffId,
    text: endedAt === null ? name : texts.hasLeft(name),
  }));
}

/** Where something may have been: the locations that are open, then those that were closed. */
export async function listEverywhere(): Promise<Location[]> {
  return endedLast(await askAll<Location>('/locations', WITH_ENDED));
}

/** A location as one of those to choose from; one that was closed says so. */
export function locationChoice({ locationId, name, endedAt }: Location): Choice {
  return { value: locationId, text: endedAt === null ? name : texts.isClosed(name) };
}

function endedLast<Part extends { endedAt: string | null }>(parts: readonly Part[]): Part[] {
  return parts.toSorted((a, b) => Number(a.endedAt !== null) - Number(b.endedAt !== null));
}
