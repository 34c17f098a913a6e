import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open.ts';
import { systemClock } from './clock.ts';
import { LOOPBACK, readConfig } from './config.ts';
import type { Config } from './config.ts';
import { explainFailure } from './explain-failure.ts';
import { createLog } from './log.ts';
import { eraseOldTraces } from './operations/erase-traces.ts';
import { fillNameKeys } from './operations/fill-name-keys.ts';
import { forgetOldAnswers } from './operations/forget-old-answers.ts';
import { isSetUp } from './operations/set-up-shop.ts';
import { loadSecrets } from './secrets.ts';
import { startServer } from './server.ts';
import type { RunningServer } from './server.ts';

const DAY_MS = 86_400_000;
/** From the signal to the end. Longer, and whoever sent it loses patience and kills. */
const SHUTDOWN_MS = 10_000;

/** Config → database → secrets → server → drain. */
async function main(): Promise<void> {
  if (process.argv.length > 2)
    throw new Error(
      `npm start takes no words (${process.argv.slice(2).join(' ')}). Settings are environment variables, as in\n` +
        '  PORT=5000 npm start\n' +
        'docs/operating.md names them all.',
    );
  const config = readConfig();
  const log = createLog(config.logLevel);
  const db = await openDatabase(config.databaseUrl);
  let server: RunningServer;
  try {
    const secrets = loadSecrets(config, { hasShop: await isSetUp(db)() });
    server = await startServer({ ...config, db, secrets, log, clock: systemClock });
  } catch (error) {
    await db.close();
    throw error;
  }
  await greet({ config, server, db });
  const housekeeping = setInterval(() => void keepHouse(db, log), DAY_MS);
  void keepHouse(db, log);
  void catchUp(db, log);
  drainOnSignal({ server, db, log, housekeeping });
}

async function greet({
  config,
  server,
  db,
}: {
  config: Config;
  server: RunningServer;
  db: Database;
}): Promise<void> {
  const lines = ['', `  Doublestamp is open at ${server.publicUrl}`];
  if (LOOPBACK.has(config.host) && config.publicUrl === undefined)
    lines.push('  Only this computer can reach it. For tills on your network: HOST=0.0.0.0 npm start');
  if (config.publicUrl?.startsWith('https:') && config.trustedProxies === 0)
    lines.push(
      '  Behind a proxy, as https needs one, say TRUSTED_PROXIES=1: without it the whole world is one network,',
      '  and a few who guess passwords or take cards use up what all may do in an hour.',
    );
  if (!(await isSetUp(db)()))
    lines.push('', '  Set your shop up:', `  ${server.publicUrl}/setup?token=${server.setupToken}`);
  console.log([...lines, ''].join('\n'));
}

/** Once, for what an older version left behind. The shop is open meanwhile. */
async function catchUp(db: Database, log: Logger): Promise<void> {
  try {
    const filledCount = await fillNameKeys(db)();
    if (filledCount > 0) log.info({ filledCount }, 'customers can now be found by their names');
  } catch (error) {
    log.error({ err: error }, 'names of customers could not be made ready for searching');
  }
}

/** Once a day. What fails today is tried again tomorrow, and told now. */
async function keepHouse(db: Database, log: Logger): Promise<void> {
  try {
    await forgetOldAnswers(db, systemClock)();
  } catch (error) {
    log.error({ err: error }, 'old answers could not be forgotten');
  }
  try {
    await eraseOldTraces(db, systemClock)();
  } catch (error) {
    log.error({ err: error }, 'traces of who was forgotten could not be erased');
  }
}

function drainOnSignal({
  server,
  db,
  log,
  housekeeping,
}: {
  server: RunningServer;
  db: Database;
  log: Logger;
  housekeeping: NodeJS.Timeout;
}): void {
  let isClosing = false;
  const close = async (): Promise<void> => {
    if (isClosing) return;
    isClosing = true;
    clearInterval(housekeeping);
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    try {
      await server.close();
      await db.close();
      process.exit(0);
    } catch (error) {
      log.fatal({ err: error }, 'could not close in order');
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void close());
}

try {
  await main();
} catch (error) {
  console.error(explainFailure(error, 'npm start'));
  process.exit(1);
}
