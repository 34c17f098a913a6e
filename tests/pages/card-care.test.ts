import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findCardById } from '../../db/queries/card-queries.ts';
import { updateCustomer } from '../../db/queries/customer-queries.ts';
import type { Database } from '../../db/database.ts';
import { hashOf } from '../../src/operations/card-codes.ts';
import { startServer } from '../../src/server.ts';
import { systemClock } from '../../src/clock.ts';
import { findAxeViolations } from '../support/axe.ts';
import { aCustomer } from '../support/a-customer.ts';
import type { Customer } from '../support/a-customer.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { attempt } from '../support/a-card.ts';
import { testSealer } from '../support/a-season.ts';
import { granted, refusalOf } from '../support/answers.ts';
import type { Browser, BrowserContext, Page } from '../support/browser.ts';
import { startTestServer, testSecrets } from '../support/server.ts';
import { endLocation } from '../../src/operations/edit-location.ts';
import { editCustomer } from '../../src/operations/edit-customer.ts';
import { editProgram } from '../../src/operations/edit-program.ts';
import { redeemReward } from '../../src/operations/redeem-reward.ts';
import { splitScannedCode } from '../../src/operations/live-code.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';
import { pressOn, typeInto } from './a-desk.ts';
import { holdAnswer } from './hold.ts';

const PHONE = { width: 390, height: 844 };
const TABLET = { width: 820, height: 1180 };
const DESKTOP = { width: 1280, height: 800 };
/** Where pictures of the pages go, when somebody wants to look at them. */
const PICTURES = process.env['CARD_PICTURES'];

const clock = systemClock;
const mailFolder = mkdtempSync(join(tmpdir(), 'doublestamp-mail-'));
const world = useWorld({ clock, mailFolder });
const { server } = world;
let browser: Browser;
let db: Database;
let shop: Shop;
let joinCode: string;

beforeAll(async () => {
  ({ db, browser } = world);
  shop = await aShop(db, { now: clock.now(), gesturesLimit: null, coolDownDays: 0 });
  joinCode = (await rowsOf(db, shop, 'locations'))[0]!.joinCode;
});

afterAll(() => rmSync(mailFolder, { recursive: true, force: true }));

/** Somebody's own device; what goes wrong on its pages is in `faults`. */
async function aDevice({
  viewport = PHONE,
  javaScriptEnabled = true,
  colorScheme = 'light' as 'light' | 'dark',
} = {}) {
  const context = await browser.newContext({ viewport, javaScriptEnabled, colorScheme });
  const faults: string[] = [];
  const open = async (path: string, at = server.url): Promise<Page> => {
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await page.goto(at + path);
    return page;
  };
  return { context, faults, open, close: () => context.close() };
}

/** The newest mail to an address, when it has come. */
async function mailTo(address: string): Promise<string> {
  const newest = (): string | undefined => {
    const names = existsSync(mailFolder) ? readdirSync(mailFolder).toSorted() : [];
    const mails = names.map((name) => readFileSync(join(mailFolder, name), 'utf8'));
    return mails.findLast((text) => text.includes(`To: ${address}`));
  };
  await expect.poll(newest, { message: `a mail to ${address}` }).toBeDefined();
  return newest()!;
}

async function codeTo(address: string): Promise<string> {
  const [, code] = /^ {4}(\d{6})\r?$/m.exec(await mailTo(address))!;
  rmSync(mailFolder, { recursive: true });
  mkdirSync(mailFolder);
  return code!;
}

async function keepSafe(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByText(`We sent a code to ${email}`).waitFor();
  await page.getByLabel('The six figures we sent you').fill(await codeTo(email));
  await page.getByRole('button', { name: 'That’s it' }).click();
  await page.getByText(`Your card is safe: ${email} brings it back.`).waitFor();
}

/** As if its customer had proved the address. */
async function setEmail({ cardId }: { cardId: string }, email: string): Promise<void> {
  const { merchantId } = shop;
  await db.transact(async (tx) => {
    const [card] = await findCardById(tx, { merchantId, cardId });
    await updateCustomer(tx, { merchantId, customerId: card!.customerId, change: { email } });
  });
}

/** What a scanner would read off the screen: the code in the page's own data, and the digits it shows. */
async function scan(page: Page): Promise<{ cardCode: string; liveCode: string }> {
  const cardCode = (await page.locator('.qr').getAttribute('data-code'))!;
  const liveCode = (await page.locator('.live-code data').textContent())!.replaceAll(/\s/g, '');
  return { cardCode, liveCode };
}

const spend = async (scanned: { cardCode: string; liveCode: string }) =>
  redeemReward(db, clock, testSecrets.cardKey)(shop.ada, { attempt: attempt(), ...scanned });

