// Signing out on a network that goes and comes back in that very moment.
import { expect, test } from 'vitest';
import { aCard } from '../support/a-card.ts';
import type { Page } from '../support/browser.ts';
import { rowsOf, setAllowances } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';
import { holdAnswer, holdRequests } from './hold.ts';
import {
  aConnectedTill,
  aStaffedShop,
  aTillAndSam,
  aTillAtWork,
  enterPin,
  PINS,
  sellWithoutCard,
} from './till-tablet.ts';

const world = useWorld();

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
  const { page, context, signIn } = await aTillAtWork(world, shop, { hasMovableClock: true });
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
  await signIn('Ada', PINS.ada);
  await context.setOffline(false);
  await page.clock.fastForward(10_000);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor({ state: 'detached' });
  await sellWithoutCard(page);
  await expect
    .poll(async () => (await rowsOf(world.db, shop, 'sales')).map(({ staffId }) => staffId))
    .toEqual([shop.ada.staffId]);
  expect(await rowsOf(world.db, shop, 'sessions')).toMatchObject([{ endedAt: null }]);
});

test('a sign-out that arrives late ends the session it was meant for, and not the next person’s', async () => {
  const shop = await aStaffedShop(world);
  const { page, signIn } = await aTillAtWork(world, shop);
  const arrive = await holdRequests(page, SIGN_OUT);
  await page.getByRole('button', { name: /Lock/ }).click();
  await signIn('Ben', PINS.ben);
  const answered = page.waitForResponse((response) => response.request().method() === 'DELETE');
  arrive();
  expect((await answered).status()).toBe(204);
  await sellWithoutCard(page);
  await expect
    .poll(async () => (await rowsOf(world.db, shop, 'sales')).map(({ staffId }) => staffId))
    .toEqual([shop.ben.staffId]);
  const open = (await rowsOf(world.db, shop, 'sessions')).filter(({ endedAt }) => endedAt === null);
  expect(open).toMatchObject([{ staffId: shop.ben.staffId }]);
});

test('an answer that says a session is over asks nobody for a PIN who has signed in since', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop);
  const arrive = await holdRequests(page, '**/api/v1/till/customers?*');
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
  await sellWithoutCard(page);
});

test('a sign-in that was left for a colleague does not take the till over from them', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 0 });
  const { page, signIn } = await aConnectedTill(world, shop);
  const answerAda = await holdAnswer(page, '**/api/v1/staff-sessions');
  await page.getByRole('button', { name: 'Ada' }).click();
  await enterPin(page, 'Ada', PINS.ada);
  await page.getByRole('button', { name: 'Somebody else' }).click();
  await signIn('Ben', PINS.ben);
  await answerAda();
  const open = async () => (await rowsOf(world.db, shop, 'sessions')).filter(({ endedAt }) => !endedAt);
  await expect.poll(open).toMatchObject([{ staffId: shop.ben.staffId }]);
  await sellWithoutCard(page);
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ staffId: shop.ben.staffId }]);
});

test('a name that comes after the lock is for nobody, on the screen or off it', async () => {
  const { sam, page, scan } = await aTillAndSam(world);
  const answerScan = await holdAnswer(page, '**/api/v1/scans');
  const asked = page.waitForRequest('**/api/v1/scans');
  await scan(sam.cardCode);
  await asked;
  await page.getByRole('button', { name: /Lock/ }).click();
  await answerScan();
  await page.getByRole('button', { name: 'Ben' }).click();
  await page.getByLabel('PIN, Ben').waitFor();
  expect(await page.content()).not.toContain('Sam');
  await enterPin(page, 'Ben', PINS.ben);
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
});

test('a new card that is made after the lock does not wait for whoever comes next', async () => {
  const shop = await aStaffedShop(world);
  const { page, signIn } = await aTillAtWork(world, shop);
  const answerCard = await holdAnswer(page, '**/api/v1/cards');
  await page.getByRole('button', { name: 'New card' }).click();
  await page.getByLabel('First name').fill('Priya');
  await page.getByRole('button', { name: 'Make the card' }).click();
  await page.getByRole('button', { name: /Lock/ }).click();
  await answerCard();
  await signIn('Ben', PINS.ben);
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
});

