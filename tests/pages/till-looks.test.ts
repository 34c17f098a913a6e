import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { editPreferences } from '../../src/operations/edit-preferences.ts';
import { aCard } from '../support/a-card.ts';
import { findAxeViolations } from '../support/axe.ts';
import type { Locator } from 'playwright-core';
import type { Page } from '../support/browser.ts';
import { useWorld } from './a-world.ts';
import {
  aConnectedTill,
  aKindFortnight,
  aNewTablet,
  aRegular,
  aStaffedShop,
  aSureSeason,
  enrolmentCode,
  PINS,
} from './till-tablet.ts';
import type { TabletOptions } from './till-tablet.ts';

const SIZES = [
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1180, height: 820 },
  { width: 1280, height: 800 },
];
const WALK_TIMEOUT_MS = 180_000;

const world = useWorld();

/**
 * Walks through every screen of a till, by what does not depend on its language, and calls `look` at each. The names
 * are what people and shops are called, and stay as they are in any language.
 */
async function walk(
  options: TabletOptions,
  look: (page: Page, screen: string) => Promise<void>,
  locale = '',
): Promise<void> {
  const shop = await aStaffedShop(world, { gesturesLimit: 1 });
  await aKindFortnight(world, shop);
  await aSureSeason(world, shop);
  const eve = await aRegular(world, shop, 'Eve');
  const sam = await aCard(world.db, shop, { stamps: 8, customerName: 'Sam' });
  await aCard(world.db, shop, { stamps: 3, customerName: 'Samira' });
  const ida = await aCard(world.db, shop, { stamps: 12, customerName: 'Ida' });
  const preferences = 'Oat milk, no lid';
  await editPreferences(world.db, systemClock)(shop.ada, { cardCode: sam.cardCode, preferences });
  const code = await enrolmentCode(world, shop);
  const { page, scan } = await aNewTablet(world, options, `/till/?enrol=${code}&locale=${locale}`);
  await page.emulateMedia({ reducedMotion: 'reduce' }); // what moves is looked at when it stands still
  const settle = (screen: string): Promise<void> => look(page, screen);
  await page.locator('#enrol-code').waitFor();
  await settle('enrolment');
  await page.locator('form button').click();
  await page.locator('.people-list').waitFor();
  await settle('people');
  await page.getByText('Ada', { exact: true }).click();
  await page.locator('#pin').waitFor();
  await settle('PIN');
  await page.locator('#pin').fill('0000');
  await page.keyboard.press('Enter');
  await page.locator('.pin-trouble:not(:empty)').waitFor();
  await settle('wrong PIN');
  await page.locator('#pin').fill(PINS.ada);
  await page.keyboard.press('Enter');
  await page.locator('#card-code').waitFor();
  await settle('waiting');
  await page.locator('#card-code').fill('sam');
  await page.keyboard.press('Enter');
  await page.locator('.found').waitFor();
  await settle('found');
  await page.locator('.top-bar-settings').click();
  await settle('settings');
  await page.locator('.sheet-cancel').click();
  await scan(sam.cardCode);
  await page.locator('.customer h1', { hasText: 'Sam' }).waitFor();
  await settle('customer');
  await page.locator('.preferences').click();
  await settle('preferences');
  await page.locator('.sheet-cancel').click();
  await page.locator('.menu-button', { hasText: 'Flat white' }).click();
  await settle('basket');
  await page.locator('.gesture').last().click();
  await settle('which item');
  await page.locator('.sheet-cancel').click();
  await page.locator('.gesture').first().click();
  await settle('reason');
  await page.locator('.choice').first().click();
  await page.locator('.result-reward button').waitFor();
  await settle('full card');
  await page.locator('.result-reward button').click();
  await page.locator('#live-code').waitFor();
  await settle('live code');
  await page.locator('.sheet .big').click();
  await page.locator('.result-reward').waitFor({ state: 'detached' });
  await settle('spent');
  await page.locator('.main-action').click();
  await scan('5012345678900');
  await settle('foreign barcode');
  await scan(ida.cardCode);
  await page.locator('.reward').waitFor();
  await settle('reward');
  await page.locator('.gesture-one-more').click();
  await settle('which gesture');
  for (const screen of ['reason for one more', 'which manager', 'manager’s PIN']) {
    const question = await page.locator('.sheet h2').innerText();
    await page.locator('.choice').first().click();
    await page.locator('.sheet h2', { hasNotText: question }).waitFor();
    await settle(screen);
  }
  await page.locator('.sheet-cancel').click();
  await page.locator('.top-bar-lock').click();
  await page.locator('.people-list').waitFor();
  await settle('hand-over');
  await page.getByText('Ada', { exact: true }).click();
  await page.locator('#pin').fill(PINS.ada);
  await page.keyboard.press('Enter');
  await page.locator('.customer h1', { hasText: 'Ida' }).waitFor();
  await page.context().setOffline(true);
  await page.locator('.banner.standing').waitFor();
  await settle('no connection');
  await page.context().setOffline(false);
  await page.locator('.banner.standing').waitFor({ state: 'detached' });
  await scan(eve.cardCode);
  await page.locator('.lucky').waitFor();
  await settle('the house is treating');
  await page.locator('.sale-bar .quiet').first().click();
  await page.locator('.top-bar-settings').click();
  await page.locator('.settings-mirror').click();
  await page.locator('.mirror table').waitFor();
  await settle('mirror');
  await page.locator('.mirror .quiet').click();
  await page.locator('.waiting-else .tile').nth(1).click();
  await settle('new card');
  await page.locator('form .big').first().click();
  await page.locator('svg.qr').waitFor();
  await settle('new card’s code');
  await page.locator('.new-card-shown .quiet').last().click();
  await page.locator('.waiting-else .tile').nth(2).click();
  await settle('no card');
  await page.locator('.customer-find button').first().click();
  await page.locator('#card-code').waitFor();
  await settle('find their card');
}

