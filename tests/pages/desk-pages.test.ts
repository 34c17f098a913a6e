import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { findAxeViolations } from '../support/axe.ts';
import type { Page } from '../support/browser.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aCustomer } from '../support/a-customer.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { look, overflowOf, PATHS, showAs, SIZES, useDeskWorld } from './a-desk.ts';
import { aStaffedShop } from './till-tablet.ts';

const root = join(import.meta.dirname, '..', '..');
const dist = join(root, 'dist', 'desk');
const MOST_SCRIPT_BYTES = 120_000;

const world = useDeskWorld();
let shop: Shop;
let page: Page;

beforeAll(async () => {
  shop = await aStaffedShop(world);
  const sam = await aCustomer({ db: world.db, clock: systemClock, shop }, 'Sam');
  await sam.buyCoffee(4);
  await world.server.signInAtTill(shop.ada);
  page = await world.aPage({ as: shop.owner });
});

async function open(path: string): Promise<void> {
  await page.goto(world.server.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
}

/** Where everything on the page is, and how large. */
function placesOf(shown: Page): Promise<string[]> {
  return shown.locator('main *').evaluateAll((elements) =>
    elements.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [element.tagName, element.getAttribute('class'), x, y, width, height].join(' ');
    }),
  );
}

/** The styles of a page come with it and stay: whoever has been everywhere has them all. */
async function addEveryStyle(shown: Page): Promise<void> {
  await shown.evaluate(
    async (names) => {
      const known = new Set([...document.styleSheets].map(({ href }) => new URL(href!).pathname));
      const missing = names.map((name) => `/assets/desk/${name}`).filter((href) => !known.has(href));
      const added = missing.map(
        (href) =>
          new Promise((resolve, reject) => {
            const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
            link.addEventListener('load', resolve);
            link.addEventListener('error', reject);
            document.head.append(link);
          }),
      );
      await Promise.all(added);
    },
    readdirSync(dist).filter((name) => name.endsWith('.css')),
  );
}

test('the list of pages is read', () => {
  expect(PATHS).toContain('/desk');
  expect(PATHS.length).toBeGreaterThan(8);
});

describe.each(PATHS)('%s', (path) => {
  test('breaks no rule of accessibility, light or dark, at any size, and nothing is cut off', async () => {
    await open(path);
    const wrong: string[] = [];
    for (const size of ['phone', 'tablet', 'desktop'] as const) {
      for (const colorScheme of ['dark', 'light'] as const) {
        await showAs(page, size, colorScheme);
        await look(page, `${path.slice(1).replaceAll('/', '-')}-${size}-${colorScheme}`);
        const violations = await findAxeViolations(page);
        wrong.push(...violations.map((violation) => `${size}, ${colorScheme}: ${violation}`));
      }
      if ((await overflowOf(page)) > 0) wrong.push(`${size}: wider than the screen`);
      // Safari enlarges the whole page when a field with smaller letters is tapped.
      const small = await page.evaluate(fieldsWithSmallLetters);
      wrong.push(...small.map((field) => `${size}: ${field} has small letters`));
    }
    expect(wrong).toEqual([]);
  }, 150_000);

  test('has room for longer words and for the other direction', async () => {
    for (const language of ['long', 'rtl'])
      for (const size of ['phone', 'desktop'] as const) {
        await page.setViewportSize(SIZES[size]);
        await open(`${path}?language=${language}`);
        await look(page, `${path.slice(1).replaceAll('/', '-')}-${size}-${language}`);
        expect(await overflowOf(page), `${size}, ${language}`).toBeLessThanOrEqual(0);
      }
    await page.evaluate(() => sessionStorage.clear());
    await page.setViewportSize(SIZES.desktop);
  }, 150_000);

  test('looks the same whichever pages were seen before it', async () => {
    await open(path);
    const before = await placesOf(page);
    await addEveryStyle(page);
    expect(await placesOf(page)).toEqual(before);
  });
});

