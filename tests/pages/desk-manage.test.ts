import { eq } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import type { Page } from '../support/browser.ts';
import { findAxeViolations } from '../support/axe.ts';
import { look, marginsOf, overflowOf, pressOn, showAs, typeInto, useDeskWorld } from './a-desk.ts';
import { holdAnswer, holdRequests } from './hold.ts';

const PASSWORD = 'a flat white at seven';
/** Today, because the browser forgets a cookie by its own clock. */
const clock = new FixedClock(systemClock.now());
const world = useDeskWorld({ clock });
let page: Page;

beforeAll(async () => {
  page = await world.aPage();
  const set = await page.request.post(`${world.server.url}/api/v1/setup`, {
    data: {
      token: world.server.setupToken,
      merchant: { name: 'The Kind Bean', currency: 'GBP' },
      location: { name: 'High Street', timeZone: 'Europe/London' },
      owner: { name: 'Olive Owner', email: 'olive@example.com', password: PASSWORD },
    },
  });
  if (!set.ok()) throw new Error(await set.text());
});

const main = () => page.getByRole('main');
const button = (name: string) => main().getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');
const said = (text: string) => page.locator('.toast').getByText(text);

async function open(path: string): Promise<void> {
  await page.goto(world.server.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** A dialog breaks no rule either, and fits on a phone. */
async function inspectDialog(name: string): Promise<void> {
  for (const size of ['phone', 'desktop'] as const) {
    for (const colorScheme of ['dark', 'light'] as const) {
      await showAs(page, size, colorScheme);
      await look(page, `dialog-${name}-${size}-${colorScheme}`);
      expect(await findAxeViolations(page), `${name}, ${size}, ${colorScheme}`).toEqual([]);
    }
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    // It stands in the middle, apart from the edges.
    const [top, right, bottom, left] = (await marginsOf(page)) as [number, number, number, number];
    expect(Math.min(top, right, bottom, left), `${name}, ${size}`).toBeGreaterThanOrEqual(12);
    expect(Math.abs(left - right), `${name}, ${size}`).toBeLessThanOrEqual(2);
  }
}

test('a barista is taken on, renamed, given another PIN, and leaves after a question, by keyboard alone', async () => {
  await open('/desk/people');
  await pressOn(page, button('Add somebody'));
  await inspectDialog('add-person');
  await typeInto(page, dialog().getByLabel('Name'), 'Ada');
  await page.keyboard.press('Enter');
  await dialog().getByText('A barista needs a PIN').waitFor();
  // As a password the browser would offer to keep it, in the place of the owner's own.
  expect(await dialog().locator('input[type=password]').count()).toBe(0);
  await typeInto(page, dialog().getByLabel('PIN for the till'), '4711');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /^Ada Barista PIN at the till/ }).waitFor();
  // The dialog gave the focus back to the button that opened it.
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Add somebody');

  await pressOn(page, button('Edit Ada'));
  await typeInto(page, dialog().getByLabel('Name'), 'Ada Lovelace');
  await pressOn(page, dialog().getByRole('button', { name: 'Save' }));
  await page.getByRole('row', { name: /^Ada Lovelace/ }).waitFor();

  await pressOn(page, button('Give Ada Lovelace a new PIN'));
  await typeInto(page, dialog().getByLabel('PIN for the till'), '12');
  await pressOn(page, dialog().getByRole('button', { name: 'Save' }));
  await dialog().getByText('A PIN is 4 to 8 figures').waitFor();
  await typeInto(page, dialog().getByLabel('PIN for the till'), '2580');
  await pressOn(page, dialog().getByRole('button', { name: 'Save' }));
  await said('Ada Lovelace has a new PIN').waitFor();

  await pressOn(page, button('Ada Lovelace leaves'));
  await dialog().getByText('PIN, password and e-mail address are forgotten').waitFor();
  await inspectDialog('person-leaves');
  await pressOn(page, dialog().getByRole('button', { name: 'Cancel' }));
  await pressOn(page, button('Ada Lovelace leaves'));
  await pressOn(page, dialog().getByRole('button', { name: 'End their access' }));
  await said('has no access any more').waitFor();
  await expect.poll(() => page.getByRole('row', { name: /^Ada Lovelace/ }).count()).toBe(0);
}, 150_000);