test('a reward is spent with the code that the phone shows, and the same code spends no second one', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  await sam.buyCoffee(20);
  const { open, faults, close } = await aDevice();
  const page = await open(`/c/${sam.secret}`);
  const scanned = await scan(page);
  expect(splitScannedCode(`${scanned.cardCode}:${scanned.liveCode}`).liveCode).toBe(scanned.liveCode);
  granted(await spend(scanned));
  expect(refusalOf(await spend(scanned))).toBe('live-code-used');
  await page.getByText('Used just now. Enjoy it!').waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('the code on the phone changes by itself when its half minute is over', async () => {
  const sam = await aCustomer({ db, clock, shop });
  const { context, open, close } = await aDevice();
  await context.clock.install({ time: new Date('2026-03-02T09:00:10Z') });
  // The shop tells what time it is; here nobody sets the phone's clock back.
  await context.route('**/events?*', (route) => route.abort());
  const page = await open(`/c/${sam.secret}`);
  const qr = () => page.locator('.qr path[stroke]').getAttribute('d');
  const before = { ...(await scan(page)), drawn: await qr() };
  await context.clock.runFor(31_000);
  const after = { ...(await scan(page)), drawn: await qr() };
  expect(after.liveCode).not.toBe(before.liveCode);
  expect(after.drawn).not.toBe(before.drawn);
  await close();
});

test('a customer says how they like it, and takes it out again', async () => {
  const sam = await aCustomer({ db, clock, shop });
  const { open, faults, close } = await aDevice();
  const page = await open(`/c/${sam.secret}`);
  await page.getByRole('link', { name: 'Keep it safe, and your details' }).click();
  await page.getByLabel('First name').fill('Zoë');
  await page.getByLabel('How you like it').fill('Oat milk, no lid');
  await page.getByLabel('Phone number').fill('nobody knows');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('That does not look like a phone number').waitFor();
  // What was typed is still there.
  await page.getByLabel('Phone number').fill('020 7946 0958');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('status').getByText('Saved.').waitFor();
  await page.getByRole('link', { name: 'Back to the card' }).click();
  await page.getByText('Hello, Zoë').waitFor();
  await page.getByText('Oat milk, no lid').waitFor();
  await page.getByRole('link', { name: 'Keep it safe, and your details' }).click();
  await page.getByLabel('Phone number').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('status').getByText('Saved.').waitFor();
  expect(await page.getByLabel('Phone number').inputValue()).toBe('');
  const rows = await rowsOf(db, shop, 'customers');
  expect(rows.find(({ name }) => name === 'Zoë')).toMatchObject({ phone: null, phoneEnd: null });
  expect(faults).toEqual([]);
  await close();
});

test('a long name from the desk stays whole when its customer gives a phone number', async () => {
  const name = 'Anna-Katharina Wilhelmine von Hohenlohe-Waldenburg-Schillingsfürst';
  const sam = await aCustomer({ db, clock, shop }, name);
  const { open, close } = await aDevice();
  const page = await open(`/c/${sam.secret}/me`);
  await page.getByLabel('Phone number').fill('020 7946 0958');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('status').getByText('Saved.').waitFor();
  const rows = await rowsOf(db, shop, 'customers');
  expect(rows.find(({ phone }) => phone === '02079460958')?.name).toBe(name);
  await close();
});

test('a page that was left open changes what is typed there, and nothing that was changed elsewhere meanwhile', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  const { customerId } = (await rowsOf(db, shop, 'cards')).find(({ cardId }) => cardId === sam.cardId)!;
  const kept = async () => {
    const found = (await rowsOf(db, shop, 'customers')).find((row) => row.customerId === customerId)!;
    return { name: found.name, preferences: found.preferences, phone: found.phone };
  };
  const { open, close } = await aDevice({ javaScriptEnabled: false });
  const page = await open(`/c/${sam.secret}/me`);
  const change = { preferences: 'Decaf', phone: '020 7946 0958' };
  granted(await editCustomer(db, clock)(shop.owner, { customerId, change }));
  await page.getByLabel('First name').fill('Samira');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('status').getByText('Saved.').waitFor();
  expect(await kept()).toEqual({ name: 'Samira', preferences: 'Decaf', phone: '02079460958' });

  // Nor does it when something in it was refused, and is mended.
  await page.getByLabel('Phone number').fill('nobody knows');
  granted(await editCustomer(db, clock)(shop.owner, { customerId, change: { preferences: 'Oat milk' } }));
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('How you like it').inputValue()).toBe('Oat milk');
  await page.getByLabel('Phone number').fill('020 7946 0999');
  await page.getByLabel('First name').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('status').getByText('Saved.').waitFor();
  expect(await kept()).toEqual({ name: null, preferences: 'Oat milk', phone: '02079460999' });
  await close();
});

test('a form of the longest details is taken, in any letters', async () => {
  const sam = await aCustomer({ db, clock, shop });
  const { open, close } = await aDevice();
  for (const [name, preferences] of [
    ['あ'.repeat(80), 'ミ'.repeat(120)],
    ['い'.repeat(80), 'ル'.repeat(120)],
  ] as const) {
    const page = await open(`/c/${sam.secret}/me`);
    await page.getByLabel('First name').fill(name);
    await page.getByLabel('How you like it').fill(preferences);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').getByText('Saved.').waitFor();
    expect(await page.getByLabel('First name').inputValue()).toBe(name);
    expect(await page.getByLabel('How you like it').inputValue()).toBe(preferences);
  }
  await close();
});

