// Builds the pages into dist/ when their sources changed since the last time. Silent otherwise.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pinnedNode, root } from './install.mjs';

/** The till, and the owner's desk. */
const configs = ['vite.config.ts', 'vite.desk.config.ts'];
/** Whatever a page may be made of. Too much costs a build of a second; too little would show an old page. */
const inputs = [...configs, 'package-lock.json', 'tsconfig.json', 'pos-adapter', 'src'];

/** Throws, with what Vite said, when the pages do not build. */
export function buildPages() {
  if (!existsSync(join(root, 'vite.config.ts'))) return;
  const stamp = join(root, 'dist', '.built-from');
  const sources = hashOf(inputs);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  console.log('Building the pages …');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  for (const config of configs) {
    const result = spawnSync(pinnedNode, [vite, 'build', '--config', config, '--logLevel', 'warn'], {
      cwd: root,
      encoding: 'utf8',
    });
    if (result.status !== 0) throw new Error(`The pages do not build:\n${result.stdout}${result.stderr}`);
  }
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, sources);
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesBelow(path))
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(root, file)))
        .update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  try {
    return readdirSync(full)
      .sort()
      .flatMap((name) => filesBelow(join(path, name)));
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) buildPages();
