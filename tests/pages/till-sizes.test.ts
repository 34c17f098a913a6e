// A till on a phone or a small tablet, upright or on its side, and with letters twice as large.
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { endItem } from '../../src/operations/edit-item.ts';
import { aCard } from '../support/a-card.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';
import {
  aConnectedTill,
  aRegular,
  aStaffedShop,
  aSureSeason,
  aTillAndSam,
  aTillAtWork,
  endSessions,
  enterPin,
  PINS,
  sellOne,
} from './till-tablet.ts';

const world = useWorld();

test('on a phone, what may be undone is in sight after a full card, and good news does not cover Lock', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { stamps: 9, tablet: { width: 390, height: 844 } });
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: /^Double stamp/ }).click();
  await page.getByRole('button', { name: 'Long day' }).click();
  const news = await page.locator('.banner.passing', { hasText: 'One stamp more' }).boundingBox();
  await page.getByRole('button', { name: /^Undo Double stamp/ }).waitFor();
  const lock = await page.getByRole('button', { name: /Lock/ }).boundingBox();
  expect(news!.x + news!.width).toBeLessThanOrEqual(lock!.x);
  const bar = await page.locator('.sale-bar').boundingBox();
  const undos = await page.getByRole('button', { name: /^Undo/ }).all();
  expect(undos).toHaveLength(2);
  for (const undo of undos) {
    const box = await undo.boundingBox();
    expect(box!.y + box!.height).toBeLessThanOrEqual(bar!.y + 1);
  }
});

test.each([320, 390, 844, 1_024])(
  'what flies about when a card fills makes no page of %i px wider',
  async (width) => {
    const { sam, page, scan } = await aTillAndSam(world, { stamps: 9, tablet: { width, height: 800 } });
    await scan(sam.cardCode);
    await sellOne(page);
    await page.locator('.confetti').waitFor({ state: 'attached' });
    const flights = await page.evaluate(() => {
      const beans = document.querySelector('.confetti')!.getAnimations({ subtree: true });
      for (const bean of beans) {
        bean.pause();
        bean.currentTime = Number(bean.effect!.getComputedTiming().endTime) - 1;
      }
      return beans.length;
    });
    expect(flights).toBe(14);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  },
);

/** A phone, and the small tablets of which many tills are made. */
const ON_THEIR_SIDE = [
  { width: 844, height: 390 },
  { width: 800, height: 600 },
  { width: 1_024, height: 600 },
];