test('a card that was kept safe comes back after the phone is lost, and the lost phone’s card is dead', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  await sam.buyCoffee(7);
  const old = await aDevice();
  const page = await old.open(`/c/${sam.secret}/me`);
  await keepSafe(page, 'sam@example.com');

  const anew = await aDevice();
  const find = await anew.open(`/join/${joinCode}`);
  await find.getByRole('link', { name: 'Lost your card? Find it again' }).click();
  await find.getByLabel('E-mail address').fill('Sam@Example.com');
  await find.getByRole('button', { name: 'Send me a code' }).click();
  await find.getByLabel('The six figures we sent you').fill('000000');
  await find.getByRole('button', { name: 'Open my card' }).click();
  await find.getByRole('alert').getByText('That is not the code').waitFor();
  await find.getByLabel('The six figures we sent you').fill(await codeTo('sam@example.com'));
  await find.getByRole('button', { name: 'Open my card' }).click();
  await find.waitForURL(/\/c\/[a-z2-7]{26}$/);
  await find.getByRole('list', { name: '7 of 10 stamps' }).waitFor();
  expect(find.url()).not.toContain(sam.secret);

  const lost = await old.context.newPage();
  expect((await lost.goto(`${server.url}/c/${sam.secret}`))!.status()).toBe(404);
  expect(anew.faults).toEqual([]);
  await old.close();
  await anew.close();
});

test('of two cards that come back with one code each can be opened, whichever is looked at first', async () => {
  const email = 'two@cards.example';
  for (const count of [3, 4]) {
    const card = await aCustomer({ db, clock, shop });
    await card.buyCoffee(count);
    const phone = await aDevice();
    await keepSafe(await phone.open(`/c/${card.secret}/me`), email);
    await phone.close();
  }
  const { context, open, faults, close } = await aDevice();
  const find = await open(`/find/${joinCode}`);
  await find.getByLabel('E-mail address').fill(email);
  await find.getByRole('button', { name: 'Send me a code' }).click();
  await find.getByLabel('The six figures we sent you').fill(await codeTo(email));
  await find.getByRole('button', { name: 'Open my card' }).click();
  await find.getByRole('heading', { name: 'Here they are' }).waitFor();
  // The new links are shown this once: a page that was sent to a form is not there to go back to.
  for (const progress of ['3 of 10 stamps', '4 of 10 stamps']) {
    const [card] = await Promise.all([
      context.waitForEvent('page'),
      find.getByRole('link', { name: progress }).click(),
    ]);
    await card.getByRole('list', { name: progress }).waitFor();
  }
  expect(faults).toEqual([]);
  await close();
});

test('a card of a location that has closed is found again all the same, by the link in its customer’s mail', async () => {
  const closing = await aShop(db, { now: clock.now() });
  const email = 'sam@closed.example';
  const sam = await aCustomer({ db, clock, shop: closing }, 'Sam');
  const old = await aDevice();
  await keepSafe(await old.open(`/c/${sam.secret}/me`), email);
  await endLocation(db, clock, testSealer)(closing.owner, closing);
  const [location] = await rowsOf(db, closing, 'locations');
  const anew = await aDevice();
  const find = await anew.open(`/find/${location!.joinCode}`);
  await find.getByLabel('E-mail address').fill(email);
  await find.getByRole('button', { name: 'Send me a code' }).click();
  await find.getByLabel('The six figures we sent you').fill(await codeTo(email));
  await find.getByRole('button', { name: 'Open my card' }).click();
  await find.getByText('Hello, Sam').waitFor();
  expect(anew.faults).toEqual([]);
  expect((await fetch(`${server.url}/join/${location!.joinCode}`)).status).toBe(404);
  await old.close();
  await anew.close();
});

test('a code is good from any keyboard, also from one that writes other figures', async () => {
  const noor = await aCustomer({ db, clock, shop }, 'نور');
  const old = await aDevice();
  await keepSafe(await old.open(`/c/${noor.secret}/me`), 'noor@example.com');
  const anew = await aDevice();
  const find = await anew.open(`/find/${joinCode}`);
  await find.getByLabel('E-mail address').fill('noor@example.com');
  await find.getByRole('button', { name: 'Send me a code' }).click();
  const code = await codeTo('noor@example.com');
  await find
    .getByLabel('The six figures we sent you')
    .fill(code.replaceAll(/\d/g, (figure) => '٠١٢٣٤٥٦٧٨٩'[Number(figure)]!));
  await find.getByRole('button', { name: 'Open my card' }).click();
  await find.waitForURL(/\/c\/[a-z2-7]{26}$/);
  expect(anew.faults).toEqual([]);
  await old.close();
  await anew.close();
});

test('a code is good as a line of the mail is copied, with the room around it', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  const { open, faults, close } = await aDevice();
  const page = await open(`/c/${sam.secret}/me`);
  await page.getByLabel('E-mail address').fill('sam@copied.example');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('The six figures we sent you').focus();
  await page.keyboard.insertText(`    ${await codeTo('sam@copied.example')} `);
  await page.getByRole('button', { name: 'That’s it' }).click();
  await page.getByText('Your card is safe now.').waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('an old phone that loads the page anew, while its customer is at their mail, still takes the code that was sent', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  const old = await aDevice();
  await keepSafe(await old.open(`/c/${sam.secret}/me`), 'sam@old-phone.example');
  await old.close();
  const anew = await aDevice();
  const find = await anew.open(`/find/${joinCode}`);
  await find.getByLabel('E-mail address').fill('sam@old-phone.example');
  await find.getByRole('button', { name: 'Send me a code' }).click();
  await find.getByText('a code is on its way').waitFor();
  const code = await codeTo('sam@old-phone.example');
  const again = await anew.context.newPage(); // as a phone does that had no room for it
  await again.goto(find.url());
  await again.getByLabel('The six figures we sent you').fill('000000');
  await again.getByRole('button', { name: 'Open my card' }).click();
  await again.getByRole('alert').getByText('That is not the code').waitFor();
  await again.reload(); // no further try
  await again.getByLabel('The six figures we sent you').fill(code);
  await again.getByRole('button', { name: 'Open my card' }).click();
  await again.waitForURL(/\/c\/[a-z2-7]{26}$/);
  expect(readdirSync(mailFolder)).toEqual([]); // no other code was sent
  expect(anew.faults).toEqual([]);
  await anew.close();
});