test('an owner does not end themselves, and taking on a manager wants the password again after a while', async () => {
  await open('/desk/people');
  await page.getByRole('row', { name: /^Olive Owner/ }).waitFor();
  expect(await page.getByRole('button', { name: 'Olive Owner leaves' }).count()).toBe(0);
  await button('Edit Olive Owner').click();
  expect(await dialog().getByLabel('Role').count()).toBe(0);
  await dialog().getByRole('button', { name: 'Cancel' }).click();

  clock.advance({ minutes: 6 });
  await button('Add somebody').click();
  await dialog().getByLabel('Name').fill('Mo');
  await dialog().getByLabel('Role').selectOption('manager');
  await dialog().getByLabel('E-mail address').fill('mo@example.com');
  await dialog().getByLabel('Password for the desk').fill('two sugars and some oat');
  await dialog().getByRole('button', { name: 'Add somebody' }).click();
  const again = page.getByRole('dialog', { name: 'Your password again' });
  await again.getByLabel('Password').fill('not this one');
  await again.getByRole('button', { name: 'Go on' }).click();
  await again.getByText('4 tries left').waitFor();
  await again.getByLabel('Password').fill(PASSWORD);
  await again.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('row', { name: /^Mo Manager/ }).waitFor();

  // Another role takes something away, and says so before it is saved.
  await button('Edit Mo').click();
  await dialog().getByLabel('Role').selectOption('barista');
  await dialog().getByText('A new role signs them out everywhere').waitFor();
  await dialog().getByLabel('Role').selectOption('manager');
  await expect.poll(() => dialog().getByText('A new role signs them out').count()).toBe(0);
  await dialog().getByRole('button', { name: 'Cancel' }).click();
});

test('the second factor of a manager whose phone is lost is taken off after a question', async () => {
  await world.db.transact((tx) =>
    tx.query((d, { staff }) =>
      d.update(staff).set({ totpSecret: 'sealed', totpConfirmedAt: clock.now() }).where(eq(staff.name, 'Mo')),
    ),
  );
  await open('/desk/people');
  await page.getByRole('row', { name: /^Mo Manager .* Code as well/ }).waitFor();
  for (const size of ['phone', 'tablet', 'desktop'] as const) {
    await showAs(page, size, 'light');
    await look(page, `people-with-second-factor-${size}`);
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  }
  await pressOn(page, button('Mo lost their phone'));
  await dialog().getByText('with their password alone').waitFor();
  await inspectDialog('lost-phone');
  await pressOn(page, dialog().getByRole('button', { name: 'Take it off' }));
  await said('Mo signs in with the password alone').waitFor();
  await expect.poll(() => page.getByText('Code as well').count()).toBe(0);
  await expect.poll(() => button('Mo lost their phone').count()).toBe(0);
  await open('/desk/audit');
  await page.getByText('Olive Owner took off the second factor of Mo').waitFor();
}, 90_000);

test('many items are put on the menu at once, edited where they stand, and a slip is taken back', async () => {
  await open('/desk/menu');
  await page.getByText('Nothing is on the menu yet').waitFor();
  for (const name of ['Flat white', 'Croissant'])
    await page.getByRole('checkbox', { name, exact: true }).check();
  const line = (name: string) => page.getByRole('listitem').filter({ hasText: name });
  await line('Flat white').getByLabel('Price (GBP)').fill('3.50');
  await line('Flat white').getByLabel('Cost (GBP)').fill('0,80');
  await line('Croissant').getByLabel('Price (GBP)').fill('2.60');
  await button('Put these on the menu').click();
  await said('On the menu now: Flat white and Croissant').waitFor();
  // Nobody said what a croissant costs: a quarter of its price.
  await expect.poll(() => page.getByLabel('Cost of Croissant').inputValue()).toBe('0.65');
  await expect.poll(() => page.getByLabel('Cost of Flat white').inputValue()).toBe('0.80');
  expect(await page.getByLabel('Flat white earns a stamp').isChecked()).toBe(true);
  expect(await page.getByLabel('Croissant may be given').isChecked()).toBe(false);

  await page.getByLabel('Price of Flat white').fill('3,7o');
  await page.keyboard.press('Enter');
  await page.getByText('An amount such as 3.50, please').waitFor();
  // What was there before is nothing to save, and nothing wrong any more.
  await page.getByLabel('Price of Flat white').fill('3.50');
  await page.keyboard.press('Enter');
  await page.getByText('An amount such as 3.50, please').waitFor({ state: 'detached' });
  await page.getByLabel('Price of Flat white').fill('3,70');
  await page.keyboard.press('Enter');
  await said('Flat white is saved').waitFor();
  await page.reload();
  await expect.poll(() => page.getByLabel('Price of Flat white').inputValue()).toBe('3.70');

  const refusal = { title: 'The disk is full: nothing was recorded', refused: 'storage-full' };
  await page.route('**/api/v1/items/*', (route) => route.fulfill({ status: 503, json: refusal }));
  await page.getByLabel('Croissant may be given').click();
  await said('The disk is full').waitFor();
  await page.unroute('**/api/v1/items/*');
  expect(await page.getByLabel('Croissant may be given').isChecked()).toBe(false);
  await page.getByLabel('Croissant may be given').check();
  await said('Croissant is saved').waitFor();
  await pressOn(page, button('Take Croissant off the menu'));
  await said('Croissant is off the menu').waitFor();
  await pressOn(page, page.locator('.toast').getByRole('button', { name: 'Undo' }));
  await page.getByLabel('Price of Croissant').waitFor();
  await expect.poll(() => page.getByLabel('Croissant may be given').isChecked()).toBe(true);
});

