import { change, openStorage } from './storage.ts';
import type { AnsweredIds, RefusedTap, Tap } from './tap.ts';
import { resolveTap, withLater } from './tap.ts';

/** Ids of answers are needed for as long as something can be undone; a day is plenty. */
const ANSWERED_KEPT_MS = 86_400_000;

/** Puts a tap at the end of the queue. What it needs may have been answered a moment ago. */
export function addTap(tap: Tap): Promise<void> {
  return change(['taps', 'answered', 'refused'], async (tx) => {
    const answered = tap.needs && (await tx.objectStore('answered').get(tap.needs.tapId));
    const resolved = answered ? resolveTap(tap, answered.tapId, answered.ids) : tap;
    if (resolved) await tx.objectStore('taps').add(resolved);
    else await tx.objectStore('refused').put(asRefused(tap));
  });
}

/** The tap that has waited longest. */
export async function firstTap(): Promise<Tap | undefined> {
  const [tap] = await (await openStorage()).getAll('taps', null, 1);
  return tap;
}

/** What a barista tapped and waits; giving back what was taken along is the till's own business. */
export async function countTaps(): Promise<number> {
  const taps = await (await openStorage()).getAll('taps');
  return taps.filter(({ operation }) => operation !== 'return_lease').length;
}

/** It is about to leave the tablet. False when it was taken back a moment ago. */
export function markSent(tapId: string): Promise<boolean> {
  return change(['taps'], async (tx) => {
    const cursor = await tx.objectStore('taps').index('tapId').openCursor(tapId);
    await cursor?.update({ ...cursor.value, wasSent: true });
    return cursor !== null;
  });
}

/** Takes back a tap that never left the tablet; false when it may have. */
export function cancelTap(tapId: string): Promise<boolean> {
  return change(['taps'], async (tx) => {
    const taps = tx.objectStore('taps');
    const cursor = await taps.index('tapId').openCursor(tapId);
    if (!cursor || cursor.value.wasSent) return false;
    await cursor.delete();
    await resolveAll(taps, tapId, null);
    return true;
  });
}

/** The server said yes: the tap goes, and what waited for its ids has them, unless it was so long ago that nobody has. */
export function settleTap(tapId: string, ids: AnsweredIds): Promise<void> {
  return change(['taps', 'answered', 'refused'], async (tx) => {
    const taps = tx.objectStore('taps');
    await (await taps.index('tapId').openCursor(tapId))?.delete();
    for (const later of await resolveAll(taps, tapId, ids))
      await tx.objectStore('refused').put(asRefused(later));
    const answered = tx.objectStore('answered');
    for (const old of await answered.getAll())
      if (Date.now() - old.at > ANSWERED_KEPT_MS) await answered.delete(old.tapId);
    await answered.put({ tapId, ids, at: Date.now() });
  });
}

/** The server said no, or never can say yes: the tap is kept apart, with the reason, unless it was taken back since. */
export function refuseTap(tap: Tap, refusal: string): Promise<void> {
  return change(['taps', 'answered', 'refused'], async (tx) => {
    const taps = tx.objectStore('taps');
    await (await taps.index('tapId').openCursor(tap.tapId))?.delete();
    const left = withLater(tap, await resolveAll(taps, tap.tapId, null));
    await tx.objectStore('answered').put({ tapId: tap.tapId, ids: {}, at: Date.now() });
    if (left) await tx.objectStore('refused').put(asRefused(left, refusal));
  });
}

export async function listRefused(): Promise<RefusedTap[]> {
  return (await openStorage()).getAll('refused');
}

/** The server has it now. */
export function markKept(tapId: string): Promise<void> {
  return change(['refused'], async (tx) => {
    const cursor = await tx.objectStore('refused').openCursor(tapId);
    await cursor?.update({ ...cursor.value, isKept: true });
  });
}

/** Whoever tapped it was told why at once, or has read it since. */
export function forgetRefused(tapId: string): Promise<void> {
  return change(['refused'], (tx) => tx.objectStore('refused').delete(tapId));
}

/** A tap that needs an id which nobody has is for the manager to do by hand. */
function asRefused(
  tap: Tap,
  refusal = tap.needs?.id === 'gestureId' ? 'gesture-unknown' : 'sale-unknown',
): RefusedTap {
  return { tapId: tap.tapId, tap, refusal, refusedAt: Date.now(), isKept: false };
}

interface TapCursor {
  value: Tap;
  update(tap: Tap): Promise<unknown>;
  delete(): Promise<void>;
  continue(): Promise<TapCursor | null>;
}

/** Returns the taps that are gone, for want of what they needed. */
async function resolveAll(
  taps: { openCursor(): Promise<unknown> },
  earlierTapId: string,
  ids: AnsweredIds | null,
): Promise<Tap[]> {
  const gone: Tap[] = [];
  let cursor = (await taps.openCursor()) as TapCursor | null;
  while (cursor) {
    const resolved = resolveTap(cursor.value, earlierTapId, ids);
    if (!resolved) {
      gone.push(cursor.value);
      await cursor.delete();
    } else if (resolved !== cursor.value) await cursor.update(resolved);
    cursor = await cursor.continue();
  }
  return gone;
}