test('what Ada may still give is not taken for Ben’s, however late it is known', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const { staffId } = shop.ada;
  const staffDay = { scope: 'staff', period: 'day' } as const;
  await setAllowances(
    world.db,
    shop,
    { ...staffDay, gesturesLimit: 2 },
    { ...staffDay, gesturesLimit: 7, subjectId: staffId },
  );
  const { page, scan, signIn } = await aConnectedTill(world, shop);
  const answerAllowance = await holdAnswer(page, '**/api/v1/allowance');
  await signIn('Ada', PINS.ada);
  await page.getByRole('button', { name: /Lock/ }).click();
  await signIn('Ben', PINS.ben);
  await expect
    .poll(async () => (await rowsOf(world.db, shop, 'leases')).map((lease) => lease.staffId))
    .toContain(shop.ben.staffId);
  await answerAllowance();
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 2 left today' }).waitFor();
});

test('whoever signs in while the one before is still being given something along is not forgotten', async () => {
  const shop = await aStaffedShop(world);
  const { page, signIn } = await aConnectedTill(world, shop);
  const answerLease = await holdAnswer(page, '**/api/v1/leases');
  const asked = page.waitForRequest('**/api/v1/leases');
  await signIn('Ada', PINS.ada);
  await asked;
  await page.getByRole('button', { name: /Lock/ }).click();
  await signIn('Ben', PINS.ben);
  await answerLease();
  const taken = async () =>
    (await rowsOf(world.db, shop, 'leases')).map(({ staffId, returnedAt }) => [staffId, returnedAt !== null]);
  await expect.poll(taken).toEqual([
    [shop.ada.staffId, true],
    [shop.ben.staffId, false],
  ]);
});

test('whoever signs out a moment after signing in can’t be unlocked without a network either', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 0 });
  const { page, context, signIn } = await aConnectedTill(world, shop);
  // A tablet on which it takes long to seal a session.
  await page.evaluate(() => {
    const { subtle } = crypto;
    const deriveKey = subtle.deriveKey.bind(subtle);
    const encrypt = subtle.encrypt.bind(subtle);
    const isAllowed = new Promise((resolve) => addEventListener('seal', resolve));
    Object.assign(subtle, {
      deriveKey: async (...how: Parameters<typeof deriveKey>) => {
        await isAllowed;
        return deriveKey(...how);
      },
      encrypt: async (...how: Parameters<typeof encrypt>) => {
        const box = await encrypt(...how);
        document.documentElement.dataset.sealed = 'yes';
        return box;
      },
    });
  });
  await signIn('Ada', PINS.ada);
  await page.getByRole('button', { name: /Lock/ }).click();
  await expect
    .poll(async () => (await rowsOf(world.db, shop, 'sessions')).filter(({ endedAt }) => !endedAt))
    .toEqual([]);
  await page.evaluate(() => dispatchEvent(new Event('seal')));
  await page.locator('html[data-sealed]').waitFor({ state: 'attached' });
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await page.getByRole('button', { name: 'Ada' }).click();
  await enterPin(page, 'Ada', PINS.ada);
  await page.getByText('Without a connection nobody can sign in here.').waitFor();
});

test('on a slow network the last sale of a shift arrives before its end', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 0 });
  const { page } = await aTillAtWork(world, shop);
  const order: string[] = [];
  let goOn!: () => void;
  const isOut = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route(SIGN_OUT, async (route) => {
    order.push('sign-out');
    goOn();
    await route.continue();
  });
  await page.route('**/api/v1/sales', async (route) => {
    // As slow as it may be, unless the sign-out overtakes it.
    await Promise.race([isOut, new Promise((resolve) => setTimeout(resolve, 2_000))]);
    order.push('sale');
    await route.continue();
  });
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByRole('button', { name: /Lock/ }).click();
  await expect
    .poll(async () => (await rowsOf(world.db, shop, 'sessions')).filter(({ endedAt }) => !endedAt))
    .toEqual([]);
  expect(order).toEqual(['sale', 'sign-out']);
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ staffId: shop.ada.staffId }]);
});
