import { withDatabase } from '../db/open.ts';
import { systemClock } from './clock.ts';
import { auditDrawsCommand } from './commands/audit-draws.ts';
import { backupCommand } from './commands/backup.ts';
import { checkCommand } from './commands/check.ts';
import { UsageError } from './commands/command.ts';
import type { Command, CommandContext } from './commands/command.ts';
import { demoCommand } from './commands/demo.ts';
import { importCommand } from './commands/import.ts';
import { reportCommand } from './commands/report.ts';
import { resetPasswordCommand } from './commands/reset-password.ts';
import { restoreCommand } from './commands/restore.ts';
import { readConfig } from './config.ts';
import { explainFailure } from './explain-failure.ts';

const commands: Record<string, Command> = {
  demo: demoCommand,
  import: importCommand,
  report: reportCommand,
  check: checkCommand,
  'audit-draws': auditDrawsCommand,
  backup: backupCommand,
  restore: restoreCommand,
  'reset-password': resetPasswordCommand,
};

const DONE = 0;
const FAILED = 1;
const ASKED_WRONGLY = 2;

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h') {
    process.stdout.write(listCommands());
    return name === undefined ? ASKED_WRONGLY : DONE;
  }
  const command = Object.hasOwn(commands, name) ? commands[name]! : undefined;
  if (!command) {
    process.stderr.write(`There is no command “${name}”.\n\n${listCommands()}`);
    return ASKED_WRONGLY;
  }
  const rest = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined);
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${command.help.trim()}\n`);
    return DONE;
  }
  return runCommand(name, command, args);
}

async function runCommand(name: string, command: Command, args: readonly string[]): Promise<number> {
  try {
    return await command.run(args, createContext());
  } catch (error) {
    if (isUsageError(error)) {
      process.stderr.write(`${error.message.split('. To specify')[0]}\nSee: npm run cli -- ${name} --help\n`);
      return ASKED_WRONGLY;
    }
    // Whoever read our output has seen enough, as `head` has.
    if ((error as { code?: string }).code === 'EPIPE') return DONE;
    process.stderr.write(`${explainFailure(error, `npm run ${name}`)}\n`);
    return FAILED;
  }
}

function createContext(): CommandContext {
  const config = readConfig();
  return {
    config,
    clock: systemClock,
    withDatabase: (work, url = config.databaseUrl) => withDatabase(url, work),
    out: process.stdout,
    say: (line) => void process.stderr.write(`${line}\n`),
  };
}

function isUsageError(error: unknown): error is Error {
  const { code } = error as { code?: string };
  return error instanceof UsageError || (error instanceof TypeError && !!code?.startsWith('ERR_PARSE_ARGS'));
}

function listCommands(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: npm run cli -- COMMAND [options]\n\n${lines.join('\n')}\n\nEach command explains itself: --help\n`;
}