test('an address that is none is said to be none, and stays where it was typed to be mended', async () => {
  const phone = await aDevice({ javaScriptEnabled: false });
  const ruth = await aCustomer({ db, clock, shop });
  // A browser lets this through: it may be an address within a company.
  for (const path of [`/find/${joinCode}`, `/c/${ruth.secret}/me`]) {
    const page = await phone.open(path);
    await page.getByLabel('E-mail address').fill('ruth@example');
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByText('That does not look like an e-mail address.').waitFor();
    expect(await page.getByLabel('E-mail address').inputValue()).toBe('ruth@example');
  }
  await phone.close();
});

test('an address nobody has is answered like one that somebody has', async () => {
  const sam = await aCustomer({ db, clock, shop });
  const device = await aDevice({ javaScriptEnabled: false });
  await keepSafe(await device.open(`/c/${sam.secret}/me`), 'known@example.com');
  const texts: string[] = [];
  for (const email of ['known@example.com', 'unknown@example.com']) {
    const page = await device.open(`/find/${joinCode}`);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByText('If a card is kept safe with this address').waitFor();
    texts.push(await page.locator('body').innerText());
  }
  expect(texts[1]).toBe(texts[0]);
  await device.close();
});

test('without a mail server nobody is promised a mail', async () => {
  const silent = await startTestServer({ db, clock, mailFolder: null });
  const sam = await aCustomer({ db, clock, shop });
  const me = await (await fetch(`${silent.url}/c/${sam.secret}/me`)).text();
  expect(me).toContain('This shop sends no mail');
  expect(me).not.toContain('name="email"');
  const card = await (await fetch(`${silent.url}/c/${sam.secret}`)).text();
  expect(card).toContain('Ask at the till');
  expect(card).not.toContain('mail');
  // Nor whoever gave an address while there was one.
  const phone = await aDevice();
  await keepSafe(await phone.open(`/c/${sam.secret}/me`), 'sam@silent.example');
  expect(await (await fetch(`${silent.url}/c/${sam.secret}/me`)).text()).not.toContain('Your card is safe');
  await phone.close();
  expect(await (await fetch(`${silent.url}/find/${joinCode}`)).text()).toContain('Ask at the till');
  await silent.close();
});

test('two cards on two phones become one, with everything on it', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  await sam.buyCoffee(6);
  const other = await aCustomer({ db, clock, shop });
  await other.buyCoffee(7);
  const [one, two] = [await aDevice(), await aDevice()];
  const otherPage = await two.open(`/c/${other.secret}`);
  const number = (await otherPage.locator('.short-code').innerText()).split(/\s/).at(-1)!;

  await setEmail(sam, 'sam@example.com');
  await setEmail(other, 'sammy@example.com');
  const page = await one.open(`/c/${sam.secret}/me`);
  await page.getByText('I have another card').click();
  // Before it is done: one address is lost by it.
  await page.getByText('Afterwards it is sam@example.com that brings your card back').waitFor();
  await page.getByLabel('Its card number').fill(number.toLowerCase());
  await page.getByLabel('Its joining code').fill('000 000');
  await page.getByRole('button', { name: 'Join the two cards' }).click();
  await page.getByRole('alert').getByText('That did not match').waitFor();
  expect(await page.getByLabel('Its card number').inputValue()).toBe(number.toLowerCase());
  // What is shown at the till joins nothing.
  await page.getByLabel('Its joining code').fill((await scan(otherPage)).liveCode);
  await page.getByRole('button', { name: 'Join the two cards' }).click();
  await page.getByRole('alert').getByText('That did not match').waitFor();
  const otherMe = await two.open(`/c/${other.secret}/me`);
  await otherMe.getByText('I have another card').click();
  await page.getByLabel('Its joining code').fill(await otherMe.locator('.joining-code').innerText());
  await page.getByRole('button', { name: 'Join the two cards' }).click();
  await page.getByText('Done: everything is on this card now.').waitFor();
  await page.getByRole('link', { name: 'Back to the card' }).click();
  await page.getByRole('list', { name: '3 of 10 stamps' }).waitFor();
  await page.getByText('From your other card: 7 stamps').waitFor();
  // The page that was open on the other phone shows the joined card by itself.
  await otherPage.getByRole('list', { name: '3 of 10 stamps' }).waitFor({ timeout: 15_000 });
  expect(await otherPage.locator('.greeting').innerText()).toBe('Hello, Sam');
  await sam.buyCoffee();
  await otherPage.getByRole('list', { name: '4 of 10 stamps' }).waitFor({ timeout: 15_000 });
  expect(one.faults).toEqual([]);
  await one.close();
  await two.close();
});

