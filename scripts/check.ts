// What must hold before a change is merged, short of the tests: types, lint, format and the tidy rules.
// Every part runs, so that one look shows all there is to mend.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);
const modules = join(root, 'node_modules');
const parts: Record<string, string[]> = {
  types: [join(modules, 'typescript', 'bin', 'tsc'), '--noEmit'],
  lint: [join(modules, 'oxlint', 'bin', 'oxlint'), '--type-aware', '--deny-warnings'],
  format: [join(modules, 'prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.'],
  tidy: [join(root, 'scripts', 'test.ts'), 'tests/tidy.test.ts'],
};

const failed: string[] = [];
for (const [name, command] of Object.entries(parts)) {
  console.log(`— ${name}`);
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (status !== 0) failed.push(name);
}
console.log(failed.length === 0 ? 'Everything is in order.' : `To mend: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