test('an answer that comes late covers neither what is being typed on the menu nor what was saved since', async () => {
  await open('/desk/menu');
  const price = page.getByLabel('Price of Flat white');
  await price.fill('3.80');
  let arrive = await holdAnswer(page, '**/api/v1/items/*');
  await page.keyboard.press('Enter');
  await typeInto(page, price, '4.');
  await arrive();
  await said('Flat white is saved').waitFor();
  await page.keyboard.type('1');
  await page.keyboard.press('Enter');
  await expect.poll(() => price.inputValue()).toBe('4.10');

  await page.getByLabel('Cost of Flat white').fill('0.90');
  arrive = await holdAnswer(page, '**/api/v1/items/*');
  await page.keyboard.press('Enter');
  await typeInto(page, price, '4.2');
  await page.keyboard.press('Enter');
  await expect.poll(() => price.inputValue()).toBe('4.20');
  await arrive();
  await expect.poll(() => page.getByLabel('Cost of Flat white').inputValue()).toBe('0.90');
  expect(await price.inputValue()).toBe('4.20');
  await page.reload();
  await expect.poll(() => price.inputValue()).toBe('4.20');
});

test('a double click takes one item off the menu, and not the one that lies under it then', async () => {
  await open('/desk/menu');
  const takeOff = page.getByRole('button', { name: /^Take .* off the menu$/ });
  await takeOff.first().waitFor();
  const before = await takeOff.count();
  const { x, y } = (await takeOff.first().boundingBox())!;
  await page.mouse.move(x + 4, y + 4);
  await page.mouse.down();
  await page.mouse.up();
  await expect.poll(() => takeOff.count()).toBe(before - 1);
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
  await pressOn(page, page.locator('.toast').getByRole('button', { name: 'Undo' }));
  await expect.poll(() => takeOff.count()).toBe(before);

  // And when the second press comes before the answer, nothing is refused over the way back.
  await takeOff.last().dblclick();
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => takeOff.count()).toBe(before);
});

test('when one of many items is refused, it says at its line why, and none comes onto the menu twice', async () => {
  await open('/desk/menu');
  const adding = page.getByRole('form', { name: 'Add to the menu' });
  const line = (name: string) =>
    adding.getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) });
  const own = adding.getByLabel('Something else').first();
  const put = button('Put these on the menu');
  await adding.getByRole('checkbox', { name: 'Americano' }).check();
  await line('Americano').getByLabel('Price (GBP)').fill('3');
  await own.fill('Kaffee und Kuchen '.repeat(5));
  const ownPrice = adding.locator('li.chosen').last().getByLabel('Price (GBP)');
  await ownPrice.fill('9 999 999');
  await put.click();
  await adding.getByText('At most 80 characters').waitFor();
  await adding.getByText('This amount is too large').first().waitFor();
  await expect.poll(() => own.getAttribute('aria-invalid')).toBe('true');
  await own.fill('Coffee and cake');
  await ownPrice.fill('6');
  await put.click();
  await said('On the menu now: Americano and Coffee and cake').waitFor();
  const items = (await (await page.request.get(`${world.server.url}/api/v1/items`)).json()).items;
  expect(items.filter(({ name }: { name: string }) => name === 'Americano')).toHaveLength(1);
});

test('a change of the stamp card says what it means for the cards that are out', async () => {
  await open('/desk/cards');
  await page.getByLabel('Stamps to fill it').fill('8');
  await page.getByText('So cards already begun are still filled with 10 stamps: nobody loses one.').waitFor();
  await page.getByLabel('A stamp is earned by').selectOption('amount');
  await button('Save').click();
  await page.getByText('An amount such as 3.50, please').waitFor();
  await page.getByLabel('One stamp for every (GBP)').fill('5');
  await page.getByLabel('What one reward costs you').fill('0,8');
  await button('Save').click();
  await said('Saved').waitFor();
  await page.reload();
  await expect.poll(() => page.getByLabel('One stamp for every (GBP)').inputValue()).toBe('5.00');
  await expect.poll(() => page.getByLabel('What one reward costs you').inputValue()).toBe('0.80');
  await page.getByLabel('Stamps to fill it').fill('1');
  await button('Save').click();
  await expect.poll(() => page.getByLabel('Stamps to fill it').getAttribute('aria-invalid')).toBe('true');
});

test('what a number field cannot read is said, and not taken as empty', async () => {
  await open('/desk/cards');
  const expiry = page.getByLabel('Days until a reward runs out');
  await expiry.fill('30');
  await button('Save').click();
  await said('Saved').waitFor();
  await expiry.press('End');
  await expiry.pressSequentially('e');
  expect(await expiry.inputValue()).toBe('');
  await button('Save').click();
  await page.getByText('A whole number, please').waitFor();
  await page.reload();
  await expect.poll(() => expiry.inputValue()).toBe('30');
});

