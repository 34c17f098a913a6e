import { eq } from 'drizzle-orm';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import qrcode from 'qrcode';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { openDatabase } from '../../db/open.ts';
import { blockCard } from '../../src/operations/block-card.ts';
import { computeCardCode } from '../../src/operations/card-codes.ts';
import { endProgram } from '../../src/operations/edit-program.ts';
import { giveGesture } from '../../src/operations/give-gesture.ts';
// @ts-expect-error Served as it is, so it has no types.
import { drawQrPath } from '../../src/pages/card/browser/qr.js';
import { startServer } from '../../src/server.ts';
import type { RunningServer } from '../../src/server.ts';
import { aCustomer } from '../support/a-customer.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { granted } from '../support/answers.ts';
import { findAxeViolations } from '../support/axe.ts';
import { launchBrowser } from '../support/browser.ts';
import type { Browser, Page } from '../support/browser.ts';
import { createSqliteFile } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { liveCodeOf } from '../support/live-code-of.ts';
import { testSecrets } from '../support/server.ts';
import { rowsOf, setProgram } from '../support/shop-settings.ts';

const MAX_SCRIPT_BYTES = 15 * 1024;

let browser: Browser;
let db: Database;
let drop: () => Promise<void>;
let server: RunningServer;
let shop: Shop;
const clock = new FixedClock('2026-03-02T09:00:00Z');

beforeAll(async () => {
  const file = await createSqliteFile();
  drop = () => file.drop();
  db = await openDatabase(file.url);
  shop = await aShop(db, { now: clock.now(), gesturesLimit: null });
  server = await start(0);
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await db?.close();
  await drop?.();
});

function start(port: number, of = db): Promise<RunningServer> {
  const log = pino({ level: 'silent' });
  const mail = { smtpUrl: undefined, from: undefined, folder: null };
  return startServer({ db: of, clock, secrets: testSecrets, log, host: '127.0.0.1', port, mail });
}

/** A phone that opens an address; what goes wrong on its page fails the test at the end. */
async function openOn({
  path,
  javaScriptEnabled = true,
  locale = 'en-GB',
}: {
  path: string;
  javaScriptEnabled?: boolean;
  locale?: string;
}) {
  const viewport = { width: 390, height: 844 };
  const context = await browser.newContext({ viewport, javaScriptEnabled, locale });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(server.url + path);
  return { page, faults, close: () => context.close() };
}

async function joinPath(): Promise<string> {
  const [location] = await db.read((queries) =>
    queries.query((d, t) => d.select().from(t.locations).where(eq(t.locations.merchantId, shop.merchantId))),
  );
  return `/join/${location!.joinCode}`;
}

const progressOn = (page: Page) => page.locator('.progress strong').textContent();

