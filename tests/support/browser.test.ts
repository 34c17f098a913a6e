import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, type Browser } from './browser.ts';

const html = `<!doctype html><meta charset="utf-8"><title>Doublestamp</title>
<style>body{font:32px sans-serif;margin:24px}b{color:#7a4a21}</style>
<h1>Have that on me</h1><p>A long day: <b>two stamps</b>, crème brûlée 3,50 €</p><p id="n"></p>
<script>document.querySelector('#n').textContent = 'Stamps: ' + (1 + 1)</script>`;

let browser: Browser;
let server: Server;
beforeAll(async () => {
  browser = await launchBrowser();
  server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

test('the tests have a real browser that runs scripts and has letters to draw', async () => {
  const context = await browser.newContext({ viewport: { width: 640, height: 400 } });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(await page.textContent('#n')).toBe('Stamps: 2');
  const drawn = await page.screenshot();
  await page.addStyleTag({ content: '* { color: transparent !important }' });
  const blank = await page.screenshot();
  expect(drawn.length).toBeGreaterThan(3 * blank.length); // text without a font draws nothing, or equal boxes
  const widths = await page.evaluate(() =>
    ['iii', 'WWW'].map((text) => document.createElement('canvas').getContext('2d')!.measureText(text).width),
  );
  expect(widths[1]).toBeGreaterThan(2 * widths[0]!);
  await context.close();
});
