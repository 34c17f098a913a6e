import { defineConfig } from 'vitest/config';
import { ResultReporter } from './scripts/result-reporter.ts';

// Need the owner's own file of sales, so they run only where that file is given; never as a skipped test.
const realSales = process.env['DOUBLESTAMP_SALES_FILE'] ? [] : ['tests/**/real-sales.test.ts'];

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['**/node_modules/**', ...realSales],
    environment: 'node',
    globalSetup: ['tests/support/postgres-server.ts'],
    pool: 'forks',
    maxWorkers: 3,
    // A browser beside other browsers on two busy cores takes its time; only a test that fails waits so long.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 10_000,
    expect: { poll: { timeout: 20_000 } },
    allowOnly: false,
    silent: 'passed-only',
    reporters: ['default', new ResultReporter()],
  },
});
