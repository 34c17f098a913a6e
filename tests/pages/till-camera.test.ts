import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeCardSecret, computeCardCode } from '../../src/operations/card-codes.ts';
import { aCard } from '../support/a-card.ts';
import { writeCardVideo } from '../support/a-card-video.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';
import {
  aStaffedShop,
  aTillAndSam,
  aTillAtWork,
  enrolmentCode,
  PINS,
  sellWithoutCard,
  signIn,
} from './till-tablet.ts';

const folder = mkdtempSync(join(tmpdir(), 'doublestamp-camera-'));
const video = join(folder, 'card.y4m');
const secret = makeCardSecret();
writeCardVideo(video, `${computeCardCode(secret)}:123456`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const world = useWorld({
  flags: [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${video}`,
  ],
});

test('the camera reads the card a customer holds before it, with a reader that comes from our own server', async () => {
  const shop = await aStaffedShop(world);
  await aCard(world.db, shop, { secret, customerName: 'Sam' });
  const { page } = await aTillAtWork(world, shop);
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(fetched.some((url) => url.endsWith('.wasm'))).toBe(true);
  expect(fetched.filter((url) => !url.startsWith(world.server.url) && !url.startsWith('blob:'))).toEqual([]);
  // The camera is off again.
  expect(await page.evaluate(() => document.querySelectorAll('video').length)).toBe(0);
});

test('the camera reads a card in a browser that can draw on its page alone', async () => {
  const shop = await aStaffedShop(world);
  await aCard(world.db, shop, { secret, customerName: 'Sam' });
  const { page } = await aTillAtWork(world, shop);
  await page.evaluate(() => {
    Reflect.deleteProperty(globalThis, 'OffscreenCanvas');
    Reflect.deleteProperty(globalThis, 'createImageBitmap');
  });
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
});

test('a till that may not use the camera says so, and how to change it', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop);
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByText('The browser may not use the camera.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
});

test('a camera whose reader can’t be fetched says so, and what to do instead', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop, { mayComplainOf: /wasm|ArrayBuffer|Aborted/ });
  await page.route('**/*.wasm', (route) => route.abort());
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByText('Type the code below theirs.').waitFor();
  expect(await page.locator('video').isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByLabel('Code, name or end of phone number').waitFor();
});

test('nobody holds a phone before a camera whose reader does not come', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop, { hasMovableClock: true });
  await page.route('**/*.wasm', () => undefined); // neither an answer nor an end
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('dialog').getByText('One moment …').waitFor();
  await page.clock.fastForward(11_000);
  await page.getByText('Type the code below theirs.').waitFor();
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
  const { shop, sam, page } = await aTillAndSam(world, { secret, stamps: 2 });
  await sellWithoutCard(page);
  await page.getByRole('button', { name: 'Find their card' }).click();
  await page.getByRole('button', { name: 'Scan with the camera' }).click();
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ cardId: sam.cardId, stampsEarned: 1 }]);
});

test('without a scanner, the camera reads the live code that a reward asks for', async () => {
  const shop = await aStaffedShop(world);
  await aCard(world.db, shop, { secret, stamps: 12, customerName: 'Sam' });
  const { page } = await aTillAtWork(world, shop);
  await page.getByLabel('Code, name or end of phone number').fill('Sam');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Sam/ }).click();
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByRole('button', { name: 'Scan with the camera' }).click();
  // The card in the film is always the same, and its live code long over: the question is asked again.
  await page.getByText('That is not the code the phone shows now.').waitFor();
  await page.getByRole('button', { name: 'Scan with the camera' }).click();
  await page.keyboard.press('Escape');
  await page.getByLabel('Six figures').waitFor();
});
