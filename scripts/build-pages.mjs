// Builds the pages into dist/ when their sources changed since the last time. Silent otherwise.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { alone, pinnedNode, root } from './install.mjs';

/** The till and the owner's desk: what builds each. */
const configs = { till: 'vite.config.ts', desk: 'vite.desk.config.ts' };
/** Whatever a page may be made of. Too much costs a build of a second; too little would show an old page. */
const inputs = [...Object.values(configs), 'package-lock.json', 'tsconfig.json', 'pos-adapter', 'src'];

/** Throws, with what Vite said, when the pages do not build. */
export function buildPages() {
  if (!existsSync(join(root, 'vite.config.ts'))) return;
  const stamp = join(root, 'dist', '.built-from');
  const sources = hashOf(inputs);
  const areBuilt = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === sources;
  if (areBuilt()) return;
  alone(() => {
    if (areBuilt()) return; // somebody else has built them while we waited
    console.log('Building the pages …');
    build(join(root, 'dist', '.building'));
    writeFileSync(stamp, sources);
  });
}

function build(folder) {
  rmSync(folder, { recursive: true, force: true }); // what is left of a build that was interrupted
  mkdirSync(folder, { recursive: true });
  try {
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    for (const [name, config] of Object.entries(configs)) {
      const words = ['build', '--config', config, '--outDir', join(folder, name), '--logLevel', 'warn'];
      const result = spawnSync(pinnedNode, [vite, ...words], { cwd: root, encoding: 'utf8' });
      if (result.status !== 0) throw new Error(`The pages do not build:\n${result.stdout}${result.stderr}`);
    }
    for (const name of Object.keys(configs)) putInPlace(name, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A server that is running finds the old pages or the new ones, and not the half of them. */
function putInPlace(name, folder) {
  const place = join(root, 'dist', name);
  if (existsSync(place)) renameSync(place, join(folder, `old-${name}`));
  renameSync(join(folder, name), place);
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
