// What a till does when an answer is lost, the server is in trouble or the session is over.
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { liveCodeOf } from '../support/live-code-of.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';
import { loseAnswers } from './hold.ts';
import {
  aStaffedShop,
  aTillAndSam,
  aTillAtWork,
  endSessions,
  enterPin,
  PINS,
  sellOne,
  sellWithoutCard,
} from './till-tablet.ts';

const world = useWorld();

test('an answer that got lost is asked for again under the same key: one sale', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  const keys: string[] = [];
  await page.route('**/api/v1/sales', async (route) => {
    keys.push(route.request().headers()['idempotency-key'] ?? 'none');
    if (keys.length > 1) return route.continue();
    await route.fetch(); // the server recorded it; its answer never arrives
    return route.abort('connectionreset');
  });
  await scan(sam.cardCode);
  await sellOne(page);
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(1);
});

test('a reward whose answer got lost is asked for again under the same key, and not said to be used already', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, {
    stamps: 12,
    tablet: { hasMovableClock: true },
  });
  await scan(`${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.route('**/api/v1/redemptions', async (route) => {
    await route.fetch(); // the server recorded it; its answer never arrives
    await route.abort('connectionreset');
    await page.clock.fastForward(4_000); // nobody waits for the tries in between
  });
  await page.getByRole('button', { name: 'Use it now' }).click();
  await page.locator('.banner', { hasText: 'Try again: it never counts twice.' }).waitFor();
  await page.unroute('**/api/v1/redemptions');
  await page.getByRole('button', { name: 'Use it now' }).click();
  await page.getByRole('heading', { name: 'Nothing to pay' }).waitFor();
  expect(await rowsOf(world.db, shop, 'rewards')).toMatchObject([{ status: 'redeemed', proof: 'live_code' }]);
});

test('an empty page from something between the till and the server is no answer: the sale is sent again', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop);
  await page.route('**/api/v1/sales', (route) => route.fulfill({ status: 200, body: '' }), { times: 1 });
  await sellWithoutCard(page);
  await expect.poll(async () => (await rowsOf(world.db, shop, 'sales')).length).toBe(1);
});

test('when no answer comes at all the sale waits by itself, and counts once', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await loseAnswers(page, '**/api/v1/sales');
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByText('Sending …').waitFor();
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
  await page.getByText('The stamps follow when the connection is back.').waitFor();
  await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
  // The server answers everything else, so the connection seems to come and go; that a tap waits stays in sight.
  for (let looks = 0; looks < 12; looks++) {
    await page.waitForTimeout(200);
    expect(await page.locator('.waiting-note').count()).toBe(1);
  }
  await page.unroute('**/api/v1/sales');
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(1);
});

test('a gesture whose answer got lost waits by itself, and is given once', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { shop: { coolDownDays: 0 } });
  await scan(sam.cardCode);
  await loseAnswers(page, '**/api/v1/gestures');
  await page.getByRole('button', { name: 'Double stamp' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Long day' }).click();
  await page.locator('.act-label', { hasText: 'Double stamp · Long day' }).waitFor();
  await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
  await page.unroute('**/api/v1/gestures');
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
  await page.getByRole('button', { name: 'Double stamp 2 left today' }).waitFor();
  expect(await rowsOf(world.db, shop, 'gestures')).toHaveLength(1);
});

test('without a network a sale is kept, and sent when it is back', async () => {
  const { shop, sam, page, context, scan } = await aTillAndSam(world);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(0);
  await context.setOffline(false);
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(1);
});

test('the desk sees how many taps wait on a till, and that they are sent as soon as they are', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop);
  const waiting = async () =>
    (await rowsOf(world.db, shop, 'devices')).reduce((sum, { waitingCount }) => sum + (waitingCount ?? 0), 0);
  await page.route('**/api/v1/sales', (route) => route.abort());
  await sellWithoutCard(page);
  await page.reload();
  await expect.poll(waiting).toBe(1);
  await page.unroute('**/api/v1/sales');
  await expect.poll(waiting, { timeout: 20_000 }).toBe(0);
  expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(1);
});

test('a session that ended asks for the PIN again and keeps what was tapped', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await endSessions(world, shop);
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByText('You were signed out.').waitFor();
  await enterPin(page, 'Ada', PINS.ada);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
});

test('what was being typed about a customer is still in the field after the PIN', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'How do they like it?' }).click();
  await page.getByLabel('For example').fill('Oat milk');
  await endSessions(world, shop);
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByText('You were signed out.').waitFor();
  await enterPin(page, 'Ada', PINS.ada);
  await page.getByLabel('For example').waitFor();
  expect(await page.getByLabel('For example').inputValue()).toBe('Oat milk');
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: /^Oat milk/ }).waitFor();
  // And it is for nobody else.
  await page.getByRole('button', { name: /^Oat milk/ }).click();
  await page.getByLabel('For example').fill('Soya milk');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: /^Oat milk/ }).click();
  expect(await page.getByLabel('For example').inputValue()).toBe('Oat milk');
});

test('so is the name of somebody who is just getting a card', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop);
  await page.getByRole('button', { name: 'New card' }).click();
  await page.getByLabel('First name').fill('Priya');
  await endSessions(world, shop);
  await page.getByRole('button', { name: 'Make the card' }).click();
  await page.getByText('You were signed out.').waitFor();
  await enterPin(page, 'Ada', PINS.ada);
  await page.getByLabel('First name').waitFor();
  expect(await page.getByLabel('First name').inputValue()).toBe('Priya');
});

test('trouble on the server shows the number under which its log has it', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop);
  const problem = {
    title: 'Something went wrong on our side',
    status: 500,
    refused: 'server-error',
    requestId: 'r-77',
  };
  await page.route('**/api/v1/sales', (route) =>
    route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  );
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.locator('.banner', { hasText: 'r-77' }).waitFor();
});

test(
  'a server that fails at everything is waited for; one that fails at this sale alone gives it to the manager',
  { timeout: 120_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const { page } = await aTillAtWork(world, shop, { hasMovableClock: true });
    let failures = 0;
    const fail = (address: string, status: number, refused: string) =>
      page.route(address, (route) => {
        failures += Number(status === 500);
        return route.fulfill({ status, body: JSON.stringify({ title: refused, status, refused }) });
      });
    await fail('**/api/v1/sales', 500, 'server-error');
    await fail('**/readyz', 503, 'not-ready');
    await sellWithoutCard(page);
    const kept = async () => (await rowsOf(world.db, shop, 'keptTaps')).map(({ refusal }) => refusal);
    const triedAgain = () => page.clock.fastForward(31_000);
    await expect.poll(() => triedAgain().then(() => failures), { timeout: 50_000 }).toBeGreaterThan(15);
    expect(await kept()).toEqual([]);
    await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
    await page.unroute('**/readyz');
    await expect.poll(() => triedAgain().then(kept), { timeout: 50_000 }).toEqual(['server-error']);
  },
);
