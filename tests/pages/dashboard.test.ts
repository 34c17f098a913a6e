import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { openDatabase } from '../../db/open.ts';
import { launchBrowser } from '../support/browser.ts';
import type { Browser, Page } from '../support/browser.ts';
import { createSqliteFile } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { startTestServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

/** Today, because the browser forgets a cookie by its own clock. */
const clock = new FixedClock(new Date());
const password = 'a flat white at seven';
let browser: Browser;
let db: Database;
let server: TestServer;
let drop: () => Promise<void>;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  const file = await createSqliteFile();
  drop = file.drop;
  db = await openDatabase(file.url);
  server = await startTestServer({ db, clock });
  browser = await launchBrowser();
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London' });
  page = await context.newPage();
  page.on('console', (message) => {
    // What the API refuses, the browser notes as an error by itself.
    if (message.type() === 'error' && !message.text().includes('the server responded with a status'))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
});

afterAll(async () => {
  await browser.close();
  await server.close();
  await db.close();
  await drop();
});

async function look(name: string): Promise<void> {
  const folder = process.env['SCREENS_FOLDER'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

test('an owner sets the shop up from the printed link, guided where something does not fit', async () => {
  await page.goto(`${server.url}/`);
  expect(page.url()).toBe(`${server.url}/setup`);
  await page.goto(`${server.url}/setup?token=${server.setupToken}`);
  await expect.poll(() => page.url()).toBe(`${server.url}/setup`);
  expect(await page.getByLabel('Currency').inputValue()).toBe('GBP');
  expect(await page.getByLabel('Time zone').inputValue()).toBe('Europe/London');
  await page.getByLabel('Name of the business').fill('The Kind Bean');
  await page.getByLabel('Name of this location').fill('High Street');
  await page.getByLabel('E-mail address').fill('olive@example.com');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByLabel('Password', { exact: true }).press('Enter');
  await page.getByText('At least 12 characters: a few words').waitFor();
  expect(await page.getByText('Please give a name').count()).toBe(1);
  // Everything that does not fit is marked, and the first of it is where the cursor is.
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('owner');
  await look('setup');
  await page.getByLabel('Your name').fill('Olive Owner');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Open the shop' }).press('Enter');
  await page.waitForURL('**/desk');
  await page.getByRole('heading', { name: 'The Kind Bean' }).waitFor();
  await page.getByRole('heading', { name: 'Your shop is open. What is left to do' }).waitFor();
  expect(await page.locator('#first-steps .done').count()).toBe(0);
  // The shop of this test listens on this computer alone, and a printed poster would lead nowhere.
  await page.getByRole('region', { name: 'For your customers' }).getByText('Only this computer').waitFor();
});

test('the owner adds a barista, an item and a till', async () => {
  const people = page.getByRole('region', { name: 'People' });
  await people.getByLabel('Name').fill('Ada Barista');
  await people.getByLabel('PIN for the till').fill('12');
  await people.getByRole('button', { name: 'Add' }).click();
  await people.getByText('A PIN is 4 to 8 figures').waitFor();
  await people.getByLabel('PIN for the till').fill('4711');
  await people.getByRole('button', { name: 'Add' }).click();
  await people.getByText('Ada Barista · Barista').waitFor();

  const menu = page.getByRole('region', { name: 'Menu' });
  await menu.getByLabel('Name').fill('Flat white');
  await menu.getByLabel('Price (GBP)').fill('3,5o');
  await menu.getByLabel('What it costs you (GBP)').fill('0.8');
  await menu.getByRole('button', { name: 'Put it on the menu' }).click();
  await expect.poll(() => menu.getByLabel('Price (GBP)').getAttribute('aria-invalid')).toBe('true');
  await menu.getByLabel('Price (GBP)').fill('3,50');
  await menu.getByLabel('May be given').check();
  await menu.getByRole('button', { name: 'Put it on the menu' }).click();
  await menu.getByText('Flat white · £3.50 · may be given').waitFor();
  await menu.getByRole('button', { name: 'Edit Flat white' }).click();
  expect(await menu.getByLabel('What it costs you (GBP)').inputValue()).toBe('0.80');
  await menu.getByLabel('Price (GBP)').fill('3.70');
  await menu.getByRole('button', { name: 'Save' }).click();
  await menu.getByText('Flat white · £3.70 · may be given').waitFor();

  expect(await page.locator('#first-steps .done').count()).toBe(2);
  const tills = page.getByRole('region', { name: 'Tills' });
  await tills.getByLabel('Name of the new till').fill('Counter');
  await tills.getByRole('button', { name: 'Make a code for a till' }).click();
  await tills.locator('#enrolment').waitFor();
  const code = await tills.locator('#enrolment-code').textContent();
  expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  await expect
    .poll(() => tills.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);
  const enrolled = await fetch(`${server.url}/api/v1/devices`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  expect(enrolled.status).toBe(201);
  // The desk notices the till by itself; with a menu, a barista and a till nothing is left of the first steps.
  await tills.getByText('Counter · High Street').waitFor();
  expect(await tills.locator('#enrolment').isVisible()).toBe(false);
  expect(await page.getByText('What is left to do').isVisible()).toBe(false);
  await look('desk');
});

test('the owner changes the stamp card, the allowance and the cool-down', async () => {
  await page.getByLabel('Stamps to fill it').fill('8');
  await page.getByLabel('What a full card earns').fill('Any drink you like');
  await page.getByRole('region', { name: 'Stamp card' }).getByRole('button', { name: 'Save' }).click();
  await page.getByRole('region', { name: 'Stamp card' }).getByText('Saved').waitFor();
  const allowance = page.getByRole('region', { name: 'Allowance' });
  await allowance.getByLabel('Gestures each person').fill('5');
  await allowance.getByLabel('At a cost of at most').fill('12.50');
  await allowance.getByRole('button', { name: 'Save' }).first().click();
  await allowance.getByText('Saved').waitFor();
  await page.getByLabel('Days between two gestures').fill('3');
  await allowance.getByRole('button', { name: 'Save' }).last().click();
  await allowance.getByText('Saved').nth(1).waitFor();
  await page.reload();
  await expect.poll(() => page.getByLabel('Gestures each person').inputValue()).toBe('5');
  expect(await page.getByLabel('At a cost of at most').inputValue()).toBe('12.50');
  expect(await page.getByLabel('Days between two gestures').inputValue()).toBe('3');
  expect(await page.getByLabel('Stamps to fill it').inputValue()).toBe('8');
});

test('the report is downloaded after the password is entered again', async () => {
  clock.advance({ minutes: 6 });
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download as a table (CSV)' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password').fill('not this one');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await dialog.getByText('Tries left: 4').waitFor();
  await dialog.getByLabel('Password').fill(password);
  await dialog.getByLabel('Password').press('Enter');
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
});

test('signing out leaves nothing on the screen, and signing in comes back to the desk', async () => {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in');
  await page.goto(`${server.url}/desk`);
  expect(page.url()).toBe(`${server.url}/sign-in`);
  await look('sign-in');
  await page.getByLabel('E-mail address').fill('olive@example.com');
  await page.getByLabel('Password').fill('wrong');
  await page.getByLabel('Password').press('Enter');
  await page.getByText('E-mail address or password is not right.').waitFor();
  await page.getByLabel('Password').fill(password);
  await page.getByLabel('Password').press('Enter');
  await page.waitForURL('**/desk');
  await page.getByRole('heading', { name: 'The Kind Bean' }).waitFor();
});

test('on a phone nothing is wider than the screen, and the pages break no rule of their own', async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wider).toBeLessThanOrEqual(0);
  await page.emulateMedia({ colorScheme: 'dark' });
  await look('desk-phone-dark');
  expect(complaints).toEqual([]);
});
