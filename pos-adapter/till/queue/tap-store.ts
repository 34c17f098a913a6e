import { change, openStorage } from './storage.ts';
import type { AnsweredIds, RefusedTap, Tap } from './tap.ts';
import { resolveTap } from './tap.ts';

/** Ids of answers are needed for as long as something can be undone; a day is plenty. */
const ANSWERED_KEPT_MS = 86_400_000;

/** Puts a tap at the end of the queue. What it needs may have been answered a moment ago. */
export function addTap(tap: Tap): Promise<void> {
  return change(['taps', 'answered'], async (tx) => {
    const answered = tap.needs && (await tx.objectStore('answered').get(tap.needs.tapId));
    const resolved = answered ? resolveTap(tap, answered.tapId, answered.ids) : tap;
    if (resolved) await tx.objectStore('taps').add(resolved);
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

/** The server said yes: the tap goes, and what waited for its ids has them. */
export function settleTap(tapId: string, ids: AnsweredIds): Promise<void> {
  return change(['taps', 'answered'], async (tx) => {
    const taps = tx.objectStore('taps');
    await (await taps.index('tapId').openCursor(tapId))?.delete();
    await resolveAll(taps, tapId, ids);
    const answered = tx.objectStore('answered');
    for (const old of await answered.getAll())
      if (Date.now() - old.at > ANSWERED_KEPT_MS) await answered.delete(old.tapId);
    await answered.put({ tapId, ids, at: Date.now() });
  });
}

/** The server said no, or never can say yes: the tap is kept apart, with the reason. */
export function refuseTap(tap: Tap, refusal: string): Promise<void> {
  return change(['taps', 'answered', 'refused'], async (tx) => {
    const taps = tx.objectStore('taps');
    await (await taps.index('tapId').openCursor(tap.tapId))?.delete();
    await resolveAll(taps, tap.tapId, null);
    await tx.objectStore('answered').put({ tapId: tap.tapId, ids: {}, at: Date.now() });
    await tx
      .objectStore('refused')
      .put({ tapId: tap.tapId, tap, refusal, refusedAt: Date.now(), isKept: false });
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

interface TapCursor {
  value: Tap;
  update(tap: Tap): Promise<unknown>;
  delete(): Promise<void>;
  continue(): Promise<TapCursor | null>;
}

async function resolveAll(
  taps: { openCursor(): Promise<unknown> },
  earlierTapId: string,
  ids: AnsweredIds | null,
): Promise<void> {
  let cursor = (await taps.openCursor()) as TapCursor | null;
  while (cursor) {
    const resolved = resolveTap(cursor.value, earlierTapId, ids);
    if (!resolved) await cursor.delete();
    else if (resolved !== cursor.value) await cursor.update(resolved);
    cursor = await cursor.continue();
  }
}