test('a card that is open greets by the name it is given at the desk', async () => {
  const nameless = await aCustomer({ db, clock, shop });
  const { open, faults, close } = await aDevice();
  const page = await open(`/c/${nameless.secret}`);
  await page.getByText('Your stamp card').waitFor();
  const { customerId } = (await rowsOf(db, shop, 'cards')).find(({ cardId }) => cardId === nameless.cardId)!;
  granted(await editCustomer(db, clock)(shop.owner, { customerId, change: { name: 'Zoë <b>Brontë</b>' } }));
  await page.getByText('Hello, Zoë').waitFor();
  expect(await page.locator('.greeting b').count()).toBe(0);
  expect(faults).toEqual([]);
  await close();
});

test('without a network the card is there as it was last seen, says so, and its live code runs on', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  await sam.buyCoffee(4);
  const { context, open, close } = await aDevice();
  const page = await open(`/c/${sam.secret}`);
  await isKept(page, sam);
  await context.setOffline(true);
  await page.goto(`${server.url}/c/${sam.secret}`);
  await page.getByText('No connection to the shop just now. This is your card as of').waitFor();
  await page.getByRole('list', { name: '4 of 10 stamps' }).waitFor();
  // What is behind it is not there, and leads back instead of to an error of the browser.
  const opened = page.waitForEvent('load');
  await page.getByRole('link', { name: 'Keep it safe, and your details' }).click();
  await opened;
  expect(page.url()).toBe(`${server.url}/c/${sam.secret}`);
  await page.getByText('No connection to the shop just now. This is your card as of').waitFor();
  const before = await page.locator('.qr path[stroke]').getAttribute('d');
  const scanned = await scan(page);
  expect(before).toMatch(/^M/);
  await context.setOffline(false);
  await sam.buyCoffee(6);
  granted(await spend(scanned));
  await page.getByText('Used just now. Enjoy it!').waitFor({ timeout: 20_000 });
  expect(await page.locator('#offline').isVisible()).toBe(false);
  await close();
});

test('thanks that are said when the network has just gone lead back to the card, which can’t pass them on', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  await sam.isGivenDoubleStamp();
  const { context, open, close } = await aDevice();
  const page = await open(`/c/${sam.secret}`);
  await isKept(page, sam);
  const button = page.getByRole('button', { name: 'Thanks!' });
  await context.setOffline(true);
  await button.click();
  await page.getByText('No connection to the shop just now. This is your card as of').waitFor();
  expect(page.url()).toBe(`${server.url}/c/${sam.secret}`);
  expect(await button.isVisible()).toBe(false);
  await context.setOffline(false);
  await button.click();
  await page.getByText('Thanked', { exact: true }).waitFor();
  await close();
});

test('a card opens although the phone’s own copy of it does not answer', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  const { context, open, close } = await aDevice();
  const card = `/c/${sam.secret}`;
  const page = await open(card);
  await isKept(page, sam);
  const [worker] = context.serviceWorkers();
  await worker!.evaluate(() => {
    CacheStorage.prototype.match = () => new Promise(() => {});
  });
  await open(`${card}/me`);
  expect(await (await open(card)).locator('.qr').isVisible()).toBe(true);
  await close();
});

test('a card that changed its colour while its page was open has its look without a network too, and the old one goes', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  const { context, open, close } = await aDevice();
  const page = await open(`/c/${sam.secret}`);
  await isKept(page, sam);
  const colour = '#1f6f5c';
  granted(await editProgram(db, clock)(shop.owner, { programId: shop.programId, change: { colour } }));
  await sam.buyCoffee(11); // the next card is one of the new kind
  await expect.poll(() => readKept(page, sam), { timeout: 20_000 }).toContain(`colour=${colour.slice(1)}`);
  const readLooks = () =>
    page.evaluate(async () => {
      const caching = (await caches.keys()).map(async (name) => (await caches.open(name)).keys());
      const urls = (await Promise.all(caching)).flat().map(({ url }) => new URL(url));
      return urls
        .filter(({ pathname }) => pathname.endsWith('.css'))
        .map((url) => url.searchParams.get('colour'));
    });
  await expect.poll(readLooks).toEqual([colour.slice(1)]);
  await context.setOffline(true);
  await page.goto(`${server.url}/c/${sam.secret}`);
  await page.getByText('No connection to the shop just now. This is your card as of').waitFor();
  const look = await page.evaluate(() =>
    getComputedStyle(document.documentElement).getPropertyValue('--card'),
  );
  expect(look).toBe(colour);
  await close();
});

test('a card that was long under way does not take the place of a later one on the phone', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  const { context, open, close } = await aDevice();
  const page = await open(`/c/${sam.secret}`);
  await isKept(page, sam);
  const arrive = await holdAnswer(page, `**/c/${sam.secret}`);
  for (const stamps of [1, 2]) {
    await sam.buyCoffee(1);
    await page.getByRole('list', { name: `${stamps} of 10 stamps` }).waitFor();
    await page.waitForTimeout(500); // long enough to be kept, if nothing holds it
  }
  await arrive();
  await expect.poll(() => readKept(page, sam), { timeout: 20_000 }).toContain('2 of 10 stamps');
  await context.setOffline(true);
  await page.goto(`${server.url}/c/${sam.secret}`);
  await page.getByRole('list', { name: '2 of 10 stamps' }).waitFor();
  await close();
});

