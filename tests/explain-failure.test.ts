import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { explainFailure } from '../src/explain-failure.ts';
import { createPostgresDatabase } from './support/postgres.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doublestamp-failure-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (words: string[], environment: Record<string, string> = {}): string => {
  const { status, stderr } = spawnSync(process.execPath, words, {
    cwd: join(import.meta.dirname, '..'),
    env: { PATH: process.env['PATH'], DATA_FOLDER: folder, PORT: '0', ...environment },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).not.toMatch(/\n\s+at /);
  return stderr;
};
const server = ['src/main.ts'];
const report = ['src/cli.ts', 'report'];

test.each([server, report])(
  'a file that is no database is to be kept, and a backup restored: %s',
  (...words) => {
    const path = join(folder, 'doublestamp.db');
    writeFileSync(path, 'A letter to grandmother, and not a database at all.');
    expect(run(words)).toMatch(`damaged, or is none: ${path}`);
  },
);

test('a folder in the place of the database is called no file', () => {
  mkdirSync(join(folder, 'doublestamp.db'));
  expect(run(report)).toContain('is not a file');
});

test('an address of another kind of database is refused, and makes no file of that name', () => {
  expect(run(report, { DATABASE_URL: 'mysql://shop' })).toContain('DATABASE_URL: say postgres://');
});

test('a PostgreSQL without that database says to make it', async () => {
  const database = await createPostgresDatabase();
  const url = new URL(database.url);
  url.pathname = '/nowhere';
  expect(run(server, { DATABASE_URL: url.href })).toContain('Make it with createdb');
  await database.drop();
});

test('a PostgreSQL that is not there is asked after', () => {
  expect(run(report, { DATABASE_URL: 'postgres://127.0.0.1:1/shop' })).toContain('Is it running?');
});

const failure = (told: object) => Object.assign(new Error('as it was told'), told);

test.each([
  [{ code: 'EACCES', path: '/srv/shop.db' }, 'This account may not read or write /srv/shop.db'],
  [{ code: 'EROFS', path: '/srv/shop.db' }, 'can only be read'],
  [{ code: 'ENOSPC' }, 'no room left on the disk. Make some'],
  [{ code: 'SQLITE_FULL', path: '/srv/shop.db' }, 'no room left on the disk for /srv/shop.db'],
  [{ code: 'EISDIR', path: '/srv/reports' }, 'a folder where a file is needed: /srv/reports'],
  [{ code: 'ENOTDIR', path: '/srv/data' }, 'a file where a folder is needed: /srv/data'],
  [{ code: 'SQLITE_CORRUPT_INDEX', path: '/srv/shop.db' }, 'restore the last good backup'],
  [{ code: 'SQLITE_BUSY', path: '/srv/shop.db' }, 'Another program does not let go'],
  [{ code: 'ENOTFOUND', hostname: 'db.example.com' }, 'No computer called db.example.com'],
  [{ code: '28P01' }, 'as it was told. Check DATABASE_URL'],
  [{ code: 'EADDRINUSE', syscall: 'listen', port: 4747 }, 'PORT=4748 npm start'],
])('%o is said in words, with the next step', (told, words) => {
  expect(explainFailure(failure(told), 'npm start')).toContain(words);
});

test('what the database said is found inside what the query says', () => {
  const failed = new Error('Failed query: create schema', { cause: failure({ code: '42501' }) });
  expect(explainFailure(failed, 'npm start')).toContain('ALTER DATABASE doublestamp OWNER TO doublestamp');
});

test('what nobody foresaw is said in full', () => {
  const bug = new TypeError('x is not a function');
  expect(explainFailure(bug, 'npm start')).toBe(bug.stack);
  expect(explainFailure(new Error('Make the coffee first.'), 'npm start')).toBe('Make the coffee first.');
});