test('the card is complete with scripts turned off', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam Porter');
  await sam.buyCoffee(9);
  const { page, faults, close } = await openOn({ path: `/c/${sam.secret}`, javaScriptEnabled: false });
  expect(await page.title()).toBe('9 of 10 stamps · The Kind Bean');
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('The Kind Bean');
  await page.getByText('Hello, Sam').waitFor();
  const stamps = page.getByRole('list', { name: '9 of 10 stamps' }).getByRole('listitem');
  expect(await stamps.count()).toBe(10);
  expect(await stamps.filter({ hasText: 'Stamped' }).count()).toBe(9);
  await page.getByText('9 stamps for Flat white').waitFor();
  expect(await page.getByRole('img', { name: 'QR code of your card' }).isVisible()).toBe(true);
  expect(await page.locator('.pass-code').innerText()).toMatch(/Card number\s+[0-9A-Z]{4}-[0-9A-Z]{4}\s*$/);

  await sam.buyCoffee();
  await page.getByRole('link', { name: 'Show new stamps' }).click();
  await page.getByRole('heading', { name: 'A coffee on the house' }).waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('a double stamp at 9 of 10 arrives on the open page: a full card, a free coffee, one stamp on the next', async () => {
  const noor = await aCustomer({ db, clock, shop }, 'Noor');
  await noor.buyCoffee(9);
  const { page, faults, close } = await openOn({ path: `/c/${noor.secret}` });
  await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
  expect(await progressOn(page)).toBe('9 of 10 stamps');

  await noor.buyCoffee();
  await noor.isGivenDoubleStamp('long_wait');

  await page.getByRole('list', { name: '1 of 10 stamps' }).waitFor();
  await page.getByText('Full card: 10 of 10 stamps').waitFor();
  await page.getByText('Yours: show this at the till.').waitFor();
  expect(await page.locator('.gift strong').textContent()).toBe('Ada gave you an extra stamp');
  expect(await page.locator('.gift .why').innerText()).toBe('for the long wait\nMon 2 March');
  expect(await page.locator('.stamp.filled.new').count()).toBe(1);
  expect(await page.getByRole('status').textContent()).toBe(
    '1 of 10 stamps. Yours: A coffee on the house. Ada gave you an extra stamp: for the long wait',
  );
  expect(await page.title()).toBe('1 of 10 stamps · The Kind Bean');
  expect(await page.evaluate(() => 'isSamePage' in globalThis)).toBe(true);

  await noor.redeems();
  await page.getByText('Used just now. Enjoy it!').waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('days are written as the phone writes them, also what arrives on the open page', async () => {
  const noor = await aCustomer({ db, clock, shop });
  await noor.buyCoffee();
  for (const [locale, day] of [
    ['en-US', 'Mon, March 2'],
    ['en-GB', 'Mon 2 March'],
    ['de-DE', 'Mon 2 March'],
  ]) {
    const { page, close } = await openOn({ path: `/c/${noor.secret}`, locale: locale! });
    const lines = page.locator('.history time');
    const count = await lines.count();
    await noor.buyCoffee();
    await expect.poll(() => lines.count()).toBe(count + 1);
    expect([...new Set(await lines.allTextContents())]).toEqual([day]);
    await close();
  }
});

test('a reward that runs out in the middle of a day is not said to be good until its evening', async () => {
  const there = await aShop(db, { now: clock.now(), stampsRequired: 1 });
  await setProgram(db, there, { expiryDays: 30 });
  const kim = await aCustomer({ db, clock, shop: there });
  await kim.buyCoffee();
  const { page, close } = await openOn({ path: `/c/${kim.secret}` });
  expect(await page.locator('.ticket small').innerText()).toBe('Good until Wed 1 April at 10:00');
  await close();
});

const SMALL_PHONE = { width: 360, height: 640 };
/** A gift and two rewards on the card: the code has slid down. */
async function somebodyWithALot() {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  await sam.buyCoffee(21);
  await sam.isGivenDoubleStamp('long_wait');
  return sam;
}

/** What of an element is on the screen, and not under the bar at its end. */
function isInSight(page: Page, selector: string): Promise<boolean> {
  return page.locator(selector).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const bar = element.closest('#show-code, dialog') ? null : document.getElementById('show-code');
    return top >= 0 && bottom <= (bar?.getBoundingClientRect().top ?? innerHeight);
  });
}

test('at the till one tap shows the code large on white, day and night, and the stamp it brings puts it away', async () => {
  const sam = await somebodyWithALot();
  const { page, faults, close } = await openOn({ path: `/c/${sam.secret}` });
  await page.setViewportSize(SMALL_PHONE);
  await page.context().grantPermissions(['screen-wake-lock']);
  await page.evaluate(() => {
    const { wakeLock } = navigator;
    const request = wakeLock.request.bind(wakeLock);
    wakeLock.request = async (type) => Object.assign(globalThis, { lock: await request(type) }).lock;
  });
  const isAwake = () =>
    page.evaluate(() => (globalThis as { lock?: WakeLockSentinel }).lock?.released === false);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const button = page.getByRole('link', { name: 'Show my code' });
    expect(await isInSight(page, '#show-code a')).toBe(true);
    await button.click();
    const large = page.getByRole('dialog', { name: 'Show this at the till' });
    await large.waitFor();
    expect(await large.evaluate((one) => getComputedStyle(one).backgroundColor)).toBe('rgb(255, 255, 255)');
    for (const part of ['.qr', '.live-code data', '.short-code', 'button'])
      expect(await isInSight(page, `dialog ${part}`)).toBe(true);
    const widths = await page.locator('.qr').evaluateAll((codes) => codes.map((code) => code.clientWidth));
    expect(widths[1]).toBeGreaterThan(1.5 * widths[0]!);
    const { above, below } = await large.evaluate((dialog) => ({
      above: dialog.querySelector('h2')!.getBoundingClientRect().top,
      below: innerHeight - dialog.querySelector('button')!.getBoundingClientRect().bottom,
    }));
    expect(Math.abs(above - below)).toBeLessThan(2);
    const drawn = await page
      .locator('.qr path[stroke]')
      .evaluateAll((paths) => paths.map((d) => d.getAttribute('d')));
    expect(drawn[1]).toBe(drawn[0]);
    await expect.poll(isAwake).toBe(true);
    expect(await findAxeViolations(page)).toEqual([]);
    if (colorScheme === 'light') await large.getByRole('button', { name: 'Done' }).click();
    else await sam.buyCoffee();
    await large.waitFor({ state: 'hidden' });
    await expect.poll(isAwake).toBe(false);
  }
  // It arrives large, and comes to rest.
  await expect.poll(() => isInSight(page, '.stamp.new')).toBe(true);
  expect(faults).toEqual([]);
  await close();
});

