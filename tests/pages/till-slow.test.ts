// A network that brings every answer, seconds late.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aCard } from '../support/a-card.ts';
import type { Page } from '../support/browser.ts';
import { rowsOf } from '../support/shop-settings.ts';
import {
  aStaffedShop,
  aTillAtWork,
  endSessions,
  enterPin,
  finish,
  openTillWorld,
  PINS,
  sellOne,
} from './till-tablet.ts';
import type { TillWorld } from './till-tablet.ts';

let world: TillWorld;
beforeAll(async () => {
  world = await openTillWorld();
});
afterAll(async () => {
  await world?.close();
});

/** Longer than a barista is kept waiting for the answer to a tap, or to a scan. */
const PATIENCE_MS = 2_600;

/** Holds whatever the till asks, until it is let go; then nothing is held any more. */
async function holdAnswers(page: Page): Promise<() => void> {
  const held: (() => void)[] = [];
  let isHolding = true;
  for (const address of ['**/api/**', '**/healthz'])
    await page.route(address, async (route) => {
      if (isHolding) await new Promise<void>((go) => held.push(go));
      await route.continue().catch(() => undefined); // given up meanwhile
    });
  return () => {
    isHolding = false;
    for (const go of held.splice(0)) go();
  };
}

test('answers that come seconds late hold nobody up, and are shown when they come', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam', stamps: 2 });
  const ida = await aCard(world.db, shop, { customerName: 'Ida', stamps: 4 });
  const tablet = await aTillAtWork(world, shop, { hasMovableClock: true });
  const { page } = tablet;
  const letGo = await holdAnswers(page);
  await tablet.scan(sam.cardCode);
  await page.clock.fastForward(PATIENCE_MS);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await page.locator('.banner', { hasText: 'Slow connection. Sales are kept here.' }).waitFor();
  // From now on nobody waits for an answer, and the next customer not for the last one's.
  await sellOne(page);
  await page.locator('.banner', { hasText: 'Slow connection. 1 tap waits to be sent.' }).waitFor();
  await page.getByText('The stamps follow in a moment.').waitFor();
  await tablet.scan(ida.cardCode);
  await page.clock.fastForward(1_000);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  const coffee = page.getByRole('button', { name: 'Flat white £3.50' });
  const before = await coffee.boundingBox();
  letGo();
  await page.getByRole('heading', { name: 'Ida' }).waitFor();
  expect(await coffee.boundingBox()).toEqual(before);
  await sellOne(page);
  await page.getByRole('img', { name: '5 of 10 stamps' }).waitFor();
  await page.locator('.banner', { hasText: 'Slow connection' }).waitFor({ state: 'detached' });
  const sales = await rowsOf(world.db, shop, 'sales');
  expect(sales.map(({ cardId }) => cardId)).toEqual([sam.cardId, ida.cardId]);
  expect(await finish(tablet)).toEqual([]);
});

test('a server whose every answer takes three seconds is still one: what was tapped arrives', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam', stamps: 2 });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  for (const address of ['**/api/**', '**/healthz'])
    await page.route(address, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await route.continue().catch(() => undefined);
    });
  await tablet.scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await sellOne(page);
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ cardId: sam.cardId }]);
  expect(await page.locator('.banner', { hasText: 'No connection' }).count()).toBe(0);
  expect(await finish(tablet)).toEqual([]);
});

test('a tap that nobody waited for, under a session that is over, asks for the PIN again', async () => {
  const shop = await aStaffedShop(world);
  const tablet = await aTillAtWork(world, shop, { hasMovableClock: true });
  const { page } = tablet;
  const letGo = await holdAnswers(page);
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.clock.fastForward(PATIENCE_MS);
  await page.getByRole('button', { name: 'Next customer' }).click();
  await endSessions(world, shop);
  await page.getByRole('button', { name: 'No card' }).click();
  await sellOne(page);
  letGo();
  await page.getByText('You were signed out.').waitFor();
  await enterPin(page, 'Ada', PINS.ada);
  await page.getByRole('button', { name: /Lock/ }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});