test('a customer’s page looks the same whichever pages were seen before it', async () => {
  await open('/desk/customers');
  await page.getByRole('link', { name: 'Sam' }).click();
  await page.getByText('4 stamps of 10').waitFor();
  const before = await placesOf(page);
  await addEveryStyle(page);
  expect(await placesOf(page)).toEqual(before);
});

test('going from page to page names the window, moves the focus to the heading, and Back leads back', async () => {
  await open('/desk');
  const navigation = page.getByRole('navigation', { name: 'Your desk' });
  await navigation.getByRole('link', { name: 'Menu' }).click();
  await page.getByRole('heading', { name: 'Menu', level: 1 }).waitFor();
  await expect.poll(() => page.title()).toBe('Menu · The Kind Bean');
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Menu');
  await expect
    .poll(() => navigation.getByRole('link', { name: 'Menu' }).getAttribute('aria-current'))
    .toBe('page');
  await page.goBack();
  await page.getByRole('heading', { name: 'The Kind Bean', level: 1 }).waitFor();
  expect(page.url()).toBe(`${world.server.url}/desk`);
});

test('the first Tab offers to skip the navigation', async () => {
  await open('/desk/people');
  await page.keyboard.press('Tab');
  const focusedText = () => page.evaluate(() => document.activeElement?.textContent);
  await expect.poll(focusedText).toBe('Skip to the page');
  await page.getByRole('button', { name: 'Add somebody' }).waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(focusedText).not.toBe('Skip to the page');
  expect(page.url()).toBe(`${world.server.url}/desk/people`);
  await page.keyboard.press('Tab');
  await expect.poll(focusedText).toBe('Add somebody');
});

test('on a phone the bar at the foot leads everywhere', async () => {
  await page.setViewportSize(SIZES.phone);
  await open('/desk');
  await page.getByRole('button', { name: 'More' }).click();
  const menu = page.getByRole('dialog', { name: 'Your desk' });
  await menu.getByRole('link', { name: 'People' }).click();
  await page.getByRole('heading', { name: 'People', level: 1 }).waitFor();
  await expect.poll(() => menu.isVisible()).toBe(false);
  await page.setViewportSize(SIZES.desktop);
});

test('an address that leads nowhere says so, and shows the way home', async () => {
  await open('/desk/nothing-here');
  await page.getByText('There is no such page at your desk').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Go to your desk' }).click();
  await page.getByRole('heading', { name: 'The Kind Bean', level: 1 }).waitFor();
  expect(page.url()).toBe(`${world.server.url}/desk`);
});

test('home says what happened today, and who is in', async () => {
  const busy = await aShop(world.db, { now: systemClock.now() });
  await aCustomer({ db: world.db, clock: systemClock, shop: busy }, 'Sam').then((sam) => sam.buyCoffee(4));
  await world.server.signInAtTill(busy.ada);
  const home = await world.aPage({ as: busy.owner });
  await home.goto(`${world.server.url}/desk`);
  const today = home.getByRole('region', { name: 'Today' });
  await today.getByText('£14.00').waitFor();
  await today.getByText('left today').waitFor();
  await home.getByRole('region', { name: 'Who is in' }).getByText('Ada').waitFor();
  await home.getByText('As a table').click();
  const rows = home.getByRole('table', { name: /two weeks/ }).getByRole('row');
  await expect.poll(() => rows.count()).toBe(15);
  await home.context().close();
});

test('home on a quiet morning tells of the last busy day, and says what becomes of what was given', async () => {
  // More than a business day of 25 hours ago, and not two of them before.
  const before = new Date(Date.now() - 36 * 3_600_000);
  const quiet = await aShop(world.db, { coolDownDays: 0, now: before });
  const sam = await aCustomer({ db: world.db, clock: new FixedClock(before), shop: quiet }, 'Sam');
  await sam.buyCoffee(2);
  await sam.isGivenDoubleStamp();
  const home = await world.aPage({ as: quiet.owner });
  await home.goto(`${world.server.url}/desk`);
  const today = home.getByRole('region', { name: 'Today' });
  await today.getByText('no sales', { exact: true }).waitFor();
  await today
    .getByText(/^Nothing yet today\. On \w+day,? \d+ \w+: £7\.00 on cards, 2 stamps, 1 gesture\.$/)
    .waitFor();
  await home.getByText('1 gesture so far. Each is followed for 30 days').waitFor();
  // On a day with a sale there is no need of it.
  await aCustomer({ db: world.db, clock: systemClock, shop: quiet }, 'Zoë').then((zoe) => zoe.buyCoffee());
  await home.reload();
  await today.getByText('1 of 1 sale').waitFor();
  expect(await home.getByText('Nothing yet today').count()).toBe(0);
  await home.context().close();
});

