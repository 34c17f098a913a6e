import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Route } from 'playwright-core';
import qrcode from 'qrcode';
import { beforeAll, describe, expect, test } from 'vitest';
import { findCardById } from '../../db/queries/card-queries.ts';
import { updateCustomer } from '../../db/queries/customer-queries.ts';
import { systemClock } from '../../src/clock.ts';
import { editOwnCard } from '../../src/operations/edit-own-card.ts';
import { computeTimeCode, stepOf } from '../../src/operations/time-code.ts';
import { findAxeViolations } from '../support/axe.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aCustomer } from '../support/a-customer.ts';
import type { Customer } from '../support/a-customer.ts';
import type { Page } from '../support/browser.ts';
import { look, overflowOf, pressOn, showAs, SIZES, tabTo, typeInto, useDeskWorld } from './a-desk.ts';
import { holdRequests } from './hold.ts';
import { setPassword } from './set-password.ts';

const PASSWORD = 'a flat white at seven';
const EMAIL = 'olive@example.com';
/** As tills name their exports. */
const FILE_NAME = 'export_2026-01-31_2026-02-01_canal_street_all_tills.csv';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const world = useDeskWorld();
let shop: Shop;
let zoe: Customer;
let other: Customer;

beforeAll(async () => {
  shop = await aShop(world.db, { coolDownDays: 0, now: new Date(Date.now() - 86_400_000) });
  await setPassword(world, shop.owner, { email: EMAIL, password: PASSWORD });
  zoe = await aCustomer({ db: world.db, clock: systemClock, shop }, 'Zoë Brontë');
  await zoe.buyCoffee(3);
  await zoe.isGivenDoubleStamp('long_day');
  other = await aCustomer({ db: world.db, clock: systemClock, shop });
  await other.buyCoffee(2);
});