/** The card's page as it is on the phone. */
function readKept(page: Page, { secret }: Customer): Promise<string> {
  return page.evaluate(async (path) => {
    const card = await caches.match(path, { cacheName: `card ${path}` });
    return card!.text();
  }, `/c/${secret}`);
}

/** The card, the look and the scripts are on the phone. */
async function isKept(page: Page, { secret }: Customer): Promise<void> {
  const readKept = () =>
    page.evaluate(async (path) => {
      const cache = await caches.open(`card ${path}`);
      const isWorking = navigator.serviceWorker.controller?.state === 'activated';
      // The page comes last.
      return (await cache.match(path)) !== undefined && isWorking;
    }, `/c/${secret}`);
  await expect.poll(readKept, { timeout: 20_000 }).toBe(true);
}

test('on a shared phone nothing of a forgotten card stays behind, and the other card is still there', async () => {
  const [sam, kim] = [
    await aCustomer({ db, clock, shop }, 'Sam'),
    await aCustomer({ db, clock, shop }, 'Kim'),
  ];
  const { context, open, faults, close } = await aDevice();
  for (const one of [sam, kim]) await isKept(await open(`/c/${one.secret}`), one);
  // Not every page stays open: it would ask for a card that is no more, and the browser would note that as a fault.
  await context.pages()[0]!.close();
  const page = await open(`/c/${sam.secret}/me`);
  await page.getByRole('link', { name: 'Forget me' }).click();
  await page.getByText('There is no way back.').waitFor();
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Forget me' }).click();
  await page.getByRole('heading', { name: 'You are forgotten' }).waitFor();
  const readCaches = () =>
    page.evaluate(async () => {
      const names = await caches.keys();
      const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return [...names, ...kept.flat().map(({ url }) => url)].join();
    });
  await expect.poll(readCaches).not.toContain(sam.secret);
  await page.reload(); // and whoever opens the page again is asked for no password
  await page.getByRole('button', { name: 'Get my card' }).waitFor();
  expect(faults).toEqual([]);

  await context.setOffline(true);
  await expect(page.goto(`${server.url}/c/${sam.secret}`)).rejects.toThrow('ERR_');
  const other = await open(`/c/${kim.secret}`);
  await other.getByText('Hello, Kim').waitFor();
  await close();
});

test('a page that was left open goes when its card does', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  const { open, close } = await aDevice();
  const left = await open(`/c/${sam.secret}`);
  await left.getByText('Hello, Sam').waitFor();
  await fetch(`${server.url}/c/${sam.secret}/forget`, {
    method: 'POST',
    body: new URLSearchParams({ sure: 'yes' }),
  });
  await left.getByRole('heading', { name: 'We do not know this card' }).waitFor();
  expect(await left.content()).not.toContain('Sam');
  await close();
});

test('while the shop’s server is being restarted behind a proxy the card is there as it was kept', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  const { context, open, close } = await aDevice();
  await isKept(await open(`/c/${sam.secret}`), sam);
  await context.route(/\/c\/[a-z2-7]{26}(\/events)?(\?.*)?$/, (route) =>
    route.fulfill({ status: 502, body: 'Bad Gateway' }),
  );
  const page = await open(`/c/${sam.secret}`);
  await page.getByText('No connection to the shop just now. This is your card as of').waitFor();
  expect(await page.locator('.greeting').innerText()).toBe('Hello, Sam');
  await close();
});

test('somebody who is forgotten is in no file of the shop any more, and was never in its log', async () => {
  const name = 'Quintessa';
  const isNamed = (text: string): boolean => text.toLowerCase().includes(name.toLowerCase());
  const log: string[] = [];
  const logged = await startServer({
    db,
    clock,
    secrets: testSecrets,
    log: pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }),
    host: '127.0.0.1',
    port: 0,
    mail: { smtpUrl: undefined, from: undefined, folder: mailFolder },
  });
  const device = await aDevice({ javaScriptEnabled: false });
  const page = await device.open(`/join/${joinCode}`, logged.url);
  await page.getByLabel('First name').fill(name);
  await page.getByRole('button', { name: 'Get my card' }).click();
  await page.getByText(`Hello, ${name}`).waitFor();
  const secret = page.url().split('/').at(-1)!;
  await page.getByRole('link', { name: 'Keep it safe, and your details' }).click();
  await page.getByLabel('How you like it').fill(`${name} takes oat milk`);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await keepSafe(page, `${name.toLowerCase()}@example.com`);
  const files = (): string =>
    [world.databaseFile, `${world.databaseFile}-wal`]
      .filter((path) => existsSync(path))
      .map((path) => readFileSync(path, 'latin1'))
      .join('');
  expect(isNamed(files())).toBe(true);

  await page.goto(`${logged.url}/c/${secret}/forget`);
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Forget me' }).click();
  await page.getByRole('heading', { name: 'You are forgotten' }).waitFor();
  await device.close();
  await logged.close();
  const [row] = await db.read((queries) =>
    queries.query((d, { cards }) =>
      d
        .select()
        .from(cards)
        .where(eq(cards.secretHash, hashOf(secret))),
    ),
  );
  expect(row).toBe(undefined);
  // The file is rewritten at most once an hour; another test may have been forgotten just before.
  await db.eraseTraces();
  expect(isNamed(files())).toBe(false);
  expect(log.some((line) => line.includes('a mail was written'))).toBe(true); // so it is this server's log
  expect(log.filter((line) => isNamed(line) || line.includes(secret))).toEqual([]);
});

