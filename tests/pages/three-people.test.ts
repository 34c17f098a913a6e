import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { computeCardCode } from '../../src/operations/card-codes.ts';
import type { Page } from '../support/browser.ts';
import { useWorld } from './a-world.ts';
import { typeAsScanner } from './till-tablet.ts';

const PASSWORD = 'a flat white at seven';
const world = useWorld();
const { server } = world;

async function aPerson(width: number, height: number): Promise<Page> {
  const context = await world.browser.newContext({
    viewport: { width, height },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
  });
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

async function setUpShop(owner: Page): Promise<void> {
  await owner.goto(`${server.url}/setup?token=${server.setupToken}`);
  await owner.getByLabel('Name of the business').fill('The Kind Bean');
  await owner.getByLabel('Name of this location').fill('High Street');
  await owner.getByLabel('Your name').fill('Olive');
  await owner.getByLabel('E-mail address').fill('olive@example.com');
  await owner.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await owner.getByRole('button', { name: 'Open the shop' }).click();
  await owner.waitForURL('**/desk/start/card');
}

async function addBarista(owner: Page): Promise<void> {
  await owner.goto(`${server.url}/desk/people`);
  await owner.getByRole('button', { name: 'Add somebody' }).click();
  const dialog = owner.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Ada');
  await dialog.getByLabel('PIN for the till').fill('4711');
  await dialog.getByRole('button', { name: 'Add somebody' }).click();
  await owner.getByRole('row', { name: /^Ada Barista/ }).waitFor();
}

async function addFlatWhite(owner: Page): Promise<void> {
  await owner.goto(`${server.url}/desk/menu`);
  await owner.getByRole('checkbox', { name: 'Flat white' }).check();
  const line = owner.getByRole('listitem').filter({ hasText: 'Flat white' });
  await line.getByLabel('Price (GBP)').fill('3.50');
  await line.getByLabel('Cost (GBP)').fill('0.80');
  await owner.getByRole('button', { name: 'Put these on the menu' }).click();
  await owner.getByLabel('Price of Flat white').waitFor();
  expect(await owner.getByLabel('Flat white may be given').isChecked()).toBe(true);
}

/** The link that the owner's desk shows for a new till. */
async function makeTillCode(owner: Page): Promise<string> {
  await owner.goto(`${server.url}/desk/tills`);
  await owner.getByRole('main').getByRole('button', { name: 'Connect a till' }).first().click();
  await owner.getByLabel('Name of the till').fill('Counter');
  await owner.getByRole('button', { name: 'Make a code' }).click();
  return (await owner.getByRole('link', { name: /till.*enrol=/ }).getAttribute('href'))!;
}

async function enrolAndSignIn(till: Page, link: string): Promise<void> {
  await till.goto(link);
  await till.getByRole('button', { name: 'Connect' }).click();
  await till.getByRole('button', { name: 'Ada' }).click();
  await till.getByLabel('PIN, Ada').fill('4711');
  await till.getByRole('button', { name: 'OK' }).click();
  await till.getByRole('heading', { name: 'Scan a card' }).waitFor();
}

/** What a scanner does with the QR on the customer's page. */
async function scan(till: Page, customer: Page): Promise<void> {
  const secret = new URL(customer.url()).pathname.split('/').at(-1)!;
  await typeAsScanner(till, computeCardCode(secret));
  await till.getByRole('heading', { name: 'Sam' }).waitFor();
}

test('an owner opens a shop, a barista is kind to a customer, and the owner finds it in the report', async () => {
  const owner = await aPerson(1280, 900);
  const till = await aPerson(1180, 820);
  const customer = await aPerson(390, 844);

  await setUpShop(owner);
  await addBarista(owner);
  await addFlatWhite(owner);
  await enrolAndSignIn(till, await makeTillCode(owner));

  await owner.goto(`${server.url}/desk/locations`);
  const joinLink = await owner.getByRole('link', { name: 'Join link' }).getAttribute('href');
  await customer.goto(new URL(joinLink!, server.url).href);
  await customer.getByLabel(/name/i).fill('Sam');
  await customer.getByRole('button', { name: 'Get my card' }).click();
  await customer.waitForURL('**/c/*');
  await expect.poll(() => customer.title()).toBe('0 of 10 stamps · The Kind Bean');
  await customer.evaluate(() => Object.assign(window, { isSameDocument: true }));

  await scan(till, customer);
  const flatWhite = till.getByRole('button', { name: 'Flat white £3.50' });
  for (let count = 0; count < 9; count++) await flatWhite.click();
  await till.getByRole('button', { name: 'Ring up £31.50' }).click();
  await till.getByRole('img', { name: '9 of 10 stamps' }).waitFor();
  await expect.poll(() => customer.title()).toBe('9 of 10 stamps · The Kind Bean');
  await till.getByRole('button', { name: 'Next customer' }).click();

  await scan(till, customer);
  await flatWhite.click();
  await till.getByRole('button', { name: 'Double stamp 3 left today' }).click();
  await till.getByRole('button', { name: 'Long day' }).click();
  await till.getByText('The card is full!', { exact: true }).waitFor();
  await till.getByRole('button', { name: 'Use it now Today’s Flat white is free' }).waitFor();

  // Nobody reloads the customer's page: a full card, today's coffee free, and one stamp on the next card.
  await customer.getByRole('list', { name: '1 of 10 stamps' }).waitFor();
  await customer.getByRole('heading', { name: 'A coffee on the house' }).waitFor();
  await customer.getByText('Full card: 10 of 10 stamps').waitFor();
  expect(await customer.locator('.gift strong').textContent()).toBe('Ada gave you an extra stamp');
  expect(await customer.locator('.gift .why > span').textContent()).toBe('for the long day');
  expect(await customer.evaluate(() => 'isSameDocument' in window)).toBe(true);

  await till.getByRole('button', { name: 'Use it now Today’s Flat white is free' }).click();
  await till.getByRole('button', { name: /^Their phone is dead/ }).click();
  await till.getByRole('heading', { name: 'Nothing to pay' }).waitFor();

  await owner.goto(`${server.url}/desk/gestures`);
  const download = owner.waitForEvent('download');
  await owner.getByRole('button', { name: 'CSV' }).click();
  const csv = readFileSync(await (await download).path(), 'utf8');
  expect(parse(csv, { columns: true, bom: true })).toMatchObject([
    {
      kind: 'double_stamp',
      staff: 'Ada',
      location: 'High Street',
      reason: 'long_day',
      funded_by: 'allowance',
      window: 'open',
      attributed_sales: '0',
    },
  ]);
}, 120_000);
