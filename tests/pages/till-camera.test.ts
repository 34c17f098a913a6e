import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCardSecret, computeCardCode } from '../../src/operations/card-codes.ts';
import { aCard } from '../support/a-card.ts';
import { writeCardVideo } from '../support/a-card-video.ts';
import { rowsOf } from '../support/shop-settings.ts';
import {
  aStaffedShop,
  aTillAtWork,
  enrolmentCode,
  finish,
  openTillWorld,
  PINS,
  sellOne,
  signIn,
} from './till-tablet.ts';
import type { TillWorld } from './till-tablet.ts';

let world: TillWorld;
let folder: string;
const secret = makeCardSecret();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doublestamp-camera-'));
  const video = join(folder, 'card.y4m');
  writeCardVideo(video, `${computeCardCode(secret)}:123456`);
  world = await openTillWorld([
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${video}`,
  ]);
});
afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the camera reads the card a customer holds before it, with a reader that comes from our own server', async () => {
  const shop = await aStaffedShop(world);
  await aCard(world.db, shop, { secret, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(fetched.some((url) => url.endsWith('.wasm'))).toBe(true);
  expect(fetched.filter((url) => !url.startsWith(world.server.url) && !url.startsWith('blob:'))).toEqual([]);
  // The camera is off again.
  expect(await page.evaluate(() => document.querySelectorAll('video').length)).toBe(0);
  await tablet.close();
  expect(tablet.complaints).toEqual([]);
});

test('a till that may not use the camera says so, and how to change it', async () => {
  const shop = await aStaffedShop(world);
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByText('The browser may not use the camera.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
  await tablet.close();
  expect(tablet.complaints).toEqual([]);
});

test('a camera whose reader can’t be fetched says so, and what to do instead', async () => {
  const shop = await aStaffedShop(world);
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await page.route('**/*.wasm', (route) => route.abort());
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByText('Type the code below theirs.').waitFor();
  expect(await page.locator('video').isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByLabel('Code, name or end of phone number').waitFor();
  const complaints = await finish(tablet);
  expect(complaints.filter((text) => !/wasm|ArrayBuffer|Aborted/.test(text))).toEqual([]); // the reader's own
});

test('nobody holds a phone before a camera whose reader does not come', async () => {
  const shop = await aStaffedShop(world);
  const tablet = await aTillAtWork(world, shop, { hasMovableClock: true });
  const { page } = tablet;
  await page.route('**/*.wasm', () => undefined); // neither an answer nor an end
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('dialog').getByText('One moment …').waitFor();
  await page.clock.fastForward(11_000);
  await page.getByText('Type the code below theirs.').waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('a till with a camera has what reads its pictures on the tablet before the network goes', async () => {
  const shop = await aStaffedShop(world);
  await aCard(world.db, shop, { secret, customerName: 'Sam' });
  const context = await world.browser.newContext({ viewport: { width: 1180, height: 820 }, locale: 'en-GB' });
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${world.server.url}/till/?enrol=${await enrolmentCode(world, shop)}`);
  await page.getByRole('button', { name: 'Connect' }).click();
  await signIn(page, 'Ada', PINS.ada);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const isReaderKept = () =>
    page.evaluate(async () => {
      const names = await caches.keys();
      const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return kept.flat().some(({ url }) => url.endsWith('.wasm'));
    });
  await page.evaluate(() => navigator.mediaDevices.enumerateDevices()); // as the till asked before
  await page.clock.fastForward(21_000);
  await expect.poll(isReaderKept, { timeout: 15_000 }).toBe(true);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await context.close();
});

test('without a scanner, a customer who has a card after all shows it to the camera, and the sale goes on it', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { secret, stamps: 2, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await page.getByRole('button', { name: 'No card' }).click();
  await sellOne(page);
  await page.getByRole('button', { name: 'Find their card' }).click();
  await page.getByRole('button', { name: 'Scan with the camera' }).click();
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ cardId: sam.cardId, stampsEarned: 1 }]);
  expect(await finish(tablet)).toEqual([]);
});

test('without a scanner, the camera reads the live code that a reward asks for', async () => {
  const shop = await aStaffedShop(world);
  await aCard(world.db, shop, { secret, stamps: 12, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await page.getByLabel('Code, name or end of phone number').fill('Sam');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Sam/ }).click();
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByRole('button', { name: 'Scan with the camera' }).click();
  // The card in the film is always the same, and its live code long over: the question is asked again.
  await page.getByText('The code on the phone is another one by now.').waitFor();
  await page.getByRole('button', { name: 'Scan with the camera' }).click();
  await page.keyboard.press('Escape');
  await page.getByLabel('Six figures').waitFor();
  expect(await finish(tablet)).toEqual([]);
});
