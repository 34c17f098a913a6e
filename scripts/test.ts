// Runs the tests, then prints `N passed, N failed` alone on the last line.
// A test that was skipped, a file that could not be read and a run that ran nothing all fail.
import { spawn } from 'node:child_process';
import { mkdtempSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestResults } from './result-reporter.ts';

const root = dirname(import.meta.dirname);
const vitestArguments = process.argv.slice(2);
const isFilteredByName = vitestArguments.some((word) => /^(-t|--testNamePattern)(=|$)/.test(word));

const folder = mkdtempSync(join(tmpdir(), 'doublestamp-results-'));
const resultsPath = join(folder, 'results.json');
const exitCode = await runVitest();
const { passed, failed, skipped } = readResults();
rmSync(folder, { recursive: true, force: true });

const complaints = [...failed];
const alsoFailed = process.env['DOUBLESTAMP_ALSO_FAILED']; // what .ci/run did before
if (alsoFailed) complaints.push(alsoFailed);
if (!isFilteredByName) complaints.push(...skipped.map((name) => `did not run: ${name}`));
if (complaints.length === 0 && passed === 0) complaints.push('no test ran');
if (complaints.length === 0 && exitCode !== 0) complaints.push(`vitest ended with code ${exitCode}`);

for (const complaint of complaints) console.log(`FAILED ${complaint}`);
console.log(`${passed} passed, ${complaints.length} failed`);
process.exitCode = complaints.length === 0 ? 0 : 1;

function runVitest(): Promise<number> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', ...vitestArguments], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DOUBLESTAMP_TEST_RESULTS: resultsPath },
  });
  process.on('SIGINT', () => {}); // Ctrl-C reaches vitest by itself
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

function readResults(): TestResults {
  if (!existsSync(resultsPath))
    return { passed: 0, failed: ['the tests did not run to their end'], skipped: [] };
  return JSON.parse(readFileSync(resultsPath, 'utf8')) as TestResults;
}