test('a colour on which nothing can be read is said, and the preview shows what it becomes', async () => {
  await open('/desk/cards');
  await page.locator('input[type=color]').fill('#787878');
  await page.getByText('the card takes a darker shade of it').waitFor();
  const shown = await page
    .locator('.preview-card')
    .evaluate((card) => getComputedStyle(card).backgroundColor);
  expect(shown).not.toBe('rgb(120, 120, 120)');
  await page.getByRole('radio', { name: 'Honey' }).check();
  await page.getByText('Easy to read.').waitFor();
});

test('a picture is made small in the browser and goes on the card', async () => {
  await open('/desk/cards');
  const drawn = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 3_000;
    canvas.height = 1_200;
    canvas.getContext('2d')!.fillRect(0, 0, 1_500, 1_200);
    return canvas.toDataURL('image/png').split(',')[1]!;
  });
  await page.locator('input[type=file]').setInputFiles({
    name: 'cups.png',
    mimeType: 'image/png',
    buffer: Buffer.from(drawn, 'base64'),
  });
  const picture = page.getByRole('figure').locator('img');
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(900);
  await button('Save').click();
  await said('Saved').waitFor();
  await open('/desk/cards');
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(900);
  await page.locator('input[type=file]').setInputFiles({
    name: 'notes.png',
    mimeType: 'image/png',
    buffer: Buffer.from('no picture at all'),
  });
  await page.getByText('This file cannot be read as a picture').waitFor();
});

test('of two pictures the one that was chosen last counts, whichever arrives first', async () => {
  await open('/desk/settings');
  const pictures = await page.evaluate(() =>
    [200, 300].map((width) => {
      const canvas = Object.assign(document.createElement('canvas'), { width, height: 200 });
      canvas.getContext('2d')!.fillRect(0, 0, 100, 200);
      return canvas.toDataURL('image/png').split(',')[1]!;
    }),
  );
  let arrive!: () => void;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await page.route(
    '**/api/v1/pictures',
    async (route) => {
      await arrived;
      await route.continue();
    },
    { times: 1 },
  );
  const choose = (base64: string) =>
    page.locator('input[type=file]').setInputFiles({
      name: 'logo.png',
      mimeType: 'image/png',
      buffer: Buffer.from(base64, 'base64'),
    });
  const first = page.waitForResponse('**/api/v1/pictures');
  const uploading = page.waitForRequest('**/api/v1/pictures');
  await choose(pictures[0]!);
  await uploading;
  await choose(pictures[1]!);
  const logo = page.getByRole('group').locator('img');
  const width = () => logo.evaluate((image: HTMLImageElement) => image.naturalWidth);
  await expect.poll(width).toBe(300);
  arrive();
  await (await first).finished();
  await button('Save name and logo').click();
  await said('Saved').waitFor();
  await expect.poll(width).toBe(300);
  await button('Remove it').click();
  await button('Save name and logo').click();
  await expect.poll(() => logo.count()).toBe(0);
}, 60_000);

test('a photograph is made to fit as a logo, and Save waits until it has arrived', async () => {
  await open('/desk/settings');
  const noise = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 1_000;
    canvas.height = 700;
    const context = canvas.getContext('2d')!;
    const dots = context.createImageData(canvas.width, canvas.height);
    let seed = 1;
    // No two dots alike, as in a photograph.
    for (let at = 0; at < dots.data.length; at++)
      dots.data[at] = at % 4 === 3 ? 255 : (seed = (seed * 16_807) % 2_147_483_647) % 256;
    context.putImageData(dots, 0, 0);
    return canvas.toDataURL('image/png').split(',')[1]!;
  });
  const arrive = await holdRequests(page, '**/api/v1/pictures');
  const uploading = page.waitForRequest('**/api/v1/pictures');
  await page.locator('input[type=file]').setInputFiles({
    name: 'shop.png',
    mimeType: 'image/png',
    buffer: Buffer.from(noise, 'base64'),
  });
  await uploading;
  await button('Save name and logo').click();
  arrive();
  await said('Saved').waitFor();
  await page.unroute('**/api/v1/pictures');
  await open('/desk/settings');
  const logo = page.getByRole('group').locator('img');
  await expect
    .poll(() => logo.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(200);
}, 60_000);

test('a code for a till leaves the focus where it is while its minutes run out, and is not asked about afterwards', async () => {
  const context = await world.browser.newContext({ storageState: await page.context().storageState() });
  const waiting = await context.newPage();
  await waiting.clock.install({ time: clock.now() });
  await waiting.goto(`${world.server.url}/desk/tills`);
  await waiting.getByRole('main').getByRole('button', { name: 'Connect a till' }).first().click();
  await waiting.getByRole('dialog').getByRole('button', { name: 'Make a code' }).click();
  const left = waiting.getByText(/^Good for \d+ more minutes/);
  const before = await left.textContent();
  await waiting.locator('.till-link').focus();
  await waiting.clock.runFor(2 * 60_000);
  await expect.poll(() => left.textContent()).not.toBe(before);
  expect(await waiting.evaluate(() => document.activeElement?.className)).toBe('till-link');

  await waiting.clock.runFor(15 * 60_000);
  await waiting.getByText('This code has run out.').waitFor();
  await waiting.waitForLoadState('networkidle');
  let asked = 0;
  waiting.on('request', () => (asked += 1));
  await waiting.clock.runFor(60_000);
  expect(asked).toBe(0);
  await context.close();
}, 60_000);

