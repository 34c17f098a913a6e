// A tablet whose clock is wrong, jumps, or stands still.
import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import { listKeptTaps } from '../../src/operations/list-kept-taps.ts';
import { aCard } from '../support/a-card.ts';
import type { Shop } from '../support/a-shop.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';
import {
  aConnectedTill,
  aStaffedShop,
  aTillAtWork,
  enterPin,
  hasTakenAlong,
  PINS,
  sellWithoutCard,
} from './till-tablet.ts';
import type { Tablet } from './till-tablet.ts';

const world = useWorld();

test('a tablet that slept while somebody was signed in is locked when it wakes, with nobody’s name on it', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const { page, scan, signIn } = await aTillAtWork(world, shop);
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  // What a page sees of a sleep: the clock has gone on, and its own time has not.
  await page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 3 * 3_600_000;
  });
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await signIn('Ben', PINS.ben); // who finds no customer of three hours ago
});

test('what the till took along is not given away once its day is over', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const { page, context, scan, signIn } = await aConnectedTill(world, shop, { hasMovableClock: true });
  await page.route('**/api/v1/leases', async (route) => {
    const response = await route.fetch();
    const lease = (await response.json()) as object;
    const endsAt = new Date(Date.now() + 90_000).toISOString(); // the shop is open beyond the end of its day
    await route.fulfill({ response, json: { ...lease, endsAt } });
  });
  await signIn('Ada', PINS.ada);
  await page.waitForFunction(hasTakenAlong);
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Double stamp 1 left offline' }).click();
  await page.clock.fastForward(100_000);
  await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
  await page.getByRole('dialog').getByText('None left to give offline.').waitFor();
  expect(await page.locator('.act-label').count()).toBe(0);
});

test('what the till took along is given back when its day is over, although nobody signs in any more', async () => {
  const shop = await aStaffedShop(world);
  const { page, signIn } = await aConnectedTill(world, shop, { hasMovableClock: true });
  const endsAt = Date.now() + 3_000;
  await page.route('**/api/v1/leases', async (route) => {
    const response = await route.fetch();
    const lease = (await response.json()) as object;
    await route.fulfill({ response, json: { ...lease, endsAt: new Date(endsAt).toISOString() } });
  });
  const taken = page.waitForResponse('**/api/v1/leases');
  await signIn('Ada', PINS.ada);
  await (await taken).finished();
  // By the server's clock as well, of which the till hears with every answer.
  await expect.poll(() => Date.now()).toBeGreaterThan(endsAt + 1_000);
  await page.clock.fastForward(301_000);
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await expect.poll(async () => (await rowsOf(world.db, shop, 'leases'))[0]!.returnedAt).not.toBeNull();
});

test('when a new day begins, whoever is signed in may give again', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 1 });
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const { page, scan, signIn } = await aConnectedTill(world, shop, { hasMovableClock: true });
  const resetsAt = Date.now() + 3_000;
  const refusal = JSON.stringify({ title: 'None left', status: 409, refused: 'allowance-spent' });
  await page.route('**/api/v1/leases', (route) => route.fulfill({ status: 409, body: refusal }), {
    times: 1,
  });
  await page.route(
    '**/api/v1/allowance',
    async (route) => {
      const response = await route.fetch();
      const allowance = (await response.json()) as object;
      const spent = { used: 1, remaining: 0, resetsAt: new Date(resetsAt).toISOString() };
      await route.fulfill({ response, json: { ...allowance, ...spent } });
    },
    { times: 1 },
  );
  await signIn('Ada', PINS.ada);
  await scan(sam.cardCode);
  await page.getByText('None left. New ones').waitFor();
  await expect.poll(() => Date.now()).toBeGreaterThan(resetsAt + 1_000);
  await page.clock.fastForward(61_000);
  await page.getByRole('button', { name: 'Double stamp 1 left today' }).waitFor();
});

test('a tablet two hours ahead is opened anew, and what waited on it still arrives as tapped when it was', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTabletAhead(shop, 2);
  await page.route('**/api/v1/sales', (route) => route.abort('connectionreset'));
  await sellWithoutCard(page);
  await page.locator('.waiting-note').waitFor();
  await page.unroute('**/api/v1/sales');
  await page.reload();
  await expect.poll(async () => (await rowsOf(world.db, shop, 'sales')).length).toBe(1);
  const [sale] = await rowsOf(world.db, shop, 'sales');
  const [session] = await rowsOf(world.db, shop, 'sessions');
  const signedInAgoMs = sale!.recordedAt.getTime() - session!.signedInAt.getTime();
  const tappedAgoMs = sale!.recordedAt.getTime() - sale!.occurredAt.getTime();
  expect(tappedAgoMs).toBeLessThan(signedInAgoMs + 2_000); // the server's clock is known to the second
});

test('a tablet a day ahead is opened anew without a connection: whoever was at work goes on, with what it took along', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const { page, scan } = await aTabletAhead(shop, 24);
  await expect.poll(() => page.evaluate(hasTakenAlong)).toBe(true);
  for (const address of ['**/api/**', '**/healthz'])
    await page.route(address, (route) => route.abort('connectionreset'));
  await page.reload();
  await page.getByRole('button', { name: 'Ada' }).click();
  await enterPin(page, 'Ada', PINS.ada);
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await page.getByRole('button', { name: 'Double stamp 1 left offline' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
  await page.locator('.act-label', { hasText: 'Double stamp' }).waitFor();
  await page.unrouteAll();
  await expect.poll(async () => (await rowsOf(world.db, shop, 'gestures')).length).toBe(1);
});

test.each([
  ['ahead, and was put right since', Date.now() + 365 * 86_400_000],
  ['in 1970, as after an empty battery', 0],
])('what was refused while the tablet’s clock was %s is told, and kept for the manager', async (_, clock) => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop);
  const [session] = await rowsOf(world.db, shop, 'sessions');
  const tapId = uuid();
  const tap = {
    tapId,
    operation: 'sale',
    method: 'POST',
    path: '/api/v1/sales',
    body: { lines: [{ itemId: shop.flatWhite.itemId, quantity: 1 }] },
    sessionId: session!.sessionId,
    label: 'Flat white £3.50',
    tappedAt: { page: 'the one before', monotonicMs: 0, serverMs: clock, isServerTimeKnown: false },
    wasSent: true,
    needs: null,
  };
  await page.evaluate(
    (refused) =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('doublestamp-till');
        opening.onsuccess = () => {
          const tx = opening.result.transaction('refused', 'readwrite');
          tx.objectStore('refused').put(refused);
          tx.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
    { tapId, tap, refusal: 'item-unknown', refusedAt: clock, isKept: false },
  );
  await page.reload();
  await page.locator('.banner', { hasText: 'Not accepted: Flat white £3.50.' }).waitFor();
  await expect
    .poll(async () => (await listKeptTaps(world.db)(shop.manager, {})).items)
    .toMatchObject([{ tapId, refusal: 'item-unknown', staffName: 'Ada' }]);
});

/** At work on a tablet whose clock is so many hours ahead. */
async function aTabletAhead(shop: Shop, hours: number): Promise<Tablet> {
  const tablet = await aConnectedTill(world, shop);
  const { page, context } = tablet;
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await context.addInitScript((aheadMs) => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + aheadMs;
  }, hours * 3_600_000);
  await page.reload();
  await tablet.signIn('Ada', PINS.ada);
  return tablet;
}
