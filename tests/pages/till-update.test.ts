// A new build of the till reaches a tablet that is in use and has taps waiting.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchPersistentBrowser } from '../support/browser.ts';
import type { Page } from '../support/browser.ts';
import type { Shop } from '../support/a-shop.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';
import {
  aRegular,
  aStaffedShop,
  aTillAtWork,
  enrolmentCode,
  PINS,
  sellWithoutCard,
  signIn,
} from './till-tablet.ts';

const world = useWorld();
let way: Way;
beforeAll(async () => {
  way = await openWay(Number(new URL(world.server.url).port));
});
afterAll(() => way?.close());

/** What lies between the tablet and the server: the API can be out of reach, and a newer build be there. */
interface Way {
  url: string;
  isApiCut: boolean;
  hasNewBuild: boolean;
  /** Files whose address ends so stay on their way until they are let go. */
  holds: string | null;
  letGo(): void;
  close(): Promise<void>;
}

async function openWay(port: number): Promise<Way> {
  const held: (() => void)[] = [];
  const way = { isApiCut: false, hasNewBuild: false, holds: null } as Way;
  way.letGo = () => {
    way.holds = null;
    for (const go of held.splice(0)) go();
  };
  const pass = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const { url = '/', method, headers } = asked;
    if (way.isApiCut && url.startsWith('/api/')) return void answer.destroy();
    if (way.holds !== null && url.endsWith(way.holds)) await new Promise<void>((go) => held.push(go));
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

interface Tablet {
  page: Page;
  /** The build it has. */
  today: string;
  kill(): Promise<void>;
  restart(): Promise<Page>;
}

/** Enrolled, Ada signed in, the page on the tablet. */
async function atWork(shop: Shop): Promise<Tablet> {
  way.isApiCut = way.hasNewBuild = false;
  const folder = mkdtempSync(join(tmpdir(), 'doublestamp-tablet-'));
  let browser = await launchPersistentBrowser(folder);
  onTestFinished(async () => {
    await browser.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const page = browser.context.pages()[0]!;
  await page.goto(`${way.url}/till/?enrol=${await enrolmentCode(world, shop)}`);
  await page.getByRole('button', { name: 'Connect' }).click();
  await signIn(page, 'Ada', PINS.ada);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const [today] = await buildsOn(page);
  await markPage(page);
  return {
    page,
    today: today!,
    kill: () => browser.kill(),
    async restart() {
      browser = await launchPersistentBrowser(folder);
      const again = browser.context.pages()[0]!;
      await again.goto(`${way.url}/till/`);
      return again;
    },
  };
}

/** So that it can be told from the same page loaded again. */
const markPage = (page: Page) => page.evaluate(() => void Object.assign(window, { isSamePage: true }));
const isSamePage = (page: Page) => page.evaluate(() => 'isSamePage' in window);

/** Looks for a newer build, as the till does by itself, and returns at once. */
const lookForUpdate = (page: Page) =>
  page.evaluate(async () => void (await navigator.serviceWorker.ready).update());

const hasWaitingBuild = (page: Page) =>
  page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null);

async function lock(page: Page): Promise<void> {
  await page.locator('.top-bar-lock').click();
  await page.locator('.people-list').waitFor();
}

/** Whether the page is there anew, on tomorrow's build and with nothing left of today's. */
async function hasChanged(page: Page): Promise<void> {
  const changes = () => page.waitForFunction(() => !('isSamePage' in window), null, { timeout: 10_000 });
  await changes().catch(async () => {
    await endIdleWorkers(page);
    await changes();
  });
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await expect.poll(() => buildsOn(page)).toEqual(['till-of-tomorrow']);
}

/**
 * As a browser does half a minute after a worker's last work. One that is watched, as in a test, never does: now and
 * then the old build's worker stays, and the new one would wait for its end for ever.
 */
async function endIdleWorkers(page: Page): Promise<void> {
  const watching = await page.context().newCDPSession(page);
  await watching.send('ServiceWorker.enable');
  await watching.send('ServiceWorker.stopAllWorkers');
  await watching.detach();
}

test(
  'a new build is not used while somebody is at the till or a tap waits; the tablet restarted with it has lost none',
  { timeout: 90_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const tablet = await atWork(shop);
    const { page, today } = tablet;
    way.isApiCut = true;
    await sellWithoutCard(page);
    const note = '1 tap waits to be sent.';
    await page.locator('.banner', { hasText: note }).waitFor();
    way.hasNewBuild = true;
    await lookForUpdate(page);
    await expect.poll(() => hasWaitingBuild(page)).toBe(true);
    // Somebody is at the till; and when they have locked it, a tap still waits.
    await page.getByRole('button', { name: 'Next customer' }).click();
    await lock(page);
    await page.getByText(note).first().waitFor();
    expect(await isSamePage(page)).toBe(true);
    expect(await buildsOn(page)).toEqual([today, 'till-of-tomorrow']);

    await tablet.kill();
    const again = await tablet.restart();
    await again.getByText(note).first().waitFor();
    expect(await rowsOf(world.db, shop, 'sales')).toEqual([]);
    way.isApiCut = false;
    await expect
      .poll(async () => (await rowsOf(world.db, shop, 'sales')).length, { timeout: 40_000 })
      .toBe(1);
    await again.getByText(note).first().waitFor({ state: 'detached' });
    expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(1);
    // Used since the start; or, had the battery been quicker than the browser's own note of it, now.
    await expect.poll(() => buildsOn(again), { timeout: 20_000 }).toEqual(['till-of-tomorrow']);
  },
);

test('a new build is found when the till is locked, and used at once', { timeout: 90_000 }, async () => {
  const shop = await aStaffedShop(world);
  const tablet = await atWork(shop);
  way.hasNewBuild = true;
  await sellWithoutCard(tablet.page);
  await tablet.page.getByRole('button', { name: 'Next customer' }).click();
  expect(await isSamePage(tablet.page)).toBe(true);
  await lock(tablet.page);
  await hasChanged(tablet.page);
  expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(1);
});

test(
  'a new build that comes to its turn late, when somebody is selling again, waits for the next lock',
  { timeout: 90_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const tablet = await atWork(shop);
    const { page, today } = tablet;
    // The old build has something to fetch for the tablet, and must be let finish.
    way.holds = '.wasm';
    await page.evaluate(() => navigator.serviceWorker.controller!.postMessage('keep-heavy'));
    way.hasNewBuild = true;
    await lookForUpdate(page);
    await expect.poll(() => hasWaitingBuild(page)).toBe(true);
    await lock(page);
    await signIn(page, 'Ben', PINS.ben);
    await page.getByRole('button', { name: 'No card' }).click();
    await page.getByRole('button', { name: 'Flat white £3.50' }).click();
    way.letGo();
    await expect.poll(() => hasWaitingBuild(page)).toBe(false);
    await page.getByRole('button', { name: 'Ring up £3.50' }).click();
    await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
    expect(await isSamePage(page)).toBe(true);
    expect(await buildsOn(page)).toEqual([today, 'till-of-tomorrow']); // the page still has its own files
    await page.getByRole('button', { name: 'Next customer' }).click();
    await lock(page);
    await hasChanged(page);
    expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ staffId: shop.ben.staffId }]);
  },
);

test('a new build starts with the shop as the old one kept it, which did not know when its days begin', async () => {
  const shop = await aStaffedShop(world);
  const regular = await aRegular(world, shop, 'Sam');
  const { page, scan } = await aTillAtWork(world, shop);
  await page.evaluate(async () => {
    const opening = indexedDB.open('doublestamp-till');
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const kept = opening.result.transaction('kept', 'readwrite').objectStore('kept');
    const reading = kept.get('till');
    await new Promise((resolve) => (reading.onsuccess = resolve));
    const till = reading.result as { location: { cutOffMinutes?: number } };
    delete till.location.cutOffMinutes;
    const writing = kept.put(till, 'till');
    await new Promise((resolve) => (writing.onsuccess = resolve));
  });
  await page.route('**/api/v1/devices/current*', (route) => route.abort());
  await page.reload();
  await signIn(page, 'Ada', PINS.ada);
  await scan(regular.cardCode);
  await page.getByText('Last visit 7 days ago').waitFor();
});
