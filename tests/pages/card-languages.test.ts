import { v7 as uuid } from 'uuid';
import { beforeAll, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { systemClock } from '../../src/clock.ts';
import { blockCard } from '../../src/operations/block-card.ts';
import { startFinding } from '../../src/operations/find-my-card.ts';
import { confirmKeepingSafe, startKeepingSafe } from '../../src/operations/keep-card-safe.ts';
import { aCustomer } from '../support/a-customer.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { granted } from '../support/answers.ts';
import type { Browser, Page } from '../support/browser.ts';
import { testSecrets } from '../support/server.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';

const SIZES = [
  { width: 360, height: 640 },
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1280, height: 800 },
];
/** Where pictures of the pages go, when somebody wants to look at them. */
const PICTURES = process.env['CARD_PICTURES'];
const clock = systemClock;
const { cardKey } = testSecrets;

const world = useWorld({ clock });
const { server } = world;
let browser: Browser;
let db: Database;
let shop: Shop;

beforeAll(async () => {
  ({ db, browser } = world);
  shop = await aShop(db, { now: clock.now(), gesturesLimit: null, coolDownDays: 0 });
});

/** Every page of the customer, in its states. */
async function paths(): Promise<Record<string, string>> {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  await sam.buyCoffee(22);
  await sam.redeems();
  await sam.isGivenDoubleStamp('our_mistake');
  const likes = new URLSearchParams({ name: 'Sam', preferences: '123' });
  await fetch(`${server.url}/c/${sam.secret}/me`, { method: 'POST', body: likes });
  const blocked = await aCustomer({ db, clock, shop });
  await blockCard(db, clock)(shop.owner, { cardId: blocked.cardId, isBlocked: true });
  const { joinCode } = (await rowsOf(db, shop, 'locations'))[0]!;
  return {
    card: `/c/${sam.secret}?`,
    blocked: `/c/${blocked.secret}?`,
    me: `/c/${sam.secret}/me?said=join-wrong&`,
    forget: `/c/${sam.secret}/forget?said=not-sure&`,
    join: `/join/${joinCode}?`,
    find: `/find/${joinCode}?`,
    poster: `/join/${joinCode}/poster?`,
  };
}

/** What customers may be answered when they send a form, and by what. */
async function forms(): Promise<Record<string, { path: string; fields: Record<string, string> }>> {
  const cards = [await aCustomer({ db, clock, shop }, 'Sam'), await aCustomer({ db, clock, shop }, 'Sam')];
  const email = `sam-${cards[0]!.cardId}@example.com`;
  for (const { secret } of cards) {
    const { code } = granted(await startKeepingSafe(db, clock, cardKey)({ secret, email }));
    granted(await confirmKeepingSafe(db, clock, cardKey)({ secret, code }));
  }
  const { joinCode } = (await rowsOf(db, shop, 'locations'))[0]!;
  const { challenge, toSend } = granted(await startFinding(db, clock, cardKey)({ joinCode, email }));
  const lost = { path: `/find/${joinCode}` };
  const me = `/c/${(await aCustomer({ db, clock, shop })).secret}`;
  return {
    unreadable: { path: `${me}/me`, fields: { phone: '12' } },
    'not joined': { path: `${me}/me/join`, fields: { otherCode: 'AAAA-AAAA', joiningCode: '123456' } },
    'code sent': { ...lost, fields: { email } },
    'code wrong': { ...lost, fields: { challenge: uuid(), code: '123456' } },
    found: { ...lost, fields: { challenge, code: toSend!.code } },
    forgotten: { path: `${me}/forget`, fields: { sure: 'yes' } },
    'gone for good': { path: `${me}/me`, fields: { phone: '' } },
    'no such poster': { path: '/join/nowhere', fields: {} },
  };
}

/** What is shown and not a text of ours: names of the shop, its people, its menu and its days, addresses and codes. */
const NOT_TEXTS =
  /The Kind Bean|High Street|\b(Ada|Sam)\b|A coffee on the house|Flat white|\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b \d+ \w+|http\S+|[0-9A-Z]{4}-[0-9A-Z]{4}|\bA[45]\b/g;

for (const locale of ['long', 'rtl'])
  test(
    `in ${locale === 'rtl' ? 'a language written from right to left' : 'a language of long words'} nothing is cut off or left in English`,
    { timeout: 240_000 },
    async () => {
      const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB' });
      const page = await context.newPage();
      const wrong: string[] = [];
      for (const [name, path] of Object.entries(await paths()))
        for (const size of SIZES) {
          await page.setViewportSize(size);
          await page.goto(`${server.url}${path}locale=${locale}`);
          wrong.push(...(await faultsOf(page, { name, locale })));
          if (name !== 'card' || size.width > 400) continue;
          await page.locator('#show-code a').click();
          await look(page, `code-${size.width}-${locale}`);
          for (const fault of await page.evaluate(findFaults)) wrong.push(`code, ${size.width}: ${fault}`);
        }
      expect([...new Set(wrong)]).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.dir)).toBe(locale === 'rtl' ? 'rtl' : 'ltr');
      await context.close();
    },
  );

