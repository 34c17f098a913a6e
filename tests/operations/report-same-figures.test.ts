import { parse } from 'csv-parse/sync';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { openDatabase, withDatabase } from '../../db/open.ts';
import { systemClock } from '../../src/clock.ts';
import { UsageError } from '../../src/commands/command.ts';
import type { CommandContext } from '../../src/commands/command.ts';
import { reportCommand } from '../../src/commands/report.ts';
import { readConfig } from '../../src/config.ts';
import type { GestureTotals } from '../../src/operations/gesture-totals.ts';
import { formatMajorUnits } from '../../src/operations/major-units.ts';
import type { GestureReportRow } from '../../src/operations/gesture-report-row.ts';
import { aBusyShop } from '../support/a-busy-shop.ts';
import type { BusyShop } from '../support/a-busy-shop.ts';
import { createSqliteFile } from '../support/databases.ts';
import { createPostgresDatabase } from '../support/postgres.ts';
import { startTestServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** Each command starts a process of its own, which takes seconds where many tests share few processors. */
const COMMANDS_TIMEOUT_MS = 180_000;
const AS_OF = '2025-12-24T18:00:00Z';

/** A row without the ids that differ from one database to the next. */
interface Figures {
  gestureId: string;
  laterVisits: number;
  daysToReturn: number | null;
  attributedSales: number;
  spend: string;
  window: string;
  staffName: string;
}

interface Place {
  db: Database;
  url: string;
  shop: BusyShop;
  server: TestServer;
  close(): Promise<void>;
}

async function open(create: () => Promise<{ url: string; drop: () => Promise<void> }>): Promise<Place> {
  const { url, drop } = await create();
  const db = await openDatabase(url);
  const shop = await aBusyShop(db, { customerCount: 30, saleCount: 1_500, gestureCount: 600 });
  const server = await startTestServer({ db });
  const close = async (): Promise<void> => {
    await server.close();
    await db.close();
    await drop();
  };
  return { db, url, shop, server, close };
}

function runReport(
  place: Place,
  args: readonly string[],
): Promise<{ code: number | null; out: string; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(PROJECT, 'src/cli.ts'), 'report', ...args], {
      env: { ...process.env, DATABASE_URL: place.url },
    });
    let [out, said] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('close', (code) => resolve({ code, out, said }));
  });
}

function figuresOf(row: GestureReportRow): Figures {
  const { gestureId, laterVisits, daysToReturn, attributedSales, window, staffName } = row;
  const spend = formatMajorUnits(row.attributedSpendMinor, 'GBP');
  return { gestureId, laterVisits, daysToReturn, attributedSales, spend, window, staffName };
}

function figuresOfLine(line: Record<string, string>): Figures {
  return {
    gestureId: line['gesture_id']!,
    laterVisits: Number(line['later_visits']),
    daysToReturn: line['days_to_return'] === '' ? null : Number(line['days_to_return']),
    attributedSales: Number(line['attributed_sales']),
    spend: line['attributed_spend']!,
    window: line['window']!,
    staffName: line['staff']!,
  };
}

/** Every row, the oldest first as in the files, and the totals. */
async function readPages(place: Place, asked: string) {
  const items: GestureReportRow[] = [];
  let cursor: string | null = null;
  do {
    const page: { body: { items: GestureReportRow[]; nextCursor: string | null } } = await ask(
      place,
      `/api/v1/reports/gestures?${asked}&limit=200${cursor ? `&cursor=${cursor}` : ''}`,
    );
    items.push(...page.body.items);
    cursor = page.body.nextCursor;
  } while (cursor);
  const { totals } = (await ask(place, `/api/v1/reports/gestures/totals?${asked}`)).body as {
    totals: GestureTotals;
  };
  return { items: items.toReversed(), totals };
}

async function readFile(place: Place, asked: string): Promise<string> {
  return (await ask(place, `/api/v1/reports/gestures.csv?${asked}`)).text;
}

async function ask({ server, shop }: Place, path: string): Promise<request.Response> {
  return request(server.url)
    .get(path)
    .set('Cookie', await server.signInAtDesk(shop.owner));
}

const linesOf = (text: string) =>
  (parse(text, { columns: true, bom: true }) as Record<string, string>[]).map(figuresOfLine);

/** Every total without the ids. */
function sumsOf(totals: GestureTotals): unknown {
  return JSON.parse(
    JSON.stringify(totals, (key, value: unknown) => (key.endsWith('Id') ? undefined : value)),
  );
}

