import { api } from '../api.ts';
import type { Person } from '../api-types.ts';
import { untilSent, waitingCount } from '../queue/tap-queue.ts';
import { backgroundCount, isOffline, sendingCount } from '../send.ts';
import type { Outcome } from '../send.ts';
import { texts } from '../texts.ts';
import { returnLease, takeLease } from './lease.ts';
import { notice, speak } from './notice.ts';
import {
  forgetSealedSession,
  isSecure,
  mayUnlockOffline,
  openSealedSession,
  sealSession,
} from './sealed-session.ts';
import type { OpenedSession } from './sealed-session.ts';
import { forgetSeenCards } from './seen-cards.ts';
import { allowance, choosing, interrupt, interrupted, readAllowance, session } from './session.ts';
import type { Session } from './session.ts';
import { deviceToken, forgetIfEnded, readTill } from './till.ts';
import { visit } from './visit.ts';
import { readWhyNot } from './why-not.ts';

/** As long as the answer to a tap may take. */
const SENT_WITHIN_MS = 10_000;

interface SessionEnded {
  sessionId: string;
  /** What takes its place. */
  next: Session | null;
}

/** Told before it happens: what another window of this tablet tapped under a session that is over would not count. */
const otherWindows = new BroadcastChannel('doublestamp-till-session');
otherWindows.onmessage = ({ data: { sessionId, next } }: MessageEvent<SessionEnded>) => {
  if (session.value?.sessionId !== sessionId) return;
  if (next) session.value = next;
  else void interrupt(session.value.person);
};

/** The session of whoever signed in last is being sealed. */
let sealing = Promise.resolve();

export type SignedIn =
  | { kind: 'yes' }
  | Exclude<Outcome<never>, { kind: 'yes' }>
  /** Without a connection: why not. */
  | { kind: 'not-offline'; text: string };

/**
 * Signs somebody in by PIN; without a connection, whoever was signed in last. Null when they were not waited for any
 * more: a colleague may be at the till by then.
 */
export async function signIn(person: Person, pin: string): Promise<SignedIn | null> {
  if (deviceToken.value === null) return null;
  const outcome = await api.signIn(deviceToken.value, { staffId: person.staffId, pin });
  if (outcome.kind === 'no') {
    // Whoever was taken off at the desk is not among the names any more.
    if (!forgetIfEnded(outcome) && outcome.problem.refused === 'staff-unknown') void readTill();
    return outcome;
  }
  if (!isAwaited(person)) {
    if (outcome.kind === 'yes') void api.signOut(outcome.answer.token, () => true);
    return null;
  }
  if (outcome.kind === 'silence') return unlockOffline(person, pin);
  const { token, sessionId, expiresAt, staff } = outcome.answer;
  const opened = { token, sessionId, expiresAt, person: { ...person, role: staff.role } };
  begin(opened);
  sealing = sealInstead(opened, pin).catch(() => undefined); // then nobody can unlock offline
  void readAllowance().then(takeLease);
  void readTill();
  return { kind: 'yes' };
}

const isAwaited = ({ staffId }: Person): boolean =>
  session.value === null && choosing.value?.staffId === staffId;

/** Seals the new session, and ends the one that was left open when the same person's till locked by itself. */
async function sealInstead(opened: OpenedSession, pin: string): Promise<void> {
  const before = isSecure ? await openSealedSession(opened.person.staffId, pin) : null;
  await sealSession(opened, pin);
  if (before?.kind !== 'opened') return;
  const { token, sessionId, person } = opened;
  const next = { token, sessionId, person };
  otherWindows.postMessage({ sessionId: before.session.sessionId, next } satisfies SessionEnded);
  void api.signOut(before.session.token, () => true);
}

async function unlockOffline(person: Person, pin: string): Promise<SignedIn | null> {
  if (!isSecure) return { kind: 'not-offline', text: texts.offline.notSecure };
  const unsealed = await openSealedSession(person.staffId, pin);
  if (!isAwaited(person)) return null;
  if (unsealed.kind === 'opened') {
    begin(unsealed.session);
    return { kind: 'yes' };
  }
  if (unsealed.kind === 'wrong')
    return {
      kind: 'not-offline',
      text: [texts.pin.wrong, texts.pin.triesLeft(unsealed.triesLeft)].join(' '),
    };
  const { firstName } = mayUnlockOffline.value ?? {};
  return {
    kind: 'not-offline',
    text: firstName ? texts.offline.onlyOneMayUnlock(firstName) : texts.offline.nobodyMayUnlock,
  };
}

function begin({ token, sessionId, person }: OpenedSession): void {
  session.value = { token, sessionId, person };
  choosing.value = null;
  interrupted.value = null;
  notice.value = null;
  void readWhyNot(); // whoever was served before may be somebody else to them
}

/**
 * Ends the session, here and on the server, and gives back what the till took along. Without a connection the screen is
 * locked and no more: whoever was signed in can still unlock it.
 */
export function signOut(): void {
  const signedIn = session.value;
  lockScreen();
  if (signedIn && !isOffline.value) void endSession(signedIn);
}

async function endSession(signedIn: Session): Promise<void> {
  backgroundCount.value += 1; // the page is not to be loaded again before it is through
  try {
    await returnLease().catch(() => undefined); // a tablet that can keep nothing still signs out
    // What is still on its way goes first: on a slow network it could arrive as if tapped after the end. What waits
    // longer is sent under this session all the same; the server lets it, as it was tapped before.
    await untilSent(SENT_WITHIN_MS);
    await endOnServer(signedIn);
  } finally {
    backgroundCount.value -= 1;
  }
}

async function endOnServer(signedIn: Session): Promise<void> {
  // Without a connection it can be unlocked again meanwhile, and is the session of whoever works on.
  const isTakenUpAgain = () => session.value?.sessionId === signedIn.sessionId;
  if (isTakenUpAgain()) return;
  otherWindows.postMessage({ sessionId: signedIn.sessionId, next: null } satisfies SessionEnded);
  const outcome = await api.signOut(signedIn.token, () => !isTakenUpAgain());
  // When the connection was gone already, and nobody had noticed, somebody must still be able to unlock the till.
  if (outcome.kind === 'silence') return;
  await sealing; // a second after the sign-in it may not be done
  await forgetSealedSession(signedIn);
  if (isTakenUpAgain()) await interrupt(signedIn.person); // what is tapped now would not count
}

/** Locks the screen: nobody is signed in here, and no name is left. Whoever was can unlock it by PIN, offline too. */
export function lockScreen(): void {
  session.value = null;
  choosing.value = null;
  interrupted.value = null;
  allowance.value = null;
  notice.value = null;
  speak(''); // what was last said may have been a name
  forgetSeenCards();
}

/** Whether the till may lock by itself now: not when nobody could open it again. */
export function canLockNow(): boolean {
  return !isOffline.value || mayUnlockOffline.value !== null;
}

/**
 * Whether the page may be loaded again now: nobody is at the till or about to be, nothing is on its way to the server, as
 * a sign-out is, and no tap waits. A tap would survive it on the disk, but a new build is no help on the day the network
 * makes trouble.
 */
export function isReloadable(): boolean {
  const isInUse = session.value !== null || visit.value !== null || choosing.value !== null;
  const isSending = sendingCount.value + backgroundCount.value > 0;
  return !isInUse && !interrupted.value && !isSending && waitingCount.value === 0;
}
