import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { buildPages } from '../support/build-pages.ts';

const dist = join(import.meta.dirname, '..', '..', 'dist', 'till');
const MOST_SCRIPT_BYTES = 60_000;

beforeAll(buildPages);

test('all the till’s page runs before its camera is opened weighs little enough for a bad Wi-Fi', () => {
  const files = loadedWith('index.html');
  expect(files.length).toBeGreaterThan(0);
  const total = files.map(weigh).reduce((sum, one) => sum + one, 0);
  expect(total).toBeGreaterThan(5_000);
  expect(total).toBeLessThanOrEqual(MOST_SCRIPT_BYTES);
});

test('what reads the camera’s picture is fetched only when the camera is opened', () => {
  const reader = readdirSync(join(dist, 'assets')).filter((name) => /read-worker|zxing|camera/.test(name));
  expect(reader.some((name) => name.endsWith('.wasm'))).toBe(true);
  const before = loadedWith('index.html').map((path) => basename(path));
  expect(before.filter((name) => reader.includes(name))).toEqual([]);
});

test('the till’s page holds nothing its content security policy would not let run', () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=/);
  expect(html).not.toMatch(/https?:/);
});

test('the till’s picture on the home screen of an iPad is a PNG: it takes no SVG', () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const [, path] = /rel="apple-touch-icon" href="\/till\/([^"]+)"/.exec(html)!;
  const png = readFileSync(join(dist, path!));
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([180, 180]);
});

/** The scripts a page loads by itself: those it names, and those which they import without being asked. */
function loadedWith(page: string): string[] {
  const html = readFileSync(join(dist, page), 'utf8');
  const found = new Set<string>();
  const add = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    const imports = readFileSync(path, 'utf8').matchAll(/(?:\bfrom|\bimport)\s*["'](\.[^"']+\.js)["']/g);
    for (const [, imported] of imports) add(join(dirname(path), imported!));
  };
  for (const [, address] of html.matchAll(/(?:src|href)="\/till\/([^"]+\.js)"/g)) add(join(dist, address!));
  return [...found];
}

function weigh(path: string): number {
  return gzipSync(readFileSync(path)).length;
}