for (const locale of ['long', 'rtl'])
  test(
    `what answers a form fits too, ${locale === 'rtl' ? 'from right to left' : 'with long words'}`,
    { timeout: 120_000 },
    async () => {
      const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB' });
      const page = await context.newPage();
      const wrong: string[] = [];
      for (const [name, { path, fields }] of Object.entries(await forms())) {
        await page.goto(`${server.url}/c/nobody?locale=${locale}`);
        const answered = page.waitForEvent('load');
        await page.evaluate(sendForm, { action: `${path}?locale=${locale}`, fields });
        await answered;
        for (const size of SIZES) {
          await page.setViewportSize(size);
          wrong.push(...(await faultsOf(page, { name, locale })));
        }
        const direction = await page.evaluate(() => document.documentElement.dir);
        if (direction !== (locale === 'rtl' ? 'rtl' : 'ltr')) wrong.push(`${name} is written ${direction}`);
      }
      expect([...new Set(wrong)]).toEqual([]);
      await context.close();
    },
  );

test('what arrives on an open card comes in the language of the page', async () => {
  const sam = await aCustomer({ db, clock, shop });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.url}/c/${sam.secret}?locale=long`);
  await sam.buyCoffee();
  await page.locator('.stamp.filled').waitFor();
  expect(await page.locator('.progress').innerText()).not.toMatch(/[a-z]{2}/i);
  expect(await page.title()).not.toContain('stamp');
  await context.close();
});

test('whatever a finger is to hit is 44 px high, on every page', async () => {
  const context = await browser.newContext({ viewport: SIZES[0]! });
  const page = await context.newPage();
  const small: string[] = [];
  for (const [name, path] of Object.entries(await paths())) {
    if (name === 'poster') continue; // It is hit by scissors.
    await page.goto(server.url + path);
    const found = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('a, button, summary, input:not([type=hidden]), select')]
        .filter((one) => one.checkVisibility())
        .map((one) => ({
          name: one.innerText || one.getAttribute('name'),
          // A box is ticked by its label too.
          height: (one.closest<HTMLElement>('label.check') ?? one).getBoundingClientRect().height,
        }))
        .filter(({ height }) => height < 44),
    );
    small.push(...found.map((one) => `${name}: ${one.name} is ${one.height} px high`));
  }
  expect(small).toEqual([]);
  await context.close();
});

/** What is wrong with the page as it is shown now. */
async function faultsOf(page: Page, { name, locale }: { name: string; locale: string }): Promise<string[]> {
  const { width } = page.viewportSize()!;
  for (const details of await page.locator('details').all())
    await details.evaluate((one) => one.setAttribute('open', ''));
  await look(page, `${name.replaceAll(' ', '-')}-${width}-${locale}`);
  const faults = (await page.evaluate(findFaults)).map((fault) => `${name}, ${width}: ${fault}`);
  const plain = (await page.evaluate(readTexts)).filter((text) =>
    /[a-z]{2}/i.test(text.replaceAll(NOT_TEXTS, '')),
  );
  return [...faults, ...plain.map((text) => `${name} says “${text}”`)];
}

/** Runs in the page: sends a form, as one of the page itself. */
function sendForm({ action, fields }: { action: string; fields: Record<string, string> }): void {
  const form = Object.assign(document.createElement('form'), { method: 'post', action });
  for (const [name, value] of Object.entries(fields))
    form.append(Object.assign(document.createElement('input'), { name, value }));
  document.body.append(form);
  form.submit();
}

async function look(page: Page, name: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png` });
}

/** Runs in the page: what sticks out of the page, or of its own place. */
function findFaults(): string[] {
  const faults: string[] = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth - clientWidth} px too wide`);
  const scope = document.querySelector('dialog[open]') ?? document;
  for (const one of scope.querySelectorAll<HTMLElement>(
    'button, a, p, h1, h2, label, summary, li, time, .ticket',
  )) {
    if (one.closest('.visually-hidden, .stamp') || one.offsetWidth === 0) continue;
    const { left, right } = one.getBoundingClientRect();
    if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
      faults.push(`“${one.innerText}” is ${one.scrollWidth - one.clientWidth} px too wide for its place`);
    const pass = one.closest('.pass')?.getBoundingClientRect();
    if (pass && (left < pass.left || right > pass.right)) faults.push(`“${one.innerText}” is cut off`);
    if (left < -1 || right > innerWidth + 1) faults.push(`“${one.innerText}” sticks out of the page`);
  }
  return faults;
}

/** Runs in the page: everything it says, to the eye and to a screen reader. */
function readTexts(): string[] {
  const texts: string[] = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement!;
    if (!parent.closest('noscript, script, svg')) texts.push(walker.currentNode.textContent ?? '');
  }
  for (const one of document.querySelectorAll('[aria-label], [placeholder]'))
    for (const name of ['aria-label', 'placeholder']) texts.push(one.getAttribute(name) ?? '');
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}