test.each(ON_THEIR_SIDE)(
  'on its side, $width by $height, a customer is served without scrolling',
  async (size) => {
    const shop = await aStaffedShop(world);
    const sam = await aCard(world.db, shop, { stamps: 3, customerName: 'Sam' });
    const { page, scan } = await aConnectedTill(world, shop, size);
    const outOfSight = async (...names: RegExp[]) => {
      const boxes = names.map(async (name) => {
        const button = page.getByRole('button', { name }).first();
        await button.waitFor();
        const { y, height } = (await button.boundingBox())!;
        return y + height > size.height + 1 ? [name] : [];
      });
      return (await Promise.all(boxes)).flat();
    };
    await page.getByRole('button', { name: 'Ada' }).click();
    expect(await outOfSight(/^1$/, /^0$/, /^OK$/, /^Somebody else$/)).toEqual([]);
    await enterPin(page, 'Ada', PINS.ada);
    expect(await outOfSight(/^Find$/, /^Camera/, /^New card/, /^No card/)).toEqual([]);
    await scan(sam.cardCode);
    expect(await outOfSight(/^Flat white/, /^Double stamp/, /^Free item/, /^Ring up$/)).toEqual([]);
    await sellOne(page);
    expect(await outOfSight(/^Undo Flat white/, /^Double stamp/, /^Next customer$/)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(size.height);
  },
);

test.each(ON_THEIR_SIDE)(
  'on its side, $width by $height, what a full card brings and why a gesture is given are in sight as well',
  async (size) => {
    const { sam, page, scan } = await aTillAndSam(world, { stamps: 8, tablet: size });
    const bottomOf = async (name: RegExp) => {
      const { y, height } = (await page.getByRole('button', { name }).boundingBox())!;
      return y + height;
    };
    await scan(sam.cardCode);
    await page.getByText('one extra stamp fills the card').waitFor();
    expect(await bottomOf(/^Double stamp/)).toBeLessThan(size.height);
    for (const name of [/^Flat white/, /^Cappuccino/, /^Croissant/])
      await page.getByRole('button', { name }).click();
    await page.getByRole('button', { name: /^Free item/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Croissant' }).click();
    expect(await bottomOf(/^Cancel/)).toBeLessThan(size.height);
    await page.getByRole('dialog').getByRole('button', { name: 'Long wait' }).click();
    const undo = page.getByRole('button', { name: /^Undo Croissant/ });
    await undo.waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(size.height);
    await undo.click();
    await page.getByRole('button', { name: 'Ring up £9.70' }).click();
    await page.getByRole('button', { name: 'Use it now' }).waitFor();
    expect(await bottomOf(/^Use it now/)).toBeLessThan((await bottomOf(/^Next customer/)) - 60);
  },
);

/** What is left of a phone between the bars of its browser, upright or on its side. */
const SMALL_PHONES = [
  { width: 667, height: 375 },
  { width: 375, height: 553 },
  { width: 320, height: 480 },
];
/** Less than this a thumb misses. */
const SMALLEST_KEY_PX = 44;

test.each(SMALL_PHONES)(
  'on a phone of $width by $height every key of the PIN is in sight, a barista’s and a manager’s',
  async (size) => {
    const shop = await aStaffedShop(world, { gesturesLimit: 0 });
    const sam = await aCard(world.db, shop, { customerName: 'Sam' });
    const { page, scan } = await aConnectedTill(world, shop, size);
    const expectKeysInSight = async () => {
      const keys = await page.locator('.pin-keys button').all();
      expect(keys).toHaveLength(12);
      for (const key of keys) {
        const { y, height } = (await key.boundingBox())!;
        expect(height).toBeGreaterThanOrEqual(SMALLEST_KEY_PX);
        expect(y + height).toBeLessThanOrEqual(size.height);
      }
    };
    await page.getByRole('button', { name: 'Ada' }).click();
    await page.getByLabel('PIN, Ada').waitFor();
    await expectKeysInSight();
    await enterPin(page, 'Ada', PINS.ada);
    await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
    await endSessions(world, shop);
    await scan(sam.cardCode);
    await page.getByText('You were signed out.').waitFor();
    await expectKeysInSight();
    await enterPin(page, 'Ada', PINS.ada);
    await scan(sam.cardCode);
    await page.getByRole('button', { name: 'Ask a manager for one more' }).click();
    const dialog = page.getByRole('dialog');
    for (const choice of ['Double stamp', 'Our mistake', 'Mo'])
      await dialog.getByRole('button', { name: choice }).click();
    await dialog.getByLabel('Mo’s PIN').waitFor();
    await expectKeysInSight();
  },
);

test('on a small phone a customer’s screen begins with their name, however far the one before was scrolled', async () => {
  const shop = await aStaffedShop(world);
  const phone = { width: 320, height: 568 };
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  for (let count = 0; count < 8; count++) await aCard(world.db, shop, { customerName: `Samira ${count}` });
  const { page, scan } = await aTillAtWork(world, shop, phone);
  const scrolledTo = () => page.evaluate(() => scrollY);
  const scrollDown = async () => {
    await page.evaluate(() => scrollTo(0, 10_000));
    await expect.poll(scrolledTo).toBeGreaterThan(100);
  };
  await page.getByLabel('Code, name or end of phone number').fill('Samira');
  await page.keyboard.press('Enter');
  await page.locator('.found-one').nth(7).waitFor();
  await scrollDown();
  await page.locator('.found-one').last().click();
  await page.getByRole('heading', { name: 'Samira' }).waitFor();
  expect(await scrolledTo()).toBe(0);
  await scrollDown();
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam', exact: true }).waitFor();
  expect(await scrolledTo()).toBe(0);
});

test('a name without a gap in it makes no page wider than its phone', async () => {
  const phone = { width: 320, height: 568 };
  const customerName = 'Wolfeschlegelsteinhausen-Bergerdorff';
  const { sam, page, scan } = await aTillAndSam(world, { customerName, tablet: phone });
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: customerName }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(phone.width);
});

test('good news does not cover Lock on a tablet upright or a phone on its side either', async () => {
  const shop = await aStaffedShop(world);
  for (const [width, height] of [
    [820, 1180],
    [844, 390],
  ]) {
    const { page, scan } = await aTillAtWork(world, shop, { width: width!, height: height! });
    const sam = await aCard(world.db, shop, { customerName: 'Sam' });
    await scan(sam.cardCode);
    await page.getByRole('button', { name: /^Croissant/ }).click();
    await page.getByRole('button', { name: /^Free item/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Croissant' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Long wait' }).click();
    const news = await page
      .locator('.banner.passing', { hasText: 'Croissant was taken off the sale.' })
      .boundingBox();
    const lock = await page.getByRole('button', { name: /Lock/ }).boundingBox();
    expect(news!.x + news!.width).toBeLessThanOrEqual(lock!.x);
  }
});

test('good news and what waits for a connection are not read through each other', async () => {
  const shop = await aStaffedShop(world);
  for (const [width, height] of [
    [390, 844],
    [820, 1180],
    [1180, 820],
  ] as const) {
    const { page, scan, context } = await aTillAtWork(world, shop, { width, height, hasMovableClock: true });
    const sam = await aCard(world.db, shop, { customerName: 'Sam' });
    await context.setOffline(true);
    await page.getByText('No connection. Sales are kept here.').waitFor();
    await scan(sam.cardCode);
    await sellOne(page);
    await page.getByRole('button', { name: /^Undo Flat white/ }).click();
    await expect
      .poll(() => page.locator('.banner').evaluateAll(inSight))
      .toEqual(['Undone: Flat white £3.50']);
    await page.clock.fastForward('00:05');
    await expect
      .poll(() => page.locator('.banner').evaluateAll(inSight))
      .toEqual(['No connection. Sales are kept here.']);
  }
});

function inSight(elements: Element[]): (string | null)[] {
  return elements.filter((one) => getComputedStyle(one).opacity !== '0').map((one) => one.textContent);
}

test('with letters enlarged to twice their size no button is cut off, on a phone or a tablet', async () => {
  for (const [width, height] of [
    [390, 844],
    [820, 1180],
  ] as const) {
    const shop = await aStaffedShop(world);
    await aSureSeason(world, shop);
    const sam = await aRegular(world, shop, 'Sam');
    const { page, scan } = await aTillAtWork(world, shop, { width, height });
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    const cutOff = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('button')]
          .filter((button) => {
            const { left, right } = button.getBoundingClientRect();
            return left < 0 || right > innerWidth || button.scrollWidth > button.clientWidth + 2;
          })
          .map((button) => button.textContent),
      );
    expect(await cutOff()).toEqual([]);
    await scan(sam.cardCode);
    await page.getByRole('button', { name: 'Flat white £3.50' }).click();
    expect(await cutOff()).toEqual([]);
    await page.locator('.lucky').getByRole('button', { name: 'Double stamp' }).click();
    await page.getByRole('button', { name: /^Undo Double stamp/ }).waitFor();
    expect(await cutOff()).toEqual([]);
    const said = await page.locator('.banner.passing', { hasText: 'One stamp more.' }).boundingBox();
    expect(said!.height).toBeLessThan(said!.width);
    await page.getByRole('button', { name: /Lock/ }).click();
    await page.getByRole('button', { name: 'Ada' }).click();
    await page.getByLabel('PIN, Ada').waitFor();
    expect(await cutOff()).toEqual([]);
  }
});

