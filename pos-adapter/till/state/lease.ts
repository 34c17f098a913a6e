import { computed, effect, signal } from '@preact/signals';
import { v7 as uuid } from 'uuid';
import type { Lease } from '../api-types.ts';
import { api } from '../api.ts';
import { change, readKept, writeKept } from '../queue/storage.ts';
import { enqueue } from '../queue/tap-queue.ts';
import { isOffline } from '../send.ts';
import { serverNow } from '../server-time.ts';
import { allowance, noteAllowance, session } from './session.ts';
import type { Session } from './session.ts';
import { deviceToken } from './till.ts';

/**
 * One gesture taken along for when the network goes: the server counts it as used until it is given or given back, so
 * that whatever happens to this tablet no allowance is exceeded.
 */
const KEPT_NAME = 'lease';
const LOOKED_EVERY_MS = 5 * 60_000;

type Kept =
  /** Asked for, perhaps without hearing the answer: asked again under the same key, it is the same lease. */
  | { state: 'asked'; key: string }
  | { state: 'held'; staffId: string; sessionId: string; lease: Lease; left: number };

const held = signal<(Kept & { state: 'held' }) | null>(null);
let isAsking = false;

/** The lease of whoever is signed in, while it can still be given from. */
const leaseInHand = computed(() => {
  const kept = held.value;
  const isTheirs = kept && kept.staffId === session.value?.person.staffId;
  return isTheirs && kept.left > 0 && isOfToday(kept) ? kept : null;
});

/** Its day may end while somebody is at the till. */
const isOfToday = ({ lease }: Kept & { state: 'held' }): boolean => Date.parse(lease.endsAt) > serverNow();

/**
 * What whoever is signed in may still give: what the till took along is theirs too. Offline it is all there is. Null
 * when there is no limit, or it is not known.
 */
export const leftToGive = computed((): number | null => {
  const inHand = leaseInHand.value?.left ?? 0;
  if (isOffline.value) return inHand;
  const remaining = allowance.value?.remaining ?? null;
  return remaining === null ? null : remaining + inHand;
});

export async function findLease(): Promise<void> {
  const kept = await readKept<Kept>(KEPT_NAME);
  if (kept?.state === 'held') held.value = kept;
}

/**
 * Gives back what nobody can give any more, whoever is here: its day is over, and in a week's allowance it would count
 * on; or the owner ended this till, and the tablet may be connected anew as another.
 */
export function watchLease(): void {
  const look = () => {
    if (held.value && (deviceToken.value === null || !isOfToday(held.value))) void returnLease();
  };
  setInterval(look, LOOKED_EVERY_MS);
  effect(look);
}

/** Takes one gesture along, unless the till holds one already. What somebody else left behind is given back. */
export async function takeLease(): Promise<void> {
  const signedIn = session.value;
  const isInHand = leaseInHand.value && isOfToday(leaseInHand.value);
  if (!signedIn || isAsking || isInHand || isOffline.value) return;
  isAsking = true;
  try {
    await returnLease();
    const key = uuid();
    await writeKept(KEPT_NAME, { state: 'asked', key } satisfies Kept);
    const outcome = await api.takeLease(signedIn.token, key);
    if (outcome.kind === 'silence') return; // asked for again under the same key, to be given back
    const lease = outcome.kind === 'yes' ? outcome.answer : null;
    if (lease) countAsTaken(lease.count, signedIn);
    await hold(
      lease && {
        state: 'held',
        staffId: signedIn.person.staffId,
        sessionId: signedIn.sessionId,
        lease,
        left: lease.count,
      },
    );
  } finally {
    isAsking = false;
  }
  if (session.value?.sessionId === signedIn.sessionId) return;
  // Signed out while it was asked for; whoever came next found it being asked for.
  if (held.value) await returnLease();
  await takeLease();
}

/** The allowance was read before the lease was taken from it. */
function countAsTaken(count: number, by: Session): void {
  const left = allowance.value;
  if (left && left.remaining !== null)
    noteAllowance({ ...left, remaining: left.remaining - count, leased: left.leased + count }, by);
}

/** Counts one as given, before it is: a tablet that dies in between has one less to give, and never one too many. */
export async function spendLease(): Promise<string | null> {
  const kept = leaseInHand.value;
  if (!kept || !isOfToday(kept)) return null;
  const { leaseId } = kept.lease;
  // What the disk says counts: another window of this tablet may have given it, or given it back.
  const spent = await change(['kept'], async (tx) => {
    const stored = (await tx.objectStore('kept').get(KEPT_NAME)) as Kept | undefined;
    if (stored?.state !== 'held' || stored.lease.leaseId !== leaseId || stored.left < 1) return null;
    const after = { ...stored, left: stored.left - 1 };
    await tx.objectStore('kept').put(after, KEPT_NAME);
    return after;
  }).catch(() => undefined); // not written down: the tap that it is for can't be either, and says so
  if (spent === undefined) return null;
  held.value = spent ?? { ...kept, left: 0 };
  return spent && leaseId;
}

/** The gesture was taken back before it left the tablet. */
export async function unspendLease(leaseId: string): Promise<void> {
  const kept = held.value;
  if (kept?.lease.leaseId === leaseId) await hold({ ...kept, left: kept.left + 1 });
}

/** Gives back what was not given, after everything that was tapped before. */
export async function returnLease(): Promise<void> {
  const kept = await readKept<Kept>(KEPT_NAME);
  if (!kept) return;
  if (kept.state === 'asked') {
    if (!session.value) return;
    const outcome = await api.takeLease(session.value.token, kept.key);
    if (outcome.kind === 'silence') return;
    if (outcome.kind === 'yes') await enqueueReturn(outcome.answer.leaseId, session.value.sessionId);
  } else {
    await enqueueReturn(kept.lease.leaseId, kept.sessionId);
    // Another may have been taken along while the answer was on its way.
    if (held.value && held.value.lease.leaseId !== kept.lease.leaseId) return;
  }
  await hold(null);
}

async function enqueueReturn(leaseId: string, sessionId: string): Promise<void> {
  await enqueue({
    operation: 'return_lease',
    method: 'DELETE',
    path: `/api/v1/leases/${leaseId}`,
    body: null,
    sessionId,
    label: '',
    needs: null,
  });
}

async function hold(kept: (Kept & { state: 'held' }) | null): Promise<void> {
  held.value = kept;
  await writeKept(KEPT_NAME, kept);
}
