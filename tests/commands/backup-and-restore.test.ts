import BetterSqlite3 from 'better-sqlite3';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { openDatabase } from '../../db/open.ts';
import { backupCommand } from '../../src/commands/backup.ts';
import { checkCommand } from '../../src/commands/check.ts';
import { restoreCommand } from '../../src/commands/restore.ts';
import { aCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { aCommandLine } from './a-command-line.ts';

let folder: string;
let db: Database;
let shop: Shop;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doublestamp-backup-'));
  db = await openDatabase(join(folder, 'doublestamp.db'));
  shop = await aShop(db);
  for (let sold = 0; sold < 5; sold++) await sell();
});
afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

const sell = async () =>
  granted(await aTill(db, new FixedClock('2026-03-02T09:00:00Z'), shop).sell(await aCard(db, shop), 2));

test('a shop that is open is backed up to one file only its owner can read, and restored as it was', async () => {
  const backup = join(folder, 'backup.db');
  const backedUp = await aCommandLine({ dataFolder: folder })(backupCommand, backup);
  expect(backedUp).toMatchObject({ code: 0 });
  expect(backedUp.said).toContain('secrets.json');
  expect(statSync(backup).mode & 0o777).toBe(0o600);
  await sell(); // comes too late for the backup
  const elsewhere = join(folder, 'elsewhere');
  const restored = await aCommandLine({ dataFolder: elsewhere })(restoreCommand, backup);
  expect(restored).toMatchObject({ code: 0 });
  expect(restored.out).toContain('everything is as it was written');
  expect(restored.said).toContain('Before the first start put the old secrets.json');
  expect(readdirSync(elsewhere)).toEqual(['doublestamp.db']);
  expect(readdirSync(folder).filter((name) => name.startsWith('backup'))).toEqual(['backup.db']);
  const copy = await openDatabase(join(elsewhere, 'doublestamp.db'));
  expect(await rowsOf(copy, shop, 'sales')).toEqual((await rowsOf(db, shop, 'sales')).slice(0, 5));
  await copy.close();
});

test('a backup replaces nothing, and needs a shop', async () => {
  const cli = aCommandLine({ dataFolder: folder });
  const precious = join(folder, 'precious.txt');
  writeFileSync(precious, 'mine');
  expect(await cli(backupCommand, precious)).toMatchObject({ code: 1 });
  expect(statSync(precious).size).toBe(4);
  const nowhere = aCommandLine({ dataFolder: join(folder, 'nowhere') });
  expect((await nowhere(backupCommand, join(folder, 'b.db'))).said).toContain('There is no database');
  expect(existsSync(join(folder, 'b.db'))).toBe(false);
});

test('a backup is never restored over a shop', async () => {
  const cli = aCommandLine({ dataFolder: folder });
  const backup = join(folder, 'backup.db');
  await cli(backupCommand, backup);
  await sell();
  const restored = await cli(restoreCommand, backup);
  expect(restored).toMatchObject({ code: 1, out: '' });
  expect(restored.said).toContain('a backup never replaces one');
  expect(await rowsOf(db, shop, 'sales')).toHaveLength(6);
});

test('what was restored on a new computer needs the secrets of its shop, also beside those that a first start made', async () => {
  const backup = join(folder, 'backup.db');
  await aCommandLine({ dataFolder: folder })(backupCommand, backup);
  const elsewhere = join(folder, 'elsewhere');
  await (await openDatabase(join(elsewhere, 'doublestamp.db'))).close();
  const cli = aCommandLine({ dataFolder: elsewhere });
  expect((await cli(restoreCommand, backup)).said).toContain('There is a database at');
  rmSync(join(elsewhere, 'doublestamp.db'));
  writeFileSync(join(elsewhere, 'secrets.json'), '{}');
  const restored = await cli(restoreCommand, backup);
  expect(restored).toMatchObject({ code: 0 });
  expect(restored.said).toContain(
    `make sure that ${join(elsewhere, 'secrets.json')} is the one of this shop`,
  );
});

test('what was deleted and still stands in an unused corner of the backup is not restored', async () => {
  const backup = join(folder, 'backup.db');
  await aCommandLine({ dataFolder: folder })(backupCommand, backup);
  const client = new BetterSqlite3(backup);
  client.exec("CREATE TABLE letters AS SELECT 'Grace who was forgotten' AS text; DROP TABLE letters;");
  client.close();
  expect(readFileSync(backup).includes('Grace who was forgotten')).toBe(true);
  const elsewhere = join(folder, 'elsewhere');
  expect(await aCommandLine({ dataFolder: elsewhere })(restoreCommand, backup)).toMatchObject({ code: 0 });
  const restored = readFileSync(join(elsewhere, 'doublestamp.db'));
  expect(restored.includes('Grace who was forgotten')).toBe(false);
});