test('a till is renamed with a way back, and ended after a question', async () => {
  await open('/desk/tills');
  await page.getByText('No till is connected yet').waitFor();
  await button('Connect a till').first().click();
  await dialog().getByRole('button', { name: 'Make a code' }).click();
  await dialog().locator('.till-typed').waitFor();
  await inspectDialog('connect-till');
  const code = await dialog().locator('.till-typed').textContent();
  const enrolled = await page.request.post(`${world.server.url}/api/v1/devices`, { data: { code } });
  const { token } = (await enrolled.json()) as { token: string };
  await dialog().getByText('Counter is connected').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('row', { name: /^Counter High Street Not yet/ }).waitFor();
  await fetch(`${world.server.url}/api/v1/devices/current?waiting=2`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  await page.reload();
  await page.getByRole('row', { name: /^Counter High Street (this minute|now)/ }).waitFor();
  await page.getByText('2 taps to send').waitFor();

  await pressOn(page, button('Rename Counter'));
  await typeInto(page, dialog().getByLabel('Name of the till'), 'Window');
  await page.keyboard.press('Enter');
  await said('It is called Window now').waitFor();
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('row', { name: /^Counter/ }).waitFor();

  await pressOn(page, button('End the till Counter'));
  await dialog().getByText('until it is connected again').waitFor();
  await pressOn(page, dialog().getByRole('button', { name: 'End it' }));
  await page.getByText('No till is connected yet').waitFor();
  const ended = await fetch(`${world.server.url}/api/v1/devices/current`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  expect(ended.status).toBe(401);
}, 150_000);

test('a location says that days never go back, has its poster, and is closed only when another is open', async () => {
  await open('/desk/locations');
  const street = page.getByRole('region', { name: 'High Street' });
  await street.getByText('A business day begins at 04:00, Europe/London').waitFor();
  const poster = await street.getByRole('link', { name: 'Poster to print, A5' }).getAttribute('href');
  expect((await page.request.get(world.server.url + poster!)).status()).toBe(200);
  expect(await street.getByRole('button', { name: /^Close/ }).count()).toBe(0);

  await pressOn(page, street.getByRole('button', { name: 'Edit High Street' }));
  await typeInto(page, dialog().getByLabel('Time zone'), 'Europe/Nowhere');
  await dialog().getByText('Days never go back').waitFor();
  await pressOn(page, dialog().getByRole('button', { name: 'Save' }));
  await dialog().getByText('Not a time zone').waitFor();
  await typeInto(page, dialog().getByLabel('Time zone'), 'Europe/Dublin');
  await dialog().getByLabel('A business day begins at').fill('05:30');
  await pressOn(page, dialog().getByRole('button', { name: 'Save' }));
  await street.getByText('A business day begins at 05:30, Europe/Dublin').waitFor();

  await pressOn(page, button('Open a location'));
  await typeInto(page, dialog().getByLabel('Name'), 'Station');
  await pressOn(page, dialog().getByRole('button', { name: 'Open a location' }));
  const station = page.getByRole('region', { name: 'Station' });
  await pressOn(page, station.getByRole('button', { name: 'Close Station' }));
  await dialog().getByText('its poster leads nowhere').waitFor();
  await pressOn(page, dialog().getByRole('button', { name: 'Close it' }));
  await expect.poll(() => station.count()).toBe(0);
});

test('another stamp card is begun, and the first is issued no more after a question, by keyboard alone', async () => {
  await open('/desk/cards');
  await pressOn(page, main().getByRole('link', { name: 'Start another stamp card' }));
  await page.getByRole('heading', { name: 'Another stamp card', level: 1 }).waitFor();
  await typeInto(page, page.getByLabel('Name', { exact: true }), 'Tea card');
  await typeInto(page, page.getByLabel('What a full card earns'), 'A pot of tea');
  await pressOn(page, button('Start it'));
  await said('Tea card has begun').waitFor();
  await main().getByRole('link', { name: 'Tea card' }).waitFor();
  await pressOn(page, page.getByRole('row').filter({ hasNotText: 'Tea card' }).getByRole('link'));
  await pressOn(page, button('Issue no more of these'));
  await dialog().getByText('Cards that customers have go on').waitFor();
  await dialog().getByText('This cannot be undone').waitFor();
  await pressOn(page, dialog().getByRole('button', { name: 'Issue no more' }));
  await said('are issued').waitFor();
  // The only one that is left is there to be edited.
  await expect.poll(() => page.getByLabel('What a full card earns').inputValue()).toBe('A pot of tea');
});

test('settings are kept, and the name is on every page at once', async () => {
  await open('/desk/settings');
  await page.getByText('GBP, British Pound').waitFor();
  await page.getByLabel('Days between two gestures').fill('3');
  await page.getByRole('form', { name: 'Gestures and visits' }).getByRole('button', { name: 'Save' }).click();
  await said('Saved').waitFor();
  await page.getByLabel('Name of the business').fill('The Kinder Bean');
  await page.getByRole('form', { name: 'Your business' }).getByRole('button', { name: 'Save' }).click();
  await page.getByRole('banner').getByText('The Kinder Bean').waitFor();
  await expect.poll(() => page.title()).toBe('Settings · The Kinder Bean');
  await page.reload();
  await expect.poll(() => page.getByLabel('Days between two gestures').inputValue()).toBe('3');
});

test('what was typed and not saved is left behind only after a question', async () => {
  await open('/desk/people');
  const follow = (link: string) => page.getByRole('navigation').getByRole('link', { name: link }).click();
  await follow('Settings');
  const name = page.getByLabel('Name of the business');
  const before = await name.inputValue();
  const question = page.getByRole('dialog', { name: 'Leave without saving?' });
  await name.fill('The Kinder Bean');
  await follow('Menu');
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect(await name.inputValue()).toBe('The Kinder Bean');
  await page.getByRole('button', { name: 'Sign out' }).filter({ visible: true }).click();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await page.goBack();
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect(await name.inputValue()).toBe('The Kinder Bean');
  expect(page.url()).toMatch(/\/desk\/settings$/);
  await page.goBack();
  await question.getByRole('button', { name: 'Leave it' }).click();
  await page.getByRole('heading', { name: 'People', level: 1 }).waitFor();
  expect(page.url()).toMatch(/\/desk\/people$/);
  await follow('Settings');
  await name.fill('The Kinder Bean');
  await follow('Menu');
  await question.getByRole('button', { name: 'Leave it' }).click();
  await page.getByRole('heading', { name: 'Menu', level: 1 }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Menu');

  // What was saved is asked about no more, and so is a form that is gone.
  await follow('Settings');
  expect(await name.inputValue()).toBe(before);
  await name.fill(`${before} `);
  await button('Save name and logo').click();
  await said('Saved').waitFor();
  await follow('People');
  await button('Add somebody').click();
  await dialog().getByLabel('Name').fill('Nobody');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await follow('Menu');
  await page.getByRole('heading', { name: 'Menu', level: 1 }).waitFor();
});

test('a double click opens a dialog, and a click beside it closes it only while nothing was typed', async () => {
  await open('/desk/people');
  await button('Add somebody').dblclick();
  await dialog().getByLabel('Name').waitFor();
  await page.mouse.click(4, 400);
  await dialog().waitFor({ state: 'detached' });
  await button('Add somebody').click();
  await dialog().getByLabel('Name').fill('Nia');
  await page.mouse.click(4, 400);
  await page.mouse.click(4, 500);
  expect(await dialog().getByLabel('Name').inputValue()).toBe('Nia');
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
});

test('an e-mail address that somebody signs in with is not taken out as if that were saved', async () => {
  await open('/desk/people');
  await button('Edit Olive Owner').click();
  await dialog().getByLabel('E-mail address').fill('');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('Not an e-mail address').waitFor();
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await button('Edit Olive Owner').click();
  expect(await dialog().getByLabel('E-mail address').inputValue()).toBe('olive@example.com');
});

test('what another owner changed meanwhile, and nobody touched here, stays as they left it', async () => {
  const api = `${world.server.url}/api/v1`;
  const read = async (path: string) => (await page.request.get(api + path)).json();
  const meanwhile = async (path: string, data: object) =>
    expect((await page.request.patch(api + path, { data })).status()).toBe(200);

  // The desk was opened long ago; the settings are asked for when somebody comes to look at them.
  await open('/desk/locations');
  await meanwhile('/merchant', { coolDownDays: 14 });
  await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click();
  const coolDown = page.getByLabel('Days between two gestures');
  await expect.poll(() => coolDown.inputValue()).toBe('14');
  await meanwhile('/merchant', { coolDownDays: 21, name: 'The Kindest Bean' });
  await page.getByLabel('Minutes that belong to one visit').fill('45');
  await page.getByRole('form', { name: 'Gestures and visits' }).getByRole('button', { name: 'Save' }).click();
  await said('Saved').waitFor();
  expect(await read('/merchant')).toMatchObject({ coolDownDays: 21, visitMinutes: 45 });
  // Saved twice from the same page, the second time too.
  await coolDown.fill('3');
  await page.getByRole('form', { name: 'Gestures and visits' }).getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await read('/merchant')).coolDownDays).toBe(3);
  expect((await read('/merchant')).name).toBe('The Kindest Bean');

  const [{ locationId }] = (await read('/locations')).items;
  await open('/desk/locations');
  await button('Edit High Street').click();
  await meanwhile(`/locations/${locationId}`, { cutOffMinutes: 180 });
  await dialog().getByLabel('Name').fill('Low Street');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await page.getByRole('region', { name: 'Low Street' }).getByText('begins at 03:00').waitFor();

  const [{ allowanceId }] = (await read('/allowances')).items;
  await open('/desk/allowance');
  await page.getByRole('button', { name: /^Change the allowance/ }).click();
  await meanwhile(`/allowances/${allowanceId}`, { costLimitMinor: 900 });
  await dialog().getByLabel('Gestures').fill('5');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await page.getByText('5 gestures, up to £9.00 of cost a day').waitFor();

  const [{ programId }] = (await read('/programs')).items;
  await open('/desk/cards');
  await meanwhile(`/programs/${programId}`, { rewardName: 'A pot of any tea' });
  await page.getByLabel('Stamps to fill it').fill('12');
  await pressOn(page, button('Save'));
  await said('Saved').waitFor();
  expect((await read('/programs')).items).toMatchObject([
    { stampsRequired: 12, rewardName: 'A pot of any tea', version: 3 },
  ]);
  // Whoever saved by keyboard goes on from where they were.
  await page.getByText('filled with 10 stamps').waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Save');
}, 60_000);

test('a page that Back brings as it was asks the server first: whoever signed out is not seen again', async () => {
  await open('/desk/settings');
  await page.getByText('GBP, British Pound').waitFor();
  await page.evaluate(() => {
    document.body.append('as it was');
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  });
  await page.getByText('as it was').waitFor({ state: 'detached' });
  await page.getByText('GBP, British Pound').waitFor();
  expect(await page.getByText('as it was').count()).toBe(0);
});

test('what is typed when the session is over stays, and is sent after signing in again', async () => {
  await open('/desk/settings');
  const name = main().getByLabel('Name of the business');
  await name.fill('The Kindest Bean');
  clock.advance({ hours: 13 });
  await button('Save name and logo').click();
  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
  await inspectDialog('sign-in-again');
  await page.keyboard.press('Escape');
  await main().getByText('Please sign in').waitFor();
  expect(await name.inputValue()).toBe('The Kindest Bean');

  await button('Save name and logo').click();
  await typeInto(page, dialog().getByLabel('E-mail address'), 'olive@example.com');
  await typeInto(page, dialog().getByLabel('Password'), PASSWORD);
  await page.keyboard.press('Enter');
  await said('Saved').waitFor();
  await page.reload();
  await expect.poll(() => name.inputValue()).toBe('The Kindest Bean');
});

test('what is typed for the next one while a person or an item is being added stays', async () => {
  await open('/desk/start/people');
  const form = main().getByRole('form', { name: 'Add somebody' });
  await form.getByLabel('Name').fill('Kit');
  await form.getByLabel('PIN for the till').fill('4321');
  let arrive = await holdAnswer(page, '**/api/v1/staff');
  await Promise.all([page.waitForRequest('**/api/v1/staff'), form.getByRole('button').click()]);
  await form.getByLabel('Name').fill('Lou');
  await arrive();
  await said('Kit').waitFor();
  await expect.poll(() => form.getByLabel('PIN for the till').inputValue()).toBe('');
  expect(await form.getByLabel('Name').inputValue()).toBe('Lou');

  page.once('dialog', (leave) => void leave.accept());
  await open('/desk/menu');
  const own = main().getByLabel('Something else');
  const price = main().getByLabel('Price (GBP)');
  await own.last().fill('Scone');
  await price.last().fill('2');
  arrive = await holdAnswer(page, '**/api/v1/items');
  await Promise.all([page.waitForRequest('**/api/v1/items'), button('Put these on the menu').click()]);
  await own.last().fill('Jam');
  await price.last().fill('1');
  await arrive();
  await said('On the menu now: Scone').waitFor();
  expect(await own.first().inputValue()).toBe('Jam');
  expect(await price.first().inputValue()).toBe('1');
  // The line that was sent is named anew for the next: it is another item.
  arrive = await holdAnswer(page, '**/api/v1/items');
  await Promise.all([page.waitForRequest('**/api/v1/items'), button('Put these on the menu').click()]);
  await own.first().fill('Honey');
  await arrive();
  await said('On the menu now: Jam').waitFor();
  expect(await own.first().inputValue()).toBe('Honey');
  page.once('dialog', (leave) => void leave.accept());

  // The first run goes on to its next step only when nothing is left to be put on the menu.
  await open('/desk/start/menu');
  await own.last().fill('Toast');
  await price.last().fill('2');
  arrive = await holdAnswer(page, '**/api/v1/items');
  const goOn = button('Put these on the menu and go on');
  await Promise.all([page.waitForRequest('**/api/v1/items'), goOn.click()]);
  await own.last().fill('Marmite');
  await price.last().fill('1');
  await arrive();
  await main()
    .getByText(/On the menu: .*Toast/)
    .waitFor();
  expect(await own.first().inputValue()).toBe('Marmite');
  await goOn.click();
  await page.getByRole('heading', { name: 'Your people' }).waitFor();
  const items = await (await page.request.get(`${world.server.url}/api/v1/items`)).json();
  expect(items.items.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['Toast', 'Marmite']),
  );
});

