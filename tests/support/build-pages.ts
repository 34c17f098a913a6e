import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

const script = join(dirname(dirname(import.meta.dirname)), 'scripts', 'build-pages.mjs');

/** Builds till and desk if their sources changed since the last time. */
export function buildPages(): void {
  const built = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
}