test('without a script the button at the bottom of a small phone leads to the code, and makes it large', async () => {
  const sam = await somebodyWithALot();
  const { page, close } = await openOn({ path: `/c/${sam.secret}`, javaScriptEnabled: false });
  await page.setViewportSize(SMALL_PHONE);
  expect(await isInSight(page, '#show-code a')).toBe(true);
  expect(await isInSight(page, '.qr')).toBe(false);
  await page.getByRole('link', { name: 'Show my code' }).click();
  expect(await isInSight(page, '.qr')).toBe(true);
  expect(await isInSight(page, '.live-code')).toBe(true);
  expect(await page.locator('.qr').evaluate((code) => code.clientWidth)).toBeGreaterThan(280);
  await close();
});

test('on a phone of today the code is in sight at once, under a gift and two rewards', async () => {
  const sam = await somebodyWithALot();
  const { page, close } = await openOn({ path: `/c/${sam.secret}` });
  for (const part of ['.gift', '.ticket >> nth=1', '.stamps', '.qr'])
    expect(await isInSight(page, part)).toBe(true);
  await close();
});

test('on a phone that knows no dialog the button leads to the code, stamps arrive, and the codes run', async () => {
  const sam = await somebodyWithALot();
  const { page, faults, close } = await openOn({ path: '/nowhere' });
  await page.addInitScript(() => {
    for (const name of ['showModal', 'close']) Reflect.deleteProperty(HTMLDialogElement.prototype, name);
    Reflect.deleteProperty(DataView.prototype, 'setBigUint64');
  });
  faults.length = 0; // of the page that is not there
  await page.goto(`${server.url}/c/${sam.secret}`);
  await page.setViewportSize(SMALL_PHONE);
  expect(await isInSight(page, '.qr')).toBe(false);
  await page.getByRole('link', { name: 'Show my code' }).click();
  expect(await isInSight(page, '.qr')).toBe(true);
  await sam.buyCoffee();
  await page.getByRole('list', { name: '3 of 10 stamps' }).waitFor();
  expect(await page.locator('.live-left i').count()).toBe(1);
  expect(faults).toEqual([]);
  await close();
});

test('what is sent to a customer arrives by itself: the stamps on the card are not put on anew', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  await sam.buyCoffee(12);
  await sam.redeems();
  const { page, close } = await openOn({ path: `/c/${sam.secret}` });
  const voucher = {
    attempt: { operationId: uuid(), requestHash: '' },
    cardCode: sam.cardCode,
    kind: 'voucher',
    itemId: shop.flatWhite.itemId,
    reason: 'our_mistake',
  } as const;
  granted(await giveGesture(db, clock)(shop.manager, voucher));
  await page.getByRole('heading', { name: 'Flat white' }).waitFor();
  expect(await page.locator('.ticket.new h2').allTextContents()).toEqual(['Flat white']);
  expect(await page.locator('.stamp.new').count()).toBe(0);
  await close();
});