test('the first run goes on from the stamp card only when all that was changed there is saved', async () => {
  await open('/desk/start/card');
  const reward = main().getByLabel('What a full card earns');
  await reward.fill('A cup of tea');
  const arrive = await holdAnswer(page, '**/api/v1/programs/*');
  const goOn = button('Save and go on');
  await Promise.all([page.waitForRequest('**/api/v1/programs/*'), goOn.click()]);
  await reward.fill('A pot of tea');
  const answered = page.waitForResponse('**/api/v1/programs/*');
  await arrive();
  await answered;
  await goOn.and(page.locator(':enabled')).waitFor();
  expect(await reward.inputValue()).toBe('A pot of tea');
  await goOn.click();
  await page.waitForURL('**/desk/start/menu');
  const programs = await (await page.request.get(`${world.server.url}/api/v1/programs`)).json();
  expect(programs.items[0].rewardName).toBe('A pot of tea');
});

test('when somebody else has signed in in another tab, nothing is done under their name, and what is typed stays', async () => {
  const somebodyElse = { email: 'sol@example.com', password: 'a cortado at noon' };
  const { merchantId } = await (await page.request.get(`${world.server.url}/api/v1/merchant`)).json();
  const added = await page.request.post(`${world.server.url}/api/v1/staff`, {
    headers: { 'Idempotency-Key': 'sol' },
    data: { name: 'Sol', role: 'manager', ...somebodyElse },
  });
  if (!added.ok()) throw new Error(await added.text());
  const signInElsewhere = () =>
    page.request.post(`${world.server.url}/api/v1/sessions`, { data: somebodyElse });
  const nameKept = () =>
    world.db.read((queries) =>
      queries.query((d, { merchants }) =>
        d.select({ name: merchants.name }).from(merchants).where(eq(merchants.merchantId, merchantId)),
      ),
    );

  await open('/desk/settings');
  const name = main().getByLabel('Name of the business');
  await name.fill('The Shared Bean');
  await signInElsewhere();
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  const question = page.getByRole('dialog', { name: 'Somebody else has signed in' });
  await question.waitFor();
  await inspectDialog('somebody-else');
  await page.keyboard.press('Escape');
  await button('Save name and logo').click();
  await question.waitFor();
  await page.keyboard.press('Escape');
  await main().getByText('Somebody else has signed in in this browser since').waitFor();
  expect(await nameKept()).toEqual([{ name: 'The Kindest Bean' }]);

  await button('Save name and logo').click();
  await typeInto(page, dialog().getByLabel('E-mail address'), 'olive@example.com');
  await typeInto(page, dialog().getByLabel('Password'), PASSWORD);
  await page.keyboard.press('Enter');
  await said('Saved').waitFor();
  expect(await nameKept()).toEqual([{ name: 'The Shared Bean' }]);

  await signInElsewhere();
  await page.getByRole('navigation').getByRole('link', { name: 'Menu' }).click();
  await question.getByRole('button', { name: 'Open their desk' }).click();
  await page.getByRole('banner').getByText('Sol, manager').waitFor();
  expect(new URL(page.url()).pathname).toBe('/desk');
}, 60_000);

