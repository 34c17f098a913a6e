// A till at an address of the network, which is not https: there browsers allow a page less than on their own computer.
import { beforeAll, expect, test } from 'vitest';
import { aCard } from '../support/a-card.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';
import { aConnectedTill, aStaffedShop, aTillAndSam, PINS, sellOne } from './till-tablet.ts';

const world = useWorld({ flags: ['--host-resolver-rules=MAP shop.test 127.0.0.1'] });
beforeAll(() => {
  world.server.url = `http://shop.test:${new URL(world.server.url).port}`;
});

/** What a browser has to say of the address itself. */
const mayComplainOf = /Cross-Origin-Opener-Policy/;

test('a till whose address is not https says what it cannot do; it takes along, gives offline and gives back as any', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const { page, context, scan, signIn } = await aConnectedTill(world, shop, { mayComplainOf });
  await page.getByText('is not https').waitFor();
  const taken = page.waitForResponse('**/api/v1/leases');
  await signIn('Ada', PINS.ada);
  await taken;
  const leases = () => rowsOf(world.db, shop, 'leases');
  await scan(sam.cardCode);
  await sellOne(page);
  await page.getByRole('button', { name: 'Double stamp 3 left today' }).waitFor();
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Double stamp 1 left offline' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
  await page.locator('.act-label', { hasText: 'Double stamp' }).waitFor();
  await context.setOffline(false);
  await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
  await expect.poll(async () => (await leases()).length).toBe(2);
  await page.getByRole('button', { name: /Lock/ }).click();
  await expect.poll(async () => (await leases()).filter(({ returnedAt }) => !returnedAt)).toEqual([]);
  expect((await leases()).filter(({ usedCount }) => usedCount === 1)).toHaveLength(1);
  await expect.poll(async () => (await rowsOf(world.db, shop, 'sessions'))[0]!.endedAt).not.toBeNull();
});

test('a till that nobody could unlock again is not locked, but nothing of its customer is left for who comes next', async () => {
  const { sam, page, context, scan } = await aTillAndSam(world, {
    tablet: { hasMovableClock: true, mayComplainOf },
  });
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'How do they like it?' }).click();
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await page.clock.fastForward(310_000);
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('heading', { name: 'No card' }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
});
