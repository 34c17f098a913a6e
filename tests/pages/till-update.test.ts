// A new build of the till reaches a tablet that is in use and has taps waiting.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchPersistentBrowser } from '../support/browser.ts';
import type { Page } from '../support/browser.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { aStaffedShop, enrolmentCode, openTillWorld, PINS, sellOne, signIn } from './till-tablet.ts';
import type { TillWorld } from './till-tablet.ts';

let world: TillWorld;
let way: Way;
beforeAll(async () => {
  world = await openTillWorld();
  way = await openWay(Number(new URL(world.server.url).port));
});
afterAll(async () => {
  await way?.close();
  await world?.close();
});

/** What lies between the tablet and the server: the API can be out of reach, and a newer build be there. */
interface Way {
  url: string;
  isApiCut: boolean;
  hasNewBuild: boolean;
  close(): Promise<void>;
}

async function openWay(port: number): Promise<Way> {
  const way = { isApiCut: false, hasNewBuild: false } as Way;
  const pass = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const { url = '/', method, headers } = asked;
    if (way.isApiCut && url.startsWith('/api/')) return void answer.destroy();
    if (way.hasNewBuild && url === '/till/sw.js') {
      const script = await (await fetch(`${world.server.url}${url}`)).text();
      answer.writeHead(200, { 'Content-Type': 'text/javascript' });
      return void answer.end(script.replace(/till-\$\{"\w+"\}/, 'till-of-tomorrow'));
    }
    const onward = request({ port, path: url, method, headers }, (found) => {
      answer.writeHead(found.statusCode!, found.headers);
      found.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  };
  const proxy = createServer((asked, answer) => void pass(asked, answer));
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  way.url = `http://localhost:${(proxy.address() as AddressInfo).port}`;
  way.close = () =>
    new Promise((resolve) => {
      proxy.close(() => resolve());
      proxy.closeAllConnections();
    });
  return way;
}

const buildsOn = (page: Page) =>
  page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('till-')));

test(
  'a new build is not used while somebody is at the till or a tap waits; the tablet restarted with it has lost none',
  { timeout: 90_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const folder = mkdtempSync(join(tmpdir(), 'doublestamp-tablet-'));
    const before = await launchPersistentBrowser(folder);
    const page = before.context.pages()[0]!;
    await page.goto(`${way.url}/till/?enrol=${await enrolmentCode(world, shop)}`);
    await page.getByRole('button', { name: 'Connect' }).click();
    await signIn(page, 'Ada', PINS.ada);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    const [today] = await buildsOn(page);
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));

    way.isApiCut = true;
    await page.getByRole('button', { name: 'No card' }).click();
    await sellOne(page);
    const note = '1 tap waits to be sent.';
    await page.locator('.banner', { hasText: note }).waitFor();
    way.hasNewBuild = true;
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await expect.poll(() => buildsOn(page)).toEqual([today, 'till-of-tomorrow']);
    await page.waitForFunction(async () => (await navigator.serviceWorker.ready).waiting !== null);
    // Somebody is at the till; and when they have locked it, a tap still waits.
    await page.getByRole('button', { name: 'Next customer' }).click();
    await page.locator('.top-bar-lock').click();
    await page.locator('.people-list').waitFor();
    await page.getByText(note).first().waitFor();
    expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true);
    expect(await buildsOn(page)).toHaveLength(2);

    await before.kill();
    const after = await launchPersistentBrowser(folder);
    const again = after.context.pages()[0]!;
    await again.goto(`${way.url}/till/`);
    await again.getByText(note).first().waitFor();
    await expect.poll(() => buildsOn(again)).toEqual(['till-of-tomorrow']);
    expect(await rowsOf(world.db, shop, 'sales')).toEqual([]);
    way.isApiCut = false;
    await expect
      .poll(async () => (await rowsOf(world.db, shop, 'sales')).length, { timeout: 40_000 })
      .toBe(1);
    await again.getByText(note).first().waitFor({ state: 'detached' });
    expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(1);
    await after.kill();
    rmSync(folder, { recursive: true, force: true });
  },
);
