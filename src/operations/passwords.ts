import { hash, verify } from '@node-rs/argon2';

/** Argon2id as OWASP advises: 19 MiB, two passes, one lane. 13 to 25 ms of one core. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** The rest of the machine is for tills. */
const MAX_AT_ONCE = 2;
/** Checks that may wait for a core. More would only make everybody wait; a guesser is told to come back. */
const MAX_WAITING = 40;

export interface Passwords {
  hash(secret: string): Promise<string>;
  /**
   * Whether a password or PIN is the one that was hashed. With `null` (nobody has this address) it takes as long and
   * says no.
   */
  verify(hashed: string | null, secret: string): Promise<boolean>;
  /** Whether so many are being checked that another would have to wait too long. */
  isBusy(): boolean;
}

/** Hashes passwords and PINs with argon2id. `pepper` is mixed in, so a stolen database alone can't be guessed at. */
export function createPasswords(pepper: Uint8Array): Passwords {
  const options = { ...COST, secret: pepper };
  const nobodysHash = hash('nobody', options);
  let runningCount = 0;
  const waiting: (() => void)[] = [];

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (runningCount >= MAX_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else runningCount++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else runningCount--;
    }
  }

  return {
    hash: (secret) => inTurn(() => hash(asTyped(secret), options)),
    async verify(hashed, secret) {
      const against = hashed ?? (await nobodysHash);
      const isRight = await inTurn(() => verify(against, asTyped(secret), options));
      return isRight && hashed !== null;
    },
    isBusy: () => waiting.length >= MAX_WAITING,
  };
}

/** One keyboard types é as one character, another as two. */
function asTyped(secret: string): string {
  return secret.normalize('NFKC');
}
