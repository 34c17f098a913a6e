import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { setupRequest } from './http/a-set-up-shop.ts';

const main = join(import.meta.dirname, '..', 'src', 'main.ts');
/** A machine that runs other tests as well may be slow to begin; nothing here is about how soon it answers. */
const PATIENCE = { timeout: 20_000 };
let folder: string;
let started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doublestamp-main-'));
});
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started = [];
  rmSync(folder, { recursive: true, force: true });
});

interface Running {
  child: ChildProcess;
  output: () => string;
  exited: Promise<number | null>;
}

function start(environment: Record<string, string>, words: string[] = []): Running {
  const child = spawn(process.execPath, [main, ...words], {
    env: { PATH: process.env['PATH'], DATA_FOLDER: folder, PORT: '0', ...environment },
  });
  started.push(child);
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, output: () => output, exited };
}

async function untilOpen(running: Running): Promise<string> {
  await expect.poll(running.output, PATIENCE).toMatch(/open at http/);
  return /open at (\S+)/.exec(running.output())![1]!;
}

const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

test('the first start prints the way in, and the next one no longer does', async () => {
  const first = start({});
  const url = await untilOpen(first);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(first.output()).toContain('Only this computer can reach it');
  await expect.poll(first.output, PATIENCE).toMatch(/setup\?token=/);
  const token = /setup\?token=(\S+)/.exec(first.output())![1]!;
  for (const name of readdirSync(folder))
    expect([name, statSync(join(folder, name)).mode & 0o077]).toEqual([name, 0]);
  expect((await fetch(`${url}/setup?token=${token}`)).status).toBe(200);
  expect((await post(`${url}/api/v1/setup`, { ...setupRequest, token })).status).toBe(201);
  first.child.kill('SIGTERM');
  expect(await first.exited).toBe(0);

  const second = start({});
  await untilOpen(second);
  expect(second.output()).not.toContain('token');
  const body = { email: setupRequest.owner.email, password: setupRequest.owner.password };
  const again = await untilOpen(second);
  expect((await post(`${again}/api/v1/sessions`, body)).status).toBe(201);
  second.child.kill('SIGINT');
  expect(await second.exited).toBe(0);
});

test('behind a proxy it greets with the address of all, and advises nobody to go round the proxy', async () => {
  const running = start({ PUBLIC_URL: 'https://stamps.example.com' });
  expect(await untilOpen(running)).toBe('https://stamps.example.com');
  await expect.poll(running.output, PATIENCE).toMatch('https://stamps.example.com/setup?token=');
  expect(running.output()).not.toContain('HOST=0.0.0.0');
});

test('a proxy that was forgotten in the settings is asked for', async () => {
  const settings = { PUBLIC_URL: 'https://stamps.example.com' };
  const forgotten = start(settings);
  const told = start({ ...settings, TRUSTED_PROXIES: '1', DATA_FOLDER: join(folder, 'told') });
  await Promise.all([untilOpen(forgotten), untilOpen(told)]);
  await expect.poll(forgotten.output, PATIENCE).toContain('TRUSTED_PROXIES=1');
  expect(told.output()).not.toContain('TRUSTED_PROXIES');
});

test('a shop whose secrets are missing is not opened with others, and the next step is said', async () => {
  const first = start({});
  const url = await untilOpen(first);
  await expect.poll(first.output, PATIENCE).toMatch(/setup\?token=/);
  const token = /setup\?token=(\S+)/.exec(first.output())![1]!;
  expect((await post(`${url}/api/v1/setup`, { ...setupRequest, token })).status).toBe(201);
  first.child.kill('SIGTERM');
  expect(await first.exited).toBe(0);
  const secrets = join(folder, 'secrets.json');
  renameSync(secrets, `${secrets}.elsewhere`);

  const second = start({});
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain('Put secrets.json back');
  expect(second.output()).not.toMatch(/\n\s+at /);
  expect(existsSync(secrets)).toBe(false);
});

test('a taken port is said in words, with the next step', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(0, '127.0.0.1', resolve);
  });
  const { port } = taken.address() as AddressInfo;
  const { exited, output } = start({ PORT: String(port) });
  expect(await exited).toBe(1);
  expect(output()).toContain(`Port ${port} is taken`);
  expect(output()).toContain(`PORT=${port + 1} npm start`);
  expect(output()).not.toMatch(/\n\s+at /);
  taken.close();
});

test('what is wrong in the environment is said in words', async () => {
  const { exited, output } = start({ PORT: 'coffee', TOKEN_SECRET: 'short' });
  expect(await exited).toBe(1);
  expect(output()).toMatch(/PORT: .*\n\s+TOKEN_SECRET: /);
  expect(output()).not.toMatch(/\n\s+at /);
});

test('a stop lets the request under way finish, ends idle connections, and takes no new ones', async () => {
  const running = start({});
  const url = new URL(await untilOpen(running));
  const body = JSON.stringify({ email: 'nobody@example.com', password: 'x' });
  const half = await open(url);
  const idle = await open(url);
  // A request whose body is still on its way when the stop comes. The server says when it has begun with it.
  half.socket.write(
    `POST /api/v1/sessions HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n` +
      `Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
  );
  await expect.poll(half.received, PATIENCE).toContain('100 Continue');
  idle.socket.write('GET /api/v1/sessions/current HTTP/1.1\r\nHost: shop\r\n\r\n');
  await expect.poll(idle.received, PATIENCE).toContain('401 Unauthorized');
  running.child.kill('SIGTERM');
  await idle.closed;
  // Node ends idle connections a moment before it shuts the door; whoever slips in between is turned away.
  const knock = () =>
    open(url).then(
      () => 'let in',
      (error: unknown) => String(error),
    );
  await expect.poll(knock, PATIENCE).toMatch(/ECONNRE(FUSED|SET)/);
  expect(half.received()).not.toContain('credentials-wrong');
  half.socket.write(body.slice(5));
  await half.closed;
  expect(half.received()).toContain('credentials-wrong');
  expect(await running.exited).toBe(0);
});

test('words after npm start are not passed over: the way to say it is said', async () => {
  const running = start({}, ['--port', '5000']);
  expect(await running.exited).toBe(1);
  expect(running.output()).toContain('npm start takes no words (--port 5000)');
  expect(running.output()).toContain('PORT=5000 npm start');
});

test('a request that never ends does not keep the server from stopping', async () => {
  const running = start({});
  const url = new URL(await untilOpen(running));
  const { socket, received } = await open(url);
  socket.write(
    'POST /api/v1/sessions HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n{',
  );
  await expect.poll(received, PATIENCE).toContain('100 Continue');
  running.child.kill('SIGTERM');
  expect(await running.exited).toBe(0);
});

async function open(url: URL): Promise<{ socket: Socket; received: () => string; closed: Promise<void> }> {
  const socket = connect(Number(url.port), url.hostname);
  let received = '';
  socket.on('data', (text) => (received += text.toString()));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return { socket, received: () => received, closed };
}
