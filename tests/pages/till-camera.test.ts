import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCardSecret, computeCardCode } from '../../src/operations/card-codes.ts';
import { issueCard } from '../../src/operations/issue-card.ts';
import { systemClock } from '../../src/clock.ts';
import { writeCardVideo } from '../support/a-card-video.ts';
import { aStaffedShop, aTillAtWork, openTillWorld } from './till-tablet.ts';
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
  const { merchantId, locationId } = shop;
  await issueCard(world.db, systemClock)({ merchantId, locationId, secret, customerName: 'Sam' });
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