test('however many sales are refused once the connection is back, there is room on a phone to serve a customer', async () => {
  const shop = await aStaffedShop(world);
  const { page, context } = await aTillAtWork(world, shop, { width: 390, height: 844 });
  const items = await rowsOf(world.db, shop, 'items');
  const { itemId } = items.find(({ name }) => name === 'Croissant')!;
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  for (let sales = 1; sales <= 4; sales++) {
    await page.getByRole('button', { name: 'No card' }).click();
    await page.getByRole('button', { name: 'Croissant £2.80' }).click();
    await page.getByRole('button', { name: 'Ring up £2.80' }).click();
    await page.getByRole('button', { name: 'Next customer' }).click();
  }
  await endItem(world.db, systemClock)(shop.owner, { itemId });
  await context.setOffline(false);
  const refused = page.locator('.refused');
  await refused.getByText('A manager can see it. And 3 more.').waitFor();
  await page.getByRole('button', { name: 'No card' }).click();
  const { y } = (await page.getByRole('button', { name: 'Flat white £3.50' }).boundingBox())!;
  expect(y).toBeLessThan(500);
  await sellOne(page);
  const next = await page.getByRole('button', { name: 'Next customer' }).boundingBox();
  expect(next!.y + next!.height).toBeLessThanOrEqual(844);
  for (const left of ['And 2 more.', 'And 1 more.', 'A manager can see it.']) {
    await refused.getByRole('button', { name: 'Seen' }).click();
    await refused.getByText(left).waitFor();
  }
  await refused.getByRole('button', { name: 'Seen' }).click();
  await refused.waitFor({ state: 'detached' });
  expect(await rowsOf(world.db, shop, 'keptTaps')).toHaveLength(4);
});
