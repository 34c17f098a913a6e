import { beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { aCustomer } from '../support/a-customer.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import type { Page } from '../support/browser.ts';
import { useDeskWorld } from './a-desk.ts';
import { holdRequests } from './hold.ts';

const CUSTOMERS_AT_ONCE = 25;
const SALES_AT_ONCE = 30;
/** A row that is seen only further down, and only once more was asked for. */
const FAR_DOWN = 32;

const world = useDeskWorld();
let shop: Shop;

beforeAll(async () => {
  shop = await aShop(world.db, { coolDownDays: 0, now: new Date(Date.now() - 86_400_000) });
  for (let count = 1; count <= 2 * CUSTOMERS_AT_ONCE + 5; count++)
    await aCustomer({ db: world.db, clock: systemClock, shop }, `Sam ${count}`);
  const till = aTill(world.db, systemClock, shop);
  const sam = await aCustomer({ db: world.db, clock: systemClock, shop }, 'Zoë');
  for (let count = 0; count < SALES_AT_ONCE + 5; count++) granted(await till.sell(sam));
});

async function open(path: string): Promise<Page> {
  const page = await world.aPage({ as: shop.owner });
  await page.goto(world.server.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

const rowsOf = (page: Page) => page.locator('tbody tr');
const scrolledTo = (page: Page) => page.evaluate(() => Math.round(scrollY));
const focusedText = (page: Page) => page.evaluate(() => document.activeElement?.textContent);

/** Opens a second page of the list, and scrolls to a row of it. Answers with how far down it is. */
async function goFarDown(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Show more' }).click();
  const row = rowsOf(page).nth(FAR_DOWN);
  await row.waitFor();
  await row.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  const top = await scrolledTo(page);
  expect(top).toBeGreaterThan(0);
  return top;
}

test('Back from a customer leads to where one was in the list, by the browser’s button and by the page’s', async () => {
  const page = await open('/desk/customers?find=sam');
  const top = await goFarDown(page);
  const link = rowsOf(page).nth(FAR_DOWN).getByRole('link');
  const name = (await link.textContent())!;
  for (const goBack of [
    () => page.goBack(),
    () => page.getByRole('link', { name: 'All customers' }).click(),
    // A bookmark or a reload of the customer keeps the way back.
    async () => {
      await page.reload();
      await page.getByRole('link', { name: 'All customers' }).click();
    },
  ]) {
    await link.click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    expect(await scrolledTo(page)).toBe(0);
    await goBack();
    await expect.poll(() => rowsOf(page).count()).toBe(2 * CUSTOMERS_AT_ONCE);
    await expect.poll(() => scrolledTo(page)).toBe(top);
    await expect.poll(() => focusedText(page)).toBe(name);
    expect(page.url()).toMatch(/\/desk\/customers\?find=sam$/);
    expect(await page.getByLabel('Find a customer').inputValue()).toBe('sam');
  }

  // Loaded anew it is the same.
  await page.reload();
  await expect.poll(() => rowsOf(page).count()).toBe(2 * CUSTOMERS_AT_ONCE);
  await expect.poll(() => scrolledTo(page)).toBe(top);
  // Another search begins at its beginning, and so does the list for who comes to it by a link.
  await page.getByLabel('Find a customer').fill('sam 5');
  await page.getByRole('link', { name: 'Sam 55' }).waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Customers' }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(CUSTOMERS_AT_ONCE);
  expect(await scrolledTo(page)).toBe(0);
  await page.context().close();
}, 90_000);

test('the way back from a page that was come to from elsewhere leads to its list, from the beginning', async () => {
  const page = await open('/desk/sales');
  const top = await goFarDown(page);
  await rowsOf(page).nth(FAR_DOWN).getByRole('link').click();
  await page.getByRole('heading', { name: 'Zoë', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'All customers' }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(CUSTOMERS_AT_ONCE);
  expect(await scrolledTo(page)).toBe(0);
  await page.goBack();
  await page.getByRole('heading', { name: 'Zoë', level: 1 }).waitFor();
  await page.goBack();
  await expect.poll(() => scrolledTo(page)).toBe(top);
  await page.context().close();
}, 90_000);

test('who scrolls before the list has come back stays where they are', async () => {
  const page = await open('/desk/customers');
  await goFarDown(page);
  await rowsOf(page).nth(FAR_DOWN).getByRole('link').click();
  await page.getByRole('link', { name: 'All customers' }).waitFor();
  const letGo = await holdRequests(page, '**/api/v1/customers?*');
  await page.goBack();
  await page.getByLabel('Find a customer').waitFor();
  await page.mouse.wheel(0, -10);
  letGo();
  await expect.poll(() => rowsOf(page).count()).toBe(2 * CUSTOMERS_AT_ONCE);
  expect(await scrolledTo(page)).toBe(0);
  await page.context().close();
}, 90_000);

test('a list that is asked for again, after a refund far down in it, is not folded up', async () => {
  const page = await open('/desk/sales');
  await goFarDown(page);
  await rowsOf(page)
    .nth(FAR_DOWN)
    .getByRole('button', { name: /^Refund/ })
    .click();
  const dialog = page.getByRole('dialog', { name: 'Refund this sale' });
  await dialog.getByRole('button', { name: /^Refund/ }).click();
  await page.getByText('refunded').first().waitFor();
  expect(await rowsOf(page).count()).toBe(SALES_AT_ONCE + 5);
  await page.context().close();
}, 90_000);
