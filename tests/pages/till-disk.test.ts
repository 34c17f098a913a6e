// A tablet whose browser can't keep what it is told to, or loses the way to it.
import { expect, test } from 'vitest';
import { rowsOf } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';
import { aNewTablet, aStaffedShop, aTillAtWork, enrolmentCode, PINS } from './till-tablet.ts';

const world = useWorld();

const NOT_KEPT = 'This tablet can’t keep anything, so nothing was recorded.';

test('a tap that a full tablet can’t write down is not lost in silence: it says so, and counts once there is room', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop, { mayComplainOf: /No room/ });
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.evaluate(() => {
    const add = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'add')!;
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('No room', 'QuotaExceededError');
    };
    addEventListener('room', () => Object.defineProperty(IDBObjectStore.prototype, 'add', add));
  });
  const ringUp = page.getByRole('button', { name: 'Ring up £3.50' });
  await ringUp.click();
  await page.locator('.banner', { hasText: NOT_KEPT }).waitFor();
  await page.evaluate(() => dispatchEvent(new Event('room')));
  await ringUp.click();
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(1);
});

test('a till whose browser has been cut off from its database, as iPads do in the background, goes on', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop);
  const browser = await page.context().newCDPSession(page);
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await browser.send('Storage.clearDataForOrigin', {
    origin: new URL(world.server.url).origin,
    storageTypes: 'indexeddb',
  });
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(1);
});

test('a browser without a database makes a till all the same, which says why nothing is recorded', async () => {
  const shop = await aStaffedShop(world);
  const { page, context, signIn } = await aNewTablet(world, { mayComplainOf: /Not here/ });
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('Not here', 'SecurityError');
    };
  });
  await page.goto(`${world.server.url}/till/?enrol=${await enrolmentCode(world, shop)}`);
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await page.reload();
  await signIn('Ada', PINS.ada);
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.locator('.banner', { hasText: NOT_KEPT }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toEqual([]);
  // And whoever leaves is signed out.
  await page.getByRole('button', { name: /Lock/ }).click();
  await expect
    .poll(async () => (await rowsOf(world.db, shop, 'sessions')).filter(({ endedAt }) => !endedAt))
    .toEqual([]);
});