test('who signs out in one tab has left every tab of the desk, also one in which something was typed', async () => {
  const signIn = () =>
    page.request.post(`${world.server.url}/api/v1/sessions`, {
      data: { email: 'olive@example.com', password: PASSWORD },
    });
  await signIn();
  const other = await page.context().newPage();
  await other.goto(`${world.server.url}/desk/settings`);
  await other.getByLabel('Name of the business').fill('The Typed Bean');
  await open('/desk/audit');
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await other.waitForURL('**/sign-in');
  await other.getByLabel('E-mail address').waitFor();
  await other.close();
  await signIn();
  await open('/desk');
});

test('signing out leaves nothing on the screen, and signing in comes back to where one wanted to be', async () => {
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.waitForURL('**/sign-in');
  await page.goto(`${world.server.url}/desk/tills`);
  expect(page.url()).toBe(`${world.server.url}/sign-in?next=%2Fdesk%2Ftills`);
  await page.getByLabel('E-mail address').fill('olive@example.com');
  await page.getByLabel('Password').fill('wrong');
  await page.getByLabel('Password').press('Enter');
  await page.getByText('E-mail address or password is not right').waitFor();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByLabel('Password').press('Enter');
  await page.getByRole('heading', { name: 'Tills', level: 1 }).waitFor();
});
