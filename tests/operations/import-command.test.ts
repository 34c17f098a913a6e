import BetterSqlite3 from 'better-sqlite3';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { withDatabase } from '../../db/open.ts';
import { systemClock } from '../../src/clock.ts';
import type { CommandContext } from '../../src/commands/command.ts';
import { importCommand } from '../../src/commands/import.ts';
import { readConfig } from '../../src/config.ts';
import { aSalesFile, asSpreadsheet, vendingSales } from '../support/a-sales-file.ts';

const CLI = join(import.meta.dirname, '../../src/cli.ts');
const KILL_TIMEOUT_MS = 120_000;
/** Into an import that takes seconds. */
const MIDDLE_MS = 100;

/** The command on a database file that is not there yet. */
function aTerminal() {
  const folder = mkdtempSync(join(tmpdir(), 'doublestamp-import-command-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const config = readConfig({ DATA_FOLDER: folder });
  const printed: string[] = [];
  const context: CommandContext = {
    config,
    clock: systemClock,
    withDatabase: (work, url = config.databaseUrl) => withDatabase(url, work),
    out: new Writable({
      write(chunk, _encoding, done) {
        printed.push(String(chunk));
        done();
      },
    }),
    say: (line) => void printed.push(`${line}\n`),
  };
  return {
    folder,
    path: config.databaseUrl,
    run: async (...args: string[]) => {
      printed.length = 0;
      const code = await importCommand.run(args, context);
      return { code, text: printed.join('') };
    },
    printed: () => printed.join(''),
    countSales: () =>
      withDatabase(config.databaseUrl, async (db) => {
        return (await db.read((queries) => queries.query((d, { sales }) => d.select().from(sales)))).length;
      }),
  };
}

const newShop = ['--create-shop', 'Corner Coffee', '--owner-email', 'olive@example.com'];
const file = () => aSalesFile(asSpreadsheet(vendingSales), 'vending.csv');

test('on a database without a shop it says what to do, and makes a shop when told to', async () => {
  const terminal = aTerminal();
  const how = ['--time-zone', 'UTC', '--currency', 'UAH', '--source', 'vending'];
  await expect(terminal.run(file(), ...how)).rejects.toThrow('--create-shop');
  const { code, text } = await terminal.run(file(), ...how, ...newShop, '--yes');
  expect(code).toBe(0);
  expect(text).toContain('Sign in as olive@example.com with the password ');
  expect(text).toContain(
    'line  8  the date is written differently from most: read as 2024-03-14 13:19:07.033',
  );
  expect(text).toContain('338.96 UAH');
  expect(await terminal.countSales()).toBe(10);
  const again = await terminal.run(file(), '--source', 'vending', '--yes');
  expect(again).toMatchObject({
    code: 0,
    text: expect.stringContaining('Imported before, and left as they are: 10.'),
  });
  expect(await terminal.countSales()).toBe(10);
});

test('a new shop is asked for as on the set-up page: none is made of what that would refuse', async () => {
  const terminal = aTerminal();
  const how = { '--create-shop': 'Corner Coffee', '--owner-email': 'olive@example.com', '--currency': 'UAH' };
  const run = (changes: Record<string, string>) =>
    terminal.run(file(), '--time-zone', 'UTC', ...Object.entries({ ...how, ...changes }).flat(), '--dry-run');
  await expect(run({ '--currency': 'uah' })).rejects.toThrow('--currency: Not a currency');
  await expect(run({ '--owner-email': 'olive' })).rejects.toThrow('--owner-email: ');
  await expect(run({ '--create-shop': ' ' })).rejects.toThrow('--create-shop: Please give a name');
  await expect(run({ '--location': ' ' })).rejects.toThrow('--location: Please give a name');
  const { text } = await run({ '--owner-email': ' Olive@Example.com ' });
  expect(text).toContain('Sign in as olive@example.com with');
});

test('it imports only after a yes', async () => {
  const terminal = aTerminal();
  const how = [file(), '--time-zone', 'UTC', '--currency', 'UAH'];
  expect(await terminal.run(...how, ...newShop, '--dry-run')).toMatchObject({ code: 0 });
  expect(await terminal.run(...how)).toMatchObject({ code: 1, text: expect.stringContaining('--yes') });
  expect(await terminal.countSales()).toBe(0);
  const { text } = await terminal.run(...how, '--yes', '--format', 'json');
  expect(JSON.parse(text)).toMatchObject({ dryRun: false, newSaleCount: 10 });
});

test('a mistyped command line is explained', async () => {
  const terminal = aTerminal();
  await expect(terminal.run()).rejects.toThrow('Which file?');
  await expect(terminal.run('nowhere.csv')).rejects.toThrow('no file nowhere.csv');
  await expect(terminal.run(file(), '--map', 'colour=red')).rejects.toThrow('PART=COLUMN');
  await expect(terminal.run(file(), '--time-zone', 'Mars')).rejects.toThrow('--time-zone');
  await expect(terminal.run(file(), '--decimal', ';')).rejects.toThrow('--decimal');
  await terminal.run(file(), '--time-zone', 'UTC', '--currency', 'UAH', ...newShop, '--dry-run');
  await expect(terminal.run(file(), '--time-zone', 'UTC', '--map', 'amount=sum', '--yes')).rejects.toThrow(
    'Nothing was imported',
  );
  expect(terminal.printed()).toContain('There is no column “sum”: --map amount=COLUMN');
  expect(terminal.printed()).toContain(
    'The columns are: date, datetime, cash_type, card, money, coffee_name',
  );
});

test(
  'killed in the middle it leaves nothing, and all of it comes in the next time',
  { timeout: KILL_TIMEOUT_MS },
  async () => {
    const terminal = aTerminal();
    await terminal.run(file(), '--time-zone', 'UTC', '--currency', 'UAH', ...newShop, '--dry-run');
    const rows = Array.from(
      { length: 20_000 },
      (_, row) => `${new Date(1_700_000_000_000 + row * 60_000).toISOString()},3.50,C-${row % 900}`,
    );
    const many = aSalesFile(['datetime,amount,card', ...rows].join('\n'));
    const args = [CLI, 'import', many, '--time-zone', 'UTC', '--source', 'many', '--yes', '--format', 'json'];
    const child = spawn(process.execPath, args, { env: { ...process.env, DATABASE_URL: terminal.path } });
    const ended = once(child, 'exit');
    await untilItWrites(terminal.path, child);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(await terminal.countSales()).toBe(0);
    const { text } = await terminal.run(
      many,
      '--time-zone',
      'UTC',
      '--source',
      'many',
      '--yes',
      '--format',
      'json',
    );
    expect(JSON.parse(text)).toMatchObject({ newSaleCount: 20_000, newCardCount: 900 });
    expect(await terminal.countSales()).toBe(20_000);
  },
);

/** Until another process is in the middle of a transaction that writes: then nobody else may begin one. */
async function untilItWrites(path: string, child: ChildProcess): Promise<void> {
  const onlooker = new BetterSqlite3(path, { timeout: 0 });
  try {
    while (child.exitCode === null && !isBusy(onlooker)) await sleep(5);
  } finally {
    onlooker.close();
  }
  await sleep(MIDDLE_MS);
}

function isBusy(onlooker: BetterSqlite3.Database): boolean {
  try {
    onlooker.exec('BEGIN IMMEDIATE; ROLLBACK');
    return false;
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return true;
    throw error;
  }
}
