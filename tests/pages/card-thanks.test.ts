import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { thankForGesture } from '../../src/operations/thank-for-gesture.ts';
import { aCustomer } from '../support/a-customer.ts';
import { findAxeViolations } from '../support/axe.ts';
import { useDeskWorld } from './a-desk.ts';
import { aStaffedShop, aTillAtWork, PINS } from './till-tablet.ts';

const world = useDeskWorld();

async function aTreatedCustomer() {
  const { db } = world;
  const shop = await aStaffedShop(world);
  const sam = await aCustomer({ db, clock: systemClock, shop }, 'Sam');
  const gesture = await sam.isGivenDoubleStamp();
  return { shop, sam, gesture };
}

test('a customer says thanks with one tap, whoever gave it finds it at the till, and the owner on the wall', async () => {
  const { shop, sam } = await aTreatedCustomer();
  const { page } = await aTillAtWork(world, shop);
  const card = await world.aPage({ size: 'phone' });
  await card.goto(`${world.server.url}/c/${sam.secret}`);
  const other = await world.aPage({ size: 'phone' });
  await other.goto(`${world.server.url}/c/${sam.secret}`);
  await card.getByRole('button', { name: 'Thanks!' }).click();
  await card.getByText('Thanked', { exact: true }).waitFor();
  expect(await card.getByRole('button', { name: 'Thanks!' }).count()).toBe(0);
  expect(new URL(card.url()).pathname).toBe(`/c/${sam.secret}`);
  expect(await findAxeViolations(card)).toEqual([]);
  // Another page of the same card learns of it, without making much of it.
  await other.getByText('Thanked', { exact: true }).waitFor();
  expect(await other.locator('.gift.new').count()).toBe(0);

  const said = page.getByText('A customer thanked you for the double stamp, today.');
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByRole('button', { name: 'Ada' }).click();
  await page.getByLabel('PIN, Ada').fill(PINS.ada);
  await page.getByRole('button', { name: 'OK' }).click();
  await said.waitFor();
  expect(await page.getByText('Sam').count()).toBe(0);
  // It was for Ada.
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByRole('button', { name: 'Ben' }).click();
  await page.getByLabel('PIN, Ben').fill(PINS.ben);
  const asked = page.waitForResponse((response) => response.url().endsWith('/thanks/mine'));
  await page.getByRole('button', { name: 'OK' }).click();
  await asked;
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
  expect(await said.count()).toBe(0);

  const desk = await world.aPage({ as: shop.owner });
  await desk.goto(`${world.server.url}/desk`);
  const wall = desk.getByRole('region', { name: 'Wall of thanks' });
  await wall.getByText('Sam thanked Ada for a double stamp').waitFor();
});

test('nothing at the till moves when a thank-you comes', async () => {
  const { shop, sam, gesture } = await aTreatedCustomer();
  // The longest line there is.
  const { merchantId } = shop;
  await world.db.transact((tx) =>
    tx.query((d, { gestures }) =>
      d
        .update(gestures)
        .set({ itemName: 'Butter croissant with jam '.repeat(4) })
        .where(eq(gestures.merchantId, merchantId)),
    ),
  );
  await thankForGesture(world.db, systemClock)({ secret: sam.secret, ...gesture });
  for (const size of [
    { width: 375, height: 667 },
    { width: 820, height: 1180 },
    { width: 1180, height: 820 },
    { width: 1024, height: 600 },
    { width: 960, height: 480 },
  ]) {
    const { page } = await aTillAtWork(world, shop, size);
    await page.getByText('A customer thanked you').waitFor();
    // Nor does it push anything out of sight.
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(size.height);
    const placeOf = () => page.getByLabel('Code, name or end of phone number').boundingBox();
    const after = await placeOf();
    await page.evaluate(() => document.querySelector('.waiting-thanks')!.replaceChildren());
    expect(await placeOf()).toEqual(after);
  }
});

test('thanks are said without a script, too', async () => {
  const { sam } = await aTreatedCustomer();
  const plain = await world.browser.newContext({ javaScriptEnabled: false });
  const page = await plain.newPage();
  await page.goto(`${world.server.url}/c/${sam.secret}`);
  await page.getByRole('button', { name: 'Thanks!' }).click();
  await page.getByText('Thanked', { exact: true }).waitFor();
  await plain.close();
});

test('with large letters what was given is still read by the line, the heart comes below, and is read out after it', async () => {
  const { sam } = await aTreatedCustomer();
  const page = await world.aPage({ size: 'phone' });
  await page.goto(`${world.server.url}/c/${sam.secret}`);
  for (const [width, size] of [
    [320, '100%'],
    [390, '130%'],
    [390, '200%'],
    [320, '200%'],
  ] as const) {
    await page.setViewportSize({ width, height: 844 });
    await page.evaluate((fontSize) => (document.documentElement.style.fontSize = fontSize), size);
    const share = await page.evaluate(() => {
      const [note, text] = ['.gift', '.gift strong'].map((one) => document.querySelector(one)!);
      return text!.parentElement!.getBoundingClientRect().width / note!.getBoundingClientRect().width;
    });
    expect(share, `${width} px, ${size}`).toBeGreaterThan(0.5);
  }
  const read = await page.locator('.gift').innerText();
  expect(read.indexOf('Thanks!')).toBeGreaterThan(read.indexOf('Ada gave you'));
  expect(read).toContain('Ada gave you');
});
