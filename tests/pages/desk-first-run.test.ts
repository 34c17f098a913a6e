import { beforeAll, expect, test } from 'vitest';
import { findAxeViolations } from '../support/axe.ts';
import type { Page } from '../support/browser.ts';
import { look, overflowOf, pressOn, showAs, tabTo, typeInto, useDeskWorld } from './a-desk.ts';

const PASSWORD = 'a flat white at seven';
const world = useDeskWorld();
let page: Page;
/** As it is where the shop was opened, and nobody heard of it. */
let again: Page;

beforeAll(async () => {
  page = await world.aPage();
  again = await world.aPage();
  await again.goto(`${world.server.url}/setup`);
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { name, exact: true });

/** Each step looks right and breaks no rule at every size, light and dark. */
async function inspect(name: string): Promise<void> {
  for (const size of ['phone', 'tablet', 'desktop'] as const) {
    for (const colorScheme of ['dark', 'light'] as const) {
      await showAs(page, size, colorScheme);
      await look(page, `first-run-${name}-${size}-${colorScheme}`);
      expect(await findAxeViolations(page), `${name}, ${size}, ${colorScheme}`).toEqual([]);
    }
    expect(await overflowOf(page), `${name}, ${size}`).toBeLessThanOrEqual(0);
  }
}

test('a visitor of a server without a shop is led to the set-up', async () => {
  for (const path of ['/', '/desk', '/desk/menu']) {
    await page.goto(`${world.server.url}${path}`);
    await expect.poll(() => page.url()).toBe(`${world.server.url}/setup`);
  }
  await page.getByText('open the link that the server printed').waitFor();
});

test('a browser whose language nobody knows is shown the set-up too, and guesses at the euro', async () => {
  const other = await world.aPage();
  await other.addInitScript(() => Object.defineProperty(navigator, 'language', { get: () => 'en-US@posix' }));
  await other.goto(`${world.server.url}/setup?token=${world.server.setupToken}`);
  await other.getByRole('heading', { name: 'Set up your shop' }).waitFor();
  expect(await other.getByLabel('Currency').inputValue()).toBe('EUR');
  await other.context().close();
});

test('the shop is opened from the printed link by keyboard alone, guided where something does not fit', async () => {
  await page.goto(`${world.server.url}/setup?token=${world.server.setupToken}`);
  await heading('Set up your shop').waitFor();
  // The link is a key: it stays neither in the address nor in the history.
  expect(page.url()).toBe(`${world.server.url}/setup`);
  expect(await page.getByLabel('Currency').inputValue()).toBe('GBP');
  expect(await page.getByLabel('Time zone').inputValue()).toBe('Europe/London');
  await typeInto(page, page.getByLabel('Name of the business'), 'The Kind Bean');
  await typeInto(page, page.getByLabel('Name of this location'), 'High Street');
  await typeInto(page, page.getByLabel('E-mail address'), 'olive@example.com');
  await typeInto(page, page.getByLabel('Password'), 'short');
  await page.keyboard.press('Enter');
  await page.getByText('At least 12 characters: a few words').waitFor();
  expect(await page.getByText('Please give a name').count()).toBe(1);
  // Everything that does not fit is marked, and the first of it is where the cursor is.
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('name')))
    .toBe('owner.name');
  await inspect('shop');
  await typeInto(page, page.getByLabel('Your name'), 'Olive Owner');
  await typeInto(page, page.getByLabel('Password'), PASSWORD);
  await pressOn(page, button('Open the shop'));
  await page.waitForURL('**/desk/start/card');
  await heading('Your stamp card').waitFor();
}, 150_000);

test('pressed again after a lost answer, what opened the shop leads on, by way of the sign-in', async () => {
  const typed = {
    'Name of the business': 'The Kind Bean',
    'Name of this location': 'High Street',
    'Your name': 'Olive Owner',
    'E-mail address': 'olive@example.com',
    Password: PASSWORD,
  };
  for (const [label, text] of Object.entries(typed)) await again.getByLabel(label).fill(text);
  await again.getByRole('button', { name: 'Open the shop' }).click();
  await expect.poll(() => again.url()).toBe(`${world.server.url}/sign-in?next=%2Fdesk%2Fstart%2Fcard`);
  await again.context().close();
});

test('the stamp card shows what it will look like while it is made', async () => {
  await typeInto(page, page.getByLabel('Stamps to fill it'), '8');
  await typeInto(page, page.getByLabel('What a full card earns'), 'Any drink you like');
  await typeInto(page, page.getByLabel('What one reward costs you'), '1,20');
  const preview = page.getByRole('figure');
  await preview.getByText('3 of 8 stamps').waitFor();
  await preview.getByText('Any drink you like').waitFor();
  await tabTo(page, page.getByRole('radio', { name: 'Coffee' }));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await page.getByRole('radio', { name: 'Pine' }).isChecked()).toBe(true);
  expect(
    await preview.locator('.preview-card').evaluate((card) => getComputedStyle(card).backgroundColor),
  ).toBe('rgb(31, 77, 63)');
  await inspect('card');
  await pressOn(page, button('Save and go on'));
  await heading('Your menu').waitFor();
  // A double stamp costs its part of that from the first card on.
  const programs = await page.request.get(`${world.server.url}/api/v1/programs`);
  expect((await programs.json()).items).toMatchObject([{ stampsRequired: 8, rewardCostMinor: 120 }]);
  // The heading has the focus: a screen reader begins there.
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
}, 150_000);