async function open(path: string, options: { size?: keyof typeof SIZES } = {}): Promise<Page> {
  const page = await world.aPage({ as: shop.owner, ...options });
  await page.goto(world.server.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

/** Light and dark, at every size; the page as it is shown now. */
async function findFaults(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  const before = page.viewportSize()!;
  for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
    await showAs(page, size, 'light');
    // A tablet shows what a desktop does, a little narrower.
    for (const colorScheme of size === 'tablet' ? [] : (['light', 'dark'] as const)) {
      await showAs(page, size, colorScheme);
      await look(page, `${name}-${size}-${colorScheme}`);
      faults.push(...(await findAxeViolations(page)).map((fault) => `${size} ${colorScheme}: ${fault}`));
    }
    if ((await overflowOf(page)) > 0) faults.push(`${size}: wider than the screen`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
  return faults;
}

describe('customers', () => {
  test('are found by name without a mouse, and their history is told in sentences', async () => {
    const page = await open('/desk/customers');
    await page.getByRole('link', { name: 'Zoë Brontë' }).waitFor();
    await typeInto(page, page.getByLabel('Find a customer'), 'bronte');
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.getByRole('status').filter({ hasText: '1 customer' }).waitFor({ state: 'attached' });
    await pressOn(page, page.getByRole('link', { name: 'Zoë Brontë' }));
    await page.getByRole('heading', { name: 'Zoë Brontë', level: 1 }).waitFor();
    await page.getByText('4 stamps of 10 for: A coffee on the house').waitFor();
    await page.getByText('Bought Flat white for £10.50').waitFor();
    await page.getByText('Ada gave an extra stamp').waitFor();
    await page.getByText('Long day').waitFor();
    expect(await findFaults(page, 'customer')).toEqual([]);
    await page.context().close();
  }, 60_000);

  test('are all there again, and nothing is searched for, when somebody comes anew', async () => {
    const page = await open('/desk/customers?find=bronte');
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    const find = page.getByLabel('Find a customer');
    expect(await find.inputValue()).toBe('bronte');
    await page.getByRole('navigation').getByRole('link', { name: 'Customers' }).click();
    await expect.poll(() => page.getByRole('row').count()).toBeGreaterThan(2);
    await expect.poll(() => find.inputValue()).toBe('');
    await page.goBack();
    await expect.poll(() => find.inputValue()).toBe('bronte');
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.context().close();
  }, 60_000);

  test('are edited, and an edit is undone', async () => {
    const page = await openCustomer('bronte', 'Zoë Brontë');
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit this customer' });
    await dialog.getByLabel('Phone').fill('call me');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Not a phone number').waitFor();
    await dialog.getByLabel('Phone').fill('020 7946 0958');
    await dialog.getByLabel('How they like it').fill('Oat milk, no lid');
    expect(await findFaults(page, 'customer-edit')).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('02079460958').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('02079460958').waitFor({ state: 'hidden' });
    // A family may share a phone; and somebody with two cards is found out.
    await editOwnCard(world.db, systemClock)({ secret: other.secret, change: { phone: '020 7946 0958' } });
    await page.getByRole('button', { name: 'Edit' }).click();
    await dialog.getByLabel('Phone').fill('020 7946 0958');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Another customer has this number too. Are they one person?').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('02079460958').waitFor({ state: 'hidden' });
    expect(await page.getByText('Zoë Brontë').count()).toBeGreaterThan(0);
    await page.context().close();
  }, 60_000);

  test('what a customer changed on their card meanwhile stays, however the desk is saved and undone', async () => {
    const uma = await aCustomer({ db: world.db, clock: systemClock, shop }, 'Uma');
    const page = await openCustomer('uma', 'Uma');
    const change = { preferences: 'Oat milk' };
    await editOwnCard(world.db, systemClock)({ secret: uma.secret, change });
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit this customer' });
    await dialog.getByLabel('Name').fill('Uma Thurlow');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Uma Thurlow', level: 1 }).waitFor();
    await page.getByText('Oat milk').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name: 'Uma', level: 1, exact: true }).waitFor();
    expect(await page.getByText('Oat milk').count()).toBe(1);
    await page.context().close();
  }, 60_000);

  test('a voucher that comes too soon says from when on the next is possible', async () => {
    const strict = await aShop(world.db, { coolDownDays: 7, now: new Date(Date.now() - 86_400_000) });
    const sam = await aCustomer({ db: world.db, clock: systemClock, shop: strict }, 'Sam');
    await sam.isGivenDoubleStamp();
    const page = await world.aPage({ as: strict.manager });
    await page.goto(`${world.server.url}/desk/customers`);
    await page.getByRole('link', { name: 'Sam' }).click();
    await page.getByRole('button', { name: 'Send a voucher' }).click();
    await page.getByRole('button', { name: 'Put it on the card' }).click();
    const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', dateStyle: 'medium' });
    const nextWeek = day.format(Date.now() + 7 * 86_400_000);
    await expect
      .poll(() => page.getByRole('alert').innerText())
      .toContain(`This customer had a gesture recently. It is possible again from ${nextWeek}`);
    await page.context().close();
  }, 60_000);

  test('a card is blocked and the block undone; a voucher is put on it', async () => {
    const page = await openCustomer('bronte', 'Zoë Brontë');
    await page.getByRole('button', { name: 'Block' }).click();
    await page.getByText('Blocked since').waitFor();
    await expect(zoe.isGivenDoubleStamp()).rejects.toThrow('card-blocked');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Blocked since').waitFor({ state: 'hidden' });
    await pressOn(page, page.getByRole('button', { name: 'Send a voucher' }));
    const dialog = page.getByRole('dialog', { name: 'Send a voucher' });
    await dialog.getByLabel('Good for').selectOption('Flat white');
    await dialog.getByLabel('A word with it').fill('We are sorry about the tea');
    await dialog.getByRole('button', { name: 'Put it on the card' }).click();
    await page.getByText('The voucher is on the card').waitFor();
    await page.getByRole('heading', { name: 'Ready to use' }).waitFor();
    await page.getByText('Olive sent a voucher: Flat white').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Olive took back the voucher: Flat white').waitFor();
    await page.getByRole('heading', { name: 'Ready to use' }).waitFor({ state: 'hidden' });

    await page.getByRole('button', { name: 'Send a voucher' }).click();
    await dialog.getByLabel('Good for').selectOption('Flat white');
    await dialog.getByRole('button', { name: 'Put it on the card' }).click();
    await page.getByRole('heading', { name: 'Ready to use' }).waitFor();
    await pressOn(page, page.getByRole('button', { name: 'Take it back: Olive sent a voucher: Flat white' }));
    expect(await findFaults(page, 'customer-take-back')).toEqual([]);
    const question = page.getByRole('dialog', { name: 'Take this gesture back?' });
    await pressOn(page, question.getByRole('button', { name: 'Take it back' }));
    await page.getByRole('heading', { name: 'Ready to use' }).waitFor({ state: 'hidden' });
    await expect.poll(() => page.getByText('Olive took back the voucher: Flat white').count()).toBe(2);
    await page.context().close();
  }, 60_000);

  test('a new link is made after a question, and opens the card', async () => {
    const page = await openCustomer('bronte', 'Zoë Brontë');
    await page.getByRole('button', { name: 'Make a new link' }).click();
    const question = page.getByRole('dialog', { name: 'Make a new link for this card?' });
    await question.getByRole('button', { name: 'Make a new link' }).click();
    const dialog = page.getByRole('dialog', { name: 'The new link' });
    const link = (await dialog.locator('.secret-line').textContent())!;
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    expect((await fetch(link)).status).toBe(200);
    // What the customer's new phone scans off the screen.
    const picture = dialog.getByRole('img', { name: 'QR code of the link below' });
    await expect.poll(() => picture.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0);
    const drawn = await (await fetch(new URL((await picture.getAttribute('src'))!, link))).text();
    expect(drawn).toBe((await qrcode.toString(link, { type: 'svg', errorCorrectionLevel: 'M' })).trim());
    expect(await findFaults(page, 'customer-new-link')).toEqual([]);
    expect((await fetch(`${world.server.url}/c/${zoe.secret}`)).status).toBe(404);
    await page.context().close();
  }, 60_000);

  test('two who are one person are joined, by keyboard alone; what stays is said when one is forgotten', async () => {
    const { merchantId } = shop;
    const emails = { [zoe.cardId]: 'zoe@example.com', [other.cardId]: 'z.bronte@example.com' };
    await world.db.transact(async (tx) => {
      for (const [cardId, email] of Object.entries(emails)) {
        const [card] = await findCardById(tx, { merchantId, cardId });
        await updateCustomer(tx, { merchantId, customerId: card!.customerId, change: { email } });
      }
    });
    const page = await openCustomer('bronte', 'Zoë Brontë');
    await pressOn(page, page.getByRole('button', { name: 'Join with another' }));
    await pressOn(page, page.getByRole('button', { name: /^Join Card .* into this one$/ }));
    const sure = page.getByRole('dialog');
    await sure.getByText('zoe@example.com goes on bringing it back, z.bronte@example.com does not').waitFor();
    await look(page, 'customer-join-sure');
    await pressOn(page, sure.getByRole('button', { name: 'Join the two' }));
    await page.getByText('Joined. 2 stamps came over.').waitFor();
    await page.getByText('6 stamps of 10').waitFor();

    await pressOn(page, page.getByRole('button', { name: 'Forget this customer' }));
    const dialog = page.getByRole('dialog', { name: 'Forget Zoë Brontë?' });
    expect(await findFaults(page, 'customer-forget')).toEqual([]);
    await pressOn(page, dialog.getByRole('button', { name: 'Forget for good' }));
    await dialog.getByText('Type forget to go on').waitFor();
    await typeInto(page, dialog.getByRole('textbox'), 'forget');
    await page.keyboard.press('Enter');
    await page.getByText('This customer was forgotten on').waitFor();
    await expect.poll(() => page.getByText('Zoë').count()).toBe(0);
    await page.context().close();
  }, 60_000);

  async function openCustomer(find: string, name: string): Promise<Page> {
    const page = await open(`/desk/customers?find=${find}`);
    await page.getByRole('link', { name }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    return page;
  }
});

describe('sales from a file', () => {
  const csv = 'Sold at;Total;Card;What\n31/01/2026 09:00;3,50;ann;Latte\n01/02/2026 10:30;4,00;bob;Mocha\n';
  const upload = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

  test('are looked at before anything is written, then come in by keyboard alone; how they were read is kept', async () => {
    const page = await open('/desk/imports');
    const press = (name: string) => pressOn(page, page.getByRole('button', { name, exact: true }));
    await press('Read the file');
    await page.getByText('Choose a file, please').waitFor();
    await tabTo(page, page.getByLabel('CSV file'));
    await page.getByLabel('CSV file').setInputFiles(upload(FILE_NAME, csv));
    await press('Read the file');
    await page.getByRole('cell', { name: 'Latte' }).waitFor();
    // What its headings say is filled in, and so is the zone of the shop; “What” could be anything.
    const said = (label: string) => page.getByLabel(label, { exact: true }).inputValue();
    expect(await said('Date and time')).toBe('Sold at');
    expect(await said('Amount paid')).toBe('Total');
    expect(await said('Customer')).toBe('Card');
    expect(await said('What was bought')).toBe(' ');
    expect(await said('Time zone of its clock')).toBe('Europe/London');
    await page.getByText('Times that name no zone of their own').waitFor();
    await tabTo(page, page.getByLabel('What was bought'));
    await page.keyboard.type('What');
    await pressOn(page, page.getByLabel('Date and time are in two columns'), 'Space');
    await press('Check the file');
    await expect.poll(() => page.getByText('Choose the column that says it').count()).toBe(2);
    await pressOn(page, page.getByLabel('Date and time are in two columns'), 'Space');
    await typeInto(page, page.getByLabel('Time zone of its clock'), 'Moon/Base');
    await press('Check the file');
    await page.getByText('Not a time zone').waitFor();
    expect(await findFaults(page, 'import-mapping')).toEqual([]);
    await typeInto(page, page.getByLabel('Time zone of its clock'), 'Europe/London');
    await press('Check the file');
    await page.getByRole('heading', { name: '3. What will happen' }).waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toBe('3. What will happen');
    await page.getByText('£7.50').waitFor();
    await page.getByText('times as in Europe/London').waitFor();
    await page.getByText('an import cannot be undone').waitFor();
    expect(await findFaults(page, 'import-check')).toEqual([]);
    await press('Import');
    await page.getByText('2 sales and 2 cards were added.').waitFor();
    const past = page.getByRole('rowheader', { name: FILE_NAME });
    await past.waitFor();
    for (const width of [SIZES.phone.width, 744, SIZES.tablet.width, SIZES.desktop.width]) {
      await page.setViewportSize({ ...SIZES.desktop, width });
      const beside = await past.evaluate((name) => {
        const [table, panel] = [name.closest('table')!, name.closest('.panel')!];
        return panel.getBoundingClientRect().right - table.getBoundingClientRect().right;
      });
      expect(beside, `${width}`).toBeGreaterThan(0);
    }

    await page.getByRole('button', { name: 'Another file' }).click();
    await page.getByLabel('CSV file').setInputFiles(upload('again.csv', csv));
    await page.getByRole('button', { name: 'Read the file' }).click();
    await page.getByText('Files from here were read before').waitFor();
    expect(await said('Customer')).toBe('Card');
    expect(await said('What was bought')).toBe('What');
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByText('Everything in this file was imported before: there is nothing to add.').waitFor();
    await page.context().close();
  }, 90_000);

  test('in German the columns are found too, and months by their names', async () => {
    const page = await open('/desk/imports');
    const german =
      'Belegnr.;Datum;Uhrzeit;Artikel;Kundenkarte;Betrag\n1;31. Dezember 2025;09:00;Melange;ann;3,50\n';
    await page.getByLabel('CSV file').setInputFiles(upload('januar.csv', german));
    await page.getByLabel('Where it comes from').fill('kasse');
    await page.getByRole('button', { name: 'Read the file' }).click();
    const said = (label: string) => page.getByLabel(label, { exact: true }).inputValue();
    expect(await page.getByLabel('Date and time are in two columns').isChecked()).toBe(true);
    for (const [label, heading] of [
      ['Date', 'Datum'],
      ['Time', 'Uhrzeit'],
      ['Amount paid', 'Betrag'],
      ['Customer', 'Kundenkarte'],
      ['What was bought', 'Artikel'],
      ['Number of the sale', 'Belegnr.'],
    ] as const)
      expect(await said(label), `${label}`).toBe(heading);
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByText('£3.50').waitFor();
    await page.getByText('Sales from 31 Dec 2025, 09:00').waitFor();
    await page.context().close();
  }, 60_000);

  test('rows nobody can read are named, and left out only when somebody says so', async () => {
    const page = await open('/desk/imports', { size: 'phone' });
    const rows = `${csv}someday;1,00;ann;Tea\n02/02/2026 08:00;2,50;ann;Tea\n`;
    await page.getByLabel('CSV file').setInputFiles(upload('odd.csv', rows));
    await page.getByRole('button', { name: 'Read the file' }).click();
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByText('1 row cannot be read.').waitFor();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('Tick this to go on').waitFor();
    await page.getByLabel('Leave this row out').check();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('1 sale and 0 cards were added.').waitFor();
    await page.getByText('1 row was left out, as you chose; everything else came in.').waitFor();
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    await page.context().close();
  }, 60_000);

  test('what no field of the page can mend is said as well, and Back keeps the file', async () => {
    const page = await open('/desk/imports');
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const checkInTwoColumns = async () => {
      await press('Read the file');
      await page.getByLabel('Date and time are in two columns').check();
      await page.getByLabel('Date', { exact: true }).selectOption('Date');
      await page.getByLabel('Time', { exact: true }).selectOption('Time');
      await press('Check the file');
    };
    const twice = 'Date;Time;Total;Date\n04/05/2026;09:00;3,50;04/05/2026\n';
    await page.getByLabel('CSV file').setInputFiles(upload('march.csv', twice));
    await page.getByLabel('Where it comes from').fill('till');
    await checkInTwoColumns();
    await page.getByRole('alert').filter({ hasText: 'source “till” are our own till' }).waitFor();
    await press('Back');
    expect(await page.getByLabel('Where it comes from').inputValue()).toBe('till');
    await page.getByLabel('Where it comes from').fill('vending');
    await checkInTwoColumns();
    await page.getByRole('alert').filter({ hasText: 'There are several columns “Date”' }).waitFor();
    expect(await findFaults(page, 'import-twice')).toEqual([]);
    await page.context().close();
  }, 60_000);

  test('the order of day and month is shown, and looked for again when somebody says so', async () => {
    const page = await open('/desk/imports');
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const order = page.getByLabel('Order of day and month');
    const choose = async (rows: string) => {
      await page
        .getByLabel('CSV file')
        .setInputFiles(upload('days.csv', `Sold at;Total\n${rows} 09:00;1,50\n`));
      await page.getByLabel('Where it comes from').fill('kiosk');
      await press('Read the file');
    };
    await choose('12/31/2025');
    await press('Check the file');
    await page.getByText('Month first: 12/31/2026').waitFor();
    await press('Import');
    await press('Another file');
    await choose('04/05/2026');
    expect(await order.inputValue()).toBe('mdy');
    await order.selectOption('See it from the dates');
    await press('Check the file');
    await page.getByText('can be read in two ways').waitFor();
    await order.selectOption('Day first: 31/12/2026');
    await press('Check the file');
    await page.getByText('Sales from 4 May 2026').waitFor();
    await page.getByText('Day first: 31/12/2026').waitFor();
    expect(await findFaults(page, 'import-order')).toEqual([]);
    await page.context().close();
  }, 60_000);

  test('that come in while somebody looks elsewhere are told of there', async () => {
    const page = await open('/desk/imports');
    await page.getByLabel('CSV file').setInputFiles(upload('later.csv', csv));
    await page.getByLabel('Where it comes from').fill('later-till');
    await page.getByRole('button', { name: 'Read the file' }).click();
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByText('an import cannot be undone').waitFor();
    const letGo = await holdRequests(page, '**/sales/import?*');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('navigation').getByRole('link', { name: 'Menu' }).click();
    await page.getByRole('heading', { name: 'Menu', level: 1 }).waitFor();
    letGo();
    await page.locator('.toast').getByText('2 sales and 2 cards were added.').waitFor();
    expect(new URL(page.url()).pathname).toBe('/desk/menu');
    await page.context().close();
  }, 60_000);

  test('a file that adds nothing is told why', async () => {
    const page = await open('/desk/imports');
    const unreadable = 'Sold at;Total;Card;What\nsomeday;1,00;ann;Tea\n';
    await page.getByLabel('CSV file').setInputFiles(upload('none.csv', unreadable));
    await page.getByLabel('Where it comes from').fill('one-till');
    await page.getByRole('button', { name: 'Read the file' }).click();
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByText('As the file is, there is nothing in it to add.').waitFor();
    await page.goto(page.url());
    const cancelled = 'Sold at;Total;State\n30/01/2026 09:00;3,50;cancelled\n';
    await page.getByLabel('CSV file').setInputFiles(upload('none.csv', cancelled));
    await page.getByLabel('Where it comes from').fill('another-till');
    await page.getByRole('button', { name: 'Read the file' }).click();
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByText('No row of this file is a sale that was paid').waitFor();
    expect(await page.getByRole('button', { name: 'Import', exact: true }).count()).toBe(0);
    await page.context().close();
  }, 60_000);
});

describe('the account', () => {
  let secret: string;
  let recoveryCode: string;

  function codeAt(instant: Date): string {
    const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
    const key = Uint8Array.from(bits.match(/.{8}/g)!, (byte) => Number.parseInt(byte, 2));
    return computeTimeCode({ key, step: stepOf(instant), digits: 6, algorithm: 'sha1' });
  }

  /** Whether the password alone opens the desk no more. */
  async function isAskedForCode(): Promise<boolean> {
    const answer = await fetch(`${world.server.url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: EMAIL, password: PASSWORD }),
    });
    return answer.status === 401;
  }

  test('a double click begins the second factor once', async () => {
    const page = await open('/desk/account');
    let begun = 0;
    page.on(
      'request',
      (one) => (begun += Number(one.url().endsWith('/second-factor') && one.method() === 'POST')),
    );
    await page.getByRole('button', { name: 'Set it up' }).dblclick();
    await page.getByRole('dialog', { name: 'Set up the second factor' }).getByRole('img').waitFor();
    expect(begun).toBe(1);
    await page.context().close();
  }, 60_000);

  test('a second factor is set up by keyboard alone, and recovery codes are shown once', async () => {
    const page = await open('/desk/account');
    let drawn = 0;
    page.on('request', (one) => (drawn += Number(one.url().includes('/second-factor.svg'))));
    await pressOn(page, page.getByRole('button', { name: 'Set it up' }));
    const dialog = page.getByRole('dialog', { name: 'Set up the second factor' });
    await expect.poll(() => drawn).toBe(1);
    // Begun again it is another secret, and the picture is drawn again as well.
    const first = await dialog.locator('.secret-line').textContent();
    await page.keyboard.press('Escape');
    await pressOn(page, page.getByRole('button', { name: 'Set it up' }));
    await expect.poll(() => dialog.locator('.secret-line').textContent()).not.toBe(first);
    await expect.poll(() => drawn).toBe(2);
    secret = (await dialog.locator('.secret-line').textContent())!.replaceAll(' ', '');
    const picture = dialog.getByRole('img', { name: /QR code/ });
    await expect
      .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(0);
    expect(await findFaults(page, 'second-factor')).toEqual([]);
    await typeInto(page, dialog.getByLabel('The code that the app shows'), '000000');
    await page.keyboard.press('Enter');
    await dialog.getByText('That code is not right').waitFor();
    // The answer that tells the codes breaks off, and it is asked for again.
    const breakOff = async (route: Route): Promise<void> => {
      await route.fetch();
      await route.fulfill({ body: '{ "recoveryCodes": [' });
    };
    await page.route('**/second-factor/confirm', breakOff, { times: 1 });
    await typeInto(page, dialog.getByLabel('The code that the app shows'), codeAt(new Date()));
    await page.keyboard.press('Enter');
    await dialog.getByText('The server does not answer').waitFor();
    await page.keyboard.press('Enter');
    const codes = page.getByRole('dialog', { name: 'Your recovery codes' }).getByRole('listitem');
    await codes.first().waitFor();
    await expect.poll(() => codes.count()).toBe(10);
    recoveryCode = (await codes.first().textContent())!;
    // They are told once: no slip of a finger closes them.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    expect(await codes.count()).toBe(10);
    expect(await findFaults(page, 'recovery-codes')).toEqual([]);
    await pressOn(page, page.getByRole('button', { name: 'I have kept them' }));
    await page.getByText('10 recovery codes left.').waitFor();
    expect(await isAskedForCode()).toBe(true);
    await page.context().close();
  }, 60_000);

  test('signing in asks for the password, then for the code, and leads where one wanted to go', async () => {
    const page = await world.aPage({ size: 'phone' });
    await page.goto(`${world.server.url}/desk/account`);
    await page.getByLabel('E-mail address').fill(EMAIL);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    const code = page.getByLabel('Code of your authenticator app');
    await code.waitFor();
    await expect.poll(() => code.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await findFaults(page, 'sign-in-code')).toEqual([]);
    await code.fill(recoveryCode);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'My account', level: 1 }).waitFor();
    await page.getByText('9 recovery codes left.').waitFor();
    await page.context().close();
  }, 60_000);

  test('sign-ins are shown in plain words, and ended', async () => {
    const page = await open('/desk/account');
    await page.getByText('Chrome on Linux').first().waitFor();
    await page.getByRole('button', { name: 'Show everybody' }).click();
    await page.getByRole('columnheader', { name: 'Who' }).waitFor();
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere else' }).click();
    await page.getByText('You are signed out everywhere else').waitFor();
    await page.getByRole('button', { name: 'Show only mine' }).click();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.context().close();
  }, 60_000);

  test('the second factor is turned off with the password and a code', async () => {
    const page = await open('/desk/account');
    await page.getByRole('button', { name: 'Turn it off' }).click();
    const dialog = page.getByRole('dialog', { name: 'Turn the second factor off?' });
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByLabel('A code of the app').fill(codeAt(new Date(Date.now() + 30_000)));
    await dialog.getByRole('button', { name: 'Turn it off' }).click();
    await page.getByRole('button', { name: 'Set it up' }).waitFor();
    expect(await isAskedForCode()).toBe(false);
    await page.context().close();
  }, 60_000);

  test('a password that is too short is refused at its field', async () => {
    const page = await open('/desk/account');
    await typeInto(page, page.getByLabel('Password now'), PASSWORD);
    await typeInto(page, page.getByLabel('New password'), 'short');
    await page.keyboard.press('Enter');
    await page.getByText('At least 12 characters: a few words in a row are easy to remember').waitFor();
    await typeInto(page, page.getByLabel('New password'), 'two flat whites to go');
    await page.keyboard.press('Enter');
    await page.getByText('Your password is changed').waitFor();
    await expect.poll(() => page.getByLabel('New password').inputValue()).toBe('');
    await page.context().close();
  }, 60_000);
});

test('the audit log tells in sentences who did what, and can be narrowed down', async () => {
  const page = await open('/desk/audit');
  await page.getByText('Olive changed their own password').waitFor();
  await page.getByText('Olive had a customer forgotten').waitFor();
  await page.getByText(`Olive imported sales from ${FILE_NAME}`).waitFor();
  expect(await findFaults(page, 'audit')).toEqual([]);
  await page.getByLabel('About').selectOption('Customers');
  await page.getByText('A customer changed their own card: phone number').waitFor();
  await page.getByLabel('About').selectOption('Imports');
  await page.getByText('Olive changed their own password').waitFor({ state: 'hidden' });
  expect(new URL(page.url()).searchParams.get('about')).toBe('sales');
  await page.getByLabel('From', { exact: true }).fill('2026-03-05');
  await page.getByLabel('To', { exact: true }).fill('2026-03-04');
  await page.getByText('The last day is before the first').waitFor();
  expect(await findFaults(page, 'audit-backwards')).toEqual([]);
  // One day is a span as well.
  await page.getByLabel('To', { exact: true }).fill('2026-03-05');
  await page.getByText('Nothing fits').waitFor();
  const download = page.waitForEvent('download');
  await tabTo(page, page.getByRole('button', { name: 'Download as CSV' }));
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toMatch(/^audit-log-\d{4}-\d\d-\d\d\.csv$/);
  await page.getByText('The file is in your downloads').waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Download as CSV');
  await page.context().close();
}, 60_000);

test('whatever is written into the audit log has a sentence, and a group to narrow it down to', () => {
  const sources = join(import.meta.dirname, '..', '..', 'src');
  const texts = readFileSync(join(sources, 'pages/dashboard/app/texts/audit.ts'), 'utf8');
  const written = readdirSync(join(sources, 'operations'))
    .map((name) => readFileSync(join(sources, 'operations', name), 'utf8'))
    .flatMap((source) => [...source.matchAll(/'([a-z-]+)\.([a-z-]+)'(?=,|;| :|$)/gm)])
    .filter(([, , verb]) => verb !== 'ts');
  expect(written.length).toBeGreaterThan(30);
  const untold = written.filter(
    ([quoted, group]) =>
      !texts.includes(`    ${quoted}: (`) || !new RegExp(`^    '?${group}'?: '`, 'm').test(texts),
  );
  expect(untold.map(([quoted]) => quoted)).toEqual([]);
});
