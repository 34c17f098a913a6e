import { signal } from '@preact/signals';
import type { Person } from '../api-types.ts';
import { change, readKept, writeKept } from '../queue/storage.ts';
import { isServerTimeKnown, serverNow } from '../server-time.ts';

/**
 * So that an hour without Wi-Fi does not stop the shop when the till locks by itself: the session of whoever was last
 * signed in stays on the tablet, sealed with a key made slowly from their PIN. Only that PIN opens it again, five tries
 * are all there are, and it goes with the sign-out, the next person's sign-in, or the session's own end.
 */
const KEPT_NAME = 'sealed-session';
/** About a third of a second on a tablet. */
const ITERATIONS = 600_000;
const MAX_TRIES = 5;

export interface OpenedSession {
  token: string;
  sessionId: string;
  /** ISO 8601. */
  expiresAt: string;
  person: Person;
}

interface Sealed {
  sessionId: string;
  staffId: string;
  firstName: string;
  expiresAt: string;
  triesLeft: number;
  salt: Uint8Array<ArrayBuffer>;
  iv: Uint8Array<ArrayBuffer>;
  box: ArrayBuffer;
}

/** Who can unlock this till without a connection. */
export const mayUnlockOffline = signal<{ staffId: string; firstName: string } | null>(null);

/** Whether this page may keep secrets and run without a connection at all: browsers want https, or this very computer. */
export const isSecure = globalThis.isSecureContext && crypto.subtle !== undefined;

export async function findSealedSession(): Promise<void> {
  const sealed = await readKept<Sealed>(KEPT_NAME);
  if (!sealed) return;
  if (Date.parse(sealed.expiresAt) > serverNow()) note(sealed);
  else if (isServerTimeKnown()) await forgetSealedSession(sealed); // or else the tablet's clock may be wrong
}

export async function sealSession(session: OpenedSession, pin: string): Promise<void> {
  if (!isSecure) return;
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(session));
  const box = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await makeKey(pin, salt), text);
  const { staffId, firstName } = session.person;
  const { sessionId, expiresAt } = session;
  const sealed: Sealed = { sessionId, staffId, firstName, expiresAt, triesLeft: MAX_TRIES, salt, iv, box };
  await writeKept(KEPT_NAME, sealed);
  note(sealed);
}

export type Unsealed =
  | { kind: 'opened'; session: OpenedSession }
  | { kind: 'wrong'; triesLeft: number }
  /** Somebody else was last signed in, or nobody, or too long ago. */
  | { kind: 'not-here' };

export async function openSealedSession(staffId: string, pin: string): Promise<Unsealed> {
  const sealed = await readKept<Sealed>(KEPT_NAME);
  if (!sealed || sealed.staffId !== staffId || Date.parse(sealed.expiresAt) <= serverNow())
    return { kind: 'not-here' };
  const triesLeft = sealed.triesLeft - 1;
  if (triesLeft < 0) {
    await forgetSealedSession(sealed);
    return { kind: 'not-here' };
  }
  // Written first: whoever pulls the plug after a wrong try has still used it.
  await writeKept(KEPT_NAME, { ...sealed, triesLeft });
  try {
    const key = await makeKey(pin, sealed.salt);
    const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv }, key, sealed.box);
    await writeKept(KEPT_NAME, { ...sealed, triesLeft: MAX_TRIES });
    return { kind: 'opened', session: JSON.parse(new TextDecoder().decode(text)) as OpenedSession };
  } catch {
    if (triesLeft <= 0) await forgetSealedSession(sealed);
    return { kind: 'wrong', triesLeft };
  }
}

/** Nobody can unlock with it any more; the session of somebody who signed in meanwhile stays. */
export async function forgetSealedSession({ sessionId }: { sessionId: string }): Promise<void> {
  const isForgotten = await change(['kept'], async (tx) => {
    const kept = tx.objectStore('kept');
    const sealed = (await kept.get(KEPT_NAME)) as Sealed | undefined;
    if (sealed?.sessionId !== sessionId) return false;
    await kept.delete(KEPT_NAME);
    return true;
  });
  if (isForgotten) mayUnlockOffline.value = null;
}

function note({ staffId, firstName }: Sealed): void {
  mayUnlockOffline.value = { staffId, firstName };
}

async function makeKey(pin: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, [
    'deriveKey',
  ]);
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ITERATIONS },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}