test('the menu is ticked and priced, in whichever way people write an amount', async () => {
  await pressOn(page, button('Put these on the menu and go on'));
  await page.getByText('Tick at least one').waitFor();
  await pressOn(page, page.getByRole('checkbox', { name: 'Flat white' }), 'Space');
  const flatWhite = page.getByRole('listitem').filter({ hasText: 'Flat white' });
  await typeInto(page, flatWhite.getByLabel('Price (GBP)'), '3,5o');
  await page.keyboard.press('Enter');
  await page.getByText('An amount such as 3.50, please').waitFor();
  // A slip of the thumb, and not three hundred and fifty pounds.
  await typeInto(page, flatWhite.getByLabel('Price (GBP)'), '3 50');
  await page.keyboard.press('Enter');
  await page.getByText('An amount such as 3.50, please').waitFor();
  await typeInto(page, flatWhite.getByLabel('Price (GBP)'), '3,50');
  await typeInto(page, flatWhite.getByLabel('Cost (GBP)'), '.8'.replace('.', '0.'));
  await typeInto(page, page.getByLabel('Something else'), 'Cinnamon bun');
  const bun = page
    .getByRole('listitem')
    .filter({ has: page.locator('input').nth(1) })
    .last();
  await typeInto(page, bun.getByLabel('Price (GBP)'), '£4');
  await page
    .getByText('Each earns a stamp and may be given away, but not the croissant and the cake')
    .waitFor();
  await inspect('menu');
  await pressOn(page, button('Put these on the menu and go on'));
  await heading('Your people').waitFor();
  const items = await page.request.get(`${world.server.url}/api/v1/items`);
  expect((await items.json()).items).toMatchObject([
    { name: 'Flat white', priceMinor: 350, costMinor: 80 },
    { name: 'Cinnamon bun', priceMinor: 400, costMinor: 100, qualifies: true, mayBeGiven: true },
  ]);
}, 150_000);

test('what was done is kept when the first run is left, and it is come back to from the desk', async () => {
  await page.goto(`${world.server.url}/desk`);
  await heading('Your shop is open. What is left to do').waitFor();
  await expect
    .poll(() => page.locator('.first-steps .done').allTextContents())
    .toEqual(['Put something on the menu, done', 'Say what may be given: tick it on the menu, done']);
  await inspect('home');
  await pressOn(page, page.getByRole('link', { name: 'Give somebody a PIN for the till' }));
  await heading('Your people').waitFor();
}, 150_000);

test('people get a PIN each, the owner too', async () => {
  await typeInto(page, page.getByLabel('Name', { exact: true }), 'Ada Barista');
  await typeInto(page, page.getByLabel('PIN for the till').first(), '12');
  await page.keyboard.press('Enter');
  await page.getByText('A PIN is 4 to 8 figures').waitFor();
  await typeInto(page, page.getByLabel('PIN for the till').first(), '4711');
  await pressOn(page, button('Add and stay'));
  await page.getByText('Can sign in at a till: Ada Barista.').waitFor();
  await typeInto(
    page,
    page.getByRole('form', { name: /A PIN for yourself/ }).getByLabel('PIN for the till'),
    '9876',
  );
  await pressOn(page, button('Save my PIN'));
  await page.getByText('Can sign in at a till: Olive Owner and Ada Barista.').waitFor();
  await inspect('people');
  await pressOn(page, page.getByRole('link', { name: 'Go on' }));
  await heading('Your first till').waitFor();
  expect(page.url()).toBe(`${world.server.url}/desk/start/till`);
}, 150_000);

test('the first till is connected by its code, which the page notices by itself', async () => {
  await typeInto(page, page.getByLabel('Name of the till'), 'Counter');
  await pressOn(page, button('Make a code'));
  const code = (await page.locator('.till-typed').textContent())!;
  expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  await expect
    .poll(() =>
      page.getByRole('img', { name: 'QR code' }).evaluate((image: HTMLImageElement) => image.naturalWidth),
    )
    .toBeGreaterThan(0);
  // The shop of this test listens on this computer alone, and no tablet would reach it.
  await page.getByText('Only this computer can reach your shop').waitFor();
  await inspect('till');
  const enrolled = await fetch(`${world.server.url}/api/v1/devices`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  expect(enrolled.status).toBe(201);
  await page.getByText('Counter is connected').waitFor();
  await pressOn(page, page.getByRole('link', { name: 'Go to your desk' }));
  await heading('The Kind Bean').waitFor();
  await expect.poll(() => page.locator('.first-steps .done').count()).toBe(4);
  await page.getByRole('link', { name: 'Hang up the poster' }).waitFor();
}, 150_000);
