import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../db/open.ts';
import { listMerchants } from '../db/queries/merchant-queries.ts';
import { readAudit } from '../src/operations/read-audit.ts';
import { aShop } from './support/a-shop.ts';

const PROJECT = dirname(import.meta.dirname);
const SMALL = ['--sales', '3000'];
let folder: string;
let started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doublestamp-demo-'));
});
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started = [];
  rmSync(folder, { recursive: true, force: true });
});

function start(args: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(PROJECT, 'src/cli.ts'), 'demo', ...args], {
    env: { PATH: process.env['PATH'], DATA_FOLDER: folder, PORT: '0', ...environment },
  });
  started.push(child);
  let [out, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<{ code: number | null; out: string; said: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, said }));
  });
  return { child, ended, out: () => out };
}

async function untilOpen(running: ReturnType<typeof start>): Promise<string> {
  await expect.poll(running.out, { timeout: 25_000 }).toContain('Stop it with Ctrl-C');
  return running.out();
}

async function post(url: string, body: object): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
}

test('the demo explains itself', async () => {
  const { code, out } = await start(['--help']).ended;
  expect(code).toBe(0);
  expect(out).toContain('npm run demo -- [options]');
});

test('an option that does not fit is named, and nothing is started', async () => {
  expect(await start(['--seed', 'lucky']).ended).toMatchObject({
    code: 2,
    said: expect.stringContaining('--seed: lucky is not a whole number'),
  });
  expect((await start(['--database', 'postgres://x']).ended).code).toBe(2);
});

test('a port that is taken is named before anything is made up', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const { code, said } = await start([], { PORT: String(port) }).ended;
  await new Promise((resolve) => other.close(resolve));
  expect(code).toBe(1);
  expect(said).toBe(
    `Port ${port} is taken, perhaps by Doublestamp itself. Choose another:\n  PORT=${port + 1} npm run demo\n`,
  );
});

test('a real shop in the place of the demo is left as it is', async () => {
  const path = join(folder, 'demo.db');
  const db = await openDatabase(path);
  await aShop(db);
  await db.close();
  copyFileSync(path, join(folder, 'before.db'));
  for (const args of [[], ['--keep']]) {
    const { code, said } = await start(args).ended;
    expect(code).toBe(1);
    expect(said).toContain(`${path} is not a demo, so it is left as it is`);
  }
  expect(readFileSync(path).equals(readFileSync(join(folder, 'before.db')))).toBe(true);
});

test('a file that is no database in the place of the demo is left as it is', async () => {
  const path = join(folder, 'demo.db');
  writeFileSync(path, 'The recipe of the carrot cake, of which there is no other copy.\n'.repeat(100));
  const { code, said } = await start([]).ended;
  expect(code).toBe(1);
  expect(said).toContain('is not a demo');
  expect(readFileSync(path, 'utf8')).toContain('carrot cake');
});

test('every way in that the demo prints works and leaves its line in the audit log, and Ctrl-C ends it', async () => {
  const running = start(SMALL, { DATABASE_URL: join(folder, 'real.db') });
  const said = await untilOpen(running);
  const url = /(\S+)\/desk/.exec(said)![1]!;

  const [, email, password] = /(\S+@\S+) \(owner\), password (\S+)/.exec(said)!;
  expect((await post(`${url}/api/v1/sessions`, { email, password })).status).toBe(201);

  const codes = [...said.matchAll(/\?enrol=(\S+)/g)].map(([, code]) => code!);
  expect(codes).toHaveLength(2);
  const enrolled = await post(`${url}/api/v1/devices`, { code: codes[0]! });
  expect(enrolled.status).toBe(201);
  expect(enrolled.text).toContain('Wren & Kettle (made up)');

  const cards = said.match(/http:\S+\/c\/\S+/g)!;
  expect(new Set(cards).size).toBe(3);
  for (const card of cards) {
    const page = await fetch(card);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('(made up)');
  }
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(0);
  expect(() => readFileSync(join(folder, 'real.db'))).toThrow('ENOENT');

  const db = await openDatabase(join(folder, 'demo.db'));
  const [merchant] = await db.read((queries) => listMerchants(queries, { limit: 1 }));
  const { items } = await readAudit(db)(merchant!, { limit: 4 });
  await db.close();
  expect(items.map(({ action }) => action)).toEqual([
    'device.enrolled',
    'session.started',
    'enrolment.started',
    'enrolment.started',
  ]);
});

test(
  'a demo that is running is not made anew under its visitors, nor shared',
  { timeout: 90_000 },
  async () => {
    const running = start(SMALL);
    const card = /http:\S+\/c\/\S+/.exec(await untilOpen(running))![0];
    for (const args of [SMALL, ['--keep']]) {
      const { code, said } = await start(args).ended;
      expect(code).toBe(1);
      expect(said).toContain(`Another demo is running on ${join(folder, 'demo.db')}`);
    }
    expect((await fetch(card)).status).toBe(200);
    running.child.kill('SIGTERM');
    await running.ended;
    const next = start(['--keep']);
    await untilOpen(next);
  },
);

test('what was done in a demo is there again with --keep, and gone without', async () => {
  const linksOf = (said: string) => said.match(/\/c\/\S+/g);
  const first = start(SMALL);
  const links = linksOf(await untilOpen(first));
  first.child.kill('SIGTERM');
  await first.ended;
  const kept = start(['--keep']);
  expect(linksOf(await untilOpen(kept))).toEqual(links);
  kept.child.kill('SIGTERM');
  expect((await kept.ended).said).toContain('Going on with the demo there is');
  const another = start([...SMALL, '--seed', '2']);
  expect(linksOf(await untilOpen(another))).not.toEqual(links);
}, 180_000);
