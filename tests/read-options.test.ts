import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const PROJECT = dirname(import.meta.dirname);

/** Runs a developer's command as npm does, and answers what it printed. */
function run(script: string, args: readonly string[]) {
  const child = spawn(process.execPath, [join(PROJECT, 'scripts', script), ...args], { cwd: PROJECT });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [out, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise<{ code: number | null; out: string; said: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, said }));
  });
}

test.each([
  ['prove.ts', ['--lang'], "Unknown option '--lang'"],
  ['bench.ts', ['--rounds', 'many'], "--rounds: 'many' is not a number above 0"],
  ['bench.ts', ['evidence', '--draws', '0'], "--draws: '0' is not a number above 0"],
  ['screens.ts', ['--all'], "Unknown option '--all'"],
])('%s %j ends with one line that says what is wrong', async (script, args, why) => {
  const { code, out, said } = await run(script, args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(said).toContain(why);
  expect(said).toMatch(/^[^\n]+\n$/);
});

test('--help says how a command is used', async () => {
  const { code, out, said } = await run('screens.ts', ['--help']);
  expect({ code, out, said }).toEqual({ code: 0, out: 'Usage: npm run screens -- [--docs]\n', said: '' });
});
