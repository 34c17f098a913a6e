import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { editItem } from '../../src/operations/edit-item.ts';
import { aCustomer } from '../support/a-customer.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import type { Page } from '../support/browser.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { loseOneAnswer, pressOn, useDeskWorld } from './a-desk.ts';
import { holdAnswer, holdRequests } from './hold.ts';

const world = useDeskWorld({ mayComplainOf: /ERR_(FAILED|INCOMPLETE)/ });
let shop: Shop;
/** Sends the head of an answer and the beginning of its body, and is gone. */
let breaksOff: Server;

beforeAll(async () => {
  shop = await aShop(world.db, { coolDownDays: 0, now: new Date(Date.now() - 86_400_000) });
  breaksOff = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.write('{ "items": [', () => response.destroy());
  });
  await new Promise<void>((resolve) => breaksOff.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  breaksOff?.close();
});

async function open(path: string): Promise<Page> {
  const page = await world.aPage({ as: shop.owner });
  await page.goto(world.server.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

/** From now on, until `mend`, answers to these requests break off half-way. */
async function breakOff(page: Page, path: string | RegExp): Promise<void> {
  const { port } = breaksOff.address() as AddressInfo;
  await page.route(path, (route) => route.continue({ url: `http://127.0.0.1:${port}/` }));
}

test('an answer that breaks off half-way is said, and the page comes when it is asked for again', async () => {
  const page = await open('/desk');
  await breakOff(page, '**/api/v1/staff');
  await page.getByRole('navigation').getByRole('link', { name: 'People' }).click();
  const problem = page.getByRole('alert').filter({ hasText: 'The server does not answer' });
  await problem.waitFor();
  await page.unroute('**/api/v1/staff');
  await problem.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('row', { name: /^Ada/ }).waitFor();
  expect(await problem.count()).toBe(0);
  await page.context().close();
}, 60_000);

test('a form whose answer breaks off says so, and so does a file', async () => {
  const page = await open('/desk/people');
  await page.getByRole('button', { name: 'Add somebody' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Bo');
  await dialog.getByLabel('PIN for the till').fill('2468');
  await breakOff(page, '**/api/v1/staff');
  await dialog.getByRole('button', { name: 'Add somebody' }).click();
  await dialog.getByText('The server does not answer').waitFor();
  expect(await dialog.getByLabel('Name').inputValue()).toBe('Bo');

  await page.goto(`${world.server.url}/desk/gestures`);
  await breakOff(page, '**/reports/gestures.csv*');
  await page.getByRole('button', { name: 'CSV' }).click();
  await page.locator('.toast.bad').getByText('The server does not answer').waitFor();
  await page.context().close();
}, 60_000);

test('a page that cannot be brought up to date keeps what is on it, and says that it is old', async () => {
  const { secret } = await aCustomer({ db: world.db, clock: systemClock, shop }, 'Zoë');
  const page = await open('/desk/customers');
  await page.getByRole('link', { name: 'Zoë' }).click();
  await page.getByRole('heading', { name: 'Zoë', level: 1 }).waitFor();
  await page.getByText('Nothing has happened on this card yet').waitFor();
  await page.route(/\/customers\/[^/]+$/, (route) => route.abort());
  await page.getByRole('button', { name: 'Make a new link' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make a new link' }).click();
  // The old link opens nothing any more, and the new one is told this once.
  await page
    .getByRole('alert')
    .filter({ hasText: 'What you see may be out of date' })
    .waitFor({ state: 'attached' });
  const link = (await page
    .getByRole('dialog', { name: 'The new link' })
    .locator('.secret-line')
    .textContent())!;
  expect((await fetch(link)).status).toBe(200);
  expect((await fetch(`${world.server.url}/c/${secret}`)).status).toBe(404);
  await page.context().close();
}, 60_000);

test('while another list is on its way, the one that is shown is not taken for it', async () => {
  await aCustomer({ db: world.db, clock: systemClock, shop }, 'Ida');
  const page = await open('/desk/customers');
  const table = page.getByRole('table');
  await table.getByRole('link', { name: 'Ida' }).waitFor();
  expect(await table.getAttribute('aria-busy')).toBe('false');
  let letGo = await holdRequests(page, '**/customers?find=zzz*');
  await page.getByLabel('Find a customer').fill('zzz');
  await expect.poll(() => table.getAttribute('aria-busy')).toBe('true');
  letGo();
  await page.getByText('Nobody fits').waitFor();

  letGo = await holdRequests(page, '**/customers?find=ida*');
  await page.getByLabel('Find a customer').fill('ida');
  await expect.poll(() => table.getAttribute('aria-busy')).toBe('true');
  expect(await page.getByText('Nobody fits').count()).toBe(0);
  letGo();
  await table.getByRole('link', { name: 'Ida' }).waitFor();
  await page.context().close();
}, 60_000);

test('a dialog stays as long as what was sent from it has no answer', async () => {
  const page = await open('/desk/people');
  const dialog = page.getByRole('dialog');
  const leave = async (): Promise<void> => {
    for (const key of ['Escape', 'Escape']) await page.keyboard.press(key);
    for (const name of ['Close', 'Cancel'])
      await dialog.getByRole('button', { name, exact: true }).click({ force: true });
    await page.mouse.click(2, 2);
    expect(await dialog.count()).toBe(1);
  };
  await page.getByRole('button', { name: 'Edit Ada' }).click();
  await dialog.getByLabel('Name').fill('Ada Lovelace');
  await dialog.getByLabel('PIN for the till').fill('1815');
  let arrive = await holdAnswer(page, '**/api/v1/staff/*');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await leave();
  await arrive();
  await page.getByRole('row', { name: /^Ada Lovelace/ }).waitFor();
  expect(await dialog.count()).toBe(0);

  await page.getByRole('button', { name: 'Ada Lovelace leaves' }).click();
  arrive = await holdAnswer(page, '**/api/v1/staff/*');
  await dialog.getByRole('button', { name: 'End their access' }).click();
  await leave();
  await arrive();
  await page.locator('.toast').getByText('Ada Lovelace').waitFor();
  expect(await dialog.count()).toBe(0);
  await page.context().close();
}, 60_000);

test('who has left, though the answer was lost, has left when it is asked for again', async () => {
  const page = await open('/desk/people');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Ben leaves' }).click();
  await loseOneAnswer(page, '**/api/v1/staff/*');
  await dialog.getByRole('button', { name: 'End their access' }).click();
  await dialog.getByText('The server does not answer').waitFor();
  await dialog.getByRole('button', { name: 'End their access' }).click();
  await page.locator('.toast').getByText('Ben').waitFor();
  await expect.poll(() => page.getByRole('row', { name: /^Ben/ }).count()).toBe(0);
  await page.context().close();
}, 60_000);

test('what is refused after its page was left is said all the same', async () => {
  const page = await open('/desk/settings');
  await page.getByLabel('Name of the business').fill('');
  const arrive = await holdAnswer(page, '**/api/v1/merchant');
  await page.getByRole('button', { name: 'Save name and logo' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Tills' }).click();
  await page.getByRole('heading', { name: 'Tills', level: 1 }).waitFor();
  await arrive();
  await page.locator('.toast.bad').getByText('does not fit. Please give a name.').waitFor();
  await page.context().close();
}, 60_000);

test('an answer that comes when its page was left calls nobody away from what they type', async () => {
  const page = await open('/desk/cards/new');
  await page.getByLabel('Name').fill('Second card');
  await page.getByLabel('What a full card earns').fill('A cake');
  const arrive = await holdAnswer(page, '**/api/v1/programs');
  await page.getByRole('button', { name: 'Start it' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click();
  const name = page.getByLabel('Name of the business');
  await name.fill('The Kinder Bean');
  await arrive();
  await page.locator('.toast').getByText('Second card').waitFor();
  expect(new URL(page.url()).pathname).toBe('/desk/settings');
  expect(await name.inputValue()).toBe('The Kinder Bean');
  await page.context().close();
}, 60_000);

test('another page that does not come is not shown as the one before it', async () => {
  await aCustomer({ db: world.db, clock: systemClock, shop }, 'Sam');
  const page = await open('/desk/customers');
  await page.getByRole('link', { name: 'Sam' }).waitFor();
  await page.route(/\/customers\?.*find=bo/, (route) => route.abort());
  await page.getByLabel('Find a customer').fill('bo');
  await page.getByRole('alert').filter({ hasText: 'The server does not answer' }).waitFor();
  expect(await page.getByRole('link', { name: 'Sam' }).count()).toBe(0);
  await page.context().close();
}, 60_000);

test('a voucher that is refused may be asked for again in another way, and after a lost answer it is sent once', async () => {
  const customer = await aCustomer({ db: world.db, clock: systemClock, shop }, 'Uma');
  const page = await open('/desk/customers');
  await page.getByRole('link', { name: 'Uma' }).click();
  await page.getByRole('button', { name: 'Send a voucher' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send a voucher' });
  const send = dialog.getByRole('button', { name: 'Put it on the card' });
  // Meanwhile somebody decides that it is not given away.
  const [item] = await rowsOf(world.db, shop, 'items');
  const setGiveable = (mayBeGiven: boolean) =>
    editItem(world.db, systemClock)(shop.owner, { itemId: item!.itemId, change: { mayBeGiven } });
  await dialog.getByLabel('Good for').selectOption(item!.name);
  await setGiveable(false);
  await send.click();
  await dialog.getByText('This item may not be given').waitFor();
  await setGiveable(true);
  await loseOneAnswer(page, '**/vouchers');
  await send.click();
  await dialog.getByText('The server does not answer').waitFor();
  await dialog.getByLabel('A word with it').fill('Sorry about the tea');
  await send.click();
  await dialog.getByText('What you asked for first did arrive').waitFor();
  await page.getByRole('heading', { name: 'Ready to use' }).waitFor();
  const given = await rowsOf(world.db, shop, 'gestures');
  expect(given.map(({ cardId }) => cardId)).toEqual([customer.cardId]);
  await page.context().close();
}, 60_000);

test('what is added again, because the answer was lost, is there once', async () => {
  const page = await open('/desk/people');
  await page.getByRole('button', { name: 'Add somebody' }).click();
  const person = page.getByRole('dialog', { name: 'Add somebody' });
  await person.getByLabel('Name').fill('Cleo');
  await person.getByLabel('PIN for the till').fill('2468');
  await loseOneAnswer(page, '**/staff');
  const addPerson = person.getByRole('button', { name: 'Add somebody' });
  await addPerson.click();
  await person.getByText('The server does not answer').waitFor();
  await person.getByLabel('Name').fill('Cleopatra');
  await addPerson.click();
  await person.getByText('What you sent first did arrive').waitFor();
  await page.reload();
  await page.getByRole('row', { name: /^Cleo/ }).waitFor();
  expect(await page.getByRole('row', { name: /^Cleo/ }).count()).toBe(1);

  await page.goto(`${world.server.url}/desk/menu`);
  const items = page.getByRole('form', { name: 'Add to the menu' });
  await items.getByLabel('Something else').fill('Babka');
  await items.getByLabel(/^Price/).fill('4');
  await loseOneAnswer(page, '**/items');
  const addItem = items.getByRole('button', { name: 'Put these on the menu' });
  await addItem.click();
  await items.getByText('The server does not answer').waitFor();
  await addItem.click();
  await page.locator('.toast').getByText('Babka').waitFor();

  await page.goto(`${world.server.url}/desk/locations`);
  await page.getByRole('button', { name: 'Open a location' }).click();
  const location = page.getByRole('dialog', { name: 'Open a location' });
  await location.getByLabel('Name').fill('Pier');
  await loseOneAnswer(page, '**/locations');
  const addLocation = location.getByRole('button', { name: 'Open a location' });
  await addLocation.click();
  await location.getByText('The server does not answer').waitFor();
  await addLocation.click();
  await location.waitFor({ state: 'detached' });

  for (const [table, name] of [
    ['staff', 'Cleo'],
    ['items', 'Babka'],
    ['locations', 'Pier'],
  ] as const)
    expect((await rowsOf(world.db, shop, table)).filter((row) => row.name === name).length).toBe(1);
  await page.context().close();
}, 60_000);

test('what is refused because it was done already, though its answer was lost, shows on the page', async () => {
  const one = await aCustomer({ db: world.db, clock: systemClock, shop }, 'Joan');
  const other = await aCustomer({ db: world.db, clock: systemClock, shop }, 'Joanna');
  await other.buyCoffee(2);
  await one.isGivenDoubleStamp();
  const page = await open('/desk/customers?find=joan');
  await page.getByRole('link', { name: 'Joan', exact: true }).click();
  await page.getByText('1 stamp of 10').waitFor();
  const dialog = page.getByRole('dialog');
  const tryTwice = async (yes: string, refusal: string): Promise<void> => {
    const button = dialog.getByRole('button', { name: yes });
    await button.click();
    await dialog.getByText('The server does not answer').waitFor();
    await button.click();
    await dialog.getByText(refusal).waitFor();
  };

  await page.getByRole('button', { name: 'Join with another' }).click();
  await dialog.getByRole('button', { name: 'Join Joanna into this one' }).click();
  await loseOneAnswer(page, '**/join/*');
  await tryTwice('Join the two', 'This customer was joined with another');
  await page.getByText('3 stamps of 10').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  const takeBack = page.getByRole('button', { name: /^Take it back:/ });
  await takeBack.click();
  await loseOneAnswer(page, '**/undo');
  await tryTwice('Take it back', 'This was already undone');
  await page.getByText('2 stamps of 10').waitFor();
  await expect.poll(() => takeBack.count()).toBe(0);
  await page.context().close();
}, 60_000);

test('at an address without https vouchers are sent and taken back, too', async () => {
  const { cardId } = await aCustomer({ db: world.db, clock: systemClock, shop }, 'Ivo');
  const page = await world.aPage({ as: shop.owner });
  // As browsers do where an address is neither https nor this computer.
  await page.addInitScript('delete Crypto.prototype.randomUUID');
  await page.goto(`${world.server.url}/desk/customers`);
  await page.getByRole('link', { name: 'Ivo' }).click();
  await page.getByRole('button', { name: 'Send a voucher' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send a voucher' });
  await dialog.getByRole('button', { name: 'Put it on the card' }).click();
  await page.getByRole('heading', { name: 'Ready to use' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: 'Ready to use' }).waitFor({ state: 'detached' });
  const given = (await rowsOf(world.db, shop, 'gestures')).filter((row) => row.cardId === cardId);
  expect(given.map(({ undoneBy }) => undoneBy)).toEqual([shop.owner.staffId]);
  await page.context().close();
}, 60_000);

/** A customer's new link, at the desk, where it can be copied. */
async function openNewLink(page: Page): Promise<Locator> {
  await page.goto(`${world.server.url}/desk/customers`);
  await page.getByRole('link', { name: 'Noa' }).first().click();
  await page.getByRole('button', { name: 'Make a new link' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make a new link' }).click();
  const made = page.getByRole('dialog', { name: 'The new link' });
  await made.getByRole('button', { name: 'Done' }).waitFor();
  return made;
}

test('only where the browser lets a page copy is there a button to', async () => {
  await aCustomer({ db: world.db, clock: systemClock, shop }, 'Noa');
  for (const isSecure of [true, false]) {
    const page = await world.aPage({ as: shop.owner });
    if (!isSecure)
      await page.addInitScript('Object.defineProperty(window, "isSecureContext", { value: false })');
    const made = await openNewLink(page);
    expect(await made.getByRole('button', { name: 'Copy' }).count()).toBe(isSecure ? 1 : 0);
    await page.context().close();
  }
}, 60_000);

test('the button to copy says whether the browser did', async () => {
  await aCustomer({ db: world.db, clock: systemClock, shop }, 'Noa');
  const page = await world.aPage({ as: shop.owner });
  const made = await openNewLink(page);
  await page.context().grantPermissions([]);
  await made.getByRole('button', { name: 'Copy' }).click();
  const refused = made.getByRole('button', { name: 'Not copied: select the text yourself' });
  await refused.waitFor();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await refused.click();
  await made.getByRole('button', { name: 'Copied', exact: true }).waitFor();
  const link = await made.locator('.secret-line').innerText();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  await page.context().close();
}, 60_000);

test('a question whose deed fails says why, and keeps the focus on its button', async () => {
  const page = await open('/desk/tills');
  await page.route('**/devices/*', (route) => route.abort());
  await pressOn(page, page.getByRole('button', { name: 'End the till Counter' }));
  const end = page.getByRole('dialog').getByRole('button', { name: 'End it' });
  await pressOn(page, end);
  await page.getByRole('dialog').getByText('The server does not answer').waitFor();
  expect(await end.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.context().close();
}, 60_000);

test('a sign-out that did not arrive says so, and does not look done', async () => {
  for (const size of ['desktop', 'phone'] as const) {
    const page = await world.aPage({ as: shop.owner, size });
    await page.goto(`${world.server.url}/desk`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.route('**/sessions/current', (route) => route.abort(), { times: 1 });
    const signOut = async (): Promise<void> => {
      if (size === 'phone') await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('button', { name: 'Sign out' }).filter({ visible: true }).click();
    };
    await signOut();
    // In sight: pressed away, not hidden below the navigation of a phone.
    await page
      .locator('.toast.bad')
      .filter({ hasText: 'The server does not answer' })
      .getByRole('button')
      .click();
    expect(new URL(page.url()).pathname).toBe('/desk');
    await signOut();
    await page.waitForURL('**/sign-in');
    await page.context().close();
  }
}, 60_000);

test('a page that was open while the server was updated says that it is to be loaded anew', async () => {
  const page = await open('/desk/people');
  // As the desk of another day did: without the id of the operation, and at an address that is no more.
  await page.route('**/api/v1/staff', (route) => {
    const { 'idempotency-key': _, ...headers } = route.request().headers();
    return route.continue({ headers });
  });
  await page.route('**/api/v1/items', (route) =>
    route.continue({ url: `${world.server.url}/api/v1/dishes` }),
  );
  await page.getByRole('button', { name: 'Add somebody' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Dot');
  await dialog.getByLabel('PIN for the till').fill('2468');
  await dialog.getByRole('button', { name: 'Add somebody' }).click();
  await dialog.getByText('Load the page anew').waitFor();
  expect(await dialog.getByText('Idempotency').count()).toBe(0);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Menu' }).click();
  await page.getByRole('alert').filter({ hasText: 'Load the page anew' }).waitFor();
  await page.context().close();
}, 60_000);

test('only what was typed is asked about after a send that failed', async () => {
  const page = await open('/desk/settings');
  await page.route('**/api/v1/merchant', (route) =>
    route.request().method() === 'PATCH' ? route.abort() : route.continue(),
  );
  const form = page.getByRole('form', { name: 'Your business' });
  const question = page.getByRole('dialog', { name: 'Leave without saving?' });
  const follow = (link: string) => page.getByRole('navigation').getByRole('link', { name: link }).click();
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('The server does not answer').waitFor();
  await follow('Menu');
  await page.getByRole('heading', { name: 'Menu', level: 1 }).waitFor();
  expect(await question.count()).toBe(0);

  await follow('Settings');
  await form.getByLabel('Name of the business').fill('The Kinder Bean');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('The server does not answer').waitFor();
  await follow('Menu');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await page.context().close();
}, 60_000);

test('after a sign-out that did not arrive, what was typed is asked about again', async () => {
  const page = await open('/desk/settings');
  await page.getByLabel('Name of the business').fill('The Kinder Bean');
  const question = page.getByRole('dialog', { name: 'Leave without saving?' });
  const leave = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Sign out' }).filter({ visible: true }).click();
    await question.getByRole('button', { name: 'Leave it' }).click();
  };
  await page.route('**/sessions/current', (route) => route.abort(), { times: 1 });
  await leave();
  await page.locator('.toast.bad').filter({ hasText: 'The server does not answer' }).waitFor();
  expect(await page.getByLabel('Name of the business').inputValue()).toBe('The Kinder Bean');
  // The browser asks nothing more when it is over.
  let asked = 0;
  page.on('dialog', (dialog) => {
    asked += 1;
    void dialog.accept();
  });
  await leave();
  await page.waitForURL('**/sign-in');
  expect(asked).toBe(0);
  await page.context().close();
}, 60_000);
