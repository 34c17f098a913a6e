import { createHmac, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { makeKeyRing } from './http/token.ts';
import type { KeyRing } from './http/token.ts';

const SECRET_BYTES = 32;
/** A secret somebody typed instead of drew shows itself by how few different characters it has. */
const MIN_DIFFERENT_CHARACTERS = 10;

export interface Secrets {
  tokenKeys: KeyRing;
  /** Mixed into every password and PIN hash, and kept outside the database. */
  pepper: Uint8Array;
  /** From which the secrets of cards issued at tills are derived; see `deriveCardSecret`. */
  cardKey: Uint8Array;
  /** For what must be kept in the database and not be read there; see `createSealer`. */
  sealKey: Uint8Array;
}

const fileSchema = z.object({
  /** Newest first: the first signs, the others only verify. */
  tokenSecrets: z.array(z.string()).min(1),
  passwordPepper: z.string(),
});

/**
 * The secrets the environment gives, and for those it does not, the ones in `<dataFolder>/secrets.json`, which is made
 * once, readable by its owner alone. `tokenSecret` may hold several, newest first, with commas between.
 *
 * With `hasShop` none are made: new ones beside a shop would quietly end every PIN, password and till of it.
 *
 * @throws when a secret is weak, or the file can be read by others, or is missing while there is a shop
 */
export function loadSecrets(
  config: {
    dataFolder: string;
    tokenSecret: string | undefined;
    passwordPepper: string | undefined;
  },
  { hasShop }: { hasShop: boolean },
): Secrets {
  const { tokenSecret, passwordPepper, dataFolder } = config;
  const kept = tokenSecret && passwordPepper ? undefined : readOrMake(dataFolder, hasShop);
  const tokenSecrets = tokenSecret?.split(/[\s,]+/).filter(Boolean) ?? kept!.tokenSecrets;
  const pepper = passwordPepper ?? kept!.passwordPepper;
  for (const secret of tokenSecrets) requireStrong('TOKEN_SECRET', secret);
  requireStrong('PASSWORD_PEPPER', pepper);
  return makeSecrets({ tokenSecrets, pepper });
}

/** Secrets out of the strings they are kept as; `tokenSecrets` newest first. */
export function makeSecrets({
  tokenSecrets,
  pepper,
}: {
  tokenSecrets: readonly string[];
  pepper: string;
}): Secrets {
  return {
    tokenKeys: makeKeyRing(tokenSecrets),
    pepper: Buffer.from(pepper),
    cardKey: createHmac('sha256', pepper).update('doublestamp card key').digest(),
    sealKey: createHmac('sha256', pepper).update('doublestamp seal key').digest(),
  };
}

function requireStrong(name: string, secret: string): void {
  const isLong = Buffer.byteLength(secret) >= SECRET_BYTES;
  if (isLong && new Set(secret).size >= MIN_DIFFERENT_CHARACTERS) return;
  throw new Error(
    `${name} is too weak: it needs at least ${SECRET_BYTES} random bytes. Make one with\n` +
      `  openssl rand -base64 ${SECRET_BYTES}\n` +
      'or leave it out, and a good one is made and kept in the data folder.',
  );
}

function readOrMake(dataFolder: string, hasShop: boolean): z.infer<typeof fileSchema> {
  const path = join(dataFolder, 'secrets.json');
  if (!existsSync(path)) {
    if (hasShop)
      throw new Error(
        `There is a shop already, but its secrets are not at ${path}.\n` +
          'Put secrets.json back from where you keep it, or give TOKEN_SECRET and PASSWORD_PEPPER as they were:\n' +
          'without them no PIN, no password and no till of this shop works. If they are lost for good, see\n' +
          '“The secrets are lost” in docs/operating.md.',
      );
    makeOnce(dataFolder, path);
  }
  if (platform() !== 'win32' && (statSync(path).mode & 0o077) !== 0)
    throw new Error(`Others may read ${path}. Make it yours alone with\n  chmod 600 '${path}'`);
  const parsed = fileSchema.safeParse(parseJson(readFileSync(path, 'utf8')));
  if (!parsed.success)
    throw new Error(
      `${path} is not as Doublestamp wrote it. Put it back from a backup: without it nobody's password or PIN works.`,
    );
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whole or not at all, and by one of several servers starting together: a link is refused when the name is taken. */
function makeOnce(dataFolder: string, path: string): void {
  mkdirSync(dataFolder, { recursive: true });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const drawn = () => randomBytes(SECRET_BYTES).toString('base64url');
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${JSON.stringify({ tokenSecrets: [drawn()], passwordPepper: drawn() }, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
