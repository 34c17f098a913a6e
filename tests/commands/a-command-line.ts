import { join } from 'node:path';
import { Writable } from 'node:stream';
import { withDatabase } from '../../db/open.ts';
import type { Clock } from '../../src/clock.ts';
import { CommandFailed } from '../../src/commands/command.ts';
import type { Command } from '../../src/commands/command.ts';
import { readConfig } from '../../src/config.ts';
import { FixedClock } from '../support/fixed-clock.ts';

/** Runs a command as `npm run cli` would, on a data folder of its own. */
export function aCommandLine({
  dataFolder,
  databaseUrl = join(dataFolder, 'doublestamp.db'),
  clock = new FixedClock('2026-03-02T09:00:00Z'),
}: {
  dataFolder: string;
  databaseUrl?: string;
  clock?: Clock;
}) {
  return async (command: Command, ...args: string[]) => {
    let out = '';
    let said = '';
    const code = await command
      .run(args, {
        config: readConfig({ DATA_FOLDER: dataFolder, DATABASE_URL: databaseUrl }),
        clock,
        withDatabase: (work, url = databaseUrl) => withDatabase(url, work),
        out: new Writable({
          write(chunk: Buffer, _encoding, done) {
            out += chunk.toString();
            done();
          },
        }),
        say: (line) => (said += `${line}\n`),
      })
      .catch((error: unknown) => {
        if (!(error instanceof CommandFailed)) throw error;
        said += `${error.message}\n`;
        return 1;
      });
    return { code, out, said };
  };
}