test('everything that is kept about a customer can be taken along as a file', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  await sam.buyCoffee(2);
  const response = await fetch(`${server.url}/c/${sam.secret}/my-data.json`);
  expect(response.headers.get('content-disposition')).toContain('attachment');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toMatchObject({ you: { name: 'Sam' }, cards: [{ stamps: 2 }] });
});

test('a look at what the file would be, by HEAD, uses up none of the hour’s files', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  const ask = (method: string) => fetch(`${server.url}/c/${sam.secret}/my-data.json`, { method });
  const looks = await Promise.all(Array.from({ length: 40 }, () => ask('HEAD')));
  expect(new Set(looks.map(({ status }) => status))).toEqual(new Set([200]));
  expect(looks[0]!.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(looks[0]!.headers.get('content-length')).toBeNull();
  expect((await ask('GET')).status).toBe(200);
});

test('the card can be put beside the apps: a manifest of its own, with pictures', async () => {
  const sam = await aCustomer({ db, clock, shop });
  const html = await (await fetch(`${server.url}/c/${sam.secret}`)).text();
  const [, path] = /rel="manifest" href="([^"]+)"/.exec(html)!;
  const manifest = (await (await fetch(server.url + path!)).json()) as {
    start_url: string;
    icons: { src: string; sizes: string }[];
  };
  expect(manifest.start_url).toBe(`/c/${sam.secret}`);
  const { open, close } = await aDevice();
  const page = await open(`/c/${sam.secret}`);
  for (const { src, sizes } of manifest.icons) {
    const size = await page.evaluate(async (url) => {
      const picture = await createImageBitmap(await (await fetch(url)).blob());
      return `${picture.width}x${picture.height}`;
    }, src);
    expect(size).toBe(sizes);
  }
  await close();
});

test.each([
  ['a5', 'width="148mm"'],
  ['a4', 'width="210mm"'],
])('the poster is a drawing too, %s, and a camera reads the same code from it', async (size, width) => {
  const path = `/join/${joinCode}/poster`;
  const svg = await (await fetch(`${server.url}${path}.svg?size=${size}`)).text();
  expect(svg).toContain(width);
  expect(svg).toContain('The Kind Bean');
  const { open, close } = await aDevice({ viewport: DESKTOP });
  const wasm = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });
  const page = await open(`${path}?size=${size}`);
  for (const show of [null, `<img src="${server.url}${path}.svg?size=${size}">`]) {
    if (show) await page.setContent(show);
    const [code] = await readBarcodes(await page.screenshot({ fullPage: true }));
    expect(code?.text).toBe(`${server.publicUrl}/join/${joinCode}`);
  }
  await close();
});

test.each(['light', 'dark'] as const)(
  'nothing is in anybody’s way: no violations at any size, %s',
  { timeout: 240_000 },
  async (colorScheme) => {
    const sam = await aCustomer({ db, clock, shop }, 'Sam');
    await sam.buyCoffee(13);
    await sam.isGivenDoubleStamp('long_wait');
    const me = `/c/${sam.secret}/me`;
    const likes = new URLSearchParams({ name: 'Sam', preferences: 'Oat milk, no lid' });
    await fetch(server.url + me, { method: 'POST', body: likes });
    const pages: [string, string][] = [
      ['card', `/c/${sam.secret}`],
      ['me', `${me}?said=saved`],
      ['forget', `/c/${sam.secret}/forget?said=not-sure`],
      ['join', `/join/${joinCode}`],
      ['find', `/find/${joinCode}`],
      ['poster', `/join/${joinCode}/poster`],
    ];
    const violations: string[] = [];
    for (const [size, viewport] of Object.entries({ PHONE, TABLET, DESKTOP })) {
      const { open, close } = await aDevice({ viewport, colorScheme });
      for (const [name, path] of pages) {
        const page = await open(path);
        await picture(page, `${name}-${size.toLowerCase()}-${colorScheme}`);
        const found = await findAxeViolations(page);
        violations.push(...found.map((line) => `${name} ${size}: ${line}`));
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > viewport.width) violations.push(`${name} ${size}: ${width} pixels wide`);
        await page.close();
      }
      await close();
    }
    expect(violations).toEqual([]);
  },
);

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

/** How somebody works a page. */
interface Hand {
  fill: (page: Page, label: string, text: string) => Promise<void>;
  press: (page: Page, name: string) => Promise<void>;
  tick: (page: Page) => Promise<void>;
}