test('a manager sees the shop, and not what only an owner changes', async () => {
  const manager = await world.aPage({ as: shop.manager });
  await manager.goto(`${world.server.url}/desk/people`);
  await manager.getByRole('heading', { name: 'People', level: 1 }).waitFor();
  await manager.getByRole('button', { name: 'Edit Ada' }).waitFor();
  expect(await manager.getByRole('button', { name: 'Edit Olive' }).count()).toBe(0);
  expect(await manager.getByRole('link', { name: 'Settings' }).count()).toBe(0);
  await manager.goto(`${world.server.url}/desk/settings`);
  await manager.getByText('Only an owner sees this page.').waitFor();
  // Also where there is no navigation beside it.
  await manager.goto(`${world.server.url}/desk/start/menu`);
  await manager.getByText('Only an owner sees this page.').waitFor();
  await manager.getByRole('link', { name: 'Go to your desk' }).click();
  await manager.getByRole('heading', { name: 'The Kind Bean', level: 1 }).waitFor();
});

test('a session that is over leads to the sign-in, and from there back', async () => {
  const visitor = await world.aPage();
  await visitor.goto(`${world.server.url}/desk/people`);
  expect(new URL(visitor.url()).pathname + new URL(visitor.url()).search).toBe(
    '/sign-in?next=%2Fdesk%2Fpeople',
  );
  await visitor.getByLabel('E-mail address').waitFor();
  expect(await findAxeViolations(visitor)).toEqual([]);
});

test('the desk weighs little before a chart is drawn', () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=/);
  const charts = readdirSync(dist).filter((name) => /plot/i.test(name));
  expect(charts.length).toBeGreaterThan(0);
  const scripts = readdirSync(dist).filter((name) => name.endsWith('.js') && !charts.includes(name));
  const bytes = scripts.map((name) => gzipSync(readFileSync(join(dist, name))).length);
  const total = bytes.reduce((sum, one) => sum + one, 0);
  expect(total).toBeGreaterThan(20_000);
  expect(total).toBeLessThanOrEqual(MOST_SCRIPT_BYTES);
  // What every page needs is a fraction of it.
  const first = loadedWith('index.html').map((name) => gzipSync(readFileSync(join(dist, name))).length);
  expect(first.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(40_000);
  expect(loadedWith('index.html').filter((name) => charts.includes(name))).toEqual([]);
});

/** The scripts a page brings along before anything is asked for. */
function loadedWith(name: string, found = new Set<string>()): string[] {
  const text = readFileSync(join(dist, name), 'utf8');
  const wanted = name.endsWith('.html')
    ? [...text.matchAll(/(?:src|href)="([^"]+\.js)"/g)]
    : [...text.matchAll(/(?:from|^import|;import)\s*["']\.\/([^"']+\.js)["']/g)];
  for (const [, path] of wanted) {
    const script = basename(path!);
    if (found.has(script)) continue;
    found.add(script);
    loadedWith(script, found);
  }
  return [...found];
}

function fieldsWithSmallLetters(): string[] {
  const typedIn = 'select, textarea, input:not([type=checkbox], [type=radio], [type=file], [type=color])';
  return [...document.querySelectorAll(typedIn)]
    .filter((field) => field.checkVisibility() && parseFloat(getComputedStyle(field).fontSize) < 16)
    .map((field) => field.ariaLabel ?? field.id);
}
