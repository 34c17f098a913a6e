import { hash, verify } from '@node-rs/argon2';

/** Argon2id as OWASP advises: 19 MiB, two passes, one lane. About 25 ms of one core. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Checks that may wait for a core. More would only make everybody wait; a guesser is told to come back. */
const MAX_WAITING = 40;
const MAX_AT_ONCE = 2;

export interface Passwords {
  hash(secret: string): Promise<string>;
  /**
   * Whether a password or PIN is the one that was hashed. With `null` (nobody has this address) it takes as long and
   * says no. `busy` when too many are being checked.
   */
  verify(hashed: string | null, secret: string): Promise<boolean | 'busy'>;
}

/** Hashes passwords and PINs with argon2id. `pepper` is mixed in, so a stolen database alone can't be guessed at. */
export function createPasswords(pepper: Uint8Array): Passwords {
  const options = { ...COST, secret: pepper };
  let nobody: Promise<string> | undefined;
  let running = 0;
  const waiting: (() => void)[] = [];

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= MAX_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  }

  return {
    hash: (secret) => inTurn(() => hash(secret, options)),
    async verify(hashed, secret) {
      if (waiting.length >= MAX_WAITING) return 'busy';
      nobody ??= hash('nobody', options);
      const against = hashed ?? (await nobody);
      const isRight = await inTurn(() => verify(against, secret, options));
      return isRight && hashed !== null;
    },
  };
}
