import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { buildTill } from './till-tablet.ts';

const dist = join(import.meta.dirname, '..', '..', 'dist', 'till');
const MOST_SCRIPT_BYTES = 60_000;

beforeAll(buildTill);

test('the till’s page weighs little enough for a bad Wi-Fi', () => {
  const scripts = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js'));
  const bytes = scripts.map((name) => gzipSync(readFileSync(join(dist, 'assets', name))).length);
  const total = bytes.reduce((sum, one) => sum + one, 0);
  expect(total).toBeGreaterThan(5_000);
  expect(total).toBeLessThanOrEqual(MOST_SCRIPT_BYTES);
});

test('the till’s page holds nothing its content security policy would not let run', () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=/);
  expect(html).not.toMatch(/https?:/);
});
