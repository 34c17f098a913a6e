import { beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Page } from '../support/browser.ts';
import { aCustomer } from '../support/a-customer.ts';
import { look, overflowOf, PATHS, SIZES, useDeskWorld } from './a-desk.ts';
import { aStaffedShop } from './till-tablet.ts';

const world = useDeskWorld({ flags: ['--blink-settings=defaultFontSize=32'] });
let page: Page;

beforeAll(async () => {
  // Somebody who needs letters twice as large says so once, in the settings of the browser.
  const shop = await aStaffedShop(world);
  const sam = await aCustomer({ db: world.db, clock: systemClock, shop }, 'Sam');
  await sam.buyCoffee(4);
  await sam.isGivenDoubleStamp();
  page = await world.aPage({ as: shop.owner });
});

/** What lies beside the screen or is seen in part, as the page is shown now. A field to write in shows its end, too. */
async function findFaults(name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const size of ['phone', 'desktop'] as const) {
    await page.setViewportSize(SIZES[size]);
    await look(page, `large-${name}-${size}`);
    if ((await overflowOf(page)) > 0) faults.push(`${size}: wider than the screen`);
    const cutOff = await page.locator('body :visible:not(input, select)').evaluateAll((elements) =>
      elements
        // What is there only to be heard is one pixel wide.
        .filter(({ clientWidth, scrollWidth }) => clientWidth > 1 && clientWidth < scrollWidth)
        .filter((element) => getComputedStyle(element).overflowX !== 'visible')
        .map(({ className, textContent }) => `${className}: ${textContent}`),
    );
    faults.push(...cutOff.map((one) => `${size}: ${one}`));
  }
  return faults;
}

test.each(PATHS)('%s has room for letters that are twice as large', async (path) => {
  await page.goto(world.server.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  expect(await findFaults(path.slice(1).replaceAll('/', '-'))).toEqual([]);
});

test('a customer’s page has room for letters that are twice as large', async () => {
  await page.goto(`${world.server.url}/desk/customers`);
  await page.getByRole('link', { name: 'Sam' }).click();
  await page.getByText('5 stamps of 10').waitFor();
  await page.getByText('gave an extra stamp').waitFor();
  expect(await findFaults('desk-customer')).toEqual([]);
});

test('in a dialog, too, everything has room, and the buttons hide nothing that is filled in', async () => {
  await page.setViewportSize(SIZES.phone);
  await page.goto(`${world.server.url}/desk/allowance`);
  await page.getByRole('button', { name: /^Add an allowance/ }).click();
  const dialog = page.getByRole('dialog');
  const parts = dialog.locator('h2, button, input, select');
  await dialog.getByText(/^It would have allowed/).waitFor(); // what comes after it moves down
  await look(page, 'large-dialog-phone');
  const { x, width } = (await dialog.boundingBox())!;
  for (const part of await parts.all()) {
    await part.scrollIntoViewIfNeeded();
    const box = (await part.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(x);
    expect(box.x + box.width).toBeLessThanOrEqual(x + width);
    const isSeen = await part.evaluate((element) => {
      const { left, top, height } = element.getBoundingClientRect();
      return element.contains(document.elementFromPoint(left + 8, top + height / 2));
    });
    expect(isSeen).toBe(true);
  }
});