const named = (page: Page, name: string) => {
  const exactly = new RegExp(`^\\s*${name.replaceAll('?', '\\?')}\\s*$`);
  return page.locator('a, button, summary').filter({ hasText: exactly, visible: true });
};
const finger: Hand = {
  fill: (page, label, text) => page.getByLabel(label).fill(text),
  press: (page, name) => named(page, name).click(),
  tick: (page) => page.getByRole('checkbox').check(),
};
const keys: Hand = {
  fill: (page, label, text) => typeInto(page, page.getByLabel(label), text),
  press: (page, name) => pressOn(page, named(page, name)),
  tick: (page) => pressOn(page, page.getByRole('checkbox'), 'Space'),
};

test.each([
  { how: 'by a finger on a phone', viewport: PHONE, hand: finger },
  { how: 'by a finger on a phone without scripts', viewport: PHONE, hand: finger, javaScriptEnabled: false },
  { how: 'by the keys alone on a phone', viewport: PHONE, hand: keys },
  { how: 'by a finger on a tablet', viewport: TABLET, hand: finger },
  { how: 'by the keys alone on a desktop', viewport: DESKTOP, hand: keys },
])(
  'joined, kept safe, joined with another, found again and forgotten, $how',
  { timeout: 120_000 },
  async ({ how, hand: { fill, press, tick }, ...device }) => {
    const email = `${how.replaceAll(' ', '-')}@example.com`;
    const other = await aCustomer({ db, clock, shop });
    await other.buyCoffee(7);
    const elsewhere = await aDevice();
    const otherPage = await elsewhere.open(`/c/${other.secret}`);

    const mine = await aDevice(device);
    const page = await mine.open(`/join/${joinCode}`);
    await fill(page, 'First name', 'Kit');
    await press(page, 'Get my card');
    await page.getByText('Hello, Kit').waitFor();
    await press(page, 'Keep it safe, and your details');
    await fill(page, 'How you like it', 'Oat milk, no lid');
    await press(page, 'Save');
    await page.getByText('Saved.').waitFor();
    await fill(page, 'E-mail address', email);
    await press(page, 'Send me a code');
    await expectInSight(page, 'The code is on its way.');
    const [wayBack] = /^http\S+\/find\/\S+$/m.exec(await mailTo(email))!;
    await fill(page, 'The six figures we sent you', await codeTo(email));
    await press(page, 'That’s it');
    await expectInSight(page, 'Your card is safe now.');
    await press(page, 'I have another card');
    await fill(page, 'Its card number', (await otherPage.locator('.short-code').textContent())!);
    await otherPage.goto(`${server.url}/c/${other.secret}/me`);
    await fill(page, 'Its joining code', (await otherPage.locator('.joining-code').textContent())!);
    await press(page, 'Join the two cards');
    await expectInSight(page, 'Done: everything is on this card now.');
    await press(page, '‹ Back to the card');
    await page.getByRole('list', { name: '7 of 10 stamps' }).waitFor();
    expect(mine.faults).toEqual([]);

    const anew = await aDevice(device);
    // In the mail, for those who are at home: the poster leads there too.
    const found = await anew.open(new URL(wayBack).pathname);
    await fill(found, 'E-mail address', email);
    await press(found, 'Send me a code');
    await fill(found, 'The six figures we sent you', await codeTo(email));
    await press(found, 'Open my card');
    await found.getByRole('list', { name: '7 of 10 stamps' }).waitFor();
    await press(found, 'Keep it safe, and your details');
    await press(found, 'Forget me');
    await tick(found);
    await press(found, 'Forget me');
    await found.getByRole('heading', { name: 'You are forgotten' }).waitFor();
    expect(anew.faults).toEqual([]);
    for (const one of [elsewhere, mine, anew]) await one.close();
  },
);

/** What came of a form is seen where it was sent, without looking for it. */
async function expectInSight(page: Page, text: string): Promise<void> {
  const { height } = page.viewportSize()!;
  const isInSight = async () => {
    const { top, bottom } = await page.getByText(text).evaluate((element) => element.getBoundingClientRect());
    return top >= 0 && bottom <= height;
  };
  // A browser goes to the place that an address names only once the page is laid out.
  await expect.poll(isInSight).toBe(true);
}

test('by the keys alone the code is shown large, and put away', async () => {
  const sam = await aCustomer({ db, clock, shop });
  const { open, faults, close } = await aDevice();
  const page = await open(`/c/${sam.secret}`);
  const large = page.getByRole('dialog', { name: 'Show this at the till' });
  for (const putAway of ['Enter', 'Escape']) {
    await keys.press(page, 'Show my code');
    await large.waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Done');
    await page.keyboard.press(putAway);
    await large.waitFor({ state: 'hidden' });
  }
  expect(faults).toEqual([]);
  await close();
});

test('a card of which somebody has the link is the same in every tab, and nobody else’s', async () => {
  const [sam, kim] = [
    await aCustomer({ db, clock, shop }, 'Sam'),
    await aCustomer({ db, clock, shop }, 'Kim'),
  ];
  const shown = async (context: BrowserContext, { secret }: Customer) => {
    const page = await context.newPage();
    await page.goto(`${server.url}/c/${secret}`);
    return scan(page);
  };
  const { context, close } = await aDevice();
  const [one, other, again] = [
    await shown(context, sam),
    await shown(context, kim),
    await shown(context, sam),
  ];
  expect(again.cardCode).toBe(one.cardCode);
  expect(one.cardCode).not.toBe(other.cardCode);
  await close();
});
