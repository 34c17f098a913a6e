// A finger that taps everything twice, as many do on a screen that once was slow.
import { expect, test } from 'vitest';
import { aCard } from '../support/a-card.ts';
import type { Page } from '../support/browser.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';
import {
  aConnectedTill,
  aRegular,
  aStaffedShop,
  aTillAtWork,
  enterPin,
  PINS,
  sellOne,
  sellWithoutCard,
} from './till-tablet.ts';

const world = useWorld();

/**
 * Taps where the button is, and there again once the first tap has shown on the screen (`shown`). What moves by itself
 * stands still meanwhile, and with it the moment between the taps, however busy the machine is.
 */
async function tapTwice(page: Page, name: RegExp | string, shown: () => Promise<unknown>): Promise<void> {
  const button = page.getByRole('button', { name }).first();
  await button.click({ trial: true }); // it can be tapped
  const { x, y, width, height } = (await button.boundingBox())!;
  const middle = [x + width / 2, y + height / 2] as const;
  const motion = await page.context().newCDPSession(page);
  await motion.send('Animation.enable');
  await motion.send('Animation.setPlaybackRate', { playbackRate: 0 });
  await page.mouse.click(...middle);
  await shown();
  await page.mouse.click(...middle);
  await motion.send('Animation.setPlaybackRate', { playbackRate: 1 });
  await motion.detach();
}

const screens = { tablet: { width: 820, height: 1180 }, phone: { width: 390, height: 844 } };

test.each(Object.entries(screens))(
  'a second tap on a %s does not reach what came up under the finger',
  async (_, size) => {
    const shop = await aStaffedShop(world);
    const sam = await aCard(world.db, shop, { customerName: 'Sam' });
    const { page, scan } = await aConnectedTill(world, shop, size);
    await tapTwice(page, 'Ada', () => page.getByLabel('PIN, Ada').waitFor());
    expect(await page.getByLabel('PIN, Ada').inputValue()).toBe('');
    await enterPin(page, 'Ada', PINS.ada);

    const scanCard = page.getByRole('heading', { name: 'Scan a card' });
    await scanCard.waitFor();
    await tapTwice(page, 'No card', () => page.getByRole('heading', { name: 'No card' }).waitFor());
    await page.getByText('Tap what they are having').waitFor();
    await tapTwice(page, 'Back', () => scanCard.waitFor());
    expect(await page.getByRole('dialog').count()).toBe(0);

    await scan(sam.cardCode);
    await page.getByRole('heading', { name: 'Sam' }).waitFor();
    await page.getByRole('button', { name: 'Flat white £3.50' }).click();
    const toPay = page.getByRole('heading', { name: '£3.50 to pay' });
    await tapTwice(page, 'Ring up £3.50', () => toPay.waitFor());
    expect(await toPay.count()).toBe(1);

    const dialog = page.getByRole('dialog');
    await tapTwice(page, /^Double stamp/, () => dialog.waitFor());
    await dialog.getByRole('button', { name: 'A regular' }).click();
    await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
    expect(await rowsOf(world.db, shop, 'gestures')).toMatchObject([{ reason: 'regular' }]);
    await tapTwice(page, 'Next customer', () => scanCard.waitFor());
    expect(await scanCard.count()).toBe(1);
    expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(1);
  },
);

test.each(Object.entries(screens))(
  'on a %s, a second tap on what goes away puts nothing on the bill and leads nowhere',
  async (_, size) => {
    const shop = await aStaffedShop(world);
    const sam = await aRegular(world, shop, 'Sam');
    const { page, scan } = await aTillAtWork(world, shop, size);
    const menu = page.getByRole('button', { name: 'Flat white £3.50', exact: true });
    const dialog = page.getByRole('dialog');
    const nothingTapped = page.getByText('Tap what they are having');

    await sellWithoutCard(page);
    await tapTwice(page, 'Ring up more', () => menu.waitFor());
    expect(await page.getByRole('heading', { name: 'New card' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Next customer' }).click();

    await sellWithoutCard(page);
    await scan(sam.cardCode);
    await tapTwice(page, 'Not theirs: take it off', () => menu.waitFor());
    await nothingTapped.waitFor();
    await sellOne(page);
    const ringUp = page.getByRole('button', { name: 'Ring up £3.50' });
    await tapTwice(page, /^Undo Flat white/, () => ringUp.waitFor());
    await ringUp.click(); // and nothing else with it
    await page.getByRole('button', { name: 'Next customer' }).click();

    await scan(sam.cardCode);
    await page.getByRole('button', { name: /^Double stamp/ }).click();
    await tapTwice(page, 'Cancel', () => dialog.waitFor({ state: 'detached' }));
    await nothingTapped.waitFor();
    await page.getByRole('button', { name: /^Double stamp/ }).click();
    await tapTwice(page, 'Celebrating', () => dialog.waitFor({ state: 'detached' }));
    await page.getByRole('button', { name: 'Next customer' }).waitFor(); // nothing to ring up

    await tapTwice(page, /^Undo Double stamp/, () => page.getByText('Undone', { exact: true }).waitFor());
    expect(await rowsOf(world.db, shop, 'gestures')).toHaveLength(1);
  },
);

test('a finger that taps Undo twice puts back once what had not left the tablet', async () => {
  const shop = await aStaffedShop(world);
  const { page, context } = await aTillAtWork(world, shop);
  await page.getByRole('button', { name: 'No card' }).click();
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await sellOne(page);
  const undo = page.getByRole('button', { name: /^Undo Flat white/ });
  await undo.evaluate((button: HTMLButtonElement) => {
    button.click();
    button.click();
  });
  await page.locator('.act-note', { hasText: 'Undone' }).waitFor();
  await page.locator('.waiting-note').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Ring up £3.50' }).waitFor();
});
