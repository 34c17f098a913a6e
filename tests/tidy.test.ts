import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  decisionsAreNumbered,
  everyTestRuns,
  importsPointOneWay,
  namesArePlain,
  nothingNamesAMachine,
  onlyCommandsOpenAnything,
  onlyConfigReadsTheEnvironment,
  onlyDatabaseFilesKnowTheDatabase,
  readProject,
  whatRunsIsInstalled,
  type Rule,
} from './support/tidy-rules.ts';

type Sample = [path: string, text: string];

const rules: { says: string; rule: Rule; good: Sample[]; bad: Sample[] }[] = [
  {
    says: 'imports point one way',
    rule: importsPointOneWay,
    good: [
      ['src/loyalty/card.ts', `import type { Program } from './program.ts';`],
      ['src/evidence/attribution.ts', `import type { Gesture } from '../loyalty/gesture.ts';`],
      [
        'src/operations/give-gesture.ts',
        `import { decideGesture } from '../loyalty/gesture.ts';\nimport * as z from 'zod';`,
      ],
      ['src/operations/record-sale.ts', `import { insertSale } from '../../db/queries/sale-queries.ts';`],
      ['src/operations/weigh-in-worker.ts', `new Worker(new URL('weigh-worker.ts', import.meta.url));`],
      ['src/routes.ts', `import about from '../package.json' with { type: 'json' };`],
      ['src/http/app.ts', `import type { Database } from '../../db/database.ts';`],
      [
        'src/main.ts',
        `import { createApp } from './http/app.ts';\nimport { openDatabase } from '../db/open.ts';`,
      ],
      ['db/schema.ts', `import type { Accrual } from '../src/loyalty/program.ts';`],
      [
        'pos-adapter/till/queue.ts',
        `import type { Stamp } from '../../src/http/routes/stamps.ts';\nimport { openDB } from 'idb';`,
      ],
    ],
    bad: [
      ['src/loyalty/card.ts', `import { createHash } from 'node:crypto';`],
      ['src/loyalty/card.ts', `import type { Clock } from '../clock.ts';`],
      ['src/loyalty/card.ts', `export {\n  giveGesture,\n} from '../operations/give-gesture.ts';`],
      ['src/evidence/attribution.ts', `import { decideGesture } from '../loyalty/gesture.ts';`],
      ['src/operations/give-gesture.ts', `import { sendProblem } from '../http/problem.ts';`],
      ['src/operations/give-gesture.ts', `import type { Config } from '../config.ts';`],
      ['src/http/routes/stamps.ts', `import { insertSale } from '../../../db/queries/sale-queries.ts';`],
      ['src/http/routes/stamps.ts', `const sales = await import('../../../db/queries/sale-queries.ts');`],
      ['src/http/app.ts', `import { renderCard } from '../pages/card/render-card.ts';`],
      ['db/sqlite.ts', `import { readConfig } from '../src/config.ts';`],
      ['pos-adapter/square/square.ts', `import type { Database } from '../../db/database.ts';`],
      ['pos-adapter/till/queue.ts', `import { decideGesture } from '../../src/loyalty/gesture.ts';`],
      ['pos-adapter/till/till.tsx', `import '../../src/pages/dashboard/dashboard.css';`],
      ['src/commands/demo.ts', `import { aShop } from '../../tests/support/a-shop.ts';`],
      ['src/server.ts', `import type { Proof } from '../scripts/proofs/proof.ts';`],
      ['src/http/app.ts', 'const sales = await import(`../../db/queries/sale-queries.ts`);'],
      ['src/http/app.ts', `new Worker(new URL('../../db/sqlite-columns-worker.ts', import.meta.url));`],
    ],
  },
  {
    says: 'what runs is installed',
    rule: whatRunsIsInstalled,
    good: [
      ['src/operations/give-gesture.ts', `import { v7 } from 'uuid';\nimport { hash } from 'node:crypto';`],
      ['src/http/app.ts', `import express from 'express';\nimport type { Page } from 'playwright-core';`],
      ['src/operations/passwords.ts', `import { hash } from '@node-rs/argon2';`],
      ['tests/support/axe.ts', `import axe from 'axe-core';`],
    ],
    bad: [
      ['src/demo/random.ts', `import fc from 'fast-check';`],
      ['pos-adapter/till/till.tsx', `const { Agent } = await import('@undeclared/agent/deep.js');`],
    ],
  },
  {
    says: 'only db/ knows which database it is',
    rule: onlyDatabaseFilesKnowTheDatabase,
    good: [['db/queries/card-queries.ts', `import { eq } from 'drizzle-orm';`]],
    bad: [
      ['src/operations/record-sale.ts', `import { eq } from 'drizzle-orm';`],
      ['src/http/app.ts', `import pg from 'pg';`],
    ],
  },
  {
    says: 'only main and the commands open a database or a port',
    rule: onlyCommandsOpenAnything,
    good: [
      ['src/main.ts', `import { openDatabase } from '../db/open.ts';\napp.listen(1);`],
      ['src/cli.ts', `import { openDatabase } from '../db/open.ts';`],
      ['src/cli-report.ts', `import { openDatabase } from '../db/open.ts';`],
      ['src/operations/ledger.ts', `import type { Sqlite } from '../../db/sqlite.ts';`],
    ],
    bad: [
      ['src/operations/ledger.ts', `import { openDatabase } from '../../db/open.ts';`],
      ['src/http/app.ts', `app.listen(4747);`],
      ['src/client.ts', `import { openDatabase } from '../db/open.ts';`],
    ],
  },
  {
    says: 'only src/config.ts reads the environment',
    rule: onlyConfigReadsTheEnvironment,
    good: [
      ['src/config.ts', `const { PORT } = process.env;`],
      ['tests/support/postgres-server.ts', `process.env['DATABASE_URL']`],
      ['src/main.ts', `process.exitCode = 1; const environment = 'process';`],
    ],
    bad: [
      ['src/main.ts', `const port = process.env.PORT;`],
      ['db/open.ts', `process.env['DATABASE_URL']`],
      ['src/http/app.ts', `import { env } from 'node:process';`],
      ['pos-adapter/square/square.ts', `const { env } = process;`],
    ],
  },
  {
    says: 'files and folders are kebab-case and named for what is inside',
    rule: namesArePlain,
    good: [
      ['src/operations/give-gesture.ts', ''],
      ['pos-adapter/README.md', ''],
      ['db/migrations/sqlite/0000_tables.sql', ''],
      ['db/schema.sqlite.ts', ''],
      ['pos-adapter/till/index.html', ''],
    ],
    bad: [
      ['src/operations/giveGesture.ts', ''],
      ['src/Operations/give-gesture.ts', ''],
      ['src/loyalty/utils.ts', ''],
      ['src/loyalty/date-helpers.ts', ''],
      ['src/common/money.ts', ''],
      ['src/loyalty/index.ts', ''],
      ['tests/support/test_shop.ts', ''],
    ],
  },
  {
    says: 'every test runs',
    rule: everyTestRuns,
    good: [['tests/card.test.ts', `test.each([1])('a card skips nothing', () => skip.todo);`]],
    // In pieces, because this file is looked at too.
    bad: ['test only', 'test skip', 'it todo', 'describe skipIf(true)', 'test concurrent skip'].map(
      (words) => ['tests/card.test.ts', `${words.split(' ').join('.')}('a full card is free')`],
    ),
  },
  {
    says: 'nothing names a machine or a package registry',
    rule: nothingNamesAMachine,
    good: [
      [
        'README.md',
        'Till pages live in pos-adapter/till; see https://example.com/home/page and ./wo' + 'rk/x.',
      ],
      ['src/http/app.ts', `app.get('/readyz')`],
    ],
    bad: [
      ['README.md', ['cd ', 'work', 'doublestamp'].join('/')],
      ['src/config.ts', [`'`, 'home', 'ada', `data'`].join('/')],
      ['.npmrc', ['https://registry.npm', 'js.org/'].join('')],
    ],
  },
  {
    says: 'decisions are named NNN-title.md',
    rule: decisionsAreNumbered,
    good: [
      ['docs/decisions/001-one-schema.md', ''],
      ['docs/owners-guide.md', ''],
    ],
    bad: [
      ['docs/decisions/one-schema.md', ''],
      ['docs/decisions/1-one-schema.md', ''],
    ],
  },
];

const project = readProject(dirname(import.meta.dirname));

describe.each(rules)('$says', ({ rule, good, bad }) => {
  test('in the whole project', () => {
    expect(project.flatMap((file) => rule(file).map((fault) => `${file.path}: ${fault}`))).toEqual([]);
  });

  test.each(bad)('and this is caught: %s %s', (path, text) => {
    expect(rule({ path, text })).not.toEqual([]);
  });

  test.each(good)('and this is fine: %s %s', (path, text) => {
    expect(rule({ path, text })).toEqual([]);
  });
});

test('the whole project is looked at', () => {
  const paths = project.map(({ path }) => path);
  for (const path of ['tests/tidy.test.ts', 'scripts/run.mjs', '.npmrc', 'src/config.ts'])
    expect(paths).toContain(path);
  expect(paths.some((path) => path.includes('node_modules'))).toBe(false);
});
