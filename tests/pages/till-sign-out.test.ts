// Signing out on a network that goes and comes back in that very moment.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../support/shop-settings.ts';
import type { Page } from '../support/browser.ts';
import { aStaffedShop, aTillAtWork, enterPin, finish, openTillWorld, PINS, sellOne } from './till-tablet.ts';
import type { TillWorld } from './till-tablet.ts';

let world: TillWorld;
beforeAll(async () => {
  world = await openTillWorld();
});
afterAll(async () => {
  await world?.close();
});

const SIGN_OUT = '**/api/v1/staff-sessions/current';

/** Somebody's session lies sealed on the tablet, for them to unlock it without a network. */
async function waitForSeal(page: Page): Promise<void> {
  const isSealed = () =>
    new Promise<boolean>((resolve) => {
      const opening = indexedDB.open('doublestamp-till');
      opening.onsuccess = () => {
        const reading = opening.result.transaction('kept').objectStore('kept').getAllKeys();
        reading.onsuccess = () => {
          opening.result.close();
          resolve(reading.result.includes('sealed-session'));
        };
      };
    });
  await expect.poll(() => page.evaluate(isSealed)).toBe(true);
}

test('a sign-out that did not arrive is not sent again once its person has unlocked the till', async () => {
  // Nothing to take along, so that nothing is given back before the sign-out.
  const shop = await aStaffedShop(world, { gesturesLimit: 0 });
  const tablet = await aTillAtWork(world, shop, { hasMovableClock: true });
  const { page, context } = tablet;
  await waitForSeal(page);
  await page.route(
    SIGN_OUT,
    async (route) => {
      await context.setOffline(true);
      await route.abort();
    },
    { times: 1 },
  );
  await page.getByRole('button', { name: /Lock/ }).click();
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await tablet.signIn('Ada', PINS.ada);
  await context.setOffline(false);
  await page.clock.fastForward(10_000);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'No card' }).click();
  await sellOne(page);
  await expect
    .poll(async () => (await rowsOf(world.db, shop, 'sales')).map(({ staffId }) => staffId))
    .toEqual([shop.ada.staffId]);
  expect(await rowsOf(world.db, shop, 'sessions')).toMatchObject([{ endedAt: null }]);
  expect(await finish(tablet)).toEqual([]);
});

test('a sign-out that arrives late ends the session it was meant for, and not the next person’s', async () => {
  const shop = await aStaffedShop(world);
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  let arrive!: () => void;
  const isHeld = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route(SIGN_OUT, async (route) => {
    await isHeld;
    await route.continue();
  });
  await page.getByRole('button', { name: /Lock/ }).click();
  await tablet.signIn('Ben', PINS.ben);
  const answered = page.waitForResponse((response) => response.request().method() === 'DELETE');
  arrive();
  expect((await answered).status()).toBe(204);
  await page.getByRole('button', { name: 'No card' }).click();
  await sellOne(page);
  await expect
    .poll(async () => (await rowsOf(world.db, shop, 'sales')).map(({ staffId }) => staffId))
    .toEqual([shop.ben.staffId]);
  const open = (await rowsOf(world.db, shop, 'sessions')).filter(({ endedAt }) => endedAt === null);
  expect(open).toMatchObject([{ staffId: shop.ben.staffId }]);
  expect(await finish(tablet)).toEqual([]);
});

test('an answer that says a session is over asks nobody for a PIN who has signed in since', async () => {
  const shop = await aStaffedShop(world);
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  let arrive!: () => void;
  const isHeld = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route('**/api/v1/till/customers?*', async (route) => {
    await isHeld;
    await route.continue();
  });
  await page.getByLabel('Code, name or end of phone number').fill('Sam');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByRole('button', { name: /Lock/ }).click();
  await expect
    .poll(async () => (await rowsOf(world.db, shop, 'sessions')).filter(({ endedAt }) => !endedAt))
    .toEqual([]);
  await page.getByRole('button', { name: 'Ben' }).click();
  await enterPin(page, 'Ben', PINS.ben);
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
  const answered = page.waitForResponse('**/api/v1/till/customers?*');
  arrive();
  expect((await answered).status()).toBe(401);
  await page.getByRole('button', { name: 'No card' }).click();
  await sellOne(page);
  expect(await finish(tablet)).toEqual([]);
});