test('an open page comes back by itself after the server was restarted, and misses nothing', async () => {
  const kim = await aCustomer({ db, clock, shop });
  const { page, close } = await openOn({ path: `/c/${kim.secret}` });
  await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
  await kim.buyCoffee();
  await page.getByRole('list', { name: '1 of 10 stamps' }).waitFor();

  const port = Number(new URL(server.url).port);
  await server.close();
  await kim.buyCoffee(2); // while nobody can tell the page
  server = await start(port);
  await page.getByRole('list', { name: '3 of 10 stamps' }).waitFor();

  await kim.buyCoffee();
  await page.getByRole('list', { name: '4 of 10 stamps' }).waitFor();
  expect(await page.evaluate(() => 'isSamePage' in globalThis)).toBe(true);
  await close();
});

test('a link that was typed with capitals, or has a slash at its end, opens the same page as any', async () => {
  const kim = await aCustomer({ db, clock, shop });
  const { page, faults, close } = await openOn({ path: `/c/${kim.secret.toUpperCase()}/` });
  expect(page.url()).toBe(`${server.url}/c/${kim.secret}`);
  await kim.buyCoffee();
  await page.getByRole('list', { name: '1 of 10 stamps' }).waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('a phone in a pocket keeps no line, also when its network comes and goes, and has it all when it is looked at', async () => {
  const kim = await aCustomer({ db, clock, shop });
  const { page, close } = await openOn({ path: `/c/${kim.secret}` });
  const lines: string[] = [];
  page.on('request', (asked) => {
    if (asked.url().includes('/events')) lines.push(asked.url());
  });
  const turn = (isHidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  await turn(true);
  lines.length = 0;
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await kim.buyCoffee();
  await page.evaluate(() => fetch('/healthz')); // what was asked before it is known by now
  expect(lines).toEqual([]);
  await turn(false);
  await page.getByRole('list', { name: '1 of 10 stamps' }).waitFor();
  expect(await page.locator('.stamp.new').count()).toBe(1);
  await close();
});

test('a stamp on one card leaves an open page of another as it is', async () => {
  const here = await aCustomer({ db, clock, shop });
  const there = await aCustomer({ db, clock, shop: await aShop(db, { now: clock.now() }) });
  const one = await openOn({ path: `/c/${here.secret}` });
  const other = await openOn({ path: `/c/${there.secret}` });
  const versionBefore = await other.page.locator('#card').getAttribute('data-version');
  await here.buyCoffee(2);
  await one.page.getByRole('list', { name: '2 of 10 stamps' }).waitFor();
  expect(await other.page.locator('#card').getAttribute('data-version')).toBe(versionBefore);
  expect(await progressOn(other.page)).toBe('0 of 10 stamps');
  await one.close();
  await other.close();
});

test('under reduced motion a stamp is there without moving', async () => {
  const sam = await aCustomer({ db, clock, shop });
  const { page, close } = await openOn({ path: `/c/${sam.secret}` });
  const animationOfNewStamp = async () => {
    const count = await page.locator('.stamp.filled').count();
    await sam.buyCoffee();
    await page.getByRole('list', { name: `${count + 1} of 10 stamps` }).waitFor();
    return page.locator('.stamp.new').evaluate((stamp) => getComputedStyle(stamp).animationName);
  };
  expect(await animationOfNewStamp()).toBe('press');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await animationOfNewStamp()).toBe('none');
  await close();
});

test('an address that leads nowhere says so to a person in words, and to a program in JSON', async () => {
  const { page, close } = await openOn({ path: '/nowhere' });
  await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
  await close();
  const asked = await fetch(`${server.url}/nowhere`, { headers: { accept: 'application/json' } });
  expect(asked.status).toBe(404);
  expect(await asked.json()).toMatchObject({ refused: 'route-unknown' });
  const api = await fetch(`${server.url}/api/v1/nowhere`, { headers: { accept: 'text/html' } });
  expect(api.headers.get('content-type')).toContain('application/problem+json');
});

test('what fails, or cannot be read, says so to a person in words, and to a program in JSON', async () => {
  const file = await createSqliteFile();
  const gone = await openDatabase(file.url);
  const failing = await start(0, gone);
  await gone.close();
  const { page, close } = await openOn({ path: await joinPath() });
  await page.goto(`${failing.url}/c/${'a'.repeat(26)}`);
  await page.getByRole('heading', { name: 'That did not work just now' }).waitFor();
  expect(await page.locator('.hint').innerText()).toMatch(/^[0-9a-f-]{36}$/);
  await page.goto(`${failing.url}/c/%E0%A4%A`);
  await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
  await close();
  const path = `${failing.url}/join/nowhere`;
  const form = await fetch(path, { method: 'POST', headers: { accept: 'text/html' } });
  expect([form.status, form.headers.get('content-type')]).toEqual([500, 'text/html; charset=utf-8']);
  const asked = await fetch(path);
  expect([asked.status, await asked.json()]).toMatchObject([500, { refused: 'server-error' }]);
  await failing.close();
  await file.drop();
});

test('a name, a shop and a reward that contain markup are shown as they were written', async () => {
  const hostile = '<img src=x onerror="document.title=1">&\'"<script>';
  const odd = await aShop(db, { now: clock.now() });
  await db.transact(async (tx) => {
    const { merchantId } = odd;
    await tx.query((d, t) =>
      d.update(t.merchants).set({ name: hostile }).where(eq(t.merchants.merchantId, merchantId)),
    );
    await tx.query((d, t) =>
      d
        .update(t.programVersions)
        .set({ rewardName: hostile })
        .where(eq(t.programVersions.merchantId, merchantId)),
    );
  });
  const customer = await aCustomer({ db, clock, shop: odd }, '<b>Robin</b>');
  await customer.buyCoffee(10);
  const { page, faults, close } = await openOn({ path: `/c/${customer.secret}` });
  expect(await page.locator('h1').textContent()).toBe(hostile);
  expect(await page.locator('.greeting bdi').textContent()).toBe('<b>Robin</b>');
  expect(await page.locator('.ticket h2').textContent()).toBe(hostile);
  await customer.buyCoffee();
  await page.getByRole('list', { name: '1 of 10 stamps' }).waitFor();
  expect(await page.locator('.ticket h2').textContent()).toBe(hostile);
  expect(await page.locator('img').count()).toBe(0);
  expect(faults).toEqual([]);
  await close();
});

test('a card that is blocked says so kindly and shows no code', async () => {
  const kim = await aCustomer({ db, clock, shop });
  await kim.buyCoffee(4);
  const blockedAt = clock.now();
  await db.transact((tx) =>
    tx.query((d, t) => d.update(t.cards).set({ blockedAt }).where(eq(t.cards.cardId, kim.cardId))),
  );
  const { page, close } = await openOn({ path: `/c/${kim.secret}` });
  await page.getByText('This card is paused').waitFor();
  expect(await page.getByRole('img', { name: 'QR code of your card' }).count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Show my code' }).isVisible()).toBe(false);
  expect(await progressOn(page)).toBe('4 of 10 stamps');
  await close();
});

test('a card that is blocked while it is open says so to the ear as well, and sends nobody to the till with a reward', async () => {
  const kim = await aCustomer({ db, clock, shop });
  await kim.buyCoffee(11);
  const { page, close } = await openOn({ path: `/c/${kim.secret}` });
  await page.getByText('Yours: show this at the till.').waitFor();
  await blockCard(db, clock)(shop.owner, { cardId: kim.cardId, isBlocked: true });
  await page.getByRole('status').getByText('This card is paused').waitFor();
  expect(await page.locator('main').innerText()).not.toContain('show this at the till');
  await close();
});

test('a link that opens no card says what to do', async () => {
  for (const path of ['/c/abc', `/c/${'a'.repeat(26)}`, '/c/%3Cscript%3E', `/c/${'a'.repeat(26)}/events`]) {
    const response = await fetch(server.url + path);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).toContain('Ask at the till');
  }
});

test('a card’s page is kept by nobody on the way and found by no search engine', async () => {
  const sam = await aCustomer({ db, clock, shop });
  for (const path of [`/c/${sam.secret}`, `/c/${sam.secret}/qr.svg`, '/c/abc', await joinPath()]) {
    const { headers } = await fetch(server.url + path);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('strict-origin');
    expect(headers.get('x-robots-tag')).toBe('noindex');
    expect(headers.get('content-security-policy')).not.toContain('unsafe-inline');
  }
});

test('the QR holds the code that tills read, and nothing that opens the page', async () => {
  const sam = await aCustomer({ db, clock, shop });
  expect(sam.cardCode).toBe(computeCardCode(sam.secret));
  const { page, close } = await openOn({ path: `/c/${sam.secret}` });
  const shown = `${sam.cardCode}:${liveCodeOf(sam, clock.now())}`;
  const drawn = await page.locator('.qr svg path').last().getAttribute('d');
  expect(drawn).toBe(drawQrPath(shown));
  const svg = await (await fetch(`${server.url}/c/${sam.secret}/qr.svg`)).text();
  expect(svg).toBe((await qrcode.toString(shown, { type: 'svg', errorCorrectionLevel: 'M' })).trim());
  await close();
});

test('the scripts weigh less than 15 kB compressed, and are sent so', async () => {
  const sam = await aCustomer({ db, clock, shop });
  const html = await (await fetch(`${server.url}/c/${sam.secret}`)).text();
  const tags = html.matchAll(/(?:<script[^>]* src|rel="modulepreload" href)="([^"]+)"/g);
  const sources = [...tags].map(([, source]) => source!);
  expect(sources).toHaveLength(5);
  let size = (await (await fetch(`${server.url}/c/worker.js`)).arrayBuffer()).byteLength;
  for (const source of sources) {
    const response = await fetch(server.url + source);
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('cache-control')).toContain('immutable');
    const name = source.slice(source.lastIndexOf('/') + 1);
    const script = readFileSync(join(import.meta.dirname, '../../src/pages/card/browser', name));
    expect(await response.text()).toBe(script.toString());
    size += gzipSync(script).length;
  }
  expect(size).toBeLessThan(MAX_SCRIPT_BYTES);
});