describe('the same figures on SQLite and PostgreSQL', () => {
  let places: Place[];
  let folder: string;
  beforeAll(async () => {
    places = await Promise.all([open(createSqliteFile), open(createPostgresDatabase)]);
    folder = mkdtempSync(join(tmpdir(), 'doublestamp-report-'));
  });
  afterAll(async () => {
    await Promise.all((places ?? []).map((place) => place.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['last', 'first', 'linear'])('by API and file, by %s touch', async (model) => {
    const asked = `windowDays=60&model=${model}&asOf=${AS_OF}&from=2025-04-01`;
    const seen: { rows: Figures[]; sums: unknown }[] = [];
    for (const place of places) {
      const { items, totals } = await readPages(place, asked);
      expect(linesOf(await readFile(place, asked))).toEqual(items.map(figuresOf));
      expect(totals.all.attributedSales).toBeGreaterThan(500);
      seen.push({ rows: items.map(figuresOf), sums: sumsOf(totals) });
    }
    expect(seen[1]).toEqual(seen[0]);
  });

  test('and by the command line', { timeout: COMMANDS_TIMEOUT_MS }, async () => {
    const asked = `windowDays=60&model=linear&asOf=${AS_OF}&from=2025-04-01`;
    const options = ['--window', '60', '--model', 'linear', '--as-of', AS_OF, '--from', '2025-04-01'];
    for (const [index, place] of places.entries()) {
      const { items, totals } = await readPages(place, asked);
      const file = join(folder, `${index}.csv`);
      const [csv, json, text] = await Promise.all([
        runReport(place, [...options, '--format', 'csv', '--out', file]),
        runReport(place, [...options, '--format', 'json']),
        runReport(place, options),
      ]);
      expect(csv).toMatchObject({ code: 0, out: '' });
      expect(readFileSync(file, 'utf8')).toBe(await readFile(place, asked));
      const report = JSON.parse(json.out) as { items: GestureReportRow[]; totals: GestureTotals };
      expect(report.items.map(figuresOf)).toEqual(items.map(figuresOf));
      expect(report.totals).toEqual(totals);
      const { gestures, attributedSales, attributedSpendMinor } = totals.all;
      const spend = formatMajorUnits(attributedSpendMinor, 'GBP');
      expect(text.out).toMatch(new RegExp(`^both +${gestures} .* ${attributedSales} +${spend}$`, 'm'));
    }
  });

  test(
    'the command line takes names, and says when it did not understand',
    { timeout: COMMANDS_TIMEOUT_MS },
    async () => {
      const place = places[0]!;
      const names = ['--staff', 'ada', '--location', 'High Street'];
      const [narrowed, told, wrong, help, nowhere] = await Promise.all([
        runReport(place, [...names, '--format', 'csv']),
        runReport(place, [...names, '--reason', 'regular', '--include-undone']),
        runReport(place, ['--windows', '30']),
        runReport(place, ['--help']),
        runReport(place, ['--out', join(folder, 'missing', 'report.csv')]),
      ]);
      expect(new Set(linesOf(narrowed.out).map(({ staffName }) => staffName))).toEqual(new Set(['Ada']));
      expect(told.out).toContain('\nOnly those given at High Street, by Ada, for the reason regular.\n');
      expect(told.out).toContain('\nThose taken back were asked for too, and are in no total.\n');
      expect(wrong).toMatchObject({ code: 2, out: '' });
      expect(wrong.said).toContain("Unknown option '--windows'");
      expect(help.code).toBe(0);
      expect(help.out).toContain('--window DAYS');
      expect(nowhere.code).toBe(1);
      expect(nowhere.said).toMatch(/^There is no .+, or no folder to put it in\.\n$/);
    },
  );

  test('a report of a database that is not there makes none', async () => {
    const path = join(folder, 'nowhere.db');
    const context: CommandContext = {
      config: readConfig({ DATABASE_URL: path }),
      clock: systemClock,
      withDatabase: (work) => withDatabase(path, work),
      out: process.stdout,
      say: () => undefined,
    };
    await expect(reportCommand.run([], context)).rejects.toThrow(/There is no database at .*DATA_FOLDER/s);
    expect(existsSync(path)).toBe(false);
  });

  test.each([
    [['--window', '31'], /--window/],
    [['--format', 'xml'], /--format: xml is not one of text, csv, json/],
    [['--from', '2025-02-30'], /--from/],
    [['--staff', 'Nobody'], /none is called “Nobody”.*Ada/s],
    [['--location', 'Nowhere'], /none is called “Nowhere”/],
    [['--as-of', '2999-01-01T00:00:00Z'], /--as-of: that time has not come yet/],
    [['--merchant', 'Another'], /--merchant.*The Kind Bean/s],
  ])('%j is asked wrongly, and says how', async (args, message) => {
    const context: CommandContext = {
      config: readConfig({ DATABASE_URL: places[0]!.url }),
      clock: systemClock,
      withDatabase: (work) => withDatabase(places[0]!.url, work),
      out: process.stdout,
      say: () => undefined,
    };
    await expect(reportCommand.run(args, context)).rejects.toThrow(message);
    await expect(reportCommand.run(args, context)).rejects.toBeInstanceOf(UsageError);
  });
});
