import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const project = dirname(import.meta.dirname);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doublestamp install ')); // with the spaces a path may have
  copy('package.json', 'package-lock.json', 'scripts');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function copy(...names: string[]): void {
  for (const name of names) cpSync(join(project, name), join(folder, name), { recursive: true });
}

interface Ended {
  code: number | null;
  signal: string | null;
  output: string;
}

function run(script: string, environment: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, script.split(' '), {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, ...environment },
      timeout: 30_000,
    });
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    child.once('close', (code, signal) => resolve({ code, signal, output }));
  });
}

const start = (environment: Record<string, string>) => run('scripts/run.mjs src/main.ts', environment);

function startWith(registry: string): Promise<Ended> {
  return start({
    npm_config_registry: registry,
    npm_config_cache: join(folder, 'cache'),
    npm_config_fetch_retries: '0',
  });
}

const startWithoutNetwork = () => startWith('http://127.0.0.1:9'); // where nobody listens

test('a first start without a network says so, and not where in npm it was noticed', async () => {
  const { code, output } = await startWithoutNetwork();
  expect(code).toBe(1);
  expect(output).toContain('Is this computer online? Then try again.');
  expect(output).not.toMatch(/^npm error {5}at /m);
});

test.each([
  ['of 32 bits', 'Object.defineProperty(process,"arch",{value:"arm"})', /\(\w+, arm\)/],
  [
    'without glibc',
    'process.report.getReport=()=>({header:{}});Object.defineProperty(process,"platform",{value:"linux"})',
    /\(\w+, \w+, without glibc\)/,
  ],
])('on a computer %s it says at once what it needs', async (_, script, says) => {
  const { code, output } = await start({
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}`,
  });
  expect(code).toBe(1);
  expect(output).toMatch(says);
  expect(output).toContain('It needs a 64-bit system');
  expect(existsSync(join(folder, '.installing'))).toBe(false);
});

test('a new version whose packages do not all arrive leaves what the old one ran on', async () => {
  const zod = 'node_modules/zod';
  const list = join(folder, 'node_modules', '.package-lock.json');
  copy(zod);
  const packages = readLockedPackages();
  const installed = JSON.stringify({ lockfileVersion: 3, packages: { [zod]: packages[zod] } });
  writeFileSync(list, installed);
  const registry = createServer(({ url = '', headers }, response) => {
    const name = decodeURIComponent(url.slice(1));
    const found = Object.entries(packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
    if (found.length === 0) return void response.destroy(); // the line drops at the first package itself
    const tarball = `http://${headers.host}/package.tgz`;
    const versions = found.map(([, one]) => [
      one.version,
      { ...one, name, dist: { tarball, integrity: one.integrity } },
    ]);
    response.setHeader('Content-Type', 'application/json');
    const latest = found[0]![1].version;
    response.end(
      JSON.stringify({ name, 'dist-tags': { latest }, versions: Object.fromEntries(versions) as object }),
    );
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  const { code, output } = await startWith(`http://127.0.0.1:${(registry.address() as AddressInfo).port}`);
  registry.close();
  expect(code).toBe(1);
  expect(output).toContain('Is this computer online?');
  expect(readdirSync(join(folder, zod))).toEqual(readdirSync(join(project, zod)));
  expect(readFileSync(list, 'utf8')).toBe(installed);
});

function readLockedPackages(): Record<string, { version: string; integrity: string }> {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as { packages: object };
  return lock.packages as ReturnType<typeof readLockedPackages>;
}

test('an installation that a power cut ended keeps nobody waiting, though its number is another’s by now', async () => {
  const lock = join(folder, '.installing');
  mkdirSync(lock);
  writeFileSync(join(lock, 'pid'), String(process.pid));
  utimesSync(lock, 0, 0);
  expect((await startWithoutNetwork()).output).toContain('Is this computer online?');
  expect(existsSync(lock)).toBe(false);
});

test('Ctrl-C during an installation lets go of it only when npm has ended, and what is half there counts as none', async () => {
  const list = join(folder, 'node_modules', '.package-lock.json');
  mkdirSync(dirname(list));
  writeFileSync(list, '{"packages":{}}');
  // As npm does while it puts packages in place: it ends in its own time.
  const npm = `
    import { writeFileSync } from 'node:fs';
    process.on('SIGINT', () => setTimeout(() => {
      writeFileSync('npm-has-ended', '');
      process.exit(130);
    }, 500));
    setTimeout(() => {}, 30_000);
    writeFileSync('npm-runs', '');`;
  writeFileSync(join(folder, 'npm-cli.js'), npm);
  // In a group of its own, as a terminal makes it: Ctrl-C reaches all of a group.
  const child = spawn(process.execPath, ['scripts/run.mjs', 'src/main.ts'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], npm_execpath: join(folder, 'npm-cli.js') },
    detached: true,
  });
  let output = '';
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  const ended = new Promise((resolve) => child.once('close', resolve));
  await expect.poll(() => existsSync(join(folder, 'npm-runs'))).toBe(true);
  process.kill(-child.pid!, 'SIGINT');
  expect(await ended).toBe(1);
  expect(existsSync(join(folder, 'npm-has-ended'))).toBe(true);
  expect(existsSync(join(folder, '.installing'))).toBe(false);
  expect(output).toContain('broken off');
  expect(existsSync(list)).toBe(false);
});

test('a command that is ended during an installation starts no server that stays', async () => {
  writeFileSync(join(folder, 'package-lock.json'), '{"packages":{"":{}}}');
  const node = join(folder, 'node_modules', 'node');
  mkdirSync(join(node, 'bin'), { recursive: true });
  writeFileSync(join(node, 'package.json'), JSON.stringify({ version: process.versions.node }));
  symlinkSync(process.execPath, join(node, 'bin', 'node'));
  const npm = `
    import { writeFileSync } from 'node:fs';
    process.kill(process.ppid, 'SIGTERM');
    writeFileSync('node_modules/.package-lock.json', '{"packages":{}}');`;
  writeFileSync(join(folder, 'npm-cli.js'), npm);
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src', 'main.ts'), 'setTimeout(() => {}, 20_000);');
  expect(await start({ npm_execpath: join(folder, 'npm-cli.js') })).toMatchObject({ signal: 'SIGTERM' });
});

test('two commands at once build the pages once', async () => {
  copy('src', 'pos-adapter', 'tsconfig.json', 'vite.config.ts', 'vite.desk.config.ts');
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const build = () => run('scripts/build-pages.mjs');
  const builds = await Promise.all([build(), build()]);
  expect(builds.map(({ code }) => code)).toEqual([0, 0]);
  expect(builds.filter(({ output }) => output.includes('Building the pages'))).toHaveLength(1);
  expect(readdirSync(join(folder, 'dist')).toSorted()).toEqual(['.built-from', 'desk', 'till']);
});