test('nothing is wider than the narrowest phone', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Bartholomew-Maximilian');
  await sam.buyCoffee(11);
  await sam.isGivenDoubleStamp('our_mistake');
  const { page, close } = await openOn({ path: `/c/${sam.secret}` });
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of [`/c/${sam.secret}`, await joinPath(), `${await joinPath()}/poster`, '/c/abc']) {
    await page.goto(server.url + path);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  }
  await close();
});

test('a word that is wider than the phone is broken, whoever wrote it, and none of it is cut off', async () => {
  const word = 'Rindfleischetikettierungsüberwachungsaufgabe';
  const there = await aShop(db, { now: clock.now() });
  const { merchantId } = there;
  await setProgram(db, there, { rewardName: word });
  await db.transact(async (tx) => {
    for (const table of ['merchants', 'locations', 'items', 'staff'] as const)
      await tx.query((d, t) =>
        d.update(t[table]).set({ name: word }).where(eq(t[table].merchantId, merchantId)),
      );
  });
  const sam = await aCustomer({ db, clock, shop: there }, word);
  await sam.buyCoffee(21);
  await sam.isGivenDoubleStamp('our_mistake');
  const preferences = new URLSearchParams({ name: word, preferences: word });
  await fetch(`${server.url}/c/${sam.secret}/me`, { method: 'POST', body: preferences });
  const { page, close } = await openOn({ path: `/c/${sam.secret}` });
  await page.setViewportSize({ width: 320, height: 640 });
  const { joinCode } = (await rowsOf(db, there, 'locations'))[0]!;
  for (const path of [`/c/${sam.secret}`, `/join/${joinCode}`, `/find/${joinCode}`]) {
    await page.goto(server.url + path);
    const room = await page.evaluate((wanted) => {
      const range = document.createRange();
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const places = [];
      while (texts.nextNode())
        if (texts.currentNode.textContent!.includes(wanted)) {
          range.selectNodeContents(texts.currentNode);
          places.push(range.getBoundingClientRect());
        }
      return places.flatMap(({ left, right }) => [left, innerWidth - right]);
    }, word);
    expect(room.length).toBeGreaterThan(0);
    expect(Math.min(...room)).toBeGreaterThanOrEqual(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  }
  await close();
});

test('on the narrowest phone, and with letters of twice their size, nothing of the card is cut off, its codes least of all', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  await sam.buyCoffee(9);
  const { page, close } = await openOn({ path: `/c/${sam.secret}` });
  // Figures, because this browser has no letters of one width.
  await page.evaluate(() => (document.querySelector('.short-code')!.textContent = '0000-0000'));
  for (const [width, size] of [
    [320, '100%'],
    [390, '130%'],
    [390, '200%'],
    [320, '200%'],
  ] as const) {
    await page.setViewportSize({ width, height: 844 });
    await page.evaluate((fontSize) => (document.documentElement.style.fontSize = fontSize), size);
    const cut = await page.evaluate(() => {
      const { left, right } = document.querySelector('.pass')!.getBoundingClientRect();
      const shown = [
        ...document.querySelectorAll('.progress > *, .goal span, .qr, .live-code > *, .short-code'),
      ];
      return shown
        .filter((one) => {
          const box = one.getBoundingClientRect();
          return box.left < left || box.right > right;
        })
        .map((one) => one.textContent || one.className);
    });
    expect(cut, `${width} px, ${size}`).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
  await close();
});

test('from the poster to a card in two taps; the same phone gets no second one by accident', async () => {
  const path = await joinPath();
  const { page, faults, close } = await openOn({ path });
  await page.getByText('Collect 10 stamps and it is yours:').waitFor();
  await page.getByLabel('First name').fill('  Maya   ');
  await page.getByRole('button', { name: 'Get my card' }).click();
  await page.waitForURL(/\/c\/[a-z2-7]{26}$/);
  await page.getByText('Hello, Maya').waitFor();
  const first = page.url();

  await page.goto(server.url + path);
  await page.getByRole('link', { name: 'Maya · 0 of 10 stamps' }).click();
  await page.waitForURL(first);

  await page.goto(server.url + path);
  await page.getByRole('button', { name: 'Start another card' }).click();
  await page.waitForURL(/\/c\//);
  expect(page.url()).not.toBe(first);
  await page.getByRole('main').getByText('0 of 10 stamps').waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('a form that is sent twice, by a second tap before the answer, gives one card; who is next at the tablet, another', async () => {
  const path = await joinPath();
  const shown = await (await fetch(server.url + path)).text();
  const [, once] = /name="once" value="(.+?)"/.exec(shown)!;
  const send = (cookie = '') => postForm(path, { once: once!, another: 'yes' }, { cookie });
  const sent = await Promise.all([send(), send()]);
  const [first, second] = sent.map((response) => response.headers.get('location'));
  expect(first).toMatch(/^\/c\//);
  expect(second).toBe(first);
  const next = await send(sent[0]!.headers.get('set-cookie')!.split(';')[0]);
  expect(next.headers.get('location')).not.toBe(first);
});

test('while a shop gives out no new cards its poster still leads to those there are', async () => {
  const there = await aShop(db, { now: clock.now() });
  const sam = await aCustomer({ db, clock, shop: there }, 'Sam');
  await sam.buyCoffee(4);
  const { joinCode } = (await rowsOf(db, there, 'locations'))[0]!;
  const { page, faults, close } = await openOn({ path: `/c/${sam.secret}` });
  await endProgram(db, clock)(there.owner, there);
  await page.goto(`${server.url}/join/${joinCode}`);
  await page.getByRole('heading', { name: 'There are no new stamp cards just now' }).waitFor();
  expect(await page.getByRole('button').count()).toBe(0);
  expect(await findAxeViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Sam · 4 of 10 stamps' }).click();
  await page.getByText('Hello, Sam').waitFor();
  await page.goBack();
  await page.getByRole('link', { name: 'Lost your card? Find it again' }).click();
  await page.getByRole('heading', { name: 'Find my card' }).waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('a card that came from the till, once opened on a phone, is found at the poster; on a lent phone it hides nobody’s', async () => {
  const path = await joinPath();
  const kim = await aCustomer({ db, clock, shop }, 'Kim Lee');
  const lou = await aCustomer({ db, clock, shop }, 'Lou');
  await lou.buyCoffee(3);
  const { page, faults, close } = await openOn({ path: `/c/${kim.secret}`, javaScriptEnabled: false });
  const links = () => page.locator('main a[href^="/c/"]').allInnerTexts();
  await page.goto(server.url + path);
  expect(await links()).toEqual(['Kim · 0 of 10 stamps']);
  expect(await page.getByRole('button', { name: 'Get my card' }).count()).toBe(0);

  // Kim lends it to Lou.
  await page.goto(`${server.url}/c/${lou.secret}`);
  await page.goto(server.url + path);
  expect(await links()).toEqual(['Lou · 3 of 10 stamps']);
  await page.getByLabel('First name').fill('Mo');
  await page.getByRole('button', { name: 'Start another card' }).click();
  await page.getByText('Hello, Mo').waitFor();

  // Whoever was given a card here finds it first.
  await page.goto(`${server.url}/c/${lou.secret}`);
  await page.goto(server.url + path);
  expect(await links()).toEqual(['Mo · 0 of 10 stamps', 'Lou · 3 of 10 stamps']);
  await page.getByRole('link', { name: 'Lou' }).click();
  await page.getByText('Hello, Lou').waitFor();

  // What is closed, or of another shop, is no card here.
  await postForm(`/c/${lou.secret}/forget`, { sure: 'yes' });
  const other = await aCustomer({ db, clock, shop: await aShop(db, { now: clock.now() }) }, 'Zoe');
  await page.goto(`${server.url}/c/${other.secret}`);
  await page.goto(server.url + path);
  expect(await links()).toEqual(['Mo · 0 of 10 stamps']);
  const names = [`card-${shop.merchantId}`, `opened-${shop.merchantId}`];
  const cookie = names.map((name) => `${name}=${other.secret}`).join('; ');
  const answer = await fetch(server.url + path, { headers: { cookie } });
  expect(await answer.text()).not.toContain(other.secret);
  expect(faults).toEqual([]);
  await close();
});

test('the cookies that remember a card are read by no script and sent nowhere but to the join page', async () => {
  const joined = await postForm(await joinPath(), { name: 'Sam' });
  expect(joined.status).toBe(303);
  const opened = await fetch(server.url + joined.headers.get('location')!);
  for (const response of [joined, opened]) {
    const cookie = response.headers.get('set-cookie')!;
    expect(cookie).toMatch(/; Path=\/join;/);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
  }
});

test('another site cannot make a visitor join', async () => {
  const response = await postForm(await joinPath(), {}, { 'Sec-Fetch-Site': 'cross-site' });
  expect(response.status).toBe(403);
});

test('a form that is far too long makes no card, and a long name is cut', async () => {
  const path = await joinPath();
  expect((await postForm(path, { name: 'x'.repeat(5_000) })).status).toBe(413);
  const cut = await postForm(path, { name: 'x'.repeat(300) });
  const page = await (await fetch(server.url + cut.headers.get('location')!)).text();
  expect(page).toContain(`<bdi>${'x'.repeat(80)}</bdi>`);
});

test('an unknown join link says what to do, also when somebody posts to it', async () => {
  const unknown = [await fetch(`${server.url}/join/nothing`), await postForm('/join/nothing', {})];
  for (const response of unknown) {
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('Ask at the till');
  }
});

test('one address gets sixty cards an hour and no more', async () => {
  const path = await joinPath();
  clock.advance({ hours: 2 });
  const statuses: number[] = [];
  for (let tries = 0; tries < 62; tries++) statuses.push((await postForm(path, {})).status);
  expect(statuses).toEqual([...Array<number>(60).fill(303), 429, 429]);
  clock.advance({ hours: 1 });
  expect((await postForm(path, {})).status).toBe(303);
});

test('the poster fits one sheet and its code leads to the join page', async () => {
  const path = await joinPath();
  const { page, faults, close } = await openOn({ path: `${path}/poster` });
  await page.getByRole('heading', { name: 'The Kind Bean' }).waitFor();
  await expectQrCode(page, server.publicUrl + path);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  expect(pdf.toString('latin1').match(/\/Count \d+/g)).toEqual(['/Count 1']);
  const [, width, height] = /MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf.toString('latin1'))!;
  expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([420, 595]); // A5 in points
  await page.getByRole('link', { name: 'As A4 instead' }).click();
  await page.waitForURL(/size=a4/);
  const a4 = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(a4).toContain('/Count 1');
  expect(a4).toMatch(/MediaBox \[0 0 59[45]/);
  expect(faults).toEqual([]);
  await close();
});

/** The dark modules on the page are those of this text. */
async function expectQrCode(page: Page, text: string): Promise<void> {
  const drawn = await page.locator('.qr svg path').last().getAttribute('d');
  const svg = await qrcode.toString(text, { type: 'svg', errorCorrectionLevel: 'M' });
  expect(svg).toContain(` d="${drawn}"`);
}

function postForm(
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = new URLSearchParams(form);
  return fetch(server.url + path, { method: 'POST', body, headers, redirect: 'manual' });
}
