import { computed, effect, signal } from '@preact/signals';
import { v7 as uuid } from 'uuid';
import type { Lease } from '../api-types.ts';
import { api } from '../api.ts';
import { change, readKept, writeKept } from '../queue/storage.ts';
import { enqueue } from '../queue/tap-queue.ts';
import { isOffline } from '../send.ts';
import { serverNow } from '../server-time.ts';
import { allowance, noteAllowance, readAllowance, session } from './session.ts';
import type { Session } from './session.ts';
import { deviceToken } from './till.ts';

/**
 * One gesture taken along for when the network goes: the server counts it as used until it is given or given back, so
 * that whatever happens to this tablet no allowance is exceeded.
 */
const KEPT_NAME = 'lease';
const LOOKED_EVERY_MS = 60_000;

type Kept =
  /** Asked for, perhaps without hearing the answer: asked again under the same key, it is the same lease. */
  | { state: 'asked'; key: string }
  | { state: 'held'; staffId: string; sessionId: string; lease: Lease; left: number };
type Held = Kept & { state: 'held' };

const held = signal<Held | null>(null);

/** The lease of whoever is signed in, while it can still be given from. */
const leaseInHand = computed(() => {
  const kept = held.value;
  const isTheirs = kept && kept.staffId === session.value?.person.staffId;
  return isTheirs && kept.left > 0 && isOfToday(kept) ? kept : null;
});

/** Its day may end while somebody is at the till. */
const isOfToday = ({ lease }: Held): boolean => Date.parse(lease.endsAt) > serverNow();

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
  held.value = kept?.state === 'held' ? kept : null;
}

/**
 * Gives back what nobody can give any more, whoever is here: its day is over, and in a week's allowance it would count
 * on; or the owner ended this till, and the tablet may be connected anew as another. And sees what the new day brings.
 */
export function watchLease(): void {
  const isOver = () => held.value && (deviceToken.value === null || !isOfToday(held.value));
  const look = () => {
    if (!isOver()) return;
    void alone(async () => {
      await findLease(); // another window of this tablet may have taken along the next
      if (isOver()) await giveBack();
    });
  };
  effect(look);
  setInterval(() => {
    look();
    renewAllowance();
  }, LOOKED_EVERY_MS);
}

/** A new day, or week, has begun for whoever is signed in. */
function renewAllowance(): void {
  const isOver = allowance.value && Date.parse(allowance.value.resetsAt) <= serverNow();
  if (isOver && !isOffline.value) void readAllowance().then(takeLease);
}

/** Takes one gesture along, unless the till holds one already. What somebody else left behind is given back. */
export function takeLease(): Promise<void> {
  return alone(async () => {
    await findLease(); // another window of this tablet may have taken it along
    const signedIn = session.value;
    const isInHand = leaseInHand.value && isOfToday(leaseInHand.value);
    if (!signedIn || isInHand || isOffline.value) return;
    if (!(await giveBack())) return;
    const key = uuid();
    await writeKept(KEPT_NAME, { state: 'asked', key } satisfies Kept);
    const outcome = await api.takeLease(signedIn.token, key);
    if (outcome.kind === 'silence') return; // asked for again under the same key, to be given back
    const lease = outcome.kind === 'yes' ? outcome.answer : null;
    if (lease) countAsTaken(lease.count, signedIn);
    const { staffId } = signedIn.person;
    const { sessionId } = signedIn;
    await hold(lease && { state: 'held', staffId, sessionId, lease, left: lease.count });
  });
}

let lastDone: Promise<unknown> = Promise.resolve();

/**
 * One after the other, in whichever window of this tablet: whoever signs out, or comes next, gives back what was just
 * being taken along; and what one window took along no other overwrites.
 */
async function alone(work: () => Promise<unknown>): Promise<void> {
  if (navigator.locks) return void (await navigator.locks.request('doublestamp-till-lease', work));
  lastDone = lastDone.then(work, work); // a page without https: at least in this window
  await lastDone;
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
  // Not written down: the tap that it is for can't be either, and says so.
  const spent = await changeLeft(leaseId, -1).catch(() => undefined);
  if (spent === undefined) return null;
  held.value = spent ?? { ...kept, left: 0 };
  return spent && leaseId;
}

/** The gesture was taken back before it left the tablet. */
export async function unspendLease(leaseId: string): Promise<void> {
  held.value = (await changeLeft(leaseId, 1)) ?? held.value;
}

/** What the disk says counts: another window of this tablet may have given it, or given it back. */
function changeLeft(leaseId: string, by: 1 | -1): Promise<Held | null> {
  return change(['kept'], async (tx) => {
    const stored = (await tx.objectStore('kept').get(KEPT_NAME)) as Kept | undefined;
    if (stored?.state !== 'held' || stored.lease.leaseId !== leaseId || stored.left + by < 0) return null;
    const after = { ...stored, left: stored.left + by };
    await tx.objectStore('kept').put(after, KEPT_NAME);
    return after;
  });
}

/** Gives back what was not given, after everything that was tapped before. */
export const returnLease = (): Promise<void> => alone(giveBack);

/** False when that takes an answer of the server's that did not come: nothing else is taken along before. */
async function giveBack(): Promise<boolean> {
  const kept = await readKept<Kept>(KEPT_NAME);
  if (kept?.state === 'asked') {
    const signedIn = session.value;
    if (!signedIn) return false;
    const outcome = await api.takeLease(signedIn.token, kept.key);
    if (outcome.kind === 'silence') return false;
    if (outcome.kind === 'yes') await enqueueReturn(outcome.answer.leaseId, signedIn.sessionId);
  } else if (kept) await enqueueReturn(kept.lease.leaseId, kept.sessionId);
  await hold(null);
  return true;
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

async function hold(kept: Held | null): Promise<void> {
  held.value = kept;
  await writeKept(KEPT_NAME, kept);
}
