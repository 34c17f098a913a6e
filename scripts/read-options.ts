import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';

const DONE = 0;
const ASKED_WRONGLY = 2;

/**
 * What a developer's command was asked for, as `parseArgs` has it. `--help` prints `usage` and ends the process; so does
 * an option or a word it does not know, after saying which, with code 2.
 */
export function readOptions<Config extends ParseArgsConfig>(usage: string, config: Config) {
  const args = config.args ?? process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    console.log(`Usage: ${usage}`);
    process.exit(DONE);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    return refuseOptions(message.split('. ')[0]!, usage);
  }
}

/** The number an option says, above 0. Anything else ends the process as `readOptions` does. */
export function readNumber(option: string, text: string, usage: string): number {
  const number = Number(text);
  if (number > 0 && number < Infinity) return number;
  return refuseOptions(`--${option}: '${text}' is not a number above 0`, usage);
}

function refuseOptions(why: string, usage: string): never {
  console.error(`${why}. Usage: ${usage}`);
  process.exit(ASKED_WRONGLY);
}
