import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { insertSession } from '../../db/queries/session-queries.ts';
import { systemClock } from '../../src/clock.ts';
import { createTokens } from '../../src/http/token.ts';
import { computeCardCode, makeCardSecret } from '../../src/operations/card-codes.ts';
import { issueCardIn } from '../../src/operations/issue-card.ts';
import { makeSecrets } from '../../src/secrets.ts';
import { aShop } from '../../tests/support/a-shop.ts';
import type { Shop, ShopOptions } from '../../tests/support/a-shop.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TOKEN_SECRET = 'a-secret-of-the-proofs-0123456789-abcdefghijkl';
const PASSWORD_PEPPER = 'a-pepper-of-the-proofs-0123456789-abcdefghijkl';
const SESSION_MS = 12 * 3_600_000;
const START_TIMEOUT_MS = 60_000;

export interface OpenShop extends Shop {
  cardCodes: string[];
  /** The Authorization header of Ada at her till. */
  authorization: string;
}

/** A shop with cards, and Ada signed in at its till, written into the database before (or while) a server runs on it. */
export async function openShop(
  db: Database,
  { cardCount, ...options }: ShopOptions & { cardCount: number },
): Promise<OpenShop> {
  const now = new Date();
  const shop = await aShop(db, { now, coolDownDays: 0, ...options });
  const secrets = Array.from({ length: cardCount }, makeCardSecret);
  for (const secret of secrets)
    await db.transact((tx) => issueCardIn(tx, { ...shop, secret }, systemClock.now()));
  const { merchantId, staffId, place } = shop.ada;
  const sessionId = uuid();
  const expiresAt = new Date(now.getTime() + SESSION_MS);
  await db.transact((tx) =>
    insertSession(tx, {
      merchantId,
      sessionId,
      staffId,
      deviceId: place.deviceId,
      signedInAt: now,
      expiresAt,
      userAgent: null,
      endedAt: null,
    }),
  );
  const { tokenKeys } = makeSecrets({ tokenSecrets: [TOKEN_SECRET], pepper: PASSWORD_PEPPER });
  const token = createTokens(tokenKeys).signToken(
    { audience: 'till-session', merchantId, subjectId: sessionId, tokenId: uuid(), expiresAt },
    now,
  );
  return { ...shop, cardCodes: secrets.map(computeCardCode), authorization: `Bearer ${token}` };
}

export interface ServerProcess {
  url: string;
  /** From the start of the process until `/readyz` said yes. */
  readyAfterMs: number;
  /** Ends it, by SIGKILL unless told otherwise, and waits until it is gone. */
  end(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/**
 * A real server: `src/main.ts` in a process of its own, with the flags that this one was started with, ready for requests.
 *
 * @param options.nodeOptions more flags of Node before the file
 * @param options.wrapper another program that starts Node, with its arguments
 */
export async function startServerProcess({
  databaseUrl,
  folder,
  port,
  nodeOptions = [],
  wrapper = [],
}: {
  databaseUrl: string;
  folder: string;
  port: number;
  nodeOptions?: string[];
  wrapper?: string[];
}): Promise<ServerProcess> {
  const startedAt = performance.now();
  const [program, ...programArguments] = [
    ...wrapper,
    process.execPath,
    ...process.execArgv,
    ...nodeOptions,
    join(ROOT, 'src', 'main.ts'),
  ];
  const child = spawn(program!, programArguments, {
    env: {
      PATH: process.env['PATH'],
      DATA_FOLDER: folder,
      DATABASE_URL: databaseUrl,
      PORT: String(port),
      LOG_LEVEL: 'error',
      TOKEN_SECRET,
      PASSWORD_PEPPER,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output = `${output}${text.toString()}`.slice(-5_000)));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) {
    const isOver = child.exitCode !== null || child.signalCode !== null;
    if (isOver || performance.now() - startedAt > START_TIMEOUT_MS) {
      child.kill('SIGKILL');
      throw new Error(`The server did not start:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return {
    url,
    readyAfterMs: performance.now() - startedAt,
    async end(signal = 'SIGKILL') {
      child.kill(signal);
      await gone;
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { headers: { connection: 'close' } });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

export async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