test('what a restore that was interrupted left behind does not get into the next one', async () => {
  const backup = join(folder, 'backup.db');
  await aCommandLine({ dataFolder: folder })(backupCommand, backup);
  await sell();
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere);
  copyFileSync(join(folder, 'doublestamp.db-wal'), join(elsewhere, 'doublestamp.db.restoring-wal'));
  const restored = await aCommandLine({ dataFolder: elsewhere })(restoreCommand, backup);
  expect(restored.out).toMatch(/5 cards/);
  expect(readdirSync(elsewhere)).toEqual(['doublestamp.db']);
});

test('checking a backup leaves it as it is, for the version that wrote it to go back to', async () => {
  const backup = join(folder, 'backup.db');
  await aCommandLine({ dataFolder: folder })(backupCommand, backup);
  const before = readFileSync(backup);
  const names = readdirSync(folder);
  const checked = await aCommandLine({ dataFolder: folder })(checkCommand, '--database', backup);
  expect(checked).toMatchObject({ code: 0 });
  expect(readFileSync(backup).equals(before)).toBe(true);
  expect(readdirSync(folder)).toEqual(names);
});

test('a backup with a changed entry is not restored, and leaves nothing behind', async () => {
  await db.transact((tx) => tx.query((d, { cards }) => d.update(cards).set({ balance: 77 })));
  const backup = join(folder, 'backup.db');
  await aCommandLine({ dataFolder: folder })(backupCommand, backup);
  const elsewhere = join(folder, 'elsewhere');
  const restored = await aCommandLine({ dataFolder: elsewhere })(restoreCommand, backup);
  expect(restored).toMatchObject({ code: 1 });
  expect(restored.said).toMatch(/card \S+ says 77 stamps, and its entries add up to 2/);
  expect(readdirSync(elsewhere)).toEqual([]);
});

test('something that is no backup is not restored', async () => {
  const file = join(folder, 'notes.txt');
  writeFileSync(file, 'milk, oats, more milk\n'.repeat(300));
  const restored = await aCommandLine({ dataFolder: join(folder, 'new') })(restoreCommand, file);
  expect(restored).toMatchObject({ code: 1 });
  expect(restored.said).toContain('is not a whole backup');
  expect(existsSync(join(folder, 'new'))).toBe(false);
});

test('an empty file, as a full disk leaves one, is no backup: it is not restored, and does not check well', async () => {
  const file = join(folder, 'empty.db');
  writeFileSync(file, '');
  const restored = await aCommandLine({ dataFolder: join(folder, 'new') })(restoreCommand, file);
  expect(restored).toMatchObject({ code: 1, out: '' });
  expect(restored.said).toContain('there is no shop in it');
  expect(readdirSync(join(folder, 'new'))).toEqual([]);
  const checked = await aCommandLine({ dataFolder: folder })(checkCommand, '--database', file);
  expect(checked).toMatchObject({ code: 1, out: '' });
});

test('a backup holds what a copy of the file alone would miss', async () => {
  const copied = join(folder, 'copied.db');
  const backup = join(folder, 'backup.db');
  copyFileSync(join(folder, 'doublestamp.db'), copied);
  await aCommandLine({ dataFolder: folder })(backupCommand, backup);
  const checked = await aCommandLine({ dataFolder: folder })(checkCommand, '--database', backup);
  expect(checked.out).toMatch(/5 cards/);
  const missing = await aCommandLine({ dataFolder: folder })(checkCommand, '--database', copied);
  expect(missing.out).not.toMatch(/5 cards/);
});

test('on PostgreSQL both say how it is done there', async () => {
  const cli = aCommandLine({ dataFolder: folder, databaseUrl: 'postgres://localhost/nowhere' });
  expect((await cli(backupCommand, join(folder, 'b'))).said).toContain('pg_dump');
  expect((await cli(restoreCommand, join(folder, 'b'))).said).toContain('pg_restore');
});

test('a file named without a folder lies where the command was typed, not beside the program', () => {
  const project = dirname(dirname(import.meta.dirname));
  const typed = mkdtempSync(join(folder, 'where somebody stood '));
  const { status } = spawnSync(process.execPath, ['scripts/run.mjs', 'src/cli.ts', 'backup', 'evening.db'], {
    cwd: project, // where npm runs us
    env: { PATH: process.env['PATH'], DATA_FOLDER: folder, INIT_CWD: typed },
  });
  expect(status).toBe(0);
  expect(readdirSync(typed)).toEqual(['evening.db']);
});