/** Below them on a phone is only the line that says why nothing more can be given; at the mirror nobody waits. */
const FULLEST = new Set(['full card', 'live code', 'mirror']);

for (const size of SIZES)
  test(
    `at ${size.width} × ${size.height} no screen keeps anybody out, light or dark, and nobody scrolls to serve a customer`,
    { timeout: WALK_TIMEOUT_MS },
    async () => {
      const wrong: string[] = [];
      await walk(size, async (page, screen) => {
        for (const target of await page.evaluate(findSmall)) wrong.push(`${screen}: ${target}`);
        const tooHigh = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
        if (tooHigh > 0 && !(size.width < 480 && FULLEST.has(screen)))
          wrong.push(`${screen}: ${tooHigh} px to scroll`);
        for (const colorScheme of ['dark', 'light'] as const) {
          await page.emulateMedia({ colorScheme });
          for (const violation of await findAxeViolations(page))
            wrong.push(`${screen}, ${colorScheme}: ${violation}`);
        }
      });
      expect(wrong).toEqual([]);
    },
  );

/** What is shown and not a text of ours: names of the shop, its people and its menu, sums of money, codes. */
const NOT_TEXTS =
  /The Kind Bean|High Street|\b(Ada|Ben|Mo|Sam|Samira|Ida|Eve)\b|Oat milk, no lid|A coffee on the house|Flat white|Granola|Cappuccino|Espresso|Filter coffee|Iced latte|Hot chocolate|Pot of tea|Croissant|Cinnamon bun|[0-9A-Z]{4}-[0-9A-Z]{4}/g;

for (const locale of ['long', 'rtl'])
  for (const size of [SIZES[0]!, SIZES[1]!, SIZES[2]!])
    test(
      `in ${locale === 'rtl' ? 'a language written from right to left' : 'a language of long words'} nothing is cut off or left in English, at ${size.width} × ${size.height}`,
      { timeout: WALK_TIMEOUT_MS },
      async () => {
        const wrong: string[] = [];
        await walk(
          size,
          async (page, screen) => {
            for (const fault of await page.evaluate(findFaults)) wrong.push(`${screen}: ${fault}`);
            for (const text of await page.evaluate(readTexts)) {
              const rest = text.replaceAll(NOT_TEXTS, '');
              if (/[a-z]{2}/i.test(rest)) wrong.push(`${screen} says “${text}”`);
            }
          },
          locale,
        );
        expect([...new Set(wrong)]).toEqual([]);
      },
    );

/** Runs in the page: what a finger is to hit and may miss, being under 48 pixels. */
function findSmall(): string[] {
  const scope = document.querySelector('dialog[open]') ?? document;
  // A switch, and one of several, are hit by their labels.
  const targets =
    'button, a[href], summary, select, label.switch, .segment span, input:not([role], [type="radio"])';
  return [...scope.querySelectorAll<HTMLElement>(targets)]
    .map((one) => ({ name: one.innerText || one.id, box: one.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && Math.min(box.width, box.height) < 48)
    .map(({ name, box }) => `“${name}” is ${box.width} × ${box.height}`);
}

/** Runs in the page: what sticks out of the page, or of its own button. */
function findFaults(): string[] {
  const faults: string[] = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth - clientWidth} px too wide`);
  const scope = document.querySelector('dialog[open]') ?? document;
  for (const one of scope.querySelectorAll<HTMLElement>('button, p, h1, h2, label, legend, .segment span')) {
    if (one.closest('.visually-hidden') || one.offsetWidth === 0) continue;
    const { left, right } = one.getBoundingClientRect();
    if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
      faults.push(`“${one.innerText}” is ${one.scrollWidth - one.clientWidth} px too wide for its place`);
    if (left < -1 || right > innerWidth + 1) faults.push(`“${one.innerText}” sticks out of the page`);
  }
  return faults;
}

/** Runs in the page: everything it says, to the eye and to a screen reader. */
function readTexts(): string[] {
  const texts: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement!;
    if (!parent.closest('noscript, script, code')) texts.push(walker.currentNode.textContent ?? '');
  }
  for (const one of document.querySelectorAll('[aria-label], [placeholder], [title]'))
    for (const name of ['aria-label', 'placeholder', 'title']) texts.push(one.getAttribute(name) ?? '');
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

test('whoever reads in the colours of their system sees what is switched on', async () => {
  const { page } = await aConnectedTill(world, await aStaffedShop(world));
  await page.emulateMedia({ forcedColors: 'active' });
  await page.getByRole('button', { name: 'This tablet' }).click();
  const colourOf = (one: Locator) => one.evaluate((element) => getComputedStyle(element).backgroundColor);
  const [off, on] = ['Left-handed', 'Sounds'].map((name) => page.getByRole('switch', { name }));
  await expect.poll(async () => (await colourOf(on!)) !== (await colourOf(off!))).toBe(true);
  const [wanted, other] = ['5 min', '3 min'].map((name) => page.getByText(name, { exact: true }));
  expect(await colourOf(wanted!)).not.toBe(await colourOf(other!));
});
