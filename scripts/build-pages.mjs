// Builds the pages into dist/ when their sources changed since the last time. Silent otherwise.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pinnedNode, root } from './install.mjs';

/** The till and the owner's desk: what builds each. */
const configs = { till: 'vite.config.ts', desk: 'vite.desk.config.ts' };
/** Whatever a page may be made of. Too much costs a build of a second; too little would show an old page. */
const inputs = [...Object.values(configs), 'package-lock.json', 'tsconfig.json', 'pos-adapter', 'src'];

/** Throws, with what Vite said, when the pages do not build. */
export function buildPages() {
  if (!existsSync(join(root, 'vite.config.ts'))) return;
  const stamp = join(root, 'dist', '.built-from');
  const sources = hashOf(inputs);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  console.log('Building the pages …');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  mkdirSync(join(root, 'dist'), { recursive: true });
  const building = mkdtempSync(join(root, 'dist', '.building-'));
  try {
    for (const [name, config] of Object.entries(configs)) {
      const words = ['build', '--config', config, '--outDir', join(building, name), '--logLevel', 'warn'];
      const result = spawnSync(pinnedNode, [vite, ...words], { cwd: root, encoding: 'utf8' });
      if (result.status !== 0) throw new Error(`The pages do not build:\n${result.stdout}${result.stderr}`);
    }
    for (const name of Object.keys(configs)) putInPlace(name, building);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  writeFileSync(stamp, sources);
}

/** A server that is running finds the old pages or the new ones, and not the half of them. */
function putInPlace(name, building) {
  const place = join(root, 'dist', name);
  if (existsSync(place)) renameSync(place, join(building, `old-${name}`));
  renameSync(join(building, name), place);
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
